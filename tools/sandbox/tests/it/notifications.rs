//! Notifications: what arrives at a shop, and what happens until it is acknowledged.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use wechatpay_core::{
    api::transactions::Transaction,
    keys::PinnedKeys,
    notify::NotificationReceiver,
    testing::{DEMO_API_V3_KEY, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{ApiV3Key, Mchid},
    verify::VerifyError,
};
use wechatpay_sandbox::{
    AttemptOutcome, Buyer, EventKind, LintKind, NotificationState, RetrySchedule, Sandbox, SandboxBuilder,
    Step,
};

use crate::support::{Arrival, Merchant, SHORT, Shop, partner_order, public_key, until};

const NUMBER: &str = "demo-0001";

/// As fast as the network allows, and as often as the platform.
fn hasty() -> SandboxBuilder {
    Sandbox::builder().retry(RetrySchedule::real().scaled(0.000_1))
}

async fn place(sandbox: &Sandbox, notify_url: &str) {
    let mut order = partner_order("native", NUMBER);
    order["notify_url"] = notify_url.into();
    let reply = Merchant::new(sandbox)
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
}

fn receiver() -> NotificationReceiver {
    NotificationReceiver::builder(
        Mchid::parse(DEMO_MCHID).unwrap(),
        ApiV3Key::parse(DEMO_API_V3_KEY).unwrap(),
        Arc::new(PinnedKeys::new([public_key()])),
    )
    .build()
    .unwrap()
}

#[tokio::test]
async fn a_payment_is_notified_as_the_platform_does() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = hasty().start().await.unwrap();
    place(&sandbox, &shop.url).await;
    let order = sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let notification = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();

    let arrivals = shop.arrivals();
    assert_eq!(arrivals.len(), 1);
    let arrival = &arrivals[0];
    for (name, value) in [
        ("user-agent", "Mozilla/4.0"),
        ("accept", "*/*"),
        ("connection", "Keep-Alive"),
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("content-type", "application/json"),
        ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
    ] {
        assert_eq!(arrival.header(name), value, "{name}");
    }
    let verified = receiver()
        .begin("POST", arrival.pairs())
        .unwrap()
        .finish(arrival.body.clone())
        .await
        .unwrap();
    assert_eq!(verified.id(), notification.id);
    assert_eq!(verified.id().len(), 36);
    let payment = verified.decode::<Transaction>().unwrap();
    let payment = payment.resource();
    assert_eq!(payment.out_trade_no, NUMBER);
    assert_eq!(payment.sub_mchid.as_ref().unwrap(), &DEMO_SUB_MCHID);
    assert_eq!(
        payment.transaction_id.as_ref().unwrap().as_str(),
        order.transaction_id.unwrap()
    );
    assert_eq!(payment.amount.as_ref().unwrap().total.unwrap().get(), 990);

    let envelope: serde_json::Value = serde_json::from_slice(&arrival.body).unwrap();
    assert_eq!(envelope["resource"]["associated_data"], "transaction");
    assert_eq!(envelope["resource"]["nonce"].as_str().unwrap().len(), 12);
    let timeline = sandbox.order(NUMBER).unwrap().timeline;
    assert_eq!(timeline.last().unwrap().step, Step::Acknowledged);
    assert_eq!(notification.attempts.len(), 1);
}

