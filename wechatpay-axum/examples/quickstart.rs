//! A direct merchant (直连商户) sells a pot of tea for 9.90 yuan and refunds it.
use std::{error::Error, sync::Arc, time::UNIX_EPOCH};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use wechatpay_axum::api::{prepay::NativePrepay, refunds::Apply, refunds::RefundAmount};
use wechatpay_axum::{Ack, AnyNotification, AnyResource, Expectation, Nack, Notification, NotificationLayer};
use wechatpay_axum::{WechatPay, types::Fen, types::OutTradeNo};

struct Shop {
    wechatpay: WechatPay,
    order: Expectation, // in your shop: looked up in the database by `paid.out_trade_no`
    refund: Apply,
}

/// Runs for notifications that were verified and decrypted. The platform repeats them until `Ack`.
async fn notified(State(shop): State<Arc<Shop>>, it: Notification<AnyResource>) -> Result<Ack, Nack> {
    match it.by_kind() {
        AnyNotification::Transaction(paid) => {
            let paid = paid.confirm(&shop.order)?; // number, payee, app, amount and currency are right
            println!("{} is paid: {} yuan", paid.out_trade_no, paid.total().yuan());
        }
        AnyNotification::Refund(refund) => println!("{}: {}", refund.out_refund_no, refund.refund_status),
        _ => return Err(Nack::failed()),
    }
    Ok(Ack)
}

/// Refunds the order. Repeating the refund number never refunds twice.
async fn refund(State(shop): State<Arc<Shop>>) -> Result<String, (StatusCode, String)> {
    let response = shop.wechatpay.client().call(&shop.refund).await;
    let accepted = response.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    Ok(accepted.status.to_string())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init(); // shows why a notification was rejected
    let wechatpay = WechatPay::from_env()?;
    let _refresh = wechatpay.spawn_refresh(); // keeps platform certificates up to date
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let number: OutTradeNo = format!("TEA{}", UNIX_EPOCH.elapsed()?.as_millis()).parse()?;
    let order = wechatpay.expectation(number.clone(), Fen::from(990))?;
    let ids = wechatpay.settings().direct()?;
    let url = "http://127.0.0.1:3000/wechatpay/notify";
    let prepay = NativePrepay::new(ids.appid, ids.mchid, "Tea", number.clone(), url, Fen::from(990));
    let response = wechatpay.client().call(&prepay).await?;
    println!("order {number}, to be shown as a QR code: {}", response.code_url);
    let all = RefundAmount::cny(Fen::from(990), Fen::from(990));
    let shop = Shop {
        refund: Apply::new(number.clone(), format!("R-{number}").parse()?, all),
        wechatpay,
        order,
    };
    let layer = NotificationLayer::new(shop.wechatpay.receiver().clone());
    let app = Router::new()
        .route("/wechatpay/notify", post(notified).route_layer(layer))
        .route("/refund", post(refund))
        .with_state(Arc::new(shop));
    Ok(axum::serve(listener, app).await?)
}
