//! A service provider (服务商、电商平台) sells one pot of tea of a sub-merchant for 9.90 yuan.
use std::{error::Error, sync::Arc, time::UNIX_EPOCH};

use axum::{Router, extract::State, routing::post};
use wechatpay_axum::{Ack, AnyNotification, AnyResource, Expectation, Nack, Notification, NotificationLayer};
use wechatpay_axum::{
    IdempotencyLayer, WechatPay, api::prepay::PartnerNativePrepay, idempotency::MemoryStore,
};
use wechatpay_axum::{types::Fen, types::OutTradeNo};

/// Runs once per notification, however often the platform sends it.
async fn notified(State(order): State<Arc<Expectation>>, it: Notification<AnyResource>) -> Result<Ack, Nack> {
    match it.by_kind() {
        AnyNotification::Transaction(paid) => {
            // In your shop the order is looked up in the database by `paid.out_trade_no`.
            let paid = paid.confirm(&order)?; // number, app, provider, sub-merchant, amount, currency
            println!("{} is paid: {} yuan", paid.out_trade_no, paid.total().yuan());
        }
        AnyNotification::Refund(refund) => println!("{}: {}", refund.out_refund_no, refund.refund_status),
        _ => return Err(Nack::failed()),
    }
    Ok(Ack)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init(); // shows why a notification was rejected
    let wechatpay = WechatPay::from_env()?;
    let _refresh = wechatpay.spawn_refresh(); // keeps platform certificates up to date
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;

    let number: OutTradeNo = format!("TEA{}", UNIX_EPOCH.elapsed()?.as_millis()).parse()?;
    let order = wechatpay.expectation(number.clone(), Fen::from(990))?;
    let ids = wechatpay.settings().partner()?;
    let prepay = PartnerNativePrepay::new(
        ids.sp_appid,
        ids.sp_mchid,
        ids.sub_mchid, // is paid; `.expectation(…)` demands it
        "Tea",
        number.clone(),
        "http://127.0.0.1:3000/wechatpay/notify",
        Fen::from(990),
    );
    let response = wechatpay.client().call(&prepay).await?;
    println!("order {number}, to be shown as a QR code: {}", response.code_url);

    let verify = NotificationLayer::new(wechatpay.receiver().clone());
    let once = IdempotencyLayer::new(Arc::new(MemoryStore::new())); // several processes: wechatpay-stores
    let app = Router::new()
        .route(
            "/wechatpay/notify",
            post(notified).route_layer(once).route_layer(verify),
        )
        .with_state(Arc::new(order));
    Ok(axum::serve(listener, app).await?)
}
