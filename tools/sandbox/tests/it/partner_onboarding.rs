//! Applications of a service provider's merchants.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        applyment4sub::{
            AccountType, Applyment, ApplymentState as State, BankAccountInfo, BusinessInfo, BusinessLicense,
            ContactInfo, IdCardInfo, IdentityInfo, MiniProgramInfo, QueryByApplymentId, QueryByBusinessCode,
            SalesInfo, SalesScene, SettlementInfo, SubjectInfo, SubjectType, Submit,
        },
        applyments::{IdDocumentType, IdHolderType},
    },
    testing::{DEMO_PUBLIC_KEY_ID, DemoKey},
    types::{Appid, Sensitive, SensitiveFields as _},
};
use wechatpay_sandbox::{ApplymentState, Sandbox};

use crate::{
    sharing::{OTHER, other},
    support::{Merchant, encrypted, partner_order, refusal},
    typed::Client,
};

const PATH: &str = "/v3/applyment4sub/applyment/";
const CODE: &str = "1900000002_0001";
const APP: &str = "wx0000000000000abc";

async fn start() -> Client {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .notify_enabled(false)
        .merchant(other("https://shop.example/shares"))
        .start()
        .await
        .unwrap();
    let merchant =
        Merchant::with(&sandbox, OTHER, "4F2E", DemoKey::OtherMerchant).asks_for(DEMO_PUBLIC_KEY_ID);
    Client { sandbox, merchant }
}

fn application(name: &str) -> Submit {
    let contact = ContactInfo::new(IdHolderType::Legal, "张三", "13900000000", "zhangsan@example.com");
    let card = IdCardInfo::new("m-1", "m-2", "张三", "440300199001010000", "2019-06-06", "长期");
    let identity = IdentityInfo::new(IdDocumentType::IdCard).id_card_info(card);
    let licence = BusinessLicense::new("m-3", "123456789012345678", "某某有限公司", "张三");
    let subject = SubjectInfo::new(SubjectType::Enterprise, identity).business_license_info(licence);
    let app = MiniProgramInfo::new().mini_program_sub_appid(APP.parse::<Appid>().unwrap());
    let sales = SalesInfo::new(vec![SalesScene::MiniProgram]).mini_program_info(app);
    let business = BusinessInfo::new(name, "0758-0000000", sales);
    let account = BankAccountInfo::new(AccountType::Corporate, "某某有限公司", "工商银行", "110000")
        .account_number("6222000000000000000");
    let settlement = SettlementInfo::new().settlement_id("719");
    Submit::new(
        CODE.parse().unwrap(),
        contact,
        subject,
        business,
        settlement,
        account,
    )
}

async fn query(client: &Client) -> Applyment {
    client.call(QueryByBusinessCode::new(CODE.parse().unwrap())).await
}

#[tokio::test]
async fn an_application_ends_as_a_merchant_that_sells() {
    let client = start().await;
    let submitted = client.call(application("某某")).await;
    // The ciphertexts differ, the application is the same.
    assert_eq!(submitted, client.call(application("某某")).await);
    let auditing = query(&client).await;
    assert_eq!(
        (&auditing.applyment_state, &auditing.sub_mchid),
        (&State::Auditing, &None)
    );
    let by_id = client.call(QueryByApplymentId::new(submitted.applyment_id)).await;
    assert_eq!(by_id, auditing);

    let walk = |to| client.sandbox.walk_applyment_of(OTHER, CODE, to).unwrap();
    walk(ApplymentState::AccountNeedVerify);
    assert_eq!(query(&client).await.applyment_state, State::ToBeConfirmed);
    walk(ApplymentState::NeedSign);
    let signing = query(&client).await;
    assert_eq!(signing.applyment_state, State::ToBeSigned);
    assert!(signing.sign_url.is_some());
    let sub_mchid = signing.sub_mchid.unwrap();
    walk(ApplymentState::Finish);
    let finished = query(&client).await;
    assert_eq!(
        (finished.applyment_state, finished.sign_url),
        (State::Finished, None)
    );

    let mut order = partner_order("native", "provided-1");
    order["sp_mchid"] = json!(OTHER);
    order["sp_appid"] = json!("wx0123456789abcdef");
    order["sub_mchid"] = json!(sub_mchid);
    order["sub_appid"] = json!(APP);
    let reply = client
        .merchant
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    assert!(reply.status.is_success(), "{}", reply.text());
    let account = client
        .merchant
        .get(&format!("/v3/apply4sub/sub_merchants/{sub_mchid}/settlement"))
        .await;
    assert_eq!(account.json()["account_bank"], "工商银行", "{}", account.text());
    assert_eq!(account.json()["account_type"], "ACCOUNT_TYPE_BUSINESS");
}

