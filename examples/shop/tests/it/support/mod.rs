//! A gateway in this process, and a shop that talks to it.

mod gateway;

use serde_json::{Value, json};
use shop::{Incoming, Reply, Shop, ShopStore, Watching};
use wechatpay_core::{
    Settings,
    notify::{Ack, AnyResource, Nack},
    testing::{Delivery, FakePlatform},
};
use wechatpay_tower::WechatPay;

pub(crate) use gateway::{Gateway, Scripted};

/// A shop, its gateway, and the platform's pen.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    pub(crate) shop: Shop,
    pub(crate) gateway: Gateway,
    pub(crate) platform: FakePlatform,
    pub(crate) wechatpay: WechatPay,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with_store(ShopStore::in_memory())
    }

    pub(crate) fn with_store(store: ShopStore) -> Self {
        Self::with(store, &settings())
    }

    /// A shop of the real platform: public name, gateway not on this machine.
    pub(crate) fn in_public() -> Self {
        // Demo keys are refused for the real platform, so its address comes after the check.
        let mut settings = settings();
        settings.base_url = "https://api.mch.weixin.qq.com".into();
        settings.notify_url = Some("https://shop.example/wechatpay/notify".into());
        Self::with(ShopStore::in_memory(), &settings)
    }

    fn with(store: ShopStore, settings: &Settings) -> Self {
        let platform = FakePlatform::new();
        let gateway = Gateway::new(platform.clone());
        let wechatpay = WechatPay::with_transport(settings, gateway.router()).unwrap();
        let shop = Shop::new(
            wechatpay.clone(),
            store,
            "127.0.0.1:3000".parse().unwrap(),
            Watching::Off,
        )
        .unwrap();
        Self {
            shop,
            gateway,
            platform,
            wechatpay,
        }
    }

    /// Creates an order and returns its number.
    pub(crate) async fn order(&self, scene: &str, total: i64) -> String {
        let reply = self
            .create(&json!({"scene": scene, "total": total, "description": "茶"}))
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
        body(&reply)["out_trade_no"].as_str().unwrap().to_owned()
    }

    /// Makes an order that is paid.
    pub(crate) async fn paid_order(&self, total: i64) -> String {
        let number = self.order("native", total).await;
        self.deliver(self.platform.payment(&number, total)).await.unwrap();
        number
    }

    pub(crate) async fn create(&self, order: &Value) -> Reply {
        self.create_text(&order.to_string()).await
    }

    pub(crate) async fn create_text(&self, body: &str) -> Reply {
        self.shop.create_order(incoming(body)).await
    }

    pub(crate) async fn refund(&self, number: &str, amount: i64) -> Reply {
        let body = json!({"amount": amount}).to_string();
        self.shop.refund_order(number, incoming(&body)).await
    }

    /// Delivers a notification to the shop like a framework: verified, decrypted, then handled.
    pub(crate) async fn deliver(&self, delivery: Delivery) -> Result<(), Nack> {
        let receiver = self.wechatpay.receiver();
        let verified = async {
            let ready = receiver
                .begin(&delivery.method, delivery.pairs())?
                .ready()
                .await?;
            ready.finish(delivery.body.clone())?.decode::<AnyResource>()
        };
        match verified.await {
            Ok(notification) => self.shop.notified(notification).await.map(|_: Ack| ()),
            Err(error) => Err(Nack::from(&error)),
        }
    }

    pub(crate) async fn state(&self, number: &str) -> Value {
        let reply = self.shop.order(number).await;
        assert_eq!(reply.status, 200);
        body(&reply)
    }
}

/// JSON, from a browser of this machine.
pub(crate) fn incoming(body: &str) -> Incoming<'_> {
    Incoming {
        content_type: Some("application/json"),
        user_agent: Some("Mozilla/5.0 (Linux; Android 14)"),
        peer: Some("127.0.0.1".parse().unwrap()),
        body: body.as_bytes(),
    }
}

pub(crate) fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn settings() -> Settings {
    FakePlatform::new()
        .config("http://127.0.0.1:8640")
        .validate()
        .unwrap()
}
