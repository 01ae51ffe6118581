//! Store in memory: conformance, limits, retention and leases.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, EventKey, Fence, Handled, HandlerContext, IdempotencyStore, Limits,
    MemoryStore, Release, Renewal, StoreError, conformance, handle,
};

use super::{Store, memory, notification};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_memory_store_conforms() {
    conformance::run(&memory()).await;
}

#[tokio::test]
async fn the_memory_store_follows_the_model() {
    let operations = std::env::var("WECHATPAY_MODEL_OPERATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    for seed in 1..=4 {
        conformance::check_against_model(&memory(), seed, operations / 4).await;
    }
}

#[tokio::test]
async fn a_full_memory_store_rejects_new_records_and_evicts_none() {
    let store = MemoryStore::new().limit(3);
    let request = |id: &str| {
        let key = EventKey::new("scope", id).unwrap();
        BeginRequest::new(key, "4200000001:100", "X", Duration::from_secs(60))
    };
    for id in ["1", "2", "3"] {
        assert!(matches!(
            store.begin(&request(id)).await,
            Ok(Begin::Acquired { .. })
        ));
    }
    assert!(matches!(
        store.begin(&request("4")).await,
        Err(StoreError::Unavailable(_))
    ));
    for id in ["1", "2", "3"] {
        assert!(
            matches!(store.begin(&request(id)).await, Ok(Begin::InProgress { .. })),
            "{id} is still held"
        );
    }
    assert!(!store.health().await.unwrap().warnings.is_empty());
}

/// Memory store with a clock that the test moves.
fn clocked() -> (MemoryStore, Arc<Mutex<std::time::Instant>>) {
    let now = Arc::new(Mutex::new(std::time::Instant::now()));
    let clock = Arc::clone(&now);
    (MemoryStore::new().clock(move || *clock.lock().unwrap()), now)
}

fn advance(now: &Mutex<std::time::Instant>, by: Duration) {
    *now.lock().unwrap() += by;
}

fn request_of(id: &str) -> BeginRequest {
    let key = EventKey::new("scope", id).unwrap();
    BeginRequest::new(key, "4200000001:100", "X", Duration::from_secs(60)).retention(Duration::from_secs(100))
}

#[tokio::test]
async fn a_key_reused_after_its_retention_counts_once() {
    let (store, now) = clocked();
    let store = store.limit(3);
    for round in 0..20 {
        let begun = store.begin(&request_of("same")).await.unwrap();
        assert!(
            matches!(begun, Begin::Acquired { attempt: 1, .. }),
            "{round}: {begun:?}"
        );
        assert_eq!(store.len(), 1, "{round}");
        advance(&now, Duration::from_secs(100));
    }
    for id in ["1", "2", "3"] {
        assert!(
            matches!(store.begin(&request_of(id)).await, Ok(Begin::Acquired { .. })),
            "{id}"
        );
    }
    assert!(store.begin(&request_of("4")).await.is_err(), "three are held");
    advance(&now, Duration::from_secs(100));
    assert!(matches!(
        store.begin(&request_of("4")).await,
        Ok(Begin::Acquired { .. })
    ));
}

#[tokio::test]
async fn a_record_outlives_its_lease() {
    let (store, now) = clocked();
    let mut request = request_of("long").retention(Duration::ZERO);
    let Begin::Acquired { fence, .. } = store.begin(&request).await.unwrap() else {
        panic!("it is new")
    };
    advance(&now, Duration::from_secs(59));
    assert!(matches!(
        store.begin(&request).await,
        Ok(Begin::InProgress { .. })
    ));
    let renewed = store
        .renew(&request.key, fence, Duration::from_secs(600))
        .await
        .unwrap();
    assert_eq!(renewed, Renewal::Renewed);
    advance(&now, Duration::from_secs(599));
    request.lease = Duration::from_secs(1);
    assert!(matches!(
        store.begin(&request).await,
        Ok(Begin::InProgress { .. })
    ));
}

/// Step of a random history: operation, key, and seconds until the next step.
type Operation = (u8, u8, u64, u64);

proptest::proptest! {
    /// Compares every response and count with a list that is searched from the front.
    #[test]
    fn the_memory_store_matches_a_plain_list(
        history in proptest::collection::vec((0_u8..5, 0_u8..6, 0_u64..40, 0_u64..90), 1..200),
        limit in 1_u64..6,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(compare_with_a_list(&history, limit));
    }
}

