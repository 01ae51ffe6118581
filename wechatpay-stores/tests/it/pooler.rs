//! The store behind a pooler in transaction mode.
//!
//! Each transaction may run on another connection.

use std::{sync::Arc, time::Duration};

use wechatpay_core::idempotency::{Handled, Limits, conformance};
use wechatpay_stores::{
    postgres::{Accepted, InboxOptions},
    testing::PgBouncer,
};

use crate::support::{Database, MINUTE, Store, effect, eventually, payment, pool, store};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_three_modes_work_behind_pgbouncer() {
    let database = Database::new().await;
    let pooler = PgBouncer::start(&database.server, 4).unwrap();
    let pool = pool(&pooler.url()).await;
    let store = store(&pool, &database.schema);
    store.migrate().await.unwrap();

    let leases: Store = Arc::new(store.clone());
    conformance::run(&leases).await;
    conformance::check_against_model(&leases, 1, 500).await;

    let copies: Vec<_> = (0..16)
        .map(|_| {
            let (store, schema) = (store.clone(), database.schema.clone());
            tokio::spawn(async move {
                let limits = Limits::default().budget(MINUTE).deadline(MINUTE);
                store
                    .transactional(&payment("POOLED").await, &limits, async |connection, context| {
                        effect(connection, &schema, "POOLED", context.fence().get()).await
                    })
                    .await
            })
        })
        .collect();
    let mut handled = 0;
    for copy in copies {
        // Some may have been told to come again.
        if matches!(copy.await.unwrap(), Ok(Handled::Now { .. })) {
            handled += 1;
        }
    }
    assert_eq!((handled, database.effects().await), (1, 1));

    let inbox = store
        .inbox()
        .options(InboxOptions::default().poll(Duration::from_millis(50)));
    for number in 0..10 {
        let accepted = inbox
            .accept(&payment(&format!("IN-{number}")).await)
            .await
            .unwrap();
        assert_eq!(accepted, Accepted::Stored);
    }
    let work = inbox.run_in_transaction(4, std::future::pending(), |connection, notification, context| {
        let schema = database.schema.clone();
        Box::pin(async move { effect(connection, &schema, notification.id(), context.fence().get()).await })
    });
    let all_done = eventually("all are handled", || async {
        inbox.counts().await.unwrap().done == 10
    });
    tokio::select! {
        () = work => panic!("it was not told to stop"),
        () = all_done => {}
    }
    assert_eq!(database.effects().await, 11);
}
