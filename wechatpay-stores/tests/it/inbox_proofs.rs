//! Notifications from the inbox are read by the rules of the receiver.

use std::sync::Mutex;

use serde_json::{Value, json};
use wechatpay_core::{
    api::{combine::CombinedTransaction, refunds::RefundNotice, transactions::Transaction},
    notify::{
        AnyNotification, AnyResource, CombinedExpectation, Confirmed, ConfirmedCombined, Expectation,
        NotificationError, Payee, Resource, SubOrderExpectation, VerifiedNotification,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, FakePlatform},
    types::{Currency, Fen},
};
use wechatpay_stores::postgres::{ReadError, StoredNotification};

use crate::{
    on_postgres::inbox::eager,
    support::{Database, eventually, receive},
};

/// Passes deliveries through the inbox.
///
/// Returns each notification as the receiver made it and as the inbox returns it.
async fn through(
    database: &Database,
    platform: &FakePlatform,
    deliveries: Vec<Delivery>,
) -> Vec<(VerifiedNotification, StoredNotification)> {
    let inbox = database.store.inbox().options(eager());
    let mut received = Vec::new();
    for delivery in deliveries {
        let notification = receive(platform, delivery).await;
        inbox.accept(&notification).await.unwrap();
        received.push(notification);
    }
    let stored = Mutex::new(Vec::new());
    let all = eventually("all are handled", async || {
        let counts = inbox.counts().await.unwrap();
        counts.waiting + counts.in_progress == 0
    });
    let work = inbox.run(1, all, async |notification, _| {
        stored.lock().unwrap().push(notification);
        Ok::<_, String>(())
    });
    work.await;
    let stored = stored.into_inner().unwrap();
    let mut pairs = Vec::new();
    for notification in received {
        let twin = stored
            .iter()
            .find(|stored| stored.id() == notification.id())
            .unwrap();
        pairs.push((notification, twin.clone()));
    }
    pairs
}

fn order(number: &str, total: u32) -> Expectation {
    let payee = Payee::Partner {
        sp_appid: DEMO_APPID.parse().unwrap(),
        sp_mchid: DEMO_MCHID.parse().unwrap(),
        sub_mchid: DEMO_SUB_MCHID.parse().unwrap(),
    };
    Expectation::new(number.parse().unwrap(), payee, Fen::from(total), Currency::Cny)
}

fn part(number: &str, payment: &str) -> Value {
    json!({
        "mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
        "transaction_id": payment, "amount": { "total_amount": 100, "currency": "CNY", "payer_amount": 99 },
    })
}

fn combined() -> Value {
    json!({
        "combine_appid": DEMO_APPID, "combine_mchid": DEMO_MCHID, "combine_out_trade_no": "COMBINED-1",
        "sub_orders": [part("PART-A", "4200001"), part("PART-B", "4200002")],
    })
}

fn expected(number: &str) -> SubOrderExpectation {
    SubOrderExpectation::partner(
        number.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        Fen::from(100),
        Currency::Cny,
    )
}

/// Functions of a shop that hand over goods and require the strictest types.
fn hand_over(confirmed: &Confirmed) -> String {
    confirmed.transaction_id().to_string()
}

fn hand_over_all(confirmed: &ConfirmedCombined) -> usize {
    confirmed.sub_orders().len()
}

#[tokio::test]
async fn the_inbox_returns_payments_combined_payments_and_refunds_as_the_receiver_does() {
    let database = Database::new().await;
    let platform = FakePlatform::new();
    let deliveries = vec![
        platform.payment_builder("ORDER-1", 250).id("PAID").build(),
        platform
            .delivery("TRANSACTION.SUCCESS", "transaction", &combined())
            .id("COMBINED")
            .build(),
        platform
            .refund_builder("ORDER-1", "REFUND-1", 99)
            .id("REFUNDED")
            .build(),
    ];
    let pairs = through(&database, &platform, deliveries).await;
    for (received, stored) in &pairs {
        assert_eq!(stored.key_id(), received.key_id());
        assert_eq!(stored.signed_at(), received.signed_at());
        assert_eq!(stored.receiver(), received.receiver());
        assert_eq!(stored.summary(), received.summary());
        assert_eq!(stored.create_time(), received.create_time());
        assert_eq!(stored.digest(), received.digest());
        assert_eq!(stored.is_combined(), received.is_combined());
        assert_eq!(stored.plaintext(), received.plaintext());
        // A handler may take either by one function.
        let as_it_is: &VerifiedNotification = stored;
        assert!(as_it_is.clone().decode::<AnyResource>().is_ok());
    }
    let (paid, whole, refunded) = (&pairs[0].1, &pairs[1].1, &pairs[2].1);

    let confirmed = paid
        .transaction()
        .unwrap()
        .confirm(&order("ORDER-1", 250))
        .unwrap();
    assert!(hand_over(&confirmed).starts_with("42"));
    let mismatch = paid
        .transaction()
        .unwrap()
        .confirm(&order("ORDER-1", 249))
        .unwrap_err();
    assert_eq!(mismatch.fields(), ["amount.total"]);
    let verified = paid.transaction().unwrap().into_verified();
    assert_eq!(
        (verified.key_id(), verified.signed_at()),
        (paid.key_id(), paid.signed_at())
    );
    // As the receiver's own type, by the comparison itself.
    assert!(order("ORDER-1", 250).check(verified).is_ok());

    let expectation = CombinedExpectation::new(
        "COMBINED-1".parse().unwrap(),
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
    )
    .sub_order(expected("PART-B"))
    .sub_order(expected("PART-A"));
    let confirmed = whole.combined().unwrap().confirm(&expectation).unwrap();
    assert_eq!(hand_over_all(&confirmed), 2);
    assert!(
        whole
            .combined()
            .unwrap()
            .confirm(&expectation.sub_order(expected("PART-C")))
            .is_err()
    );

    let refund = refunded.refund().unwrap().into_verified();
    assert_eq!(
        (refund.out_refund_no.as_str(), refund.signed_at()),
        ("REFUND-1", refunded.signed_at())
    );

    // Each is what it is and nothing else.
    for (place, (_, stored)) in pairs.iter().enumerate() {
        let read = [
            stored.transaction().is_ok(),
            stored.combined().is_ok(),
            stored.refund().is_ok(),
        ];
        assert_eq!(read, [place == 0, place == 1, place == 2]);
        let kind = stored.decode::<AnyResource>().unwrap().by_kind();
        assert!(matches!(
            (place, kind),
            (0, AnyNotification::Transaction(_))
                | (1, AnyNotification::Combined(_))
                | (2, AnyNotification::Refund(_))
        ));
    }
}

