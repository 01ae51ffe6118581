//! Entries of the watch, one operation for each step.
//!
//! A worker takes an entry by a compare-and-swap on its fence, which every database has: no lock is held in between.

use std::time::{Duration, SystemTime};

use wechatpay_core::{
    idempotency::{Fence, Renewal, StoreError, StoreFuture},
    types::Mchid,
    watch::{
        End, Ending, Entry, Pending, PendingCounts, PendingKey, PendingKind, PendingStore, Phase, Taken,
    },
};

use super::{SqlStore, dialect::Dialect, error::store_error, leases::MAX_PURGE};
use crate::time::milliseconds;

/// Further candidates, so that workers do not all try for the same one.
const CHOICE: usize = 32;
/// Condition of an entry without an end.
const OPEN: &str = "phase IN ('watching', 'closing')";
/// Longest note that is stored, in characters.
const LONGEST_NOTE: usize = 500;

/// Condition for the row of an entry.
fn this<D: Dialect>(key: &PendingKey) -> String {
    format!(
        "scope = {} AND kind = '{}' AND number = {}",
        D::text(key.scope().as_str()),
        key.kind().as_str(),
        D::text(key.number())
    )
}

/// Condition of an entry that nobody has to look at any more.
fn past() -> String {
    let ends = End::ALL.into_iter().filter(|end| *end != End::NeedsLook);
    let names: Vec<String> = ends.map(|end| format!("'{end}'")).collect();
    format!("phase IN ({})", names.join(", "))
}

/// Cuts a note at a character and removes NUL.
fn note<D: Dialect>(note: Option<&str>) -> String {
    let short = note.map(|note| {
        note.chars()
            .filter(|c| *c != '\0')
            .take(LONGEST_NOTE)
            .collect::<String>()
    });
    D::maybe(short.as_deref())
}

/// Columns of an entry, and its age in milliseconds as a negative number.
fn columns<D: Dialect>() -> String {
    format!(
        "scope, kind, number, sub_mchid, parent, lifetime, phase, fence, looks, note, {} AS age",
        D::until("registered_at")
    )
}

/// Row of an entry.
struct Row<'r, D: Dialect>(&'r D::Row);

impl<D: Dialect> Row<'_, D> {
    fn text(&self, column: &str) -> Result<Option<String>, StoreError> {
        D::string(self.0, column).map_err(store_error::<D>)
    }

    fn number(&self, column: &str) -> Result<i64, StoreError> {
        let number = D::integer(self.0, column).map_err(store_error::<D>)?;
        number.ok_or(StoreError::Corrupt("a number of a watched order is missing"))
    }

    fn key(&self) -> Result<PendingKey, StoreError> {
        let corrupt = || StoreError::Corrupt("the key of a watched order cannot be read");
        let merchant: Option<Mchid> = self.text("scope")?.and_then(|scope| scope.parse().ok());
        let kind = self.text("kind")?.and_then(|kind| PendingKind::from_name(&kind));
        match (merchant, kind, self.text("number")?) {
            (Some(merchant), Some(kind), Some(number)) => Ok(PendingKey::new(merchant, kind, &number)),
            _ => Err(corrupt()),
        }
    }

    fn phase(&self) -> Result<Phase, StoreError> {
        let phase = self.text("phase")?.and_then(|phase| Phase::from_name(&phase));
        phase.ok_or(StoreError::Corrupt("a watched order is in an unknown phase"))
    }

    fn fence(&self) -> Result<u64, StoreError> {
        Ok(self.number("fence")?.unsigned_abs())
    }

    fn looks(&self) -> Result<u32, StoreError> {
        Ok(u32::try_from(self.number("looks")?).unwrap_or(u32::MAX))
    }

    fn age(&self) -> Result<Duration, StoreError> {
        Ok(Duration::from_millis(self.number("age")?.min(0).unsigned_abs()))
    }

    fn pending(&self) -> Result<Pending, StoreError> {
        let sub_mchid = match self.text("sub_mchid")? {
            Some(text) => {
                let sub_mchid = text.parse();
                Some(sub_mchid.map_err(|_| StoreError::Corrupt("a sub-merchant cannot be read"))?)
            }
            None => None,
        };
        let lifetime = Duration::from_millis(self.number("lifetime")?.unsigned_abs());
        let parent = self.text("parent")?.map(String::into_boxed_str);
        Ok(Pending::from_columns(self.key()?, sub_mchid, parent, lifetime))
    }

    fn entry(&self) -> Result<Entry, StoreError> {
        Ok(Entry::new(
            self.key()?,
            self.phase()?,
            self.looks()?,
            self.age()?,
            self.text("note")?,
        ))
    }
}

