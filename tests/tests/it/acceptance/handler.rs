//! A shop as people write it by hand, with one flaw or none.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use wechatpay_axum::WechatPay;
use wechatpay_core::{
    api::{prepay::PartnerNativePrepay, transactions},
    crypto::{Aead, default_provider},
    testing::{DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID},
    types::{ApiV3Key, Fen, KeyId},
};
use wechatpay_sandbox::Sandbox;

const TOTAL: i64 = 100;
const LIMIT: usize = 256 * 1024;

/// Flaws of a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    NoVerification,
    OnlyIfSigned,
    AcceptsProbe,
    SignsOverParsedBody,
    AnySerial,
    NoWindow,
    CrashesWithoutHeaders,
    AcknowledgesFirst,
    AlwaysOk,
    NoMemory,
    NoLock,
    NoAmount,
    NoPayee,
    StrictEnums,
    CrashesOnUnknownKinds,
    CrashesOnEarlyRefunds,
    PublicKeyOnly,
    NoBodyLimit,
    NoBodyDeadline,
    NeverQueries,
    NeedsLogin,
    Slow,
}

/// Returns true if the shop asks for orders that stay open.
///
/// Shops whose flaw is a second handing over do not: the query would hide it.
pub(crate) fn queries(flaw: Option<Flaw>) -> bool {
    !matches!(flaw, Some(Flaw::NeverQueries | Flaw::NoMemory | Flaw::NoLock))
}

#[derive(Clone, Copy, Default)]
struct Order {
    number: usize,
    is_paid: bool,
    is_refunded: bool,
    fulfilled: u64,
}

pub(crate) struct Shop {
    flaw: Option<Flaw>,
    wechatpay: WechatPay,
    aead: Arc<dyn Aead>,
    address: SocketAddr,
    orders: Mutex<HashMap<String, Order>>,
}

impl Shop {
    pub(crate) async fn start(sandbox: &Sandbox, flaw: Option<Flaw>) -> Arc<Self> {
        let wechatpay = WechatPay::new(&sandbox.config().validate().unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shop = Arc::new(Self {
            flaw,
            wechatpay,
            aead: default_provider()
                .unwrap()
                .aead(&ApiV3Key::parse(DEMO_API_V3_KEY).unwrap())
                .unwrap(),
            address: listener.local_addr().unwrap(),
            orders: Mutex::default(),
        });
        let refresh = shop.wechatpay.spawn_refresh();
        while !shop.wechatpay.is_ready() {
            sleep(Duration::from_millis(5)).await;
        }
        let app = Router::new()
            .route("/notify", post(notify))
            .with_state(Arc::clone(&shop));
        let querying = Arc::clone(&shop);
        tokio::spawn(async move {
            let _refresh = refresh;
            axum::serve(listener, app).await.unwrap();
        });
        if queries(flaw) {
            tokio::spawn(async move {
                loop {
                    sleep(Duration::from_secs(1)).await;
                    querying.query_open_orders().await;
                }
            });
        }
        shop
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/notify", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn order(&self) -> Option<String> {
        self.order_told_to(&self.url()).await
    }

    /// The same with another address for its notifications.
    pub(crate) async fn order_told_to(&self, notify_url: &str) -> Option<String> {
        let number = format!("{:016x}{:016x}", fastrand(), fastrand());
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "tea",
            number.parse().unwrap(),
            notify_url,
            Fen::from(TOTAL.try_into().unwrap_or(1)),
        );
        {
            let mut orders = self.orders.lock().unwrap();
            let order = Order {
                number: orders.len(),
                ..Order::default()
            };
            orders.insert(number.clone(), order);
        }
        self.wechatpay.client().call(&order).await.ok()?;
        Some(number)
    }

