//! Entries of the watch in Redis.

use std::time::Duration;

use wechatpay_core::{
    idempotency::{Fence, Renewal, StoreError, StoreFuture},
    types::Mchid,
    watch::{
        End, Ending, Entry, Pending, PendingCounts, PendingKey, PendingKind, PendingStore, Phase, Taken,
    },
};

use super::{RedisStore, SHORTEST_EXPIRY, pending_script as script};
use crate::time::milliseconds;

/// Upper bound of the entries that one script changes, because Redis runs nothing else meanwhile.
const BATCH: u64 = 1_000;
/// Number of texts by which a script reports an entry.
const TEXTS: usize = 10;

/// Names of the keys of a watch.
///
/// The hash tag puts them into one slot of a cluster.
struct Names {
    due: String,
    look: String,
    ended: String,
    /// Prefix of the hashes of entries, followed by the text of the [`PendingKey`].
    entries: String,
    /// Prefix of the lists of what one call has taken.
    batches: String,
}

impl Names {
    fn entry(&self, id: &str) -> String {
        format!("{}{id}", self.entries)
    }

    fn batch(&self, caller: &str) -> String {
        format!("{}{caller}", self.batches)
    }
}

impl RedisStore {
    fn names(&self) -> Names {
        let name = |part: &str| format!("{}{{watch}}:{part}", self.0.prefix);
        Names {
            due: name("due"),
            look: name("look"),
            ended: name("ended"),
            entries: name("entry:"),
            batches: name("batch:"),
        }
    }

    fn replicas_are_waited_for(&self) -> &'static str {
        if self.0.replicas.is_some() { "1" } else { "0" }
    }
}

/// Entry as a script reports it.
struct Record<'a> {
    key: PendingKey,
    phase: Phase,
    sub_mchid: Option<Mchid>,
    parent: Option<Box<str>>,
    lifetime: Duration,
    age: Duration,
    fence: Fence,
    looks: u32,
    note: &'a str,
}

impl<'a> Record<'a> {
    /// Reads an entry, or returns its id and the reason why it cannot be read.
    fn read(texts: &'a [String]) -> Result<Self, (&'a str, &'static str)> {
        let [
            id,
            state,
            phase,
            sub_mchid,
            parent,
            lifetime,
            age,
            fence,
            looks,
            note,
        ] = texts
        else {
            return Err(("", "a script returned an unknown reply"));
        };
        let fault = |reason| move || (id.as_str(), reason);
        match state.as_str() {
            "ok" => {}
            "gone" => {
                return Err((
                    id,
                    "it is gone: Redis evicted it, or somebody deleted its key; register it again",
                ));
            }
            _ => {
                return Err((
                    id,
                    "its key holds another type, lacks fields or does not fit its index",
                ));
            }
        }
        let number = |text: &String| text.parse().map_err(|_| (id.as_str(), "a number is malformed"));
        Ok(Self {
            key: key(id).ok_or_else(fault("its key is of a kind that this version does not know"))?,
            phase: Phase::from_name(phase)
                .ok_or_else(fault("it has a phase that this version does not know"))?,
            sub_mchid: match sub_mchid.as_str() {
                "" => None,
                text => Some(
                    text.parse()
                        .map_err(|_| (id.as_str(), "its sub-merchant is malformed"))?,
                ),
            },
            parent: (!parent.is_empty()).then(|| parent.as_str().into()),
            lifetime: Duration::from_millis(number(lifetime)?),
            age: Duration::from_millis(number(age)?),
            fence: Fence::from_u64(number(fence)?),
            looks: u32::try_from(number(looks)?).unwrap_or(u32::MAX),
            note,
        })
    }

    /// Reads those that can be read, and logs the others.
    fn read_all(texts: &'a [String]) -> impl Iterator<Item = Self> {
        texts
            .chunks(TEXTS)
            .filter_map(|texts| Self::read(texts).map_err(report).ok())
    }

    fn taken(self) -> Taken {
        let pending = Pending::from_columns(self.key, self.sub_mchid, self.parent, self.lifetime);
        Taken::new(pending, self.fence, self.phase, self.looks, self.age)
    }

    fn entry(self) -> Entry {
        let note = self.note.strip_prefix('+').map(str::to_owned);
        Entry::new(self.key, self.phase, self.looks, self.age, note)
    }
}

fn report((id, reason): (&str, &str)) {
    tracing::error!(
        target: "wechatpay::stores", store = "redis", id,
        "an order or refund cannot be watched: {reason}"
    );
}

fn key(id: &str) -> Option<PendingKey> {
    let mut parts = id.splitn(3, '/');
    let (scope, kind, number) = (parts.next()?, parts.next()?, parts.next()?);
    Some(PendingKey::new(
        scope.parse().ok()?,
        PendingKind::from_name(kind)?,
        number,
    ))
}

/// Text of a note that tells an empty one from none.
fn with_sign(note: Option<&str>) -> String {
    note.map_or_else(String::new, |note| format!("+{note}"))
}

