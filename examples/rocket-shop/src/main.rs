//! The reference shop on Rocket. Without any setting it brings its own sandbox: `cargo run -p rocket-shop`.
//!
//! What Rocket has to do with WeChat Pay is in `routes`: a data guard in one handler; and here: the fairing that is attached.

mod routes;

use std::process::ExitCode;

use rocket::{
    Config,
    config::{LogLevel, Shutdown},
};
use shop::{Merchant, Shop, ShopSettings, StartError, console};
use wechatpay_rocket::{NotificationFairing, WechatPay};

/// Seconds for requests under way after SIGTERM or Ctrl-C.
///
/// Then idle connections are cut. A notification has its response within three seconds, and the process must end within
/// five.
const GRACE: u32 = 3;
const MERCY: u32 = 1;

#[rocket::main]
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
    // Rocket binds by itself: this only finds out which port is free.
    let address = settings.bind()?.local_addr()?;

    let wechatpay = WechatPay::new(&merchant.settings()?)?;
    let shop = Shop::new(wechatpay.clone(), store, address, settings.watching())?;
    let _watch = shop.spawn_watch();
    let config = Config {
        address: address.ip(),
        port: address.port(),
        // The shop prints its own lines.
        log_level: LogLevel::Critical,
        shutdown: Shutdown {
            grace: GRACE,
            mercy: MERCY,
            ..Shutdown::default()
        },
        ..Config::default()
    };
    let rocket = rocket::custom(config)
        // Manages the receiver, keeps platform certificates fresh, and gives rejections the platform's JSON.
        .attach(NotificationFairing::new(wechatpay.clone()))
        .manage(shop.clone())
        .mount("/", routes::all())
        .register("/", routes::catchers());

    console::greet(&settings, &merchant, &wechatpay, &shop, address);
    let lines = merchant.sandbox().map(shop::EmbeddedSandbox::lines);
    let show = tokio::spawn(console::show_events(shop.events(), lines));
    let served = rocket.launch().await;
    show.abort();
    served.map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(())
}
