//! The route that is notified for all of them.

use axum::{Router, extract::Path, routing::post};
use wechatpay_axum::{Ack, MerchantReceivers, Notification, NotificationLayer};
use wechatpay_core::api::transactions::Transaction;

/// The router; its parameter `{mchid}` names the merchant for the layer.
///
/// `NotificationLayer::many_by` takes a closure over the request instead.
pub(crate) fn router(receivers: MerchantReceivers) -> Router {
    Router::new()
        .route("/notify/{mchid}", post(paid))
        .route_layer(NotificationLayer::many(receivers))
}

/// Handles a payment that was verified with the keys of the path's merchant.
///
/// The payment is for that merchant.
async fn paid(Path(mchid): Path<String>, payment: Notification<Transaction>) -> Ack {
    println!("         {mchid} was paid: order {}", payment.out_trade_no);
    Ack
}
