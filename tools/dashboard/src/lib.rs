#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod admin;
mod cashier;
mod lab;
mod pages;
mod web;

use std::sync::Arc;

use axum::Router;
use wechatpay_sandbox::handle::engine::Engine;

/// Cashier, dashboard and admin API of a sandbox.
///
/// Give it to [`SandboxBuilder::pages`](wechatpay_sandbox::SandboxBuilder::pages).
pub fn pages(engine: Arc<Engine>) -> Router {
    let cashier = cashier::router(&engine);
    Router::new()
        .merge(pages::router(&engine))
        .merge(admin::router(&engine))
        .with_state(engine)
        .merge(cashier)
}
