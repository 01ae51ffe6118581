//! Events: a payment or refund is one event, from whichever source.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        combine::CombinedTransaction,
        funds::{DayEndWithdrawal, Withdrawal},
        profit_sharing::{SharingOrder, SharingReturn, ecommerce},
        refunds,
        transactions::Transaction,
    },
    idempotency::{Event, Handled, IdempotencyError, Limits, Queried, Source, handle},
    notify::AnyResource,
    testing::FakePlatform,
    types::Mchid,
    verify::{Verified, Verifier},
    watch::{End, News, PendingKey, PendingKind},
};

use super::{Store, memory, receive};

/// The verified response to a query.
pub(super) async fn queried<T: DeserializeOwned>(platform: &FakePlatform, body: &Value) -> Verified<T> {
    let body = body.to_string();
    let headers = platform.sign(body.as_bytes());
    let verifier = Verifier::new(platform.key_store());
    let pairs = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_slice()));
    let key = verifier.begin(pairs).unwrap().key().await.unwrap();
    key.verify(body.into()).unwrap().json().unwrap()
}

/// The state of an order as a query tells it.
async fn order(platform: &FakePlatform, state: &str, total: i64) -> Verified<Transaction> {
    let mut body = platform.payment_resource("ORDER-1", total);
    body["trade_state"] = json!(state);
    queried(platform, &body).await
}

/// The event of a response to the demo merchant.
pub(super) fn queried_event<R: Queried>(platform: &FakePlatform, response: &Verified<R>) -> Option<Event> {
    Event::queried(platform.receiver().mchid(), response)
}

async fn run(
    store: &Store,
    event: &Event,
    runs: &AtomicU32,
) -> Result<Handled<()>, IdempotencyError<&'static str>> {
    handle(store, event, &Limits::default(), |context| {
        assert_eq!(context.key(), event.key());
        runs.fetch_add(1, Ordering::SeqCst);
        async { Ok(()) }
    })
    .await
}

