//! The watch against the sandbox: lost notifications, closing, both sources at once.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, extract::State, routing::post};
use wechatpay_axum::{Ack, Nack, Notification, NotificationLayer};
use wechatpay_core::{
    api::{
        prepay::PartnerNativePrepay,
        refunds::{
            RefundStatus, RefundedOrder,
            ecommerce::{Apply, RefundAmount},
        },
        transactions::TradeState,
    },
    idempotency::{Handled, IdempotencyStore, Limits, MemoryStore, handle},
    notify::AnyResource,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Mchid, OutRefundNo, OutTradeNo},
};
use wechatpay_sandbox::{Buyer, Fault, OrderState, RetrySchedule, Sandbox, SandboxBuilder};
use wechatpay_tower::{
    WechatPay,
    watch::{End, MemoryPendingStore, News, Pending, PendingKey, PendingStore as _, Phase, Subject, Watch},
};

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// A shop: its client, its watch, and the events that its handler took.
pub(crate) struct Shop {
    pub(crate) notify_url: String,
    pub(crate) sandbox: Sandbox,
    pub(crate) wechatpay: WechatPay,
    pub(crate) watch: Watch,
    pub(crate) pending: MemoryPendingStore,
    pub(crate) store: Arc<dyn IdempotencyStore>,
    pub(crate) now: Arc<Mutex<Instant>>,
    pub(crate) taken: Mutex<Vec<String>>,
    pub(crate) fails: AtomicBool,
}

/// Every notification, by the same handler.
async fn notify(State(shop): State<Arc<Shop>>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    let news = News::of(notification).map_err(|_| Nack::failed())?;
    shop.learn(news.clone()).await.map_err(|_| Nack::failed())?;
    shop.watch.heard(&news).await.map_err(|_| Nack::failed())?;
    Ok(Ack)
}

pub(crate) fn merchant() -> Mchid {
    DEMO_MCHID.parse().unwrap()
}

pub(crate) fn number(text: &str) -> OutTradeNo {
    text.parse().unwrap()
}

impl Shop {
    pub(crate) async fn start() -> Arc<Self> {
        Self::of(Sandbox::builder(), DEMO_MCHID).await
    }

    /// A merchant's shop at a sandbox of its own.
    pub(crate) async fn of(sandbox: SandboxBuilder, merchant: &str) -> Arc<Self> {
        let sandbox = sandbox.retry(RetrySchedule::none()).start().await.unwrap();
        sandbox.set_notify_enabled(false);
        let settings = sandbox.config_of(merchant).unwrap().validate().unwrap();
        let wechatpay = WechatPay::new(&settings).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let now = Arc::new(Mutex::new(Instant::now()));
        let clock = Arc::clone(&now);
        let pending = MemoryPendingStore::new().clock(move || *clock.lock().unwrap());
        let watch = Watch::new(wechatpay.client().clone(), Arc::new(pending.clone()));
        let shop = Arc::new(Self {
            notify_url: format!("http://{}/notify", listener.local_addr().unwrap()),
            sandbox,
            wechatpay,
            watch,
            pending,
            store: Arc::new(MemoryStore::new()),
            now,
            taken: Mutex::default(),
            fails: AtomicBool::new(false),
        });
        let app = Router::new()
            .route("/notify", post(notify))
            .route_layer(NotificationLayer::new(shop.wechatpay.receiver().clone()))
            .with_state(Arc::clone(&shop));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        shop
    }

    /// Registers an order and places it.
    async fn order(&self, name: &str, lifetime: Duration) -> PendingKey {
        let sub = DEMO_SUB_MCHID.parse().unwrap();
        let pending = Pending::partner_order(merchant(), sub, &number(name)).lifetime(lifetime);
        assert!(self.watch.register(&pending).await.unwrap());
        self.place(name).await;
        pending.key
    }

    async fn place(&self, name: &str) {
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            merchant(),
            DEMO_SUB_MCHID.parse().unwrap(),
            "x",
            number(name),
            self.notify_url.clone(),
            Fen::from(100),
        );
        self.wechatpay.client().call(&order).await.unwrap();
    }

    /// The one handler of both sources.
    pub(crate) async fn learn(&self, news: News) -> Result<Handled<()>, String> {
        let event = news.event().clone();
        let limits = Limits::default();
        let handled = handle(&self.store, &event, &limits, async |context| {
            if self.fails.load(Ordering::SeqCst) {
                return Err("the database is down");
            }
            self.taken.lock().unwrap().push(context.key().event().to_owned());
            match news.into_subject() {
                Subject::Payment(payment) if payment.trade_state == TradeState::Success => {
                    assert_eq!(payment.amount.as_ref().unwrap().total, Some(Fen::from(100)));
                }
                Subject::Refund(refund) => assert_eq!(refund.refund, Fen::from(40)),
                _ => {}
            }
            Ok(())
        });
        handled.await.map_err(|error| error.to_string())
    }

    /// The time goes on, and everything that is due is looked at.
    pub(crate) async fn later(&self, by: Duration) -> usize {
        *self.now.lock().unwrap() += by;
        let looks = self
            .watch
            .run_due(async |news| self.learn(news).await.map(|_| ()));
        looks.await.unwrap()
    }

    /// The newest notification of this number arrives, by the sandbox's next attempt.
    pub(crate) async fn notified(&self, name: &str) {
        let mut all = self.sandbox.notifications();
        all.retain(|notification| notification.subject == name);
        let notification = all.pop().unwrap();
        self.sandbox.set_notify_enabled(true);
        self.sandbox.send_again(&notification.id).await.unwrap();
        self.sandbox.set_notify_enabled(false);
        self.sandbox.wait_acknowledged(name, MINUTE).await.unwrap();
    }

    pub(crate) async fn phase(&self, key: &PendingKey) -> Phase {
        self.pending.entry(key).await.unwrap().unwrap().phase
    }

    pub(crate) fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    /// Requests to the gateway so far.
    pub(crate) fn requests(&self) -> usize {
        self.sandbox.requests().len()
    }
}

