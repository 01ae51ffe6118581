//! Bill files over a socket: what is accepted, and for each way of being wrong its own error and nothing left behind.
#![cfg(all(feature = "bills", feature = "hyper"))]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use aes_gcm::{AesGcm, KeyInit as _, aead::AeadInOut as _};
use axum::{Router, extract::State, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody, combinators::UnsyncBoxBody};
use serde_json::json;
use wechatpay_core::{
    BoxError,
    api::bills::{
        BillAccount, BillAlgorithm, BillFile, EncryptedBillFile, GetEcommerceFundFlowBill, GetTradeBill,
    },
    bills::{BillProblem, TradeBillReader},
    crypto::aead_stream::InvalidStreamKey,
    sign::Authorization,
    testing::{DEMO_MCHID, DemoKey, FakePlatform},
    verify::Verifier,
};
use wechatpay_tower::{
    CallError, Client, Error,
    bills::{BillError, BillLimits, Download, Progress},
    client::{Outcome, UnknownCause},
    hyper::HyperTransport,
    retry::RetryPolicy,
};

use crate::support::temporary_directory;

type Body = UnsyncBoxBody<Bytes, BoxError>;
type Answer = Arc<dyn Fn(usize) -> Response<Body> + Send + Sync>;

/// A gateway on a socket with one file.
struct Gateway {
    base: String,
    platform: FakePlatform,
    seen: Arc<Mutex<Vec<(Uri, HeaderMap)>>>,
    directory: PathBuf,
}

impl Gateway {
    /// `answer` is told how many requests came before.
    async fn new(answer: impl Fn(usize) -> Response<Body> + Send + Sync + 'static) -> Self {
        type Shared = (Arc<Mutex<Vec<(Uri, HeaderMap)>>>, Answer);
        async fn take(State((seen, answer)): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
            let before = {
                let mut seen = seen.lock().unwrap();
                seen.push((uri, headers));
                seen.len() - 1
            };
            answer(before)
        }
        let seen: Arc<Mutex<_>> = Arc::default();
        let router = Router::new()
            .fallback(take)
            .with_state((Arc::clone(&seen), Arc::new(answer) as Answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            base,
            platform: FakePlatform::new(),
            seen,
            directory: temporary_directory(),
        }
    }

    /// Answers every request with these bytes.
    async fn with_file(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::new(move |_| pieces(200, vec![bytes.clone()])).await
    }

    fn client(&self) -> Client {
        Client::builder(self.platform.request_signer())
            .base_url(self.base.as_str())
            .retry(RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(1)))
            .service(
                HyperTransport::new().unwrap(),
                Verifier::new(self.platform.key_store()),
            )
            .unwrap()
    }

    fn bill(&self, plain: &[u8]) -> BillFile {
        bill(
            &format!("{}/v3/billdownload/file?token=a%2Bb&tartype=gzip", self.base),
            plain,
        )
    }

