//! Receivers of many merchants: checks before the lookup, concurrent builds, removals.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use wechatpay_core::{
    Clock,
    notify::{MerchantReceivers, NotificationError, VerifiedNotification},
    testing::{DEMO_MCHID, Delivery, FakePlatform},
};

use super::{NOW, receive, rigs};

#[test]
fn a_directory_builds_one_receiver_per_merchant_and_knows_no_others() {
    for rig in rigs() {
        let built = Arc::new(AtomicUsize::new(0));
        let directory = MerchantReceivers::lazy({
            let (built, platform) = (Arc::clone(&built), rig.platform.clone());
            move |mchid| {
                built.fetch_add(1, Ordering::Relaxed);
                match mchid.as_str() {
                    "1900000001" | "1900000002" => Some(platform.clone().mchid(mchid.clone()).receiver()),
                    // A mistake of the application: it must not respond for somebody else.
                    "1900000003" => Some(platform.receiver()),
                    _ => None,
                }
            }
        });
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for mchid in ["1900000001", "1900000002"] {
                        assert_eq!(directory.get(mchid).unwrap().mchid().as_str(), mchid);
                    }
                });
            }
        });
        assert_eq!(built.load(Ordering::Relaxed), 2, "{}", rig.name);
        for unknown in ["1900000003", "1900000004", "", "../1900000001", "01900000001"] {
            let error = directory.get(unknown).unwrap_err();
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (404, "unknown_merchant"),
                "{}: {unknown}",
                rig.name
            );
        }
        directory.remove(&"1900000001".parse().unwrap());
        assert!(directory.get("1900000001").is_ok(), "{}", rig.name);
    }
}

/// Sends a delivery through a directory, to the merchant in its path.
async fn through(
    directory: &MerchantReceivers,
    delivery: &Delivery,
    mchid: &str,
) -> Result<VerifiedNotification, NotificationError> {
    let pending = directory.begin(&delivery.method, delivery.pairs())?;
    pending.of(Some(mchid)).await?.finish(delivery.body.clone()).await
}

#[tokio::test(start_paused = true)]
async fn a_request_rejected_by_its_headers_starts_no_lookup() {
    for rig in rigs() {
        let built = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&built);
        let directory = MerchantReceivers::lazy(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            None
        })
        .clock(Clock::fixed(NOW));
        let genuine = rig.genuine();
        let bare = Delivery {
            headers: Vec::new(),
            ..genuine.clone()
        };
        let rejected = [
            ("method", genuine.clone().with_method("GET")),
            ("media_type", bare),
            (
                "media_type",
                genuine.clone().with_header("Content-Type", "text/xml"),
            ),
            (
                "encoding",
                genuine.clone().with_header("Content-Encoding", "gzip"),
            ),
            (
                "too_large",
                genuine.clone().with_header("Content-Length", "262145"),
            ),
            (
                "header_missing",
                genuine.clone().without_header("Wechatpay-Nonce"),
            ),
            (
                "header_duplicate",
                genuine.clone().and_header("Wechatpay-Serial", "AB"),
            ),
            ("too_old", rig.builder().signed_at(NOW - 301).build()),
            ("too_new", rig.builder().signed_at(NOW + 301).build()),
            (
                "probe",
                genuine
                    .clone()
                    .with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc"),
            ),
        ];
        for (code, delivery) in rejected {
            let before = directory.counters().get(code);
            let error = through(&directory, &delivery, DEMO_MCHID).await.unwrap_err();
            let alone = receive(&rig.receiver, &delivery).await.unwrap_err();
            assert_eq!((error.code(), error.to_string()), (code, alone.to_string()));
            assert_eq!(error.status(), alone.status());
            assert_eq!(directory.counters().get(code), before + 1);
        }
        assert_eq!(built.load(Ordering::Relaxed), 0, "{}", rig.name);
        assert_eq!(directory.rejected_clock_skew(), Some(-301));

        // Headers in order: looked up once in five seconds, and counted each time.
        for _ in 0..200 {
            let error = through(&directory, &genuine, DEMO_MCHID).await.unwrap_err();
            assert_eq!(error.code(), "unknown_merchant");
        }
        assert_eq!(directory.counters().get("unknown_merchant"), 200);
        assert_eq!(built.load(Ordering::Relaxed), 1, "{}", rig.name);
        tokio::time::advance(std::time::Duration::from_secs(5)).await;
        assert!(through(&directory, &genuine, DEMO_MCHID).await.is_err());
        assert_eq!(built.load(Ordering::Relaxed), 2, "{}", rig.name);
        // Somebody added the merchant: `remove` forgets that it was unknown.
        directory.remove(&DEMO_MCHID.parse().unwrap());
        assert!(through(&directory, &genuine, DEMO_MCHID).await.is_err());
        assert_eq!(built.load(Ordering::Relaxed), 3, "{}", rig.name);
        for nobody in ["", "not-a-merchant", "../1900000001"] {
            assert_eq!(
                through(&directory, &genuine, nobody).await.unwrap_err().code(),
                "unknown_merchant"
            );
        }
        assert_eq!(built.load(Ordering::Relaxed), 3, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_directory_accepts_what_its_receivers_accept() {
    for rig in rigs() {
        // Clock and limit are the receivers'.
        let receiver = rig
            .platform
            .receiver_builder()
            .body_limit(400_000)
            .build()
            .unwrap();
        let directory = MerchantReceivers::new([receiver]);
        let long = rig
            .builder()
            .envelope("summary", json!("x".repeat(300_000)))
            .build();
        let length = long.body.len().to_string();
        let long = long.with_header("Content-Length", length);
        assert!(through(&directory, &long, DEMO_MCHID).await.is_ok());
        assert_eq!(directory.get(DEMO_MCHID).unwrap().counters().get("accepted"), 1);
        let forged = rig.genuine().with_body("{}");
        let error = through(&directory, &forged, DEMO_MCHID).await.unwrap_err();
        assert_eq!(error.code(), "signature_invalid");
        let of_the_directory: u64 = directory.counters().iter().map(|(_, count)| count).sum();
        assert_eq!(of_the_directory, 0, "the receiver counts it");
    }
}

/// Directory whose builds wait until the test releases them.
///
/// They create a receiver with the limit that was set when they began.
struct SlowDirectory {
    directory: MerchantReceivers,
    limit: Arc<AtomicUsize>,
    begun: std::sync::mpsc::Receiver<()>,
    go: std::sync::mpsc::Sender<()>,
}

fn slow_directory(platform: &FakePlatform) -> SlowDirectory {
    let (began, begun) = std::sync::mpsc::channel();
    let (go, wait) = std::sync::mpsc::channel();
    let wait = std::sync::Mutex::new(wait);
    let limit = Arc::new(AtomicUsize::new(111_111));
    let (platform, setting) = (platform.clone(), Arc::clone(&limit));
    let directory = MerchantReceivers::lazy(move |_| {
        let limit = setting.load(Ordering::SeqCst);
        began.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        platform.receiver_builder().body_limit(limit).build().ok()
    })
    .clock(Clock::fixed(NOW));
    SlowDirectory {
        directory,
        limit,
        begun,
        go,
    }
}

#[tokio::test]
async fn a_removal_discards_a_build_in_progress() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let of_blocking = slow.directory.clone();
        let waiting = std::thread::spawn(move || of_blocking.get(DEMO_MCHID).unwrap().body_limit());
        slow.begun.recv().unwrap();
        let of_async = slow.directory.clone();
        let also_waiting = tokio::spawn(async move { of_async.find(DEMO_MCHID).await.unwrap().body_limit() });
        tokio::task::yield_now().await;
        slow.limit.store(222_222, Ordering::SeqCst);
        slow.directory.remove(&DEMO_MCHID.parse().unwrap());
        slow.go.send(()).unwrap();
        slow.go.send(()).unwrap();
        // Neither whoever built it nor whoever waited sees the old settings, and nobody who comes later does.
        assert_eq!(also_waiting.await.unwrap(), 222_222, "{}", rig.name);
        assert_eq!(waiting.join().unwrap(), 222_222, "{}", rig.name);
        let later = slow.directory.find(DEMO_MCHID).await.unwrap();
        assert_eq!(later.body_limit(), 222_222, "{}", rig.name);
    }
}

