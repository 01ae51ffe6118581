//! Dropping the handling at every await point.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, Event, EventKey, Fence, IdempotencyStore, Limits, Release, Renewal,
    StoreFuture, StoreHealth, handle,
};

use super::{Store, memory, notification};

/// Store that returns `Pending` once before each operation.
///
/// A future can then be dropped between any two operations.
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

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        self.0.renew(key, fence, lease)
    }

    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
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

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
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
async fn dropping_handle_at_any_await_leaves_the_old_or_the_new_state() {
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
        // A task releases a lease that was held.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let event = Event::of(&notification).unwrap();
        let request = BeginRequest::of(&event, Duration::from_secs(60), &limits);
        let state = match inner.begin(&request).await.unwrap() {
            Begin::Acquired { attempt: 1, .. } => "untouched",
            Begin::Acquired { attempt: 2, .. } => "given back",
            Begin::Done { .. } => "done",
            // Dropped after the store granted the lease and before `handle` knew: the lease expires.
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
