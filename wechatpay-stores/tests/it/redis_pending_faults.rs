//! The watch on a Redis that is wiped, cut, killed, full or changed by others.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use wechatpay_core::{
    idempotency::{Fence, Renewal, StoreError},
    watch::{End, Ending, PendingCounts, PendingKey, PendingStore, Phase},
};
use wechatpay_stores::{RedisStore, testing::RedisServer};

use crate::{
    redis::connect,
    redis_pending::{Eyes, HOUR, NOW, order, registered, taken},
    support::{Log, MINUTE, eventually, slow_way_to},
};

#[tokio::test]
async fn an_entry_of_another_type_is_corrupt_and_not_in_the_way() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let mut keys = Vec::new();
    for number in ["TEXT-1", "FIELD-1", "FENCE-1", "PHASE-1", "GONE-1", "SOUND-1"] {
        keys.push(registered(&store, number, NOW).await);
    }
    let name = |key: &PendingKey| format!("wechatpay:{{watch}}:entry:{key}");
    let [text, field, fence, phase, gone, sound] = keys.as_slice() else {
        panic!("{keys:?}")
    };
    for command in [
        format!("SET {} 1", name(text)),
        format!("HDEL {} registered", name(field)),
        format!("HSET {} fence x", name(fence)),
        format!("HSET {} phase odd", name(phase)),
        format!("DEL {}", name(gone)),
    ] {
        server.command(&command).unwrap();
    }
    for key in [text, field, fence] {
        let put_off = store.put_off(key, Fence::FIRST, Phase::Watching, NOW, None);
        let results = [
            store.register(&order(key.number()), NOW).await.map(drop),
            put_off.await.map(drop),
            store.end(key, None, End::Paid, None, HOUR).await.map(drop),
            store
                .end(key, Some(Fence::FIRST), End::Paid, None, HOUR)
                .await
                .map(drop),
            store.recheck(key).await.map(drop),
            store.entry(key).await.map(drop),
        ];
        for (place, result) in results.into_iter().enumerate() {
            assert!(
                matches!(result, Err(StoreError::Corrupt(_))),
                "{key} {place}: {result:?}"
            );
        }
    }
    // A phase of a later version.
    let ended = store.end(phase, None, End::Paid, None, HOUR).await;
    assert!(matches!(ended, Err(StoreError::Corrupt(_))), "{ended:?}");
    let entry = store.entry(phase).await;
    assert!(matches!(entry, Err(StoreError::Corrupt(_))), "{entry:?}");

    let (log, guard) = Log::collect();
    let taken = store.take(100, HOUR).await.unwrap();
    drop(guard);
    let taken: Vec<_> = taken.into_iter().map(|taken| taken.pending.key).collect();
    assert_eq!(taken.as_slice(), std::slice::from_ref(sound));
    let log = log.text();
    for key in [text, field, fence, phase, gone] {
        assert!(log.contains(&key.to_string()), "{key}: {log}");
    }
    assert_eq!(log.matches("ERROR wechatpay::stores").count(), 5, "{log}");
    // It is not reported again, and can be registered again.
    assert!(store.take(100, HOUR).await.unwrap().is_empty());
    registered(&store, "GONE-1", NOW).await;
    assert_eq!(store.take(100, HOUR).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_index_of_another_type_is_corrupt_and_nothing_is_half_done() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let key = registered(&store, "ORDER-1", HOUR).await;
    let corrupt =
        |result: Result<(), StoreError>| assert!(matches!(result, Err(StoreError::Corrupt(_))), "{result:?}");

    for index in ["ended", "look"] {
        server
            .command(&format!("SET wechatpay:{{watch}}:{index} 1"))
            .unwrap();
        let end = if index == "look" {
            End::NeedsLook
        } else {
            End::Paid
        };
        corrupt(store.end(&key, None, end, None, HOUR).await.map(drop));
        let entry = store.entry(&key).await.unwrap().unwrap();
        assert_eq!(entry.phase, Phase::Watching, "{index}");
        match index {
            "look" => {
                corrupt(store.need_look(10).await.map(drop));
                corrupt(store.counts().await.map(drop));
            }
            _ => corrupt(store.purge(10).await.map(drop)),
        }
        server
            .command(&format!("DEL wechatpay:{{watch}}:{index}"))
            .unwrap();
        Eyes::on(&server).await.check().await;
    }

    server.command("SET wechatpay:{watch}:due 1").unwrap();
    corrupt(store.take(10, HOUR).await.map(drop));
    corrupt(store.counts().await.map(drop));
    corrupt(store.recheck(&key).await.map(drop));
    corrupt(store.register(&order("ORDER-2"), NOW).await.map(drop));
    assert_eq!(store.entry(&order("ORDER-2").key).await.unwrap(), None);
    server.command("DEL wechatpay:{watch}:due").unwrap();
    // The support desk can put it back.
    assert!(store.recheck(&key).await.unwrap());
    assert_eq!(Eyes::on(&server).await.check().await, 1);
}

