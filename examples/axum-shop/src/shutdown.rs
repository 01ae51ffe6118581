//! Stopping: no new requests, those under way end, and not for ever.

use std::{future::Future, io, time::Duration};

use tokio::sync::Notify;

/// Time for requests under way after the signal.
///
/// A notification has its response within three seconds, and the process must end within five.
const GRACE: Duration = Duration::from_secs(4);

/// Wakes the deadline when the signal has come.
static ASKED: Notify = Notify::const_new();

/// Ready on SIGTERM or Ctrl-C.
pub(crate) async fn asked_for() {
    let interrupt = async {
        // Where there are no signals, the process is ended by other means.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    ASKED.notify_one();
}

/// Serves until everything under way has ended or the grace period is over.
///
/// An idle connection must not hold the process. A notification that is cut off was not acknowledged, so the platform
/// sends it again.
pub(crate) async fn within_grace(server: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    let late = async {
        ASKED.notified().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = server => served,
        () = late => Ok(()),
    }
}
