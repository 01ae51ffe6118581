//! Receiving notifications with axum.

use axum::{Router, extract::State, routing::post};
use wechatpay_axum::{
    Ack, AnyNotification, AnyResource, Nack, Notification, NotificationLayer, api::refunds::RefundStatus,
};

use crate::shop::Shop;

async fn notified(State(shop): State<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    match notification.by_kind() {
        AnyNotification::Transaction(paid) => {
            let order = shop.order(&paid.out_trade_no).ok_or(Nack::failed())?;
            let expected = shop.wechatpay.expectation(order.number, order.total);
            let confirmed = paid.confirm(&expected.map_err(|_| Nack::failed())?)?;
            shop.fulfil(&confirmed)?;
        }
        AnyNotification::Refund(refund) => {
            if refund.refund_status == RefundStatus::Abnormal {
                eprintln!("refund {} needs a person", refund.out_refund_no);
            }
            shop.refunded(&refund)?;
        }
        other => {
            eprintln!("a kind that this shop does not know: {other:?}");
            return Err(Nack::failed());
        }
    }
    Ok(Ack)
}

/// The routes of the shop.
pub fn app(shop: Shop) -> Router {
    let receiver = shop.wechatpay.receiver().clone();
    let notify = Router::new()
        .route("/wechatpay/notify", post(notified))
        .route_layer(NotificationLayer::new(receiver));
    Router::new().merge(notify).with_state(shop)
}
