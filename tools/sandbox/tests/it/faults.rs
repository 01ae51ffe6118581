//! Requested faults fire as described and are recorded.

use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::{testing::DEMO_API_V3_KEY, verify::VerifyError};
use wechatpay_sandbox::{
    AttemptOutcome, Buyer, EventKind, Fault, FaultPlace, LintKind, OrderState, RetrySchedule, Sandbox,
};

use crate::support::{Merchant, Reply, SHORT, Shop, direct_order, opened_with, send};

const NATIVE: &str = "/v3/pay/transactions/native";
const NUMBER: &str = "demo-0001";

async fn start() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::custom([Duration::from_millis(10); 20]))
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    (sandbox, merchant)
}

fn order(number: &str, notify_url: &str) -> Value {
    let mut order = direct_order("native", number);
    order["notify_url"] = json!(notify_url);
    order
}

/// Sends an order with a header that names faults.
async fn with_header(merchant: &Merchant, order: &Value, header: &str) -> Reply {
    let mut request = merchant
        .request(Method::POST, NATIVE, order.to_string().as_bytes())
        .await;
    request
        .headers_mut()
        .insert("x-sandbox-fault", HeaderValue::from_str(header).unwrap());
    send(request).await
}

fn query() -> String {
    format!("/v3/pay/transactions/out-trade-no/{NUMBER}?mchid=1900000001")
}

#[tokio::test]
async fn a_header_spoils_one_response_and_the_records_say_so() {
    let (sandbox, merchant) = start().await;
    let mut events = sandbox.events();
    let order = direct_order("native", NUMBER);
    let reply = with_header(&merchant, &order, "accepted-but=500").await;
    assert_eq!(
        (reply.status.as_u16(), reply.code()),
        (500, "SYSTEM_ERROR".to_owned())
    );
    assert!(sandbox.order(NUMBER).is_some(), "it was carried out all the same");
    let reply = merchant.post(NATIVE, &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let faults: Vec<Vec<Fault>> = sandbox
        .requests()
        .into_iter()
        .map(|request| request.faults)
        .collect();
    assert_eq!(faults, [vec![Fault::AcceptedBut(500)], vec![]]);
    let line = loop {
        let event = events.next().await.unwrap();
        if matches!(event.kind, EventKind::Request { .. }) {
            break event.to_string();
        }
    };
    assert!(line.contains("fault accepted-but=500"), "{line}");
}

#[tokio::test]
async fn a_refused_order_was_not_placed() {
    let (sandbox, merchant) = start().await;
    let order = direct_order("native", NUMBER);
    let reply = with_header(&merchant, &order, "429").await;
    assert_eq!(
        (reply.status.as_u16(), reply.code().as_str()),
        (429, "FREQUENCY_LIMITED")
    );
    let reply = with_header(&merchant, &order, "http-502-html").await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY);
    assert!(reply.text().starts_with("<html>") && !reply.is_signed());
    assert!(sandbox.order(NUMBER).is_none());
}

#[tokio::test]
async fn a_header_that_names_no_fault_is_refused_with_advice() {
    let (sandbox, merchant) = start().await;
    for (header, word) in [("nonsense", "nonsense"), ("bill-none", "cannot spoil")] {
        let reply = with_header(&merchant, &direct_order("native", NUMBER), header).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, "PARAM_ERROR")
        );
        assert!(reply.text().contains(word), "{}", reply.text());
    }
    assert!(sandbox.order(NUMBER).is_none());
}

#[tokio::test]
async fn the_header_of_the_old_sandbox_works_too() {
    let (_sandbox, merchant) = start().await;
    let mut request = merchant.request(Method::GET, &query(), b"").await;
    request.headers_mut().insert(
        "wechatpay-negative-test",
        HeaderValue::from_static("no-sign-headers"),
    );
    assert!(!send(request).await.is_signed());
}

