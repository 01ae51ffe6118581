//! Does what the agenda holds, when its time has come.

use std::sync::Arc;

use tokio::time::sleep;

use crate::{
    handle::engine::Engine,
    notify,
    world::{
        clock::{Due, Next, Ticket},
        schedule,
    },
};

/// Runs until the sandbox stops.
pub(crate) async fn drive(engine: Arc<Engine>) {
    let mut stopping = engine.stopping.clone();
    tokio::select! {
        () = work(&engine) => {}
        // Also when the sender is gone: then the last handle was dropped.
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
}

async fn work(engine: &Arc<Engine>) {
    let agenda = &engine.world.agenda;
    loop {
        agenda.prune(|due| match due {
            Due::Notify { id, .. } | Due::Unpark(id) => engine.notifier.notifications.get(id).is_none(),
            due => schedule::is_moot(&engine.world, due),
        });
        match agenda.next() {
            Next::Do(ticket, due) => start(engine, ticket, due).await,
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
async fn start(engine: &Arc<Engine>, ticket: Ticket, due: Due) {
    let (id, retry) = match due {
        Due::Notify { id, retry } => (id, retry),
        other => {
            at_once(engine, ticket, other);
            return;
        }
    };
    if engine.world.agenda.is_manual() {
        let follows = notify::attempt_due(&engine.notifier, &id, retry).await;
        engine.world.agenda.done(ticket, follows);
        return;
    }
    let engine = Arc::clone(engine);
    tokio::spawn(async move {
        let mut stopping = engine.stopping.clone();
        tokio::select! {
            biased;
            follows = notify::attempt_due(&engine.notifier, &id, retry) => engine.world.agenda.done(ticket, follows),
            // It stays under way: a snapshot that is taken now knows of it.
            _ = stopping.wait_for(|stopping| *stopping) => {}
        }
    });
}

/// Events that take no time.
fn at_once(engine: &Engine, ticket: Ticket, due: Due) {
    let _working = engine.world.working();
    if engine.world.agenda.holds(&ticket) {
        match due {
            Due::Unpark(id) => notify::unpark(&engine.notifier, &id),
            due => schedule::carry_out(&engine.world, due),
        }
    }
    engine.world.agenda.done(ticket, None);
}
