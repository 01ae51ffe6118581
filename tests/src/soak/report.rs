//! The books, and the table at the end.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    Options, Store,
    fleet::Fleet,
    plan::Tells,
    sender::{Ledger, Sender, Told},
    trouble::Troubles,
};

/// Orders that are read at the same time.
const READERS: usize = 8;

/// The shops' records at the end.
#[derive(Debug, Default)]
pub struct Books {
    orders: HashMap<String, Entry>,
    /// Announced deliveries per order.
    said: HashMap<String, u32>,
}

#[derive(Clone, Debug)]
struct Entry {
    fulfilled: u64,
    /// Handled events of the order, each with its fence, the oldest first.
    heard: Vec<(String, u64)>,
}

/// Reads each order's receipt at one of the shops, then the announcements.
///
/// # Panics
/// When a receipt cannot be read.
pub async fn read(fleet: &Arc<Fleet>, sender: &Arc<Sender>, ledger: &Ledger) -> Books {
    let numbers: Vec<String> = ledger.told().keys().cloned().collect();
    let mut readers = JoinSet::new();
    for part in numbers.chunks(numbers.len().div_ceil(READERS).max(1)) {
        let (fleet, sender, part) = (Arc::clone(fleet), Arc::clone(sender), part.to_vec());
        readers.spawn(async move {
            let mut entries = Vec::new();
            for number in part {
                let entry = receipt(&fleet, &sender, &number).await;
                entries.push((number, entry));
            }
            entries
        });
    }
    let orders = readers.join_all().await.into_iter().flatten().collect();
    let said = fleet.end().await;
    Books { orders, said }
}