#[tokio::test]
async fn a_notification_is_sent_until_it_is_acknowledged_and_signed_anew_each_time() {
    let shop = Shop::start(|number, _| match number {
        1 => 500,
        2 => 302,
        3 => 202,
        _ => 200,
    })
    .await;
    let sandbox = hasty().start().await.unwrap();
    place(&sandbox, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let notification = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    let outcomes: Vec<Option<u16>> = notification
        .attempts
        .iter()
        .map(|attempt| attempt.outcome.status().map(|status| status.as_u16()))
        .collect();
    assert_eq!(outcomes, [Some(500), Some(302), Some(202), Some(200)]);
    assert_eq!(&notification.attempts[0].reply[..], b"{\"code\":\"X\"}");

    let arrivals = shop.arrivals();
    assert_eq!(arrivals.len(), 4, "a redirect is not followed");
    for arrival in &arrivals {
        let verified = receiver()
            .begin("POST", arrival.pairs())
            .unwrap()
            .finish(arrival.body.clone())
            .await
            .unwrap();
        assert_eq!(verified.id(), notification.id);
    }
    let distinct = |part: fn(&Arrival) -> String| {
        let mut parts: Vec<String> = arrivals.iter().map(part).collect();
        parts.sort();
        parts.dedup();
        parts.len()
    };
    assert_eq!(
        distinct(|arrival| arrival.header("wechatpay-nonce").to_owned()),
        4
    );
    assert_eq!(
        distinct(|arrival| arrival.header("wechatpay-signature").to_owned()),
        4
    );
    assert_eq!(distinct(|arrival| format!("{:?}", arrival.body)), 4);
}

#[tokio::test]
async fn after_sixteen_attempts_the_platform_gives_up() {
    let shop = Shop::start(|_, _| 503).await;
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::custom([Duration::from_millis(1); 15]))
        .start()
        .await
        .unwrap();
    place(&sandbox, &shop.url).await;
    let mut events = sandbox.events();
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let mut attempts = 0;
    while attempts < 16 {
        if let EventKind::Notified { attempt, .. } = events.next().await.unwrap().kind {
            attempts += 1;
            assert_eq!(attempt, attempts);
        }
    }
    let state = || sandbox.notifications()[0].state;
    until(|| state() != NotificationState::Pending).await;
    assert_eq!(state(), NotificationState::GivenUp);
    assert_eq!(shop.arrivals().len(), 16);

    // By hand it can still be sent.
    let id = sandbox.notifications()[0].id.clone();
    let attempt = sandbox.send_again(&id).await.unwrap();
    assert_eq!(
        attempt.outcome,
        AttemptOutcome::Refused(StatusCode::SERVICE_UNAVAILABLE)
    );
    assert_eq!(shop.arrivals().len(), 17);
    assert!(sandbox.send_again("no such id").await.is_none());
}

#[tokio::test]
async fn a_shop_that_takes_too_long_or_is_not_there_has_not_acknowledged() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}/notify", listener.local_addr().unwrap());
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .notify_timeout(Duration::from_millis(100))
        .start()
        .await
        .unwrap();
    place(&sandbox, &silent).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let error = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap_err();
    assert_eq!(error.outcomes(), ["no response in time"]);

    drop(listener);
    let id = sandbox.notifications()[0].id.clone();
    let attempt = sandbox.send_again(&id).await.unwrap();
    assert!(
        matches!(attempt.outcome, AttemptOutcome::Failed(_)),
        "{attempt:?}"
    );
}

#[tokio::test]
async fn nothing_is_sent_to_other_machines_unless_they_are_allowed() {
    for (url, word) in [
        ("http://shop.example.com/notify", "--allow-notify-host"),
        ("http://127.0.0.1.example.com/notify", "--allow-notify-host"),
        ("http://127.0.0.1:80@192.0.2.1/notify", "allow_notify_host"),
        ("http://169.254.169.254/latest", "allow_notify_host"),
        ("https://shop.example.com/notify", "--allow-notify-host"),
    ] {
        let sandbox = Sandbox::builder()
            .retry(RetrySchedule::none())
            .start()
            .await
            .unwrap();
        place(&sandbox, url).await;
        sandbox.pay(NUMBER, Buyer::Alice).unwrap();
        let error = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap_err();
        assert!(error.outcomes()[0].contains(word), "{url}: {error}");
        assert_eq!(sandbox.counters().notification_attempts, 0);
    }
    // Allowed, and not there: now it is tried.
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .allow_notify_host("shop.invalid")
        .notify_timeout(Duration::from_millis(500))
        .start()
        .await
        .unwrap();
    place(&sandbox, "http://shop.invalid/notify").await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let error = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap_err();
    assert!(!error.outcomes()[0].contains("not sent"), "{error}");
}

