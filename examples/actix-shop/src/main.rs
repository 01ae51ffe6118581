//! The reference shop on actix-web. Without any setting it brings its own sandbox: `cargo run -p actix-shop`.
//!
//! What actix-web has to do with WeChat Pay is in `routes`: a middleware around one resource, and an extractor in one handler.

mod routes;

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};
use shop::{Merchant, Shop, ShopSettings, StartError, console};
use wechatpay_actix::WechatPay;

/// Seconds for requests under way after SIGTERM or Ctrl-C.
///
/// A notification has its response within three, and the process must end within five.
const GRACE: u64 = 4;

#[actix_web::main]
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
    let listener = settings.bind()?;
    let address = listener.local_addr()?;

    let wechatpay = WechatPay::new(&merchant.settings()?)?;
    let shop = Shop::new(wechatpay.clone(), store, address, settings.watching())?;
    let _watch = shop.spawn_watch();
    let (state, receiver) = (web::Data::new(shop.clone()), wechatpay.receiver().clone());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .configure(routes::configure(receiver.clone()))
            .default_service(web::to(routes::no_such_route))
    })
    .shutdown_timeout(GRACE)
    .listen(listener)?
    .run();

    console::greet(&settings, &merchant, &wechatpay, &shop, address);
    let lines = merchant.sandbox().map(shop::EmbeddedSandbox::lines);
    let show = tokio::spawn(console::show_events(shop.events(), lines));
    // Keeps platform certificates fresh as long as the server runs. It stops on SIGTERM and Ctrl-C by itself.
    let served = wechatpay_actix::serve(server, &wechatpay).await;
    show.abort();
    Ok(served?)
}
