//! An app on the system's time against a sandbox on any clock.
//!
//! Payments, a day that passes, and certificates that rotate after the clock was turned.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Extension, Router, routing::post};
use wechatpay_axum::{Ack, Notification, NotificationLayer, WechatPay};
use wechatpay_core::{
    Clock,
    api::{
        prepay::PartnerNativePrepay,
        transactions::{self, Transaction},
    },
    crypto::x509::PlatformCertificate,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::Fen,
};
use wechatpay_sandbox::{Buyer, Case, Fault, KeyMode, RetrySchedule, Sandbox, SandboxBuilder};

const SHORT: Duration = Duration::from_secs(20);
const DAY: i64 = 24 * 3600;

/// An app made of the sandbox's settings and nothing else.
struct App {
    wechatpay: WechatPay,
    notify_url: String,
    paid: Arc<AtomicUsize>,
    _refresh: Option<wechatpay_core::keys::RefreshGuard>,
}

impl App {
    async fn start(sandbox: &Sandbox) -> Self {
        async fn paid(paid: Extension<Arc<AtomicUsize>>, _: Notification<Transaction>) -> Ack {
            paid.fetch_add(1, Ordering::SeqCst);
            Ack
        }
        let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
        let refresh = wechatpay.spawn_refresh();
        let count = Arc::<AtomicUsize>::default();
        let app = Router::new()
            .route("/notify", post(paid))
            .route_layer(NotificationLayer::new(wechatpay.receiver().clone()))
            .layer(Extension(Arc::clone(&count)));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let notify_url = format!("http://{}/notify", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        tokio::time::timeout(SHORT, async {
            while !wechatpay.is_ready() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
        Self {
            wechatpay,
            notify_url,
            paid: count,
            _refresh: refresh,
        }
    }

    /// An order, its payment, and the notification of it; then a query.
    async fn sell(&self, sandbox: &Sandbox, name: &str) {
        let number = format!("ORDER-{name}");
        let number = number.as_str();
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "x",
            number.parse().unwrap(),
            self.notify_url.clone(),
            Fen::from(100),
        );
        let client = self.wechatpay.client();
        client.call(&order).await.unwrap();
        let before = self.paid.load(Ordering::SeqCst);
        sandbox.pay(number, Buyer::Alice).unwrap();
        sandbox.wait_acknowledged(number, SHORT).await.unwrap();
        assert_eq!(self.paid.load(Ordering::SeqCst), before + 1, "{number}");
        self.query(number).await.unwrap();
    }

    async fn query(&self, number: &str) -> Result<(), wechatpay_tower::CallError> {
        let query = transactions::PartnerQueryByOutTradeNo::new(
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            number.parse().unwrap(),
        );
        self.wechatpay.client().call(&query).await.map(|_| ())
    }
}

/// Every way to have a clock that is not the system's.
fn builders() -> [(&'static str, SandboxBuilder); 8] {
    let now = Clock::system().now();
    let shifted = |seconds: i64| Clock::from_fn(move || Clock::system().now() + seconds);
    let builder = || {
        Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .retry(RetrySchedule::none())
    };
    [
        ("manual", builder().manual_clock()),
        ("manual, long ago", builder().manual_clock_at(1_000_000_000)),
        ("manual, now", builder().manual_clock_at(now)),
        (
            "manual, far ahead",
            builder().manual_clock_at(now + 20 * 365 * DAY),
        ),
        ("adjustable", builder().adjustable_clock()),
        ("scaled", builder().scaled_clock(1440.0)),
        (
            "ahead",
            builder().clock(shifted(26 * 3600)).wire_clock(Clock::system()),
        ),
        (
            "behind",
            builder().clock(shifted(-26 * 3600)).wire_clock(Clock::system()),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_knows_no_clock_works_with_every_clock() {
    for (name, builder) in builders() {
        println!("{name}");
        let sandbox = builder.keys(KeyMode::Mixed).start().await.unwrap();
        let app = App::start(&sandbox).await;
        app.sell(&sandbox, "before").await;
        if sandbox.clock().is_adjustable() {
            sandbox.clock().next_day_at("10:05").await.unwrap();
            app.sell(&sandbox, "after").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_follow_the_wire_clock_at_each_step_of_a_rotation() {
    for (name, builder) in builders() {
        println!("{name}");
        let sandbox = builder.keys(KeyMode::Certificate).start().await.unwrap();
        let (clock, rotation) = (sandbox.clock(), sandbox.rotation());
        let app = App::start(&sandbox).await;
        app.sell(&sandbox, "first").await;
        for (step, advance) in [(1, 4), (2, 26 * 3600)] {
            if clock.is_adjustable() {
                clock.advance(Duration::from_secs(advance)).await.unwrap();
            }
            rotation.announce().unwrap();
            // It downloads the list as it is now; a running one would wait a while between two downloads.
            let app = App::start(&sandbox).await;
            app.sell(&sandbox, &format!("announced-{step}")).await;
            rotation.ramp(50.0).unwrap();
            for turn in 0..2 {
                app.sell(&sandbox, &format!("ramp-{step}-{turn}")).await;
            }
            rotation.finish().unwrap();
            app.sell(&sandbox, &format!("finished-{step}")).await;
            rotation.expire_old().unwrap();
            app.sell(&sandbox, &format!("expired-{step}")).await;
        }
        // At once, as the button of the dashboard does it.
        sandbox.fault(Fault::RotateNow);
        // The response to this is signed with it, before the app can know it.
        let _ = app.query("ORDER-first").await;
        App::start(&sandbox).await.sell(&sandbox, "after-at-once").await;
        assert_eq!(rotation.listed().len(), 2);
        // And in another sandbox that goes on from here.
        let snapshot = sandbox.snapshot();
        let other = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .keys(KeyMode::Certificate)
            .manual_clock()
            .restore(snapshot);
        let other = other.start().await.unwrap();
        App::start(&other).await.sell(&other, "restored").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_certificate_has_expired_by_both_clocks() {
    for (name, builder) in builders() {
        let sandbox = builder.keys(KeyMode::Certificate).start().await.unwrap();
        sandbox.fault(Fault::CertsExpired.always());
        let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
        let order = transactions::PartnerQueryByOutTradeNo::new(
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "ORDER-none".parse().unwrap(),
        );
        assert!(wechatpay.client().call(&order).await.is_err(), "{name}");
        assert!(!wechatpay.is_ready(), "{name}");
    }
}

/// The certificate of the merchant itself, which other SDKs read from the file.
#[tokio::test]
async fn the_merchants_certificate_is_valid_by_both_clocks() {
    let folder = wechatpay_tests::tools::scratch("clocks");
    for (name, builder) in builders() {
        let sandbox = builder.start().await.unwrap();
        sandbox.write_env(&folder).unwrap();
        let pem = std::fs::read_to_string(folder.join("apiclient_cert.pem")).unwrap();
        let certificate = PlatformCertificate::from_pem(&pem).unwrap();
        let (from, until) = (
            certificate.not_before().unix_seconds(),
            certificate.not_after().unix_seconds(),
        );
        for now in [Clock::system().now(), sandbox.clock().now()] {
            assert!(from < now && now < until, "{name}: {from} {now} {until}");
        }
    }
}

/// Its deliveries are signed by the wire clock too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acceptance_run_passes_on_a_turned_clock() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .manual_clock()
        .keys(KeyMode::Mixed)
        .start()
        .await
        .unwrap();
    let app = App::start(&sandbox).await;
    sandbox.clock().next_day_at("10:05").await.unwrap();
    sandbox.rotation().announce().unwrap();
    sandbox.rotation().finish().unwrap();
    let report = sandbox
        .acceptance(&app.notify_url)
        .only([Case::Stranger, Case::OtherTime, Case::BothKeys])
        .await
        .unwrap();
    report.assert_all_passed();
    assert_eq!(report.score(), (4, 4), "{report}");
}
