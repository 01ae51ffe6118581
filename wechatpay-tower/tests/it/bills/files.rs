//! The saved file: owner, links, concurrent files, dropped downloads.

use std::{task::Poll, time::Duration};

use axum::response::Response;
use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use wechatpay_core::BoxError;
use wechatpay_tower::download::DownloadError;

use super::{Gateway, trade_bill};

#[tokio::test]
async fn a_saved_file_is_private_and_replaces_nothing_by_default() {
    let gateway = Gateway::with_file("new").await;
    let target = gateway.target();
    gateway.download(b"new").save_to(&target).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&target).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    std::fs::write(&target, "old").unwrap();
    let before = gateway.requests();
    let error = gateway.download(b"new").save_to(&target).await.unwrap_err();
    assert!(matches!(error, DownloadError::Exists));
    assert_eq!(
        (gateway.requests(), std::fs::read(&target).unwrap()),
        (before, b"old".to_vec())
    );
    gateway
        .download(b"new")
        .overwrite()
        .save_to(&target)
        .await
        .unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"new");
    assert_eq!(gateway.left(), ["2024-01-31.csv"]);

    let missing = gateway.directory.join("missing/2024-01-31.csv");
    let error = gateway.download(b"new").save_to(&missing).await.unwrap_err();
    assert!(matches!(error, DownloadError::Io(_)), "{error:?}");
}

#[tokio::test]
async fn a_file_created_meanwhile_is_not_replaced() {
    let gateway = Gateway::with_file(trade_bill(3000)).await;
    let target = gateway.target();
    let error = gateway
        .download(&trade_bill(3000))
        .progress(|_| {
            let _ = std::fs::write(gateway.target(), "mine");
        })
        .save_to(&target)
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Exists));
    assert_eq!(std::fs::read(&target).unwrap(), b"mine");
    assert_eq!(gateway.left(), ["2024-01-31.csv"]);
}

#[tokio::test]
#[cfg(unix)]
async fn a_link_is_not_followed() {
    let gateway = Gateway::with_file("new").await;
    let (target, victim) = (gateway.target(), gateway.directory.join("victim"));
    std::fs::write(&victim, "precious").unwrap();
    std::os::unix::fs::symlink(&victim, &target).unwrap();
    let error = gateway.download(b"new").save_to(&target).await.unwrap_err();
    assert!(matches!(error, DownloadError::Exists));
    gateway
        .download(b"new")
        .overwrite()
        .save_to(&target)
        .await
        .unwrap();
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");
    assert!(!target.symlink_metadata().unwrap().is_symlink());
    // A link that leads nowhere is something, too.
    std::fs::remove_file(&target).unwrap();
    std::os::unix::fs::symlink(gateway.directory.join("nowhere"), &target).unwrap();
    let error = gateway.download(b"new").save_to(&target).await.unwrap_err();
    assert!(matches!(error, DownloadError::Exists));
}

#[tokio::test]
async fn a_download_that_is_dropped_leaves_nothing() {
    let plain = trade_bill(30_000);
    let size = plain.len();
    for piece in [0, 1, 100, 300] {
        let parts: Vec<Bytes> = plain.chunks(size / 400).map(Bytes::copy_from_slice).collect();
        let gateway = Gateway::new(move |_| {
            let sent = tokio_stream::iter(
                parts
                    .clone()
                    .into_iter()
                    .take(piece)
                    .map(|part| Ok::<_, BoxError>(Frame::data(part))),
            );
            let body = StreamBody::new(tokio_stream::StreamExt::chain(sent, tokio_stream::pending()));
            Response::new(body.boxed_unsync())
        })
        .await;
        let (arrived, mut watch) = tokio::sync::watch::channel(0);
        let expected = plain
            .chunks(size / 400)
            .take(piece)
            .map(<[u8]>::len)
            .sum::<usize>() as u64;
        let download = gateway
            .download(&plain)
            .progress(move |progress| {
                arrived.send_replace(progress.received);
            })
            .save_to(gateway.target());
        tokio::select! {
            result = download => panic!("{result:?}"),
            // All of it has arrived that will, and the file is there.
            _ = async {
                watch.wait_for(|received| *received == expected).await.unwrap();
                gateway.fills().await;
            } => {}
        }
        gateway.empties().await;
    }
}

#[tokio::test]
async fn a_download_dropped_while_its_file_is_created_leaves_nothing() {
    let gateway =
        Gateway::new(|_| Response::new(StreamBody::new(tokio_stream::pending()).boxed_unsync())).await;
    let mut download = Box::pin(gateway.download(b"").save_to(gateway.target()));
    // The future is not polled between the moment the file appears, in another thread, and its end.
    std::future::poll_fn(|context| {
        let polled = download.as_mut().poll(context);
        assert!(polled.is_pending(), "{polled:?}");
        for _ in 0..20 {
            if !gateway.left().is_empty() {
                return Poll::Ready(());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    drop(download);
    gateway.empties().await;
}
