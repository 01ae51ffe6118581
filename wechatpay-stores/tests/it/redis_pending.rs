//! Orders and refunds that are watched in Redis.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use wechatpay_core::{
    idempotency::Fence,
    types::Mchid,
    watch::{
        End, Ending, Entry, MemoryPendingStore, Pending, PendingKey, PendingKind, PendingStore, Phase, Taken,
        conformance,
    },
};
use wechatpay_stores::{RedisStore, testing::RedisServer};

use crate::{
    redis::connect,
    support::{eventually, model_plan},
};

pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const NOW: Duration = Duration::ZERO;

fn merchant() -> Mchid {
    "1900000001".parse().unwrap()
}

pub(crate) fn order(number: &str) -> Pending {
    Pending::order(merchant(), &number.parse().unwrap())
}

pub(crate) async fn registered(store: &impl PendingStore, number: &str, after: Duration) -> PendingKey {
    let pending = order(number);
    assert!(store.register(&pending, after).await.unwrap(), "{number}");
    pending.key
}

pub(crate) async fn taken(store: &impl PendingStore, lease: Duration) -> Taken {
    let mut taken = store.take(1, lease).await.unwrap();
    taken.pop().unwrap()
}

/// The driver's own connection, for looking at keys.
pub(crate) struct Eyes(::redis::aio::MultiplexedConnection);

impl Eyes {
    pub(crate) async fn on(server: &RedisServer) -> Self {
        let client = ::redis::Client::open(server.url()).unwrap();
        Self(client.get_multiplexed_async_connection().await.unwrap())
    }

    async fn ask(&mut self, words: &[&str]) -> Vec<String> {
        let mut command = ::redis::cmd(words.first().unwrap());
        command.arg(words.get(1..).unwrap());
        command.query_async(&mut self.0).await.unwrap()
    }

    async fn members(&mut self, index: &str) -> HashSet<String> {
        let name = format!("wechatpay:{{watch}}:{index}");
        self.ask(&["ZRANGE", &name, "0", "-1"])
            .await
            .into_iter()
            .collect()
    }

