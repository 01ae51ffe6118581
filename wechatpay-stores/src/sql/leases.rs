//! Leases, one operation for each step.

use std::time::Duration;

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, Renewal, StoreError,
    StoreFuture, StoreHealth,
};

use super::{
    SqlStore,
    dialect::{Dialect, Fault},
    error::{fault, store_error},
    name::Name,
};

/// Number of attempts to acquire a lease that ends or is purged meanwhile.
const BEGIN_TRIES: u32 = 3;
/// Largest number of rows that one purge deletes, so that locks stay short.
pub(crate) const MAX_PURGE: u64 = 10_000;

/// Reads the leases of an event and of the notification's id.
pub(super) fn look<D: Dialect>(name: &Name, request: &BeginRequest) -> String {
    let key = &request.key;
    let this = match &request.notification_id {
        Some(id) => format!(
            "scope = {} AND (event = {} OR notification_id = {})",
            D::text(key.scope()),
            D::text(key.event()),
            D::text(id)
        ),
        None => this::<D>(key),
    };
    format!(
        "SELECT event, state, fence, facts, {} AS remaining FROM {} WHERE {this}",
        D::until("lease_until"),
        D::table(name, "leases"),
    )
}

/// Condition for the row of a notification.
pub(crate) fn this<D: Dialect>(key: &EventKey) -> String {
    format!(
        "scope = {} AND event = {}",
        D::text(key.scope()),
        D::text(key.event())
    )
}

/// Condition for changes that only the holder of the lease may make.
pub(crate) fn held<D: Dialect>(key: &EventKey, fence: Fence) -> String {
    format!("{} AND fence = {fence} AND state = 'held'", this::<D>(key))
}

/// Marks a notification as done if the fence still holds the lease.
pub(crate) fn complete<D: Dialect>(name: &Name, key: &EventKey, fence: Fence, retention: Duration) -> String {
    format!(
        "UPDATE {} SET state = 'done', finished_at = {}, forget_after = {}{} WHERE {}",
        D::table(name, "leases"),
        D::NOW,
        D::after(retention),
        D::DURABLY,
        held::<D>(key, fence)
    )
}

/// Reads the row of a lease that was acquired.
pub(super) fn acquired<D: Dialect>(row: &D::Row) -> Result<(Fence, u32), StoreError> {
    let number = |column| D::integer(row, column).map_err(store_error::<D>);
    match (
        number("fence")?.map(u64::try_from),
        number("attempts")?.map(u32::try_from),
    ) {
        (Some(Ok(fence)), Some(Ok(attempts))) => Ok((Fence::from_u64(fence), attempts)),
        _ => Err(StoreError::Corrupt("a fence or a number of attempts is negative")),
    }
}

/// Reads the rows that [`look`] returns; `None` if the lease is free by now.
pub(super) fn seen<D: Dialect>(rows: &[D::Row], request: &BeginRequest) -> Result<Option<Begin>, StoreError> {
    let mut begun = None;
    for row in rows {
        let number = |column| D::integer(row, column).map_err(store_error::<D>);
        let string = |column| D::string(row, column).map_err(store_error::<D>);
        let state = string("state")?;
        let is_other =
            state.as_deref() == Some("done") && string("facts")?.as_deref() != Some(&request.facts);
        if is_other || string("event")?.as_deref() != Some(request.key.event()) {
            return Ok(Some(Begin::Contradiction));
        }
        let (fence, remaining) = (number("fence")?.unwrap_or(0), number("remaining")?.unwrap_or(0));
        begun = match state.as_deref() {
            Some("done") => Some(Begin::Done {
                fence: Fence::from_u64(fence.unsigned_abs()),
            }),
            Some("held") => u64::try_from(remaining)
                .ok()
                .filter(|&remaining| remaining > 0)
                .map(|remaining| Begin::InProgress {
                    remaining: Duration::from_millis(remaining),
                }),
            Some("released") => None,
            _ => return Err(StoreError::Corrupt("a lease is in an unknown state")),
        };
    }
    Ok(begun)
}

/// Converts an error of the generator of random numbers.
pub(crate) fn no_token(error: getrandom::Error) -> StoreError {
    StoreError::unavailable(error)
}

impl<D: Dialect> IdempotencyStore for SqlStore<D> {
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin> {
        Box::pin(async move {
            for _ in 0..BEGIN_TRIES {
                let acquire = D::acquire(&self.name, request).map_err(no_token)?;
                match self.try_rows(acquire).await {
                    Ok(rows) => {
                        if let Some(row) = rows.first() {
                            let (fence, attempt) = acquired::<D>(row)?;
                            return Ok(Begin::Acquired { fence, attempt });
                        }
                    }
                    Err(error) if fault::<D>(&error) == Fault::Taken => return Ok(Begin::Contradiction),
                    Err(error) => return Err(store_error::<D>(error)),
                }
                let rows = self.rows(look::<D>(&self.name, request)).await?;
                if let Some(begun) = seen::<D>(&rows, request)? {
                    return Ok(begun);
                }
            }
            // Each time the lease ended before the look, and another caller acquired it first.
            Ok(Begin::InProgress {
                remaining: Duration::ZERO,
            })
        })
    }

    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal> {
        Box::pin(async move {
            // The row must outlive the lease, because it holds the fence.
            let until = D::after(lease);
            let sql = format!(
                "UPDATE {} SET lease_until = {until}, forget_after = {}(forget_after, {until}) WHERE {}",
                D::table(&self.name, "leases"),
                D::GREATEST,
                held::<D>(key, fence)
            );
            Ok(match self.changed(sql).await? {
                0 => Renewal::Lost,
                _ => Renewal::Renewed,
            })
        })
    }

    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            if self
                .changed(complete::<D>(&self.name, key, fence, retention))
                .await?
                > 0
            {
                return Ok(Completion::Completed);
            }
            let sql = format!(
                "SELECT fence FROM {} WHERE {} AND fence = {fence} AND state = 'done'",
                D::table(&self.name, "leases"),
                this::<D>(key)
            );
            Ok(match self.row(sql).await? {
                Some(_) => Completion::AlreadyDone,
                None => Completion::Lost,
            })
        })
    }

    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release> {
        Box::pin(async move {
            let sql = format!(
                "UPDATE {} SET state = 'released' WHERE {}",
                D::table(&self.name, "leases"),
                held::<D>(key, fence)
            );
            Ok(match self.changed(sql).await? {
                0 => Release::Lost,
                _ => Release::Released,
            })
        })
    }

    /// Deletes up to `limit` rows that are past their retention, and returns their number.
    ///
    /// It deletes notifications that are done and leases that were abandoned. Call it periodically until it returns
    /// less than `limit`. Several processes may call it at the same time.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let past = format!(
                "forget_after <= {now} AND (state <> 'held' OR lease_until <= {now})",
                now = D::STARTED
            );
            let table = D::table(&self.name, "leases");
            self.changed(D::purge(&table, &past, "forget_after", limit.min(MAX_PURGE)))
                .await
        })
    }

    fn health(&self) -> StoreFuture<'_, StoreHealth> {
        Box::pin(self.look_at_health())
    }
}
