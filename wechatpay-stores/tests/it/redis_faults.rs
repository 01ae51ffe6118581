//! A Redis that restarts, hangs, is wiped, evicts and fails over.

use std::time::{Duration, Instant};

use wechatpay_core::idempotency::{Begin, Completion, Fence, IdempotencyStore, Release, Renewal, StoreError};
use wechatpay_stores::{RedisStore, testing::RedisServer};

use crate::{
    redis::{acquired, connect},
    support::{Log, MINUTE, WEEK, chain, eventually, key, request},
};

async fn done(store: &RedisStore, id: &str) -> Fence {
    let fence = acquired(store.begin(&request(id, MINUTE)).await.unwrap());
    let completed = store.complete(&key(id), fence, WEEK).await.unwrap();
    assert_eq!(completed, Completion::Completed);
    fence
}

async fn responses(store: &RedisStore) -> bool {
    store.begin(&request("probe", MINUTE)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completions_survive_a_restart_and_a_kill() {
    let mut server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let fence = done(&store, "before").await;
    for how in ["stopped", "killed"] {
        match how {
            "stopped" => server.stop().unwrap(),
            _ => server.kill().unwrap(),
        }
        let quick = store.clone().timeout(Duration::from_millis(500));
        let start = Instant::now();
        let begun = quick.begin(&request("down", MINUTE)).await;
        assert!(
            matches!(begun, Err(StoreError::Unavailable(_))),
            "{how}: {begun:?}"
        );
        assert!(matches!(quick.health().await, Err(StoreError::Unavailable(_))));
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{how}: {:?}",
            start.elapsed()
        );
        server.restart().unwrap();
        eventually("it responds after a restart", || responses(&store)).await;
        // The scripts are unknown after a restart and sent anew.
        let begun = store.begin(&request("before", MINUTE)).await.unwrap();
        assert_eq!(begun, Begin::Done { fence }, "{how}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flushed_scripts_and_cut_connections_are_recovered_from() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    for round in 0..20 {
        match round % 2 {
            0 => drop(server.command("SCRIPT FLUSH").unwrap()),
            _ => server.cut_connections().unwrap(),
        }
        done(&store, &format!("round-{round}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_redis_is_unavailable_within_the_timeout_and_recovers() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    done(&store, "before").await;
    let quick = store.clone().timeout(Duration::from_millis(300));
    server.pause().unwrap();
    let start = Instant::now();
    let begun = quick.begin(&request("hanging", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    server.resume().unwrap();
    eventually("it responds after a pause", || responses(&store)).await;
    // What was sent while it hung was carried out: the lease is held until it ends.
    let begun = store.begin(&request("hanging", MINUTE)).await.unwrap();
    assert!(
        matches!(begun, Begin::InProgress { .. } | Begin::Acquired { .. }),
        "{begun:?}"
    );
}

#[tokio::test]
async fn an_evicting_redis_is_logged_as_a_warning() {
    let server =
        RedisServer::start_with(&[("maxmemory-policy", "allkeys-lru"), ("appendonly", "no")]).unwrap();
    let (log, _guard) = Log::collect();
    let store = RedisStore::connect(&server.url()).await.unwrap();
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("allkeys-lru")),
        "{warnings:?}"
    );
    assert!(
        warnings
            .iter()
            .any(|warning| warning.contains("keeps nothing on disk")),
        "{warnings:?}"
    );
    let log = log.text();
    for needed in ["WARN wechatpay::stores", "allkeys-lru", "keeps nothing on disk"] {
        assert!(log.contains(needed), "{needed}: {log}");
    }
    server.command("CONFIG SET maxmemory-policy noeviction").unwrap();
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        !warnings.iter().any(|warning| warning.contains("evicts")),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_taken_from_info() {
    let server = RedisServer::start_with(&[("rename-command", "CONFIG ''")]);
    // Some versions do not take an empty name on the command line.
    let Ok(server) = server else { return };
    let store = connect(&server).await;
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        !warnings.iter().any(|warning| warning.contains("evicts")),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn a_wiped_redis_is_reported_and_handles_repeats_again() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    done(&store, "done").await;
    let held = acquired(store.begin(&request("held", MINUTE)).await.unwrap());
    assert!(store.health().await.unwrap().warnings.is_empty());

    server.command("FLUSHALL").unwrap();
    let (log, guard) = Log::collect();
    assert_eq!(
        store.renew(&key("held"), held, MINUTE).await.unwrap(),
        Renewal::Lost
    );
    assert_eq!(
        store.complete(&key("held"), held, WEEK).await.unwrap(),
        Completion::Lost
    );
    assert_eq!(store.release(&key("held"), held).await.unwrap(), Release::Lost);
    drop(guard);
    assert!(
        log.text().contains("ERROR wechatpay::stores") && log.text().contains("wiped"),
        "{}",
        log.text()
    );
    let warnings = store.health().await.unwrap().warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("wiped")),
        "{warnings:?}"
    );
    let begun = store.begin(&request("done", MINUTE)).await.unwrap();
    assert!(matches!(begun, Begin::Acquired { attempt: 1, .. }), "{begun:?}");
}

/// Fences rise across a wipe, so earlier holders are recognised.
#[tokio::test]
async fn a_handler_from_before_a_wipe_does_not_end_the_lease_of_another() {
    let server = RedisServer::start().unwrap();
    let (one, other) = (connect(&server).await, connect(&server).await);
    // In one process and in another; taken over before, or not.
    for (id, second, taken_over) in [("a", &one, 0), ("b", &other, 0), ("c", &other, 5)] {
        for _ in 0..taken_over {
            one.begin(&request(id, Duration::ZERO)).await.unwrap();
        }
        let before = acquired(one.begin(&request(id, MINUTE)).await.unwrap());
        tokio::time::sleep(Duration::from_millis(10)).await;
        server.command("FLUSHALL").unwrap();
        let after = acquired(second.begin(&request(id, MINUTE)).await.unwrap());
        assert!(after > before, "{id}: {after} after {before}");
        assert_eq!(
            one.renew(&key(id), before, MINUTE).await.unwrap(),
            Renewal::Lost,
            "{id}"
        );
        assert_eq!(
            one.release(&key(id), before).await.unwrap(),
            Release::Lost,
            "{id}"
        );
        assert_eq!(
            one.complete(&key(id), before, WEEK).await.unwrap(),
            Completion::Lost,
            "{id}"
        );
        let completed = second.complete(&key(id), after, WEEK).await.unwrap();
        assert_eq!(completed, Completion::Completed, "{id}");
    }
}

#[tokio::test]
async fn a_denied_user_is_named_once_with_its_remedy() {
    let server = RedisServer::start().unwrap();
    let client = ::redis::Client::open(server.url()).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let store = RedisStore::new(connection);
    server.command("ACL SETUSER default -@scripting").unwrap();
    let text = chain(&store.begin(&request("a", MINUTE)).await.unwrap_err());
    println!("no right: {text}");
    assert!(text.contains("Redis denies access: check the password"), "{text}");
}

#[tokio::test]
async fn a_full_redis_rejects_writes_and_forgets_nothing() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    done(&store, "done").await;
    store.begin(&request("held", MINUTE)).await.unwrap();
    server.command("CONFIG SET maxmemory 1").unwrap();
    let begun = store.begin(&request("new", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    assert!(matches!(
        store.begin(&request("done", MINUTE)).await,
        Ok(Begin::Done { .. })
    ));
    server.command("CONFIG SET maxmemory 0").unwrap();
    let begun = store.begin(&request("new", MINUTE)).await.unwrap();
    assert!(
        matches!(begun, Begin::Acquired { attempt: 1, .. }),
        "no half of it was there: {begun:?}"
    );
    assert!(matches!(
        store.begin(&request("held", MINUTE)).await,
        Ok(Begin::InProgress { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_and_completions_can_wait_for_a_replica_and_survive_a_fail_over() {
    let primary = RedisServer::start().unwrap();
    let store = connect(&primary)
        .await
        .wait_for_replicas(1, Duration::from_secs(10));
    let hasty = store.clone().wait_for_replicas(1, Duration::from_millis(200));

    // None is there yet: nothing is promised, and the lease is not in the way of the next delivery.
    let begun = hasty.begin(&request("a", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");

    let replica = primary.start_replica().unwrap();
    eventually("the replica follows", || async {
        matches!(
            hasty.begin(&request("probe", Duration::ZERO)).await,
            Ok(Begin::Acquired { .. })
        )
    })
    .await;
    let begun = store.begin(&request("a", MINUTE)).await.unwrap();
    let Begin::Acquired { fence, attempt: 2 } = begun else {
        panic!("{begun:?}")
    };
    assert_eq!(
        store.complete(&key("a"), fence, WEEK).await.unwrap(),
        Completion::Completed
    );

    // A repeat is acknowledged only if the replica has it too: this connection has written nothing that WAIT could wait for.
    replica.pause().unwrap();
    let fresh = connect(&primary)
        .await
        .wait_for_replicas(1, Duration::from_millis(200));
    let begun = fresh.begin(&request("a", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    let completed = fresh.complete(&key("a"), fence, WEEK).await;
    assert!(
        matches!(completed, Err(StoreError::Unavailable(_))),
        "{completed:?}"
    );
    replica.resume().unwrap();
    eventually("the replica follows again", || async {
        matches!(fresh.begin(&request("a", MINUTE)).await, Ok(Begin::Done { .. }))
    })
    .await;

    // A replica grants no lease, and says so.
    let on_replica = connect(&replica).await;
    let health = on_replica.health().await.unwrap();
    assert!(
        health.warnings.iter().any(|warning| warning.contains("replica")),
        "{health:?}"
    );
    let begun = on_replica.begin(&request("b", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");

    drop(primary);
    assert_eq!(replica.command("REPLICAOF NO ONE").unwrap(), "+OK");
    assert_eq!(
        on_replica.begin(&request("a", MINUTE)).await.unwrap(),
        Begin::Done { fence }
    );

    // Done, but on too few machines by now: not promised either.
    let alone = connect(&replica)
        .await
        .wait_for_replicas(1, Duration::from_millis(100));
    let begun = alone.begin(&request("a", MINUTE)).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    let completed = alone.complete(&key("a"), fence, WEEK).await;
    assert!(
        matches!(completed, Err(StoreError::Unavailable(_))),
        "{completed:?}"
    );
}

#[tokio::test]
async fn an_unreachable_address_is_an_error_within_the_timeout() {
    let start = Instant::now();
    for url in ["redis://127.0.0.1:1/", "nonsense"] {
        let connected = RedisStore::connect(url).await;
        assert!(matches!(connected, Err(StoreError::Unavailable(_))), "{url}");
    }
    assert!(start.elapsed() < Duration::from_secs(20));
}
