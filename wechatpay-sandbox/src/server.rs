//! The HTTP server: one port for the gateway, the cashier, the dashboard, the admin API and the health checks.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{admin, cashier, dashboard, error::StartError, gateway, shared::Shared};

/// Listens; takes a free port instead of one that is taken, if it may.
pub(crate) async fn listen(address: SocketAddr, or_free_port: bool) -> Result<TcpListener, StartError> {
    let failed = |source| StartError::Listen { address, source };
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if or_free_port && error.kind() == io::ErrorKind::AddrInUse => {
            let free = SocketAddr::new(address.ip(), 0);
            TcpListener::bind(free).await.map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Everything that is served.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async || "ok\n"))
        .merge(gateway::router())
        .merge(cashier::router(shared))
        .merge(dashboard::router(shared))
        .merge(admin::router(shared))
        .with_state(Arc::clone(shared))
}

/// Serves until the sandbox stops; then requests under way are answered, and no more are taken.
pub(crate) fn serve(listener: TcpListener, shared: &Arc<Shared>) -> JoinHandle<()> {
    let router = router(shared);
    let mut stopping = shared.stopping.clone();
    let stop = async move {
        // An error means that the last handle was dropped.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    };
    tokio::spawn(async move {
        // `axum::serve` never gives an error: it waits when the system is out of sockets.
        let _ = axum::serve(listener, router).with_graceful_shutdown(stop).await;
    })
}
