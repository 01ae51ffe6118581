//! A gateway that signs scripted responses.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use serde_json::{Value, json};
use wechatpay_core::testing::FakePlatform;

/// A response of the gateway.
pub(crate) struct Scripted {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) request_id: &'static str,
    pub(crate) signed: bool,
    pub(crate) before: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Scripted {
    pub(crate) fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body,
            request_id: "TEST-0",
            signed: true,
            before: None,
        }
    }

    pub(crate) fn no_content() -> Self {
        Self {
            status: 204,
            ..Self::ok(Value::Null)
        }
    }

    pub(crate) fn refusal(status: u16, code: &str) -> Self {
        Self {
            status,
            request_id: "08F78BB6B20610EE-268435461",
            ..Self::ok(json!({"code": code, "message": "因为"}))
        }
    }

    /// Removes the signature, like a response of anyone on the way.
    pub(crate) fn unsigned(mut self) -> Self {
        self.signed = false;
        self
    }

    /// Runs `before` between the request's arrival and the response.
    pub(crate) fn after(mut self, before: impl Future<Output = ()> + Send + 'static) -> Self {
        self.before = Some(Box::pin(before));
        self
    }
}

/// One request as the gateway saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: Value,
}

type Maker = Box<dyn FnOnce(&Seen) -> Scripted + Send>;
type Trouble = Box<dyn Fn() -> Scripted + Send>;

/// A gateway with queued responses, then a repeated one, else placed orders.
#[derive(Clone)]
pub(crate) struct Gateway {
    platform: FakePlatform,
    queue: Arc<Mutex<VecDeque<Maker>>>,
    trouble: Arc<Mutex<Option<Trouble>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Gateway {
    pub(crate) fn new(platform: FakePlatform) -> Self {
        Self {
            platform,
            queue: Arc::default(),
            trouble: Arc::default(),
            seen: Arc::default(),
        }
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(serve).with_state(self.clone())
    }

    /// Sets the response to the next request.
    pub(crate) fn next(&self, reply: Scripted) {
        self.next_with(|_| reply);
    }

    /// Builds the response to the next request by a function.
    pub(crate) fn next_with(&self, make: impl FnOnce(&Seen) -> Scripted + Send + 'static) {
        self.queue.lock().unwrap().push_back(Box::new(make));
    }

    /// Responds to every request alike until it is reset, because the client retries.
    pub(crate) fn trouble(&self, make: impl Fn() -> Scripted + Send + 'static) {
        *self.trouble.lock().unwrap() = Some(Box::new(make));
    }

    /// Ends [`trouble`](Self::trouble).
    pub(crate) fn well(&self) {
        *self.trouble.lock().unwrap() = None;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().expect("a request")
    }

    fn reply(&self, seen: &Seen) -> Scripted {
        let queued = self.queue.lock().unwrap().pop_front();
        match queued {
            Some(make) => make(seen),
            None => match self.trouble.lock().unwrap().as_ref() {
                Some(make) => make(),
                None => default_response(seen),
            },
        }
    }
}

fn default_response(seen: &Seen) -> Scripted {
    let path = seen.target.split('?').next().unwrap_or_default();
    match path.rsplit('/').next().unwrap_or_default() {
        "jsapi" | "app" => Scripted::ok(json!({"prepay_id": "wx261153585405162d4d02642eabe7000000"})),
        "h5" => Scripted::ok(json!({"h5_url": "http://127.0.0.1:8640/cashier/h5?prepay_id=wx1&package=2"})),
        "native" => Scripted::ok(json!({"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"})),
        "close" => Scripted::no_content(),
        "apply" => Scripted::ok(json!({
            "refund_id": "50000000382019052709732678859",
            "out_refund_no": seen.body["out_refund_no"],
            "create_time": "2024-01-01T12:00:00+08:00",
            "amount": {"refund": seen.body["amount"]["refund"], "payer_refund": 1, "currency": "CNY"},
        })),
        _ => Scripted::refusal(404, "ORDER_NOT_EXIST"),
    }
}

async fn serve(State(gateway): State<Gateway>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let seen = Seen {
        method: parts.method.to_string(),
        target: parts.uri.path_and_query().unwrap().to_string(),
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    };
    gateway.seen.lock().unwrap().push(seen.clone());
    let mut reply = gateway.reply(&seen);
    if let Some(before) = reply.before.take() {
        before.await;
    }
    let body = if reply.body.is_null() {
        String::new()
    } else {
        reply.body.to_string()
    };
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap();
    let headers = response.headers_mut();
    headers.insert("request-id", HeaderValue::from_static(reply.request_id));
    if reply.signed {
        for (name, value) in gateway.platform.sign(body.as_bytes()) {
            headers.insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(&value).unwrap(),
            );
        }
    }
    response
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gateway(..)")
    }
}
