//! Stores that fail, and leases that are lost.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, Event, EventKey, Fence, Handled, IdempotencyError, IdempotencyStore,
    Limits, Release, Renewal, StoreError, StoreFuture, StoreHealth, handle,
};

use super::{Store, count_runs, memory, notification};

/// Store whose operations can fail, hang or lose a lease.
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
    /// The completion is stored but its response is lost.
    complete_response_lost: u32,
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

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
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
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            let plan = {
                let mut plan = self.plan.lock().unwrap();
                let now = *plan;
                plan.complete_fails = plan.complete_fails.saturating_sub(1);
                plan.complete_response_lost = plan.complete_response_lost.saturating_sub(1);
                now
            };
            if plan.complete_hangs {
                std::future::pending::<()>().await;
            }
            if plan.complete_fails > 0 {
                return down();
            }
            let outcome = self.inner.complete(key, fence, retention).await;
            if plan.complete_response_lost > 0 {
                down()
            } else {
                outcome
            }
        })
    }

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
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
async fn a_completion_is_retried_within_the_budget() {
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

    // It was written down, only its response got lost: the second try finds it so.
    let store: Store = Broken::new(Plan {
        complete_response_lost: 1,
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
async fn a_completion_after_a_take_over_is_rejected() {
    let store = memory();
    let notification = notification().await;
    let event = Event::of(&notification).unwrap();
    let limits = Limits::default();
    let thief = Arc::clone(&store);
    let error = handle(&store, &notification, &limits, |context| async move {
        // What a process that was stopped for longer than its lease finds when it goes on.
        thief.release(event.key(), context.fence()).await.unwrap();
        let request = BeginRequest::of(&event, Duration::from_secs(60), &Limits::default());
        assert!(matches!(thief.begin(&request).await, Ok(Begin::Acquired { .. })));
        Ok::<_, &str>(())
    })
    .await
    .unwrap_err();
    assert!(matches!(error, IdempotencyError::LeaseLost));
}
