//! Receiving notifications with Rocket.

use rocket::{Build, Rocket, State, post, routes};
use wechatpay_rocket::{
    Ack, AnyNotification, AnyResource, Nack, Notification, NotificationFairing, WechatPay,
};

use crate::shop::Shop;

#[post("/wechatpay/notify", data = "<notification>")]
fn notified(shop: &State<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
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
pub fn rocket(wechatpay: WechatPay, shop: Shop) -> Rocket<Build> {
    rocket::build()
        .attach(NotificationFairing::new(wechatpay))
        .manage(shop)
        .mount("/", routes![notified])
}
