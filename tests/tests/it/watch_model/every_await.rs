//! Scripted lives, disturbed at every await of every look.
//!
//! Each operation of a store, each exchange with the gateway and the handler suspend before and after their effect, so
//! a look can be left in every state between two effects.

use std::{
    convert::Infallible,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

use http::Request;
use wechatpay_core::{
    idempotency::{
        Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Limits, MemoryStore, Release,
        Renewal, StoreFuture, StoreHealth, handle,
    },
    notify::{AnyResource, NotificationReceiver},
    testing::{DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
    types::{Mchid, OutRefundNo, OutTradeNo},
    verify::Verifier,
    watch::Taken,
};
use wechatpay_tower::{
    Client,
    retry::RetryPolicy,
    watch::{
        End, Ending, Entry, MemoryPendingStore, News, Pending, PendingCounts, PendingKey, PendingStore,
        Phase, Watch,
    },
};

use super::{ORDER, REFUND, Trouble, World, respond, signing_key};

/// Longer than the leases of a look and of an event.
const BEYOND_LEASE: Duration = Duration::from_secs(61);

/// A life of an order or refund: times, and changes before each look.
struct Life {
    name: &'static str,
    is_refund: bool,
    scenes: &'static [(u64, fn(&mut World))],
    /// Expected end, events whose effects are committed, and state at the platform.
    end: End,
    effects: &'static [&'static str],
    state: Option<&'static str>,
}

fn nothing(_: &mut World) {}

fn placed(world: &mut World) {
    world.state = Some("NOTPAY");
}

fn paid(world: &mut World) {
    world.state = Some("SUCCESS");
}

const PAID: &[&str] = &["payment/ORDER-1/SUCCESS"];
const CLOSED: &[&str] = &["payment/ORDER-1/CLOSED"];

const LIVES: [Life; 10] = [
    Life {
        name: "paid before the first look",
        is_refund: false,
        scenes: &[(5, paid)],
        end: End::Paid,
        effects: PAID,
        state: Some("SUCCESS"),
    },
    Life {
        name: "paid while it is closed",
        is_refund: false,
        scenes: &[(5, placed), (1795, |world| world.pays_while_closing = true)],
        end: End::Paid,
        effects: PAID,
        state: Some("SUCCESS"),
    },
    Life {
        name: "never paid",
        is_refund: false,
        scenes: &[(5, placed), (1795, nothing), (10, nothing)],
        end: End::Closed,
        effects: CLOSED,
        state: Some("CLOSED"),
    },
    Life {
        name: "closed by somebody",
        is_refund: false,
        scenes: &[(5, placed), (25, |world| world.state = Some("CLOSED"))],
        end: End::Closed,
        effects: CLOSED,
        state: Some("CLOSED"),
    },
    Life {
        name: "never placed",
        is_refund: false,
        scenes: &[(5, nothing), (1795, nothing)],
        end: End::Closed,
        effects: &[],
        state: None,
    },
    Life {
        name: "refund ended",
        is_refund: true,
        scenes: &[
            (5, |world| world.refund = Some("PROCESSING")),
            (25, |world| world.refund = Some("SUCCESS")),
        ],
        end: End::Refunded,
        effects: &["refund/R-1/SUCCESS"],
        state: None,
    },
    Life {
        name: "handler fails once",
        is_refund: false,
        scenes: &[
            (5, |world| {
                paid(world);
                world.handler_fails = true;
            }),
            (25, nothing),
        ],
        end: End::Paid,
        effects: PAID,
        state: Some("SUCCESS"),
    },
    Life {
        name: "query fails once",
        is_refund: false,
        scenes: &[
            (5, |world| {
                paid(world);
                world.trouble = Trouble::Busy;
            }),
            (25, nothing),
        ],
        end: End::Paid,
        effects: PAID,
        state: Some("SUCCESS"),
    },
    Life {
        name: "close fails once",
        is_refund: false,
        scenes: &[
            (5, placed),
            (1795, |world| world.trouble_of_close = Trouble::Busy),
            (3600, nothing),
            (10, nothing),
        ],
        end: End::Closed,
        effects: CLOSED,
        state: Some("CLOSED"),
    },
    Life {
        name: "response to the close is not genuine",
        is_refund: false,
        scenes: &[
            (5, placed),
            (1795, |world| world.trouble_of_close = Trouble::Forged),
        ],
        end: End::Closed,
        effects: CLOSED,
        state: Some("CLOSED"),
    },
];

/// Disturbances of a look that is suspended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Disturbance {
    /// The process is killed: nothing of the look runs again, no destructor either.
    Killed,
    /// The look is dropped, as at a shutdown.
    Dropped,
    /// The process stops until another worker has looked, and then goes on.
    ///
    /// The leases have ended by then.
    Overtaken,
    /// The notification of the payment arrives and is handled; then the look goes on.
    ///
    /// There is none if nothing was paid.
    Notified,
}

impl Disturbance {
    const ALL: [Self; 4] = [Self::Killed, Self::Dropped, Self::Overtaken, Self::Notified];
}

