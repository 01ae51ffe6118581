//! The inbox of every SQL store: accepts once, retries until the handler succeeds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::sync::oneshot;
use wechatpay_core::{
    idempotency::{Event, IdempotencyError, Limits},
    notify::EventType,
    testing::FakePlatform,
};
use wechatpay_stores::postgres::{Accepted, InboxOptions, ReadError};

use super::{Database, Inbox};
use crate::support::{MINUTE, eventually, payment, payment_of, receive};

pub(crate) fn eager() -> InboxOptions {
    InboxOptions::default()
        .poll(Duration::from_millis(20))
        .backoff(Duration::from_millis(10), Duration::from_millis(50))
}

pub(crate) async fn fill(inbox: &Inbox, count: u32) {
    for number in 0..count {
        inbox
            .accept(&payment(&format!("IN-{number}")).await)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_repeat_is_stored_once_and_another_payload_under_its_id_is_rejected() {
    let database = Database::new().await;
    let inbox = database.store.inbox();
    let notification = payment("IN").await;
    assert_eq!(inbox.accept(&notification).await.unwrap(), Accepted::Stored);
    for _ in 0..3 {
        assert_eq!(
            inbox.accept(&notification).await.unwrap(),
            Accepted::AlreadyStored
        );
    }
    let refused = inbox.accept(&payment_of("IN", 1).await).await.unwrap_err();
    assert!(matches!(refused, IdempotencyError::Contradiction) && refused.status() == 500);
    let counts = inbox.counts().await.unwrap();
    assert_eq!(
        (counts.waiting, counts.in_progress, counts.done, counts.dead),
        (1, 0, 0, 0)
    );
    assert!(counts.oldest.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_copies_are_stored_once() {
    let database = Database::new().await;
    let inbox = database.store.inbox();
    let copies: Vec<_> = (0..24)
        .map(|_| {
            let inbox = inbox.clone();
            tokio::spawn(async move { inbox.accept(&payment("IN").await).await })
        })
        .collect();
    let mut stored = 0;
    for copy in copies {
        if copy.await.unwrap().unwrap() == Accepted::Stored {
            stored += 1;
        }
    }
    assert_eq!((stored, inbox.counts().await.unwrap().waiting), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_handled_once_and_its_text_is_erased() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager());
    fill(&inbox, 30).await;
    let seen = AtomicU32::new(0);
    let work = inbox.run(4, std::future::pending(), async |notification, context| {
        assert_eq!(
            (context.attempt(), context.key()),
            (1, notification.event().key())
        );
        seen.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>(())
    });
    let all_done = eventually("all are done", async || inbox.counts().await.unwrap().done == 30);
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = all_done => {}
    }
    assert_eq!(seen.load(Ordering::SeqCst), 30);
    let texts = format!("SELECT count(plaintext) FROM {}", database.table("inbox"));
    assert_eq!(database.number(&texts).await, 0);
    // A late repeat is still known.
    assert_eq!(
        inbox.accept(&payment("IN-3").await).await.unwrap(),
        Accepted::AlreadyStored
    );
    assert_eq!(inbox.counts().await.unwrap().oldest, None);
}

#[tokio::test]
async fn a_stored_notification_equals_the_accepted_one() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager());
    let platform = FakePlatform::new();
    let paid = receive(
        &platform,
        platform.payment_builder("ORDER-1", 250).id("PAID").build(),
    )
    .await;
    let refunded = receive(
        &platform,
        platform
            .refund_builder("ORDER-1", "REFUND-1", 99)
            .id("REFUNDED")
            .build(),
    )
    .await;
    inbox.accept(&paid).await.unwrap();
    inbox.accept(&refunded).await.unwrap();
    let seen = AtomicU32::new(0);
    let work = inbox.run(1, std::future::pending(), async |notification, _| {
        match notification.event_type() {
            EventType::TransactionSuccess => {
                assert_eq!(notification.plaintext(), paid.plaintext());
                assert_eq!(notification.key_id(), paid.key_id());
                assert_eq!(notification.create_time(), paid.create_time());
                assert_eq!(notification.original_type(), Some("transaction"));
                assert!(!notification.is_combined());
                assert_eq!(
                    notification.transaction().unwrap().out_trade_no.as_str(),
                    "ORDER-1"
                );
                assert!(matches!(notification.refund(), Err(ReadError::OtherKind { .. })));
                assert!(!format!("{notification:?}").contains("oUpF8uMuAJO"));
            }
            _ => {
                assert_eq!(notification.refund().unwrap().out_refund_no.as_str(), "REFUND-1");
                assert!(matches!(
                    notification.transaction(),
                    Err(ReadError::OtherKind { .. })
                ));
                assert!(notification.read::<Vec<u8>>().is_err());
            }
        }
        seen.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>(())
    });
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = eventually("both are read", async || seen.load(Ordering::SeqCst) == 2) => {}
    }
}

