//! Events of transfers: the notification and both queries tell the same.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{ecommerce_transfers, transfers},
    idempotency::Event,
    notify::AnyResource,
    testing::FakePlatform,
    types::Mchid,
    watch::{End, News, PendingKey, PendingKind},
};

use super::{
    event::{queried, queried_event},
    receive,
};

#[tokio::test]
async fn a_transfer_is_one_event_for_each_end_from_any_source() {
    let platform = FakePlatform::new();
    let merchant: Mchid = platform.receiver().mchid().clone();
    let notified = async |body: &Value| {
        let delivery = platform
            .delivery("MCHTRANSFER.BILL.FINISHED", "mch_payment", body)
            .id("EV-1");
        receive(&platform, delivery.build()).await
    };
    let body = |state: &str| {
        json!({ "mch_id": merchant.as_str(), "out_bill_no": "T1", "transfer_bill_no": "133", "state": state,
            "transfer_amount": 500 })
    };
    for (state, end) in [
        ("SUCCESS", End::Finished),
        ("FAIL", End::Failed),
        ("CANCELLED", End::Closed),
    ] {
        let body = body(state);
        let direct = queried::<transfers::Transfer>(&platform, &body).await;
        let ecommerce = queried::<ecommerce_transfers::Transfer>(&platform, &body).await;
        let told = notified(&body).await.decode::<AnyResource>().unwrap();
        for news in [
            News::queried(&merchant, direct).unwrap(),
            News::queried(&merchant, ecommerce).unwrap(),
            News::of(told).unwrap(),
        ] {
            assert_eq!(news.event().key().event(), format!("transfer/T1/{state}"));
            assert_eq!((news.event().facts(), news.end()), ("133:500", end));
            let key = |kind| PendingKey::new(merchant.clone(), kind, "T1");
            let keys = [key(PendingKind::Transfer), key(PendingKind::EcommerceTransfer)];
            assert_eq!(news.watched_as(), keys);
        }
    }
    // Not at an end: an event by its id, and no news.
    for state in [
        "ACCEPTED",
        "PROCESSING",
        "WAIT_USER_CONFIRM",
        "TRANSFERING",
        "CANCELING",
        "A-NEW-STATE",
    ] {
        let open = notified(&body(state)).await;
        assert_eq!(Event::of(&open).unwrap().key().event(), "notification/EV-1");
        assert!(News::of(open.decode::<AnyResource>().unwrap()).is_err());
        let asked = queried::<transfers::Transfer>(&platform, &body(state)).await;
        assert!(queried_event(&platform, &asked).is_none(), "{state}");
    }
}