impl PendingStore for RedisStore {
    fn register<'a>(&'a self, pending: &'a Pending, after: Duration) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let (names, id) = (self.names(), pending.key.to_string());
            let keys = [&*names.entry(&id), &names.due];
            let arguments = [
                &*id,
                pending.sub_mchid.as_ref().map_or("", Mchid::as_str),
                pending.parent.as_deref().unwrap_or_default(),
                &milliseconds(pending.lifetime).to_string(),
                &milliseconds(after).to_string(),
                &self.0.owners.next(),
                self.replicas_are_waited_for(),
            ];
            let reply = self.run(&script::REGISTER, &keys, &arguments, true).await?;
            Ok(reply.word == "ok")
        })
    }

    fn take(&self, limit: usize, lease: Duration) -> StoreFuture<'_, Vec<Taken>> {
        Box::pin(async move {
            let (names, caller) = (self.names(), self.0.owners.next());
            let keys = [&*names.due, &names.batch(&caller)];
            let arguments = [
                &*names.entries,
                &at_most(u64::try_from(limit).unwrap_or(BATCH)).to_string(),
                &milliseconds(lease).to_string(),
                &caller,
                // No call is repeated after the timeout.
                &milliseconds(self.0.timeout.max(SHORTEST_EXPIRY)).to_string(),
            ];
            let reply = self.run(&script::TAKE, &keys, &arguments, false).await?;
            Ok(Record::read_all(reply.rest()).map(Record::taken).collect())
        })
    }

    fn put_off<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Fence,
        phase: Phase,
        after: Duration,
        note: Option<&'a str>,
    ) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            if let Phase::Ended(end) = phase {
                return Ok(match self.end(key, Some(fence), end, note, after).await? {
                    Ending::Ended => Renewal::Renewed,
                    _ => Renewal::Lost,
                });
            }
            let (names, id) = (self.names(), key.to_string());
            let keys = [&*names.entry(&id), &names.due];
            let arguments = [
                &*id,
                &fence.to_string(),
                phase.as_str(),
                &milliseconds(after).to_string(),
                &with_sign(note),
                &self.0.owners.next(),
            ];
            let reply = self.run(&script::PUT_OFF, &keys, &arguments, false).await?;
            Ok(match reply.word.as_str() {
                "ok" => Renewal::Renewed,
                _ => Renewal::Lost,
            })
        })
    }

    fn end<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Option<Fence>,
        end: End,
        note: Option<&'a str>,
        retention: Duration,
    ) -> StoreFuture<'a, Ending> {
        Box::pin(async move {
            let (names, id) = (self.names(), key.to_string());
            let keys = [&*names.entry(&id), &names.due, &names.look, &names.ended];
            let arguments = [
                &*id,
                &fence.map_or_else(String::new, |fence| fence.to_string()),
                end.as_str(),
                &replaced_by(end),
                &with_sign(note),
                &milliseconds(retention).to_string(),
                &self.0.owners.next(),
                self.replicas_are_waited_for(),
            ];
            let reply = self.run(&script::END, &keys, &arguments, true).await?;
            match (reply.word.as_str(), reply.rest()) {
                ("ok", _) => Ok(Ending::Ended),
                ("already", [known]) => match Phase::from_name(known) {
                    Some(Phase::Ended(known)) => Ok(Ending::Before(known)),
                    _ => Err(StoreError::Corrupt("an order or refund has an unknown phase")),
                },
                ("lost", _) => Ok(Ending::Lost),
                _ => Ok(Ending::Unknown),
            }
        })
    }

    fn recheck<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let (names, id) = (self.names(), key.to_string());
            let keys = [&*names.entry(&id), &names.due, &names.look, &names.ended];
            let reply = self.run(&script::RECHECK, &keys, &[&*id], false).await?;
            Ok(reply.word == "ok")
        })
    }

    fn entry<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, Option<Entry>> {
        Box::pin(async move {
            let id = key.to_string();
            let reply = self
                .run(&script::ENTRY, &[&*self.names().entry(&id)], &[&*id], false)
                .await?;
            if reply.word == "unknown" {
                return Ok(None);
            }
            let record = Record::read(reply.rest()).map_err(|(_, reason)| StoreError::Corrupt(reason))?;
            Ok(Some(record.entry()))
        })
    }

    fn need_look(&self, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        Box::pin(async move {
            let names = self.names();
            let limit = u32::try_from(limit).unwrap_or(u32::MAX).to_string();
            let reply = self
                .run(
                    &script::NEED_LOOK,
                    &[&*names.look],
                    &[&*names.entries, &limit],
                    false,
                )
                .await?;
            Ok(Record::read_all(reply.rest()).map(Record::entry).collect())
        })
    }

    fn counts(&self) -> StoreFuture<'_, PendingCounts> {
        Box::pin(async move {
            let names = self.names();
            let reply = self
                .run(&script::COUNTS, &[&*names.due, &names.look], &[], false)
                .await?;
            let overdue = Duration::from_millis(reply.number(3)?);
            Ok(PendingCounts::new(reply.number(1)?, reply.number(2)?, overdue))
        })
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let names = self.names();
            let (mut left, mut deleted) = (limit, 0_u64);
            loop {
                let batch = at_most(left);
                let arguments = [&*names.entries, &batch.to_string()];
                let reply = self
                    .run(&script::PURGE, &[&*names.ended], &arguments, false)
                    .await?;
                deleted = deleted.saturating_add(reply.number(2)?);
                left = left.saturating_sub(batch);
                if left == 0 || reply.number(1)? < batch {
                    return Ok(deleted);
                }
            }
        })
    }
}

fn at_most(limit: u64) -> u64 {
    limit.min(BATCH)
}

/// Returns the names of the ends that this one replaces, each between spaces.
fn replaced_by(end: End) -> String {
    End::ALL
        .into_iter()
        .filter(|known| end.replaces(*known))
        .fold(" ".to_owned(), |names, known| format!("{names}{known} "))
}
