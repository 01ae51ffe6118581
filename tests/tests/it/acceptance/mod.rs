//! The sandbox's acceptance run: good receivers pass, each planted flaw is named.

mod front;
mod handler;

use std::{
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::post};
use http::StatusCode;
use serde_json::json;
use wechatpay_sandbox::{
    AcceptanceError, AcceptanceReport, Buyer, Case, KeyMode, Language, Outcome, Sandbox, SkipReason,
};
use wechatpay_tests::shops::{Framework, ShopProcess};

use handler::{Flaw, Shop, queries};

async fn sandbox() -> Sandbox {
    Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .keys(KeyMode::Mixed)
        .start()
        .await
        .unwrap()
}

/// Asks the shop how often it handed the goods of an order over.
fn fulfilled(shop: &Arc<Shop>) -> impl Fn(String) -> Ready<Option<u64>> + use<> {
    let shop = Arc::clone(shop);
    move |number| ready(shop.fulfilled(&number))
}

async fn judged(sandbox: &Sandbox, flaw: Option<Flaw>) -> AcceptanceReport {
    let shop = Shop::start(sandbox, flaw).await;
    let orders = Arc::clone(&shop);
    let acceptance = sandbox
        .acceptance(shop.url())
        .order(move || {
            let shop = Arc::clone(&orders);
            async move { shop.order().await }
        })
        .effect(fulfilled(&shop));
    // Who is slow or never asks is found out soon; the others may take their time on a busy machine.
    let acceptance = match flaw {
        Some(Flaw::Slow) => acceptance,
        _ => acceptance.deadline(Duration::from_secs(60)),
    };
    let acceptance = match flaw {
        Some(Flaw::NeverQueries) => acceptance.query_within(Duration::from_secs(5)),
        _ if queries(flaw) => acceptance.query_within(Duration::from_secs(60)),
        _ => acceptance,
    };
    acceptance.await.unwrap()
}

