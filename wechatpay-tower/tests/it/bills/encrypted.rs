//! Bills that are encrypted for the merchant.

use aes_gcm::{AesGcm, KeyInit as _, aead::AeadInOut as _};
use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use serde_json::json;
use wechatpay_core::{
    BoxError,
    api::bills::{BillAccount, BillAlgorithm, EncryptedBillFile, GetEcommerceFundFlowBill},
    crypto::aead_stream::InvalidStreamKey,
    testing::{DemoKey, FakePlatform},
    verify::Verifier,
};
use wechatpay_tower::{
    Client,
    download::{Download, DownloadError, Progress},
    hyper::HyperTransport,
};

use super::{Gateway, bill, pack, pieces, sha1, trade_bill};

fn seal(key: &[u8; 32], nonce: &[u8; 16], plain: &[u8]) -> Vec<u8> {
    let mut sealed = plain.to_vec();
    AesGcm::<aes_gcm::aes::Aes256, aes_gcm::aead::array::typenum::U16>::new(key.into())
        .encrypt_in_place(nonce.into(), b"", &mut sealed)
        .unwrap();
    sealed
}

const KEY: [u8; 32] = *b"0123456789abcdef0123456789ABCDEF";
const NONCE: [u8; 16] = *b"fdasfjihihihlkja";

impl Gateway {
    fn part(&self, plain: &[u8], key: &[u8], nonce: &str) -> EncryptedBillFile {
        let merchant = self.platform.demo_key(DemoKey::Merchant);
        let public = self
            .platform
            .provider()
            .public_key(merchant.public_key_info())
            .unwrap();
        serde_json::from_value(json!({
            "bill_sequence": 1, "hash_type": "SHA1", "hash_value": sha1(plain),
            "download_url": format!("{}/v3/billdownload/file?token=x", self.base),
            "encrypt_key": STANDARD.encode(public.encrypt(key).unwrap()), "nonce": nonce,
        }))
        .unwrap()
    }

    fn download_part(&self, plain: &[u8]) -> Download<'static> {
        self.client()
            .download_part(&self.part(plain, &KEY, std::str::from_utf8(&NONCE).unwrap()))
    }
}

#[tokio::test]
async fn an_encrypted_bill_is_decrypted_unpacked_and_saved() {
    for plain in [trade_bill(30_000), b"x".to_vec(), Vec::new()] {
        for inner in [plain.clone(), pack(&plain)] {
            let sealed = seal(&KEY, &NONCE, &inner);
            for size in [1 << 22, 1 << 16, 5] {
                if sealed.len() / size > 100_000 {
                    continue;
                }
                let parts: Vec<Bytes> = sealed.chunks(size).map(Bytes::copy_from_slice).collect();
                let gateway = Gateway::new(move |_| pieces(200, parts.clone())).await;
                let mut last = Progress::default();
                let saved = gateway
                    .download_part(&plain)
                    .progress(|progress| last = progress)
                    .save_to(gateway.target())
                    .await
                    .unwrap();
                assert!(std::fs::read(saved.path()).unwrap() == plain);
                assert_eq!(gateway.left(), ["2024-01-31.csv"]);
                assert_eq!(
                    (last.received, last.unpacked),
                    (sealed.len() as u64, plain.len() as u64)
                );
                let folded = gateway
                    .download_part(&plain)
                    .temp_dir(&gateway.directory)
                    .fold(Vec::new(), |all, bytes| {
                        all.extend_from_slice(bytes);
                        Ok(())
                    })
                    .await
                    .unwrap();
                assert!(folded == plain);
                assert_eq!(gateway.left(), ["2024-01-31.csv"]);
            }
        }
    }
}