#[tokio::test]
async fn after_a_wipe_leases_are_lost_and_orders_unknown() {
    let server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let key = registered(&store, "ORDER-1", NOW).await;
    let before = taken(&store, HOUR).await.fence;
    tokio::time::sleep(Duration::from_millis(10)).await;
    server.command("FLUSHALL").unwrap();
    let (log, guard) = Log::collect();
    let put_off = store.put_off(&key, before, Phase::Watching, NOW, None).await;
    assert_eq!(put_off.unwrap(), Renewal::Lost);
    drop(guard);
    assert!(log.text().contains("wiped"), "{}", log.text());
    for fence in [Some(before), None] {
        let ended = store.end(&key, fence, End::Paid, None, HOUR).await;
        assert_eq!(ended.unwrap(), Ending::Unknown);
    }
    assert!(!store.recheck(&key).await.unwrap());
    assert_eq!(store.entry(&key).await.unwrap(), None);
    assert!(store.take(10, HOUR).await.unwrap().is_empty());
    assert!(store.need_look(10).await.unwrap().is_empty());
    assert_eq!(store.purge(10).await.unwrap(), 0);
    assert_eq!(store.counts().await.unwrap(), PendingCounts::default());

    // Registered anew, it is not ended by who held it before.
    registered(&store, "ORDER-1", NOW).await;
    let after = taken(&store, HOUR).await.fence;
    assert!(after > before, "{after} after {before}");
    let ended = store.end(&key, Some(before), End::Closed, None, HOUR).await;
    assert_eq!(ended.unwrap(), Ending::Lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_connections_that_are_cut_each_entry_is_taken_once() {
    const ENTRIES: usize = 600;
    let server = RedisServer::start_with(&[("appendfsync", "no")]).unwrap();
    let store = connect(&server).await;
    for number in 0..ENTRIES {
        registered(&store, &format!("ORDER-{number}"), NOW).await;
    }
    let mut takers = Vec::new();
    for _ in 0..3 {
        let store = connect(&server).await;
        for _ in 0..8 {
            let store = store.clone();
            takers.push(tokio::spawn(async move {
                let mut found = Vec::new();
                loop {
                    let batch = match store.take(3, HOUR).await {
                        Ok(batch) => batch,
                        // Cut twice: what was taken by this call waits for the end of its lease.
                        Err(StoreError::Unavailable(_)) => continue,
                        Err(error) => panic!("{error}"),
                    };
                    if batch.is_empty() {
                        return found;
                    }
                    for taken in batch {
                        let key = taken.pending.key;
                        let ended = store.end(&key, Some(taken.fence), End::Paid, None, HOUR).await;
                        // It may have been ended by the first attempt of this call.
                        assert!(
                            !matches!(ended, Ok(Ending::Lost | Ending::Unknown)),
                            "{key}: {ended:?}"
                        );
                        found.push(key);
                    }
                }
            }));
        }
    }
    for _ in 0..5 {
        server.cut_connections().unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut found = Vec::new();
    for taker in takers {
        found.extend(taker.await.unwrap());
    }
    let unique: HashSet<_> = found.iter().cloned().collect();
    assert_eq!(unique.len(), found.len(), "one was taken twice");
    println!(
        "{} of {ENTRIES} entries were taken once, by 24 tasks",
        found.len()
    );
    assert_eq!(Eyes::on(&server).await.check().await, ENTRIES);
}

/// Starts a proxy that breaks the connection after one script has run, if `armed`.
///
/// The response is lost.
async fn way_that_breaks_after_a_script(port: u16, armed: Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let near = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let armed = Arc::clone(&armed);
            tokio::spawn(async move {
                let (mut request, mut response) = ([0; 16 * 1024], [0; 16 * 1024]);
                loop {
                    tokio::select! {
                        count = client.read(&mut request) => {
                            let Ok(count @ 1..) = count else { return };
                            let packet = request.get(..count).unwrap();
                            server.write_all(packet).await.unwrap();
                            let is_script = packet.windows(4).any(|words| words == b"EVAL");
                            if is_script && armed.swap(false, Ordering::SeqCst) {
                                let _ = server.read(&mut response).await;
                                return;
                            }
                        }
                        count = server.read(&mut response) => {
                            let Ok(count @ 1..) = count else { return };
                            if client.write_all(response.get(..count).unwrap()).await.is_err() {
                                return;
                            }
                        }
                    }
                }
            });
        }
    });
    near
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_response_changes_no_result() {
    let server = RedisServer::start().unwrap();
    let armed = Arc::new(AtomicBool::new(false));
    let near = way_that_breaks_after_a_script(server.port(), Arc::clone(&armed)).await;
    let store = RedisStore::connect(&format!("redis://127.0.0.1:{near}/"))
        .await
        .unwrap();
    let store = store.timeout(Duration::from_secs(20));
    // The first round loads the scripts; in the second each response is lost.
    for (number, breaks) in [("ORDER-1", false), ("ORDER-2", true)] {
        let arm = || armed.store(breaks, Ordering::SeqCst);
        let broke = || assert!(!armed.load(Ordering::SeqCst), "it was not broken");
        arm();
        let key = registered(&store, number, NOW).await;
        broke();
        arm();
        let first = taken(&store, HOUR).await;
        broke();
        assert_eq!((&first.pending.key, first.look), (&key, 1));
        arm();
        let put_off = store.put_off(&key, first.fence, Phase::Closing, NOW, Some("why"));
        assert_eq!(put_off.await.unwrap(), Renewal::Renewed);
        broke();
        let second = taken(&store, HOUR).await;
        assert_eq!(second.look, 2);
        arm();
        let ended = store.end(&key, Some(second.fence), End::Closed, None, HOUR).await;
        assert_eq!(ended.unwrap(), Ending::Ended);
        broke();
        arm();
        let ended = store.end(&key, None, End::Paid, None, HOUR).await;
        assert_eq!(ended.unwrap(), Ending::Ended, "it replaces the first");
        broke();
        arm();
        assert!(store.recheck(&key).await.unwrap());
        broke();
        assert_eq!(taken(&store, HOUR).await.look, 3);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_future_leaves_the_old_or_the_new_state() {
    let server = RedisServer::start().unwrap();
    let port = slow_way_to(server.port()).await;
    let slow = RedisStore::connect(&format!("redis://127.0.0.1:{port}/"))
        .await
        .unwrap();
    let slow = slow.timeout(Duration::from_secs(20));
    let store = connect(&server).await;
    let mut eyes = Eyes::on(&server).await;
    let (mut old, mut new) = (0_u32, 0_u32);
    let mut count = |is_new: bool| *(if is_new { &mut new } else { &mut old }) += 1;
    for round in 0..40 {
        let patience = Duration::from_micros(round * 300);
        let number = format!("ORDER-{round}");
        let (pending, key) = (order(&number), order(&number).key);

        let _ = tokio::time::timeout(patience, slow.register(&pending, NOW)).await;
        // Orders the operations on one connection: what was sent has arrived.
        slow.counts().await.unwrap();
        let is_known = store.entry(&key).await.unwrap().is_some();
        assert_eq!(store.register(&pending, NOW).await.unwrap(), !is_known);
        count(is_known);

        let _ = tokio::time::timeout(patience, slow.take(1, NOW)).await;
        slow.counts().await.unwrap();
        let first = taken(&store, HOUR).await;
        assert_eq!(first.pending, pending, "its lease has ended");
        count(first.look == 2);

        let put_off = slow.put_off(&key, first.fence, Phase::Closing, HOUR, None);
        let _ = tokio::time::timeout(patience, put_off).await;
        slow.counts().await.unwrap();
        let phase = store.entry(&key).await.unwrap().unwrap().phase;
        count(phase == Phase::Closing);
        let end = store.end(&key, Some(first.fence), End::Closed, None, NOW).await;
        let expected = if phase == Phase::Closing {
            Ending::Lost
        } else {
            Ending::Ended
        };
        assert_eq!(end.unwrap(), expected);

        let _ = tokio::time::timeout(patience, slow.end(&key, None, End::Paid, None, HOUR)).await;
        slow.counts().await.unwrap();
        let phase = store.entry(&key).await.unwrap().unwrap().phase;
        count(phase == Phase::Ended(End::Paid));
        store.end(&key, None, End::Paid, None, HOUR).await.unwrap();
        eyes.check().await;
    }
    println!("dropped futures: {old} left the old state, {new} the new one");
    assert!(old > 0 && new > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_watched_survives_a_kill_and_a_full_memory() {
    let mut server = RedisServer::start().unwrap();
    let store = connect(&server).await;
    let key = registered(&store, "ORDER-1", NOW).await;
    server.command("CONFIG SET maxmemory 1").unwrap();
    let begun = store.register(&order("ORDER-2"), NOW).await;
    assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    let taken_full = store.take(1, HOUR).await;
    assert!(
        matches!(taken_full, Err(StoreError::Unavailable(_))),
        "{taken_full:?}"
    );
    server.command("CONFIG SET maxmemory 0").unwrap();
    assert_eq!(Eyes::on(&server).await.check().await, 1, "nothing is half done");

    let first = taken(&store, HOUR).await;
    server.kill().unwrap();
    let quick = store.clone().timeout(Duration::from_millis(300));
    let down = quick.take(1, HOUR).await;
    assert!(matches!(down, Err(StoreError::Unavailable(_))), "{down:?}");
    server.restart().unwrap();
    eventually("it responds after a restart", || async {
        store.counts().await.is_ok()
    })
    .await;
    assert!(store.take(1, HOUR).await.unwrap().is_empty(), "it is held");
    let ended = store.end(&key, Some(first.fence), End::Paid, None, HOUR).await;
    assert_eq!(ended.unwrap(), Ending::Ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_and_ends_can_wait_for_a_replica() {
    let primary = RedisServer::start().unwrap();
    let hasty = connect(&primary)
        .await
        .wait_for_replicas(1, Duration::from_millis(200));
    let pending = order("ORDER-1");
    // The second one finds it registered, and promises nothing either.
    for _ in 0..2 {
        let begun = hasty.register(&pending, NOW).await;
        assert!(matches!(begun, Err(StoreError::Unavailable(_))), "{begun:?}");
    }
    let replica = primary.start_replica().unwrap();
    eventually("the replica follows", || async {
        matches!(hasty.register(&pending, NOW).await, Ok(false))
    })
    .await;
    let store = hasty.clone().wait_for_replicas(1, Duration::from_secs(10));
    let first = taken(&store, MINUTE).await;
    let key = &pending.key;
    let ended = store.end(key, Some(first.fence), End::Paid, None, HOUR).await;
    assert_eq!(ended.unwrap(), Ending::Ended);

    replica.pause().unwrap();
    let fresh = connect(&primary)
        .await
        .wait_for_replicas(1, Duration::from_millis(200));
    let ended = fresh.end(key, None, End::Paid, None, HOUR).await;
    assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{ended:?}");
    replica.resume().unwrap();

    drop(primary);
    assert_eq!(replica.command("REPLICAOF NO ONE").unwrap(), "+OK");
    let after = connect(&replica).await;
    let ended = after.end(key, None, End::Paid, None, HOUR).await;
    assert_eq!(ended.unwrap(), Ending::Before(End::Paid));
}
