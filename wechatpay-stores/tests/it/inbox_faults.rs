//! Workers that are killed or suspended, and a database that fails while they work.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use wechatpay_core::idempotency::{Event, IdempotencyError, Limits};
use wechatpay_stores::{postgres::InboxOptions, testing::PostgresServer};

use crate::{
    child::Child,
    on_postgres::inbox::{eager, fill},
    support::{Database, effect, eventually, payment},
};

/// Lease of the child processes.
const LEASE: Duration = Duration::from_millis(1500);

fn options() -> InboxOptions {
    eager().limits(Limits::default().lease(LEASE))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_notification_of_a_killed_worker_is_taken_over_when_its_lease_ends() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(options());
    fill(&inbox, 1).await;
    let url = database.server.url();
    let mut child = Child::start(
        "inbox",
        &[
            ("URL", url.as_str()),
            ("SCHEMA", &database.schema),
            ("SLEEP", "60"),
            ("AFTER", "0"),
        ],
    );
    assert_eq!(child.hear().as_deref(), Some("working 1"));
    child.kill();
    assert_eq!(
        inbox.counts().await.unwrap().in_progress,
        1,
        "nobody has noticed yet"
    );
    let start = std::time::Instant::now();
    let taken = AtomicU32::new(0);
    let work = inbox.run(2, std::future::pending(), async |_, context| {
        assert_eq!((context.fence().get(), context.attempt()), (2, 2));
        taken.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>(())
    });
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = eventually("it is done", async || inbox.counts().await.unwrap().done == 1) => {}
    }
    assert_eq!(taken.load(Ordering::SeqCst), 1);
    println!(
        "taken over {:.1?} after the kill, lease {LEASE:?}",
        start.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_suspended_for_longer_than_its_lease_cannot_complete() {
    // Its heartbeat finds out and the handler is dropped; or it is done before that, and its completion is refused.
    tokio::join!(stopped("0", "1"), stopped("5", "0"));
}

async fn stopped(sleep: &str, after: &str) {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(options());
    fill(&inbox, 1).await;
    let url = database.server.url();
    let mut child = Child::start(
        "inbox",
        &[
            ("URL", url.as_str()),
            ("SCHEMA", &database.schema),
            ("SLEEP", sleep),
            ("AFTER", after),
        ],
    );
    assert_eq!(child.hear().as_deref(), Some("working 1"));
    child.signal("STOP");
    let (hold, held) = tokio::sync::oneshot::channel::<()>();
    let held = tokio::sync::Mutex::new(Some(held));
    let state = format!("SELECT fence FROM {}.inbox WHERE state = 'held'", database.schema);
    let work = inbox.run(1, std::future::pending(), async |_, _| {
        // Holds on until the other has come back and tried.
        let held = held.lock().await.take().unwrap();
        held.await.unwrap();
        Ok::<_, String>(())
    });
    let story = async {
        eventually("it is taken over", async || {
            database.number(&format!("SELECT coalesce(({state}), 0)")).await == 2
        })
        .await;
        child.signal("CONT");
        let child = match after {
            // Not here: this task also renews the lease of the second.
            "0" => {
                let hear = move || (child.hear(), child);
                let (said, child) = tokio::task::spawn_blocking(hear).await.unwrap();
                assert_eq!(said.as_deref(), Some("still mine"), "it does not know yet");
                child
            }
            _ => child,
        };
        tokio::time::sleep(LEASE * 2).await;
        assert_eq!(database.number(&state).await, 2, "it is still the other's");
        hold.send(()).unwrap();
        eventually("it is done", async || inbox.counts().await.unwrap().done == 1).await;
        drop(child);
    };
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = story => {}
    }
    let fence = format!("SELECT fence FROM {}.inbox", database.schema);
    assert_eq!(database.number(&fence).await, 2, "done by the second");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_in_its_transaction_leaves_no_effect() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(options());
    fill(&inbox, 1).await;
    let url = database.server.url();
    let mut child = Child::start(
        "inbox in transaction",
        &[("URL", url.as_str()), ("SCHEMA", &database.schema)],
    );
    assert_eq!(child.hear().as_deref(), Some("effect"));
    // While the transaction lives nobody can take it over, not even after the lease.
    tokio::time::sleep(LEASE + Duration::from_millis(200)).await;
    let none = inbox.run(
        1,
        tokio::time::sleep(Duration::from_millis(300)),
        async |_, _| -> Result<(), String> { panic!("it must not run") },
    );
    none.await;
    child.kill();
    assert_eq!(database.effects().await, 0);
    let work = inbox.run_in_transaction(1, std::future::pending(), |connection, notification, context| {
        let schema = database.schema.clone();
        Box::pin(async move {
            assert_eq!(context.attempt(), 2, "the attempt of the dead one counts");
            effect(connection, &schema, notification.id(), context.fence().get()).await
        })
    });
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = eventually("it is done", async || inbox.counts().await.unwrap().done == 1) => {}
    }
    assert_eq!(database.effects().await, 1);
}