#[tokio::test]
async fn an_insert_discards_a_build_in_progress() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let of_blocking = slow.directory.clone();
        let waiting = std::thread::spawn(move || of_blocking.get(DEMO_MCHID).unwrap().body_limit());
        slow.begun.recv().unwrap();
        let inserted = rig.platform.receiver_builder().body_limit(333_333).build();
        slow.directory.insert(inserted.unwrap());
        slow.go.send(()).unwrap();
        assert_eq!(waiting.join().unwrap(), 333_333, "{}", rig.name);
        assert_eq!(slow.directory.get(DEMO_MCHID).unwrap().body_limit(), 333_333);
    }
}

/// Uses a runtime of one thread: a blocked thread could not release the build.
#[tokio::test]
async fn a_build_blocks_no_thread_of_the_runtime() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let mut lookups = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (directory, delivery) = (slow.directory.clone(), rig.genuine());
            lookups.spawn(async move { through(&directory, &delivery, DEMO_MCHID).await.is_ok() });
        }
        // One that gives up does not stop the build that the others wait for.
        let impatient = slow.directory.clone();
        let impatient = tokio::spawn(async move { impatient.find(DEMO_MCHID).await.is_ok() });
        tokio::task::yield_now().await;
        impatient.abort();
        slow.go.send(()).unwrap();
        while let Some(accepted) = lookups.join_next().await {
            assert!(accepted.unwrap(), "{}", rig.name);
        }
        assert_eq!(slow.begun.try_iter().count(), 1, "{}: one build", rig.name);
        assert_eq!(slow.directory.counters().get("unknown_merchant"), 0);
    }
}

#[tokio::test]
async fn a_build_that_panics_rejects_and_wakes_all_waiters() {
    let rig = rigs().remove(0);
    let directory =
        MerchantReceivers::lazy(|_| panic!("a mistake of the application")).clock(Clock::fixed(NOW));
    for _ in 0..2 {
        let error = through(&directory, &rig.genuine(), DEMO_MCHID).await.unwrap_err();
        assert_eq!(error.code(), "unknown_merchant");
    }
}
