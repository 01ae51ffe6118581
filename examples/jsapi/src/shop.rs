//! The shop's state, in memory: a real one keeps it in a database.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use wechatpay_axum::{
    Expectation, WechatPay,
    api::prepay::{DirectPayer, JsapiPrepay},
    openid::OpenidClient,
    sign::JsapiParameters,
    types::{Fen, Openid, OutTradeNo},
};
use wechatpay_core::BoxError;

/// Everything that a request needs.
pub(crate) struct Shop {
    pub(crate) wechatpay: WechatPay,
    pub(crate) openid: OpenidClient,
    /// Scheme and host by which WeChat's browser reaches the shop.
    pub(crate) public_url: String,
    /// The sandbox's stand-in for `WeixinJSBridge`. Inside WeChat there is a real one.
    pub(crate) bridge: Option<String>,
    /// Openids by session.
    pub(crate) visitors: Table<String, Openid>,
    /// Expected payments, and true once they came.
    pub(crate) orders: Table<OutTradeNo, (Expectation, bool)>,
}

/// Values by key.
pub(crate) struct Table<K, V>(Mutex<HashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Table<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    pub(crate) fn put(&self, key: K, value: V) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.insert(key, value);
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        table.get(key).cloned()
    }
}

impl Shop {
    /// Orders a tea for a visitor, and signs what opens the payment sheet.
    pub(crate) async fn order(&self, payer: Openid) -> Result<(OutTradeNo, JsapiParameters), BoxError> {
        let number: OutTradeNo = format!("TEA{}", UNIX_EPOCH.elapsed()?.as_micros()).parse()?;
        let total = Fen::from(990);
        // Before the request: the notification may be faster than the response.
        let expectation = self.wechatpay.expectation(number.clone(), total)?;
        self.orders.put(number.clone(), (expectation, false));
        let ids = self.wechatpay.settings().direct()?;
        let prepay = JsapiPrepay::new(
            ids.appid.clone(),
            ids.mchid,
            "龙井 50 克",
            number.clone(),
            format!("{}/wechatpay/notify", self.public_url),
            total,
            DirectPayer::openid(payer),
        );
        let session = self.wechatpay.client().call(&prepay).await?;
        let signer = self.wechatpay.signer();
        Ok((number, signer.jsapi(&ids.appid, &session.prepay_id).await?))
    }
}
