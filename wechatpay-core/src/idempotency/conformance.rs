//! Conformance suite for every [`IdempotencyStore`] (feature `test-util`).
//!
//! ```
//! use std::sync::Arc;
//! use wechatpay_core::idempotency::{MemoryStore, IdempotencyStore, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store: Arc<dyn IdempotencyStore> = Arc::new(MemoryStore::new());
//! conformance::run(&store).await;
//! conformance::check_against_model(&store, 42, 1_000).await;
//! # }
//! ```
//!
//! A check panics with the expected result if a store deviates. Every run creates new keys, so a store may hold other
//! records.

#![expect(clippy::panic, clippy::expect_used, reason = "a test suite fails loudly")]

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, Renewal};

/// Lease that outlasts a test.
const LONG: Duration = Duration::from_secs(3600);
const HALF: Duration = Duration::from_secs(1800);
/// Lease that has ended when it is granted.
const ENDED: Duration = Duration::ZERO;
const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);

/// Keys and digests of one run.
struct Keys {
    run: u128,
    next: u32,
}

impl Keys {
    fn new() -> Self {
        let run = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        Self { run, next: 0 }
    }

    fn next(&mut self) -> EventKey {
        self.next = self.next.saturating_add(1);
        EventKey::new("conformance", &format!("{:x}-{}", self.run, self.next)).expect("a sound key")
    }
}

const FACTS: &str = "4200000001:100";
const OTHER_FACTS: &str = "4200000001:101";

fn request(key: &EventKey, lease: Duration) -> BeginRequest {
    BeginRequest::new(key.clone(), FACTS, "TRANSACTION.SUCCESS", lease).retention(RETENTION)
}

/// Store with short names for its operations. Every error fails the test.
struct Subject<'a>(&'a Arc<dyn IdempotencyStore>);

impl Subject<'_> {
    async fn begin(&self, key: &EventKey, lease: Duration) -> Begin {
        self.0.begin(&request(key, lease)).await.expect("begin")
    }

    async fn acquire(&self, key: &EventKey, lease: Duration) -> Fence {
        match self.begin(key, lease).await {
            Begin::Acquired { fence, .. } => fence,
            other => panic!("{key} should have been acquired, not {other:?}"),
        }
    }

    async fn renew(&self, key: &EventKey, fence: Fence, lease: Duration) -> Renewal {
        self.0.renew(key, fence, lease).await.expect("renew")
    }

    async fn complete(&self, key: &EventKey, fence: Fence) -> Completion {
        self.0.complete(key, fence, RETENTION).await.expect("complete")
    }

    async fn release(&self, key: &EventKey, fence: Fence) -> Release {
        self.0.release(key, fence).await.expect("release")
    }
}

/// Runs every case.
///
/// # Panics
/// Panics if the store deviates from the contract.
pub async fn run(store: &Arc<dyn IdempotencyStore>) {
    let mut keys = Keys::new();
    let subject = Subject(store);
    the_first_of_two_gets_the_lease(&subject, &keys.next()).await;
    what_is_done_stays_done(&subject, &keys.next()).await;
    an_ended_lease_is_taken_over_with_a_higher_fence(&subject, &keys.next()).await;
    an_overtaken_holder_changes_nothing(&subject, &keys.next()).await;
    an_ended_lease_nobody_took_over_may_be_completed(&subject, &keys.next()).await;
    a_released_lease_can_be_acquired_at_once(&subject, &keys.next()).await;
    renewing_prolongs(&subject, &keys.next()).await;
    other_facts_contradict_what_is_done(&subject, &mut keys).await;
    an_id_of_another_event_is_refused(&subject, &mut keys).await;
    unknown_fences_and_keys_are_lost(&subject, &keys.next()).await;
    scopes_do_not_collide(&subject, &keys.next()).await;
    a_lease_ends_by_itself(&subject, &keys.next()).await;
    of_many_who_ask_at_once_one_wins(store, &keys.next()).await;
    of_many_who_take_over_at_once_one_wins(store, &keys.next()).await;
    a_dropped_future_leaves_the_old_or_the_new_state(store, &mut keys).await;
    store.purge(100).await.expect("purge");
    store.health().await.expect("health");
}