#[tokio::test]
async fn a_failed_attempt_is_retried_after_a_pause_and_given_up_after_the_last() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(
        eager()
            .attempts(4)
            .limits(Limits::default().deadline(Duration::from_millis(200))),
    );
    inbox.accept(&payment("POISON").await).await.unwrap();
    let key = Event::of(&payment("POISON").await).unwrap().key().clone();
    let healed = AtomicBool::new(false);
    let work = inbox.run(2, std::future::pending(), async |_, context| {
        if healed.load(Ordering::SeqCst) {
            return Ok(());
        }
        match context.attempt() {
            1 => Err(format!("{} no\0\n", "long ".repeat(400))),
            2 => panic!("in the handler"),
            3 => std::future::pending().await,
            _ => Err("the last word".to_owned()),
        }
    });
    let story = async {
        eventually("it is given up", async || inbox.counts().await.unwrap().dead == 1).await;
        let letters = inbox.dead_letters(10).await.unwrap();
        assert_eq!(letters.len(), 1);
        assert_eq!(
            (letters[0].attempts, letters[0].last_error.as_str()),
            (4, "the last word")
        );
        assert_eq!(letters[0].notification.id(), "POISON");
        assert_eq!(
            letters[0]
                .notification
                .transaction()
                .unwrap()
                .out_trade_no
                .as_str(),
            "POISON"
        );
        // It stays given up, and repeats are still acknowledged: somebody has to look.
        assert_eq!(
            inbox.accept(&payment("POISON").await).await.unwrap(),
            Accepted::AlreadyStored
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(inbox.counts().await.unwrap().dead, 1);

        healed.store(true, Ordering::SeqCst);
        assert!(inbox.requeue(&key).await.unwrap());
        assert!(!inbox.requeue(&key).await.unwrap(), "it is not given up any more");
        eventually("it is done", async || inbox.counts().await.unwrap().done == 1).await;
        assert!(!inbox.discard(&key).await.unwrap());
    };
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = story => {}
    }
}

