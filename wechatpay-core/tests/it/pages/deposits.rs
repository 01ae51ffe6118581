//! Deposits, claims and compensation (保证金、理赔、赔付).

use wechatpay_core::{
    api::{
        Endpoint as _,
        deposits::{
            Agreement, BusinessType, CancelClaim, CancelCompensation, Claim, Compensate,
            CompensateAfterSales, CompensateFreight, CompensateInsurer, CompensateMerchant, CompensationId,
            CompensationNo, Deduct, DeductionMerchant, DeductionReceiver, FreightReceiver, InsurerMerchant,
            InsurerPayment, InsurerReceiver, Merchant, MerchantReceiver, OpenClaims, PayerReceiver, Payment,
            PaymentType, PreClaim, PreCompensate, QueryAfterSalesByBillId, QueryAfterSalesByOutBillNo,
            QueryClaimByBillId, QueryClaimByOutBillNo, QueryClaimsContract, QueryCompensationByBillId,
            QueryCompensationByOutBillNo, QueryDeductionByBillId, QueryDeductionByOutBillNo, QueryFreight,
            QueryInsurer, QueryMerchantCompensation, ReceiverType, User, UserReceiver,
        },
    },
    types::{Appid, Fen, Mchid, Openid},
};

use super::Family;

const URL: &str = "https://shop.example/notify";
const REMARK: &str = "退货运费补偿";

fn family() -> Family {
    Family::read(include_str!("../../data/pages/deposits.json"))
}

fn mchid() -> Mchid {
    "1900000109".parse().unwrap()
}

fn appid() -> Appid {
    "wxf636efh567hg4356".parse().unwrap()
}

fn number() -> CompensationNo {
    "plfk2020042013".parse().unwrap()
}

fn id() -> CompensationId {
    "1330000071100999991182020".parse().unwrap()
}

fn amount() -> Fen {
    Fen::from(10_000_u32)
}

fn payment() -> Payment {
    Payment::new("1217752501201407033233368018").payment_type(PaymentType::Wxpay)
}

fn user() -> User {
    User::new().sp_openid("o-MYE42l80oelYMDE34nYD456Xoy".parse::<Openid>().unwrap())
}

fn payer() -> PayerReceiver {
    PayerReceiver::new()
        .receiver_type(ReceiverType::TransactionUser)
        .transaction_info(payment())
}

fn from_the_platform(family: &mut Family) {
    family.check(
        &Compensate::new(payer(), number(), amount(), REMARK)
            .sponsor_mchid(mchid())
            .transfer_scene_id("1001")
            .user_recv_perception(REMARK),
    );
    family.check(
        &PreCompensate::new(payer(), number(), amount(), REMARK)
            .sp_appid(appid())
            .sponsor_mchid(mchid())
            .transfer_scene_id("1001")
            .user_recv_perception(REMARK)
            .notify_url(URL),
    );
    family.check(&CancelCompensation::new(number()));
    family.check(&QueryCompensationByOutBillNo::new(number()));
    family.check(&QueryCompensationByBillId::new(id()));
    let merchant = MerchantReceiver::new(ReceiverType::Merchant, Merchant::new(mchid()));
    family.check(&CompensateMerchant::new(merchant, number(), amount(), REMARK).sponsor_mchid(mchid()));
    family.check(&QueryMerchantCompensation::new(number()).sponsor_mchid(mchid()));
}