    pub(crate) fn fulfilled(&self, number: &str) -> Option<u64> {
        self.orders
            .lock()
            .unwrap()
            .get(number)
            .map(|order| order.fulfilled)
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    async fn query_open_orders(&self) {
        let open: Vec<String> = {
            let orders = self.orders.lock().unwrap();
            let open = orders.iter().filter(|(_, order)| !order.is_paid);
            let mut open: Vec<_> = open
                .map(|(number, order)| (order.number, number.clone()))
                .collect();
            // The newest first: nobody pays the others any more.
            open.sort_by(|one, other| other.cmp(one));
            open.into_iter().take(2).map(|(_, number)| number).collect()
        };
        for number in open {
            let query = transactions::PartnerQueryByOutTradeNo::new(
                DEMO_MCHID.parse().unwrap(),
                DEMO_SUB_MCHID.parse().unwrap(),
                number.parse().unwrap(),
            );
            if let Ok(found) = self.wechatpay.client().call(&query).await
                && found.trade_state.as_str() == "SUCCESS"
            {
                self.pay(&number);
            }
        }
    }

    /// Check and change in one step.
    fn pay(&self, number: &str) {
        let mut orders = self.orders.lock().unwrap();
        let order = orders.get_mut(number).unwrap();
        if !order.is_paid {
            order.is_paid = true;
            order.fulfilled += 1;
        }
    }

    async fn handle(&self, headers: &HeaderMap, body: Body) -> StatusCode {
        if self.has(Flaw::NeedsLogin) && !headers.contains_key("cookie") {
            return StatusCode::FORBIDDEN;
        }
        let limit = if self.has(Flaw::NoBodyLimit) {
            usize::MAX
        } else {
            LIMIT
        };
        // The run waits ten seconds for a response to a body that drips.
        let patience = if self.has(Flaw::NoBodyDeadline) { 60 } else { 5 };
        let body = match timeout(Duration::from_secs(patience), to_bytes(body, limit)).await {
            Ok(Ok(body)) => body,
            Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
            Err(_) => return StatusCode::REQUEST_TIMEOUT,
        };
        if let Err(status) = self.verify(headers, &body) {
            return status;
        }
        if self.has(Flaw::Slow) {
            sleep(Duration::from_secs(6)).await;
        }
        if self.has(Flaw::AcknowledgesFirst) {
            // Somebody will look at it later.
            self.open(&body).map(|json| self.apply(&json));
            return StatusCode::NO_CONTENT;
        }
        let Ok(envelope) = serde_json::from_slice::<Value>(&body) else {
            return StatusCode::BAD_REQUEST;
        };
        let Some(json) = self.open(&body) else {
            return StatusCode::INTERNAL_SERVER_ERROR;
        };
        match envelope["event_type"].as_str().unwrap_or_default() {
            "TRANSACTION.SUCCESS" => {
                if self.has(Flaw::NoLock) {
                    return self.apply_without_a_lock(&json).await;
                }
                self.apply(&json)
            }
            "REFUND.SUCCESS" => self.refund(&json),
            _ if self.has(Flaw::CrashesOnUnknownKinds) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::OK,
        }
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), StatusCode> {
        let refused = Err(StatusCode::UNAUTHORIZED);
        if self.has(Flaw::NoVerification) {
            return Ok(());
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let all = (
            text("wechatpay-timestamp"),
            text("wechatpay-nonce"),
            text("wechatpay-serial"),
            text("wechatpay-signature"),
        );
        let (Some(timestamp), Some(nonce), Some(serial), Some(signature)) = all else {
            return match self.flaw {
                Some(Flaw::OnlyIfSigned) => Ok(()),
                Some(Flaw::CrashesWithoutHeaders) => Err(StatusCode::INTERNAL_SERVER_ERROR),
                _ => refused,
            };
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let Ok(at) = timestamp.parse::<u64>() else {
            return refused;
        };
        if now.abs_diff(at) > 300 && !self.has(Flaw::NoWindow) {
            return refused;
        }
        if signature.starts_with("WECHATPAY/SIGNTEST/") && self.has(Flaw::AcceptsProbe) {
            return Ok(());
        }
        let Ok(mut id) = serial.parse::<KeyId>() else {
            return refused;
        };
        if self.has(Flaw::AnySerial) {
            id = DEMO_PUBLIC_KEY_ID.parse().unwrap();
        }
        if self.has(Flaw::PublicKeyOnly) && !serial.starts_with("PUB_KEY_ID_") {
            return refused;
        }
        let (Some(key), Ok(signature)) = (self.wechatpay.keys().get(&id), STANDARD.decode(signature)) else {
            return refused;
        };
        let parsed;
        let body = if self.has(Flaw::SignsOverParsedBody) {
            parsed = serde_json::from_slice::<Value>(body).unwrap_or_default();
            &serde_json::to_vec_pretty(&parsed).unwrap()
        } else {
            body
        };
        let message: [&[u8]; 6] = [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"];
        key.key()
            .verify(&message, &signature)
            .map_err(|_| StatusCode::UNAUTHORIZED)
    }

    fn open(&self, body: &[u8]) -> Option<Value> {
        let envelope: Value = serde_json::from_slice(body).ok()?;
        let resource = &envelope["resource"];
        let text = |key: &str| resource[key].as_str().unwrap_or_default();
        let sealed = STANDARD.decode(text("ciphertext")).ok()?;
        let opened = self.aead.open(
            text("nonce").as_bytes(),
            text("associated_data").as_bytes(),
            sealed,
        );
        serde_json::from_slice(&opened.ok()?).ok()
    }

    fn apply(&self, json: &Value) -> StatusCode {
        let number = json["out_trade_no"].as_str().unwrap_or_default();
        if let Err(status) = self.fits(json) {
            return status;
        }
        if self.has(Flaw::NoMemory) {
            self.orders.lock().unwrap().get_mut(number).unwrap().fulfilled += 1;
            return StatusCode::OK;
        }
        self.pay(number);
        StatusCode::OK
    }

    /// Looks, thinks, then acts.
    async fn apply_without_a_lock(&self, json: &Value) -> StatusCode {
        let number = json["out_trade_no"].as_str().unwrap_or_default();
        if let Err(status) = self.fits(json) {
            return status;
        }
        let was_paid = self.orders.lock().unwrap()[number].is_paid;
        if !was_paid {
            // Long enough for the other copies to arrive, also on a busy machine.
            sleep(Duration::from_secs(1)).await;
            let mut orders = self.orders.lock().unwrap();
            let order = orders.get_mut(number).unwrap();
            order.is_paid = true;
            order.fulfilled += 1;
        }
        StatusCode::OK
    }

    fn fits(&self, json: &Value) -> Result<(), StatusCode> {
        let number = json["out_trade_no"].as_str().unwrap_or_default();
        if !self.orders.lock().unwrap().contains_key(number) {
            return Err(StatusCode::NOT_FOUND);
        }
        let is_payee = json["sp_mchid"] == DEMO_MCHID
            && json["sub_mchid"] == DEMO_SUB_MCHID
            && json["sp_appid"] == DEMO_APPID;
        if !is_payee && !self.has(Flaw::NoPayee) {
            return Err(StatusCode::FORBIDDEN);
        }
        let is_amount = json["amount"]["total"] == TOTAL && json["amount"]["currency"] == "CNY";
        if !is_amount && !self.has(Flaw::NoAmount) {
            return Err(StatusCode::BAD_REQUEST);
        }
        let known = ["JSAPI", "NATIVE", "APP", "MWEB", "MICROPAY", "FACEPAY"];
        let trade_type = json["trade_type"].as_str().unwrap_or_default();
        if self.has(Flaw::StrictEnums) && !known.contains(&trade_type) {
            return Err(StatusCode::BAD_REQUEST);
        }
        Ok(())
    }

    fn refund(&self, json: &Value) -> StatusCode {
        let number = json["out_trade_no"].as_str().unwrap_or_default();
        let mut orders = self.orders.lock().unwrap();
        let Some(order) = orders.get_mut(number) else {
            return StatusCode::NOT_FOUND;
        };
        if !order.is_paid && self.has(Flaw::CrashesOnEarlyRefunds) {
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        order.is_refunded = true;
        StatusCode::OK
    }
}

async fn notify(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Body) -> StatusCode {
    let status = shop.handle(&headers, body).await;
    if shop.has(Flaw::AlwaysOk) {
        StatusCode::OK
    } else {
        status
    }
}

/// Numbers that do not repeat; they need not be secret.
fn fastrand() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(SystemTime::now())
}