async fn receipt(fleet: &Fleet, sender: &Sender, number: &str) -> Entry {
    // Whoever was cut off from its store may need a moment.
    for _ in 0..200 {
        let (place, url) = fleet.next();
        let request = Request::get(format!("{url}/orders/{number}/receipt"))
            .body(Full::<Bytes>::default())
            .unwrap();
        match sender.exchange(request).await {
            Some((200, body)) => {
                let receipt: Value = serde_json::from_slice(&body).unwrap();
                let heard = receipt["heard"].as_array().unwrap().iter().map(|heard| {
                    let id = heard["event"].as_str().unwrap().to_owned();
                    (id, heard["fence"].as_u64().unwrap())
                });
                return Entry {
                    fulfilled: receipt["fulfilled"].as_u64().unwrap(),
                    heard: heard.collect(),
                };
            }
            // An order that was made is there.
            Some((404, _)) => {
                return Entry {
                    fulfilled: 0,
                    heard: Vec::new(),
                };
            }
            Some(_) => {}
            None => fleet.avoid(place, &url),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the receipt of {number} cannot be read");
}

/// Result of a soak.
#[derive(Clone, Debug)]
pub struct Report {
    /// The options.
    pub options: Options,
    /// Duration of sending, failures included.
    pub took: Duration,
    /// Orders that were made.
    pub orders: usize,
    /// Notifications, each with an id of its own.
    pub sent: usize,
    /// Notifications that were acknowledged.
    pub acknowledged: usize,
    /// Acknowledged notifications without effect: unknown to the order, or goods not delivered.
    pub lost: usize,
    /// Orders whose goods were delivered more than once, by receipt or announcements.
    pub fulfilled_twice: usize,
    /// Events that were handled again, under a higher fence.
    pub repeats: usize,
    /// Events that were handled again, and the fence did not tell.
    pub untold_repeats: usize,
    /// Longest time from a notification's first copy to its acknowledgement.
    pub longest_gap: Duration,
    /// Responses to notifications by status; 0 stands for none.
    pub responses: BTreeMap<u16, u64>,
    /// Failures during the soak.
    pub troubles: Troubles,
}

impl Report {
    pub(super) fn new(
        options: &Options,
        ledger: &Ledger,
        books: &Books,
        troubles: Troubles,
        took: Duration,
    ) -> Self {
        let told = ledger.told();
        let mut report = Self {
            options: options.clone(),
            took,
            orders: told.len(),
            sent: 0,
            acknowledged: 0,
            lost: 0,
            fulfilled_twice: 0,
            repeats: 0,
            untold_repeats: 0,
            longest_gap: Duration::ZERO,
            responses: ledger.responses().clone(),
            troubles,
        };
        for (number, told) in told.iter() {
            let said = books.said.get(number).copied().unwrap_or_default();
            report.add(number, told, books.orders.get(number), said);
        }
        report
    }

    fn add(&mut self, order: &str, told: &[Told], entry: Option<&Entry>, said: u32) {
        let fulfilled = entry.map_or(0, |entry| entry.fulfilled);
        if fulfilled > 1 || said > 1 {
            self.fulfilled_twice += 1;
        }
        let paid = |told: &Told| told.tells == Tells::Paid && told.acknowledged_after.is_some();
        if told.iter().any(paid) && fulfilled == 0 {
            self.lost += 1;
        }
        let fences = |event: &str| -> Vec<u64> {
            let heard = entry.iter().flat_map(|entry| &entry.heard);
            heard
                .filter(|(known, _)| known == event)
                .map(|(_, fence)| *fence)
                .collect()
        };
        let events: BTreeSet<String> = told.iter().map(|told| told.tells.event(order)).collect();
        for event in &events {
            for pair in fences(event).windows(2) {
                match pair[0] < pair[1] {
                    true => self.repeats += 1,
                    false => self.untold_repeats += 1,
                }
            }
        }
        for notification in told {
            self.sent += 1;
            if let Some(after) = notification.acknowledged_after {
                self.acknowledged += 1;
                self.longest_gap = self.longest_gap.max(after);
                if fences(&notification.tells.event(order)).is_empty() {
                    self.lost += 1;
                }
            }
        }
    }

    /// Returns true if everything was sent and acknowledged, and nothing lost or repeated.
    ///
    /// With a time limit not everything needs to be sent. Repeats are allowed under a fence, except in a store with one
    /// transaction.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let all = self.sent == self.options.notifications || self.options.at_most.is_some();
        all && self.sent > 0
            && self.acknowledged == self.sent
            && self.lost == 0
            && self.fulfilled_twice == 0
            && self.untold_repeats == 0
            && (self.repeats == 0 || self.options.store == Store::Redis)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let copies: u64 = self.responses.values().sum();
        writeln!(
            f,
            "soak: {}, {} shop(s), seed {}, {} orders, {:.0} s",
            self.options.store.name(),
            self.options.shops,
            self.options.seed,
            self.orders,
            self.took.as_secs_f64()
        )?;
        for (name, value) in [
            ("notifications sent", self.sent.to_string()),
            ("deliveries, copies and repeats included", copies.to_string()),
            ("acknowledged", self.acknowledged.to_string()),
            ("lost", self.lost.to_string()),
            ("fulfilled twice", self.fulfilled_twice.to_string()),
            ("repeats with a higher fence", self.repeats.to_string()),
            ("repeats without", self.untold_repeats.to_string()),
            (
                "longest gap until acknowledged",
                format!("{:.1} s", self.longest_gap.as_secs_f64()),
            ),
        ] {
            writeln!(f, "  {name:<42}{value:>10}")?;
        }
        for (status, count) in &self.responses {
            let name = match status {
                0 => "responses: none (killed, stopped, late)".to_owned(),
                status => format!("responses: {status}"),
            };
            writeln!(f, "  {name:<42}{count:>10}")?;
        }
        for (trouble, count) in &self.troubles {
            writeln!(f, "  {:<42}{count:>10}", trouble.to_string())?;
        }
        write!(f, "  {}", if self.is_clean() { "clean" } else { "NOT CLEAN" })
    }
}