#[tokio::test]
async fn a_notification_that_kills_each_worker_is_given_up() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(options().attempts(3));
    fill(&inbox, 2).await;
    // As three workers leave it that died of it.
    database
        .execute("UPDATE {schema}.inbox SET state = 'held', attempts = 3, fence = 3, due = now() WHERE notification_id = 'IN-0'")
        .await;
    let runs = AtomicU32::new(0);
    let all_are_seen = eventually("one is done, one given up", async || {
        let counts = inbox.counts().await.unwrap();
        counts.waiting + counts.in_progress == 0
    });
    inbox
        .run(1, all_are_seen, async |notification, _| {
            assert_eq!(notification.id(), "IN-1");
            runs.fetch_add(1, Ordering::SeqCst);
            Ok::<_, String>(())
        })
        .await;
    let counts = inbox.counts().await.unwrap();
    assert_eq!((runs.load(Ordering::SeqCst), counts.done, counts.dead), (1, 1, 1));
    let letters = inbox.dead_letters(10).await.unwrap();
    assert_eq!(letters[0].last_error, "the worker died in each attempt");
    assert!(
        inbox
            .requeue(Event::of(&payment("IN-0").await).unwrap().key())
            .await
            .unwrap()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_survive_a_restart_and_a_disconnect_of_the_database() {
    let mut server = PostgresServer::start().unwrap();
    let pool = crate::support::pool(&server.url()).await;
    let store = crate::support::store(&pool, "shop");
    store.migrate().await.unwrap();
    let inbox = store.inbox().options(options());
    let accept = async |id: &str| {
        let notification = payment(id).await;
        eventually("it is accepted", async || {
            inbox.accept(&notification).await.is_ok()
        })
        .await;
    };
    let handled = Arc::new(AtomicU32::new(0));
    let work = inbox.run(2, std::future::pending(), async |_, _| {
        handled.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>(())
    });
    let story = async {
        accept("ONE").await;
        server.restart().unwrap();
        accept("TWO").await;
        server.cut_connections().unwrap();
        accept("THREE").await;
        eventually("all are done", async || {
            inbox.counts().await.is_ok_and(|counts| counts.done == 3)
        })
        .await;
        server.stop().unwrap();
        let quick = store.clone().timeout(Duration::from_millis(500)).inbox();
        let refused = quick.accept(&payment("FOUR").await).await.unwrap_err();
        assert!(
            matches!(refused, IdempotencyError::Begin(_)) && refused.status() == 503,
            "{refused:?}"
        );
    };
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = story => {}
    }
    assert!(handled.load(Ordering::SeqCst) >= 3, "each at least once");
}

#[tokio::test]
async fn a_handler_that_commits_is_reported_rolled_back_and_retried() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager().attempts(3));
    fill(&inbox, 3).await;
    let given_up = eventually("all are given up", async || {
        inbox.counts().await.unwrap().dead == 3
    });
    inbox
        .run_in_transaction(1, given_up, |connection, notification, context| {
            let schema = database.schema.clone();
            Box::pin(async move {
                effect(connection, &schema, notification.id(), context.fence().get()).await?;
                let committed = sqlx::raw_sql("COMMIT").execute(connection).await;
                match notification.id() {
                    "IN-0" => committed.map(drop),
                    "IN-1" => panic!("after the commit"),
                    _ => Ok(()),
                }
            })
        })
        .await;
    assert_eq!(database.effects().await, 0);
    let mut errors: Vec<String> = inbox
        .dead_letters(10)
        .await
        .unwrap()
        .into_iter()
        .map(|letter| letter.last_error)
        .collect();
    errors.sort();
    assert!(
        errors
            .iter()
            .any(|error| error.contains("handler_must_not_commit")),
        "{errors:?}"
    );
    assert!(
        errors
            .iter()
            .any(|error| error.contains("neither COMMIT nor ROLLBACK")),
        "{errors:?}"
    );
}