fn from_a_deposit(family: &mut Family) {
    let merchant = DeductionMerchant::new().mch_id(mchid()).mchid(mchid());
    let receiver = DeductionReceiver::new()
        .receiver_type(ReceiverType::Merchant)
        .mch_info(merchant);
    family.check(
        &Deduct::new(
            BusinessType::Deposit,
            receiver,
            number(),
            amount(),
            "直播违规扣罚",
        )
        .sub_mchid(mchid())
        .sp_appid(appid())
        .receiver_remark("小店直播违规扣罚"),
    );
    family.check(&QueryDeductionByOutBillNo::new(number()).business_type(BusinessType::Deposit));
    family.check(&QueryDeductionByBillId::new(id()).business_type(BusinessType::Deposit));
    let receiver = UserReceiver::new()
        .receiver_type(ReceiverType::TransactionUser)
        .transaction_info(payment())
        .user_info(user());
    family.check(
        &CompensateAfterSales::new(receiver, number(), amount(), REMARK)
            .sub_mchid(mchid())
            .sp_appid(appid())
            .transfer_scene_id("1001")
            .user_recv_perception(REMARK)
            .sub_appid(appid()),
    );
    family.check(&QueryAfterSalesByOutBillNo::new(number()).sub_mchid(mchid()));
    family.check(&QueryAfterSalesByBillId::new(id()).sub_mchid(mchid()));
    let receiver = FreightReceiver::new()
        .transaction_info(payment())
        .user_info(user());
    family.check(
        &CompensateFreight::new(receiver, number(), amount(), REMARK)
            .sub_mchid(mchid())
            .sp_appid(appid())
            .transfer_scene_id("1001")
            .user_recv_perception(REMARK),
    );
    family.check(&QueryFreight::new(number()).sub_mchid(mchid()));
    let receiver = InsurerReceiver::new()
        .receiver_type(ReceiverType::Merchant)
        .mch_info(InsurerMerchant::new().mchid(mchid()))
        .transaction_info(InsurerPayment::new(
            "1217752501201407033233368018",
            PaymentType::Wxpay,
        ));
    family.check(
        &CompensateInsurer::new(receiver, number(), amount(), REMARK)
            .sub_mchid(mchid())
            .sp_appid(appid()),
    );
    family.check(&QueryInsurer::new(number()));
}

fn from_an_insurer(family: &mut Family) {
    let signed = "2024-08-08T10:34:56+08:00".parse().unwrap();
    let agreement = Agreement::new("微信支付运营功能服务协议", "20240815", "温州名优贸易", signed);
    family.check(&OpenClaims::new("No123456", mchid(), vec![agreement]));
    family.check(&QueryClaimsContract::new(mchid()));
    family.check(&Claim::new(payer(), number(), amount(), REMARK).sub_mchid(mchid()));
    family.check(
        &PreClaim::new(payer(), number(), amount(), REMARK)
            .sub_mchid(mchid())
            .notify_url(URL),
    );
    family.check(&CancelClaim::new(number()).sub_mchid(mchid()));
    family.check(&QueryClaimByOutBillNo::new(number()).sub_mchid(mchid()));
    family.check(&QueryClaimByBillId::new(id()).sub_mchid(mchid()));
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = family();
    from_the_platform(&mut family);
    from_a_deposit(&mut family);
    from_an_insurer(&mut family);
    family.end();
}

#[test]
fn a_response_with_another_number_or_amount_is_refused() {
    let claim = Claim::new(payer(), number(), amount(), REMARK).sub_mchid(mchid());
    let answer = |changes: serde_json::Value| {
        let mut answer = serde_json::json!({
            "out_bill_no": "plfk2020042013", "bill_id": "1330000071100999991182020", "state": "ACCEPTED",
            "sub_mchid": "1900000109", "amount": 10_000,
        });
        let changes = changes.as_object().unwrap().clone();
        answer.as_object_mut().unwrap().extend(changes);
        claim.check_echo(&serde_json::from_value(answer).unwrap())
    };
    assert!(answer(serde_json::json!({})).is_ok());
    assert!(answer(serde_json::json!({"amount": null, "sub_mchid": ""})).is_ok());
    for (field, changes) in [
        (
            "out_bill_no",
            serde_json::json!({"out_bill_no": "plfk2020042014"}),
        ),
        ("sub_mchid", serde_json::json!({"sub_mchid": "1900000110"})),
        ("amount", serde_json::json!({"amount": 10_001})),
    ] {
        assert_eq!(answer(changes).unwrap_err().field(), field);
    }
}