impl<D: Dialect> SqlStore<D> {
    /// Registers what is to be watched in the application's own transaction.
    ///
    /// It is looked at `after` from now. Returns `false` and changes nothing if it is known. Use it where the order (or refund, share, withdrawal) itself is stored, so that either both
    /// are there or neither. `Schedule::first` is the time to the first look.
    ///
    /// # Errors
    /// Returns the error of the driver. In PostgreSQL the transaction is aborted then.
    pub async fn register_in(
        &self,
        connection: &mut D::Connection,
        pending: &Pending,
        after: Duration,
    ) -> Result<bool, sqlx::Error> {
        Ok(D::changed(connection, self.registration(pending, after)).await? > 0)
    }

    fn registration(&self, pending: &Pending, after: Duration) -> String {
        let (key, now) = (&pending.key, D::NOW);
        format!(
            "{} {} (scope, kind, number, sub_mchid, parent, lifetime, phase, fence, looks, held, due, registered_at) \
             SELECT {}, '{}', {}, {}, {}, {}, 'watching', 0, 0, 0, {}, {now}{}{}",
            D::INSERT,
            D::table(&self.name, "pending"),
            D::text(key.scope().as_str()),
            key.kind().as_str(),
            D::text(key.number()),
            D::maybe(pending.sub_mchid.as_ref().map(Mchid::as_str)),
            D::maybe(pending.parent.as_deref()),
            milliseconds(pending.lifetime),
            D::after(after),
            D::DURABLY,
            D::UNLESS_KNOWN,
        )
    }

    fn pending_table(&self) -> String {
        D::table(&self.name, "pending")
    }

    /// Takes an entry if nobody else did since it was read.
    async fn take_one(&self, row: Row<'_, D>, lease: Duration) -> Result<Option<Taken>, StoreError> {
        let (pending, fence) = (row.pending()?, row.fence()?);
        let sql = format!(
            "UPDATE {} SET fence = fence + 1, looks = looks + 1, held = 1, due = {}{} \
             WHERE {} AND fence = {fence} AND due <= {} AND {OPEN}",
            self.pending_table(),
            D::after(lease),
            D::DURABLY,
            this::<D>(&pending.key),
            D::NOW,
        );
        if self.changed(sql).await? == 0 {
            return Ok(None);
        }
        let (fence, look) = (Fence::from_u64(fence).next(), row.looks()?.saturating_add(1));
        Ok(Some(Taken::new(pending, fence, row.phase()?, look, row.age()?)))
    }

    async fn number_of(&self, condition: &str) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT count(*) AS number FROM {} WHERE {condition}",
            self.pending_table()
        );
        let row = self
            .row(sql)
            .await?
            .ok_or(StoreError::Corrupt("a count is missing"))?;
        Ok(Row::<D>(&row).number("number")?.unsigned_abs())
    }
}

impl<D: Dialect> PendingStore for SqlStore<D> {
    fn register<'a>(&'a self, pending: &'a Pending, after: Duration) -> StoreFuture<'a, bool> {
        Box::pin(async move { Ok(self.changed(self.registration(pending, after)).await? > 0) })
    }

