//! The timer that keeps certificates fresh, and the guard that ends it.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use super::cache::Shared;

/// A successor can be downloaded ten days before a certificate expires; look more often from then on.
pub(super) const ROTATION_SECONDS: i64 = 10 * 24 * 3600;
/// While the cache has no owner for this long at the most, the refresher still sleeps.
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

/// Holds only a `Weak`, so that it ends with its owner.
pub(super) fn refresher(shared: &Arc<Shared>) -> Refresher {
    let weak = Arc::downgrade(shared);
    Refresher(Box::pin(async move {
        while let Some(pause) = weak.upgrade().map(|shared| shared.pause()) {
            if !sleep_while_owned(&weak, pause).await {
                return;
            }
            let Some(shared) = weak.upgrade() else { return };
            // The outcome is logged and kept inside; the pause that follows depends on it.
            let _ = shared.refresh_now().await;
        }
    }))
}

/// Sleeps in pieces and looks between them whether the cache still has an owner.
async fn sleep_while_owned(weak: &Weak<Shared>, mut pause: Duration) -> bool {
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

/// ± 20 %, so that a fleet that was started at once does not ask at once.
pub(super) fn jitter(duration: Duration) -> Duration {
    let mut bytes = [0; 2];
    // Without random numbers the interval is simply exact.
    let random = if getrandom::fill(&mut bytes).is_ok() {
        u16::from_le_bytes(bytes)
    } else {
        200
    };
    let permille = u32::from(random % 401).saturating_add(800);
    duration
        .saturating_mul(permille)
        .checked_div(1000)
        .unwrap_or(duration)
}

/// Stops the refresher when it is dropped. Keep it as long as the server runs.
#[must_use = "dropping the guard stops the refresh"]
pub struct RefreshGuard {
    task: tokio::task::JoinHandle<()>,
}

impl RefreshGuard {
    pub(super) fn new(task: tokio::task::JoinHandle<()>) -> Self {
        Self { task }
    }

    /// Whether the refresher still runs.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_fifth() {
        for _ in 0..1000 {
            let pause = jitter(Duration::from_secs(100));
            assert!((80..=120).contains(&pause.as_secs()), "{pause:?}");
        }
    }
}
