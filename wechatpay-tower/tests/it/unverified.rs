//! Files of endpoints without a type: receipts, and pictures without a digest.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wechatpay_core::api::bills::{BillFile, DownloadUrl};
use wechatpay_tower::{
    CallError,
    client::Outcome,
    download::{DownloadError, UnverifiedDownload},
};

use crate::bills::{Gateway, pack, pieces, refusal};

const IMAGE: &str = "/v3/merchant-service/images/{media_id}";
const PNG: &[u8] = b"\x89PNG\r\n and so on";

/// Response to the query of a receipt.
#[derive(Deserialize)]
struct Receipt {
    state: String,
    #[serde(flatten)]
    file: Option<BillFile>,
}

fn receipt(gateway: &Gateway, hash_type: &str, plain: &[u8]) -> Receipt {
    let digest: String = Sha256::digest(plain)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    serde_json::from_value(json!({
        "state": "FINISHED", "hash_type": hash_type, "hash_value": digest,
        "download_url": format!("{}/v3/billdownload/file?token=x", gateway.base), "create_time": "x",
    }))
    .unwrap()
}

fn image(gateway: &Gateway) -> UnverifiedDownload {
    gateway
        .client()
        .download_unverified(IMAGE)
        .path_value("media_id", "a/b?c")
}

/// Reads the file and saves it; asserts that both fail alike and leave nothing.
async fn failure(gateway: &Gateway, download: UnverifiedDownload) -> DownloadError {
    let taken = download.clone().bytes().await.unwrap_err();
    let saved = download.save_to(gateway.target()).await.unwrap_err();
    assert_eq!(taken.to_string(), saved.to_string());
    assert!(gateway.left().is_empty(), "{saved:?}");
    saved
}

#[tokio::test]
async fn a_receipt_is_checked_by_sha256() {
    let generating: Receipt = serde_json::from_value(json!({ "state": "GENERATING" })).unwrap();
    assert!(generating.state == "GENERATING" && generating.file.is_none());

    let plain = b"%PDF-1.7 receipt".repeat(1000);
    for file in [plain.clone(), pack(&plain)] {
        let gateway = Gateway::with_file(file).await;
        let receipt = receipt(&gateway, "SHA256", &plain);
        let file = receipt.file.unwrap();
        let saved = gateway
            .client()
            .download(&file)
            .save_to(gateway.target())
            .await
            .unwrap();
        assert!(std::fs::read(saved.path()).unwrap() == plain);
        let folded = gateway
            .client()
            .download_file(
                &file.download_url,
                &file.hash_type,
                &file.hash_value.to_uppercase(),
            )
            .fold(Vec::new(), |all, bytes| {
                all.extend_from_slice(bytes);
                Ok(())
            })
            .await
            .unwrap();
        assert!(folded == plain);
    }
    let gateway = Gateway::with_file(plain.clone()).await;
    let file = receipt(&gateway, "SHA256", b"another").file.unwrap();
    let error = gateway
        .client()
        .download(&file)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Digest), "{error:?}");
    assert_eq!((gateway.requests(), gateway.left().len()), (1, 0));
    let file = receipt(&gateway, "SM3", &plain).file.unwrap();
    let error = gateway
        .client()
        .download(&file)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the digest SM3 of the file is not supported; SHA1 and SHA256 are"
    );
    assert_eq!((gateway.requests(), gateway.left().len()), (1, 0));
}

#[tokio::test]
async fn a_picture_is_returned_as_unverified_and_its_request_is_signed() {
    let gateway = Gateway::new(|_| {
        let mut reply = pieces(200, PNG.chunks(3).map(Bytes::from_static).collect());
        reply
            .headers_mut()
            .insert("content-type", "image/png".parse().unwrap());
        reply
    })
    .await;
    let picture = image(&gateway).bytes().await.unwrap();
    assert_eq!(picture.content_type(), Some("image/png"));
    assert_eq!(picture.unverified(), PNG);
    assert!(!format!("{picture:?}").contains("PNG"));
    let saved = image(&gateway).save_to(gateway.target()).await.unwrap();
    assert_eq!(saved.content_type(), Some("image/png"));
    let saved = saved.into_unverified();
    assert_eq!(
        (saved.length(), std::fs::read(saved.path()).unwrap()),
        (PNG.len() as u64, PNG.to_vec())
    );
    let taken = image(&gateway).save_to(gateway.target()).await.unwrap_err();
    assert!(matches!(taken, DownloadError::Exists));
    image(&gateway)
        .overwrite()
        .save_to(gateway.target())
        .await
        .unwrap();
    let url = DownloadUrl::new(&format!("{}/v3/merchant-service/images/x", gateway.base));
    let picture = gateway
        .client()
        .download_unverified_from(&url)
        .bytes()
        .await
        .unwrap();
    assert_eq!(picture.into_unverified(), PNG);
    for (uri, headers) in gateway.seen.lock().unwrap().iter() {
        assert!(uri.path().starts_with("/v3/merchant-service/images/"));
        assert!(
            headers["authorization"]
                .to_str()
                .unwrap()
                .starts_with("WECHATPAY2-")
        );
        assert_eq!(headers["accept"], "*/*");
    }
    assert_eq!(
        gateway.seen.lock().unwrap()[0].0,
        "/v3/merchant-service/images/a%2Fb%3Fc"
    );
}

