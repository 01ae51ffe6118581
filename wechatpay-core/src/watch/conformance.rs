//! Conformance suite for every [`PendingStore`] (feature `test-util`).
//!
//! ```
//! use std::sync::Arc;
//! use wechatpay_core::watch::{MemoryPendingStore, PendingStore, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store: Arc<dyn PendingStore> = Arc::new(MemoryPendingStore::new());
//! conformance::run(&store).await;
//! # }
//! ```
//!
//! A check panics with the expected result if a store deviates. Run it on a store without due entries of others.

#![expect(clippy::expect_used, reason = "a test suite fails loudly")]

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{End, Ending, Pending, PendingKey, PendingKind, PendingStore, Phase, Taken};
use crate::{
    idempotency::{Fence, Renewal},
    types::{Mchid, OutTradeNo},
};

/// Wait or lease that outlasts a test.
const LONG: Duration = Duration::from_secs(3600);
/// Wait or lease that is over at once.
const NONE: Duration = Duration::ZERO;

/// Store with numbers of its own for each case. Every error fails the test.
struct Subject<'a> {
    store: &'a Arc<dyn PendingStore>,
    run: u128,
    next: u32,
}

impl Subject<'_> {
    fn pending(&mut self) -> Pending {
        self.next = self.next.saturating_add(1);
        let number = format!("{:x}-{}", self.run, self.next);
        let number: OutTradeNo = number.parse().expect("a sound number");
        let merchant: Mchid = "1900000001".parse().expect("a sound merchant");
        let sub: Mchid = "1900000109".parse().expect("a sound merchant");
        match self.next.checked_rem(4) {
            Some(0) => Pending::order(merchant, &number),
            Some(1) => {
                let number = number.as_str().parse().expect("a sound number");
                let payment = "4200001".parse().expect("a sound number");
                Pending::ecommerce_share(merchant, sub, &payment, &number)
            }
            _ => Pending::partner_order(merchant, sub, &number).lifetime(LONG),
        }
    }

    async fn register(&mut self, after: Duration) -> Pending {
        let pending = self.pending();
        assert!(self.store.register(&pending, after).await.expect("register"));
        pending
    }

    /// Takes everything that is due, and returns what was taken of this one.
    async fn take(&self, pending: &Pending, lease: Duration) -> Option<Taken> {
        let taken = self.store.take(1_000, lease).await.expect("take");
        taken.into_iter().find(|taken| taken.pending.key == pending.key)
    }

    async fn put_off(&self, key: &PendingKey, fence: Fence, phase: Phase, after: Duration) -> Renewal {
        let note = Some("put off");
        self.store
            .put_off(key, fence, phase, after, note)
            .await
            .expect("put off")
    }

    async fn end(&self, key: &PendingKey, fence: Option<Fence>, end: End) -> Ending {
        self.store
            .end(key, fence, end, Some("ended"), LONG)
            .await
            .expect("end")
    }

    async fn phase(&self, key: &PendingKey) -> Option<Phase> {
        let entry = self.store.entry(key).await.expect("entry");
        entry.map(|entry| entry.phase)
    }
}

/// Runs every case.
///
/// # Panics
/// Panics if the store deviates from the contract.
pub async fn run(store: &Arc<dyn PendingStore>) {
    let run = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    let mut subject = Subject { store, run, next: 0 };
    an_entry_is_registered_once(&mut subject).await;
    every_kind_is_taken_as_it_was_registered(&mut subject).await;
    one_taker_gets_what_is_due(&mut subject).await;
    an_ended_lease_is_taken_over_with_a_higher_fence(&mut subject).await;
    what_is_put_off_comes_again_in_its_phase(&mut subject).await;
    an_overtaken_holder_changes_nothing(&mut subject).await;
    an_end_learned_elsewhere_counts_whoever_holds_the_lease(&mut subject).await;
    a_later_end_replaces_one_that_it_outweighs(&mut subject).await;
    a_recheck_makes_it_due_whatever_its_phase(&mut subject).await;
    what_needs_a_look_is_listed_and_never_purged(&mut subject).await;
    of_many_who_take_at_once_each_entry_has_one(&mut subject).await;
    nothing_is_known_of_the_unknown(&mut subject).await;
    store.counts().await.expect("counts");
}