#[tokio::test]
async fn attempts_are_separated_by_a_pause() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager().backoff(MINUTE, MINUTE));
    inbox.accept(&payment("LATER").await).await.unwrap();
    let runs = AtomicU32::new(0);
    let once_and_a_while = async {
        eventually("it was tried", async || runs.load(Ordering::SeqCst) > 0).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let work = inbox.run(2, once_and_a_while, async |_, _| {
        runs.fetch_add(1, Ordering::SeqCst);
        Err("not now")
    });
    work.await;
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (1, 0));
    let due = format!(
        "SELECT count(*) FROM {} WHERE due {}",
        database.table("inbox"),
        Database::IN_A_MINUTE
    );
    assert_eq!(database.number(&due).await, 1, "a minute, a tenth more or less");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_running_handlers_and_starts_no_more() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager());
    fill(&inbox, 5).await;
    let (started, has_started) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let started = std::sync::Mutex::new(Some(started));
    let runs = Arc::new(AtomicU32::new(0));
    let work = inbox.run(
        1,
        async {
            let _ = stopped.await;
        },
        async |_, _| {
            if let Some(started) = started.lock().unwrap().take() {
                started.send(()).unwrap();
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            runs.fetch_add(1, Ordering::SeqCst);
            Ok::<_, String>(())
        },
    );
    let stop = async {
        has_started.await.unwrap();
        stop.send(()).unwrap();
    };
    tokio::join!(work, stop);
    assert_eq!(runs.load(Ordering::SeqCst), 1, "the one that ran came to its end");
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.done, counts.waiting, counts.in_progress), (1, 4, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_that_exceed_the_grace_or_are_dropped_are_released_uncounted() {
    let database = Database::new().await;
    let inbox = database
        .store
        .inbox()
        .options(eager().grace(Duration::from_millis(200)));
    fill(&inbox, 2).await;
    let endless = async |_, _| std::future::pending::<Result<(), String>>().await;
    let held = || {
        eventually("both are held", async || {
            inbox.counts().await.unwrap().in_progress == 2
        })
    };
    inbox.run(2, held(), endless).await;
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.in_progress), (2, 0));

    let attempts = format!(
        "SELECT count(*) FROM {} WHERE attempts <> 0",
        database.table("inbox")
    );
    assert_eq!(database.number(&attempts).await, 0);

    tokio::select! {
        () = inbox.run(2, std::future::pending(), endless) => {}
        () = held() => {}
    }
    eventually("both are put back", async || {
        inbox.counts().await.unwrap().waiting == 2
    })
    .await;
    assert_eq!(database.number(&attempts).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn effects_in_the_transaction_happen_exactly_once_despite_failures() {
    let database = Arc::new(Database::new().await);
    let inbox = database.store.inbox().options(eager().attempts(20));
    fill(&inbox, 40).await;
    let calls = Arc::new(AtomicU32::new(0));
    // Two processes' worth of workers, in tasks of their own.
    let runs: Vec<_> = (0..2)
        .map(|_| {
            let (database, calls, inbox) = (Arc::clone(&database), Arc::clone(&calls), inbox.clone());
            tokio::spawn(async move {
                inbox
                    .run_in_transaction(4, std::future::pending(), |connection, notification, context| {
                        let (database, calls) = (Arc::clone(&database), Arc::clone(&calls));
                        Box::pin(async move {
                            let fence = context.fence().get();
                            let written = database.effect(connection, notification.id(), fence).await;
                            written.map_err(|error| error.to_string())?;
                            match calls.fetch_add(1, Ordering::SeqCst) % 5 {
                                0 => Err("after the effect".to_owned()),
                                1 => {
                                    let _ = sqlx::query("SELECT 1 / 0").execute(connection).await;
                                    Ok(())
                                }
                                2 if context.attempt() < 3 => panic!("after the effect"),
                                _ => Ok(()),
                            }
                        })
                    })
                    .await;
            })
        })
        .collect();
    eventually("all are done", async || inbox.counts().await.unwrap().done == 40).await;
    for run in runs {
        run.abort();
    }
    assert_eq!(database.effects().await, 40);
    let each = format!("SELECT count(DISTINCT number) FROM {}", database.table("effects"));
    assert_eq!(database.number(&each).await, 40);
    assert!(calls.load(Ordering::SeqCst) > 40, "some failed");
}

#[tokio::test]
async fn purge_deletes_only_completed_rows_past_their_retention() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager().attempts(1));
    fill(&inbox, 4).await;
    let all_are_seen = eventually("all were tried", async || {
        let counts = inbox.counts().await.unwrap();
        counts.waiting + counts.in_progress == 0
    });
    inbox
        .run(1, all_are_seen, async |notification, _| match notification.id() {
            "IN-0" => Err("poison"),
            _ => Ok(()),
        })
        .await;
    assert_eq!(inbox.counts().await.unwrap().done, 3);
    assert_eq!(inbox.purge(100).await.unwrap(), 0);
    database
        .execute(&format!(
            "UPDATE {} SET due = accepted_at WHERE event <> 'payment/IN-3/SUCCESS'",
            database.table("inbox")
        ))
        .await;
    assert_eq!(inbox.purge(1).await.unwrap(), 1);
    assert_eq!(inbox.purge(100).await.unwrap(), 1);
    let counts = inbox.counts().await.unwrap();
    assert_eq!((counts.done, counts.dead), (1, 1));
    let letters = inbox.dead_letters(10).await.unwrap();
    assert!(
        inbox
            .discard(letters[0].notification.event().key())
            .await
            .unwrap()
    );
    let texts = format!("SELECT count(plaintext) FROM {}", database.table("inbox"));
    assert_eq!(database.number(&texts).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_run_in_a_spawned_task() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager());
    let handled = Arc::new(AtomicU32::new(0));
    let workers = tokio::spawn({
        let (inbox, handled) = (inbox.clone(), Arc::clone(&handled));
        async move {
            inbox
                .run(2, std::future::pending(), |_, context| {
                    let handled = Arc::clone(&handled);
                    async move {
                        context.check().map_err(|error| error.to_string())?;
                        handled.fetch_add(1, Ordering::SeqCst);
                        Ok::<_, String>(())
                    }
                })
                .await;
        }
    });
    fill(&inbox, 6).await;
    eventually("all are done", async || inbox.counts().await.unwrap().done == 6).await;
    workers.abort();
    assert_eq!(handled.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn an_unreadable_row_neither_hides_nor_delays_others() {
    let database = Database::new().await;
    let inbox = database.store.inbox().options(eager().attempts(1));
    fill(&inbox, 5).await;
    let spoil = [
        "UPDATE {inbox} SET key_id = 'no key' WHERE notification_id = 'IN-0'",
        "UPDATE {inbox} SET scope = 'with a blank' WHERE notification_id = 'IN-2'",
        "UPDATE {inbox} SET event = 'with blanks too' WHERE notification_id = 'IN-3'",
    ];
    for sql in spoil {
        database
            .execute(&sql.replace("{inbox}", &database.table("inbox")))
            .await;
    }
    let (log, _guard) = crate::support::Log::collect();
    let handled = AtomicU32::new(0);
    let all_are_seen = eventually("all were tried", async || {
        let counts = inbox.counts().await.unwrap();
        counts.waiting + counts.in_progress == 0
    });
    inbox
        .run(1, all_are_seen, async |notification, _| match notification.id() {
            "IN-4" => Err("poison"),
            _ => {
                handled.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
        })
        .await;
    let counts = inbox.counts().await.unwrap();
    assert_eq!(
        (handled.load(Ordering::SeqCst), counts.done, counts.dead),
        (1, 1, 4)
    );
    let letters = inbox.dead_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (letters[0].notification.id(), letters[0].last_error.as_str()),
        ("IN-4", "poison")
    );
    let log = log.text();
    for named in ["IN-0", "with a blank", "cannot be read"] {
        assert!(log.contains(named), "{named}: {log}");
    }
    // Put right, it is read again.
    database
        .execute(&format!(
            "UPDATE {} SET key_id = 'ABCDEF' WHERE notification_id = 'IN-0'",
            database.table("inbox")
        ))
        .await;
    assert_eq!(inbox.dead_letters(10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_handler_that_rolls_back_is_reported_and_retried() {
    let database = Arc::new(Database::new().await);
    let inbox = database.store.inbox().options(eager().attempts(2));
    fill(&inbox, 1).await;
    let given_up = eventually("it is given up", async || inbox.counts().await.unwrap().dead == 1);
    inbox
        .run_in_transaction(1, given_up, |connection, notification, context| {
            let database = Arc::clone(&database);
            Box::pin(async move {
                let fence = context.fence().get();
                database.effect(connection, notification.id(), fence).await?;
                sqlx::raw_sql("ROLLBACK").execute(connection).await.map(drop)
            })
        })
        .await;
    assert_eq!(database.effects().await, 0);
    let letters = inbox.dead_letters(10).await.unwrap();
    let error = letters[0].last_error.as_str();
    assert!(error.contains("neither COMMIT nor ROLLBACK"), "{error}");
}

/// Values beyond the documented limits.
#[tokio::test]
async fn options_beyond_their_limits_are_clamped() {
    let database = Database::new().await;
    let limits = Limits::default()
        .lease(Duration::ZERO)
        .deadline(Duration::MAX)
        .retention(Duration::from_millis(20));
    let options = InboxOptions::default()
        .limits(limits)
        .attempts(0)
        .poll(Duration::ZERO)
        .grace(Duration::MAX);
    let inbox = database.store.inbox().options(options);
    fill(&inbox, 1).await;
    let handled = AtomicU32::new(0);
    let done = eventually("it is done", async || inbox.counts().await.unwrap().done == 1);
    inbox
        .run(2, done, async |_, context| {
            handled.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
            context.check().map_err(|error| error.to_string())
        })
        .await;
    assert_eq!(handled.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(
        inbox.purge(100).await.unwrap(),
        0,
        "remembered for two days at least"
    );
    assert_eq!(
        inbox.accept(&payment("IN-0").await).await.unwrap(),
        Accepted::AlreadyStored
    );
    // One attempt, and it is given up.
    inbox.accept(&payment("ONCE").await).await.unwrap();
    let dead = eventually("it is given up", async || inbox.counts().await.unwrap().dead == 1);
    inbox.run(1, dead, async |_, _| Err::<(), _>("no")).await;
    assert_eq!(inbox.dead_letters(1).await.unwrap()[0].attempts, 1);
    // A longest attempt in a transaction, too.
    inbox.accept(&payment("LONG").await).await.unwrap();
    let done = eventually("it is done", async || inbox.counts().await.unwrap().done == 2);
    inbox
        .run_in_transaction(1, done, |_, _, _| Box::pin(async { Ok::<_, String>(()) }))
        .await;
}
