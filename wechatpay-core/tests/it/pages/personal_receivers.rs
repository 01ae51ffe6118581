//! Persons who receive money (个人收款方).

use wechatpay_core::{
    api::personal_receivers::{
        AbnormalSettleType, ApplyAbnormal, CredentialType, OutContractCode, PermissionType, PrepareInApp,
        PrepareInMiniProgram, PrepareVerifiedInApp, PrepareVerifiedInMiniProgram, QueryBatch, QueryByOpenid,
        QueryByOutContractCode, Settle, SettleAmount, SettleBatch, SettleBatchNo, SettleDetail, SettleInfo,
        SettleScenario,
    },
    types::{Appid, Currency, Fen, Openid, Sensitive},
};

use super::Family;

const URL: &str = "https://shop.example/notify";
const PERSON: &str = "256322110225";

fn appid() -> Appid {
    "wxd678efh567hg6787".parse().unwrap()
}

fn openid() -> Openid {
    "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap()
}

fn settle() -> Settle {
    let amount = SettleAmount::new(Fen::from(110_u32)).currency(Currency::Cny);
    let part = SettleDetail::new("PART-0001", "RECEIVE", "MERCHANT", "1900000109", amount);
    let transaction = "4207752501201407033233368018".parse().unwrap();
    let settled = SettleInfo::new("SETTLE-0001", transaction, vec![part]);
    let number = "BATCH-0001".parse().unwrap();
    Settle::new(
        appid(),
        number,
        PERSON,
        URL,
        "一笔",
        SettleScenario::Recommerce,
        vec![settled],
    )
    .receive_type_template_id(1)
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/personal-receivers.json"));
    let contract = || "CONTRACT-0001".parse::<OutContractCode>().unwrap();
    let batch = || "123685544886666".parse::<SettleBatchNo>().unwrap();
    let cipher = || Sensitive::cipher("QUJD");
    let card = || CredentialType::IdCard;

    family.check(&PrepareInMiniProgram::new(appid(), contract(), openid()));
    family.check(&PrepareInApp::new(appid(), contract()));
    family.check(&PrepareVerifiedInMiniProgram::new(
        appid(),
        contract(),
        openid(),
        cipher(),
        card(),
        cipher(),
    ));
    family.check(&PrepareVerifiedInApp::new(
        appid(),
        contract(),
        cipher(),
        card(),
        cipher(),
    ));
    family.check(&QueryByOpenid::new(
        openid(),
        appid(),
        PermissionType::IndividualPayee,
    ));
    family.check(&QueryByOutContractCode::new(contract(), appid()));
    family.check(&settle());
    family.check(&QueryBatch::new(batch()));
    let instruction = "ABNORMAL-0001".parse().unwrap();
    let way = AbnormalSettleType::ToOriginalReceiver;
    family.check(&ApplyAbnormal::new(batch(), PERSON, instruction, way).description("转付"));
    family.end();
}

#[test]
fn an_answer_about_another_batch_or_instruction_is_refused() {
    use wechatpay_core::api::Endpoint as _;
    let answer = |batch: &str, person: &str| -> SettleBatch {
        let answer = serde_json::json!({
            "out_settle_batch_no": batch, "settle_batch_no": "123685544886666", "state": "ABNORMAL",
            "individual_auth_id": person,
            "abnormal_settle_result": { "out_abnormal_settle_batch_no": "ABNORMAL-0001" },
        });
        serde_json::from_value(answer).unwrap()
    };
    assert!(settle().check_echo(&answer("BATCH-0001", PERSON)).is_ok());
    assert!(settle().check_echo(&answer("BATCH-0002", PERSON)).is_err());
    assert!(
        settle()
            .check_echo(&answer("BATCH-0001", "256322110226"))
            .is_err()
    );
    let apply = |number: &str| {
        let batch = "123685544886666".parse().unwrap();
        let way = AbnormalSettleType::ToOriginalReceiver;
        ApplyAbnormal::new(batch, PERSON, number.parse().unwrap(), way)
    };
    let answer = answer("BATCH-0001", PERSON);
    assert!(apply("ABNORMAL-0001").check_echo(&answer).is_ok());
    assert!(apply("ABNORMAL-0002").check_echo(&answer).is_err());
}