#[tokio::test]
async fn a_picture_that_is_too_long_a_page_or_redirected_is_an_error() {
    let long = vec![0; 5000];
    let announced = Gateway::with_file(long.clone()).await;
    let error = failure(&announced, image(&announced).limit(4999)).await;
    assert!(
        matches!(error, DownloadError::TooLarge { limit: 4999 }),
        "{error:?}"
    );
    image(&announced).limit(5000).bytes().await.unwrap();

    for (kind, is_page) in [
        ("text/html", true),
        ("Text/HTML; charset=utf-8", true),
        ("text/plain", false),
    ] {
        let gateway = Gateway::new(move |_| {
            let mut reply = pieces(200, vec![Bytes::from_static(b"<html>Sign in to the hotel")]);
            reply.headers_mut().insert("content-type", kind.parse().unwrap());
            reply
        })
        .await;
        let outcome = image(&gateway).bytes().await;
        assert_eq!(matches!(outcome, Err(DownloadError::Page)), is_page, "{kind}");
    }

    let elsewhere = Gateway::with_file(PNG).await;
    let location = format!("{}/x", elsewhere.base);
    let gateway = Gateway::new(move |_| {
        let mut reply = pieces(302, vec![]);
        reply.headers_mut().insert("location", location.parse().unwrap());
        reply
    })
    .await;
    let error = failure(&gateway, image(&gateway)).await;
    assert!(
        matches!(error, DownloadError::Redirect { status } if status == StatusCode::FOUND),
        "{error:?}"
    );
    assert_eq!(elsewhere.requests(), 0);

    // Nothing here is unpacked, so a file that is packed on the way would be another one.
    let packed = Gateway::new(|_| {
        let mut reply = pieces(200, vec![pack(PNG).into()]);
        reply
            .headers_mut()
            .insert("content-encoding", "gzip".parse().unwrap());
        reply
    })
    .await;
    assert!(matches!(
        failure(&packed, image(&packed)).await,
        DownloadError::Encoded
    ));

    let refused = Gateway::new(|_| refusal(404, "NOT_FOUND")).await;
    let error = failure(&refused, image(&refused)).await;
    let DownloadError::Call(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.outcome(), Outcome::Unknown);
    let text = error.to_string();
    assert!(
        text.starts_with("GET /v3/merchant-service/images/{media_id} was refused: 404 NOT_FOUND"),
        "{text}"
    );
    let quiet = Gateway::new(|_| {
        use http_body_util::{BodyExt as _, StreamBody};
        let frames = tokio_stream::pending::<Result<http_body::Frame<Bytes>, wechatpay_core::BoxError>>();
        axum::response::Response::new(StreamBody::new(frames).boxed_unsync())
    })
    .await;
    let error = failure(&quiet, image(&quiet).stall(Duration::from_millis(50))).await;
    assert!(matches!(error, DownloadError::Stalled(_)), "{error:?}");
}

#[tokio::test]
async fn nothing_is_sent_for_an_invalid_path_or_to_a_foreign_host() {
    let gateway = Gateway::with_file(PNG).await;
    let client = gateway.client();
    for (download, words) in [
        (client.download_unverified(IMAGE), "has no value"),
        (client.download_unverified("v3/images"), "start with a slash"),
        (client.download_unverified("/v3/images?x=y"), "has a query"),
        (
            client.download_unverified("/v3/images").path_value("a", "b"),
            "no placeholder",
        ),
    ] {
        let error = failure(&gateway, download).await;
        let DownloadError::Call(error @ CallError::Request(_)) = error else {
            panic!("{error:?}")
        };
        assert!(error.to_string().contains(words), "{error}");
    }
    for url in [
        "https://evil.example/v3/merchant-service/images/x",
        "http://api.mch.weixin.qq.com/x",
        "https://api.mch.weixin.qq.com@evil.example/x",
    ] {
        let error = failure(&gateway, client.download_unverified_from(&DownloadUrl::new(url))).await;
        assert!(
            matches!(error, DownloadError::HostNotAllowed { .. }),
            "{url}: {error:?}"
        );
    }
    assert_eq!(gateway.requests(), 0);
}
