//! Does what the agenda holds, when its time has come.

use std::sync::Arc;

use tokio::time::sleep;

use crate::world::clock::{Due, Next, Ticket};
use crate::{
    handle::shared::Shared,
    notify,
    world::{funds, orders, refunds, sharing, withdrawals},
};

/// Runs until the sandbox stops.
pub(crate) async fn drive(shared: Arc<Shared>) {
    let mut stopping = shared.stopping.clone();
    tokio::select! {
        () = work(&shared) => {}
        // Also when the sender is gone: then the last handle was dropped.
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

async fn work(shared: &Arc<Shared>) {
    let agenda = &shared.agenda;
    loop {
        match agenda.next() {
            Next::Do(ticket, due) => start(shared, ticket, due).await,
            Next::Wait(Some(wait)) => tokio::select! {
                () = sleep(wait) => {}
                () = agenda.changed.notified() => {}
            },
            Next::Wait(None) => agenda.changed.notified().await,
        }
    }
}

/// Starts an event. With a running clock a delivery gets a task of its own.
///
/// With a manual clock events happen one after the other.
async fn start(shared: &Arc<Shared>, ticket: Ticket, due: Due) {
    let (id, retry) = match due {
        Due::Notify { id, retry } => (id, retry),
        other => {
            at_once(shared, ticket, other);
            return;
        }
    };
    if shared.agenda.is_manual() {
        let follows = notify::attempt_due(shared, &id, retry).await;
        shared.agenda.done(ticket, follows);
        return;
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let mut stopping = shared.stopping.clone();
        tokio::select! {
            biased;
            follows = notify::attempt_due(&shared, &id, retry) => shared.agenda.done(ticket, follows),
            // It stays under way: a snapshot that is taken now knows of it.
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
}

/// Events that take no time.
fn at_once(shared: &Shared, ticket: Ticket, due: Due) {
    let _working = shared.working();
    if shared.agenda.holds(&ticket) {
        carry_out(shared, due);
    }
    shared.agenda.done(ticket, None);
}

fn carry_out(shared: &Shared, due: Due) {
    match due {
        Due::Notify { .. } => {}
        Due::Unpark(id) => notify::unpark(shared, &id),
        Due::MissedQuery(key) => orders::missed_query(shared, &key),
        Due::CloseOrder(key) => orders::expire(shared, &key),
        Due::BillsReady(day) => funds::bills_ready(shared, day),
        Due::SettleShare(key) => sharing::settle(shared, &key),
        Due::SettleReturn(key) => sharing::settle_return(shared, &key),
        Due::SettleWithdrawal(key) => withdrawals::settle_planned(shared, &key),
        Due::ChangeSettlement(number) => shared.settlements.finish(&number, shared.clock.now()),
        Due::SettleRefund { key, round } => refunds::settle_planned(shared, &key, round),
    }
}
