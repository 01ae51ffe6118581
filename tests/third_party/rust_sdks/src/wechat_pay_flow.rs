//! wechat-pay-rust-sdk: order, payment, refund and their notifications, by public key.
//!
//! It has no query and no close.

use wechat_pay_rust_sdk::{
    model::{NativeParams, RefundsParams, WechatPayNotify},
    pay::{PayNotifyTrait as _, WechatPay},
};

use crate::{
    Merchant, ask,
    callback::{Callback, Delivery},
    ok,
};

pub(crate) async fn run(merchant: Merchant) {
    let mut callback = Callback::listen().await;
    let mut pay = WechatPay::new(
        &merchant.appid,
        &merchant.mchid,
        &merchant.private_key,
        &merchant.serial_no,
        &merchant.api_v3_key,
        &callback.url,
    );
    pay.base_url = merchant.gateway.clone();
    let (_, public_key) = merchant
        .public_key
        .clone()
        .expect("it takes the platform's public key");
    let verify = async |delivery: &Delivery| -> Result<WechatPayNotify, String> {
        pay.verify_signature(
            &public_key,
            delivery.header("Wechatpay-Timestamp"),
            delivery.header("Wechatpay-Nonce"),
            delivery.header("Wechatpay-Signature"),
            delivery.text(),
        )
        .map_err(|error| error.to_string())?;
        serde_json::from_str(delivery.text()).map_err(|error| error.to_string())
    };

    let paid = merchant.number("WPRS-PAID-");
    let order = NativeParams::new("Image形象店-深圳腾大-QQ公仔", &paid, 990.into());
    let response = pay.native_pay(order).await.unwrap();
    assert!(response.code_url.unwrap().starts_with("weixin://"));
    ok("order");
    let press = ask(format!("PAY {paid}"));
    let ((), envelope) = tokio::join!(press, callback.accept(&verify));
    assert_eq!(envelope.event_type, "TRANSACTION.SUCCESS");
    let source = envelope.resource;
    let associated_data = source.associated_data.unwrap_or_default();
    // Its type wants `attach`, which the platform sends always, also when the order has none.
    let payment = pay
        .decrypt_paydata(source.ciphertext, source.nonce, associated_data)
        .unwrap();
    assert_eq!(
        (payment.out_trade_no.as_str(), payment.trade_state.as_str()),
        (paid.as_str(), "SUCCESS")
    );
    assert_eq!((payment.amount.total, payment.attach.as_str()), (990, ""));
    ok("notification of the payment");

    let refund = merchant.number("WPRS-REFUND-");
    let mut request = RefundsParams::new(refund.as_str(), 990, 330, None, Some(paid.as_str()));
    request.notify_url = Some(callback.url.clone());
    let response = pay.refunds(request).await.unwrap();
    assert_eq!(response.ok().expect("the refund is refused").status, "PROCESSING");
    ok("refund");
    let pass = ask("PASS 60".to_owned());
    let ((), envelope) = tokio::join!(pass, callback.accept(&verify));
    assert_eq!(envelope.event_type, "REFUND.SUCCESS");
    let source = envelope.resource;
    let associated_data = source.associated_data.unwrap_or_default();
    let text = pay
        .decrypt_bytes(source.ciphertext, source.nonce, associated_data)
        .unwrap();
    let refunded: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(refunded["out_refund_no"], refund.as_str());
    ok("notification of the refund");
}