async fn the_first_of_two_gets_the_lease(subject: &Subject<'_>, key: &EventKey) {
    match subject.begin(key, LONG).await {
        Begin::Acquired { fence, attempt: 1 } => assert!(fence >= Fence::FIRST, "{fence}"),
        other => panic!("the first got {other:?}"),
    }
    match subject.begin(key, LONG).await {
        Begin::InProgress { remaining } => {
            assert!(remaining <= LONG && remaining > HALF, "{remaining:?} remain");
        }
        other => panic!("the second got {other:?}"),
    }
}

async fn what_is_done_stays_done(subject: &Subject<'_>, key: &EventKey) {
    let fence = subject.acquire(key, LONG).await;
    assert_eq!(subject.complete(key, fence).await, Completion::Completed);
    assert_eq!(subject.begin(key, LONG).await, Begin::Done { fence });
    // The response to the first completion may have been lost.
    assert_eq!(subject.complete(key, fence).await, Completion::AlreadyDone);
    assert_eq!(subject.renew(key, fence, LONG).await, Renewal::Lost);
    assert_eq!(subject.release(key, fence).await, Release::Lost);
    assert_eq!(subject.begin(key, LONG).await, Begin::Done { fence });
}

async fn an_ended_lease_is_taken_over_with_a_higher_fence(subject: &Subject<'_>, key: &EventKey) {
    let mut fence = subject.acquire(key, ENDED).await;
    for attempt in 2..=5 {
        fence = fence.next();
        let begun = subject.begin(key, ENDED).await;
        assert_eq!(begun, Begin::Acquired { fence, attempt });
    }
}

async fn an_overtaken_holder_changes_nothing(subject: &Subject<'_>, key: &EventKey) {
    let old = subject.acquire(key, ENDED).await;
    let new = subject.acquire(key, LONG).await;
    assert!(new > old);
    assert_eq!(subject.renew(key, old, LONG).await, Renewal::Lost);
    assert_eq!(subject.release(key, old).await, Release::Lost);
    assert_eq!(subject.complete(key, old).await, Completion::Lost);
    assert!(matches!(subject.begin(key, LONG).await, Begin::InProgress { .. }));
    assert_eq!(subject.complete(key, new).await, Completion::Completed);
    assert_eq!(
        subject.complete(key, old).await,
        Completion::Lost,
        "done by another fence"
    );
}

async fn an_ended_lease_nobody_took_over_may_be_completed(subject: &Subject<'_>, key: &EventKey) {
    let fence = subject.acquire(key, ENDED).await;
    assert_eq!(subject.complete(key, fence).await, Completion::Completed);
    assert_eq!(subject.begin(key, LONG).await, Begin::Done { fence });
}

async fn a_released_lease_can_be_acquired_at_once(subject: &Subject<'_>, key: &EventKey) {
    let first = subject.acquire(key, LONG).await;
    assert_eq!(subject.release(key, first).await, Release::Released);
    assert_eq!(
        subject.release(key, first).await,
        Release::Lost,
        "it holds nothing any more"
    );
    assert_eq!(subject.complete(key, first).await, Completion::Lost);
    assert_eq!(subject.renew(key, first, LONG).await, Renewal::Lost);
    let second = subject.begin(key, LONG).await;
    assert_eq!(
        second,
        Begin::Acquired {
            fence: first.next(),
            attempt: 2
        },
        "attempts and fence are kept"
    );
}

