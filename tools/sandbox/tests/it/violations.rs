//! Notification URL for punishments of sub-merchants, and what comes there.

use http::Method;
use serde_json::{Value, json};
use wechatpay_core::{
    api::violations::{CreateNotifyUrl, DeleteNotifyUrl, QueryNotifyUrl, UpdateNotifyUrl, Violation},
    testing::{DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Mchid, SerialNumber},
};
use wechatpay_sandbox::{MerchantKind, MerchantSpec, RecordError, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal, send},
    typed::Client,
};

const PATH: &str = "/v3/merchant-risk-manage/violation-notifications";

async fn delete(merchant: &Merchant) -> (u16, String) {
    let request = merchant.request(Method::DELETE, PATH, b"").await;
    refusal(&send(request).await)
}

#[tokio::test]
async fn a_url_is_set_once_changed_and_deleted() {
    let client = Client::start().await;
    let (first, other) = ("https://shop.example/a", "https://shop.example/b");
    let none = (404, "NOT_FOUND".to_owned());
    assert_eq!(refusal(&client.merchant.get(PATH).await), none);
    assert_eq!(delete(&client.merchant).await, none);
    for _ in 0..2 {
        let set = client.call(CreateNotifyUrl::new().notify_url(first)).await;
        assert_eq!(set.notify_url.as_deref(), Some(first));
    }
    let second = client.merchant.post(PATH, &json!({ "notify_url": other })).await;
    assert_eq!(refusal(&second), (400, "INVALID_REQUEST".to_owned()));
    let changed = client.call(UpdateNotifyUrl::new().notify_url(other)).await;
    assert_eq!(changed, client.call(QueryNotifyUrl::new()).await);
    assert_eq!(changed.notify_url.as_deref(), Some(other));
    client.call(DeleteNotifyUrl::new()).await;
    assert_eq!(refusal(&client.merchant.get(PATH).await), none);
    assert_eq!(delete(&client.merchant).await, none);
    client.call(CreateNotifyUrl::new().notify_url(first)).await;
    for wrong in [
        json!({}),
        json!({ "notify_url": "shop" }),
        json!({ "url": first }),
    ] {
        let reply = client.merchant.post(PATH, &wrong).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{wrong}");
    }
}

#[tokio::test]
async fn a_punishment_and_its_appeal_are_told_at_the_url() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    let client = Client { sandbox, merchant };
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = &client.sandbox;
    let stranger = sandbox.punish("1900000110", Value::Null);
    assert_eq!(stranger.err(), Some(RecordError::NoSuchSubMerchant));
    // Nobody is told before there is a URL.
    let untold = sandbox.punish(DEMO_SUB_MCHID, Value::Null).unwrap();
    client.call(CreateNotifyUrl::new().notify_url(&shop.url)).await;
    let told = sandbox
        .punish(DEMO_SUB_MCHID, json!({ "risk_type": "GAMBLING" }))
        .unwrap();
    assert_ne!(told.key.number, untold.key.number);
    shop.gets(1).await;
    let facts = json!({ "risk_type": "APPEAL_SUCCESSFUL" });
    sandbox
        .settle_record(RecordKind::Violation, &told.key.number, "APPEAL", facts)
        .unwrap();
    shop.gets(2).await;
    for (arrival, event, risk) in [
        (0, "VIOLATION.PUNISH", "GAMBLING"),
        (1, "VIOLATION.APPEAL", "APPEAL_SUCCESSFUL"),
    ] {
        let verified = opened(sandbox, &shop.arrivals()[arrival]).await;
        assert_eq!(verified.event_type().to_string(), event);
        let violation: Violation = serde_json::from_str(verified.plaintext()).unwrap();
        assert_eq!(
            (&*violation.record_id, violation.sub_mchid.as_str()),
            (&*told.key.number, DEMO_SUB_MCHID)
        );
        assert_eq!(violation.risk_type.as_deref(), Some(risk));
        assert!(violation.company_name.is_some() && violation.punish_time.is_some());
    }
}

#[tokio::test]
async fn a_merchant_without_sub_merchants_is_refused() {
    let direct = MerchantSpec::new(
        Mchid::parse("1900000002").unwrap(),
        ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
    )
    .kind(MerchantKind::Direct)
    .demo_key(SerialNumber::parse("4F2E").unwrap(), DemoKey::OtherMerchant);
    let sandbox = Sandbox::builder().merchant(direct).start().await.unwrap();
    let merchant = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    assert_eq!(refusal(&merchant.get(PATH).await), (403, "NO_AUTH".to_owned()));
}
