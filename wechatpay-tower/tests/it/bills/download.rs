//! Downloads that succeed: saved, folded, packed or plain, with progress.

use std::sync::{Arc, Mutex};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::json;
use wechatpay_core::{
    api::bills::GetTradeBill,
    bills::TradeBillReader,
    sign::Authorization,
    testing::{DEMO_MCHID, DemoKey, FakePlatform},
};
use wechatpay_tower::{
    CallError, Error,
    client::{Outcome, UnknownCause},
    download::{DownloadError, Progress},
};

use super::{Gateway, pack, pieces, sha1, trade_bill};

#[tokio::test]
async fn a_bill_is_saved_and_folded_packed_or_plain_in_pieces_of_any_size() {
    let plain = trade_bill(3000);
    let packed = pack(&plain);
    for file in [&plain, &packed] {
        for size in [1_000_000, 1499, 7] {
            let parts: Vec<Bytes> = file.chunks(size).map(Bytes::copy_from_slice).collect();
            let gateway = Gateway::new(move |_| pieces(200, parts.clone())).await;
            let saved = gateway.download(&plain).save_to(gateway.target()).await.unwrap();
            assert_eq!(
                (saved.length(), saved.path()),
                (plain.len() as u64, gateway.target().as_path())
            );
            assert!(std::fs::read(saved.path()).unwrap() == plain);
            assert_eq!(gateway.left(), ["2024-01-31.csv"]);

            let (mut reader, mut rows) = (TradeBillReader::new(), 0);
            saved
                .read::<DownloadError>(|bytes| {
                    reader.feed(bytes, |_| {
                        rows += 1;
                        Ok(())
                    })
                })
                .unwrap();
            assert_eq!((reader.finish().unwrap().totals().count, rows), (3000, 3000));

            let reader = gateway
                .download(&plain)
                .fold(TradeBillReader::new(), |reader, bytes| {
                    reader.feed(bytes, |_| Ok(()))
                })
                .await
                .unwrap();
            assert_eq!(reader.finish().unwrap().totals().count, 3000);
        }
    }
}

#[tokio::test]
async fn each_attempt_is_signed_over_the_path_and_query_as_sent() {
    let gateway = Gateway::with_file("x").await;
    gateway.download(b"x").fold((), |(), _| Ok(())).await.unwrap();
    gateway.download(b"x").fold((), |(), _| Ok(())).await.unwrap();
    let seen = gateway.seen.lock().unwrap();
    let merchant = gateway.platform.demo_key(DemoKey::Merchant);
    let key = gateway
        .platform
        .provider()
        .public_key(merchant.public_key_info())
        .unwrap();
    let mut nonces = Vec::new();
    for (uri, headers) in seen.iter() {
        assert_eq!(uri, "/v3/billdownload/file?token=a%2Bb&tartype=gzip");
        assert_eq!(headers["accept"], "*/*");
        let authorization = Authorization::parse(headers["authorization"].to_str().unwrap()).unwrap();
        assert_eq!(authorization.mchid.as_str(), DEMO_MCHID);
        let message = format!(
            "GET\n{uri}\n{}\n{}\n\n",
            authorization.timestamp, authorization.nonce
        );
        let signature = STANDARD.decode(&authorization.signature).unwrap();
        key.verify(&[message.as_bytes()], &signature).unwrap();
        nonces.push(authorization.nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn a_requested_bill_is_parsed_to_its_rows() {
    let plain = trade_bill(10);
    let file = pack(&plain);
    let platform = FakePlatform::new();
    let base: Arc<Mutex<String>> = Arc::default();
    let (digest, at) = (sha1(&plain), Arc::clone(&base));
    let gateway = Gateway::new(move |before| {
        if before > 0 {
            return pieces(200, vec![Bytes::copy_from_slice(&file)]);
        }
        let url = format!(" {}/v3/billdownload/file?token=x", at.lock().unwrap());
        let body = json!({"hash_type": "SHA1", "hash_value": digest, "download_url": url}).to_string();
        let mut response = pieces(200, vec![Bytes::from(body.clone())]);
        for (name, value) in platform.sign(body.as_bytes()) {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            response.headers_mut().insert(name, value.try_into().unwrap());
        }
        response
    })
    .await;
    base.lock().unwrap().clone_from(&gateway.base);
    let client = gateway.client();
    let bill = client
        .call(&GetTradeBill::new("2024-01-31".parse().unwrap()))
        .await
        .unwrap();
    let reader = client
        .download(&bill)
        .fold(TradeBillReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| Ok(()))
        })
        .await
        .unwrap();
    assert_eq!(reader.finish().unwrap().totals().count, 10);
}

#[tokio::test]
async fn an_unsigned_announcement_is_an_error() {
    let gateway = Gateway::new(|_| {
        let body = json!({"hash_type": "SHA1", "hash_value": "0".repeat(40), "download_url": "https://x/y"});
        pieces(200, vec![body.to_string().into()])
    })
    .await;
    let error = gateway
        .client()
        .call(&GetTradeBill::new("2024-01-31".parse().unwrap()))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(matches!(
        error,
        CallError::Read {
            cause: UnknownCause::Layer(Error::Verify(_)),
            ..
        }
    ));
}

#[tokio::test]
async fn progress_reports_received_and_unpacked_bytes() {
    let plain = trade_bill(3000);
    let packed = pack(&plain);
    let length = packed.len() as u64;
    let gateway = Gateway::new(move |_| {
        let mut response = pieces(200, packed.chunks(1000).map(Bytes::copy_from_slice).collect());
        response.headers_mut().insert("content-length", length.into());
        response
    })
    .await;
    let mut told: Vec<Progress> = Vec::new();
    gateway
        .download(&plain)
        .progress(|progress| told.push(progress))
        .save_to(gateway.target())
        .await
        .unwrap();
    assert!(told.len() > 2);
    assert!(told.is_sorted_by_key(|progress| (progress.received, progress.unpacked)));
    let last = told.last().unwrap();
    assert_eq!(
        (last.received, last.expected, last.unpacked),
        (length, Some(length), plain.len() as u64)
    );
}