async fn renewing_prolongs(subject: &Subject<'_>, key: &EventKey) {
    let fence = subject.acquire(key, ENDED).await;
    // Not taken over yet, so it may be renewed.
    assert_eq!(subject.renew(key, fence, LONG).await, Renewal::Renewed);
    assert!(matches!(subject.begin(key, LONG).await, Begin::InProgress { .. }));
    assert_eq!(subject.renew(key, fence, ENDED).await, Renewal::Renewed);
    assert_eq!(subject.acquire(key, LONG).await, fence.next());
}

async fn other_facts_contradict_what_is_done(subject: &Subject<'_>, keys: &mut Keys) {
    for state in ["leased", "ended", "released", "done"] {
        let key = keys.next();
        let fence = subject
            .acquire(&key, if state == "ended" { ENDED } else { LONG })
            .await;
        match state {
            "released" => drop(subject.release(&key, fence).await),
            "done" => drop(subject.complete(&key, fence).await),
            _ => {}
        }
        let mut other = request(&key, LONG);
        other.facts = OTHER_FACTS.into();
        let begun = subject.0.begin(&other).await.expect("begin");
        let next = fence.next();
        match state {
            "leased" => assert!(matches!(begun, Begin::InProgress { .. }), "{begun:?}"),
            "done" => {
                assert_eq!(begun, Begin::Contradiction);
                // The request changed nothing.
                assert_eq!(subject.begin(&key, LONG).await, Begin::Done { fence });
            }
            _ => {
                let expected = Begin::Acquired {
                    fence: next,
                    attempt: 2,
                };
                assert_eq!(begun, expected, "{state}: nothing was done with the first facts");
                assert_eq!(subject.complete(&key, next).await, Completion::Completed);
                let first = subject.begin(&key, LONG).await;
                assert_eq!(
                    first,
                    Begin::Contradiction,
                    "{state}: the facts are those of the second"
                );
            }
        }
    }
}

async fn an_id_of_another_event_is_refused(subject: &Subject<'_>, keys: &mut Keys) {
    let (key, other, id) = (keys.next(), keys.next(), keys.next());
    let with_id = |key: &EventKey| BeginRequest {
        notification_id: Some(id.event().into()),
        ..request(key, LONG)
    };
    let begin = async |request: BeginRequest| subject.0.begin(&request).await.expect("begin");
    let Begin::Acquired { fence, .. } = begin(with_id(&key)).await else {
        panic!("the first one is not acquired");
    };
    assert_eq!(begin(with_id(&other)).await, Begin::Contradiction);
    subject.complete(&key, fence).await;
    assert_eq!(begin(with_id(&other)).await, Begin::Contradiction);
    assert_eq!(begin(with_id(&key)).await, Begin::Done { fence });
    // A query or another notification may tell of either event.
    assert_eq!(subject.begin(&key, LONG).await, Begin::Done { fence });
    let begun = subject.begin(&other, LONG).await;
    assert!(matches!(begun, Begin::Acquired { attempt: 1, .. }), "{begun:?}");
    // In another scope it is another id.
    let elsewhere = EventKey::new("another-scope", other.event()).expect("a sound key");
    let begun = begin(with_id(&elsewhere)).await;
    assert!(matches!(begun, Begin::Acquired { attempt: 1, .. }), "{begun:?}");
}

async fn unknown_fences_and_keys_are_lost(subject: &Subject<'_>, key: &EventKey) {
    assert_eq!(subject.renew(key, Fence::FIRST, LONG).await, Renewal::Lost);
    assert_eq!(subject.complete(key, Fence::FIRST).await, Completion::Lost);
    assert_eq!(subject.release(key, Fence::FIRST).await, Release::Lost);
    let fence = subject.acquire(key, LONG).await;
    let other = Fence::from_u64(fence.get().saturating_add(98));
    assert_eq!(subject.complete(key, other).await, Completion::Lost);
}

async fn scopes_do_not_collide(subject: &Subject<'_>, key: &EventKey) {
    let other = EventKey::new("another-scope", key.event()).expect("a sound key");
    for key in [key, &other] {
        let begun = subject.begin(key, LONG).await;
        assert!(matches!(begun, Begin::Acquired { attempt: 1, .. }), "{begun:?}");
    }
}

