//! A page inside WeChat that finds its visitor's openid and is paid by JSAPI: `cargo run -p jsapi`.
//!
//! Without settings it brings a sandbox, which plays the authorisation page and the payment sheet in any browser. With
//! `WECHATPAY_…`, `APP_SECRET` and `PUBLIC_URL` (`https://shop.example`) it runs inside WeChat.

mod routes;
mod shop;

use std::{env, error::Error, sync::Arc};

use tokio::net::TcpListener;
use wechatpay_axum::{Config, WechatPay, openid::OpenidClient};
use wechatpay_core::testing::DEMO_APP_SECRET;
use wechatpay_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = env::var("SHOP_LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    let own = format!("http://{}", listener.local_addr()?);

    let sandbox = match env::var_os("WECHATPAY_MCHID") {
        Some(_) => None,
        None => {
            let builder = Sandbox::builder().pages(wechatpay_dashboard::pages);
            Some(builder.lenient().start().await?)
        }
    };
    let (config, app_secret, public_url) = match &sandbox {
        Some(sandbox) => {
            let mut config = sandbox.config();
            config.sub_mchid = None; // the merchant sells for itself
            (config, DEMO_APP_SECRET.to_owned(), own.clone())
        }
        None => (
            Config::from_env()?,
            env::var("APP_SECRET")?,
            env::var("PUBLIC_URL")?,
        ),
    };
    let wechatpay = WechatPay::new(&config.validate()?)?;
    let _refresh = wechatpay.spawn_refresh();
    let shop = shop::Shop {
        openid: OpenidClient::new(wechatpay.settings(), app_secret)?,
        public_url: public_url.trim_end_matches('/').to_owned(),
        bridge: sandbox.as_ref().map(Sandbox::bridge_script_url),
        visitors: shop::Table::new(),
        orders: shop::Table::new(),
        wechatpay,
    };

    println!("shop      {own}");
    if let Some(sandbox) = &sandbox {
        println!("dashboard {}/_sandbox", sandbox.base_url());
    }
    Ok(axum::serve(listener, routes::router(Arc::new(shop))).await?)
}
