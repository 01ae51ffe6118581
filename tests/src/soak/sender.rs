//! The buyers and the platform: orders, payments, and each notification until it is acknowledged.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use wechatpay_core::{
    crypto::PrivateKey,
    testing::{DEMO_SUB_MCHID, Delivery, FakePlatform},
    types::KeyId,
};

use super::{
    fleet::Fleet,
    gateway::Gateway,
    plan::{NotificationPlan, OrderPlan, Tells},
};

/// Total of every order, and amount of a refund, in fen.
pub(super) const TOTAL: i64 = 1000;
const REFUND: i64 = 100;
/// The platform's time limit for a response.
const PATIENCE: Duration = Duration::from_secs(5);
/// First pause before a repeat; it doubles up to a second.
///
/// The soak has less time than the platform's day.
const FIRST_PAUSE: Duration = Duration::from_millis(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Then it gives up.
const GIVES_UP: Duration = Duration::from_secs(240);

/// One notification's result.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// Kind of the notification.
    pub tells: Tells,
    /// From its first copy setting out until a response acknowledged it; nothing when none did.
    pub acknowledged_after: Option<Duration>,
}

/// A paid order.
#[derive(Clone, Debug)]
pub struct Sold {
    /// When it was paid, in Unix seconds.
    pub paid_at: i64,
    /// Its notifications; none if all were dropped.
    pub told: Vec<Told>,
}

/// The platform's records at the end.
#[derive(Debug, Default)]
pub struct Ledger {
    sold: Mutex<BTreeMap<String, Sold>>,
    responses: Mutex<BTreeMap<u16, u64>>,
}

impl Ledger {
    /// Paid orders by number.
    pub fn sold(&self) -> MutexGuard<'_, BTreeMap<String, Sold>> {
        self.sold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of responses by status; 0 stands for none.
    pub fn responses(&self) -> MutexGuard<'_, BTreeMap<u16, u64>> {
        self.responses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends.
#[derive(Debug)]
pub struct Sender {
    platform: FakePlatform,
    /// Loaded once: loading costs more than signing.
    key: (KeyId, Arc<dyn PrivateKey>),
    gateway: Gateway,
    fleet: Arc<Fleet>,
    ledger: Arc<Ledger>,
    client: Client<HttpConnector, Full<Bytes>>,
    bar: ProgressBar,
}

impl Sender {
    /// One that sends to these shops.
    #[must_use]
    pub fn new(
        platform: FakePlatform,
        gateway: Gateway,
        fleet: Arc<Fleet>,
        ledger: Arc<Ledger>,
        bar: ProgressBar,
    ) -> Self {
        Self {
            key: platform.signing_key(),
            platform,
            gateway,
            fleet,
            ledger,
            client: Client::builder(TokioExecutor::new()).build_http(),
            bar,
        }
    }

    /// The gateway of the shops.
    #[must_use]
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Buys at one of the shops and sends all notifications of the order.
    ///
    /// Without any, waits until the shops know of the payment.
    ///
    /// # Panics
    /// When no shop takes the order.
    pub async fn sell(self: &Arc<Self>, plan: OrderPlan) {
        let number = loop {
            let number = self.order().await;
            tokio::time::sleep(plan.paid_after).await;
            // A buyer who is late finds it closed, and orders again.
            if self.gateway.pay(&number, &plan.transaction_id) {
                break number;
            }
        };
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let paid_at = since_1970.as_secs().cast_signed();
        if plan.notifications.is_empty() {
            self.wait_until_known(&number).await;
        }
        let mut notifications = JoinSet::new();
        for notification in plan.notifications {
            let (sender, number) = (Arc::clone(self), number.clone());
            let transaction = plan.transaction_id.clone();
            notifications.spawn(async move { sender.notify(&number, &transaction, notification).await });
        }
        let told = notifications.join_all().await;
        self.bar.inc(1);
        self.ledger.sold().insert(number, Sold { paid_at, told });
    }

    /// Waits until a shop shows the payment, or gives up; the books tell then.
    async fn wait_until_known(&self, number: &str) {
        let started = Instant::now();
        let mut pause = LONGEST_PAUSE / 4;
        while started.elapsed() < GIVES_UP {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            let (place, url) = self.fleet.next();
            let request = Request::get(format!("{url}/orders/{number}"))
                .body(Full::<Bytes>::default())
                .unwrap();
            match self.exchange(request).await {
                Some((200, body)) => {
                    let order: Value = serde_json::from_slice(&body).unwrap();
                    if !order["learned_by"].is_null() {
                        return;
                    }
                }
                Some(_) => {}
                None => self.fleet.avoid(place, &url),
            }
        }
    }

