//! The route that is notified for all of them.

use axum::{Router, extract::Path, routing::post};
use wechatpay_axum::{Ack, MerchantReceivers, Notification, NotificationLayer};
use wechatpay_core::api::transactions::Transaction;

/// `{mchid}` is the parameter that the layer reads; `NotificationLayer::many_by` takes a closure over the request instead.
pub(crate) fn router(receivers: MerchantReceivers) -> Router {
    Router::new()
        .route("/notify/{mchid}", post(paid))
        .route_layer(NotificationLayer::many(receivers))
}

/// The payment was verified with the keys of the merchant in the path, and is for that merchant.
async fn paid(Path(mchid): Path<String>, payment: Notification<Transaction>) -> Ack {
    println!("         {mchid} was paid: order {}", payment.out_trade_no);
    Ack
}
