//! Events of families that are features: one from the notification and from the query.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        abnormal_funds::Receipt,
        payscore::ServiceOrder,
        personal_receivers::SettleBatch,
        sub_merchant_recharge::{BankTransferRecharge, Recharge},
    },
    idempotency::{Event, Queried},
    testing::{DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
};

use super::{
    event::{queried, queried_event},
    receive,
};

/// Document with another value at a pointer.
fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

async fn notified(platform: &FakePlatform, event: &str, original: &str, resource: &Value) -> Event {
    let delivery = platform.delivery(event, original, resource).id("EV-1");
    Event::of(&receive(platform, delivery.build()).await).unwrap()
}

async fn asked<T: DeserializeOwned + Queried>(platform: &FakePlatform, body: &Value) -> Option<Event> {
    queried_event(platform, &queried::<T>(platform, body).await)
}

fn recharge() -> Value {
    json!({
        "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_recharge_no": "CZ-1", "recharge_id": "2024",
        "recharge_state": "SUCCESS", "recharge_amount": { "amount": 500, "currency": "CNY" },
    })
}

fn order() -> Value {
    json!({
        "mchid": DEMO_MCHID, "service_id": "500001", "out_order_no": "BORROW|1", "state": "DONE", "total_amount": 400,
        "collection": { "state": "USER_PAID", "total_amount": 400, "paid_amount": 400 },
    })
}

fn batch() -> Value {
    json!({
        "out_settle_batch_no": "BATCH-1", "settle_batch_no": "123", "individual_auth_id": "1", "state": "SUCCESS",
    })
}

fn receipt() -> Value {
    json!({
        "receipt_id": "100200300", "receipt_state": "RECEIPT_STATE_COMPLETED",
        "transfer_amount": { "total": 300, "currency": "CNY" },
    })
}

#[tokio::test]
async fn a_notification_and_a_query_of_a_family_are_one_event() {
    let platform = FakePlatform::new();
    let mut cases = Vec::new();
    for state in ["SUCCESS", "CLOSED"] {
        let body = with(&recharge(), "/recharge_state", json!(state));
        let event = format!("RECHARGE.{state}");
        cases.push((
            notified(&platform, &event, "recharge", &body).await,
            asked::<Recharge>(&platform, &body).await,
            (format!("recharge/CZ-1/{state}"), "2024:500"),
        ));
        cases.push((
            notified(&platform, &event, "recharge", &body).await,
            asked::<BankTransferRecharge>(&platform, &body).await,
            (format!("recharge/CZ-1/{state}"), "2024:500"),
        ));
    }
    cases.push((
        notified(&platform, "PAYSCORE.USER_PAID", "payscore", &order()).await,
        asked::<ServiceOrder>(&platform, &order()).await,
        ("payscore/BORROW|1/USER_PAID".to_owned(), "-:400"),
    ));
    for state in [
        "SUCCESS",
        "DEDUCT_FEE_FAIL",
        "ABNORMAL",
        "ABNORMAL_SETTLE_SUCCESS",
    ] {
        let body = with(&batch(), "/state", json!(state));
        cases.push((
            notified(&platform, "SETTLEMENT.SUCCESS", "", &body).await,
            asked::<SettleBatch>(&platform, &body).await,
            (format!("settlement/BATCH-1/{state}"), "123:-"),
        ));
    }
    let event = "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS";
    cases.push((
        notified(&platform, event, "abnormal_fund_processing", &receipt()).await,
        asked::<Receipt>(&platform, &receipt()).await,
        (
            "abnormal-funds/100200300/RECEIPT_STATE_COMPLETED".to_owned(),
            "-:300",
        ),
    ));
    for (told, asked, (key, facts)) in cases {
        let asked = asked.unwrap();
        assert_eq!((told.key().event(), told.facts()), (key.as_str(), facts));
        assert_eq!((asked.key(), asked.facts()), (told.key(), told.facts()));
    }
}

#[tokio::test]
async fn what_is_not_at_its_end_or_lacks_its_amount_is_known_by_its_notification() {
    let platform = FakePlatform::new();
    let paying = with(&order(), "/collection/state", json!("USER_PAYING"));
    let unpriced = with(&order(), "/total_amount", Value::Null);
    for body in [&paying, &unpriced] {
        let told = notified(&platform, "PAYSCORE.USER_CONFIRM", "payscore", body).await;
        assert_eq!(told.key().event(), "notification/EV-1");
        assert!(asked::<ServiceOrder>(&platform, body).await.is_none());
    }
    let running = with(&recharge(), "/recharge_state", json!("RECHARGING"));
    assert!(asked::<Recharge>(&platform, &running).await.is_none());
    let waiting = with(&recharge(), "/recharge_amount/amount", Value::Null);
    assert!(asked::<Recharge>(&platform, &waiting).await.is_none());
    let accepted = with(&batch(), "/state", json!("RECEIVED"));
    assert!(asked::<SettleBatch>(&platform, &accepted).await.is_none());
    let progress = with(&receipt(), "/receipt_state", json!("RECEIPT_STATE_PROGRESS"));
    assert!(asked::<Receipt>(&platform, &progress).await.is_none());
    // The same state may come again: a complaint is answered and goes on.
    let complaint = json!({ "complaint_id": "1", "action_type": "CREATE_COMPLAINT" });
    let told = notified(&platform, "COMPLAINT.CREATE", "complaint", &complaint).await;
    assert_eq!(told.key().event(), "notification/EV-1");
}
