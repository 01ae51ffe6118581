//! Refunds of a direct merchant and of an ordinary service provider.

use serde_json::{Value, json};
use wechatpay_core::{
    api::refunds::{
        AbnormalRefundType, Apply, ApplyAbnormal, FundsAccount, Query, Refund, RefundAccount, RefundAmount,
        RefundChannel, RefundGoods, RefundNotice, RefundPromotionType, RefundSource, RefundStatus,
        RefundedOrder,
    },
    types::{Currency, OutTradeNo, TransactionId},
};

use super::support::{
    MCHID, NOTIFY_URL, ORDER, PAYMENT, SUB_MCHID, TIME, fen, get, id, mchid, post, read, response, sent,
    sub_mchid, values,
};

const REFUND: &str = "R_*-@|1";
const REFUND_ID: &str = "50000000382019052709732678859";

fn apply() -> Apply {
    Apply::new(
        id::<OutTradeNo>(ORDER),
        id(REFUND),
        RefundAmount::cny(fen(60), fen(100)),
    )
}

#[test]
fn applying_has_exactly_the_documented_keys() {
    let path = "/v3/refund/domestic/refunds";
    assert_eq!(
        sent(&apply()),
        post(
            path,
            json!({
                "out_trade_no": ORDER, "out_refund_no": REFUND,
                "amount": { "refund": 60, "total": 100, "currency": "CNY" },
            })
        )
    );
    let goods = || RefundGoods::new("1217752501201407033233368018", fen(528_800), fen(60), 1);
    let mut amount = RefundAmount::new(fen(60), fen(100), Currency::from("HKD"));
    amount = amount.from(vec![
        RefundSource::new(FundsAccount::Available, fen(50)),
        RefundSource::new(FundsAccount::Unavailable, fen(10)),
    ]);
    let full = Apply::new(id::<TransactionId>(PAYMENT), id(REFUND), amount)
        .sub_mchid(sub_mchid())
        .reason("商品已售完")
        .notify_url(NOTIFY_URL)
        .funds_account(FundsAccount::Available)
        .goods_detail(vec![
            goods().wechatpay_goods_id("1001").goods_name("iPhone6s 16G"),
            goods(),
        ]);
    assert_eq!(
        sent(&full),
        post(
            path,
            json!({
                "transaction_id": PAYMENT, "out_refund_no": REFUND, "sub_mchid": SUB_MCHID, "reason": "商品已售完",
                "notify_url": NOTIFY_URL, "funds_account": "AVAILABLE",
                "amount": {
                    "refund": 60, "total": 100, "currency": "HKD",
                    "from": [{ "account": "AVAILABLE", "amount": 50 }, { "account": "UNAVAILABLE", "amount": 10 }],
                },
                "goods_detail": [
                    {
                        "merchant_goods_id": "1217752501201407033233368018", "wechatpay_goods_id": "1001",
                        "goods_name": "iPhone6s 16G", "unit_price": 528_800, "refund_amount": 60, "refund_quantity": 1,
                    },
                    {
                        "merchant_goods_id": "1217752501201407033233368018", "unit_price": 528_800, "refund_amount": 60,
                        "refund_quantity": 1,
                    },
                ],
            })
        )
    );
}

#[test]
fn an_order_is_named_by_one_of_its_numbers() {
    let by_id = RefundedOrder::from(id::<TransactionId>(PAYMENT));
    assert_eq!(by_id.transaction_id().unwrap(), PAYMENT);
    assert_eq!(by_id.out_trade_no(), None);
    let by_number = RefundedOrder::from(id::<OutTradeNo>(ORDER));
    assert_eq!(by_number.out_trade_no().unwrap(), ORDER);
    assert_eq!(by_number.transaction_id(), None);
}

#[test]
fn a_query_can_name_the_sub_merchant() {
    let query = Query::new(id(REFUND));
    assert_eq!(sent(&query), get("/v3/refund/domestic/refunds/R_*-@%7C1"));
    assert_eq!(
        sent(&query.sub_mchid(sub_mchid())),
        get("/v3/refund/domestic/refunds/R_*-@%7C1?sub_mchid=1900000109")
    );
}