    /// Asserts that each entry is in the one index of its phase.
    ///
    /// Returns the number of entries.
    pub(crate) async fn check(&mut self) -> usize {
        let mut expected: BTreeMap<&str, HashSet<String>> = BTreeMap::new();
        let keys = self.ask(&["KEYS", "wechatpay:{watch}:entry:*"]).await;
        for key in &keys {
            let phase = self.ask(&["HMGET", key, "phase"]).await.pop().unwrap();
            let index = match Phase::from_name(&phase).unwrap() {
                Phase::Watching | Phase::Closing => "due",
                Phase::Ended(End::NeedsLook) => "look",
                _ => "ended",
            };
            let id = key.strip_prefix("wechatpay:{watch}:entry:").unwrap().to_owned();
            expected.entry(index).or_default().insert(id);
        }
        for index in ["due", "look", "ended"] {
            let members = self.members(index).await;
            assert_eq!(members, expected.remove(index).unwrap_or_default(), "{index}");
        }
        keys.len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_conforms() {
    let server = RedisServer::start().unwrap();
    let store: Arc<dyn PendingStore> = Arc::new(connect(&server).await);
    conformance::run(&store).await;
    Eyes::on(&server).await.check().await;
    println!("conformance of the watch on Redis: passed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_conforms_on_a_node_of_a_cluster() {
    let server = RedisServer::start_with(&[("cluster-enabled", "yes")]).unwrap();
    assert_eq!(server.command("CLUSTER ADDSLOTSRANGE 0 16383").unwrap(), "+OK");
    eventually("the cluster is up", || async {
        server
            .command("SET probe 1")
            .is_ok_and(|response| response == "+OK")
    })
    .await;
    let store: Arc<dyn PendingStore> = Arc::new(connect(&server).await.prefix("shop:"));
    conformance::run(&store).await;
    // The scripts of the lists name keys themselves, so the slot is checked here.
    let mut eyes = Eyes::on(&server).await;
    let mut slots = HashSet::new();
    for key in eyes.ask(&["KEYS", "shop:*"]).await {
        slots.insert(server.command(&format!("CLUSTER KEYSLOT {key}")).unwrap());
    }
    assert_eq!(slots.len(), 1, "{slots:?}");
}

/// Two stores that get the same operations, and the fences of each.
struct Pair {
    redis: RedisStore,
    model: MemoryPendingStore,
    fences: BTreeMap<PendingKey, Vec<(Fence, Fence)>>,
    seed: u64,
}

impl Pair {
    fn below(&mut self, bound: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33).checked_rem(bound).unwrap()
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let place = self.below(u64::try_from(of.len()).unwrap());
        *of.get(usize::try_from(place).unwrap()).unwrap()
    }

    /// Returns a fence of this key, the same lease in both stores.
    fn fence(&mut self, key: &PendingKey) -> (Fence, Fence) {
        let known = self.fences.get(key).cloned().unwrap_or_default();
        match known.len() {
            0 => (Fence::FIRST, Fence::from_u64(99)),
            // The last one more often than the others.
            _ if self.below(3) > 0 => *known.last().unwrap(),
            _ => self.one(&known),
        }
    }

    async fn step(&mut self) {
        let number = format!("ORDER-{}", self.below(8));
        let key = order(&number).key;
        let wait = self.one(&[NOW, NOW, HOUR]);
        let note = self.one(&[None, Some(""), Some("why"), Some("+ 原因 'x' {y}\r\n")]);
        let (redis, model) = (self.redis.clone(), self.model.clone());
        match self.below(9) {
            0 => {
                let pending = order(&number).lifetime(wait);
                let (a, b) = tokio::join!(redis.register(&pending, wait), model.register(&pending, wait));
                assert_eq!(a.unwrap(), b.unwrap(), "register {number}");
            }
            1 | 2 => {
                let sorted = |mut taken: Vec<Taken>| {
                    taken.sort_by(|one, other| one.pending.key.cmp(&other.pending.key));
                    taken
                };
                let (a, b) = tokio::join!(redis.take(50, wait), model.take(50, wait));
                let (a, b) = (sorted(a.unwrap()), sorted(b.unwrap()));
                let facts = |taken: &Taken| (taken.pending.clone(), taken.phase, taken.look);
                assert_eq!(
                    a.iter().map(facts).collect::<Vec<_>>(),
                    b.iter().map(facts).collect::<Vec<_>>()
                );
                for (a, b) in a.into_iter().zip(b) {
                    let fences = self.fences.entry(a.pending.key).or_default();
                    assert!(fences.last().is_none_or(|last| last.0 < a.fence));
                    fences.push((a.fence, b.fence));
                }
            }
            3 | 4 => {
                let (fence, other) = self.fence(&key);
                let phase = self.one(&[Phase::Watching, Phase::Closing, Phase::Ended(End::Closed)]);
                let a = redis.put_off(&key, fence, phase, wait, note).await.unwrap();
                let b = model.put_off(&key, other, phase, wait, note).await.unwrap();
                assert_eq!(a, b, "put off {number}");
            }
            5 | 6 => {
                let (fence, other) = self.fence(&key);
                let elsewhere = self.below(2) == 0;
                let (fence, other) = (Some(fence), Some(other));
                let (fence, other) = if elsewhere { (None, None) } else { (fence, other) };
                let end = self.one(&[End::Paid, End::Closed, End::Refunded, End::NeedsLook]);
                let a = redis.end(&key, fence, end, note, wait).await.unwrap();
                let b = model.end(&key, other, end, note, wait).await.unwrap();
                assert_eq!(a, b, "end {number} {end}");
            }
            7 => {
                let (a, b) = tokio::join!(redis.recheck(&key), model.recheck(&key));
                assert_eq!(a.unwrap(), b.unwrap(), "recheck {number}");
            }
            _ => {
                let (a, b) = tokio::join!(redis.purge(100), model.purge(100));
                assert_eq!(a.unwrap(), b.unwrap(), "purge");
                let (a, b) = tokio::join!(redis.need_look(100), model.need_look(100));
                let keys = |entries: Vec<_>| -> HashSet<PendingKey> {
                    entries.into_iter().map(|entry: Entry| entry.key).collect()
                };
                assert_eq!(keys(a.unwrap()), keys(b.unwrap()));
            }
        }
        // The model starts again at the first fence if a deleted entry is registered again; Redis does not.
        let known: Vec<PendingKey> = self.fences.keys().cloned().collect();
        for key in known {
            if model.entry(&key).await.unwrap().is_none() {
                self.fences.remove(&key);
            }
        }
        let (a, b) = tokio::join!(redis.entry(&key), model.entry(&key));
        let facts = |entry: Entry| (entry.key, entry.phase, entry.looks, entry.note);
        assert_eq!(a.unwrap().map(facts), b.unwrap().map(facts), "{number}");
        let (a, b) = tokio::join!(redis.counts(), model.counts());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!((a.open, a.need_look), (b.open, b.need_look));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_follows_the_model() {
    let (operations, seed) = model_plan();
    let server = RedisServer::start_with(&[("appendfsync", "no")]).unwrap();
    let mut pair = Pair {
        redis: connect(&server).await,
        model: MemoryPendingStore::new(),
        fences: BTreeMap::new(),
        seed,
    };
    let mut eyes = Eyes::on(&server).await;
    for operation in 0..operations {
        pair.step().await;
        if operation % 100 == 0 {
            eyes.check().await;
        }
    }
    println!("model of the watch on Redis: {operations} operations, seed {seed}");
}

#[tokio::test]
async fn what_was_registered_is_what_is_taken() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let (sub, number) = ("1900000109".parse::<Mchid>().unwrap(), "R-1".parse().unwrap());
    let mut odd = order("ORDER-1");
    odd.key = PendingKey::new(merchant(), PendingKind::Order, "a/b {c} 'd' 订单");
    let all = [
        order("ORDER-1").lifetime(Duration::from_millis(1500)),
        Pending::partner_order(merchant(), sub.clone(), &"ORDER-2".parse().unwrap()),
        Pending::refund(merchant(), None, &number),
        Pending::ecommerce_refund(merchant(), sub, &number),
        odd,
    ];
    for pending in &all {
        assert!(store.register(pending, NOW).await.unwrap(), "{pending:?}");
    }
    assert!(store.take(0, HOUR).await.unwrap().is_empty());
    for pending in &all {
        // The most overdue first; those of one millisecond in the order of their keys.
        let taken = taken(&store, HOUR).await;
        assert!(all.contains(&taken.pending), "{pending:?}: {taken:?}");
    }
    assert!(store.take(usize::MAX, HOUR).await.unwrap().is_empty());
    // Each prefix has a watch of its own.
    assert!(
        store
            .clone()
            .prefix("other:")
            .register(&all[0], NOW)
            .await
            .unwrap()
    );
    assert!(!store.register(&all[0], NOW).await.unwrap());
}

#[tokio::test]
async fn a_hash_of_an_entry_holds_what_the_watch_needs_and_no_more() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let key = registered(&store, "ORDER-1", NOW).await;
    taken(&store, HOUR).await;
    let ended = store.end(&key, None, End::Paid, Some("why"), HOUR).await;
    assert_eq!(ended.unwrap(), Ending::Ended);
    let mut eyes = Eyes::on(&server).await;
    let name = format!("wechatpay:{{watch}}:entry:{key}");
    let mut fields = eyes.ask(&["HKEYS", &name]).await;
    fields.sort();
    let expected = [
        "fence",
        "held",
        "last",
        "lifetime",
        "looks",
        "note",
        "phase",
        "registered",
        "registrar",
        "sub",
    ];
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn a_purge_deletes_what_is_past_in_batches() {
    let server = RedisServer::start_with(&[("appendfsync", "no")]).unwrap();
    let store = connect(&server).await;
    for number in 0..1_205 {
        let key = registered(&store, &format!("ORDER-{number}"), NOW).await;
        let retention = if number < 5 { HOUR } else { NOW };
        store.end(&key, None, End::Closed, None, retention).await.unwrap();
    }
    assert_eq!(store.purge(0).await.unwrap(), 0);
    assert_eq!(store.purge(30).await.unwrap(), 30);
    assert_eq!(store.purge(u64::MAX).await.unwrap(), 1_170);
    assert_eq!(store.purge(u64::MAX).await.unwrap(), 0);
    assert_eq!(Eyes::on(&server).await.check().await, 5);
}
