//! Applications of sub-merchants: submitted, advanced, rejected, withdrawn; and their settlement accounts.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
};
use wechatpay_sandbox::{ApplymentError, ApplymentState, Buyer, Sandbox};

use crate::support::{Merchant, encrypted, partner_order, refusal, with_second_merchant};

const APPLYMENTS: &str = "/v3/ecommerce/applyments/";
pub(crate) const NUMBER: &str = "apply-0001";
const ACCOUNTS: &str = "/v3/apply4sub/sub_merchants";

async fn start() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .notify_enabled(false)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    (sandbox, merchant)
}

pub(crate) fn application() -> Value {
    json!({
        "out_request_no": NUMBER, "organization_type": "2",
        "business_license_info": {
            "business_license_copy": "media-1", "business_license_number": "123456789012345678",
            "merchant_name": "某某有限公司", "legal_person": "张三", "business_time": "[\"2014-01-01\",\"长期\"]",
        },
        "id_doc_type": "IDENTIFICATION_TYPE_IDCARD",
        "id_card_info": {
            "id_card_copy": "media-2", "id_card_national": "media-3",
            "id_card_name": encrypted("张三"), "id_card_number": encrypted("320311770706001"),
            "id_card_valid_time_begin": "2019-06-06", "id_card_valid_time": "2026-06-06",
        },
        "owner": true,
        "account_info": {
            "bank_account_type": "74", "account_bank": "招商银行", "account_name": encrypted("某某有限公司"),
            "bank_address_code": "110000", "account_number": encrypted("6214000000004321"),
        },
        "contact_info": {
            "contact_type": "65", "contact_name": encrypted("张三"), "mobile_phone": encrypted("13900000000"),
        },
        "sales_scene_info": {
            "store_name": "某某小店", "store_url": "http://www.example.com", "mini_program_sub_appid": "wx0000000000000abc",
        },
        "merchant_shortname": "某某", "qualifications": "[\"media-4\"]", "settlement_info": { "settlement_id": 719 },
    })
}

async fn submit(merchant: &Merchant) -> Value {
    let reply = merchant.post(APPLYMENTS, &application()).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    reply.json()
}

async fn query(merchant: &Merchant) -> Value {
    let reply = merchant
        .get(&format!("{APPLYMENTS}out-request-no/{NUMBER}"))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    reply.json()
}

