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
use wechatpay_core::types::DateTime;

use super::{
    Options, Store,
    fleet::Fleet,
    gateway::Gateway,
    sender::{Ledger, Sender, Sold},
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

#[derive(Clone, Debug, Default)]
struct Entry {
    fulfilled: u64,
    payment: Option<LearnedPayment>,
    /// Handled events of the order, each with its fence, the oldest first.
    heard: Vec<(String, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct LearnedPayment {
    by_query: bool,
    /// In Unix seconds.
    at: i64,
}

/// Reads each order's receipt at one of the shops, then the announcements.
///
/// # Panics
/// When a receipt cannot be read.
pub async fn read(fleet: &Arc<Fleet>, sender: &Arc<Sender>, ledger: &Ledger) -> Books {
    let numbers: Vec<String> = ledger.sold().keys().cloned().collect();
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
                let payment = &receipt["payment"];
                let learned_at = payment["learned_at"].as_str();
                return Entry {
                    fulfilled: receipt["fulfilled"].as_u64().unwrap(),
                    payment: learned_at.map(|at| LearnedPayment {
                        by_query: payment["learned_from"] == "query",
                        at: at.parse::<DateTime>().unwrap().unix_seconds(),
                    }),
                    heard: heard.collect(),
                };
            }
            // An order that was made is there.
            Some((404, _)) => return Entry::default(),
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
    /// Duration of selling, failures included.
    pub took: Duration,
    /// Orders that were paid.
    pub payments: usize,
    /// Orders without any notification.
    pub dropped: usize,
    /// Notifications, each with an id of its own.
    pub sent: usize,
    /// Notifications that were acknowledged.
    pub acknowledged: usize,
    /// Payments without goods, and acknowledged notifications that are unknown to their order.
    pub lost: usize,
    /// Orders whose goods were delivered more than once, by receipt or announcements.
    pub fulfilled_twice: usize,
    /// Payments that the shops learned of by a notification.
    pub by_notification: usize,
    /// Payments that the shops learned of by a query.
    pub by_query: usize,
    /// Longest time from a payment to its handling, to the second.
    pub longest_wait: i64,
    /// The same of the orders without any notification.
    pub longest_wait_dropped: i64,
    /// Queries at the gateway.
    pub queries: u64,
    /// Orders that the watch closed.
    ///
    /// They are unpaid: their shop was killed before it could tell their number.
    pub closed: usize,
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
        gateway: &Gateway,
        troubles: Troubles,
        took: Duration,
    ) -> Self {
        let sold = ledger.sold();
        let mut report = Self {
            options: options.clone(),
            took,
            payments: sold.len(),
            dropped: 0,
            sent: 0,
            acknowledged: 0,
            lost: 0,
            fulfilled_twice: 0,
            by_notification: 0,
            by_query: 0,
            longest_wait: 0,
            longest_wait_dropped: 0,
            queries: gateway.queries(),
            closed: gateway.closed(),
            repeats: 0,
            untold_repeats: 0,
            longest_gap: Duration::ZERO,
            responses: ledger.responses().clone(),
            troubles,
        };
        for (number, sold) in sold.iter() {
            let said = books.said.get(number).copied().unwrap_or_default();
            let entry = books.orders.get(number).cloned().unwrap_or_default();
            report.add(number, sold, &entry, said);
        }
        report
    }

    fn add(&mut self, order: &str, sold: &Sold, entry: &Entry, said: u32) {
        if entry.fulfilled > 1 || said > 1 {
            self.fulfilled_twice += 1;
        }
        if entry.fulfilled == 0 {
            self.lost += 1;
        }
        let is_dropped = sold.told.is_empty();
        self.dropped += usize::from(is_dropped);
        if let Some(payment) = entry.payment {
            self.by_query += usize::from(payment.by_query);
            self.by_notification += usize::from(!payment.by_query);
            let wait = payment.at - sold.paid_at;
            self.longest_wait = self.longest_wait.max(wait);
            if is_dropped {
                self.longest_wait_dropped = self.longest_wait_dropped.max(wait);
            }
        }
        let fences = |event: &str| -> Vec<u64> {
            let heard = entry.heard.iter().filter(|(known, _)| known == event);
            heard.map(|(_, fence)| *fence).collect()
        };
        let events: BTreeSet<&String> = entry.heard.iter().map(|(event, _)| event).collect();
        for event in events {
            for pair in fences(event).windows(2) {
                match pair[0] < pair[1] {
                    true => self.repeats += 1,
                    false => self.untold_repeats += 1,
                }
            }
        }
        for notification in &sold.told {
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

    /// Returns true if everything was sold, handled and acknowledged, and nothing lost or repeated.
    ///
    /// With a time limit not everything needs to be sold. Repeats are allowed under a fence, except in a store with one
    /// transaction.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let all = self.payments == self.options.payments || self.options.at_most.is_some();
        all && self.sent > 0
            && self.by_notification + self.by_query == self.payments
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
            "soak: {}, {} shop(s), seed {}, {:.0} s",
            self.options.store.name(),
            self.options.shops,
            self.options.seed,
            self.took.as_secs_f64()
        )?;
        for (name, value) in [
            ("payments", self.payments.to_string()),
            ("  never notified", self.dropped.to_string()),
            ("lost", self.lost.to_string()),
            ("fulfilled twice", self.fulfilled_twice.to_string()),
            ("handled by notification", self.by_notification.to_string()),
            ("handled by query", self.by_query.to_string()),
            (
                "longest wait from paid to handled",
                format!("{} s", self.longest_wait),
            ),
            ("  never notified", format!("{} s", self.longest_wait_dropped)),
            ("repeats with a higher fence", self.repeats.to_string()),
            ("repeats without", self.untold_repeats.to_string()),
            ("notifications sent", self.sent.to_string()),
            ("  copies and repeats included", copies.to_string()),
            ("  acknowledged", self.acknowledged.to_string()),
            (
                "longest gap until acknowledged",
                format!("{:.1} s", self.longest_gap.as_secs_f64()),
            ),
            ("queries", self.queries.to_string()),
            ("unpaid orders closed", self.closed.to_string()),
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
