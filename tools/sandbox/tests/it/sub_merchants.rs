//! Sub-merchants of one subject, from the applications that made them.

use wechatpay_core::{
    api::sub_merchants::{ListOfSubject, OrganizationType as Kind},
    testing::DEMO_PUBLIC_KEY_ID,
};
use wechatpay_sandbox::ApplymentState;

use crate::{
    onboarding::{NUMBER, application},
    support::{Merchant, refusal},
    typed::Client,
};

const LICENCE: &str = "123456789012345678";

#[tokio::test]
async fn a_subject_has_the_sub_merchants_whose_applications_are_finished() {
    let client = Client::start().await;
    let list = |kind: Kind, number: &str| client.call(ListOfSubject::new(kind, number));
    client
        .merchant
        .post("/v3/ecommerce/applyments/", &application())
        .await;
    assert_eq!(list(Kind::Enterprise, LICENCE).await.total_count, Some(0));
    let sandbox = &client.sandbox;
    let finished = sandbox.walk_applyment(NUMBER, ApplymentState::Finish).unwrap();

    let page = list(Kind::Enterprise, LICENCE).await;
    assert_eq!((page.total_count, page.offset), (Some(1), Some(0)));
    assert_eq!(page.data[0].sub_mchid.as_str(), finished.sub_mchid.unwrap());
    assert_eq!(page.data[0].merchant_shortname.as_deref(), Some("某某"));
    assert!(list(Kind::Government, LICENCE).await.data.is_empty());
    assert!(list(Kind::Enterprise, "320311770706001").await.data.is_empty());
    let behind = ListOfSubject::new(Kind::Enterprise, LICENCE)
        .offset(1_u32)
        .limit(5_u32);
    let behind = client.call(behind).await;
    assert_eq!((behind.data.len(), behind.total_count), (0, Some(1)));
}

#[tokio::test]
async fn a_number_in_the_clear_and_an_unknown_kind_are_refused() {
    let client = Client::start().await;
    let merchant: Merchant = client.merchant.clone().asks_for(DEMO_PUBLIC_KEY_ID);
    for query in [
        "organization_type=SUBJECT_TYPE_ENTERPRISE&cert_number=123456789012345678",
        "organization_type=COMPANY&cert_number=YWJj",
        "organization_type=SUBJECT_TYPE_ENTERPRISE",
    ] {
        let reply = merchant
            .get(&format!("/v3/ecommerce/subject-sub-merchants?{query}"))
            .await;
        assert_eq!(refusal(&reply), (400, "PARAM_ERROR".to_owned()), "{query}");
    }
}