async fn a_lease_ends_by_itself(subject: &Subject<'_>, key: &EventKey) {
    let short = Duration::from_millis(150);
    let fence = subject.acquire(key, short).await;
    assert!(matches!(subject.begin(key, LONG).await, Begin::InProgress { remaining } if remaining <= short));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(subject.acquire(key, LONG).await, fence.next());
}

async fn of_many_who_ask_at_once_one_wins(store: &Arc<dyn IdempotencyStore>, key: &EventKey) {
    assert_eq!(race(store, key, 64).await, 1);
}

async fn of_many_who_take_over_at_once_one_wins(store: &Arc<dyn IdempotencyStore>, key: &EventKey) {
    Subject(store).acquire(key, ENDED).await;
    assert_eq!(race(store, key, 64).await, 1);
}

/// Lets `tasks` tasks acquire one lease at once and returns the number that got it.
///
/// Over all processes the sum must be one.
///
/// # Panics
/// Panics if the store fails.
pub async fn race(store: &Arc<dyn IdempotencyStore>, key: &EventKey, tasks: usize) -> usize {
    let handles: Vec<_> = (0..tasks)
        .map(|_| {
            let (store, request) = (Arc::clone(store), request(key, LONG));
            tokio::spawn(async move { store.begin(&request).await.expect("begin") })
        })
        .collect();
    let mut winners = 0_usize;
    for handle in handles {
        match handle.await.expect("a task") {
            Begin::Acquired { .. } => winners = winners.saturating_add(1),
            Begin::InProgress { .. } => {}
            other => panic!("a racer got {other:?}"),
        }
    }
    winners
}

async fn a_dropped_future_leaves_the_old_or_the_new_state(
    store: &Arc<dyn IdempotencyStore>,
    keys: &mut Keys,
) {
    use std::task::{Context, Waker};
    let subject = Subject(store);
    for polls in 0..4 {
        let key = keys.next();
        let request = request(&key, ENDED);
        {
            let mut begin = store.begin(&request);
            for _ in 0..polls {
                if begin
                    .as_mut()
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_ready()
                {
                    break;
                }
                // Lets the store's own tasks run, so that the next poll makes progress.
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        match subject.begin(&key, LONG).await {
            Begin::Acquired { fence, attempt } => {
                assert!(attempt <= 2, "{fence} {attempt}");
                assert_eq!(subject.complete(&key, fence).await, Completion::Completed);
            }
            other => panic!("after a dropped begin: {other:?}"),
        }
    }
}

/// Reproducible random numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // xorshift64*: good enough to pick operations.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 33).checked_rem(limit).unwrap_or(0)
    }
}

/// Simple model of a store.
#[derive(Clone)]
struct Model {
    facts: Box<str>,
    fence: Fence,
    attempts: u32,
    state: ModelState,
}

#[derive(Clone, Copy, PartialEq)]
enum ModelState {
    Held,
    Free,
    Released,
    Done,
}

