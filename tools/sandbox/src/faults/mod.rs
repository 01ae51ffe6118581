//! Faults: rules for deliberate errors.
//!
//! There is one list of rules, and several doors to it: the handle, the admin API, a header of a request, and a keyword in the
//! text of an order. Wherever something could go wrong the list is asked, and the oldest rule that fits fires.

mod catalogue;
mod content;
mod doors;
mod fault;
mod info;
mod pattern;
mod rule;

use std::{collections::BTreeSet, sync::Mutex};

use serde::{Deserialize, Serialize};

pub(crate) use content::spoil;
pub(crate) use doors::{HeaderProblem, Request};
pub use fault::{Fault, UnknownFault};
pub use info::{FaultInfo, FaultPlace};
pub use rule::FaultRule;

use info::Slot;
use rule::{Occasion, Scene};

use crate::world::{lock, random::Ids};

/// Maximum number of kept rules, including those that will not fire again.
///
/// They still report how often they fired.
const CAPACITY: usize = 1_000;

/// The rules of all faults, which gateway and notifier ask.
#[derive(Default)]
pub struct Faults(Mutex<FaultTable>);

debug_only!(Faults {});

/// All rules, in memory and in a snapshot.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultTable {
    rules: Vec<FaultRule>,
    count: u64,
    /// Keywords that were heeded: by merchant, number and text.
    keywords: BTreeSet<(String, String, String)>,
}

/// A notification, as far as faults look at it.
pub(crate) struct NotificationOccasion<'a> {
    pub(crate) mchid: &'a str,
    pub(crate) event_type: &'a str,
    /// Of what it is about.
    pub(crate) numbers: [&'a str; 2],
}

impl Faults {
    /// Puts a rule into force and gives it its number.
    pub fn add(&self, rule: FaultRule, now: i64) -> u64 {
        lock(&self.0).add(rule, now)
    }

    /// All rules, the oldest first.
    pub fn all(&self) -> Vec<FaultRule> {
        lock(&self.0).rules.clone()
    }

    pub(crate) fn saved(&self) -> FaultTable {
        lock(&self.0).clone()
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: FaultTable) {
        *lock(&self.0) = saved;
    }

    /// Puts a rule into force, unless the same one is already.
    pub(crate) fn add_once(&self, rule: FaultRule, now: i64) {
        let mut table = lock(&self.0);
        if table.rules.iter().all(|known| !known.is_same(&rule)) {
            table.add(rule, now);
        }
    }

    /// Takes a rule back. Says whether there was one.
    pub fn remove(&self, id: u64) -> bool {
        let mut table = lock(&self.0);
        let before = table.rules.len();
        table.rules.retain(|rule| rule.id() != id);
        table.rules.len() < before
    }

    /// Takes all rules back.
    pub fn clear(&self) {
        let mut table = lock(&self.0);
        table.rules.clear();
        table.keywords.clear();
    }

    /// Faults of a payment of this order, or of the code that a payer shows.
    pub(crate) fn of_payment(
        &self,
        mchid: &str,
        numbers: &[&str],
        by_code: bool,
        now: i64,
        ids: &Ids,
    ) -> Fired {
        let occasion = Occasion {
            scene: Scene::Payment { by_code },
            mchid: Some(mchid),
            mentions: &|number| numbers.contains(&number),
        };
        self.fire(&occasion, now, ids)
    }

    /// Faults of a notification as a whole.
    pub(crate) fn of_notification(&self, about: &NotificationOccasion<'_>, now: i64, ids: &Ids) -> Fired {
        self.notification(Scene::Start(about.event_type), about, now, ids)
    }

    /// Faults of one attempt at a notification.
    pub(crate) fn of_attempt(&self, about: &NotificationOccasion<'_>, now: i64, ids: &Ids) -> Fired {
        self.notification(Scene::Attempt(about.event_type), about, now, ids)
    }

    fn notification(&self, scene: Scene<'_>, about: &NotificationOccasion<'_>, now: i64, ids: &Ids) -> Fired {
        let occasion = Occasion {
            scene,
            mchid: Some(about.mchid),
            mentions: &|number| about.numbers.contains(&number),
        };
        self.fire(&occasion, now, ids)
    }

    fn fire(&self, occasion: &Occasion<'_>, now: i64, ids: &Ids) -> Fired {
        let mut fired = Fired::default();
        lock(&self.0).fire(occasion, now, ids, &mut fired);
        fired
    }
}

impl FaultTable {
    fn add(&mut self, mut rule: FaultRule, now: i64) -> u64 {
        self.count = self.count.saturating_add(1);
        rule.begin(self.count, now);
        if self.rules.len() >= CAPACITY {
            let oldest = self.rules.iter().position(|rule| rule.is_spent(now));
            drop(self.rules.remove(oldest.unwrap_or_default()));
        }
        self.rules.push(rule);
        self.count
    }

