//! Handlers: repeats, copies, failures, panics, time limits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use wechatpay_core::{
    idempotency::{Fence, Handled, HandlerContext, IdempotencyError, Limits, handle},
    testing::FakePlatform,
};

use super::{count_runs, memory, notification, receive};

#[tokio::test]
async fn a_repeat_is_acknowledged_and_not_handled() {
    let (store, notification, runs) = (memory(), notification().await, AtomicU32::new(0));
    let first = count_runs(&store, &notification, &runs).await.unwrap();
    assert_eq!(
        first,
        Handled::Now {
            value: (),
            fence: Fence::FIRST,
            attempt: 1
        }
    );
    for _ in 0..5 {
        assert_eq!(
            count_runs(&store, &notification, &runs).await.unwrap(),
            Handled::AlreadyDone
        );
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_repeat_that_is_encrypted_and_serialised_again_is_the_same_notification() {
    let platform = FakePlatform::new();
    let store = memory();
    let runs = AtomicU32::new(0);
    let resource = platform.payment_resource("ORDER-1", 100);
    for plaintext in [
        resource.to_string(),
        serde_json::to_string_pretty(&resource).unwrap(),
    ] {
        let delivery = platform
            .payment_builder("ORDER-1", 100)
            .id("SAME-ID")
            .plaintext(plaintext)
            .build();
        count_runs(&store, &receive(&platform, delivery).await, &runs)
            .await
            .unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_id_with_another_payload_is_rejected() {
    let platform = FakePlatform::new();
    let (store, runs) = (memory(), AtomicU32::new(0));
    let one = receive(
        &platform,
        platform.payment_builder("ORDER-1", 100).id("SAME-ID").build(),
    )
    .await;
    let other = receive(
        &platform,
        platform.payment_builder("ORDER-1", 1).id("SAME-ID").build(),
    )
    .await;
    count_runs(&store, &one, &runs).await.unwrap();
    let error = count_runs(&store, &other, &runs).await.unwrap_err();
    assert!(matches!(error, IdempotencyError::Contradiction));
    assert_eq!((error.status().as_u16(), runs.load(Ordering::SeqCst)), (500, 1));
}

#[tokio::test]
async fn of_concurrent_copies_one_is_handled_and_the_others_are_in_progress() {
    let (store, notification, runs) = (memory(), notification().await, Arc::new(AtomicU32::new(0)));
    let copies: Vec<_> = (0..32)
        .map(|_| {
            let (store, notification, runs) = (Arc::clone(&store), notification.clone(), Arc::clone(&runs));
            tokio::spawn(async move {
                handle(&store, &notification, &Limits::default(), |_| async {
                    runs.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    Ok::<_, &str>(())
                })
                .await
            })
        })
        .collect();
    let mut in_progress = 0;
    for copy in copies {
        match copy.await.unwrap() {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.status().as_u16(), 409, "{error:?}");
                in_progress += 1;
            }
        }
    }
    assert_eq!((runs.load(Ordering::SeqCst), in_progress), (1, 31));
}

#[tokio::test(start_paused = true)]
async fn copies_wait_for_the_one_being_handled_up_to_the_limit() {
    for (takes, statuses) in [(200, [204, 204]), (900, [204, 409])] {
        let (store, notification) = (memory(), notification().await);
        let limits = Limits::default().wait(Duration::from_millis(500));
        let first = handle(&store, &notification, &limits, |_| async {
            tokio::time::sleep(Duration::from_millis(takes)).await;
            Ok::<_, &str>(())
        });
        let copy = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            handle(&store, &notification, &limits, |_| async {
                Err::<(), _>("handled twice")
            })
            .await
        };
        let (first, copy) = tokio::join!(first, copy);
        let status = |outcome: Result<Handled<()>, IdempotencyError<&str>>| match outcome {
            Ok(_) => 204,
            Err(error) => error.status().as_u16(),
        };
        assert_eq!([status(first), status(copy)], statuses, "{takes} ms");
    }
}

#[tokio::test]
async fn a_handler_that_fails_or_panics_releases_its_lease() {
    let (store, notification) = (memory(), notification().await);
    let limits = Limits::default();
    let failed = handle(&store, &notification, &limits, |_| async { Err::<(), _>("no") })
        .await
        .unwrap_err();
    assert!(matches!(failed, IdempotencyError::Handler("no")) && failed.status() == 500);
    let panicked = handle(&store, &notification, &limits, |_| async {
        if true {
            panic!("in the handler");
        }
        Ok::<(), &str>(())
    })
    .await
    .unwrap_err();
    assert!(matches!(panicked, IdempotencyError::Panicked) && panicked.status() == 500);
    let attempts = handle(&store, &notification, &limits, |context| async move {
        assert!(context.check().is_ok());
        Ok::<_, &str>((context.attempt(), context.fence().get()))
    });
    let Handled::Now { value, .. } = attempts.await.unwrap() else {
        panic!("it was not done")
    };
    assert_eq!(value, (3, 3), "attempts and fence were kept");
}

#[tokio::test(start_paused = true)]
async fn a_handler_beyond_its_deadline_is_dropped() {
    let (store, notification) = (memory(), notification().await);
    let limits = Limits::default().deadline(Duration::from_secs(2));
    let spawned_was_told = Arc::new(AtomicU32::new(0));
    let told = Arc::clone(&spawned_was_told);
    let error = handle(&store, &notification, &limits, |context: HandlerContext| {
        tokio::spawn({
            let context = context.clone();
            async move {
                context.lost().await;
                told.fetch_add(1, Ordering::SeqCst);
            }
        });
        std::future::pending::<Result<(), &str>>()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, IdempotencyError::TimedOut(_)) && error.status() == 503);
    tokio::task::yield_now().await;
    assert_eq!(spawned_was_told.load(Ordering::SeqCst), 1);
    assert!(matches!(
        count_runs(&store, &notification, &AtomicU32::new(0)).await,
        Ok(Handled::Now { attempt: 2, .. })
    ));
}
