//! The watch against a simple model: workers that die at any await, gateway faults.
//!
//! A random walk finds what nobody thought of; [`every_await`] leaves nothing out.

mod every_await;

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, OnceLock},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::PrivateKey,
    idempotency::{Fence, IdempotencyStore, Limits, MemoryStore, handle},
    notify::AnyResource,
    testing::{DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
    types::{KeyId, Mchid, OutTradeNo},
};
use wechatpay_tower::{
    WechatPay,
    watch::{End, MemoryPendingStore, News, Pending, PendingStore as _, Phase, Subject, Watch},
};

const ORDER: &str = "ORDER-1";
const REFUND: &str = "R-1";
const LIVES: u64 = 120;
const STEPS: u64 = 40;

/// Reproducible random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64*: good enough to pick operations.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

/// Faults of the gateway.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    None,
    /// It refuses everything, signed.
    Busy,
    /// It does what was asked, and the response is not genuine.
    Forged,
}

/// The model: the order or refund at the platform, and what the shop did.
struct World {
    /// As `trade_state` spells it; `None` before the order is placed.
    state: Option<&'static str>,
    /// The same of the refund.
    refund: Option<&'static str>,
    /// The buyer pays just before the close arrives.
    pays_while_closing: bool,
    trouble: Trouble,
    trouble_of_close: Trouble,
    handler_fails: bool,
    goods: u32,
    /// Events whose handler has done its work, with its fence.
    uncommitted: Vec<(String, Fence)>,
    /// Events whose work is committed.
    effects: Vec<String>,
    now: Instant,
}

impl World {
    fn new() -> Self {
        Self {
            state: None,
            refund: None,
            pays_while_closing: false,
            trouble: Trouble::None,
            trouble_of_close: Trouble::None,
            handler_fails: false,
            goods: 0,
            uncommitted: Vec::new(),
            effects: Vec::new(),
            now: Instant::now(),
        }
    }

    /// Everything works again.
    fn heal(&mut self) {
        self.trouble = Trouble::None;
        self.trouble_of_close = Trouble::None;
        self.handler_fails = false;
    }
}

/// The platform's key, loaded once: loading costs more than signing.
fn signing_key(platform: &FakePlatform) -> &'static (KeyId, Arc<dyn PrivateKey>) {
    static KEY: OnceLock<(KeyId, Arc<dyn PrivateKey>)> = OnceLock::new();
    KEY.get_or_init(|| platform.signing_key())
}

/// The platform's response to a query or a close.
fn respond(
    world: &Mutex<World>,
    platform: &FakePlatform,
    request: &Request<impl Sized>,
) -> Response<Full<Bytes>> {
    let mut world = world.lock().unwrap();
    let refusal = |status: u16, code: &str| (status, json!({ "code": code, "message": "no" }).to_string());
    let is_close = *request.method() == Method::POST;
    let trouble = match world.trouble {
        Trouble::None if is_close => world.trouble_of_close,
        trouble => trouble,
    };
    if is_close && trouble != Trouble::Busy && world.pays_while_closing {
        world.state = Some("SUCCESS");
    }
    let (status, body) = match world.state {
        _ if trouble == Trouble::Busy => refusal(500, "SYSTEM_ERROR"),
        _ if request.uri().path().starts_with("/v3/ecommerce/refunds/") => match world.refund {
            None => refusal(404, "RESOURCE_NOT_EXISTS"),
            Some(status) => (200, refund(status).to_string()),
        },
        None => refusal(404, "ORDER_NOT_EXIST"),
        Some("SUCCESS") if is_close => refusal(400, "ORDERPAID"),
        Some(_) if is_close => {
            world.state = Some("CLOSED");
            (204, String::new())
        }
        Some(state) => {
            let mut body = platform.payment_resource(ORDER, 100);
            body["trade_state"] = json!(state);
            if state != "SUCCESS" {
                let members: &mut serde_json::Map<String, Value> = body.as_object_mut().unwrap();
                members.retain(|name, _| {
                    !["transaction_id", "payer", "success_time", "bank_type"].contains(&&**name)
                });
            }
            (200, body.to_string())
        }
    };
    let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    let (id, key) = signing_key(platform);
    let (now, nonce) = (platform.now().to_string(), "0123456789abcdef0123456789abcdef");
    for (name, value) in FakePlatform::sign_with(id, key.as_ref(), &now, nonce, body.as_bytes()) {
        response = response.header(name, value);
    }
    let body = if trouble == Trouble::Forged {
        "{}".to_owned()
    } else {
        body
    };
    response
        .header("content-type", "application/json")
        .body(Full::from(body))
        .unwrap()
}

fn refund(status: &str) -> Value {
    json!({
        "refund_id": "50000000382019052709732678859",
        "out_refund_no": REFUND,
        "transaction_id": "4200001234202401011234567890",
        "out_trade_no": ORDER,
        "amount": { "refund": 40, "currency": "CNY" },
        "status": status,
    })
}

/// Runs a future for so many polls, and drops it then.
///
/// Its parts are ready at once, except for pauses between attempts.
async fn killed_after<T>(polls: u64, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(value);
        }
        tokio::task::yield_now().await;
    }
    None
}

struct Shop {
    world: Arc<Mutex<World>>,
    platform: FakePlatform,
    wechatpay: WechatPay,
    store: Arc<dyn IdempotencyStore>,
    pending: MemoryPendingStore,
    watch: Watch,
    entry: Pending,
}

