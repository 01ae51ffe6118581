//! wxpay-rs: order, query, close, payment, refund and their notifications, by public key or by certificates.

use std::sync::Arc;

use async_trait::async_trait;
use wxpay_rs::{
    WxPayClient, WxPayConfig, WxPayResult,
    auth::Sha256RsaSigner,
    cert::{CertDownloader, CertManager, CertificateDownloader as _},
    http::{HttpClient, ReqwestHttpClient, client::HttpResponse},
    notify::{
        NotifyHeaders,
        handler::{PaymentExpectation, RefundExpectation, VerifiedNotifyRequest},
    },
    services::{
        payments::{jsapi::Amount, native::NativeRequest},
        refund::{RefundAmount, RefundRequest},
    },
};

use crate::{
    Merchant, ask,
    callback::{Callback, Delivery},
    ok,
};

const OFFICIAL: &str = "https://api.mch.weixin.qq.com";

/// The SDK's own client, connected to another host.
struct AtTheSandbox {
    gateway: String,
    client: ReqwestHttpClient,
}

impl AtTheSandbox {
    fn new(merchant: &Merchant) -> Self {
        Self {
            gateway: merchant.gateway.clone(),
            client: ReqwestHttpClient::builder().build().unwrap(),
        }
    }

    fn url(&self, url: &str) -> String {
        format!("{}{}", self.gateway, url.strip_prefix(OFFICIAL).unwrap())
    }
}

type Headers = Vec<(String, String)>;

#[async_trait]
impl HttpClient for AtTheSandbox {
    async fn get(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.client.get(&self.url(url), headers).await
    }

    async fn post(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.client.post(&self.url(url), headers, body).await
    }

    async fn put(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.client.put(&self.url(url), headers, body).await
    }

    async fn delete(&self, url: &str, headers: Headers) -> WxPayResult<HttpResponse> {
        self.client.delete(&self.url(url), headers).await
    }

    async fn patch(&self, url: &str, headers: Headers, body: &str) -> WxPayResult<HttpResponse> {
        self.client.patch(&self.url(url), headers, body).await
    }
}

async fn client(merchant: &Merchant) -> WxPayClient {
    let mut config = WxPayConfig::builder()
        .app_id(&merchant.appid)
        .merchant_id(&merchant.mchid)
        .api_v3_key(&merchant.api_v3_key)
        .private_key(merchant.private_key.clone().into_bytes())
        .cert_serial_number(&merchant.serial_no);
    let certificates = Arc::new(CertManager::new());
    match &merchant.public_key {
        Some((id, pem)) => config = config.platform_public_key(id, pem.clone().into_bytes()),
        None => {
            let private_key = merchant.private_key.clone().into_bytes();
            let signer = Sha256RsaSigner::new(&merchant.mchid, &private_key, &merchant.serial_no).unwrap();
            let http = Arc::new(AtTheSandbox::new(merchant));
            CertDownloader::new(
                OFFICIAL,
                &merchant.mchid,
                Arc::new(signer),
                http,
                certificates.clone(),
            )
            .with_api_v3_key(&merchant.api_v3_key)
            .download()
            .await
            .unwrap();
            ok("certificates");
        }
    }
    WxPayClient::builder()
        .config(config.build().unwrap())
        .http_client(AtTheSandbox::new(merchant))
        .cert_manager(certificates)
        .build()
        .await
        .unwrap()
}

pub(crate) async fn run(merchant: Merchant) {
    let mut callback = Callback::listen().await;
    let notify_url = callback.url.clone();
    let client = client(&merchant).await;
    let handler = client.notify_handler().unwrap();
    let verify = async |delivery: &Delivery| -> Result<VerifiedNotifyRequest, String> {
        let headers = NotifyHeaders {
            timestamp: delivery.header("Wechatpay-Timestamp"),
            nonce: delivery.header("Wechatpay-Nonce"),
            serial: delivery.header("Wechatpay-Serial"),
            signature: delivery.header("Wechatpay-Signature"),
        };
        let verified = handler.verify_and_parse(headers, &delivery.body).await;
        verified.map_err(|error| error.to_string())
    };
    let order = async |number: &str, total: u64| {
        let request = NativeRequest {
            appid: merchant.appid.clone(),
            mchid: merchant.mchid.clone(),
            description: "Image形象店-深圳腾大-QQ公仔".to_owned(),
            out_trade_no: number.to_owned(),
            amount: Some(Amount {
                total,
                currency: Some("CNY".to_owned()),
            }),
            notify_url: Some(notify_url.clone()),
        };
        let response = client.native().create_order(&request).await.unwrap();
        assert!(
            response.code_url.starts_with("weixin://"),
            "{}",
            response.code_url
        );
        ok("order");
    };

    let closed = merchant.number("WXRS-CLOSE-");
    order(&closed, 100).await;
    let state = async |number: &str| client.query().by_out_trade_no(number).await.unwrap().trade_state;
    assert_eq!(state(&closed).await, "NOTPAY");
    ok("query");
    client.query().close(&closed).await.unwrap();
    ok("close");
    assert_eq!(state(&closed).await, "CLOSED");
    ok("query");

    let paid = merchant.number("WXRS-PAID-");
    order(&paid, 990).await;
    let pay = ask(format!("PAY {paid}"));
    let ((), notification) = tokio::join!(pay, callback.accept(&verify));
    let payment = handler
        .handle_verified_payment_notify(&notification)
        .await
        .unwrap();
    let expected = PaymentExpectation {
        appid: &merchant.appid,
        mchid: &merchant.mchid,
        out_trade_no: &paid,
        total: 990,
        currency: "CNY",
    };
    payment.validate_order(expected).unwrap();
    ok("notification of the payment");
    let order = client
        .query()
        .by_transaction_id(&payment.transaction_id)
        .await
        .unwrap();
    assert_eq!(
        (order.out_trade_no.as_deref(), order.trade_state.as_str()),
        (Some(paid.as_str()), "SUCCESS")
    );
    ok("query");

    let refund = merchant.number("WXRS-REFUND-");
    let request = RefundRequest {
        transaction_id: None,
        out_trade_no: Some(paid.clone()),
        out_refund_no: refund.clone(),
        reason: Some("七天无理由".to_owned()),
        amount: RefundAmount {
            refund: 330,
            total: 990,
            currency: "CNY".to_owned(),
        },
        notify_url: Some(notify_url.clone()),
    };
    assert_eq!(
        client.refund().create_refund(&request).await.unwrap().status,
        "PROCESSING"
    );
    ok("refund");
    let pass = ask("PASS 60".to_owned());
    let ((), notification) = tokio::join!(pass, callback.accept(&verify));
    let refunded = handler
        .handle_verified_refund_notify(&notification)
        .await
        .unwrap();
    let expected = RefundExpectation {
        mchid: &merchant.mchid,
        out_trade_no: &paid,
        out_refund_no: &refund,
        total: 990,
        refund: 330,
    };
    refunded.validate_order(expected).unwrap();
    ok("notification of the refund");
    assert_eq!(
        client.refund().query_refund(&refund).await.unwrap().status,
        "SUCCESS"
    );
    ok("refund query");
    assert!(client.query().by_out_trade_no("WXRS-NEVER").await.is_err());
    ok("unknown order");
}
