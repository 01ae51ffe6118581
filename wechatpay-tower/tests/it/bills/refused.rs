//! Downloads that fail: each failure has its own error and leaves no file.

use std::{io::Write as _, time::Duration};

use axum::response::Response;
use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::json;
use wechatpay_core::{
    BoxError,
    api::bills::BillFile,
    bills::{BillProblem, TradeBillReader},
};
use wechatpay_tower::download::{DownloadError, DownloadLimits};

use super::{Gateway, bill, pack, pieces, refusal, trade_bill};

#[tokio::test]
async fn a_differing_digest_is_an_error() {
    let plain = trade_bill(3000);
    for file in [plain.clone(), pack(&plain)] {
        let gateway = Gateway::with_file(file).await;
        assert!(matches!(
            gateway.failure(b"another file").await,
            DownloadError::Digest
        ));
    }
    // The digest is of the file when it is unpacked.
    let packed = pack(&plain);
    let gateway = Gateway::with_file(packed.clone()).await;
    assert!(matches!(gateway.failure(&packed).await, DownloadError::Digest));
    let empty = Gateway::new(|_| pieces(200, vec![])).await;
    assert!(matches!(empty.failure(&plain).await, DownloadError::Digest));
    empty.download(b"").save_to(empty.target()).await.unwrap();
}

#[tokio::test]
async fn a_malformed_digest_is_an_error_before_anything_is_sent() {
    let gateway = Gateway::with_file("x").await;
    let sha1 = "79bb0f45fc4c42234a918000b2668d689e2bde04";
    for (hash_type, value, is_supported) in [
        ("SHA1", "abc", true),
        ("SHA1", "", true),
        ("SHA256", sha1, true),
        ("SM3", sha1, false),
        ("SHA512", sha1, false),
    ] {
        let bill: BillFile = serde_json::from_value(json!({
            "hash_type": hash_type, "hash_value": value, "download_url": format!("{}/x", gateway.base),
        }))
        .unwrap();
        let error = gateway
            .client()
            .download(&bill)
            .save_to(gateway.target())
            .await
            .unwrap_err();
        if is_supported {
            assert!(matches!(error, DownloadError::MalformedHash), "{error:?}");
            continue;
        }
        assert!(matches!(error, DownloadError::UnsupportedHash(_)), "{error:?}");
        let says = format!("the digest {hash_type} of the file is not supported");
        assert!(error.to_string().starts_with(&says), "{error}");
    }
    assert_eq!((gateway.requests(), gateway.left().len()), (0, 0));
}

#[tokio::test]
async fn a_foreign_host_receives_no_signature() {
    let gateway = Gateway::with_file("x").await;
    let port = gateway.base.rsplit(':').next().unwrap().to_owned();
    for url in [
        "https://evil.example/v3/billdownload/file?token=x".to_owned(),
        "http://api.mch.weixin.qq.com/x".to_owned(),
        format!("http://127.0.0.2:{port}/x"),
        format!("http://localhost:{port}/x"),
        format!("http://user@127.0.0.1:{port}/x"),
        format!("http://api.mch.weixin.qq.com@127.0.0.1:{port}/x"),
    ] {
        let download = || gateway.client().download(&bill(&url, b"x"));
        for error in [
            download().save_to(gateway.target()).await.unwrap_err(),
            download().fold((), |(), _| Ok(())).await.unwrap_err(),
        ] {
            assert!(
                matches!(error, DownloadError::HostNotAllowed { .. }),
                "{url}: {error:?}"
            );
            assert!(!error.to_string().contains("user") && !error.to_string().contains("token"));
        }
    }
    let error = gateway
        .client()
        .download(&bill("no url", b"x"))
        .fold((), |(), _| Ok(()))
        .await;
    assert!(matches!(error, Err(DownloadError::NotAUrl)));
    assert_eq!((gateway.requests(), gateway.left().len()), (0, 0));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Gateway::with_file("x").await;
        let location = format!("{}/x", elsewhere.base);
        let gateway = Gateway::new(move |_| {
            let mut reply = pieces(status, vec![]);
            reply.headers_mut().insert("location", location.parse().unwrap());
            reply
        })
        .await;
        let error = gateway.failure(b"x").await;
        assert!(
            matches!(error, DownloadError::Redirect { status: found } if found == status),
            "{error:?}"
        );
        assert_eq!(elsewhere.requests(), 0);
    }
}