    /// Lets the oldest fitting rule of each slot fire that is still free.
    fn fire(&mut self, occasion: &Occasion<'_>, now: i64, ids: &Ids, fired: &mut Fired) {
        for rule in &mut self.rules {
            let is_free = fired.of(rule.fault().slot()).is_none();
            if is_free
                && !rule.is_spent(now)
                && rule.fits(occasion)
                && rule.fire(|probability| ids.chance(probability))
            {
                fired.0.push(rule.fault());
            }
        }
    }
}

/// Faults of one occasion, at most one of each slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fired(Vec<Fault>);

impl Fired {
    fn of(&self, slot: Slot) -> Option<Fault> {
        self.0.iter().copied().find(|fault| fault.slot() == slot)
    }

    /// A request is refused, or said to be.
    pub(crate) fn outcome(&self) -> Option<Fault> {
        self.of(Slot::Outcome)
    }

    pub(crate) fn transport(&self) -> Option<Fault> {
        self.of(Slot::Transport)
    }

    pub(crate) fn signature(&self) -> Option<Fault> {
        self.of(Slot::Signature)
    }

    /// Wording of a refusal.
    pub(crate) fn wording(&self) -> Option<Fault> {
        self.of(Slot::Wording)
    }

    pub(crate) fn content(&self) -> Option<Fault> {
        self.of(Slot::Content)
    }

    pub(crate) fn payment(&self) -> Option<Fault> {
        self.of(Slot::Payment)
    }

    pub(crate) fn arrival(&self) -> Option<Fault> {
        self.of(Slot::Arrival)
    }

    pub(crate) fn copies(&self) -> Option<Fault> {
        self.of(Slot::Copies)
    }

    pub(crate) fn file(&self) -> Option<Fault> {
        self.of(Slot::File)
    }

    pub(crate) fn keys(&self) -> Option<Fault> {
        self.of(Slot::Keys)
    }

    pub(crate) fn envelope(&self) -> Option<Fault> {
        self.of(Slot::Envelope)
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    /// Returns true if nothing of the request is carried out.
    pub(crate) fn stops_request(&self) -> bool {
        matches!(self.outcome(), Some(Fault::Status(_)))
            || matches!(
                self.transport(),
                Some(Fault::HangBeforeCommit | Fault::ResetBeforeCommit)
            )
    }

    pub(crate) fn is_forgery(&self) -> bool {
        self.0.iter().any(|fault| fault.is_forgery())
    }

    /// All of them.
    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(faults: &Faults, event: &str) -> Vec<Fault> {
        let about = NotificationOccasion {
            mchid: "1",
            event_type: event,
            numbers: ["n1", ""],
        };
        faults.of_attempt(&about, 0, &Ids::from_seed(1)).0
    }

    #[test]
    fn the_oldest_rule_of_each_slot_fires() {
        let faults = Faults::default();
        faults.add(Fault::Lost.times(1), 0);
        faults.add(Fault::WrongAmount.always(), 0);
        faults.add(Fault::Lost.about("n2"), 0);
        faults.add(Fault::Lost.about("n1"), 0);
        assert_eq!(attempt(&faults, "X"), [Fault::Lost, Fault::WrongAmount]);
        assert_eq!(attempt(&faults, "X"), [Fault::WrongAmount, Fault::Lost]);
        assert_eq!(attempt(&faults, "X"), [Fault::WrongAmount]);
        assert_eq!(
            faults.all().iter().map(FaultRule::fired).collect::<Vec<_>>(),
            [1, 3, 0, 1]
        );
        assert!(faults.remove(2) && !faults.remove(2));
        assert!(attempt(&faults, "X").is_empty());
        faults.clear();
        assert!(faults.all().is_empty());
    }

    #[test]
    fn rules_do_not_fill_the_memory() {
        let faults = Faults::default();
        let standing = faults.add(Fault::Lost.about("never").always(), 0);
        for _ in 0..CAPACITY {
            faults.add(Fault::Lost.times(0), 0);
        }
        let all = faults.all();
        assert_eq!(all.len(), CAPACITY);
        assert_eq!(all[0].id(), standing);
    }

    #[test]
    fn chance_is_a_share() {
        let faults = Faults::default();
        faults.add(FaultRule::from(Fault::Lost).probability(0.25), 0);
        let ids = Ids::from_seed(7);
        let about = NotificationOccasion {
            mchid: "1",
            event_type: "X",
            numbers: ["", ""],
        };
        let fired = (0..1000)
            .filter(|_| !faults.of_attempt(&about, 0, &ids).0.is_empty())
            .count();
        assert!((200..300).contains(&fired), "{fired}");
    }
}