/// Asserts that both notifications decode alike, with the same error texts.
fn agree<T: Resource>(received: &VerifiedNotification, stored: &StoredNotification) -> bool {
    match (received.clone().decode::<T>(), stored.decode::<T>()) {
        (Ok(_), Ok(_)) => true,
        (Err(NotificationError::PayloadMalformed(shape)), Err(ReadError::Malformed(same))) => {
            assert_eq!(shape, same);
            false
        }
        (Err(NotificationError::TypeMismatch { .. }), Err(ReadError::OtherKind { .. })) => false,
        (received, stored) => panic!("{received:?}, and from the inbox {stored:?}"),
    }
}

#[tokio::test]
async fn the_inbox_decodes_only_what_the_receiver_decodes() {
    let database = Database::new().await;
    let platform = FakePlatform::new();
    let payment = platform.payment_resource("ORDER-9", 100);
    let changed = |change: fn(&mut Value)| {
        let mut payment = payment.clone();
        change(&mut payment);
        payment.to_string()
    };
    let resources = [
        // The smallest that says nothing of whose it is.
        r#"{"out_trade_no":"ORDER-9","trade_state":"SUCCESS"}"#.to_owned(),
        r#"{"out_trade_no":"ORDER-9","trade_state":"SUCCESS","amount":{"total":100}}"#.to_owned(),
        changed(|payment| payment["transaction_id"] = json!("")),
        changed(|payment| payment["amount"]["total"] = json!(null)),
        changed(|payment| payment["amount"]["total"] = json!("100")),
        changed(|payment| payment["amount"] = json!({})),
        changed(|payment| payment["trade_state"] = json!(7)),
        changed(|payment| payment["sub_mchid"] = json!(null)),
        changed(|payment| payment["mchid"] = payment["sp_mchid"].clone()),
        payment
            .to_string()
            .replacen('{', r#"{"out_trade_no":"ORDER-8","#, 1),
        "{}".to_owned(),
    ];
    let mut deliveries: Vec<Delivery> = resources
        .iter()
        .enumerate()
        .map(|(place, resource)| {
            let delivery = platform
                .payment_builder("ORDER-9", 100)
                .id(&format!("ODD-{place:02}"));
            delivery.plaintext(resource.clone()).build()
        })
        .collect();
    // What does not decide refuses neither here nor there.
    let side = changed(|payment| payment["promotion_detail"] = json!([{ "amount": "much" }]));
    let fine = platform
        .payment_builder("ORDER-9", 100)
        .id("SIDE")
        .plaintext(side);
    deliveries.push(fine.envelope("create_time", json!("20180225112233")).build());
    let fine = platform.payment_builder("ORDER-10", 100).id("NUL");
    deliveries.push(
        fine.envelope("summary", json!("a\0b"))
            .envelope("create_time", json!("\0"))
            .build(),
    );
    let refund = platform.refund_builder("ORDER-9", "REFUND-9", 1).id("REFUND");
    deliveries.push(refund.build());

    for (received, stored) in through(&database, &platform, deliveries).await {
        let payment = agree::<Transaction>(&received, &stored);
        assert_eq!(payment, ["SIDE", "NUL"].contains(&stored.id()), "{}", stored.id());
        assert_eq!(agree::<RefundNotice>(&received, &stored), stored.id() == "REFUND");
        assert!(!agree::<CombinedTransaction>(&received, &stored));
        agree::<AnyResource>(&received, &stored);
        assert_eq!(stored.create_time(), received.create_time(), "{}", stored.id());
        if payment {
            let number = if stored.id() == "NUL" {
                "ORDER-10"
            } else {
                "ORDER-9"
            };
            let confirmed = stored.transaction().unwrap().confirm(&order(number, 100));
            assert!(confirmed.is_ok(), "{}: {confirmed:?}", stored.id());
        }
    }
}