async fn an_entry_is_registered_once(subject: &mut Subject<'_>) {
    let pending = subject.register(LONG).await;
    let other = pending.clone().lifetime(NONE);
    assert!(!subject.store.register(&other, NONE).await.expect("register"));
    assert!(subject.take(&pending, LONG).await.is_none(), "it is not due");
    let entry = subject
        .store
        .entry(&pending.key)
        .await
        .expect("entry")
        .expect("known");
    assert_eq!(
        (entry.key, entry.phase, entry.looks, entry.note),
        (pending.key, Phase::Watching, 0, None)
    );
}

async fn every_kind_is_taken_as_it_was_registered(subject: &mut Subject<'_>) {
    for kind in PendingKind::ALL {
        let plain = subject.pending();
        let key = PendingKey::new(plain.key.scope().clone(), kind, plain.key.number());
        for parent in [None, Some("4200001".into())] {
            let key = match &parent {
                None => key.clone(),
                Some(_) => PendingKey::new(key.scope().clone(), kind, &format!("{}-p", key.number())),
            };
            let pending = Pending::from_columns(key, plain.sub_mchid.clone(), parent, plain.lifetime);
            assert!(subject.store.register(&pending, NONE).await.expect("register"));
            let taken = subject.take(&pending, LONG).await.expect("it is due");
            assert_eq!(taken.pending, pending);
        }
    }
}

async fn one_taker_gets_what_is_due(subject: &mut Subject<'_>) {
    let pending = subject.register(NONE).await;
    let taken = subject.take(&pending, LONG).await.expect("it is due");
    assert_eq!(
        (&taken.pending, taken.phase, taken.look),
        (&pending, Phase::Watching, 1)
    );
    assert!(taken.age < LONG);
    assert!(subject.take(&pending, LONG).await.is_none(), "it is held");
}

async fn an_ended_lease_is_taken_over_with_a_higher_fence(subject: &mut Subject<'_>) {
    let pending = subject.register(NONE).await;
    let first = subject.take(&pending, NONE).await.expect("it is due");
    let second = subject.take(&pending, LONG).await.expect("its lease has ended");
    assert!(second.fence > first.fence && second.look == 2);
}

async fn what_is_put_off_comes_again_in_its_phase(subject: &mut Subject<'_>) {
    let pending = subject.register(NONE).await;
    let taken = subject.take(&pending, LONG).await.expect("it is due");
    let put_off = subject
        .put_off(&pending.key, taken.fence, Phase::Closing, NONE)
        .await;
    assert_eq!(put_off, Renewal::Renewed);
    // The lease went with it.
    assert_eq!(
        subject
            .put_off(&pending.key, taken.fence, Phase::Closing, NONE)
            .await,
        Renewal::Lost
    );
    let again = subject.take(&pending, LONG).await.expect("it is due again");
    assert_eq!((again.phase, again.look), (Phase::Closing, 2));
    subject
        .put_off(&pending.key, again.fence, Phase::Watching, LONG)
        .await;
    assert!(subject.take(&pending, LONG).await.is_none());
    let entry = subject
        .store
        .entry(&pending.key)
        .await
        .expect("entry")
        .expect("known");
    assert_eq!(
        (entry.phase, entry.note.as_deref()),
        (Phase::Watching, Some("put off"))
    );
}

async fn an_overtaken_holder_changes_nothing(subject: &mut Subject<'_>) {
    let pending = subject.register(NONE).await;
    let old = subject.take(&pending, NONE).await.expect("it is due");
    let new = subject.take(&pending, LONG).await.expect("its lease has ended");
    assert_eq!(
        subject
            .put_off(&pending.key, old.fence, Phase::Closing, NONE)
            .await,
        Renewal::Lost
    );
    assert_eq!(
        subject.end(&pending.key, Some(old.fence), End::Closed).await,
        Ending::Lost
    );
    assert_eq!(
        subject.end(&pending.key, Some(new.fence), End::Paid).await,
        Ending::Ended
    );
    assert_eq!(
        subject.end(&pending.key, Some(new.fence), End::Paid).await,
        Ending::Before(End::Paid)
    );
    assert_eq!(
        subject
            .put_off(&pending.key, new.fence, Phase::Watching, NONE)
            .await,
        Renewal::Lost
    );
    assert!(subject.take(&pending, LONG).await.is_none(), "it has its end");
}

async fn an_end_learned_elsewhere_counts_whoever_holds_the_lease(subject: &mut Subject<'_>) {
    let pending = subject.register(NONE).await;
    let taken = subject.take(&pending, LONG).await.expect("it is due");
    assert_eq!(subject.end(&pending.key, None, End::Paid).await, Ending::Ended);
    assert_eq!(
        subject
            .put_off(&pending.key, taken.fence, Phase::Watching, NONE)
            .await,
        Renewal::Lost
    );
    assert_eq!(
        subject.end(&pending.key, Some(taken.fence), End::Closed).await,
        Ending::Before(End::Paid)
    );
    assert_eq!(subject.phase(&pending.key).await, Some(Phase::Ended(End::Paid)));
}