    async fn order(&self) -> String {
        let wish = json!({ "scene": "native", "total": TOTAL, "description": "桂花乌龙 50 克" }).to_string();
        let started = Instant::now();
        loop {
            let (place, url) = self.fleet.next();
            let request = Request::post(format!("{url}/orders"))
                .header("content-type", "application/json")
                .body(Full::from(wish.clone()))
                .unwrap();
            match self.exchange(request).await {
                Some((201, body)) => {
                    let order: Value = serde_json::from_slice(&body).unwrap();
                    return order["out_trade_no"].as_str().unwrap().to_owned();
                }
                Some(_) => {}
                None => self.fleet.avoid(place, &url),
            }
            assert!(started.elapsed() < GIVES_UP, "no shop takes an order");
            tokio::time::sleep(FIRST_PAUSE).await;
        }
    }

    /// Sends all copies of a notification, and perhaps a late one.
    async fn notify(self: Arc<Self>, order: &str, transaction: &str, plan: NotificationPlan) -> Told {
        let notification = Arc::new(Sealed {
            id: plan.id.clone(),
            tells: plan.tells,
            plaintext: self.plaintext(order, transaction, plan.tells),
        });
        let soonest = plan.copies.iter().min().copied().unwrap_or_default();
        let started = Instant::now();
        let mut copies = JoinSet::new();
        for delay in plan.copies {
            let (sender, notification) = (Arc::clone(&self), Arc::clone(&notification));
            let order = order.to_owned();
            copies.spawn(async move {
                tokio::time::sleep(delay).await;
                if matches!(notification.tells, Tells::Refunded(_)) {
                    sender.gateway.refund(&order);
                }
                sender
                    .send(&notification)
                    .await
                    .then(|| started.elapsed().saturating_sub(soonest))
            });
        }
        let mut acknowledged_after: Option<Duration> = None;
        while let Some(copy) = copies.join_next().await {
            let after = copy.unwrap();
            acknowledged_after = match (acknowledged_after, after) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        if let Some(late) = plan.late {
            tokio::time::sleep(late).await;
            self.send(&notification).await;
        }
        Told {
            id: plan.id,
            tells: plan.tells,
            acknowledged_after,
        }
    }

    /// Sends until acknowledged; `false` if it never was.
    ///
    /// Each attempt is encrypted and signed anew.
    async fn send(&self, notification: &Sealed) -> bool {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        while started.elapsed() < GIVES_UP {
            let (place, url) = self.fleet.next();
            let delivery = notification.deliver(self);
            let mut request = Request::builder()
                .method(Method::POST)
                .uri(format!("{url}/wechatpay/notify"));
            for (name, value) in &delivery.headers {
                request = request.header(name, value.as_slice());
            }
            let request = request.body(Full::from(delivery.body)).unwrap();
            let status = self.exchange(request).await.map_or(0, |(status, _)| status);
            *self.ledger.responses().entry(status).or_default() += 1;
            match status {
                200 | 204 => return true,
                0 => self.fleet.avoid(place, &url),
                _ => {}
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        false
    }

    /// Status and body, if there is a response in time.
    pub(super) async fn exchange(&self, request: Request<Full<Bytes>>) -> Option<(u16, Bytes)> {
        let reply = async {
            let response = self.client.request(request).await.ok()?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.ok()?;
            Some((status, body.to_bytes()))
        };
        tokio::time::timeout(PATIENCE, reply).await.ok().flatten()
    }

    fn plaintext(&self, order: &str, transaction: &str, tells: Tells) -> Value {
        match tells {
            Tells::Paid => {
                let mut payment = self.platform.payment_resource(order, TOTAL);
                payment["transaction_id"] = json!(transaction);
                payment
            }
            Tells::Refunded(number) => json!({
                "sp_mchid": wechatpay_core::testing::DEMO_MCHID,
                "sub_mchid": DEMO_SUB_MCHID,
                "out_trade_no": order,
                "transaction_id": transaction,
                "out_refund_no": format!("{order}R{number}"),
                "refund_id": format!("5{transaction}{number}"),
                "refund_status": "SUCCESS",
                "success_time": "2026-11-24T12:34:56+08:00",
                "user_received_account": "支付用户零钱",
                "amount": { "total": TOTAL, "refund": REFUND, "payer_total": TOTAL, "payer_refund": REFUND },
            }),
        }
    }
}

/// A notification before its encryption.
#[derive(Debug)]
struct Sealed {
    id: String,
    tells: Tells,
    plaintext: Value,
}

impl Sealed {
    fn deliver(&self, sender: &Sender) -> Delivery {
        let (id, key) = sender.key.clone();
        let (event_type, original_type) = match self.tells {
            Tells::Paid => ("TRANSACTION.SUCCESS", "transaction"),
            Tells::Refunded(_) => ("REFUND.SUCCESS", "refund"),
        };
        sender
            .platform
            .delivery(event_type, original_type, &self.plaintext)
            .id(&self.id)
            .signed_by(id, key)
            .build()
    }
}
