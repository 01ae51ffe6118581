//! A gateway for Native orders with signed responses: placed, queried and closed.
//!
//! The soak pays at it, and sends the notifications itself.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, Response, StatusCode},
    routing::{get, post},
};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use wechatpay_core::{
    crypto::PrivateKey,
    testing::{
        DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey, FakePlatform,
        private_key_pem, public_key_pem,
    },
    types::KeyId,
};

use super::sender::TOTAL;

/// The gateway. Ends when it is dropped.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    public_key: String,
    orders: Arc<Orders>,
    server: JoinHandle<()>,
}

/// Orders at the gateway.
#[derive(Debug)]
struct Orders {
    platform: FakePlatform,
    /// Loaded once: loading costs more than signing.
    key: (KeyId, Arc<dyn PrivateKey>),
    responses: AtomicU64,
    by_number: Mutex<HashMap<String, OrderState>>,
    queries: AtomicU64,
}

/// State of an order; a paid one has the platform's number of the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
enum OrderState {
    NotPaid,
    Paid(String),
    Refunded(String),
    Closed,
}

impl Orders {
    fn by_number(&self) -> MutexGuard<'_, HashMap<String, OrderState>> {
        self.by_number.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond(&self, status: StatusCode, body: String) -> Response<Body> {
        let (id, key) = &self.key;
        let now = self.platform.now().to_string();
        let nonce = format!("{:032x}", self.responses.fetch_add(1, Ordering::Relaxed));
        let signature = FakePlatform::sign_with(id, key.as_ref(), &now, &nonce, body.as_bytes());
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        for (name, value) in signature {
            response.headers_mut().insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(&value).unwrap(),
            );
        }
        response
    }

    fn refuse(&self, status: StatusCode, code: &str) -> Response<Body> {
        self.respond(status, json!({ "code": code, "message": code }).to_string())
    }
}

impl Gateway {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no port for it.
    pub async fn start(platform: FakePlatform) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let public_key = public_key_pem(platform.demo_key(DemoKey::PublicKey).public_key_info());
        let orders = Arc::new(Orders {
            key: platform.signing_key(),
            responses: AtomicU64::new(0),
            platform,
            by_number: Mutex::default(),
            queries: AtomicU64::new(0),
        });
        let number = "/v3/pay/partner/transactions/out-trade-no/{number}";
        let app = Router::new()
            .route("/v3/pay/partner/transactions/native", post(place))
            .route(number, get(query))
            .route(&format!("{number}/close"), post(close))
            .with_state(Arc::clone(&orders));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            address,
            public_key,
            orders,
            server,
        }
    }

    /// Pays an order; `false` if it was closed before, or is not known.
    #[must_use]
    pub fn pay(&self, number: &str, transaction: &str) -> bool {
        match self.orders.by_number().get_mut(number) {
            Some(state) if *state == OrderState::NotPaid => {
                *state = OrderState::Paid(transaction.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Gives a part of a payment back: a query says so from now on.
    pub fn refund(&self, number: &str) {
        if let Some(state) = self.orders.by_number().get_mut(number)
            && let OrderState::Paid(transaction) = state
        {
            *state = OrderState::Refunded(std::mem::take(transaction));
        }
    }

    /// Number of queries.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.orders.queries.load(Ordering::Relaxed)
    }

    /// Number of orders that were closed without a payment.
    #[must_use]
    pub fn closed(&self) -> usize {
        let orders = self.orders.by_number();
        let closed = orders.values().filter(|state| **state == OrderState::Closed);
        closed.count()
    }

    /// The variables of a shop that sells through it.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        [
            ("WECHATPAY_MCHID", DEMO_MCHID.to_owned()),
            ("WECHATPAY_SUB_MCHID", DEMO_SUB_MCHID.to_owned()),
            ("WECHATPAY_APPID", DEMO_APPID.to_owned()),
            (
                "WECHATPAY_SERIAL_NO",
                "5157F09EFDC096DE15EBE81A47057A7232F1B8E1".to_owned(),
            ),
            (
                "WECHATPAY_PRIVATE_KEY",
                private_key_pem(DemoKey::Merchant.pkcs8()),
            ),
            ("WECHATPAY_API_V3_KEY", DEMO_API_V3_KEY.to_owned()),
            ("WECHATPAY_PUBLIC_KEY_ID", DEMO_PUBLIC_KEY_ID.to_owned()),
            ("WECHATPAY_PUBLIC_KEY", self.public_key.clone()),
            ("WECHATPAY_BASE_URL", format!("http://{}", self.address)),
            ("SHOP_WATCH", "fast".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn place(State(orders): State<Arc<Orders>>, body: Bytes) -> Response<Body> {
    let wish: Value = serde_json::from_slice(&body).unwrap();
    let number = wish["out_trade_no"].as_str().unwrap().to_owned();
    orders.by_number().entry(number).or_insert(OrderState::NotPaid);
    let body = json!({ "code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz" });
    orders.respond(StatusCode::OK, body.to_string())
}

async fn query(State(orders): State<Arc<Orders>>, Path(number): Path<String>) -> Response<Body> {
    orders.queries.fetch_add(1, Ordering::Relaxed);
    let state = orders.by_number().get(&number).cloned();
    let (word, transaction) = match state {
        None => return orders.refuse(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST"),
        Some(OrderState::NotPaid) => ("NOTPAY", None),
        Some(OrderState::Closed) => ("CLOSED", None),
        Some(OrderState::Paid(transaction)) => ("SUCCESS", Some(transaction)),
        Some(OrderState::Refunded(transaction)) => ("REFUND", Some(transaction)),
    };
    let mut body = orders.platform.payment_resource(&number, TOTAL);
    body["trade_state"] = json!(word);
    match transaction {
        Some(transaction) => body["transaction_id"] = json!(transaction),
        None => {
            let members: &mut Map<String, Value> = body.as_object_mut().unwrap();
            members.retain(|name, _| {
                !["transaction_id", "payer", "success_time", "bank_type"].contains(&&**name)
            });
        }
    }
    orders.respond(StatusCode::OK, body.to_string())
}

async fn close(State(orders): State<Arc<Orders>>, Path(number): Path<String>) -> Response<Body> {
    let refused = match orders.by_number().get_mut(&number) {
        None => Some((StatusCode::NOT_FOUND, "ORDER_NOT_EXIST")),
        Some(OrderState::Paid(_) | OrderState::Refunded(_)) => Some((StatusCode::BAD_REQUEST, "ORDERPAID")),
        Some(state) => {
            *state = OrderState::Closed;
            None
        }
    };
    match refused {
        Some((status, code)) => orders.refuse(status, code),
        None => orders.respond(StatusCode::NO_CONTENT, String::new()),
    }
}