#[tokio::test]
async fn a_probe_that_is_refused_is_followed_by_the_real_thing_at_once() {
    let shop = Shop::start(|_, arrival| {
        let is_probe = arrival
            .header("wechatpay-signature")
            .starts_with("WECHATPAY/SIGNTEST/");
        if is_probe { 401 } else { 204 }
    })
    .await;
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .signtest(1.0)
        .start()
        .await
        .unwrap();
    place(&sandbox, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let notification = sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    let probes: Vec<bool> = notification
        .attempts
        .iter()
        .map(|attempt| attempt.is_forged)
        .collect();
    assert_eq!(probes, [true, false]);
    // The client sees it for what it is.
    let error = receiver().begin("POST", shop.arrivals()[0].pairs()).unwrap_err();
    assert!(format!("{error:?}").contains("Probe"), "{error:?}");
    assert!(matches!(
        Merchant::new(&sandbox)
            .verify(&crate::support::Reply {
                status: StatusCode::OK,
                headers: shop.arrivals()[0].headers.clone(),
                body: shop.arrivals()[0].body.clone(),
            })
            .await,
        Err(VerifyError::Probe)
    ));
    assert!(sandbox.lints().iter().all(|lint| !lint.kind().is_fatal()));
}

#[tokio::test]
async fn a_shop_that_acknowledges_a_probe_does_not_verify_and_that_is_fatal() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::none())
        .signtest(1.0)
        .start()
        .await
        .unwrap();
    place(&sandbox, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    let fatal: Vec<_> = sandbox
        .take_lints()
        .into_iter()
        .filter(|lint| lint.kind().is_fatal())
        .collect();
    assert_eq!(fatal.len(), 1);
    assert_eq!(fatal[0].kind(), LintKind::AcceptedForgedNotification);
    assert_eq!(fatal[0].out_trade_no.as_deref(), Some(NUMBER));
}

#[tokio::test]
async fn notifications_that_are_switched_off_are_withheld_until_a_retry() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder()
        .notify_enabled(false)
        .retry(RetrySchedule::custom([Duration::from_millis(20); 500]))
        .start()
        .await
        .unwrap();
    place(&sandbox, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let error = sandbox
        .wait_acknowledged(NUMBER, Duration::from_millis(200))
        .await
        .unwrap_err();
    assert!(
        error
            .outcomes()
            .iter()
            .all(|outcome| outcome.contains("switched off"))
    );
    assert!(shop.arrivals().is_empty());
    sandbox.set_notify_enabled(true);
    sandbox.wait_acknowledged(NUMBER, SHORT).await.unwrap();
    assert_eq!(shop.arrivals().len(), 1);
}

#[tokio::test]
async fn retries_end_with_the_sandbox() {
    let shop = Shop::start(|_, _| 500).await;
    let sandbox = Sandbox::builder()
        .retry(RetrySchedule::custom([Duration::from_millis(10); 10_000]))
        .start()
        .await
        .unwrap();
    place(&sandbox, &shop.url).await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    shop.gets(3).await;
    sandbox.shutdown().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let count = shop.arrivals().len();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(shop.arrivals().len(), count);
}

#[tokio::test]
async fn debug_says_nothing_about_the_payer() {
    let sandbox = Sandbox::builder().notify_enabled(false).start().await.unwrap();
    place(&sandbox, "http://127.0.0.1:9/notify").await;
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    let openid = Buyer::Alice.openid(wechatpay_core::testing::DEMO_APPID);
    let notification = sandbox.notifications().remove(0);
    assert!(notification.resource.contains(&openid));
    let debug = format!("{notification:?} {sandbox:?} {:?}", sandbox.requests());
    assert!(!debug.contains(&openid));
    assert!(!debug.contains("WECHATPAY2-SHA256-RSA2048 mchid"));
}
