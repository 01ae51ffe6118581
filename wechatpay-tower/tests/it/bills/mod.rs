//! Downloads of bills over a socket.
#![cfg(all(feature = "bills", feature = "hyper"))]

mod download;
mod encrypted;
mod files;
mod refused;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody, combinators::UnsyncBoxBody};
use serde_json::json;
use wechatpay_core::{BoxError, api::bills::BillFile, testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{
    Client,
    download::{Download, DownloadError},
    hyper::HyperTransport,
    retry::RetryPolicy,
};

use crate::support::temporary_directory;

type Body = UnsyncBoxBody<Bytes, BoxError>;

type Respond = Arc<dyn Fn(usize) -> Response<Body> + Send + Sync>;

/// A gateway on a socket with one file.
pub(crate) struct Gateway {
    pub(crate) base: String,
    platform: FakePlatform,
    pub(crate) seen: Arc<Mutex<Vec<(Uri, HeaderMap)>>>,
    directory: PathBuf,
}

impl Gateway {
    /// Starts a gateway; `reply` receives the number of earlier requests.
    pub(crate) async fn new(reply: impl Fn(usize) -> Response<Body> + Send + Sync + 'static) -> Self {
        type Shared = (Arc<Mutex<Vec<(Uri, HeaderMap)>>>, Respond);
        async fn take(State((seen, reply)): State<Shared>, uri: Uri, headers: HeaderMap) -> Response<Body> {
            let before = {
                let mut seen = seen.lock().unwrap();
                seen.push((uri, headers));
                seen.len() - 1
            };
            reply(before)
        }
        let seen: Arc<Mutex<_>> = Arc::default();
        let router = Router::new()
            .fallback(take)
            .with_state((Arc::clone(&seen), Arc::new(reply) as Respond));
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

    /// Starts a gateway that responds to every request with these bytes.
    pub(crate) async fn with_file(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::new(move |_| pieces(200, vec![bytes.clone()])).await
    }

    pub(crate) fn client(&self) -> Client {
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

    pub(crate) fn target(&self) -> PathBuf {
        self.directory.join("2024-01-31.csv")
    }

    /// Returns the content of the directory.
    pub(crate) fn left(&self) -> Vec<String> {
        names(&self.directory)
    }

    /// Waits until the directory has a file.
    async fn fills(&self) {
        while self.left().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until the directory is empty: a thread may still be at work.
    async fn empties(&self) {
        let empty = async {
            while !self.left().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), empty).await;
        assert!(waited.is_ok(), "{:?}", self.left());
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Saves and folds; asserts that both fail alike and leave nothing.
    async fn failure(&self, plain: &[u8]) -> DownloadError {
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

pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// Makes a response of these pieces.
pub(crate) fn pieces(status: u16, parts: Vec<Bytes>) -> Response<Body> {
    let frames = parts.into_iter().map(|part| Ok::<_, BoxError>(Frame::data(part)));
    let mut reply = Response::new(StreamBody::new(tokio_stream::iter(frames)).boxed_unsync());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap();
    reply
}

pub(crate) fn refusal(status: u16, code: &str) -> Response<Body> {
    let body = json!({"code": code, "message": "下载链接已失效，请重新申请"}).to_string();
    pieces(status, vec![body.into()])
}

/// Makes a bill with this number of rows and right totals.
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
