//! Receiving notifications with actix-web.

use actix_web::web;
use wechatpay_actix::{
    Ack, AnyNotification, AnyResource, Nack, Notification, NotificationMiddleware, WechatPay,
};

use crate::shop::Shop;

async fn notified(shop: web::Data<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    match notification.by_kind() {
        AnyNotification::Transaction(paid) => {
            let order = shop.order(&paid.out_trade_no).ok_or(Nack::failed())?;
            let expected = shop.wechatpay.expectation(order.number, order.total);
            let confirmed = paid.confirm(&expected.map_err(|_| Nack::failed())?)?;
            shop.fulfil(&confirmed)?;
        }
        AnyNotification::Refund(refund) => shop.refunded(&refund)?,
        _ => return Err(Nack::failed()),
    }
    Ok(Ack)
}

/// The routes of the shop.
pub fn configure(wechatpay: &WechatPay) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let notify = web::resource("/wechatpay/notify")
        .wrap(NotificationMiddleware::new(wechatpay.receiver().clone()))
        .post(notified);
    move |config| {
        config.service(notify);
    }
}
