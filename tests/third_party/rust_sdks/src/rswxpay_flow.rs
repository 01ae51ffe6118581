//! rswxpay: order, query, close, payment and its notification, by certificates, which it downloads itself.
//!
//! Its refunds go to `/v3/pay/refund/…`, a path that WeChat Pay does not have, so there is none here.

use rswxpay::{
    ClientConfig, WxPayClient,
    model::{
        common::Amount,
        notify::{NotifyHeaders, TransactionNotify},
        prepay::NativePrepayRequest,
    },
};

use crate::{
    Merchant, ask,
    callback::{Callback, Delivery},
    ok,
};

pub(crate) async fn run(merchant: Merchant) {
    let mut callback = Callback::listen().await;
    let notify_url = callback.url.clone();
    let config = ClientConfig::builder()
        .mch_id(&merchant.mchid)
        .serial_no(&merchant.serial_no)
        .api_v3_key(&merchant.api_v3_key)
        .private_key_pem(&merchant.private_key)
        .base_url(&merchant.gateway)
        .build()
        .unwrap();
    let client = WxPayClient::new(config).await.unwrap();
    ok("certificates");
    let verify = async |delivery: &Delivery| -> Result<TransactionNotify, String> {
        let headers = NotifyHeaders {
            timestamp: delivery.header("Wechatpay-Timestamp").to_owned(),
            nonce: delivery.header("Wechatpay-Nonce").to_owned(),
            signature: delivery.header("Wechatpay-Signature").to_owned(),
            serial: delivery.header("Wechatpay-Serial").to_owned(),
        };
        let payment = client.parse_transaction_notify(&headers, delivery.text()).await;
        payment.map_err(|error| error.to_string())
    };
    let order = async |number: &str, total: i64| {
        let request = NativePrepayRequest {
            appid: merchant.appid.clone(),
            mchid: merchant.mchid.clone(),
            description: "Image形象店-深圳腾大-QQ公仔".to_owned(),
            out_trade_no: number.to_owned(),
            time_expire: None,
            notify_url: notify_url.clone(),
            amount: Amount {
                total,
                currency: None,
            },
            detail: None,
            scene_info: None,
            settle_info: None,
            attach: None,
            goods_tag: None,
        };
        let response = client.native_prepay(&request).await.unwrap();
        assert!(response.code_url.starts_with("weixin://"));
        ok("order");
    };

    let closed = merchant.number("RSWX-CLOSE-");
    order(&closed, 100).await;
    let state = async |number: &str| {
        client
            .query_order_by_out_trade_no(number)
            .await
            .unwrap()
            .trade_state
    };
    assert_eq!(state(&closed).await, "NOTPAY");
    ok("query");
    client.close_order(&closed).await.unwrap();
    ok("close");
    assert_eq!(state(&closed).await, "CLOSED");
    ok("query");

    for turn in ["A", "B"] {
        let paid = merchant.number(&format!("RSWX-PAID-{turn}-"));
        order(&paid, 990).await;
        let pay = ask(format!("PAY {paid}"));
        let ((), payment) = tokio::join!(pay, callback.accept(&verify));
        assert_eq!(
            (payment.out_trade_no.as_str(), payment.trade_state.as_str()),
            (paid.as_str(), "SUCCESS")
        );
        assert_eq!(payment.amount.total, 990);
        ok("notification of the payment");
        let found = client
            .query_order_by_transaction_id(&payment.transaction_id)
            .await
            .unwrap();
        assert_eq!(
            (found.out_trade_no.as_str(), found.trade_state.as_str()),
            (paid.as_str(), "SUCCESS")
        );
        ok("query");
    }
}
