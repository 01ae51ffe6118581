//! Unknown serials: rate limit of downloads, and remembered serials.

use std::{sync::Arc, time::Duration};

use wechatpay_core::{
    keys::{KeyError, KeyStore},
    testing::FakePlatform,
};

use super::{MINUTE, Reply, forged, id_1, id_2, ids, rigs};

#[tokio::test(start_paused = true)]
async fn five_hundred_forged_serials_cause_one_download() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.pass(2 * MINUTE).await;
        for number in 0..500 {
            let signer = (forged(number), rig.signer_1().1);
            let error = rig.verify(Arc::new(cache.clone()), &signer).await.unwrap_err();
            assert_eq!(error.code(), "key_unknown", "{}", rig.name);
        }
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_forged_serials_cause_one_download_a_minute_and_remove_no_key() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let (pem, signer) = ([rig.certificate_1()], rig.signer_1());
        for number in 0..100_000 {
            // 100 000 in ten minutes.
            if number % 1000 == 0 {
                rig.pass(Duration::from_secs(6)).await;
                let response = rig.platform.certificates_response(&pem, signer.clone());
                rig.gateway.says(Reply::Response(response));
                rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
            }
            let outcome = cache.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unknown)),
                "{}: {outcome:?}",
                rig.name
            );
            assert!(cache.get(&id_1()).is_some(), "{}", rig.name);
        }
        let calls = rig.gateway.calls();
        assert!((8..=12).contains(&calls), "{}: {calls}", rig.name);
        // The first one was not asked for by a serial.
        assert!(
            rig.gateway.pauses().iter().skip(1).all(|pause| *pause >= 60.0),
            "{}",
            rig.name
        );
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_public_key_id_never_downloads() {
    for rig in rigs() {
        let cache = rig.cold();
        let outcome = cache.fetch(&FakePlatform::public_key_id().into()).await;
        assert!(matches!(outcome, Err(KeyError::Unknown)), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 0, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_serial_is_remembered_as_unknown_only_after_a_download_that_did_not_bring_it() {
    for rig in rigs() {
        let cache = rig.warm().await;
        // The minute's download is spent on another: refused, but not remembered.
        assert!(
            matches!(cache.fetch(&forged(1)).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        assert!(
            matches!(cache.fetch(&id_2()).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(boxed)",
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);

        // A download runs and does not bring it: remembered.
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Response(rig.response_1()));
        assert!(
            matches!(cache.fetch(&id_2()).await, Err(KeyError::Unknown)),
            "{}",
            rig.name
        );
        assert_eq!(rig.gateway.calls(), 3, "{}", rig.name);
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(ready)",
            "{}",
            rig.name
        );

        // The next set makes it forget.
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        assert_eq!(
            format!("{:?}", cache.fetch(&id_2())),
            "KeyFuture(boxed)",
            "{}",
            rig.name
        );
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Response(rig.response_both()));
        assert!(cache.fetch(&id_2()).await.is_ok(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_number_of_remembered_unknown_serials_is_bounded() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.response_1()));
        // All of them wait for the one download, and all learn from it that they do not exist.
        let waiting: Vec<_> = (0..10_000)
            .map(|number| tokio::spawn(cache.fetch(&forged(number))))
            .collect();
        for outcome in waiting {
            assert!(
                matches!(outcome.await.unwrap(), Err(KeyError::Unknown)),
                "{}",
                rig.name
            );
        }
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        let is_remembered =
            |number: &usize| format!("{:?}", cache.fetch(&forged(*number))) == "KeyFuture(ready)";
        let remembered = (0..10_000).filter(is_remembered).count();
        // 1024, and what waits to be evicted.
        assert!((1..2048).contains(&remembered), "{}: {remembered}", rig.name);
    }
}