impl Shop {
    async fn start() -> Self {
        let platform = FakePlatform::new();
        let world = Arc::new(Mutex::new(World::new()));
        let (at_gateway, gateway) = (Arc::clone(&world), platform.clone());
        let transport = tower::service_fn(move |request: Request<_>| {
            let response = respond(&at_gateway, &gateway, &request);
            async move {
                // Something to die in.
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(response)
            }
        });
        let settings = platform.config("http://127.0.0.1:8640").validate().unwrap();
        let wechatpay = WechatPay::with_transport(&settings, transport).unwrap();
        let (one, other) = (Arc::clone(&world), Arc::clone(&world));
        let pending = MemoryPendingStore::new().clock(move || one.lock().unwrap().now);
        let store = MemoryStore::new().clock(move || other.lock().unwrap().now);
        let watch = Watch::new(wechatpay.client().clone(), Arc::new(pending.clone()));
        let merchant: Mchid = DEMO_MCHID.parse().unwrap();
        let number: OutTradeNo = ORDER.parse().unwrap();
        let entry = Pending::partner_order(merchant, DEMO_SUB_MCHID.parse().unwrap(), &number)
            .lifetime(Duration::from_secs(1800));
        watch.register(&entry).await.unwrap();
        Self {
            world,
            platform,
            wechatpay,
            store: Arc::new(store),
            pending,
            watch,
            entry,
        }
    }

    /// The one handler. Its effect and its end are one step, as in a transaction.
    async fn learn(&self, news: News) -> Result<(), String> {
        let event = news.event().clone();
        let limits = Limits::default();
        let handled = handle(&self.store, &event, &limits, async |_| {
            tokio::task::yield_now().await;
            let mut world = self.world.lock().unwrap();
            if world.handler_fails {
                return Err("the database is down");
            }
            if news.end() == End::Paid {
                assert!(matches!(news.subject(), Subject::Payment(_)));
                world.goods += 1;
            }
            Ok(())
        });
        handled.await.map(drop).map_err(|error| error.to_string())
    }

    async fn notified(&self) -> Result<(), String> {
        let delivery = self.platform.payment(ORDER, 100);
        let pending = self.wechatpay.receiver().begin("POST", delivery.pairs()).unwrap();
        let notification = pending.finish(delivery.body).await.unwrap();
        let news = News::of(notification.decode::<AnyResource>().unwrap()).unwrap();
        self.learn(news.clone()).await?;
        self.watch.heard(&news).await.map_err(|error| error.to_string())
    }

    async fn look(&self) {
        self.watch
            .run_due(async |news| self.learn(news).await)
            .await
            .unwrap();
    }

    async fn phase(&self) -> Phase {
        self.pending.entry(&self.entry.key).await.unwrap().unwrap().phase
    }

    async fn step(&self, random: &mut Random) {
        let with = |change: &dyn Fn(&mut World)| change(&mut self.world.lock().unwrap());
        // Nobody places an order after its watch has ended.
        let is_open = self.phase().await == Phase::Watching;
        match random.below(10) {
            0 if is_open => with(&|world| world.state = world.state.or(Some("NOTPAY"))),
            0 => {}
            1 => with(&|world| {
                if world.state == Some("NOTPAY") {
                    world.state = Some("SUCCESS");
                }
            }),
            2 => {
                let trouble = [Trouble::None, Trouble::Busy, Trouble::Forged][random.below(3) as usize];
                with(&|world| world.trouble = trouble);
            }
            3 => with(&|world| world.handler_fails = !world.handler_fails),
            4 => {
                let is_paid = self.world.lock().unwrap().state == Some("SUCCESS");
                if is_paid {
                    let _ = killed_after(random.below(8), self.notified()).await;
                }
            }
            5 => drop(self.watch.recheck(&self.entry).await.unwrap()),
            6 | 7 => {
                let seconds = 1 << random.below(13);
                with(&|world| world.now += Duration::from_secs(seconds));
            }
            _ => drop(killed_after(random.below(30), self.look()).await),
        }
    }

    /// Everything works again, and time goes on.
    async fn heal(&self) {
        self.world.lock().unwrap().heal();
        for _ in 0..30 {
            self.world.lock().unwrap().now += Duration::from_secs(3600);
            self.look().await;
            if self.phase().await == Phase::Ended(End::NeedsLook) {
                self.watch.recheck(&self.entry).await.unwrap();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_dies_and_fails_each_order_has_its_end_and_goods_once() {
    let seed = 0x5EED_u64;
    let mut ends = [0; 3];
    for life in 0..LIVES {
        let mut random = Random(seed.wrapping_add(life.wrapping_mul(0x9E37_79B9_7F4A_7C15)) | 1);
        let shop = Shop::start().await;
        for step in 0..STEPS {
            shop.step(&mut random).await;
            let (goods, state) = {
                let world = shop.world.lock().unwrap();
                (world.goods, world.state)
            };
            let context = format!("life {life}, step {step}, {state:?}");
            assert!(goods <= 1, "goods twice: {context}");
            if shop.phase().await == Phase::Ended(End::Paid) {
                assert_eq!((goods, state), (1, Some("SUCCESS")), "{context}");
            }
        }
        shop.heal().await;
        let (goods, state) = {
            let world = shop.world.lock().unwrap();
            (world.goods, world.state)
        };
        let expected = match state {
            Some("SUCCESS") => (End::Paid, 1, 0),
            Some(_) => (End::Closed, 0, 1),
            None => (End::Closed, 0, 2),
        };
        let context = format!("life {life}, at the platform {state:?}");
        assert_eq!(
            (shop.phase().await, goods),
            (Phase::Ended(expected.0), expected.1),
            "{context}"
        );
        if expected.2 == 1 {
            assert_eq!(state, Some("CLOSED"), "{context}");
        }
        ends[expected.2] += 1;
    }
    println!(
        "{LIVES} lives of {STEPS} steps: {} paid, {} closed, {} never placed",
        ends[0], ends[1], ends[2]
    );
    assert!(ends.iter().all(|count| *count > 5), "{ends:?}");
}