pub(crate) const FIRST: Duration = Duration::from_secs(5);

pub(crate) fn ended(end: End) -> Phase {
    Phase::Ended(end)
}

#[tokio::test]
async fn a_payment_whose_notification_never_comes_is_found_by_the_first_query() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", HOUR).await;
    assert_eq!(shop.later(FIRST - Duration::from_secs(1)).await, 0);
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    assert_eq!(shop.later(Duration::from_secs(1)).await, 1);
    assert_eq!(shop.phase(&key).await, ended(End::Paid));
    assert_eq!(shop.taken(), ["payment/ORDER-1/SUCCESS"]);
    // It comes after all, and is a repeat.
    shop.notified("ORDER-1").await;
    assert_eq!(shop.taken().len(), 1);
    assert_eq!(shop.later(HOUR).await, 0);
}

#[tokio::test]
async fn a_notification_that_comes_first_ends_the_watch_without_a_query() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", HOUR).await;
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    shop.notified("ORDER-1").await;
    let requests = shop.requests();
    assert_eq!((shop.later(FIRST).await, shop.later(HOUR).await), (0, 0));
    assert_eq!(
        (shop.requests(), shop.phase(&key).await),
        (requests, ended(End::Paid))
    );
    assert_eq!(shop.taken(), ["payment/ORDER-1/SUCCESS"]);
}

#[tokio::test]
async fn a_notification_and_a_query_at_the_same_moment_are_handled_once() {
    let shop = Shop::start().await;
    for round in 0..10 {
        let name = format!("ORDER-{round}");
        let key = shop.order(&name, HOUR).await;
        shop.sandbox.pay(&name, Buyer::Alice).unwrap();
        tokio::join!(shop.notified(&name), shop.later(FIRST));
        // Whoever came second was told that it is being handled, and comes again.
        shop.later(MINUTE).await;
        assert_eq!(shop.phase(&key).await, ended(End::Paid));
    }
    let mut taken = shop.taken();
    taken.sort();
    taken.dedup();
    assert_eq!((taken.len(), shop.taken().len()), (10, 10));
}

#[tokio::test]
async fn an_order_that_nobody_pays_is_closed_and_looked_at_once_more() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", 10 * MINUTE).await;
    let mut looks = 0;
    for _ in 0..9 {
        looks += shop.later(MINUTE).await;
        assert_eq!(shop.phase(&key).await, Phase::Watching);
    }
    shop.later(MINUTE).await;
    assert_eq!(shop.phase(&key).await, Phase::Closing);
    assert_eq!(shop.sandbox.order("ORDER-1").unwrap().state, OrderState::Closed);
    assert!(shop.taken().is_empty());
    shop.later(MINUTE).await;
    assert_eq!(shop.phase(&key).await, ended(End::Closed));
    assert_eq!(shop.taken(), ["payment/ORDER-1/CLOSED"]);
    assert!((3..=5).contains(&looks), "{looks} looks in nine minutes");
}

#[tokio::test]
async fn an_order_that_is_paid_while_it_is_closed_is_paid() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", MINUTE).await;
    // The query before the close says that it is unpaid; meanwhile the payer pays.
    shop.sandbox.fault(
        Fault::Status(500)
            .on("POST /v3/pay/partner/transactions/out-trade-no/*/close")
            .times(50),
    );
    for _ in 0..6 {
        shop.later(MINUTE).await;
    }
    assert_eq!(shop.phase(&key).await, Phase::Watching);
    shop.sandbox.clear_faults();
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    shop.later(HOUR).await;
    assert_eq!(
        (shop.phase(&key).await, shop.taken()),
        (ended(End::Paid), vec!["payment/ORDER-1/SUCCESS".to_owned()])
    );
}