async fn a_later_end_replaces_one_that_it_outweighs(subject: &mut Subject<'_>) {
    for known in End::ALL {
        for later in End::ALL {
            let pending = subject.register(NONE).await;
            assert_eq!(subject.end(&pending.key, None, known).await, Ending::Ended);
            let (ending, end) = match later.replaces(known) {
                true => (Ending::Ended, later),
                false => (Ending::Before(known), known),
            };
            assert_eq!(
                subject.end(&pending.key, None, later).await,
                ending,
                "{later} after {known}"
            );
            assert_eq!(subject.phase(&pending.key).await, Some(Phase::Ended(end)));
        }
    }
}

async fn a_recheck_makes_it_due_whatever_its_phase(subject: &mut Subject<'_>) {
    for phase in ["waiting", "held", "ended"] {
        let pending = subject
            .register(if phase == "waiting" { LONG } else { NONE })
            .await;
        match phase {
            "held" => drop(subject.take(&pending, LONG).await),
            "ended" => drop(subject.end(&pending.key, None, End::Closed).await),
            _ => {}
        }
        assert!(
            subject.store.recheck(&pending.key).await.expect("recheck"),
            "{phase}"
        );
        let taken = subject.take(&pending, LONG).await;
        assert_eq!(taken.map(|taken| taken.phase), Some(Phase::Watching), "{phase}");
    }
}

async fn what_needs_a_look_is_listed_and_never_purged(subject: &mut Subject<'_>) {
    let store = subject.store;
    let mut past = Vec::new();
    for end in End::ALL {
        let pending = subject.register(NONE).await;
        let ended = store
            .end(&pending.key, None, end, Some("why"), NONE)
            .await
            .expect("end");
        assert_eq!(ended, Ending::Ended);
        past.push((pending, end));
    }
    while store.purge(1).await.expect("purge") > 0 {}
    for (pending, end) in past {
        let is_kept = end == End::NeedsLook;
        assert_eq!(subject.phase(&pending.key).await.is_some(), is_kept, "{end}");
        if is_kept {
            let listed = store.need_look(1_000).await.expect("list");
            let listed = listed.into_iter().find(|entry| entry.key == pending.key);
            let note = listed.expect("listed").note;
            assert_eq!(note.as_deref(), Some("why"));
        }
    }
    let counts = store.counts().await.expect("counts");
    assert!(counts.open > 0 && counts.need_look > 0, "{counts:?}");
}

async fn of_many_who_take_at_once_each_entry_has_one(subject: &mut Subject<'_>) {
    let mut keys = HashSet::new();
    for _ in 0..20 {
        keys.insert(subject.register(NONE).await.key);
    }
    let takers: Vec<_> = (0..16)
        .map(|_| {
            let store = Arc::clone(subject.store);
            tokio::spawn(async move {
                let mut taken = Vec::new();
                loop {
                    let batch = store.take(3, LONG).await.expect("take");
                    if batch.is_empty() {
                        return taken;
                    }
                    taken.extend(batch);
                }
            })
        })
        .collect();
    let mut found = Vec::new();
    for taker in takers {
        let taken = taker.await.expect("a task");
        found.extend(
            taken
                .into_iter()
                .map(|taken| taken.pending.key)
                .filter(|key| keys.contains(key)),
        );
    }
    // A taker may see nothing while others hold their rows, so some may be left.
    while let Ok(batch) = subject.store.take(3, LONG).await {
        if batch.is_empty() {
            break;
        }
        found.extend(
            batch
                .into_iter()
                .map(|taken| taken.pending.key)
                .filter(|key| keys.contains(key)),
        );
    }
    let unique: HashSet<_> = found.iter().cloned().collect();
    assert_eq!((found.len(), unique), (20, keys), "each is taken exactly once");
}

async fn nothing_is_known_of_the_unknown(subject: &mut Subject<'_>) {
    let key = subject.pending().key;
    assert_eq!(
        subject.put_off(&key, Fence::FIRST, Phase::Watching, NONE).await,
        Renewal::Lost
    );
    assert_eq!(subject.end(&key, None, End::Paid).await, Ending::Unknown);
    assert!(!subject.store.recheck(&key).await.expect("recheck"));
    assert_eq!(subject.phase(&key).await, None);
}