#[tokio::test]
async fn an_expired_address_is_not_retried() {
    let gateway = Gateway::new(|_| refusal(400, "INVALID_REQUEST")).await;
    let error = gateway.failure(b"x").await;
    let DownloadError::Expired(refusal) = &error else {
        panic!("{error:?}")
    };
    assert!(refusal.is("INVALID_REQUEST") && !refusal.is_authentic());
    assert!(error.is_retryable());
    assert_eq!(gateway.requests(), 2, "one for each of the two");
}

#[tokio::test]
async fn a_refused_download_fails_and_an_overloaded_one_is_retried() {
    let gateway = Gateway::new(|_| refusal(403, "NO_AUTH")).await;
    let DownloadError::Call(error) = gateway.failure(b"x").await else {
        panic!()
    };
    assert!(error.api().unwrap().is("NO_AUTH") && !error.is_retryable());

    let gateway = Gateway::new(|before| match before {
        0 => refusal(500, "SYSTEM_ERROR"),
        1 => pieces(502, vec![Bytes::from_static(b"<html>")]),
        _ => pieces(200, vec![Bytes::from_static(b"x")]),
    })
    .await;
    gateway.download(b"x").save_to(gateway.target()).await.unwrap();
    assert_eq!(gateway.requests(), 3);

    let gateway = Gateway::new(|_| refusal(429, "FREQUENCY_LIMITED")).await;
    let DownloadError::Call(error) = gateway.failure(b"x").await else {
        panic!()
    };
    assert_eq!(error.attempts().count(), 3);
}

#[tokio::test]
async fn a_decompression_bomb_is_stopped_early() {
    // A quarter of a gigabyte of nothing in a quarter of a megabyte.
    let zeros = vec![0; 1 << 20];
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        packer.write_all(&zeros).unwrap();
    }
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 512 << 10);
    let gateway = Gateway::with_file(bomb.clone()).await;
    let mut unpacked = 0;
    let error = gateway
        .download(b"x")
        .progress(|progress| unpacked = progress.unpacked)
        .fold((), |(), _| Ok(()))
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Ratio { limit: 200 }), "{error:?}");
    assert!(unpacked <= 200 * bomb.len() as u64);
    assert!(matches!(gateway.failure(b"x").await, DownloadError::Ratio { .. }));

    // What stays below the ratio is stopped by its length.
    let limits = DownloadLimits::default().ratio(100_000).unpacked(5 << 20);
    let mut taken = 0_u64;
    let error = gateway
        .download(b"x")
        .limits(limits)
        .fold((), |(), bytes| {
            taken += bytes.len() as u64;
            Ok(())
        })
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::TooLarge { limit } if limit == 5 << 20));
    assert!(taken <= 5 << 20);
    let saved = gateway
        .download(b"x")
        .limits(limits)
        .save_to(gateway.target())
        .await;
    assert!(saved.is_err() && gateway.left().is_empty());
}

