//! The HTTP server.
//!
//! One port for the gateway, the health checks and the pages.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, routing::get, serve::Listener};
use http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::{
    gateway::{self, Gateway},
    handle::error::StartError,
};

/// For those who open a page of a sandbox that was embedded without.
const NO_PAGES: &str = "This sandbox has no pages. Start it with .pages(wechatpay_dashboard::pages).
";

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

/// The gateway, the health checks, and the pages if there are some.
pub(crate) fn router(gateway: &Arc<Gateway>, pages: Option<Router>) -> Router {
    let router = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async || "ok\n"))
        .merge(gateway::router().with_state(Arc::clone(gateway)));
    match pages {
        Some(pages) => router.merge(pages),
        None => router.fallback(async || (StatusCode::NOT_FOUND, NO_PAGES)),
    }
}

/// Serves until the sandbox stops, then finishes the requests under way.
pub(crate) fn serve(
    mut listener: TcpListener,
    router: Router,
    stopping: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        let mut stop = stopping.clone();
        loop {
            tokio::select! {
                // Waits when the system is out of sockets, and never fails.
                (stream, _) = Listener::accept(&mut listener) => {
                    connections.spawn(converse(stream, router.clone(), stopping.clone()));
                }
                Some(_) = connections.join_next() => {}
                // An error means that the last handle was dropped.
                _ = stop.wait_for(|stopping| *stopping) => break,
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    })
}

/// Handles the requests of one connection, with header names in title case.
async fn converse(stream: TcpStream, router: Router, mut stopping: watch::Receiver<bool>) {
    let connection = http1::Builder::new()
        .title_case_headers(true)
        .timer(TokioTimer::new())
        // Runs while the connection is idle, too.
        .header_read_timeout(Duration::from_secs(gateway::KEEP_ALIVE_SECONDS))
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    // An error is the client's: it broke off, or sent no HTTP.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