async fn compare_with_a_list(history: &[Operation], limit: u64) {
    struct Known {
        id: u8,
        fence: u64,
        /// End of the lease; zero after a release, `None` when done.
        held: Option<u64>,
        forget_at: u64,
    }
    let (store, clock) = clocked();
    let store = store.limit(limit);
    let (mut list, mut now): (Vec<Known>, u64) = (Vec::new(), 1);
    for &(operation, id, lease, later) in history {
        now += later;
        advance(&clock, Duration::from_secs(later));
        list.retain(|known| known.forget_at > now);
        let request = BeginRequest::new(
            EventKey::new("scope", &id.to_string()).unwrap(),
            "4200000001:100",
            "X",
            Duration::from_secs(lease),
        )
        .retention(Duration::from_secs(60));
        let known = list.iter_mut().find(|known| known.id == id);
        let fence = Fence::from_u64(known.as_ref().map_or(1, |known| known.fence));
        let (key, minute) = (&request.key, Duration::from_secs(60));
        match operation {
            0 | 1 => match (store.begin(&request).await, known) {
                (Ok(Begin::Acquired { fence, .. }), Some(known)) => {
                    assert!(known.held.is_some_and(|until| until <= now));
                    assert_eq!(fence.get(), known.fence + 1);
                    (known.fence, known.held, known.forget_at) = (fence.get(), Some(now + lease), now + 60);
                }
                (Ok(Begin::Acquired { fence, .. }), None) => {
                    assert_eq!(fence, Fence::FIRST);
                    list.push(Known {
                        id,
                        fence: 1,
                        held: Some(now + lease),
                        forget_at: now + 60,
                    });
                }
                (Ok(Begin::InProgress { .. }), Some(known)) => {
                    assert!(known.held.is_some_and(|until| until > now));
                }
                (Ok(Begin::Done { .. }), Some(known)) => assert_eq!(known.held, None),
                (Err(_), None) => assert_eq!(list.len() as u64, limit),
                (response, known) => panic!("{response:?}, known: {}", known.is_some()),
            },
            2 => match (store.complete(key, fence, minute).await.unwrap(), known) {
                (Completion::Completed, Some(known)) if known.held.is_some_and(|until| until > 0) => {
                    (known.held, known.forget_at) = (None, now + 60);
                }
                (Completion::AlreadyDone, Some(Known { held: None, .. })) => {}
                (Completion::Lost, Some(Known { held: Some(0), .. }) | None) => {}
                (response, known) => panic!("{response:?}, known: {}", known.is_some()),
            },
            3 => match (store.release(key, fence).await.unwrap(), known) {
                (Release::Released, Some(known)) if known.held.is_some_and(|until| until > 0) => {
                    known.held = Some(0);
                }
                (
                    Release::Lost,
                    Some(Known {
                        held: None | Some(0), ..
                    })
                    | None,
                ) => {}
                (response, known) => panic!("{response:?}, known: {}", known.is_some()),
            },
            _ => match (
                store.renew(key, fence, Duration::from_secs(lease)).await.unwrap(),
                known,
            ) {
                (Renewal::Renewed, Some(known)) if known.held.is_some_and(|until| until > 0) => {
                    (known.held, known.forget_at) = (Some(now + lease), known.forget_at.max(now + lease));
                }
                (
                    Renewal::Lost,
                    Some(Known {
                        held: None | Some(0), ..
                    })
                    | None,
                ) => {}
                (response, known) => panic!("{response:?}, known: {}", known.is_some()),
            },
        }
        assert_eq!(store.len(), list.len() as u64);
        assert_eq!(
            store.health().await.unwrap().warnings.is_empty(),
            (list.len() as u64) < limit
        );
    }
}

/// Passes limits below the documented minimum directly to the store.
#[tokio::test]
async fn a_retention_or_a_lease_that_is_too_short_counts_as_the_shortest() {
    let (store, now) = clocked();
    let store: Store = Arc::new(store);
    let notification = notification().await;
    let limits = Limits::default()
        .retention(Duration::from_millis(20))
        .lease(Duration::ZERO);
    let first = handle(
        &store,
        &notification,
        &limits,
        |context: HandlerContext| async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            context.check().map_err(|_| "the lease was lost at once")
        },
    )
    .await;
    assert!(matches!(first, Ok(Handled::Now { .. })), "{first:?}");
    advance(&now, Duration::from_secs(48 * 3600 - 1));
    let again = handle(&store, &notification, &limits, |_| async {
        Err::<(), _>("handled twice")
    })
    .await;
    assert_eq!(again.unwrap(), Handled::AlreadyDone);
}

#[test]
fn keys_have_visible_characters_and_a_limit() {
    assert!(EventKey::new("1900000001", "EV-2018022511223320873").is_ok());
    for (scope, id) in [
        ("", "x"),
        ("x", ""),
        ("x", "a b"),
        ("x", "a\nb"),
        ("x", &"i".repeat(129)),
        (&"i".repeat(65), "x"),
        ("商户", "x"),
    ] {
        assert!(EventKey::new(scope, id).is_err(), "{scope} {id}");
    }
}
