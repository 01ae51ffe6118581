//! Settlement accounts.

use serde_json::{Value, json};
use wechatpay_core::api::{
    Endpoint as _, Idempotency,
    settlement::{
        AccountNumberRule, ModifyMode, ModifySettlement, QueryApplication, QuerySettlement,
        SettlementAccount, SettlementAccountType, SettlementApplication, SettlementChange, VerifyResult,
    },
};

use super::support::{TIME, get, id, post, read, response, sent, sub_mchid, values};

fn modify() -> ModifySettlement {
    ModifySettlement::new(
        sub_mchid(),
        SettlementAccountType::Business,
        "工商银行",
        "110000",
        "6222020000001111",
    )
}

#[test]
fn a_change_has_exactly_the_documented_keys_and_the_account_is_sent_encrypted() {
    let path = "/v3/apply4sub/sub_merchants/1900000109/modify-settlement";
    let sparse = json!({
        "account_type": "ACCOUNT_TYPE_BUSINESS", "account_bank": "工商银行", "bank_address_code": "110000",
        "account_number": "ENC(6222020000001111)",
    });
    assert_eq!(
        sent(&modify()),
        post(path, sparse.clone()).repeated(Idempotency::No)
    );
    let mut full = sparse;
    full["modify_mode"] = json!("MODIFY_MODE_ASYNC");
    full["bank_name"] = json!("施秉县农村信用合作联社城关信用社");
    full["bank_branch_id"] = json!("402713354941");
    full["account_name"] = json!("ENC(张三)");
    assert_eq!(
        sent(
            &modify()
                .modify_mode(ModifyMode::Async)
                .bank_name("施秉县农村信用合作联社城关信用社")
                .bank_branch_id("402713354941")
                .account_name("张三")
        ),
        post(path, full).repeated(Idempotency::No)
    );
}

#[test]
fn queries_can_set_the_account_number_rule() {
    assert_eq!(
        sent(&QuerySettlement::new(sub_mchid())),
        get("/v3/apply4sub/sub_merchants/1900000109/settlement")
    );
    let query = QueryApplication::new(sub_mchid(), id("102329389XXXX"));
    let path = "/v3/apply4sub/sub_merchants/1900000109/application/102329389XXXX";
    assert_eq!(sent(&query), get(path));
    assert_eq!(
        sent(&query.account_number_rule(AccountNumberRule::MaskV2)),
        get(&format!("{path}?account_number_rule=ACCOUNT_NUMBER_RULE_MASK_V2"))
    );
}

#[test]
fn an_accepted_change_has_a_number_or_in_older_versions_no_body() {
    let full = json!({ "application_no": "102329389XXXX" });
    let _: SettlementApplication = response(&full, &["application_no"]);
    let accepted: Option<SettlementApplication> = read(&full);
    assert_eq!(modify().check_echo(&accepted), Ok(()));
    assert_eq!(accepted.unwrap().application_no, "102329389XXXX");
    assert_eq!(read::<Option<SettlementApplication>>(&Value::Null), None);
}

#[test]
fn accounts_and_changes_are_read_at_their_fullest_and_sparsest() {
    let account = json!({
        "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "工商银行", "bank_name": "施秉县农村信用合作联社城关信用社",
        "bank_branch_id": "402713354941", "account_number": "62*************78", "verify_result": "VERIFY_FAIL",
        "verify_fail_reason": "用户姓名/证件/手机不匹配",
    });
    let read: SettlementAccount = response(&account, &[]);
    assert_eq!(read.verify_result, VerifyResult::VerifyFail);
    assert!(!format!("{read:?}").contains("62***"));
    let mut change = account;
    change["account_name"] = json!("张*");
    change["verify_result"] = json!("AUDIT_SUCCESS");
    change["verify_finish_time"] = json!(TIME);
    let read: SettlementChange = response(&change, &[]);
    assert_eq!(read.verify_result, VerifyResult::AuditSuccess);
    assert!(!format!("{read:?}").contains("张*"));
    values::<ModifyMode>(&["MODIFY_MODE_ASYNC"]);
    values::<SettlementAccountType>(&["ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"]);
    values::<AccountNumberRule>(&["ACCOUNT_NUMBER_RULE_MASK_V1", "ACCOUNT_NUMBER_RULE_MASK_V2"]);
    values::<VerifyResult>(&[
        "VERIFY_SUCCESS",
        "VERIFY_FAIL",
        "VERIFYING",
        "AUDIT_SUCCESS",
        "AUDITING",
        "AUDIT_FAIL",
    ]);
}