#[tokio::test]
async fn an_application_that_is_turned_down_comes_again_under_its_number() {
    let client = start().await;
    let first = client.call(application("某某")).await;
    let other = sealed(application("其他"));
    let reply = client.merchant.post(PATH, &other).await;
    assert_eq!(refusal(&reply), (400, "INVALID_REQUEST".to_owned()));
    let reasons = [("account_bank", "开户银行有误")];
    client.sandbox.reject_applyment_of(OTHER, CODE, &reasons).unwrap();
    let rejected = query(&client).await;
    assert_eq!(rejected.applyment_state, State::Rejected);
    let detail = &rejected.audit_detail[0];
    assert_eq!(
        (detail.field.as_deref(), detail.field_name.as_deref()),
        (Some("account_bank"), Some("开户银行"))
    );
    assert_eq!(detail.reject_reason.as_deref(), Some("开户银行有误"));
    assert_eq!(client.call(application("其他")).await, first);
    assert_eq!(query(&client).await.applyment_state, State::Auditing);
}

/// The body of an application, as it travels.
fn sealed(mut application: Submit) -> Value {
    application
        .visit_sensitive(&mut |field| {
            if let Some(plain) = field.as_plain() {
                *field = Sensitive::cipher(encrypted(plain));
            }
            Ok(())
        })
        .unwrap();
    serde_json::to_value(application).unwrap()
}

#[tokio::test]
async fn wrong_applications_are_refused_by_their_field_and_keep_nothing() {
    let client = start().await;
    let good = sealed(application("某某"));
    for (pointer, value, field) in [
        (
            "/subject_info/subject_type",
            json!("SUBJECT_TYPE_MICRO"),
            "/subject_info/micro_biz_info",
        ),
        (
            "/subject_info/subject_type",
            json!("SUBJECT_TYPE_OTHERS"),
            "/subject_info/certificate_info",
        ),
        (
            "/subject_info/identity_info/id_doc_type",
            json!("IDENTIFICATION_TYPE_OVERSEA_PASSPORT"),
            "/subject_info/identity_info/id_doc_info",
        ),
        (
            "/contact_info/contact_type",
            json!("SUPER"),
            "/contact_info/business_authorization_letter",
        ),
        (
            "/business_info/sales_info/sales_scenes_type",
            json!(["SALES_SCENES_STORE"]),
            "/business_info/sales_info/biz_store_info",
        ),
        (
            "/contact_info/mobile_phone",
            json!("13900000000"),
            "/contact_info/mobile_phone",
        ),
        (
            "/bank_account_info/bank_account_type",
            json!("74"),
            "/bank_account_info/bank_account_type",
        ),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        let reply = client.merchant.post(PATH, &wrong).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{pointer}: {}", reply.text());
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], field);
        assert!(!reply.text().contains("13900000000"), "{}", reply.text());
    }
    let none = client.merchant.get(&format!("{PATH}business_code/{CODE}")).await;
    assert_eq!(refusal(&none), (404, "RESOURCE_NOT_EXISTS".to_owned()));
    // A platform has its own path.
    let platform = Merchant::new(&client.sandbox);
    let reply = platform.get(&format!("{PATH}business_code/{CODE}")).await;
    assert_eq!(refusal(&reply), (403, "NO_AUTH".to_owned()));
}
