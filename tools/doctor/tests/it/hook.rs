//! Log lines of the doctor as the observer of a verifier.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};
use wechatpay_core::{
    Clock,
    testing::{DemoKey, FakePlatform},
    verify::{Verifier, VerifyError},
};
use wechatpay_doctor::{Doctor, KeyRole, Limits};

use crate::kit::known;

/// Captures the log lines of the doctor at one level.
struct Log {
    level: tracing::Level,
    lines: Arc<Mutex<Vec<String>>>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "wechatpay::doctor" && *metadata.level() <= self.level
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.lines.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

const SENT: &[u8] = br#"{"id": "1", "payer": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#;

fn platform() -> FakePlatform {
    FakePlatform::new().clock(Clock::fixed(1_700_000_000))
}

/// Verifies a notification with a changed body, with a log at this level.
async fn log_of(level: tracing::Level) -> Vec<String> {
    log_by(Doctor::new(), level, platform().sign(SENT)).await
}

/// Verifies a message with this doctor and these signature headers.
async fn log_by(doctor: Doctor, level: tracing::Level, headers: Vec<(String, Vec<u8>)>) -> Vec<String> {
    let verifier = Verifier::new(platform().key_store())
        .clock(Clock::fixed(1_700_000_000))
        .observer(Arc::new(doctor));
    let pairs = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_slice()));
    let keyed = verifier.begin(pairs).unwrap().key().await.unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Log {
        level,
        lines: Arc::clone(&lines),
    };
    let parsed = Bytes::from_static(br#"{"id":"1","payer":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#);
    // With a second dispatcher `tracing` does not cache the interest of another test's thread.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let outcome = tracing::subscriber::with_default(log, || keyed.verify(parsed));
    assert!(matches!(outcome, Err(VerifyError::SignatureInvalid { .. })));
    lines.lock().unwrap().clone()
}

#[tokio::test]
async fn the_log_names_the_change_of_the_body_and_not_its_text() {
    let lines = log_of(tracing::Level::DEBUG).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    println!("{}", lines[0]);
    for shown in ["body-changed-rewritten", "proven", "verify the raw bytes"] {
        assert!(lines[0].contains(shown), "{}", lines[0]);
    }
    assert!(!lines[0].contains("oUpF8u"), "{}", lines[0]);
    assert!(log_of(tracing::Level::INFO).await.is_empty());
}

#[tokio::test]
async fn an_observing_doctor_tries_its_own_keys_too() {
    let platform = platform();
    let (named, _) = platform.signing_key();
    let other = platform.demo_key(DemoKey::Merchant);
    let headers = FakePlatform::sign_with(&named, other.as_ref(), "1700000000", "nonce", SENT);
    let doctor = Doctor::new().key(KeyRole::OwnMerchant, known("our own key", DemoKey::Merchant));
    let lines = log_by(doctor, tracing::Level::DEBUG, headers).await;
    assert!(
        lines[0].contains("other-key") && lines[0].contains("our own key"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn an_observing_doctor_uses_its_own_limits() {
    let doctor = Doctor::new().limits(Limits::frugal().candidates(0));
    let lines = log_by(doctor, tracing::Level::DEBUG, platform().sign(SENT)).await;
    assert!(
        lines[0].contains("message-differs") && !lines[0].contains("body-changed"),
        "{lines:?}"
    );
}