    fn download(&self, plain: &[u8]) -> Download<'static> {
        self.client().download(&self.bill(plain))
    }

    fn target(&self) -> PathBuf {
        self.directory.join("2024-01-31.csv")
    }

    /// What is in the directory.
    fn left(&self) -> Vec<String> {
        names(&self.directory)
    }

    /// Waits until a file is there.
    async fn fills(&self) {
        while self.left().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until nothing is there: a thread may be at it still.
    async fn empties(&self) {
        let empty = async {
            while !self.left().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), empty).await;
        assert!(waited.is_ok(), "{:?}", self.left());
    }

    fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Saves and folds; both must fail alike and leave nothing.
    async fn failure(&self, plain: &[u8]) -> BillError {
        let folded = self.download(plain).fold((), |(), _| Ok(())).await.unwrap_err();
        let saved = self.download(plain).save_to(self.target()).await.unwrap_err();
        assert_eq!(
            std::mem::discriminant(&folded),
            std::mem::discriminant(&saved),
            "{folded:?} {saved:?}"
        );
        assert!(self.left().is_empty(), "{:?} after {saved:?}", self.left());
        saved
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn names(directory: &Path) -> Vec<String> {
    std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn bill(url: &str, plain: &[u8]) -> BillFile {
    serde_json::from_value(json!({"hash_type": "SHA1", "hash_value": sha1(plain), "download_url": url}))
        .unwrap()
}

fn sha1(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// An answer in these pieces.
fn pieces(status: u16, parts: Vec<Bytes>) -> Response<Body> {
    let frames = parts.into_iter().map(|part| Ok::<_, BoxError>(Frame::data(part)));
    let mut answer = Response::new(StreamBody::new(tokio_stream::iter(frames)).boxed_unsync());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

fn refusal(status: u16, code: &str) -> Response<Body> {
    let body = json!({"code": code, "message": "下载链接已失效，请重新申请"}).to_string();
    pieces(status, vec![body.into()])
}

/// A bill of so many rows that adds up.
fn trade_bill(rows: u32) -> Vec<u8> {
    let mut text =
        String::from("\u{feff}交易时间,微信订单号,商户订单号,交易状态,订单金额,手续费,商品名称\r\n");
    let mut total = 0;
    for row in 0..rows {
        let yuan = row * 7919 % 1000;
        total += u64::from(yuan);
        text += &format!(
            "`2024-01-31 09:00:00,`42000{row:08},`ORDER-{row:08},`SUCCESS,`{yuan}.00,`0.00000,`茶, 第 {row} 号\r\n"
        );
    }
    text += &format!("总交易单数,订单总金额,手续费总金额\r\n`{rows},`{total}.00,`0.00000\r\n");
    text.into_bytes()
}

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
                .read::<BillError>(|bytes| {
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
async fn the_request_is_signed_anew_over_the_path_and_query_as_they_are() {
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
async fn from_the_bill_that_is_asked_for_to_its_rows() {
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
        let mut answer = pieces(200, vec![Bytes::from(body.clone())]);
        for (name, value) in platform.sign(body.as_bytes()) {
            let name = http::HeaderName::from_bytes(name.as_bytes()).unwrap();
            answer.headers_mut().insert(name, value.try_into().unwrap());
        }
        answer
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
async fn an_address_that_nobody_signed_is_none() {
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
async fn progress_is_told() {
    let plain = trade_bill(3000);
    let packed = pack(&plain);
    let length = packed.len() as u64;
    let gateway = Gateway::new(move |_| {
        let mut answer = pieces(200, packed.chunks(1000).map(Bytes::copy_from_slice).collect());
        answer.headers_mut().insert("content-length", length.into());
        answer
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

// What is refused

#[tokio::test]
async fn another_digest_is_refused() {
    let plain = trade_bill(3000);
    for file in [plain.clone(), pack(&plain)] {
        let gateway = Gateway::with_file(file).await;
        assert!(matches!(
            gateway.failure(b"another file").await,
            BillError::Digest
        ));
    }
    // The digest is of the file when it is unpacked.
    let packed = pack(&plain);
    let gateway = Gateway::with_file(packed.clone()).await;
    assert!(matches!(gateway.failure(&packed).await, BillError::Digest));
    let empty = Gateway::new(|_| pieces(200, vec![])).await;
    assert!(matches!(empty.failure(&plain).await, BillError::Digest));
    empty.download(b"").save_to(empty.target()).await.unwrap();
}

#[tokio::test]
async fn a_digest_that_is_none_is_refused_before_anything_is_sent() {
    let gateway = Gateway::with_file("x").await;
    for (hash_type, value) in [("SHA1", "abc"), ("SHA256", "00"), ("SHA1", "")] {
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
        assert!(
            matches!(error, BillError::MalformedHash | BillError::UnknownHash(_)),
            "{error:?}"
        );
    }
    assert_eq!((gateway.requests(), gateway.left().len()), (0, 0));
}

#[tokio::test]
async fn a_foreign_host_sees_no_signature() {
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
                matches!(error, BillError::HostNotAllowed { .. }),
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
    assert!(matches!(error, Err(BillError::NotAUrl)));
    assert_eq!((gateway.requests(), gateway.left().len()), (0, 0));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Gateway::with_file("x").await;
        let location = format!("{}/x", elsewhere.base);
        let gateway = Gateway::new(move |_| {
            let mut answer = pieces(status, vec![]);
            answer.headers_mut().insert("location", location.parse().unwrap());
            answer
        })
        .await;
        let error = gateway.failure(b"x").await;
        assert!(
            matches!(error, BillError::Redirect { status: found } if found == status),
            "{error:?}"
        );
        assert_eq!(elsewhere.requests(), 0);
    }
}

#[tokio::test]
async fn an_address_that_expired_is_not_asked_for_again() {
    let gateway = Gateway::new(|_| refusal(400, "INVALID_REQUEST")).await;
    let error = gateway.failure(b"x").await;
    let BillError::Expired(refusal) = &error else {
        panic!("{error:?}")
    };
    assert!(refusal.is("INVALID_REQUEST") && !refusal.is_authentic());
    assert!(error.is_retryable());
    assert_eq!(gateway.requests(), 2, "one for each of the two");
}

#[tokio::test]
async fn refusals_are_the_platforms_and_overload_passes() {
    let gateway = Gateway::new(|_| refusal(403, "NO_AUTH")).await;
    let BillError::Call(error) = gateway.failure(b"x").await else {
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
    let BillError::Call(error) = gateway.failure(b"x").await else {
        panic!()
    };
    assert_eq!(error.attempts().count(), 3);
}

#[tokio::test]
async fn a_bomb_is_stopped_long_before_it_is_unpacked() {
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
    assert!(matches!(error, BillError::Ratio { limit: 200 }), "{error:?}");
    assert!(unpacked <= 200 * bomb.len() as u64);
    assert!(matches!(gateway.failure(b"x").await, BillError::Ratio { .. }));

    // What stays below the ratio is stopped by its length.
    let limits = BillLimits::default().ratio(100_000).unpacked(5 << 20);
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
    assert!(matches!(error, BillError::TooLarge { limit } if limit == 5 << 20));
    assert!(taken <= 5 << 20);
    let saved = gateway
        .download(b"x")
        .limits(limits)
        .save_to(gateway.target())
        .await;
    assert!(saved.is_err() && gateway.left().is_empty());
}

#[tokio::test]
async fn a_file_without_an_end_is_stopped() {
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
            .limits(BillLimits::default().received(1 << 20))
    };
    let error = download().save_to(gateway.target()).await.unwrap_err();
    assert!(matches!(error, BillError::TooLarge { limit } if limit == 1 << 20));
    assert!(gateway.left().is_empty());
    // One that announces its length is not even begun.
    let gateway = Gateway::new(|_| {
        let mut answer = pieces(200, vec![Bytes::from(vec![b'x'; 1000])]);
        answer.headers_mut().insert("content-length", 1000.into());
        answer
    })
    .await;
    let limits = BillLimits::default().received(999);
    let error = gateway
        .download(b"x")
        .limits(limits)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, BillError::TooLarge { limit: 999 }));
    assert!(gateway.left().is_empty());
}

#[tokio::test]
async fn a_file_that_breaks_off_is_refused() {
    let plain = trade_bill(3000);
    let packed = pack(&plain);
    // The packed file ends before its end, and the transfer does not know.
    let half = Bytes::copy_from_slice(&packed[..packed.len() / 2]);
    let gateway = Gateway::with_file(half.clone()).await;
    assert!(matches!(gateway.failure(&plain).await, BillError::Truncated));
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
        matches!(error, BillError::BrokenOff(_)) && error.is_retryable(),
        "{error:?}"
    );
    // Something follows the packed file.
    let gateway = Gateway::with_file([&packed[..], b"<!-- proxy -->"].concat()).await;
    assert!(matches!(gateway.failure(&plain).await, BillError::Corrupt));
    // The packed file is broken in the middle.
    let mut broken = packed.clone();
    broken[packed.len() / 2] ^= 0x55;
    let gateway = Gateway::with_file(broken).await;
    assert!(matches!(
        gateway.failure(&plain).await,
        BillError::Corrupt | BillError::Digest
    ));
}

#[tokio::test]
async fn a_file_that_stops_coming_is_given_up() {
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
    assert!(matches!(error, BillError::Stalled(after) if after == stall));
    assert!(gateway.left().is_empty());
}

#[tokio::test]
async fn an_encoding_that_is_not_known_is_refused() {
    for (encoding, accepted) in [("gzip", true), ("identity", true), ("br", false), ("zstd", false)] {
        let plain = trade_bill(10);
        let packed = pack(&plain);
        let gateway = Gateway::new(move |_| {
            let mut answer = pieces(200, vec![Bytes::copy_from_slice(&packed)]);
            answer
                .headers_mut()
                .insert("content-encoding", encoding.parse().unwrap());
            answer
        })
        .await;
        let result = gateway.download(&plain).fold((), |(), _| Ok(())).await;
        assert_eq!(result.is_ok(), accepted, "{encoding}");
        assert!(accepted || matches!(result, Err(BillError::Encoded)));
    }
}

#[tokio::test]
async fn what_the_reader_refuses_ends_the_download() {
    let plain = b"<html>,this is no bill</html>\n".to_vec();
    let gateway = Gateway::with_file(plain.clone()).await;
    let error = gateway
        .download(&plain)
        .fold(TradeBillReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| Ok(()))
        })
        .await
        .unwrap_err();
    let BillError::Format(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.problem(), BillProblem::NoHeader);
    let error = gateway
        .download(&plain)
        .fold((), |(), _| Err(BillError::Taker("enough".into())))
        .await
        .unwrap_err();
    assert!(matches!(error, BillError::Taker(_)));
}

#[tokio::test]
async fn nothing_is_given_out_before_the_digest_was_right() {
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
    assert!(matches!(result, Err(BillError::Digest)));
}

// Files

#[tokio::test]
async fn a_file_is_for_its_owner_and_replaces_nothing_unasked() {
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
    assert!(matches!(error, BillError::Exists));
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
    assert!(matches!(error, BillError::Io(_)), "{error:?}");
}

#[tokio::test]
async fn a_file_that_appears_meanwhile_is_not_replaced() {
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
    assert!(matches!(error, BillError::Exists));
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
    assert!(matches!(error, BillError::Exists));
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
    assert!(matches!(error, BillError::Exists));
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
async fn a_download_that_is_dropped_while_its_file_is_made_leaves_nothing() {
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

// Encrypted bills

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
        assert!(matches!(error, BillError::NotAuthentic), "{name}: {error:?}");
        assert_eq!(taken, 0, "{name}");
        let error = gateway
            .download_part(&plain)
            .save_to(gateway.target())
            .await
            .unwrap_err();
        assert!(matches!(error, BillError::NotAuthentic), "{name}: {error:?}");
        assert!(gateway.left().is_empty(), "{name}");
    }
    // Authentic, and not the file that was announced.
    let gateway = Gateway::with_file(seal(&KEY, &NONCE, b"another")).await;
    let error = gateway
        .download_part(&plain)
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(error, BillError::Digest) && gateway.left().is_empty());
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_before_anything_is_sent() {
    let gateway = Gateway::with_file(seal(&KEY, &NONCE, b"x")).await;
    let nonce = std::str::from_utf8(&NONCE).unwrap();
    let download = |part: &EncryptedBillFile| gateway.client().download_part(part);
    let short = gateway.part(b"x", b"0123456789abcdef", nonce);
    let error = download(&short).save_to(gateway.target()).await.unwrap_err();
    assert!(matches!(
        error,
        BillError::Key(InvalidStreamKey::Key { length: 16 })
    ));
    let error = download(&gateway.part(b"x", &KEY, "short"))
        .save_to(gateway.target())
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        BillError::Key(InvalidStreamKey::Nonce { length: 5 })
    ));
    for key in ["no base64!", "AAAA"] {
        let mut part = gateway.part(b"x", &KEY, nonce);
        part.encrypt_key = key.into();
        let error = download(&part).save_to(gateway.target()).await.unwrap_err();
        assert!(matches!(error, BillError::KeyNotForUs), "{key}: {error:?}");
    }
    let part = gateway.part(b"x", &KEY, nonce);
    let error = download(&part).fold((), |(), _| Ok(())).await.unwrap_err();
    assert!(matches!(error, BillError::NoTempDir));
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
fn encrypted_bills_are_asked_for_by_type() {
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
