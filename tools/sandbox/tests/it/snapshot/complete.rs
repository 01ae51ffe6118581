//! Nothing is missing: every kind of state is in the document.

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID};
use wechatpay_sandbox::{Account, EventKind, OrderState, RecordKind, RefundState, Snapshot};

use super::{DAY, SHARING, builder, client, document, everything, shop, without_durations};
use crate::onboarding;

fn is_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(array) => !array.is_empty(),
        Value::Object(object) => object.values().any(is_something),
    }
}

#[tokio::test]
async fn a_restored_sandbox_has_all_state_and_goes_on() {
    let shop = shop().await;
    let first = builder(&shop).seed(7).start().await.unwrap();
    everything(&first, &shop).await;
    let id = first.order("shared").unwrap().transaction_id.unwrap();
    let snapshot = first.snapshot();
    let taken = document(&snapshot);
    assert_eq!(taken["version"], 4);
    assert_eq!(snapshot.taken_at(), first.clock().now());
    // Every table has something in it, or this test would show nothing of it.
    for (name, table) in taken["world"].as_object().unwrap() {
        assert!(is_something(table), "{name}: {table}");
    }
    for pointer in [
        "/shares/receivers",
        "/shares/shares",
        "/shares/returns",
        "/settlements/accounts",
        "/settlements/changes",
        "/ledger/entries",
        "/ledger/balances",
        "/faults/rules",
        "/faults/keywords",
        "/keys/certificates/next",
        "/notifications/notifications/0/attempts/0/sent/headers",
        "/totals/certificate_downloads",
    ] {
        let part = taken["world"].pointer(pointer).unwrap_or(&Value::Null);
        assert!(is_something(part), "{pointer}");
    }
    let text = taken.to_string();
    for due in [
        "notify",
        "missed-query",
        "close-order",
        "bills-ready",
        "settle-share",
        "settle-return",
        "settle-withdrawal",
        "proceed",
        "change-settlement",
        "settle-refund",
    ] {
        assert!(text.contains(&format!("\"due\":{{\"{due}\"")), "{due}");
    }
    assert!(!format!("{snapshot:?}").contains("refund-1"));

    // Written, read and restored elsewhere, it is the same document.
    let read = Snapshot::from_json(snapshot.to_json().as_bytes()).unwrap();
    let second = builder(&shop).seed(8).start().await.unwrap();
    second.restore(&read).unwrap();
    assert_eq!(document(&second.snapshot()), taken);
    assert!(matches!(
        second.events_after(0).last().unwrap().kind,
        EventKind::Restored { .. }
    ));
    // Who came later came along, and is not known in a sandbox that starts anew.
    assert!(second.config_of("1900000004").is_some());
    // The handle shows the same.
    assert_eq!(second.orders(), first.orders());
    assert_eq!(second.refunds(), first.refunds());
    assert_eq!(second.withdrawals(), first.withdrawals());
    assert_eq!(
        second.records(RecordKind::Transfer),
        first.records(RecordKind::Transfer)
    );
    assert_eq!(second.media(), first.media());
    assert_eq!(second.lints(), first.lints());
    assert_eq!(second.counters().payments, first.counters().payments);
    assert_eq!(second.shares_of("shared"), first.shares_of("shared"));
    assert_eq!(second.rotation().listed(), first.rotation().listed());
    assert_eq!(second.clock().now(), first.clock().now());
    assert_eq!(
        second.balance(DEMO_SUB_MCHID, Account::Basic),
        first.balance(DEMO_SUB_MCHID, Account::Basic)
    );

    // The gateway and the admin API response the same, to the byte.
    let clients = [client(&first), client(&second)];
    let number = format!("sp_mchid={DEMO_MCHID}&sub_mchid={DEMO_SUB_MCHID}");
    let sub = format!("sub_mchid={DEMO_SUB_MCHID}");
    for target in [
        format!("/v3/pay/partner/transactions/out-trade-no/refunded?{number}"),
        format!("/v3/pay/partner/transactions/id/{id}?{number}"),
        "/v3/combine-transactions/out-trade-no/whole1".to_owned(),
        format!("/v3/ecommerce/refunds/out-refund-no/refund-2?{sub}"),
        format!("{SHARING}/orders?{sub}&transaction_id={id}&out_order_no=share-1"),
        format!("{SHARING}/orders/{id}/amounts"),
        format!("/v3/ecommerce/fund/balance/{DEMO_SUB_MCHID}"),
        "/v3/merchant/fund/withdraw/out-request-no/w1".to_owned(),
        format!("/v3/ecommerce/applyments/out-request-no/{}", onboarding::NUMBER),
    ] {
        let [one, other] = [clients[0].get(&target).await, clients[1].get(&target).await];
        assert_eq!(one.status, StatusCode::OK, "{target}: {}", one.text());
        assert_eq!(
            (&one.headers, &one.body),
            (&other.headers, &other.body),
            "{target}"
        );
    }
    let shown = [&first, &second].map(|sandbox| {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            sandbox.order("refunded"),
            sandbox.refunds(),
            sandbox.notifications(),
            sandbox.lints(),
            sandbox.rotation(),
            sandbox.clock().now(),
        )
    });
    assert_eq!(shown[0], shown[1]);

    // And from here on the same happens in both.
    for sandbox in [&first, &second] {
        sandbox.set_notify_enabled(true);
        sandbox.clock().advance(8 * DAY).await.unwrap();
    }
    let [mut one, mut other] = [&first, &second].map(|sandbox| document(&sandbox.snapshot()));
    assert_eq!(other["world"]["agenda"], json!([]));
    without_durations(&mut one);
    without_durations(&mut other);
    assert_eq!(one, other);
    assert_eq!(second.refund("refund-3").unwrap().state, RefundState::Success);
    assert_eq!(second.order("open-native").unwrap().state, OrderState::Closed);

    // Back to the beginning, in place: the clock goes back too.
    first.restore(&snapshot).unwrap();
    let mut again = document(&first.snapshot());
    // Requests stay in the log, and are counted on.
    assert_eq!(again["world"]["requests"], first.counters().requests);
    again["world"]["requests"] = taken["world"]["requests"].clone();
    assert_eq!(again, taken);
    // And a third one begins with it.
    let third = builder(&shop).restore(read).start().await.unwrap();
    assert_eq!(document(&third.snapshot()), taken);
}