#[test]
fn the_card_of_an_abnormal_refund_is_sent_encrypted() {
    let path = "/v3/refund/domestic/refunds/50000000382019052709732678859/apply-abnormal-refund";
    let apply = ApplyAbnormal::new(id(REFUND_ID), id(REFUND), AbnormalRefundType::MerchantBankCard);
    assert_eq!(
        sent(&apply),
        post(
            path,
            json!({ "out_refund_no": REFUND, "type": "MERCHANT_BANK_CARD" })
        )
    );
    let apply = ApplyAbnormal::new(id(REFUND_ID), id(REFUND), AbnormalRefundType::UserBankCard)
        .sub_mchid(sub_mchid())
        .bank_type("ICBC_DEBIT")
        .bank_account("6222020000001111")
        .real_name("张三");
    assert_eq!(
        sent(&apply),
        post(
            path,
            json!({
                "out_refund_no": REFUND, "type": "USER_BANK_CARD", "sub_mchid": SUB_MCHID, "bank_type": "ICBC_DEBIT",
                "bank_account": "ENC(6222020000001111)", "real_name": "ENC(张三)",
            })
        )
    );
    let shown = format!("{apply:?}");
    assert!(!shown.contains("6222") && !shown.contains("张三"), "{shown}");
}

fn full_refund() -> Value {
    json!({
        "refund_id": REFUND_ID, "out_refund_no": REFUND, "transaction_id": PAYMENT, "out_trade_no": ORDER,
        "channel": "ORIGINAL", "user_received_account": "招商银行信用卡0403", "success_time": TIME,
        "create_time": "2018-06-08T10:34:55.123+08:00", "status": "SUCCESS", "funds_account": "UNSETTLED",
        "amount": {
            "total": 100, "refund": 60, "payer_total": 90, "payer_refund": 54, "settlement_refund": 55,
            "settlement_total": 95, "discount_refund": 6, "currency": "CNY", "refund_fee": 1,
            "from": [{ "account": "AVAILABLE", "amount": 60 }],
        },
        "promotion_detail": [{
            "promotion_id": "109519", "scope": "SINGLE", "type": "DISCOUNT", "amount": 5, "refund_amount": 4,
            "goods_detail": [{
                "merchant_goods_id": "1", "wechatpay_goods_id": "1001", "goods_name": "iPhone6s 16G",
                "unit_price": 528_800, "refund_amount": 4, "refund_quantity": 1,
            }],
        }],
    })
}

#[test]
fn a_refund_is_read_at_its_fullest_and_sparsest() {
    let refund: Refund = response(
        &full_refund(),
        &[
            "refund_id",
            "out_refund_no",
            "transaction_id",
            "out_trade_no",
            "amount",
            "amount.refund",
        ],
    );
    assert_eq!(refund.status, RefundStatus::Success);
    assert_eq!(refund.channel, Some(RefundChannel::Original));
    assert_eq!(refund.amount.refund, fen(60));
    assert!(!format!("{refund:?}").contains("招商银行"));
}

#[test]
fn a_notification_is_read_at_its_fullest_and_sparsest() {
    let partner = json!({
        "sp_mchid": MCHID, "sub_mchid": SUB_MCHID, "out_trade_no": ORDER, "transaction_id": PAYMENT,
        "out_refund_no": REFUND, "refund_id": REFUND_ID, "refund_status": "ABNORMAL", "success_time": TIME,
        "user_received_account": "招商银行信用卡0403", "refund_account": "REFUND_SOURCE_PARTNER_ADVANCE",
        "amount": { "total": 100, "refund": 60, "payer_total": 90, "payer_refund": 54 },
    });
    let required = [
        "out_trade_no",
        "transaction_id",
        "out_refund_no",
        "refund_id",
        "amount",
        "amount.total",
        "amount.refund",
    ];
    let notice: RefundNotice = response(&partner, &required);
    assert_eq!(notice.refund_account, Some(RefundAccount::PartnerAdvance));
    let mut direct = partner;
    direct["mchid"] = direct["sp_mchid"].take();
    direct["sub_mchid"] = Value::Null;
    assert_eq!(read::<RefundNotice>(&direct).mchid, Some(mchid()));
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    values::<RefundStatus>(&["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]);
    values::<RefundChannel>(&["ORIGINAL", "BALANCE", "OTHER_BALANCE", "OTHER_BANKCARD"]);
    values::<RefundPromotionType>(&["COUPON", "DISCOUNT", "CASH", "NOCASH"]);
    values::<RefundAccount>(&["REFUND_SOURCE_PARTNER_ADVANCE", "REFUND_SOURCE_SUB_MERCHANT"]);
    values::<AbnormalRefundType>(&["USER_BANK_CARD", "MERCHANT_BANK_CARD"]);
    values::<FundsAccount>(&[
        "UNSETTLED",
        "AVAILABLE",
        "UNAVAILABLE",
        "OPERATION",
        "BASIC",
        "ECNY_BASIC",
        "PREPAID",
    ]);
}
