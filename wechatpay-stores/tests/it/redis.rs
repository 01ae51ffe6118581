//! Leases in Redis.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use wechatpay_core::idempotency::{
    Begin, BeginRequest, Completion, EventKey, Fence, IdempotencyStore, Release, StoreError, conformance,
};
use wechatpay_stores::{RedisStore, testing::RedisServer};

use crate::support::{MINUTE, Store, WEEK, key, model_plan, request};

/// Connects with a long timeout, because the machine may be busy.
pub(crate) async fn connect(server: &RedisServer) -> RedisStore {
    RedisStore::connect(&server.url())
        .await
        .unwrap()
        .timeout(Duration::from_secs(20))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_redis_store_conforms() {
    let server = RedisServer::start().unwrap();
    let store: Store = Arc::new(connect(&server).await);
    conformance::run(&store).await;
    println!("conformance on Redis: passed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_redis_store_conforms_on_a_node_of_a_cluster() {
    let server = RedisServer::start_with(&[("cluster-enabled", "yes")]).unwrap();
    assert_eq!(server.command("CLUSTER ADDSLOTSRANGE 0 16383").unwrap(), "+OK");
    crate::support::eventually("the cluster is up", || async {
        server
            .command("SET probe 1")
            .is_ok_and(|response| response == "+OK")
    })
    .await;
    let store: Store = Arc::new(connect(&server).await);
    conformance::run(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_redis_store_follows_the_model() {
    let (operations, seed) = model_plan();
    let server = RedisServer::start_with(&[("appendfsync", "no")]).unwrap();
    let store: Store = Arc::new(connect(&server).await);
    let start = Instant::now();
    conformance::check_against_model(&store, seed, operations).await;
    println!(
        "model on Redis: {operations} operations, seed {seed}, {:.1?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn scope_and_id_are_separated_in_keys() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    for (scope, id) in [
        ("a:b", "c"),
        ("a", "b:c"),
        ("1:a", "b"),
        ("a/b", "c"),
        ("{a}", "c"),
    ] {
        let request = BeginRequest::new(EventKey::new(scope, id).unwrap(), "4200000001:100", "X", MINUTE);
        let begun = store.begin(&request).await.unwrap();
        assert!(
            matches!(begun, Begin::Acquired { attempt: 1, .. }),
            "{scope} {id}: {begun:?}"
        );
    }
    // Another prefix is another store.
    let other = store.clone().prefix("other:");
    let begun = other.begin(&request("1", MINUTE)).await.unwrap();
    assert!(matches!(begun, Begin::Acquired { attempt: 1, .. }));
}

/// Returns the fence of an acquired lease; in Redis it starts at the time.
pub(crate) fn acquired(begun: Begin) -> Fence {
    match begun {
        Begin::Acquired { fence, .. } => fence,
        other => panic!("{other:?}"),
    }
}

async fn time_to_live(server: &RedisServer, id: &str) -> i64 {
    let response = server.command(&format!("PTTL wechatpay:5:scope:{id}")).unwrap();
    response.trim_start_matches(':').parse().unwrap()
}

#[tokio::test]
async fn a_key_expires_with_the_retention_and_never_before_the_lease() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let week = i64::try_from(WEEK.as_millis()).unwrap();
    let close = |left: i64, to: i64| left <= to && left > to - 60_000;

    let fence = acquired(store.begin(&request("a", MINUTE).retention(WEEK)).await.unwrap());
    assert!(
        close(time_to_live(&server, "a").await, week),
        "the lease is a minute"
    );
    store.release(&key("a"), fence).await.unwrap();
    assert!(
        close(time_to_live(&server, "a").await, week),
        "given back, not deleted"
    );

    // A retention that is shorter than the lease would forget the fence while it holds.
    let hour = MINUTE * 60;
    let begun = store.begin(&request("b", hour).retention(Duration::ZERO)).await;
    let fence = acquired(begun.unwrap());
    assert!(close(time_to_live(&server, "b").await, 3_600_000));
    store.renew(&key("b"), fence, hour * 2).await.unwrap();
    assert!(close(time_to_live(&server, "b").await, 7_200_000));
    store.complete(&key("b"), fence, WEEK).await.unwrap();
    assert!(close(time_to_live(&server, "b").await, week));

    let begun = store
        .begin(&request("c", Duration::MAX).retention(Duration::MAX))
        .await;
    let fence = acquired(begun.unwrap());
    assert!(time_to_live(&server, "c").await > week);
    assert_eq!(
        store.complete(&key("c"), fence, Duration::ZERO).await.unwrap(),
        Completion::Completed
    );
    assert!(
        matches!(store.begin(&request("c", MINUTE)).await, Ok(Begin::Done { .. })),
        "not deleted at once"
    );
}

#[tokio::test]
async fn a_hash_holds_the_facts_and_no_payload() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    store.begin(&request("a", MINUTE)).await.unwrap();
    let client = ::redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut fields: Vec<String> = ::redis::cmd("HKEYS")
        .arg("wechatpay:5:scope:a")
        .query_async(&mut connection)
        .await
        .unwrap();
    fields.sort();
    let expected = [
        "attempts",
        "event",
        "facts",
        "fence",
        "owner",
        "retention",
        "seen",
        "state",
        "until",
    ];
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn a_key_of_another_type_is_corrupt_and_not_a_panic() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    server.command("SET wechatpay:5:scope:text 1").unwrap();
    server.command("HSET wechatpay:5:scope:hash other 1").unwrap();
    server
        .command("HSET wechatpay:5:scope:odd state odd facts x fence y attempts z")
        .unwrap();
    for id in ["text", "hash", "odd"] {
        let begun = store.begin(&request(id, MINUTE)).await;
        assert!(matches!(begun, Err(StoreError::Corrupt(_))), "{id}: {begun:?}");
    }
    assert_eq!(
        store.release(&key("odd"), Fence::FIRST).await.unwrap(),
        Release::Lost
    );
    assert!(matches!(
        store.renew(&key("text"), Fence::FIRST, MINUTE).await,
        Err(StoreError::Corrupt(_))
    ));
}

#[tokio::test]
async fn the_store_accepts_a_connection_of_the_application() {
    let server = RedisServer::start().unwrap();
    let client = ::redis::Client::open(server.url()).unwrap();
    let store = RedisStore::new(client.get_multiplexed_async_connection().await.unwrap());
    assert!(matches!(
        store.begin(&request("a", MINUTE)).await,
        Ok(Begin::Acquired { .. })
    ));
    assert!(store.health().await.unwrap().warnings.is_empty());
    let shown = format!("{store:?}");
    assert!(!shown.contains(&server.port().to_string()), "{shown}");
}
