//! Handlers in the transaction of their lease, for every SQL store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Event, Fence, Handled, HandlerContext, IdempotencyError, IdempotencyStore, Limits,
};

use super::Database;
use crate::support::{MINUTE, WEEK, payment, payment_of};

pub(crate) fn patient() -> Limits {
    Limits::default().deadline(MINUTE).budget(MINUTE * 2)
}

/// Runs one effect, exactly once.
pub(crate) async fn pay(database: &Database, id: &str) -> Result<Handled<()>, IdempotencyError<sqlx::Error>> {
    let notification = payment(id).await;
    database
        .store
        .transactional(
            &notification,
            &patient(),
            async |connection, context: HandlerContext| {
                database.effect(connection, id, context.fence().get()).await
            },
        )
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_concurrent_copies_one_has_its_effect_and_all_are_acknowledged_in_the_end() {
    let database = Arc::new(Database::new().await);
    let runs = Arc::new(AtomicU32::new(0));
    let copies: Vec<_> = (0..32)
        .map(|_| {
            let (database, runs) = (Arc::clone(&database), Arc::clone(&runs));
            tokio::spawn(async move {
                let notification = payment("COPIES").await;
                loop {
                    let outcome = database
                        .store
                        .transactional(&notification, &patient(), async |connection, _| {
                            runs.fetch_add(1, Ordering::SeqCst);
                            database.effect(connection, "COPIES", 1).await?;
                            tokio::time::sleep(Duration::from_millis(100)).await;
                            Ok::<_, sqlx::Error>(())
                        })
                        .await;
                    match outcome {
                        Ok(processed) => return processed,
                        Err(error) => assert_eq!(error.code(), "in_progress", "{error:?}"),
                    }
                }
            })
        })
        .collect();
    let mut handled = 0;
    for copy in copies {
        if matches!(copy.await.unwrap(), Handled::Now { .. }) {
            handled += 1;
        }
    }
    assert_eq!(
        (handled, runs.load(Ordering::SeqCst), database.effects().await),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn an_error_a_panic_and_a_deadline_roll_back() {
    let database = Database::new().await;
    let notification = payment("UNDONE").await;
    let store = &database.store;

    let failed = store
        .transactional(&notification, &patient(), async |connection, _| {
            database.effect(connection, "UNDONE", 1).await.unwrap();
            Err::<(), _>("no")
        })
        .await
        .unwrap_err();
    assert!(matches!(failed, IdempotencyError::Handler("no")) && failed.status() == 500);

    let panicked = store
        .transactional(&notification, &patient(), async |connection, _| {
            database.effect(connection, "UNDONE", 1).await.unwrap();
            if true {
                panic!("in the handler");
            }
            Ok::<(), &str>(())
        })
        .await
        .unwrap_err();
    assert!(matches!(panicked, IdempotencyError::Panicked) && panicked.status() == 500);

    let told = Arc::new(AtomicU32::new(0));
    let late = store
        .transactional(
            &notification,
            &patient().deadline(Duration::from_millis(300)),
            async |connection, context| {
                tokio::spawn({
                    let (context, told) = (context.clone(), Arc::clone(&told));
                    async move {
                        context.lost().await;
                        told.fetch_add(1, Ordering::SeqCst);
                    }
                });
                database.effect(connection, "UNDONE", 1).await.unwrap();
                std::future::pending::<Result<(), &str>>().await
            },
        )
        .await
        .unwrap_err();
    assert!(matches!(late, IdempotencyError::TimedOut(_)) && late.status() == 503);
    assert_eq!(database.effects().await, 0);
    crate::support::eventually("what it spawned is told", || async {
        told.load(Ordering::SeqCst) == 1
    })
    .await;

    let handled = pay(&database, "UNDONE").await.unwrap();
    assert_eq!(
        handled,
        Handled::Now {
            value: (),
            fence: Fence::FIRST,
            attempt: 1
        },
        "what was rolled back left no trace"
    );
    assert_eq!(pay(&database, "UNDONE").await.unwrap(), Handled::AlreadyDone);
    assert_eq!(database.effects().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_waits_until_its_limit_and_is_then_in_progress() {
    let database = Arc::new(Database::new().await);
    let (holding, held) = tokio::sync::oneshot::channel();
    let (go_on, wait) = tokio::sync::oneshot::channel::<()>();
    let first = tokio::spawn({
        let database = Arc::clone(&database);
        async move {
            let notification = payment("TWINS").await;
            database
                .store
                .transactional(&notification, &patient(), async |connection, _| {
                    database.effect(connection, "TWINS", 1).await?;
                    holding.send(()).unwrap();
                    wait.await.unwrap();
                    Ok::<_, sqlx::Error>(())
                })
                .await
        }
    });
    held.await.unwrap();

    let notification = payment("TWINS").await;
    let limits = patient().wait(Duration::from_millis(300));
    let start = Instant::now();
    let twin = database
        .store
        .transactional(&notification, &limits, async |_, _| -> Result<(), String> {
            panic!("it must not run")
        })
        .await
        .unwrap_err();
    assert!(
        matches!(twin, IdempotencyError::InProgress { .. }) && twin.status() == 409,
        "{twin:?}"
    );
    assert!(
        start.elapsed() >= Duration::from_millis(300),
        "{:?}",
        start.elapsed()
    );
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let start = Instant::now();
    let twin = database
        .store
        .transactional(
            &notification,
            &patient().wait(MINUTE),
            async |_, _| -> Result<(), String> { panic!("it must not run") },
        )
        .await
        .unwrap_err();
    assert!(matches!(twin, IdempotencyError::InProgress { .. }), "{twin:?}");
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_secs(1) && waited < Duration::from_secs(5),
        "never longer than a second: {waited:?}"
    );

    // One that still waits when the first commits is acknowledged and does not run.
    let waiting = tokio::spawn({
        let database = Arc::clone(&database);
        async move {
            let notification = payment("TWINS").await;
            database
                .store
                .transactional(&notification, &patient(), async |_, _| -> Result<(), String> {
                    panic!("it must not run")
                })
                .await
        }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    go_on.send(()).unwrap();
    assert!(matches!(first.await.unwrap(), Ok(Handled::Now { .. })));
    assert!(matches!(waiting.await.unwrap(), Ok(Handled::AlreadyDone)));
    assert_eq!(database.effects().await, 1);
}

#[tokio::test]
async fn an_id_with_another_payload_is_rejected() {
    let database = Database::new().await;
    pay(&database, "REUSED").await.unwrap();
    let other = payment_of("REUSED", 1).await;
    let refused = database
        .store
        .transactional(&other, &patient(), async |_, _| -> Result<(), String> {
            panic!("it must not run")
        })
        .await
        .unwrap_err();
    assert!(matches!(refused, IdempotencyError::Contradiction) && refused.status() == 500);
}

#[tokio::test]
async fn a_transaction_that_the_handler_ended_is_not_acknowledged() {
    let database = Database::new().await;
    let notification = payment("ENDED").await;
    let outcome = database
        .store
        .transactional(&notification, &patient(), async |connection, _| {
            sqlx::raw_sql("ROLLBACK").execute(connection).await.map(drop)
        })
        .await;
    assert!(
        matches!(outcome, Err(IdempotencyError::Complete(_))),
        "{outcome:?}"
    );
    assert!(matches!(pay(&database, "ENDED").await, Ok(Handled::Now { .. })));
}

#[tokio::test]
async fn a_lease_of_the_other_mode_is_recognised() {
    let database = Database::new().await;
    let store = &database.store;
    let begin = async |id: &str, lease| {
        let notification = payment(id).await;
        let event = Event::of(&notification).unwrap();
        let key = event.key().clone();
        let request = BeginRequest::of(&event, lease, &Limits::default());
        assert!(matches!(store.begin(&request).await, Ok(Begin::Acquired { .. })));
        key
    };
    let done = begin("DONE", MINUTE).await;
    store.complete(&done, Fence::FIRST, WEEK).await.unwrap();
    assert_eq!(pay(&database, "DONE").await.unwrap(), Handled::AlreadyDone);

    begin("HELD", MINUTE).await;
    assert!(matches!(
        pay(&database, "HELD").await,
        Err(IdempotencyError::InProgress { .. })
    ));

    begin("LEFT", Duration::ZERO).await;
    let handled = pay(&database, "LEFT").await.unwrap();
    assert!(
        matches!(handled, Handled::Now { attempt: 2, fence, .. } if fence.get() == 2),
        "{handled:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_copies_hold_no_pool_connection() {
    let database = Arc::new(Database::new().await);
    let pool = database.pool_of(5).await;
    let store = database.with(pool.clone()).store;
    let holding = Arc::new(tokio::sync::Notify::new());
    let copies: Vec<_> = (0..21)
        .map(|_| {
            let (store, holding) = (store.clone(), Arc::clone(&holding));
            tokio::spawn(async move {
                let notification = payment("COPIES").await;
                store
                    .transactional(&notification, &patient(), async |_, _| {
                        holding.notify_one();
                        tokio::time::sleep(Duration::from_millis(2500)).await;
                        Ok::<_, sqlx::Error>(())
                    })
                    .await
            })
        })
        .collect();
    holding.notified().await;
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        let start = Instant::now();
        sqlx::query("SELECT 1").execute(&pool).await.unwrap();
        slowest = slowest.max(start.elapsed());
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    println!("pool of 5, 21 copies, handler 2.5 s: the slowest of 20 other queries took {slowest:?}");
    // On a busy machine too; it was two and a half seconds.
    assert!(slowest < Duration::from_millis(1500), "{slowest:?}");
    let (mut handled, mut told) = (0, 0);
    for copy in copies {
        match copy.await.unwrap() {
            Ok(Handled::Now { .. }) => handled += 1,
            Err(IdempotencyError::InProgress { .. }) => told += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((handled, told), (1, 20), "nobody waits for longer than a second");
}

/// Values beyond the documented limits.
#[tokio::test]
async fn limits_beyond_their_bounds_are_clamped() {
    let database = Database::new().await;
    let limits = Limits::default()
        .retention(Duration::from_millis(20))
        .deadline(Duration::MAX)
        .budget(Duration::MAX)
        .wait(Duration::ZERO);
    let notification = payment("LIMITS").await;
    for expected in [true, false] {
        let outcome = database
            .store
            .transactional(&notification, &limits, async |_, _| Ok::<_, sqlx::Error>(()))
            .await
            .unwrap();
        assert_eq!(matches!(outcome, Handled::Now { .. }), expected, "{outcome:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(database.store.purge(100).await.unwrap(), 0);
    }
}
