//! Claims in memory, and `handle` around a handler: every way it can end, and every point at which it can be dropped.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use wechatpay_core::{
    idempotency::{
        Begin, BeginRequest, Completion, Fence, Handled, HandlerContext, IdempotencyError, IdempotencyStore,
        Limits, MemoryStore, NotificationKey, Release, Renewal, StoreError, StoreFuture, StoreHealth,
        conformance, handle,
    },
    notify::VerifiedNotification,
    testing::{Delivery, FakePlatform},
};

type Store = Arc<dyn IdempotencyStore>;

fn memory() -> Store {
    Arc::new(MemoryStore::in_process())
}

async fn receive(platform: &FakePlatform, delivery: Delivery) -> VerifiedNotification {
    let pending = platform.receiver().begin("POST", delivery.pairs()).unwrap();
    pending.finish(delivery.body).await.unwrap()
}

async fn notification() -> VerifiedNotification {
    let platform = FakePlatform::new();
    receive(&platform, platform.payment("ORDER-1", 100)).await
}

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
async fn a_full_memory_store_refuses_and_forgets_nothing() {
    let store = MemoryStore::in_process().limit(3);
    let request = |id: &str| {
        let key = NotificationKey::new("scope", id).unwrap();
        BeginRequest::new(
            key,
            wechatpay_core::idempotency::PlaintextDigest::from_bytes([0; 32]),
            "X",
            Duration::from_secs(60),
        )
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

/// A memory store whose clock the test moves.
fn clocked() -> (MemoryStore, Arc<Mutex<std::time::Instant>>) {
    let now = Arc::new(Mutex::new(std::time::Instant::now()));
    let clock = Arc::clone(&now);
    (
        MemoryStore::in_process().clock(move || *clock.lock().unwrap()),
        now,
    )
}

fn advance(now: &Mutex<std::time::Instant>, by: Duration) {
    *now.lock().unwrap() += by;
}

fn claim_of(id: &str) -> BeginRequest {
    let key = NotificationKey::new("scope", id).unwrap();
    let digest = wechatpay_core::idempotency::PlaintextDigest::from_bytes([0; 32]);
    BeginRequest::new(key, digest, "X", Duration::from_secs(60)).retention(Duration::from_secs(100))
}

#[tokio::test]
async fn a_key_that_comes_back_after_its_retention_counts_once() {
    let (store, now) = clocked();
    let store = store.limit(3);
    for round in 0..20 {
        let begun = store.begin(&claim_of("same")).await.unwrap();
        assert!(
            matches!(begun, Begin::Acquired { attempt: 1, .. }),
            "{round}: {begun:?}"
        );
        assert_eq!(store.len(), 1, "{round}");
        advance(&now, Duration::from_secs(100));
    }
    for id in ["1", "2", "3"] {
        assert!(
            matches!(store.begin(&claim_of(id)).await, Ok(Begin::Acquired { .. })),
            "{id}"
        );
    }
    assert!(store.begin(&claim_of("4")).await.is_err(), "three are held");
    advance(&now, Duration::from_secs(100));
    assert!(matches!(
        store.begin(&claim_of("4")).await,
        Ok(Begin::Acquired { .. })
    ));
}

#[tokio::test]
async fn a_claim_is_remembered_for_as_long_as_its_lease_at_least() {
    let (store, now) = clocked();
    let mut request = claim_of("long").retention(Duration::ZERO);
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

/// One step of a random history: what is done with which key, and how many seconds later.
type Operation = (u8, u8, u64, u64);

proptest::proptest! {
    /// Every answer and every count is the one of a list that is searched from the front.
    #[test]
    fn the_memory_store_counts_and_forgets_as_a_plain_list_does(
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
        /// Until when it is held; zero when it was given back; nothing when it is done.
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
            NotificationKey::new("scope", &id.to_string()).unwrap(),
            wechatpay_core::idempotency::PlaintextDigest::from_bytes([0; 32]),
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
                (answer, known) => panic!("{answer:?}, known: {}", known.is_some()),
            },
            2 => match (store.complete(key, fence, minute).await.unwrap(), known) {
                (Completion::Completed, Some(known)) if known.held.is_some_and(|until| until > 0) => {
                    (known.held, known.forget_at) = (None, now + 60);
                }
                (Completion::AlreadyDone, Some(Known { held: None, .. })) => {}
                (Completion::Lost, Some(Known { held: Some(0), .. }) | None) => {}
                (answer, known) => panic!("{answer:?}, known: {}", known.is_some()),
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
                (answer, known) => panic!("{answer:?}, known: {}", known.is_some()),
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
                (answer, known) => panic!("{answer:?}, known: {}", known.is_some()),
            },
        }
        assert_eq!(store.len(), list.len() as u64);
        assert_eq!(
            store.health().await.unwrap().warnings.is_empty(),
            (list.len() as u64) < limit
        );
    }
}

/// The limits are not only those of the documentation.
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
fn keys_are_short_and_visible() {
    assert!(NotificationKey::new("1900000001", "EV-2018022511223320873").is_ok());
    for (scope, id) in [
        ("", "x"),
        ("x", ""),
        ("x", "a b"),
        ("x", "a\nb"),
        ("x", &"i".repeat(65)),
        ("商户", "x"),
    ] {
        assert!(NotificationKey::new(scope, id).is_err(), "{scope} {id}");
    }
}

async fn count_runs(
    store: &Store,
    notification: &VerifiedNotification,
    runs: &AtomicU32,
) -> Result<Handled<()>, IdempotencyError<&'static str>> {
    handle(store, notification, &Limits::default(), |_| async {
        runs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_repeat_is_acknowledged_and_not_handled() {
    let (store, notification, runs) = (memory(), notification().await, AtomicU32::new(0));
    let first = count_runs(&store, &notification, &runs).await.unwrap();
    assert_eq!(
        first,
        Handled::Now {
            value: (),
            fence: Fence::FIRST,
            attempt: 1
        }
    );
    for _ in 0..5 {
        assert_eq!(
            count_runs(&store, &notification, &runs).await.unwrap(),
            Handled::AlreadyDone
        );
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redelivery_that_is_sealed_and_serialised_anew_is_the_same_notification() {
    let platform = FakePlatform::new();
    let store = memory();
    let runs = AtomicU32::new(0);
    let resource = platform.payment_resource("ORDER-1", 100);
    for plaintext in [
        resource.to_string(),
        serde_json::to_string_pretty(&resource).unwrap(),
    ] {
        let delivery = platform
            .payment_builder("ORDER-1", 100)
            .id("SAME-ID")
            .plaintext(plaintext)
            .build();
        count_runs(&store, &receive(&platform, delivery).await, &runs)
            .await
            .unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_id_that_comes_with_another_payload_is_refused() {
    let platform = FakePlatform::new();
    let (store, runs) = (memory(), AtomicU32::new(0));
    let one = receive(
        &platform,
        platform.payment_builder("ORDER-1", 100).id("SAME-ID").build(),
    )
    .await;
    let other = receive(
        &platform,
        platform.payment_builder("ORDER-1", 1).id("SAME-ID").build(),
    )
    .await;
    count_runs(&store, &one, &runs).await.unwrap();
    let error = count_runs(&store, &other, &runs).await.unwrap_err();
    assert!(matches!(error, IdempotencyError::IdReused));
    assert_eq!((error.status().as_u16(), runs.load(Ordering::SeqCst)), (500, 1));
}

#[tokio::test]
async fn of_concurrent_copies_one_is_handled_and_the_others_are_told_to_come_again() {
    let (store, notification, runs) = (memory(), notification().await, Arc::new(AtomicU32::new(0)));
    let copies: Vec<_> = (0..32)
        .map(|_| {
            let (store, notification, runs) = (Arc::clone(&store), notification.clone(), Arc::clone(&runs));
            tokio::spawn(async move {
                handle(&store, &notification, &Limits::default(), |_| async {
                    runs.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    Ok::<_, &str>(())
                })
                .await
            })
        })
        .collect();
    let mut in_progress = 0;
    for copy in copies {
        match copy.await.unwrap() {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.status().as_u16(), 409, "{error:?}");
                in_progress += 1;
            }
        }
    }
    assert_eq!((runs.load(Ordering::SeqCst), in_progress), (1, 31));
}

#[tokio::test(start_paused = true)]
async fn copies_may_wait_for_the_one_that_is_handled_for_so_long_and_no_longer() {
    for (takes, statuses) in [(200, [204, 204]), (900, [204, 409])] {
        let (store, notification) = (memory(), notification().await);
        let limits = Limits::default().wait(Duration::from_millis(500));
        let first = handle(&store, &notification, &limits, |_| async {
            tokio::time::sleep(Duration::from_millis(takes)).await;
            Ok::<_, &str>(())
        });
        let copy = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            handle(&store, &notification, &limits, |_| async {
                Err::<(), _>("handled twice")
            })
            .await
        };
        let (first, copy) = tokio::join!(first, copy);
        let status = |outcome: Result<Handled<()>, IdempotencyError<&str>>| match outcome {
            Ok(_) => 204,
            Err(error) => error.status().as_u16(),
        };
        assert_eq!([status(first), status(copy)], statuses, "{takes} ms");
    }
}

#[tokio::test]
async fn a_handler_that_fails_or_panics_gives_its_claim_back() {
    let (store, notification) = (memory(), notification().await);
    let limits = Limits::default();
    let failed = handle(&store, &notification, &limits, |_| async { Err::<(), _>("no") })
        .await
        .unwrap_err();
    assert!(matches!(failed, IdempotencyError::Handler("no")) && failed.status() == 500);
    let panicked = handle(&store, &notification, &limits, |_| async {
        if true {
            panic!("in the handler");
        }
        Ok::<(), &str>(())
    })
    .await
    .unwrap_err();
    assert!(matches!(panicked, IdempotencyError::Panicked) && panicked.status() == 500);
    let attempts = handle(&store, &notification, &limits, |context| async move {
        assert!(context.check().is_ok());
        Ok::<_, &str>((context.attempt(), context.fence().get()))
    });
    let Handled::Now { value, .. } = attempts.await.unwrap() else {
        panic!("it was not done")
    };
    assert_eq!(value, (3, 3), "attempts and fence were kept");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_given_up() {
    let (store, notification) = (memory(), notification().await);
    let limits = Limits::default().deadline(Duration::from_secs(2));
    let spawned_was_told = Arc::new(AtomicU32::new(0));
    let told = Arc::clone(&spawned_was_told);
    let error = handle(&store, &notification, &limits, |context: HandlerContext| {
        tokio::spawn({
            let context = context.clone();
            async move {
                context.lost().await;
                told.fetch_add(1, Ordering::SeqCst);
            }
        });
        std::future::pending::<Result<(), &str>>()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, IdempotencyError::TimedOut(_)) && error.status() == 503);
    tokio::task::yield_now().await;
    assert_eq!(spawned_was_told.load(Ordering::SeqCst), 1);
    assert!(matches!(
        count_runs(&store, &notification, &AtomicU32::new(0)).await,
        Ok(Handled::Now { attempt: 2, .. })
    ));
}

/// A store whose operations can be made to fail, to hang or to lose a lease.
#[derive(Debug)]
struct Broken {
    inner: Store,
    plan: Mutex<Plan>,
    calls: AtomicU32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Plan {
    begin_fails: bool,
    begin_hangs: bool,
    renew_lost: bool,
    renew_fails: bool,
    complete_fails: u32,
    /// The completion happens and its answer is lost.
    complete_answer_lost: u32,
    complete_hangs: bool,
}

impl Broken {
    fn new(plan: Plan) -> Arc<Self> {
        Arc::new(Self {
            inner: memory(),
            plan: Mutex::new(plan),
            calls: AtomicU32::new(0),
        })
    }

    fn plan(&self) -> Plan {
        *self.plan.lock().unwrap()
    }
}

fn down<T>() -> Result<T, StoreError> {
    Err(StoreError::unavailable("down"))
}

impl IdempotencyStore for Broken {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            match self.plan() {
                Plan {
                    begin_fails: true, ..
                } => down(),
                Plan {
                    begin_hangs: true, ..
                } => std::future::pending().await,
                _ => self.inner.begin(request).await,
            }
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        lease: Duration,
    ) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            match self.plan() {
                Plan { renew_lost: true, .. } => Ok(Renewal::Lost),
                Plan {
                    renew_fails: true, ..
                } => down(),
                _ => self.inner.renew(key, fence, lease).await,
            }
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            let plan = {
                let mut plan = self.plan.lock().unwrap();
                let now = *plan;
                plan.complete_fails = plan.complete_fails.saturating_sub(1);
                plan.complete_answer_lost = plan.complete_answer_lost.saturating_sub(1);
                now
            };
            if plan.complete_hangs {
                std::future::pending::<()>().await;
            }
            if plan.complete_fails > 0 {
                return down();
            }
            let outcome = self.inner.complete(key, fence, retention).await;
            if plan.complete_answer_lost > 0 {
                down()
            } else {
                outcome
            }
        })
    }

    fn release<'a>(&'a self, key: &'a NotificationKey, fence: Fence) -> StoreFuture<'a, Release> {
        self.inner.release(key, fence)
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        self.inner.purge(limit)
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        self.inner.health()
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_down_at_begin_means_503_and_no_handler() {
    for plan in [
        Plan {
            begin_fails: true,
            ..Plan::default()
        },
        Plan {
            begin_hangs: true,
            ..Plan::default()
        },
    ] {
        let store: Store = Broken::new(plan);
        let runs = AtomicU32::new(0);
        let error = count_runs(&store, &notification().await, &runs)
            .await
            .unwrap_err();
        assert!(matches!(error, IdempotencyError::Begin(_)) && error.status() == 503);
        assert_eq!(runs.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_completion_is_tried_again_within_the_budget() {
    let broken = Broken::new(Plan {
        complete_fails: 5,
        ..Plan::default()
    });
    let store: Store = Arc::clone(&broken) as _;
    let notification = notification().await;
    assert!(matches!(
        count_runs(&store, &notification, &AtomicU32::new(0)).await,
        Ok(Handled::Now { .. })
    ));
    assert!(matches!(
        count_runs(&store, &notification, &AtomicU32::new(0)).await,
        Ok(Handled::AlreadyDone)
    ));

    // It was written down, only its answer got lost: the second try finds it so.
    let store: Store = Broken::new(Plan {
        complete_answer_lost: 1,
        ..Plan::default()
    });
    assert!(matches!(
        count_runs(&store, &notification, &AtomicU32::new(0)).await,
        Ok(Handled::Now { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_stays_down_at_complete_means_503() {
    for plan in [
        Plan {
            complete_fails: u32::MAX,
            ..Plan::default()
        },
        Plan {
            complete_hangs: true,
            ..Plan::default()
        },
    ] {
        let store: Store = Broken::new(plan);
        let runs = AtomicU32::new(0);
        let error = count_runs(&store, &notification().await, &runs)
            .await
            .unwrap_err();
        assert!(
            matches!(error, IdempotencyError::Complete(_)) && error.status() == 503,
            "{error:?}"
        );
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_whose_lease_is_lost_is_dropped() {
    struct Dropped(Arc<AtomicU32>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let limits = Limits::default()
        .lease(Duration::from_secs(3))
        .deadline(Duration::from_secs(60))
        .budget(Duration::from_secs(90));
    for plan in [
        Plan {
            renew_lost: true,
            ..Plan::default()
        },
        Plan {
            renew_fails: true,
            ..Plan::default()
        },
    ] {
        let store: Store = Broken::new(plan);
        let dropped = Arc::new(AtomicU32::new(0));
        let guard = Dropped(Arc::clone(&dropped));
        let start = tokio::time::Instant::now();
        let error = handle(&store, &notification().await, &limits, |_| async move {
            let _guard = guard;
            std::future::pending::<Result<(), &str>>().await
        })
        .await
        .unwrap_err();
        assert!(
            matches!(error, IdempotencyError::LeaseLost) && error.status() == 503,
            "{error:?}"
        );
        assert_eq!(dropped.load(Ordering::SeqCst), 1);
        assert!(
            start.elapsed() <= Duration::from_secs(3),
            "not after the lease has ended by our own clock"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_at_a_third_of_it() {
    let broken = Broken::new(Plan::default());
    let store: Store = Arc::clone(&broken) as _;
    let limits = Limits::default()
        .lease(Duration::from_secs(3))
        .deadline(Duration::from_secs(60))
        .budget(Duration::from_secs(90));
    handle(&store, &notification().await, &limits, |_| async {
        tokio::time::sleep(Duration::from_millis(9500)).await;
        Ok::<_, &str>(())
    })
    .await
    .unwrap();
    assert_eq!(broken.calls.load(Ordering::SeqCst), 9);
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_comes_after_a_take_over_is_refused() {
    let store = memory();
    let notification = notification().await;
    let key = NotificationKey::of(&notification).unwrap();
    let limits = Limits::default();
    let thief = Arc::clone(&store);
    let error = handle(&store, &notification, &limits, |context| async move {
        // What a process that was stopped for longer than its lease finds when it goes on.
        thief.release(&key, context.fence()).await.unwrap();
        let request = BeginRequest::new(key, notification_digest().await, "X", Duration::from_secs(60));
        assert!(matches!(thief.begin(&request).await, Ok(Begin::Acquired { .. })));
        Ok::<_, &str>(())
    })
    .await
    .unwrap_err();
    assert!(matches!(error, IdempotencyError::LeaseLost));
}

async fn notification_digest() -> wechatpay_core::idempotency::PlaintextDigest {
    notification().await.digest().unwrap()
}

/// Gives `Pending` once before each operation, so that a future can be dropped between any two of them.
#[derive(Debug)]
struct Stepping(Store);

struct Step(bool);

impl Future for Step {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl IdempotencyStore for Stepping {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            Step(false).await;
            let outcome = self.0.begin(request).await;
            Step(false).await;
            outcome
        })
    }

    fn renew<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        lease: Duration,
    ) -> StoreFuture<'a, Renewal> {
        self.0.renew(key, fence, lease)
    }

    fn complete<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            Step(false).await;
            let outcome = self.0.complete(key, fence, retention).await;
            Step(false).await;
            outcome
        })
    }

    fn release<'a>(&'a self, key: &'a NotificationKey, fence: Fence) -> StoreFuture<'a, Release> {
        self.0.release(key, fence)
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        self.0.purge(limit)
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        self.0.health()
    }
}

#[tokio::test]
async fn dropping_process_at_any_await_leaves_the_old_or_the_new_state() {
    let notification = notification().await;
    let mut seen = std::collections::BTreeSet::new();
    for polls in 0.. {
        let inner = memory();
        let store: Store = Arc::new(Stepping(Arc::clone(&inner)));
        let runs = AtomicU32::new(0);
        let limits = Limits::default();
        let mut future = Box::pin(handle(&store, &notification, &limits, |_| async {
            Step(false).await;
            runs.fetch_add(1, Ordering::SeqCst);
            Step(false).await;
            Ok::<_, &str>(())
        }));
        let mut finished = false;
        for _ in 0..polls {
            finished = future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_ready();
            if finished {
                break;
            }
        }
        drop(future);
        // A claim that was held is given back by a task.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let key = NotificationKey::of(&notification).unwrap();
        let request = BeginRequest::new(key, notification.digest().unwrap(), "X", Duration::from_secs(60));
        let state = match inner.begin(&request).await.unwrap() {
            Begin::Acquired { attempt: 1, .. } => "untouched",
            Begin::Acquired { attempt: 2, .. } => "given back",
            Begin::Done { .. } => "done",
            // Dropped between the store's claim and `handle` hearing of it: the lease ends by itself.
            Begin::InProgress { .. } => "held until its lease ends",
            other => panic!("a third state: {other:?}"),
        };
        if state == "done" {
            assert_eq!(runs.load(Ordering::SeqCst), 1, "done means that the handler ran");
        }
        seen.insert(state);
        if finished {
            break;
        }
    }
    assert!(
        seen.contains("untouched") && seen.contains("given back") && seen.contains("done"),
        "{seen:?}"
    );
}