    fn take(&self, limit: usize, lease: Duration) -> StoreFuture<'_, Vec<Taken>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT {} FROM {} WHERE {OPEN} AND due <= {} ORDER BY due LIMIT {}",
                columns::<D>(),
                self.pending_table(),
                D::STARTED,
                limit.saturating_add(CHOICE),
            );
            let mut rows = self.rows(sql).await?;
            // Each worker begins at another one.
            let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            let start = nanos.map_or(0, |nanos| nanos.subsec_micros());
            let start = usize::try_from(start)
                .unwrap_or(0)
                .checked_rem(rows.len())
                .unwrap_or(0);
            rows.rotate_left(start);
            let mut taken = Vec::new();
            for row in &rows {
                if taken.len() >= limit {
                    break;
                }
                match self.take_one(Row(row), lease).await {
                    Ok(one) => taken.extend(one),
                    // The others are still to be looked at.
                    Err(StoreError::Corrupt(problem)) => {
                        tracing::error!(target: "wechatpay::stores", problem, "a row of the table pending cannot be read");
                    }
                    Err(error) if taken.is_empty() => return Err(error),
                    Err(_) => break,
                }
            }
            Ok(taken)
        })
    }

    fn put_off<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Fence,
        phase: Phase,
        after: Duration,
        text: Option<&'a str>,
    ) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            let sql = format!(
                "UPDATE {} SET held = 0, phase = '{}', due = {}, note = {} \
                 WHERE {} AND fence = {fence} AND held = 1 AND {OPEN}",
                self.pending_table(),
                phase.as_str(),
                D::after(after),
                note::<D>(text),
                this::<D>(key),
            );
            Ok(match self.changed(sql).await? {
                0 => Renewal::Lost,
                _ => Renewal::Renewed,
            })
        })
    }

    fn end<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Option<Fence>,
        end: End,
        text: Option<&'a str>,
        retention: Duration,
    ) -> StoreFuture<'a, Ending> {
        Box::pin(async move {
            let condition = match fence {
                Some(fence) => format!("fence = {fence} AND held = 1 AND {OPEN}"),
                None => {
                    let replaced = End::ALL.into_iter().filter(|known| end.replaces(*known));
                    let replaced: String = replaced.map(|known| format!(", '{known}'")).collect();
                    format!("phase IN ('watching', 'closing'{replaced})")
                }
            };
            let sql = format!(
                "UPDATE {} SET phase = '{end}', held = 0, due = {}, note = {}{} WHERE {} AND {condition}",
                self.pending_table(),
                D::after(retention),
                note::<D>(text),
                D::DURABLY,
                this::<D>(key),
            );
            if self.changed(sql).await? > 0 {
                return Ok(Ending::Ended);
            }
            Ok(match self.entry(key).await?.map(|entry| entry.phase) {
                None => Ending::Unknown,
                Some(Phase::Ended(known)) => Ending::Before(known),
                Some(_) => Ending::Lost,
            })
        })
    }

    fn recheck<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let sql = format!(
                "UPDATE {} SET held = 0, due = {}, \
                   phase = CASE WHEN phase = 'closing' THEN 'closing' ELSE 'watching' END WHERE {}",
                self.pending_table(),
                D::NOW,
                this::<D>(key),
            );
            Ok(self.changed(sql).await? > 0 || self.entry(key).await?.is_some())
        })
    }

    fn entry<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, Option<Entry>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT {} FROM {} WHERE {}",
                columns::<D>(),
                self.pending_table(),
                this::<D>(key)
            );
            let row = self.row(sql).await?;
            row.map(|row| Row::<D>(&row).entry()).transpose()
        })
    }

    fn need_look(&self, limit: usize) -> StoreFuture<'_, Vec<Entry>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT {} FROM {} WHERE phase = '{}' ORDER BY registered_at LIMIT {limit}",
                columns::<D>(),
                self.pending_table(),
                End::NeedsLook,
            );
            let rows = self.rows(sql).await?;
            rows.iter().map(|row| Row::<D>(row).entry()).collect()
        })
    }

    fn counts(&self) -> StoreFuture<'_, PendingCounts> {
        Box::pin(async move {
            let open = self.number_of(OPEN).await?;
            let need_look = self.number_of(&format!("phase = '{}'", End::NeedsLook)).await?;
            let sql = format!(
                "SELECT {} AS overdue FROM {} WHERE {OPEN}",
                D::until("min(due)"),
                self.pending_table()
            );
            let row = self.row(sql).await?;
            let overdue = row.map(|row| D::integer(&row, "overdue")).transpose();
            let overdue = overdue.map_err(store_error::<D>)?.flatten().unwrap_or(0);
            let overdue = Duration::from_millis(overdue.min(0).unsigned_abs());
            Ok(PendingCounts::new(open, need_look, overdue))
        })
    }

    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let past = format!("{} AND due <= {}", past(), D::STARTED);
            let sql = D::purge(&self.pending_table(), &past, "due", limit.min(MAX_PURGE));
            self.changed(sql).await
        })
    }
}