fn failed(report: &AcceptanceReport) -> Vec<&'static str> {
    report.failures().map(|result| result.case.id()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_receiver_passes_every_case() {
    let report = judged(&sandbox().await, None).await;
    println!("{report}");
    report.assert_all_passed();
    assert_eq!(report.score(), (17, 17));
    let skipped = report
        .results()
        .iter()
        .any(|result| matches!(result.outcome, Outcome::Skipped(_)));
    assert!(!skipped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_22_flaws_is_found_and_nothing_else() {
    // What each flaw makes fail. Where a genuine payment is refused, the cases that build on one are skipped.
    let flaws: [(Flaw, &[&str]); 22] = [
        (Flaw::NoVerification, &["A4", "A6", "A7", "A8"]),
        (Flaw::OnlyIfSigned, &["A8"]),
        (Flaw::AcceptsProbe, &["A4"]),
        (Flaw::SignsOverParsedBody, &["A1", "A17"]),
        (Flaw::AnySerial, &["A6", "A14"]),
        (Flaw::NoWindow, &["A7"]),
        (Flaw::CrashesWithoutHeaders, &["A8"]),
        (Flaw::AcknowledgesFirst, &["A9"]),
        (Flaw::AlwaysOk, &["A4", "A5", "A6", "A7", "A8", "A9", "A15"]),
        (Flaw::NoMemory, &["A2", "A3"]),
        (Flaw::NoLock, &["A3"]),
        (Flaw::NoAmount, &["A10"]),
        (Flaw::NoPayee, &["A11"]),
        (Flaw::StrictEnums, &["A12"]),
        (Flaw::CrashesOnUnknownKinds, &["A12"]),
        (Flaw::CrashesOnEarlyRefunds, &["A13"]),
        (Flaw::PublicKeyOnly, &["A14"]),
        (Flaw::NoBodyLimit, &["A15"]),
        (Flaw::NoBodyDeadline, &["A15"]),
        (Flaw::NeverQueries, &["A16"]),
        (Flaw::NeedsLogin, &["A1", "A17"]),
        (Flaw::Slow, &["A1"]),
    ];
    let sandbox = sandbox().await;
    let places = Arc::new(tokio::sync::Semaphore::new(6));
    let mut running = tokio::task::JoinSet::new();
    for (flaw, wanted) in flaws {
        let (sandbox, places) = (sandbox.clone(), Arc::clone(&places));
        running.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            (flaw, wanted, judged(&sandbox, Some(flaw)).await)
        });
    }
    let mut wrong = Vec::new();
    for (flaw, wanted, report) in running.join_all().await {
        let found = failed(&report);
        println!("{flaw:?}: {}", found.join(" "));
        if found != wanted {
            wrong.push(format!("{flaw:?}: wanted {wanted:?}, found {found:?}\n{report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_shops_pass_the_acceptance_run() {
    let sandbox = sandbox().await;
    for framework in Framework::ALL {
        let shop = ShopProcess::start_at(framework, &sandbox.env_lines(), &[]).await;
        shop.wait_ready().await;
        let report = sandbox
            .acceptance(format!("{}/wechatpay/notify", shop.url()))
            .order_url(
                format!("{}/orders", shop.url()),
                json!({"scene": "native", "total": 100, "description": "tea"}),
            )
            .effect_url(format!("{}/orders/{{out_trade_no}}", shop.url()))
            .await
            .unwrap();
        println!("{}\n{report}", framework.binary());
        report.assert_all_passed();
        // All of its orders are paid or open; as a stranger to them it is tried by another sandbox with the same keys.
        let stranger = self::sandbox().await;
        let acceptance = stranger.acceptance(format!("{}/wechatpay/notify", shop.url()));
        assert_never_unsafe(&acceptance.await.unwrap());
        // The shop queries when it is told to; nothing here tells it.
        let unheard = report.result(Case::Unheard).unwrap();
        assert!(matches!(unheard.outcome, Outcome::Skipped(_)));
    }
}

/// Checks a good shop without orders, which refuses a made-up one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_receiver_without_orders_is_never_called_unsafe() {
    let sandbox = sandbox().await;
    let mut urls = vec![Shop::start(&sandbox, None).await.url()];
    // And shops that refuse an unknown order with other statuses.
    for status in [400, 403, 404, 409, 500, 503] {
        urls.push(refusing(&sandbox, status).await);
    }
    for report in reports(&sandbox, urls).await {
        assert_never_unsafe(&report);
    }
}

fn assert_never_unsafe(report: &AcceptanceReport) {
    println!("{report}\n{}", report.text(Language::Chinese));
    assert!(!report.is_fatal(), "{report}");
    assert_eq!(report.failures().count(), 0, "{report}");
    if report.is_unfinished() {
        let text = report.to_string();
        assert!(text.contains("the signature was accepted"), "{text}");
        assert!(text.contains("--order-url"), "{text}");
        assert!(text.contains("nothing is known of genuine payments"), "{text}");
        let chinese = report.text(Language::Chinese);
        assert!(
            chinese.contains("签名已通过") && chinese.contains("未能完整判定"),
            "{chinese}"
        );
        assert_eq!(report.to_json()["unfinished"], true);
        for case in [Case::Genuine, Case::Repeated, Case::OtherAmount] {
            let outcome = &report.result(case).unwrap().outcome;
            assert!(matches!(outcome, Outcome::Skipped(_)), "{case}: {report}");
        }
        for case in [
            Case::Probe,
            Case::ChangedBody,
            Case::OtherKey,
            Case::MissingHeaders,
        ] {
            assert_eq!(
                report.result(case).unwrap().outcome,
                Outcome::Passed,
                "{case}: {report}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_receiver_without_orders_is_still_unsafe() {
    let sandbox = sandbox().await;
    for (flaw, wanted) in [
        // Take forgeries; the first two refuse them, as everything, for the unknown order.
        (Flaw::NoVerification, &["A1"][..]),
        (Flaw::AcceptsProbe, &["A1"]),
        (Flaw::AlwaysOk, &["A4", "A5", "A6"]),
        // Refuses everything.
        (Flaw::SignsOverParsedBody, &["A1"]),
        (Flaw::NeedsLogin, &["A1", "A17"]),
    ] {
        let shop = Shop::start(&sandbox, Some(flaw)).await;
        let report = sandbox.acceptance(shop.url()).await.unwrap();
        let found = failed(&report);
        assert!(
            report.is_fatal() && wanted.iter().all(|id| found.contains(id)),
            "{flaw:?}: {report}"
        );
    }
    let mut urls = Vec::new();
    for status in [400, 401, 403, 404, 500] {
        urls.push(always(status).await);
    }
    for report in reports(&sandbox, urls).await {
        assert!(failed(&report).contains(&"A1") && report.is_fatal(), "{report}");
        assert!(!report.is_unfinished());
    }
}

/// Tries all of these at once.
async fn reports(sandbox: &Sandbox, urls: Vec<String>) -> Vec<AcceptanceReport> {
    let mut running = tokio::task::JoinSet::new();
    for url in urls {
        running.spawn(sandbox.acceptance(url).run());
    }
    running.join_all().await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unpaid_orders_that_were_seen_are_taken() {
    let sandbox = sandbox().await;
    let shop = Shop::start(&sandbox, None).await;
    for _ in 0..20 {
        shop.order().await.unwrap();
    }
    let report = sandbox
        .acceptance(shop.url())
        .effect(fulfilled(&shop))
        .await
        .unwrap();
    println!("{report}");
    report.assert_all_passed();
    // All but the one that needs to be told how fast the shop queries.
    assert_eq!(report.score(), (16, 16));

    // Where they run out, nothing is made up.
    let shop = Shop::start(&sandbox, None).await;
    let paid = shop.order().await.unwrap();
    sandbox.pay(&paid, Buyer::Alice).unwrap();
    shop.order().await.unwrap();
    let report = sandbox.acceptance(shop.url()).await.unwrap();
    println!("{report}");
    report.assert_all_passed();
    assert_eq!(report.result(Case::Genuine).unwrap().outcome, Outcome::Passed);
    let at_once = &report.result(Case::AtOnce).unwrap().outcome;
    assert!(
        matches!(at_once, Outcome::Skipped(SkipReason::NoOrderLeft)),
        "{report}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_is_tried_over_https() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .ca(front::CA)
        .keys(KeyMode::Mixed)
        .start()
        .await
        .unwrap();
    let shop = Shop::start(&sandbox, None).await;
    let address = front::start(shop.address()).await;
    let url = format!("https://localhost:{}/notify", address.port());
    let orders = Arc::clone(&shop);
    let report = sandbox
        .acceptance(&url)
        .order(move || {
            let shop = Arc::clone(&orders);
            async move { shop.order().await }
        })
        .effect(fulfilled(&shop))
        .await
        .unwrap();
    println!("{report}");
    report.assert_all_passed();
    assert_eq!(report.score(), (16, 16));

    // Notifications go there too.
    let number = shop.order_told_to(&url).await.unwrap();
    sandbox.pay(&number, Buyer::Alice).unwrap();
    sandbox
        .wait_acknowledged(&number, Duration::from_secs(20))
        .await
        .unwrap();

    // Who does not know the CA sends nothing; it may be named for one run.
    let stranger = self::sandbox().await;
    let error = stranger.acceptance(&url).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, AcceptanceError::Unreachable { .. }), "{text}");
    assert!(
        text.contains("UnknownIssuer") && text.contains("--ca FILE"),
        "{text}"
    );
    let report = stranger.acceptance(&url).ca(front::CA).only([]).await.unwrap();
    assert!(report.result(Case::Genuine).is_some());
    assert_eq!(
        stranger.acceptance(&url).ca("x").await.unwrap_err(),
        AcceptanceError::Ca
    );
    let elsewhere = sandbox
        .acceptance("https://staging.example.com/notify")
        .await
        .unwrap_err();
    assert!(
        elsewhere.to_string().contains("--allow-notify-host"),
        "{elsewhere}"
    );
}

/// A receiver that verifies, and rejects every order with this status.
async fn refusing(sandbox: &Sandbox, status: u16) -> String {
    let wechatpay = wechatpay_axum::WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
    let refresh = wechatpay.spawn_refresh();
    while !wechatpay.is_ready() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = StatusCode::from_u16(status).unwrap();
    let app = Router::new()
        .route("/notify", post(async move || status))
        .route_layer(wechatpay_axum::NotificationLayer::new(
            wechatpay.receiver().clone(),
        ));
    serve(app, refresh).await
}

async fn always(status: u16) -> String {
    let status = StatusCode::from_u16(status).unwrap();
    serve(Router::new().route("/notify", post(async move || status)), ()).await
}

async fn serve<T: Send + 'static>(app: Router, keep: T) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let _keep = keep;
        axum::serve(listener, app).await.unwrap();
    });
    url
}
