//! The sandbox's acceptance run: good receivers pass all of it, and each planted flaw is found under its name.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod handler;

use std::{sync::Arc, time::Duration};

use serde_json::json;
use wechatpay_sandbox::{AcceptanceReport, Case, KeyMode, Outcome, Sandbox};
use wechatpay_tests::shops::{Framework, ShopProcess};

use handler::{Flaw, Shop, queries};

async fn sandbox() -> Sandbox {
    Sandbox::builder().keys(KeyMode::Mixed).start().await.unwrap()
}

async fn judged(sandbox: &Sandbox, flaw: Option<Flaw>) -> AcceptanceReport {
    let shop = Shop::start(sandbox, flaw).await;
    let (orders, effects) = (Arc::clone(&shop), Arc::clone(&shop));
    let acceptance = sandbox
        .acceptance(shop.url())
        .order(move || {
            let shop = Arc::clone(&orders);
            async move { shop.order().await }
        })
        .effect(move |number| {
            let times = effects.fulfilled(&number);
            async move { times }
        });
    // Who never asks is found out soon; the others may be slow on a busy machine.
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
    let mut running = tokio::task::JoinSet::new();
    for (flaw, wanted) in flaws {
        let sandbox = sandbox.clone();
        running.spawn(async move { (flaw, wanted, judged(&sandbox, Some(flaw)).await) });
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
async fn the_reference_shops_pass() {
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
        // The shop queries when it is told to; nothing here tells it.
        let unheard = report.result(Case::Unheard).unwrap();
        assert!(matches!(unheard.outcome, Outcome::Skipped(_)));
    }
}
