//! Timer that refreshes certificates, and the guard that stops it.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use super::downloads::Downloads;

/// Longest sleep of the refresher before it checks that the cache still exists.
const OWNER_CHECK: Duration = Duration::from_secs(60);

/// Future of [`CertificateCache::refresher`](super::CertificateCache::refresher).
#[must_use = "a refresher does nothing until it is polled or spawned"]
pub struct Refresher(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Future for Refresher {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for Refresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresher(..)")
    }
}

/// Creates the refresher with a `Weak`, so that it ends with its owner.
pub(super) fn refresher(downloads: &Arc<Downloads>) -> Refresher {
    let weak = Arc::downgrade(downloads);
    Refresher(Box::pin(async move {
        while let Some(pause) = weak.upgrade().map(|downloads| downloads.pause()) {
            if !sleep_while_owned(&weak, pause).await {
                return;
            }
            let Some(downloads) = weak.upgrade() else { return };
            // The outcome is logged and kept inside; the pause that follows depends on it.
            let _ = downloads.refresh_now().await;
        }
    }))
}

/// Sleeps in pieces and checks in between that the cache still has an owner.
async fn sleep_while_owned(weak: &Weak<Downloads>, mut pause: Duration) -> bool {
    while !pause.is_zero() {
        let piece = pause.min(OWNER_CHECK);
        tokio::time::sleep(piece).await;
        if weak.strong_count() == 0 {
            return false;
        }
        pause = pause.saturating_sub(piece);
    }
    true
}

/// Stops the refresher when it is dropped.
///
/// Keep it as long as the server runs.
#[must_use = "dropping the guard stops the refresh"]
pub struct RefreshGuard {
    task: tokio::task::JoinHandle<()>,
}

impl RefreshGuard {
    pub(super) fn new(task: tokio::task::JoinHandle<()>) -> Self {
        Self { task }
    }

    /// Returns `true` while the refresher runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.task.is_finished()
    }
}

impl Drop for RefreshGuard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for RefreshGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshGuard")
            .field("is_running", &self.is_running())
            .finish()
    }
}