#[tokio::test]
async fn an_endless_file_is_stopped() {
    let gateway = Gateway::new(|_| {
        let frames = tokio_stream::iter(std::iter::repeat_with(|| {
            Ok::<_, BoxError>(Frame::data(Bytes::from_static(&[b'x'; 8192])))
        }));
        Response::new(StreamBody::new(frames).boxed_unsync())
    })
    .await;
    let download = || {
        gateway
            .download(b"x")
            .limits(DownloadLimits::default().received(1 << 20))
    };
    let error = download().save_to(gateway.target()).await.unwrap_err();
    assert!(matches!(error, DownloadError::TooLarge { limit } if limit == 1 << 20));
    assert!(gateway.left().is_empty());
    // One that announces its length is not even begun.
    let gateway = Gateway::new(|_| {
        let mut reply = pieces(200, vec![Bytes::from(vec![b'x'; 1000])]);
        reply.headers_mut().insert("content-length", 1000.into());
        reply
    })
    .await;
    let limits = DownloadLimits::default().received(999);
    let error = gateway
        .download(b"x")
        .limits(limits)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::TooLarge { limit: 999 }));
    assert!(gateway.left().is_empty());
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error() {
    let plain = trade_bill(3000);
    let packed = pack(&plain);
    // The packed file ends before its end, and the transfer does not know.
    let half = Bytes::copy_from_slice(&packed[..packed.len() / 2]);
    let gateway = Gateway::with_file(half.clone()).await;
    assert!(matches!(gateway.failure(&plain).await, DownloadError::Truncated));
    // The transfer breaks off after what came is on its way.
    let gateway = Gateway::new(move |_| {
        let (mut sender, body) = http_body_util::channel::Channel::<Bytes, BoxError>::new(1);
        let half = half.clone();
        tokio::spawn(async move {
            sender.send_data(half).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            sender.abort("broken".into());
        });
        Response::new(body.boxed_unsync())
    })
    .await;
    let error = gateway.failure(&plain).await;
    assert!(
        matches!(error, DownloadError::BrokenOff(_)) && error.is_retryable(),
        "{error:?}"
    );
    // Something follows the packed file.
    let gateway = Gateway::with_file([&packed[..], b"<!-- proxy -->"].concat()).await;
    assert!(matches!(gateway.failure(&plain).await, DownloadError::Corrupt));
    // The packed file is broken in the middle.
    let mut broken = packed.clone();
    broken[packed.len() / 2] ^= 0x55;
    let gateway = Gateway::with_file(broken).await;
    assert!(matches!(
        gateway.failure(&plain).await,
        DownloadError::Corrupt | DownloadError::Digest
    ));
}

#[tokio::test]
async fn a_stalled_file_is_given_up() {
    let gateway = Gateway::new(|_| {
        let first = tokio_stream::iter([Ok::<_, BoxError>(Frame::data(Bytes::from_static(b"begin")))]);
        let body = StreamBody::new(tokio_stream::StreamExt::chain(first, tokio_stream::pending()));
        Response::new(body.boxed_unsync())
    })
    .await;
    let stall = Duration::from_millis(100);
    let error = gateway
        .download(b"x")
        .stall(stall)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Stalled(after) if after == stall));
    assert!(gateway.left().is_empty());
}

#[tokio::test]
async fn an_unknown_content_encoding_is_an_error() {
    for (encoding, accepted) in [("gzip", true), ("identity", true), ("br", false), ("zstd", false)] {
        let plain = trade_bill(10);
        let packed = pack(&plain);
        let gateway = Gateway::new(move |_| {
            let mut reply = pieces(200, vec![Bytes::copy_from_slice(&packed)]);
            reply
                .headers_mut()
                .insert("content-encoding", encoding.parse().unwrap());
            reply
        })
        .await;
        let result = gateway.download(&plain).fold((), |(), _| Ok(())).await;
        assert_eq!(result.is_ok(), accepted, "{encoding}");
        assert!(accepted || matches!(result, Err(DownloadError::Encoded)));
    }
}

#[tokio::test]
async fn an_error_of_the_reader_ends_the_download() {
    let plain = b"<html>,this is no bill</html>\n".to_vec();
    let gateway = Gateway::with_file(plain.clone()).await;
    let error = gateway
        .download(&plain)
        .fold(TradeBillReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| Ok(()))
        })
        .await
        .unwrap_err();
    let DownloadError::Format(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.problem(), BillProblem::NoHeader);
    let error = gateway
        .download(&plain)
        .fold((), |(), _| Err(DownloadError::Consumer("enough".into())))
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Consumer(_)));
}

#[tokio::test]
async fn nothing_is_returned_before_the_digest_is_right() {
    let plain = trade_bill(3000);
    let mut forged = plain.clone();
    let at = plain.windows(7).position(|window| window == b"SUCCESS").unwrap();
    forged[at] = b'X';
    let gateway = Gateway::with_file(forged).await;
    let mut provisional = 0;
    let result = gateway
        .download(&plain)
        .fold(TradeBillReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| {
                provisional += 1;
                Ok(())
            })
        })
        .await;
    // The rows were all there, and the reader that could say so is not.
    assert_eq!(provisional, 3000);
    assert!(matches!(result, Err(DownloadError::Digest)));
}