/// Suspends once.
async fn suspend() {
    let mut was_polled = false;
    poll_fn(|context| {
        if was_polled {
            return Poll::Ready(());
        }
        was_polled = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The operation, with an await before and after it takes effect.
fn stepped<'a, T: Send + 'a>(operation: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
    Box::pin(async move {
        suspend().await;
        let result = operation.await;
        suspend().await;
        result
    })
}

#[derive(Debug)]
struct Stepped(MemoryPendingStore);

impl PendingStore for Stepped {
    fn register<'a>(&'a self, pending: &'a Pending, after: Duration) -> StoreFuture<'a, bool> {
        stepped(self.0.register(pending, after))
    }

    fn take(&self, limit: usize, lease: Duration) -> StoreFuture<'_, Vec<Taken>> {
        stepped(self.0.take(limit, lease))
    }

    fn put_off<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Fence,
        phase: Phase,
        after: Duration,
        note: Option<&'a str>,
    ) -> StoreFuture<'a, Renewal> {
        stepped(self.0.put_off(key, fence, phase, after, note))
    }

    fn end<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Option<Fence>,
        end: End,
        note: Option<&'a str>,
        retention: Duration,
    ) -> StoreFuture<'a, Ending> {
        stepped(self.0.end(key, fence, end, note, retention))
    }

    fn recheck<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, bool> {
        stepped(self.0.recheck(key))
    }

    fn entry<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, Option<Entry>> {
        stepped(self.0.entry(key))
    }

    fn need_look(&self, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        stepped(self.0.need_look(limit))
    }

    fn counts(&self) -> StoreFuture<'_, PendingCounts> {
        stepped(self.0.counts())
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        stepped(self.0.purge(limit))
    }
}

/// Events and effects in one database: the completion commits what its handler did.
struct Database {
    events: MemoryStore,
    world: Arc<Mutex<World>>,
}

impl IdempotencyStore for Database {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        stepped(self.events.begin(request))
    }

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        stepped(self.events.renew(key, fence, lease))
    }

    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        stepped(Box::pin(async move {
            let completion = self.events.complete(key, fence, retention).await?;
            let done = (key.event().to_owned(), fence);
            let mut world = self.world.lock().unwrap();
            if completion == Completion::Completed && world.uncommitted.contains(&done) {
                world.effects.push(done.0);
            }
            Ok(completion)
        }))
    }

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
        stepped(self.events.release(key, fence))
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        stepped(self.events.purge(limit))
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        stepped(self.events.health())
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Database")
    }
}

/// Notes that a future can be polled on.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Polls a future up to so many times.
///
/// Returns the number of polls if it ends.
fn poll_up_to<T>(times: u64, future: &mut Pin<Box<impl Future<Output = T>>>) -> Option<u64> {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    for poll in 1..=times {
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            return Some(poll);
        }
        // Otherwise it waits for something that is not stepped.
        assert!(woken.0.swap(false, Ordering::SeqCst), "a look waits");
    }
    None
}

/// Parts that all lives share, because keys are slow to load.
struct Gateway {
    platform: FakePlatform,
    world: Arc<Mutex<World>>,
    client: Client,
    receiver: NotificationReceiver,
}

impl Gateway {
    fn start() -> Self {
        let platform = FakePlatform::new();
        let world = Arc::new(Mutex::new(World::new()));
        let (at_gateway, gateway) = (Arc::clone(&world), platform.clone());
        let transport = tower::service_fn(move |request: Request<_>| {
            let (world, platform) = (Arc::clone(&at_gateway), gateway.clone());
            async move {
                suspend().await;
                let response = respond(&world, &platform, &request);
                suspend().await;
                Ok::<_, Infallible>(response)
            }
        });
        let client = Client::builder(platform.request_signer())
            .base_url("http://127.0.0.1:8640")
            .retry(RetryPolicy::none())
            .service(transport, Verifier::new(platform.key_store()))
            .unwrap();
        Self {
            receiver: platform.receiver(),
            platform,
            world,
            client,
        }
    }
}

/// The shop of one life.
struct Shop<'g> {
    gateway: &'g Gateway,
    pending: MemoryPendingStore,
    database: Arc<dyn IdempotencyStore>,
    watch: Watch,
    entry: Pending,
}

impl<'g> Shop<'g> {
    async fn open(gateway: &'g Gateway, is_refund: bool) -> Self {
        *gateway.world.lock().unwrap() = World::new();
        let clock = || {
            let world = Arc::clone(&gateway.world);
            move || -> Instant { world.lock().unwrap().now }
        };
        let pending = MemoryPendingStore::new().clock(clock());
        let database = Database {
            events: MemoryStore::new().clock(clock()),
            world: Arc::clone(&gateway.world),
        };
        let watch = Watch::new(gateway.client.clone(), Arc::new(Stepped(pending.clone())));
        let (merchant, payee): (Mchid, Mchid) =
            (DEMO_MCHID.parse().unwrap(), DEMO_SUB_MCHID.parse().unwrap());
        let entry = if is_refund {
            let number: OutRefundNo = REFUND.parse().unwrap();
            Pending::ecommerce_refund(merchant, payee, &number)
        } else {
            let number: OutTradeNo = ORDER.parse().unwrap();
            Pending::partner_order(merchant, payee, &number).lifetime(Duration::from_secs(1800))
        };
        watch.register(&entry).await.unwrap();
        Self {
            gateway,
            pending,
            database: Arc::new(database),
            watch,
            entry,
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.gateway.world.lock().unwrap())
    }