/// Runs random operations on a few keys and compares every response with a model.
///
/// The same seed repeats a run, so print it with a failure.
///
/// # Panics
/// Panics at the first response that differs.
pub async fn check_against_model(store: &Arc<dyn IdempotencyStore>, seed: u64, operations: u64) {
    let mut random = Random(seed | 1);
    let mut keys = Keys::new();
    let mut known: Vec<EventKey> = (0..16).map(|_| keys.next()).collect();
    let mut model: HashMap<EventKey, Model> = HashMap::new();
    for operation in 0..operations {
        // Completed keys test little, so replace one now and then.
        if random.below(20) == 0 {
            let index = usize::try_from(random.below(16)).unwrap_or(0);
            if let Some(slot) = known.get_mut(index) {
                model.remove(slot);
                *slot = keys.next();
            }
        }
        let index = usize::try_from(random.below(16)).unwrap_or(0);
        let key = known.get(index).expect("sixteen keys").clone();
        let lease = if random.below(2) == 0 { LONG } else { ENDED };
        let current = model.get(&key).map_or(Fence::FIRST, |model| model.fence);
        let fence = match random.below(4) {
            0 => Fence::from_u64(current.get().saturating_sub(1)),
            1 => current.next(),
            _ => current,
        };
        let context = format!("seed {seed}, operation {operation}, key {key}");
        match random.below(5) {
            0 | 1 => begin_both(store, &mut model, &key, lease, random.below(10) == 0, &context).await,
            2 => {
                let response = store.renew(&key, fence, lease).await.expect("renew");
                let expected = match holder(&mut model, &key, fence) {
                    Some(model) => {
                        model.state = if lease == LONG {
                            ModelState::Held
                        } else {
                            ModelState::Free
                        };
                        Renewal::Renewed
                    }
                    None => Renewal::Lost,
                };
                assert_eq!(response, expected, "renew: {context}");
            }
            3 => {
                let response = store.complete(&key, fence, RETENTION).await.expect("complete");
                let done = model
                    .get(&key)
                    .is_some_and(|model| model.fence == fence && model.state == ModelState::Done);
                let expected = match holder(&mut model, &key, fence) {
                    Some(model) => {
                        model.state = ModelState::Done;
                        Completion::Completed
                    }
                    None if done => Completion::AlreadyDone,
                    None => Completion::Lost,
                };
                assert_eq!(response, expected, "complete: {context}");
            }
            _ => {
                let response = store.release(&key, fence).await.expect("release");
                let expected = match holder(&mut model, &key, fence) {
                    Some(model) => {
                        model.state = ModelState::Released;
                        Release::Released
                    }
                    None => Release::Lost,
                };
                assert_eq!(response, expected, "release: {context}");
            }
        }
    }
}

/// Returns the record if this fence holds its lease, expired or not.
fn holder<'a>(
    model: &'a mut HashMap<EventKey, Model>,
    key: &EventKey,
    fence: Fence,
) -> Option<&'a mut Model> {
    model
        .get_mut(key)
        .filter(|model| model.fence == fence && matches!(model.state, ModelState::Held | ModelState::Free))
}

async fn begin_both(
    store: &Arc<dyn IdempotencyStore>,
    model: &mut HashMap<EventKey, Model>,
    key: &EventKey,
    lease: Duration,
    other_facts: bool,
    context: &str,
) {
    let mut asked = request(key, lease);
    if other_facts {
        asked.facts = OTHER_FACTS.into();
    }
    let response = store.begin(&asked).await.expect("begin");
    let state = if lease == LONG {
        ModelState::Held
    } else {
        ModelState::Free
    };
    let expected = match model.get_mut(key) {
        None => {
            // The store chooses the first fence; later ones are counted from it.
            let Begin::Acquired { fence, .. } = response else {
                panic!("begin: {response:?}: {context}");
            };
            model.insert(
                key.clone(),
                Model {
                    facts: asked.facts,
                    fence,
                    attempts: 1,
                    state,
                },
            );
            Begin::Acquired { fence, attempt: 1 }
        }
        Some(record) => match record.state {
            ModelState::Done if record.facts != asked.facts => Begin::Contradiction,
            ModelState::Done => Begin::Done { fence: record.fence },
            ModelState::Held => {
                assert!(
                    matches!(response, Begin::InProgress { .. }),
                    "begin: {response:?}: {context}"
                );
                return;
            }
            ModelState::Free | ModelState::Released => {
                record.facts = asked.facts;
                record.fence = record.fence.next();
                record.attempts = record.attempts.saturating_add(1);
                record.state = state;
                Begin::Acquired {
                    fence: record.fence,
                    attempt: record.attempts,
                }
            }
        },
    };
    assert_eq!(response, expected, "begin: {context}");
}