#[tokio::test]
async fn a_keyword_in_the_description_is_heeded_once_for_each_order() {
    let (sandbox, merchant) = start().await;
    let mut order = direct_order("native", NUMBER);
    order["description"] = json!("Tee [[sandbox:500-system-error]]");
    assert_eq!(
        merchant.post(NATIVE, &order).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(merchant.post(NATIVE, &order).await.status, StatusCode::OK);
    order["out_trade_no"] = json!("demo-0002");
    order["description"] = json!("Tee");
    order["attach"] = json!("[[sandbox:pay-fail-balance]]");
    assert_eq!(merchant.post(NATIVE, &order).await.status, StatusCode::OK);
    sandbox.pay("demo-0002", Buyer::Alice).unwrap_err();
    sandbox.pay("demo-0002", Buyer::Alice).unwrap();
    let told = sandbox.events_after(0).into_iter().any(|event| {
        matches!(
            event.kind,
            EventKind::Fault {
                fault: Fault::PayFailBalance,
                ..
            }
        )
    });
    assert!(told, "no request shows it, so an event does");
}

#[tokio::test]
async fn each_bad_signature_is_noticed_by_the_client() {
    let (sandbox, merchant) = start().await;
    merchant.post(NATIVE, &direct_order("native", NUMBER)).await;
    for fault in Fault::CATALOGUE
        .iter()
        .map(|info| info.example)
        .filter(|fault| fault.place() == FaultPlace::Message && fault.is_forgery())
    {
        sandbox.fault(fault.on("GET /v3/pay/**"));
        let reply = merchant.get(&query()).await;
        assert_eq!(reply.status, StatusCode::OK);
        let outcome = merchant.verify(&reply).await;
        assert!(outcome.is_err(), "{fault}");
        assert_eq!(sandbox.requests().pop().unwrap().faults, [fault]);
        // Once, and then no more.
        let reply = merchant.get(&query()).await;
        merchant.verify(&reply).await.unwrap();
    }
    sandbox.fault(Fault::OtherResponse.on("GET /v3/pay/**"));
    let earlier = merchant.get(&query()).await;
    assert!(matches!(
        merchant.verify(&earlier).await,
        Ok(()) | Err(VerifyError::TooOld { .. })
    ));
}

#[tokio::test]
async fn spoiled_payloads_are_well_signed() {
    let (sandbox, merchant) = start().await;
    merchant.post(NATIVE, &direct_order("native", NUMBER)).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let get = async |fault: Fault| {
        sandbox.fault(fault);
        let reply = merchant.get(&query()).await;
        merchant.verify(&reply).await.unwrap();
        reply.json()
    };
    let sound = get(Fault::Delay(Duration::from_millis(1))).await;
    assert!(get(Fault::UnknownField).await["sandbox_unknown_field"].is_object());
    assert_ne!(get(Fault::UnknownEnum).await["trade_state"], sound["trade_state"]);
    assert_eq!(get(Fault::NumberAsString).await["amount"]["total"], "990");
}

#[tokio::test]
async fn connections_break_in_each_way() {
    let (sandbox, merchant) = start().await;
    let order = direct_order("native", NUMBER);
    for fault in [
        Fault::ResetBeforeCommit,
        Fault::Reset,
        Fault::TruncateBody,
        Fault::WrongContentLength,
    ] {
        sandbox.fault(fault);
        let merchant = merchant.clone();
        let order = order.clone();
        // The helper panics when a response does not arrive whole.
        let call = tokio::spawn(async move { merchant.post(NATIVE, &order).await });
        assert!(call.await.is_err(), "{fault}");
        assert_eq!(
            sandbox.order(NUMBER).is_some(),
            fault != Fault::ResetBeforeCommit,
            "{fault}"
        );
    }
    sandbox.fault(Fault::Drip(Duration::from_millis(1)));
    let reply = merchant.post(NATIVE, &order).await;
    merchant.verify(&reply).await.unwrap();
    sandbox.fault(Fault::HangBeforeCommit);
    let other = direct_order("native", "demo-0002");
    let call = merchant.post(NATIVE, &other);
    assert!(
        tokio::time::timeout(Duration::from_millis(200), call)
            .await
            .is_err()
    );
    assert!(sandbox.order("demo-0002").is_none());
}

#[tokio::test]
async fn a_notification_is_lost_then_told_and_the_attempts_say_so() {
    let shop = Shop::start(|_, _| 204).await;
    let (sandbox, merchant) = start().await;
    with_header(&merchant, &order(NUMBER, &shop.url), "lost;times=2").await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let notification = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    assert_eq!(shop.arrivals().len(), 1);
    let outcomes: Vec<bool> = notification
        .attempts
        .iter()
        .map(|attempt| attempt.outcome == AttemptOutcome::Lost && attempt.faults == [Fault::Lost])
        .collect();
    assert_eq!(outcomes, [true, true, false]);
}

#[tokio::test]
async fn a_notification_comes_many_times_one_after_the_other_and_at_once() {
    for fault in [Fault::Duplicate(4), Fault::Concurrent(5)] {
        let shop = Shop::start(|_, _| 204).await;
        let (sandbox, merchant) = start().await;
        merchant.post(NATIVE, &order(NUMBER, &shop.url)).await;
        sandbox.fault(fault);
        sandbox.pay(NUMBER, Buyer::Alice).unwrap();
        sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
        sandbox.clock().run_until_idle().await.unwrap();
        let arrivals = shop.arrivals();
        assert_eq!(arrivals.len(), 5, "{fault}");
        let ids: std::collections::HashSet<Value> = arrivals
            .iter()
            .map(|arrival| serde_json::from_slice::<Value>(&arrival.body).unwrap()["id"].clone())
            .collect();
        assert_eq!(ids.len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_notification_can_be_faster_than_the_response_of_the_call() {
    let shop = Shop::start(|_, _| 204).await;
    let (sandbox, merchant) = start().await;
    let reply = with_header(&merchant, &order(NUMBER, &shop.url), "before-api-response").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(shop.arrivals().len(), 1, "told before the response");
    assert!(sandbox.order(NUMBER).unwrap().is_paid());
}

#[tokio::test]
async fn a_notification_tells_lies_under_a_good_signature() {
    let shop = Shop::start(|_, _| 400).await;
    let (sandbox, merchant) = start().await;
    merchant.post(NATIVE, &order(NUMBER, &shop.url)).await;
    sandbox.fault(Fault::WrongAmount.on_event("TRANSACTION.*"));
    sandbox.fault(Fault::WrongMchid);
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    shop.gets(3).await;
    let mut said = Vec::new();
    for arrival in &shop.arrivals()[..3] {
        let (_, resource) = opened_with(&sandbox, arrival, DEMO_API_V3_KEY).await;
        said.push((
            resource["amount"]["total"].as_i64().unwrap(),
            resource["mchid"].as_str().unwrap().to_owned(),
        ));
    }
    assert_eq!(said[0].0, 991);
    assert_eq!(said[2], (990, "1900000001".to_owned()));
    assert!(said.iter().any(|(_, mchid)| mchid != "1900000001"));
}

#[tokio::test]
async fn a_shop_that_accepts_a_forgery_is_linted() {
    let shop = Shop::start(|_, _| 204).await;
    let (sandbox, merchant) = start().await;
    merchant.post(NATIVE, &order(NUMBER, &shop.url)).await;
    sandbox.fault(Fault::OtherKey.on_event("TRANSACTION.SUCCESS"));
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    let lint = sandbox
        .take_lints()
        .into_iter()
        .find(|lint| lint.kind() == LintKind::AcceptedForgedNotification)
        .unwrap();
    assert!(lint.kind().is_fatal());
}

#[tokio::test]
async fn a_payment_can_be_reversed() {
    let (sandbox, merchant) = start().await;
    let header = "pay-then-reverse";
    with_header(&merchant, &direct_order("native", NUMBER), header).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    assert_eq!(sandbox.order(NUMBER).unwrap().state, OrderState::Revoked);
    let response = merchant.get(&query()).await.json();
    assert_eq!(response["trade_state"], "REVOKED");
}

#[tokio::test]
async fn rules_are_listed_counted_and_taken_back() {
    let (sandbox, merchant) = start().await;
    let first = sandbox.fault(Fault::Status(503).on("GET /v3/pay/**").always());
    let second = sandbox.fault(Fault::Status(500).on("POST /v3/refund/**"));
    assert_eq!(
        merchant.get(&query()).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        merchant.get(&query()).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let counts: Vec<(u64, u64)> = sandbox
        .faults()
        .iter()
        .map(|rule| (rule.id(), rule.fired()))
        .collect();
    assert_eq!(counts, [(first, 2), (second, 0)]);
    assert!(sandbox.remove_fault(first) && !sandbox.remove_fault(first));
    assert_eq!(merchant.get(&query()).await.status, StatusCode::NOT_FOUND);
    sandbox.clear_faults();
    assert!(sandbox.faults().is_empty());
}

#[tokio::test]
async fn an_order_can_be_forced_into_states_that_no_button_leads_to() {
    let (sandbox, merchant) = start().await;
    merchant.post(NATIVE, &direct_order("native", NUMBER)).await;
    for (state, word) in [
        (OrderState::UserPaying, "USERPAYING"),
        (OrderState::PayError, "PAYERROR"),
        (OrderState::Revoked, "REVOKED"),
    ] {
        assert_eq!(sandbox.force_order(NUMBER, state).unwrap().state, state);
        let response = merchant.get(&query()).await;
        merchant.verify(&response).await.unwrap();
        assert_eq!(response.json()["trade_state"], word);
    }
    assert!(sandbox.force_order("none", OrderState::Revoked).is_none());
}