fn decrypted(text: &Value) -> String {
    let key = DemoKey::Merchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let plain = key
        .decrypt(&STANDARD.decode(text.as_str().unwrap()).unwrap())
        .unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

#[tokio::test]
async fn an_application_ends_as_a_sub_merchant_that_sells() {
    let (sandbox, merchant) = start().await;
    let response = submit(&merchant).await;
    assert!(response["applyment_id"].is_u64());
    let checking = query(&merchant).await;
    assert_eq!(checking["applyment_state"], "CHECKING");
    assert_eq!(checking["sign_state"], "NOT_SIGNABLE");
    assert_eq!(checking["sub_mchid"], Value::Null);
    let by_id = merchant
        .get(&format!("{APPLYMENTS}{}", response["applyment_id"]))
        .await;
    assert_eq!(by_id.json(), checking);

    sandbox
        .walk_applyment(NUMBER, ApplymentState::AccountNeedVerify)
        .unwrap();
    let verify = query(&merchant).await;
    let validation = &verify["account_validation"];
    assert_eq!(decrypted(&validation["account_name"]), "某某有限公司");
    assert_eq!(decrypted(&validation["account_no"]), "6214000000004321");
    assert_eq!(validation["deadline"], "2026-01-15 09:00:00");
    assert!(verify["legal_validation_url"].is_string());

    sandbox.walk_applyment(NUMBER, ApplymentState::Auditing).unwrap();
    assert_eq!(query(&merchant).await["applyment_state"], "AUDITING");
    sandbox.walk_applyment(NUMBER, ApplymentState::NeedSign).unwrap();
    let sign = query(&merchant).await;
    assert_eq!(
        (&sign["applyment_state"], &sign["sign_state"]),
        (&json!("NEED_SIGN"), &json!("UNSIGNED"))
    );
    let sub_mchid = sign["sub_mchid"].as_str().unwrap().to_owned();
    assert!(sign["sign_url"].is_string());

    // Only a finished one sells.
    let mut order = partner_order("native", "demo-0001");
    order["sub_mchid"] = json!(sub_mchid);
    order["sub_appid"] = json!("wx0000000000000abc");
    let path = "/v3/pay/partner/transactions/native";
    assert_eq!(merchant.post(path, &order).await.code(), "NO_AUTH");
    let finished = sandbox.walk_applyment(NUMBER, ApplymentState::Finish).unwrap();
    assert_eq!(finished.sub_mchid.as_deref(), Some(sub_mchid.as_str()));
    assert_eq!(query(&merchant).await["sign_state"], "SIGNED");
    let reply = merchant.post(path, &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.pay("demo-0001", Buyer::Alice).unwrap();
    // Its account is the one it applied with.
    let account = merchant.get(&format!("{ACCOUNTS}/{sub_mchid}/settlement")).await;
    assert_eq!(
        account.json(),
        json!({
            "account_type": "ACCOUNT_TYPE_BUSINESS", "account_bank": "招商银行",
            "account_number": "62************21", "verify_result": "VERIFY_SUCCESS",
        })
    );
    let frozen = sandbox.walk_applyment(NUMBER, ApplymentState::Frozen).unwrap();
    assert_eq!(frozen.state, ApplymentState::Frozen);
}

#[tokio::test]
async fn an_application_that_is_turned_down_comes_again_under_its_number() {
    let (sandbox, merchant) = start().await;
    let id = submit(&merchant).await["applyment_id"].clone();
    let reasons = [("id_card_copy", "身份证照片模糊，请重新上传")];
    sandbox.reject_applyment(NUMBER, &reasons).unwrap();
    let rejected = query(&merchant).await;
    assert_eq!(rejected["applyment_state"], "REJECTED");
    assert_eq!(
        rejected["audit_detail"],
        json!([{ "param_name": "id_card_copy", "reject_reason": "身份证照片模糊，请重新上传" }])
    );
    let mut better = application();
    better["id_card_info"]["id_card_copy"] = json!("media-9");
    let reply = merchant.post(APPLYMENTS, &better).await;
    assert_eq!(reply.json()["applyment_id"], id, "{}", reply.text());
    assert_eq!(query(&merchant).await["applyment_state"], "CHECKING");
    // While it is under way it is only repeated: with new ciphertexts of the same texts, but with no other values.
    assert_eq!(
        merchant.post(APPLYMENTS, &application()).await.number(),
        268_498_688
    );
    let mut same = application();
    same["id_card_info"]["id_card_copy"] = json!("media-9");
    assert_eq!(merchant.post(APPLYMENTS, &same).await.json()["applyment_id"], id);
}

#[tokio::test]
async fn an_application_is_taken_back_while_it_is_under_way() {
    let (sandbox, merchant) = start().await;
    submit(&merchant).await;
    let path = format!("{APPLYMENTS}out-request-no/{NUMBER}/revoke");
    let empty = json!({});
    for _ in 0..2 {
        let reply = merchant.post(&path, &empty).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
    assert_eq!(sandbox.applyment(NUMBER).unwrap().state, ApplymentState::Canceled);
    let walk = sandbox.walk_applyment(NUMBER, ApplymentState::Finish);
    assert!(matches!(walk, Err(ApplymentError::NoWay { .. })));
    assert_eq!(
        sandbox.walk_applyment("apply-9999", ApplymentState::Finish),
        Err(ApplymentError::NoSuchApplyment)
    );
    let (sandbox, merchant) = start().await;
    let id = submit(&merchant).await["applyment_id"].clone();
    sandbox.walk_applyment(NUMBER, ApplymentState::Finish).unwrap();
    let reply = merchant.post(&format!("{APPLYMENTS}{id}/revoke"), &empty).await;
    assert_eq!(refusal(&reply), (400, "INVALID_REQUEST".to_owned()));
}

#[tokio::test]
async fn names_and_numbers_of_people_travel_encrypted_only() {
    let (sandbox, merchant) = start().await;
    for pointer in [
        "/id_card_info/id_card_name",
        "/id_card_info/id_card_number",
        "/account_info/account_name",
        "/account_info/account_number",
        "/contact_info/contact_name",
        "/contact_info/mobile_phone",
    ] {
        let mut plain = application();
        *plain.pointer_mut(pointer).unwrap() = json!("320311770706001");
        let reply = merchant.post(APPLYMENTS, &plain).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{pointer}");
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], pointer);
        assert!(!reply.text().contains("320311770706001"), "{}", reply.text());
    }
    let reply = Merchant::new(&sandbox).post(APPLYMENTS, &application()).await;
    assert_eq!(reply.code(), "PARAM_ERROR", "without Wechatpay-Serial");
    assert!(sandbox.applyment(NUMBER).is_none());
}

#[tokio::test]
async fn an_application_is_refused_for_each_paper_that_is_missing_or_does_not_fit() {
    let (_sandbox, merchant) = start().await;
    for (take, put, field) in [
        ("business_license_info", json!({}), "/business_license_info"),
        ("id_card_info", json!({}), "/id_card_info"),
        (
            "",
            json!({ "id_doc_type": "IDENTIFICATION_TYPE_OVERSEA_PASSPORT" }),
            "/id_doc_info",
        ),
        ("", json!({ "id_holder_type": "SUPER" }), "/authorize_letter_copy"),
        (
            "",
            json!({ "sales_scene_info": { "store_name": "店" } }),
            "/sales_scene_info/store_url",
        ),
        (
            "",
            json!({ "finance_institution": true }),
            "/finance_institution_info",
        ),
        ("merchant_shortname", json!({}), "/merchant_shortname"),
        ("", json!({ "organization_type": "5" }), "/organization_type"),
        ("", json!({ "qualifications": [1] }), "/qualifications"),
    ] {
        let mut application = application();
        let object = application.as_object_mut().unwrap();
        object.remove(take);
        for (key, value) in put.as_object().unwrap() {
            object.insert(key.clone(), value.clone());
        }
        let reply = merchant.post(APPLYMENTS, &application).await;
        assert_eq!(
            reply.json()["detail"]["sandbox"]["field"],
            field,
            "{}",
            reply.text()
        );
    }
    // A small shop has no licence.
    let mut small = application();
    small["organization_type"] = json!("2401");
    small.as_object_mut().unwrap().remove("business_license_info");
    assert_eq!(merchant.post(APPLYMENTS, &small).await.status, StatusCode::OK);
}

#[tokio::test]
async fn applications_are_seen_by_who_handed_them_in_and_at_their_own_path() {
    let sandbox = with_second_merchant(Sandbox::builder()).start().await.unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    let id = submit(&merchant).await["applyment_id"].clone();
    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    for target in [
        format!("{APPLYMENTS}{id}"),
        format!("{APPLYMENTS}out-request-no/{NUMBER}"),
    ] {
        assert_eq!(
            refusal(&other.get(&target).await),
            (404, "RESOURCE_NOT_EXISTS".to_owned())
        );
    }
    assert_eq!(
        merchant.get(&format!("{APPLYMENTS}nonsense")).await.code(),
        "RESOURCE_NOT_EXISTS"
    );
    // Without its slash the path is another one.
    let reply = merchant.post("/v3/ecommerce/applyments", &application()).await;
    assert_eq!(reply.code(), "SANDBOX_NOT_EMULATED");
    let reply = merchant
        .post(&format!("{APPLYMENTS}submit-sign-verify-info"), &json!({}))
        .await;
    assert_eq!(reply.code(), "SANDBOX_NOT_EMULATED");
    assert!(sandbox.applyment_of(DEMO_MCHID, NUMBER).is_some());
    assert!(sandbox.applyment_of("1900000002", NUMBER).is_none());
    assert_eq!(sandbox.config().appid.as_deref(), Some(DEMO_APPID));
}

#[tokio::test]
async fn the_account_of_a_sub_merchant_is_changed_by_application() {
    let (sandbox, merchant) = start().await;
    let base = format!("{ACCOUNTS}/{DEMO_SUB_MCHID}");
    let before = merchant.get(&format!("{base}/settlement")).await;
    merchant.verify(&before).await.unwrap();
    assert_eq!(before.json()["account_bank"], "工商银行");
    let mut change = json!({
        "modify_mode": "MODIFY_MODE_ASYNC", "account_type": "ACCOUNT_TYPE_PRIVATE", "account_bank": "招商银行",
        "bank_address_code": "110000", "account_number": encrypted("6214000000004321"), "account_name": encrypted("张三丰"),
    });
    let path = format!("{base}/modify-settlement");
    let reply = merchant.post(&path, &change).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let number = reply.json()["application_no"].as_str().unwrap().to_owned();
    let target = format!("{base}/application/{number}");
    let auditing = merchant.get(&target).await.json();
    assert_eq!(auditing["verify_result"], "AUDITING");
    assert_eq!(auditing["account_name"], "**丰");
    assert_eq!(
        merchant.get(&format!("{base}/settlement")).await.json(),
        before.json()
    );

    sandbox.clock().advance(Duration::from_secs(3)).await.unwrap();
    let done = merchant
        .get(&format!(
            "{target}?account_number_rule=ACCOUNT_NUMBER_RULE_MASK_V2"
        ))
        .await
        .json();
    assert_eq!(done["verify_result"], "AUDIT_SUCCESS");
    assert_eq!(done["verify_finish_time"], "2026-01-05T09:00:03+08:00");
    assert_eq!(done["account_number"], "************4321");
    let after = merchant.get(&format!("{base}/settlement")).await.json();
    assert_eq!(
        (&after["account_bank"], &after["account_number"]),
        (&json!("招商银行"), &json!("62************21"))
    );

    for _ in 0..4 {
        assert_eq!(merchant.post(&path, &change).await.status, StatusCode::OK);
    }
    assert_eq!(
        refusal(&merchant.post(&path, &change).await),
        (429, "FREQUENCY_LIMITED".to_owned())
    );
    sandbox.clock().next_day_at("00:00").await.unwrap();
    change["account_number"] = json!("6214000000004321");
    assert_eq!(merchant.post(&path, &change).await.code(), "PARAM_ERROR");
    let other = format!("{ACCOUNTS}/1900000110/settlement");
    assert_eq!(refusal(&merchant.get(&other).await), (403, "NO_AUTH".to_owned()));
    assert_eq!(
        merchant.get(&format!("{base}/application/1")).await.code(),
        "RESOURCE_NOT_EXISTS"
    );
}