#[tokio::test]
async fn a_payment_is_handled_once_from_two_notifications_and_a_query() {
    let platform = FakePlatform::new();
    let notified = async |id: &str| {
        let delivery = platform.payment_builder("ORDER-1", 100).id(id).build();
        Event::of(&receive(&platform, delivery).await).unwrap()
    };
    let (first, second) = (notified("ID-1").await, notified("ID-2").await);
    let queried = queried_event(&platform, &order(&platform, "SUCCESS", 100).await).unwrap();
    assert_eq!(queried.source(), &Source::Query);
    assert!(matches!(second.source(), Source::Notification { id } if &**id == "ID-2"));
    for order in [
        [&first, &second, &queried],
        [&queried, &first, &second],
        [&second, &queried, &first],
    ] {
        let (store, runs) = (memory(), AtomicU32::new(0));
        for (number, event) in order.into_iter().enumerate() {
            let handled = run(&store, event, &runs).await.unwrap();
            assert_eq!(handled == Handled::AlreadyDone, number > 0);
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
    assert!(first.key().to_string().ends_with("/payment/ORDER-1/SUCCESS"));
}

#[tokio::test]
async fn other_facts_of_the_same_event_are_a_contradiction() {
    let platform = FakePlatform::new();
    let (store, runs) = (memory(), AtomicU32::new(0));
    let notified = receive(&platform, platform.payment("ORDER-1", 100)).await;
    run(&store, &Event::of(&notified).unwrap(), &runs).await.unwrap();
    let other = queried_event(&platform, &order(&platform, "SUCCESS", 101).await).unwrap();
    let error = run(&store, &other, &runs).await.unwrap_err();
    assert!(matches!(error, IdempotencyError::Contradiction));
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_order_that_may_still_be_paid_is_no_event_and_each_end_is_one() {
    let platform = FakePlatform::new();
    for open in ["NOTPAY", "USERPAYING", "ACCEPT", "A-NEW-STATE"] {
        assert!(
            queried_event(&platform, &order(&platform, open, 1).await).is_none(),
            "{open}"
        );
    }
    for end in ["SUCCESS", "REFUND", "CLOSED", "REVOKED", "PAYERROR"] {
        let event = queried_event(&platform, &order(&platform, end, 1).await).unwrap();
        assert_eq!(event.key().event(), format!("payment/ORDER-1/{end}"));
    }
}

#[tokio::test]
async fn a_refund_is_one_event_for_each_end() {
    let platform = FakePlatform::new();
    let merchant: Mchid = platform.receiver().mchid().clone();
    let notified = receive(&platform, platform.refund("ORDER-1", "R-1", 40)).await;
    let notified = Event::of(&notified).unwrap();
    assert!(notified.key().to_string().ends_with("/refund/R-1/SUCCESS"));
    let plaintext: Value = serde_json::from_str(
        receive(&platform, platform.refund("ORDER-1", "R-1", 40))
            .await
            .plaintext(),
    )
    .unwrap();
    let body = |status: &str| {
        json!({
            "refund_id": plaintext["refund_id"], "out_refund_no": "R-1", "out_trade_no": "ORDER-1",
            "transaction_id": plaintext["transaction_id"], "status": status,
            "amount": { "total": 100, "refund": 40 },
        })
    };
    let plain = queried::<refunds::Refund>(&platform, &body("SUCCESS")).await;
    let plain = Event::queried(&merchant, &plain).unwrap();
    let ecommerce = queried::<refunds::ecommerce::Refund>(&platform, &body("SUCCESS")).await;
    let ecommerce = Event::queried(&merchant, &ecommerce).unwrap();
    for event in [&plain, &ecommerce] {
        assert_eq!((event.key(), event.facts()), (notified.key(), notified.facts()));
    }
    let open = queried::<refunds::Refund>(&platform, &body("PROCESSING")).await;
    assert!(Event::queried(&merchant, &open).is_none());
    let abnormal = queried::<refunds::Refund>(&platform, &body("ABNORMAL")).await;
    let abnormal = Event::queried(&merchant, &abnormal).unwrap();
    assert_eq!(abnormal.key().event(), "refund/R-1/ABNORMAL");
}

#[tokio::test]
async fn a_combined_order_is_an_event_once_no_sub_order_can_change() {
    let platform = FakePlatform::new();
    let body = |state: &str| {
        let sub_order = |number: &str, state: &str| {
            json!({
                "mchid": "1900000109", "out_trade_no": number, "trade_state": state, "transaction_id": "42",
                "amount": { "total_amount": 5, "currency": "CNY" },
            })
        };
        json!({
            "combine_mchid": platform.receiver().mchid().as_str(), "combine_out_trade_no": "C-1",
            "sub_orders": [sub_order("A-1", "SUCCESS"), sub_order("A-2", state)],
        })
    };
    let delivery = platform
        .delivery("TRANSACTION.SUCCESS", "transaction", &body("SUCCESS"))
        .build();
    let notified = Event::of(&receive(&platform, delivery).await).unwrap();
    let paid = queried::<CombinedTransaction>(&platform, &body("SUCCESS")).await;
    let paid = queried_event(&platform, &paid).unwrap();
    assert_eq!((paid.key(), paid.facts()), (notified.key(), "-:10"));
    assert_eq!(paid.key().event(), "combined/C-1/SUCCESS");
    for open in ["NOTPAY", "USERPAYING", "A-NEW-STATE"] {
        let partly = queried::<CombinedTransaction>(&platform, &body(open)).await;
        assert!(queried_event(&platform, &partly).is_none(), "{open}");
    }
    for (state, whole) in [("CLOSED", "MIXED"), ("REFUND", "REFUND")] {
        let ended = queried::<CombinedTransaction>(&platform, &body(state)).await;
        let event = queried_event(&platform, &ended).unwrap();
        assert_eq!(event.key().event(), format!("combined/C-1/{whole}"));
    }
}

#[tokio::test]
async fn a_share_is_an_event_when_no_receiver_waits() {
    let platform = FakePlatform::new();
    let body = |state: &str, result: &str| {
        let receiver = |result: &str, amount: i64| {
            json!({ "type": "MERCHANT_ID", "account": "1900000110", "receiver_account": "1900000110",
                "amount": amount, "result": result })
        };
        json!({
            "sub_mchid": "1900000109", "transaction_id": "42", "out_order_no": "S-1", "order_id": "3008",
            "state": state, "status": state, "receivers": [receiver("SUCCESS", 30), receiver(result, 12)],
        })
    };
    for (state, result) in [
        ("PROCESSING", "PENDING"),
        ("FINISHED", "PENDING"),
        ("A-NEW-STATE", "SUCCESS"),
    ] {
        let open = queried::<SharingOrder>(&platform, &body(state, result)).await;
        assert!(queried_event(&platform, &open).is_none(), "{state} {result}");
    }
    let merchant: Mchid = platform.receiver().mchid().clone();
    for (result, end) in [("SUCCESS", End::Finished), ("CLOSED", End::Failed)] {
        let plain = queried::<SharingOrder>(&platform, &body("FINISHED", result)).await;
        let ecommerce = queried::<ecommerce::SharingOrder>(&platform, &body("FINISHED", result)).await;
        let unpaid = plain.unpaid().count();
        assert_eq!(
            (unpaid, ecommerce.unpaid().count()),
            (usize::from(end == End::Failed), unpaid)
        );
        for news in [
            News::queried(&merchant, plain),
            News::queried(&merchant, ecommerce),
        ] {
            let news = news.unwrap();
            assert_eq!(news.event().key().event(), "share/S-1/FINISHED");
            assert_eq!((news.event().facts(), news.end()), ("3008:42", end));
        }
    }
}

#[tokio::test]
async fn a_return_of_a_share_is_an_event_for_each_end() {
    let platform = FakePlatform::new();
    let body = |result: &str| {
        json!({ "sub_mchid": "1900000109", "out_return_no": "B-1", "return_no": "4", "return_id": "4",
            "return_mchid": "1900000110", "result": result, "amount": 7 })
    };
    let merchant: Mchid = platform.receiver().mchid().clone();
    for (result, end) in [("SUCCESS", End::Finished), ("FAILED", End::Failed)] {
        let plain = queried::<SharingReturn>(&platform, &body(result)).await;
        let ecommerce = queried::<ecommerce::SharingReturn>(&platform, &body(result)).await;
        for news in [
            News::queried(&merchant, plain),
            News::queried(&merchant, ecommerce),
        ] {
            let news = news.unwrap();
            assert_eq!(news.event().key().event(), format!("share-return/B-1/{result}"));
            assert_eq!((news.event().facts(), news.end()), ("4:7", end));
        }
    }
    let open = queried::<SharingReturn>(&platform, &body("PROCESSING")).await;
    assert!(queried_event(&platform, &open).is_none());
}

#[tokio::test]
async fn a_withdrawal_is_one_event_for_each_end_from_either_source() {
    let platform = FakePlatform::new();
    let merchant: Mchid = platform.receiver().mchid().clone();
    let notified = async |body: &Value| {
        let delivery = platform
            .delivery("MCHWITHDRAW.CHANGE", "mch_withdraw", body)
            .id("EV-1");
        receive(&platform, delivery.build()).await
    };
    let body = |status: &str| {
        json!({ "sp_mchid": merchant.as_str(), "sub_mchid": "1900000109", "withdraw_id": "77",
            "out_request_no": "W1", "amount": 500, "status": status })
    };
    for (status, end) in [
        ("SUCCESS", End::Finished),
        ("FAIL", End::Failed),
        ("REFUND", End::Refunded),
        ("CLOSE", End::Closed),
    ] {
        let asked = queried::<Withdrawal>(&platform, &body(status)).await;
        let asked = News::queried(&merchant, asked).unwrap();
        let told = News::of(notified(&body(status)).await.decode::<AnyResource>().unwrap()).unwrap();
        for news in [&asked, &told] {
            assert_eq!(news.event().key().event(), format!("withdrawal/W1/{status}"));
            assert_eq!((news.event().facts(), news.end()), ("77:500", end));
            let key = PendingKey::new(merchant.clone(), PendingKind::Withdrawal, "W1");
            assert_eq!(news.watched_as(), [key]);
        }
    }
    // Not at an end: an event by its id, and no news.
    for status in ["CREATE_SUCCESS", "INIT"] {
        let open = notified(&body(status)).await;
        assert_eq!(Event::of(&open).unwrap().key().event(), "notification/EV-1");
        assert!(News::of(open.decode::<AnyResource>().unwrap()).is_err());
        let asked = queried::<Withdrawal>(&platform, &body(status)).await;
        assert!(queried_event(&platform, &asked).is_none());
    }
}

#[tokio::test]
async fn money_that_a_bank_returns_after_the_end_is_an_event_of_its_own() {
    let platform = FakePlatform::new();
    let merchant: Mchid = platform.receiver().mchid().clone();
    let news = async |status: &str, failed: i64, returned: i64| {
        let body = json!({ "sub_mchid": "1900000109", "withdraw_id": "77", "out_request_no": "W1",
            "total_amount": 500, "fail_amount": failed, "refund_amount": returned, "status": status });
        News::queried(&merchant, queried::<DayEndWithdrawal>(&platform, &body).await)
    };
    assert!(news("PROCESSING", 0, 0).await.is_none());
    for (status, failed, returned, state, end) in [
        ("FINISHED", 0, 0, "FINISHED", End::Finished),
        ("FINISHED", 20, 0, "FINISHED", End::Failed),
        ("FINISHED", 0, 500, "REFUND", End::Refunded),
        ("ABNORMAL", 0, 0, "ABNORMAL", End::Failed),
    ] {
        let news = news(status, failed, returned).await.unwrap();
        assert_eq!(news.event().key().event(), format!("withdrawal/W1/{state}"));
        assert_eq!((news.event().facts(), news.end()), ("77:500", end));
        let key = PendingKey::new(merchant.clone(), PendingKind::DayEndWithdrawal, "W1");
        assert_eq!(news.watched_as(), [key]);
    }
}

#[tokio::test]
async fn a_notification_of_another_kind_is_known_by_its_id_and_content() {
    let platform = FakePlatform::new();
    let event = async |event_type: &str, content: Value| {
        let delivery = platform
            .delivery(event_type, "other", &content)
            .id("EV-1")
            .build();
        Event::of(&receive(&platform, delivery).await).unwrap()
    };
    let merchant = platform.receiver().mchid().as_str().to_owned();
    let one = event(
        "COMPLAINT.CREATE",
        json!({ "mchid": merchant, "out_trade_no": "ORDER-1", "a": 1 }),
    )
    .await;
    let same = event(
        "COMPLAINT.CREATE",
        json!({ "a": 1, "mchid": merchant, "out_trade_no": "ORDER-1" }),
    )
    .await;
    let other = event(
        "COMPLAINT.CREATE",
        json!({ "mchid": merchant, "out_trade_no": "ORDER-1", "a": 2 }),
    )
    .await;
    assert_eq!(one.key().event(), "notification/EV-1");
    assert_eq!(
        (one.facts() == same.facts(), one.facts() == other.facts()),
        (true, false)
    );
    // Parking and the like, which use the name of a payment.
    let parking = event(
        "TRANSACTION.SUCCESS",
        json!({ "mchid": merchant, "out_trade_no": "P-1", "id": "1" }),
    )
    .await;
    assert_eq!(parking.key().event(), "notification/EV-1");
}
