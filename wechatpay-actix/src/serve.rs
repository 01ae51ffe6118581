//! A server together with the refresh of platform certificates.

use std::io;

use actix_web::dev::Server;
use wechatpay_tower::WechatPay;

/// Runs the server and refreshes the platform's certificates; both end together.
///
/// In pure public-key mode there is nothing to refresh, and only the server runs.
///
/// ```no_run
/// # async fn main_of_an_app(wechatpay: wechatpay_actix::WechatPay) -> std::io::Result<()> {
/// use actix_web::{App, HttpServer, web};
///
/// let receiver = web::Data::new(wechatpay.receiver().clone());
/// let server = HttpServer::new(move || App::new().app_data(receiver.clone())).bind("127.0.0.1:3000")?.run();
/// wechatpay_actix::serve(server, &wechatpay).await
/// # }
/// ```
///
/// # Errors
/// The server's.
///
/// # Panics
/// Outside a tokio runtime; `#[actix_web::main]` is one.
pub async fn serve(server: Server, wechatpay: &WechatPay) -> io::Result<()> {
    let _refresh = wechatpay.spawn_refresh();
    server.await
}