    async fn learn(&self, news: News) -> Result<(), String> {
        let event = news.event().clone();
        let limits = Limits::default();
        let handled = handle(&self.database, &event, &limits, async |context| {
            suspend().await;
            let done = (context.key().event().to_owned(), context.fence());
            let fails = self.change(|world| {
                world.uncommitted.push(done);
                world.handler_fails
            });
            suspend().await;
            if fails {
                Err("the database is down")
            } else {
                Ok(())
            }
        });
        handled.await.map(drop).map_err(|error| error.to_string())
    }

    async fn notified(&self) -> Result<(), String> {
        let (id, key) = signing_key(&self.gateway.platform).clone();
        let payment = self.gateway.platform.payment_builder(ORDER, 100);
        let delivery = payment.signed_by(id, key).build();
        let pending = self.gateway.receiver.begin("POST", delivery.pairs()).unwrap();
        let notification = pending.finish(delivery.body).await.unwrap();
        let news = News::of(notification.decode::<AnyResource>().unwrap()).unwrap();
        self.learn(news.clone()).await?;
        self.watch.heard(&news).await.map_err(|error| error.to_string())
    }

    /// One look of a worker.
    async fn look(&self) {
        let looks = self.watch.run_due(async |news| self.learn(news).await);
        looks.await.unwrap();
    }

    /// One look alone; returns the number of its polls.
    fn look_undisturbed(&self) -> u64 {
        poll_up_to(u64::MAX, &mut Box::pin(self.look())).unwrap()
    }

    /// One look, disturbed after so many polls.
    async fn look_disturbed(&self, polls: u64, disturbance: Disturbance) {
        let mut look = Box::pin(self.look());
        if poll_up_to(polls, &mut look).is_some() {
            return;
        }
        match disturbance {
            Disturbance::Killed => std::mem::forget(look),
            Disturbance::Dropped => {
                drop(look);
                // A lease is given back by a task.
                for _ in 0..8 {
                    tokio::task::yield_now().await;
                }
            }
            Disturbance::Overtaken => {
                self.change(|world| world.now += BEYOND_LEASE);
                self.look_undisturbed();
                look.await;
            }
            Disturbance::Notified => {
                if self.change(|world| world.state == Some("SUCCESS")) {
                    // If the look has the lease, the platform sends it again.
                    let _ = self.notified().await;
                }
                look.await;
            }
        }
    }

    async fn phase(&self) -> Phase {
        self.pending.entry(&self.entry.key).await.unwrap().unwrap().phase
    }
}

impl Gateway {
    /// Plays a life, disturbed in one look; returns the polls of the undisturbed looks.
    async fn play(&self, life: &Life, disturbed: Option<(usize, u64, Disturbance)>) -> Vec<u64> {
        let shop = Shop::open(self, life.is_refund).await;
        let mut polls = Vec::new();
        for (place, (seconds, change)) in life.scenes.iter().enumerate() {
            shop.change(|world| {
                world.now += Duration::from_secs(*seconds);
                change(world);
            });
            match disturbed {
                Some((look, polls, disturbance)) if look == place => {
                    shop.look_disturbed(polls, disturbance).await;
                }
                _ => polls.push(shop.look_undisturbed()),
            }
            shop.change(World::heal);
        }
        let mut hours = 0;
        while !matches!(shop.phase().await, Phase::Ended(_)) && hours < 12 {
            assert!(
                disturbed.is_some(),
                "{}: the scenes are not the whole life",
                life.name
            );
            shop.change(|world| world.now += Duration::from_secs(3600));
            shop.look_undisturbed();
            hours += 1;
        }
        let context = format!("{}, {disturbed:?}", life.name);
        if life.end == End::Paid {
            // It comes after all, and changes nothing.
            let late = shop.notified().await;
            assert_eq!(late, Ok(()), "{context}");
        }
        let (effects, state) = shop.change(|world| (world.effects.clone(), world.state));
        assert_eq!(shop.phase().await, Phase::Ended(life.end), "{context}");
        assert_eq!(
            (effects, state),
            (
                life.effects.iter().map(|event| (*event).to_owned()).collect(),
                life.state
            ),
            "{context}"
        );
        polls
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_may_be_left_at_any_await() {
    let gateway = Gateway::start();
    let mut awaits = 0;
    for life in &LIVES {
        let polls = gateway.play(life, None).await;
        for (look, polls) in polls.into_iter().enumerate() {
            // The last poll ends the look.
            for poll in 1..polls {
                awaits += 1;
                for disturbance in Disturbance::ALL {
                    gateway.play(life, Some((look, poll, disturbance))).await;
                }
            }
        }
    }
    println!(
        "{} lives with {awaits} awaits, each {:?}: the right end, and each effect once",
        LIVES.len(),
        Disturbance::ALL
    );
    assert!(awaits > 200, "{awaits}");
}