#[tokio::test]
async fn a_payment_after_the_close_is_still_learned_of() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", MINUTE).await;
    for _ in 0..8 {
        shop.later(MINUTE).await;
    }
    assert_eq!(shop.phase(&key).await, ended(End::Closed));
    shop.sandbox.force_order("ORDER-1", OrderState::NotPay);
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    shop.notified("ORDER-1").await;
    assert_eq!(shop.phase(&key).await, ended(End::Paid));
    assert_eq!(
        shop.taken(),
        ["payment/ORDER-1/CLOSED", "payment/ORDER-1/SUCCESS"]
    );
}

#[tokio::test]
async fn an_order_that_was_never_placed_ends_as_closed() {
    let shop = Shop::start().await;
    let sub = DEMO_SUB_MCHID.parse().unwrap();
    let pending = Pending::partner_order(merchant(), sub, &number("ORDER-1")).lifetime(MINUTE);
    shop.watch.register(&pending).await.unwrap();
    for _ in 0..6 {
        shop.later(MINUTE).await;
    }
    let entry = shop.pending.entry(&pending.key).await.unwrap().unwrap();
    assert_eq!(entry.phase, ended(End::Closed));
    assert!(entry.note.unwrap().contains("never placed"));
}

#[tokio::test]
async fn a_handler_that_fails_gets_the_payment_again_and_at_last_a_person_does() {
    let shop = Shop::start().await;
    let (first, second) = (
        shop.order("ORDER-1", HOUR).await,
        shop.order("ORDER-2", HOUR).await,
    );
    shop.fails.store(true, Ordering::SeqCst);
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    shop.later(FIRST).await;
    assert_eq!(shop.phase(&first).await, Phase::Watching);
    let note = shop.pending.entry(&first).await.unwrap().unwrap().note;
    assert!(note.unwrap().contains("the handler failed"));
    shop.fails.store(false, Ordering::SeqCst);
    shop.later(MINUTE).await;
    assert_eq!(
        (shop.phase(&first).await, shop.taken()),
        (ended(End::Paid), vec!["payment/ORDER-1/SUCCESS".to_owned()])
    );

    shop.fails.store(true, Ordering::SeqCst);
    shop.sandbox.pay("ORDER-2", Buyer::Alice).unwrap();
    for _ in 0..30 {
        shop.later(HOUR).await;
    }
    assert_eq!(shop.phase(&second).await, ended(End::NeedsLook));
    assert_eq!(shop.pending.need_look(10).await.unwrap().len(), 1);
    // The cause is mended, and the support desk looks again.
    shop.fails.store(false, Ordering::SeqCst);
    let second_order =
        Pending::partner_order(merchant(), DEMO_SUB_MCHID.parse().unwrap(), &number("ORDER-2"));
    assert!(shop.watch.recheck(&second_order).await.unwrap());
    shop.later(Duration::ZERO).await;
    assert_eq!(shop.phase(&second).await, ended(End::Paid));
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_loses_nothing() {
    let shop = Shop::start().await;
    let key = shop.order("ORDER-1", HOUR).await;
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    shop.sandbox
        .fault(Fault::BadSignature.on("GET /v3/pay/**").always());
    shop.later(FIRST).await;
    assert_eq!(shop.phase(&key).await, Phase::Watching);
    shop.sandbox.clear_faults();
    shop.later(MINUTE).await;
    assert_eq!(shop.phase(&key).await, ended(End::Paid));
}

#[tokio::test]
async fn a_refund_is_watched_until_the_money_arrived() {
    let shop = Shop::start().await;
    shop.order("ORDER-1", HOUR).await;
    shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    let refund: OutRefundNo = "R-1".parse().unwrap();
    let sub: Mchid = DEMO_SUB_MCHID.parse().unwrap();
    let pending = Pending::ecommerce_refund(merchant(), sub.clone(), &refund);
    shop.watch.register(&pending).await.unwrap();
    // Before the platform knows it.
    shop.later(FIRST).await;
    assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    let apply = Apply::new(
        sub,
        DEMO_APPID.parse().unwrap(),
        RefundedOrder::OutTradeNo(number("ORDER-1")),
        refund,
        RefundAmount::cny(Fen::from(40), Fen::from(100)),
    );
    shop.wechatpay.client().call(&apply).await.unwrap();
    for _ in 0..300 {
        if shop.sandbox.refund("R-1").unwrap().state.as_str() == RefundStatus::Success.as_str() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    shop.later(HOUR).await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Refunded));
    assert!(shop.taken().contains(&"refund/R-1/SUCCESS".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_watch_until_they_are_stopped_and_end_what_they_began() {
    let shop = Shop::start().await;
    for order in 0..20 {
        let name = format!("ORDER-{order}");
        shop.order(&name, HOUR).await;
        shop.sandbox.pay(&name, Buyer::Alice).unwrap();
    }
    *shop.now.lock().unwrap() += FIRST;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watching = {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            let stop = async { drop(stopped.await) };
            shop.watch
                .run(4, stop, async |news| shop.learn(news).await.map(|_| ()))
                .await;
        })
    };
    tokio::time::timeout(MINUTE, async {
        while shop.taken().len() < 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(MINUTE, watching).await.unwrap().unwrap();
    assert_eq!(shop.pending.counts().await.unwrap().open, 0);
}