#[tokio::test]
async fn a_bill_that_is_not_authentic_is_never_decrypted() {
    let plain = trade_bill(3000);
    let sealed = seal(&KEY, &NONCE, &pack(&plain));
    let mut changed = sealed.clone();
    changed[1000] ^= 1;
    let mut tag = sealed.clone();
    *tag.last_mut().unwrap() ^= 1;
    for (name, file) in [
        ("changed", changed),
        ("another tag", tag),
        ("cut off", sealed[..sealed.len() - 1].to_vec()),
        ("longer", [&sealed[..], b"x"].concat()),
        ("only a tag", sealed[sealed.len() - 16..].to_vec()),
        ("not even a tag", sealed[..15].to_vec()),
        ("nothing", Vec::new()),
        ("plain", plain.clone()),
    ] {
        let gateway = Gateway::with_file(file).await;
        let mut taken = 0;
        let error = gateway
            .download_part(&plain)
            .temp_dir(&gateway.directory)
            .fold((), |(), _| {
                taken += 1;
                Ok(())
            })
            .await
            .unwrap_err();
        assert!(matches!(error, DownloadError::NotAuthentic), "{name}: {error:?}");
        assert_eq!(taken, 0, "{name}");
        let error = gateway
            .download_part(&plain)
            .save_to(gateway.target())
            .await
            .unwrap_err();
        assert!(matches!(error, DownloadError::NotAuthentic), "{name}: {error:?}");
        assert!(gateway.left().is_empty(), "{name}");
    }
    // Authentic, and not the file that was announced.
    let gateway = Gateway::with_file(seal(&KEY, &NONCE, b"another")).await;
    let error = gateway
        .download_part(&plain)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, DownloadError::Digest) && gateway.left().is_empty());
}

#[tokio::test]
async fn a_malformed_key_is_an_error_before_anything_is_sent() {
    let gateway = Gateway::with_file(seal(&KEY, &NONCE, b"x")).await;
    let nonce = std::str::from_utf8(&NONCE).unwrap();
    let download = |part: &EncryptedBillFile| gateway.client().download_part(part);
    let short = gateway.part(b"x", b"0123456789abcdef", nonce);
    let error = download(&short).save_to(gateway.target()).await.unwrap_err();
    assert!(matches!(
        error,
        DownloadError::Key(InvalidStreamKey::Key { length: 16 })
    ));
    let error = download(&gateway.part(b"x", &KEY, "short"))
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        DownloadError::Key(InvalidStreamKey::Nonce { length: 5 })
    ));
    for key in ["no base64!", "AAAA"] {
        let mut part = gateway.part(b"x", &KEY, nonce);
        part.encrypt_key = key.into();
        let error = download(&part).save_to(gateway.target()).await.unwrap_err();
        assert!(matches!(error, DownloadError::KeyNotForUs), "{key}: {error:?}");
    }
    let part = gateway.part(b"x", &KEY, nonce);
    let error = download(&part).fold((), |(), _| Ok(())).await.unwrap_err();
    assert!(matches!(error, DownloadError::NoTempDir));
    assert_eq!((gateway.requests(), gateway.left().len()), (0, 0));
}

#[tokio::test]
async fn an_encrypted_download_that_is_dropped_leaves_nothing() {
    let gateway = Gateway::new(|_| {
        let first = tokio_stream::iter([Ok::<_, BoxError>(Frame::data(Bytes::from(vec![7; 3 << 20])))]);
        let body = StreamBody::new(tokio_stream::StreamExt::chain(first, tokio_stream::pending()));
        Response::new(body.boxed_unsync())
    })
    .await;
    let download = gateway.download_part(b"x").save_to(gateway.target());
    tokio::select! {
        result = download => panic!("{result:?}"),
        () = gateway.fills() => {}
    }
    gateway.empties().await;
}

#[test]
fn encrypted_bills_are_requested_by_type() {
    let request = GetEcommerceFundFlowBill::new(
        "2024-01-31".parse().unwrap(),
        BillAccount::All,
        BillAlgorithm::Aes256Gcm,
    );
    assert_eq!(request.account_type, BillAccount::All);
    fn sendable<T: Send>(_: T) {}
    let platform = FakePlatform::new();
    let client = Client::builder(platform.request_signer())
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    let file = bill("https://api.mch.weixin.qq.com/x", b"x");
    sendable(client.download(&file).save_to("x"));
    sendable(client.download(&file).fold(0, |_, _| Ok(())));
    assert!(!format!("{:?}", client.download(&file)).contains("token"));
}
