//! The reference shop on axum. Without any setting it brings its own sandbox: `cargo demo`.
//!
//! What axum has to do with WeChat Pay is in `routes`: a layer around one route, and an extractor in one handler.

mod routes;
mod shutdown;

use std::{net::SocketAddr, process::ExitCode};

use shop::{Merchant, Shop, ShopSettings, StartError, console};
use tokio::net::TcpListener;
use wechatpay_axum::WechatPay;

#[tokio::main]
async fn main() -> ExitCode {
    shop::log_as_rust_log_says();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", shop::with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), StartError> {
    let settings = ShopSettings::from_env()?;
    let store = settings.open_store().await?;
    let merchant = Merchant::from_env_or_sandbox().await?;
    let listener = TcpListener::from_std(settings.bind()?)?;
    let address = listener.local_addr()?;

    let wechatpay = WechatPay::new(&merchant.settings()?)?;
    // Keeps platform certificates fresh until the end of this function.
    let _refresh = wechatpay.spawn_refresh();
    let shop = Shop::new(wechatpay.clone(), store, address, settings.watching())?;
    let _watch = shop.spawn_watch();
    let app = routes::router(shop.clone(), wechatpay.receiver().clone());

    console::greet(&settings, &merchant, &wechatpay, &shop, address);
    let lines = merchant.sandbox().map(shop::EmbeddedSandbox::lines);
    let show = tokio::spawn(console::show_events(shop.events(), lines));
    let server = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(shutdown::asked_for());
    let served = shutdown::within_grace(server.into_future()).await;
    show.abort();
    Ok(served?)
}
