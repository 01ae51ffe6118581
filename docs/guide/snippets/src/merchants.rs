//! Many merchants in one application.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, routing::post};
use wechatpay_axum::{
    Ack, AnyResource, Config, MerchantError, Merchants, Nack, Notification, NotificationLayer, WechatPay,
    types::Mchid,
};

/// The directory: a merchant's handle is built when it is first needed.
pub fn directory(configs: Arc<HashMap<String, Config>>) -> Merchants {
    Merchants::new(move |mchid| {
        let Some(config) = configs.get(mchid.as_str()) else {
            return Ok(None); // not one of ours
        };
        WechatPay::new(&config.validate()?).map(Some)
    })
}

/// One route for all of them: `notify_url` is `https://shop.example/notify/1900000001`.
pub fn route(merchants: &Merchants) -> Router {
    Router::new()
        .route("/notify/{mchid}", post(notified))
        .route_layer(NotificationLayer::many(merchants.receivers().clone()))
}

async fn notified(notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    let mchid = notification.notification().receiver();
    println!("a notification for {mchid}");
    Ok(Ack)
}

/// The handle of one merchant, for calls.
///
/// # Errors
/// A merchant that is not known, or whose settings cannot be used.
pub fn of(merchants: &Merchants, mchid: &str) -> Result<Option<WechatPay>, MerchantError> {
    let Ok(mchid) = Mchid::parse(mchid) else {
        return Ok(None);
    };
    merchants.get(&mchid).map(Some)
}
