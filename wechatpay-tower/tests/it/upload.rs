//! Uploads, whose form is parsed independently and whose signature covers `meta` alone.
#![cfg(all(feature = "hyper", feature = "reqwest"))]

use std::{path::PathBuf, sync::Arc};

use axum::{Router, extract::State, http::HeaderMap, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Uri;
use sha2::{Digest as _, Sha256};
use wechatpay_core::{
    api::media::{InvalidMediaName, MediaKind},
    sign::Authorization,
    testing::{DemoKey, FakePlatform},
    verify::{Verified, Verifier},
};
use wechatpay_tower::{
    CallError, Client,
    client::Outcome,
    hyper::HyperTransport,
    media::{MediaError, MediaFile, Upload},
    reqwest::ReqwestService,
    retry::RetryPolicy,
};

use crate::{
    bank::{Bank, Fault},
    support::{Seen, add_signature, response},
};

type Shared = (FakePlatform, Arc<std::sync::Mutex<Vec<Seen>>>);

/// Starts a gateway on a socket that accepts every upload.
async fn gateway() -> (String, Shared) {
    async fn take(
        State((platform, seen)): State<Shared>,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response<http_body_util::Full<Bytes>> {
        seen.lock().unwrap().push(Seen { uri, headers, body });
        const BODY: &str =
            r#"{"media_id":"H1ihR9JUtVj-J7CJqBUY5ZOrG_Je75H-rKhTG7FUmg9sxNTbRN54dFiUHnhg-rBe0000"}"#;
        let mut reply = response(200, BODY);
        add_signature(&mut reply, platform.sign(BODY.as_bytes()));
        reply
    }
    let shared: Shared = (FakePlatform::new(), Arc::default());
    let router = Router::new()
        .fallback(take)
        .layer(axum::extract::DefaultBodyLimit::max(16 << 20))
        .with_state(shared.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (base, shared)
}

fn clients(base: &str, platform: &FakePlatform) -> [Client; 2] {
    let builder = || Client::builder(platform.request_signer()).base_url(base);
    let verifier = || Verifier::new(platform.key_store());
    let reqwest = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    [
        builder()
            .service(HyperTransport::new().unwrap(), verifier())
            .unwrap(),
        builder()
            .service(ReqwestService::new(reqwest), verifier())
            .unwrap(),
    ]
}

/// Makes bytes that look like parts of a form.
fn picture(length: usize) -> Vec<u8> {
    b"\r\n--x\r\nContent-Disposition: form-data\r\n\r\n"
        .iter()
        .copied()
        .chain((0..=255).cycle())
        .take(length)
        .collect()
}

#[derive(Debug)]
struct Part {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Parses a form strictly by RFC 7578.
fn parse(content_type: &str, body: &[u8]) -> Vec<Part> {
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    assert!((1..=70).contains(&boundary.len()) && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter has no line end in front of it; give it one.
    let whole = [b"\r\n", body].concat();
    let find = |from: usize| {
        whole[from..]
            .windows(delimiter.len())
            .position(|window| window == delimiter.as_bytes())
            .map(|at| from + at)
    };
    let mut parts = Vec::new();
    let mut at = find(0).unwrap();
    assert_eq!(at, 0, "a preamble");
    loop {
        let start = at + delimiter.len();
        if &whole[start..start + 2] == b"--" {
            assert_eq!(&whole[start + 2..], b"\r\n", "an epilogue");
            return parts;
        }
        assert_eq!(&whole[start..start + 2], b"\r\n");
        at = find(start).unwrap();
        let part = &whole[start + 2..at];
        let split = part.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let headers = std::str::from_utf8(&part[..split])
            .unwrap()
            .split("\r\n")
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect();
        let body = part[split + 4..].to_vec();
        parts.push(Part { headers, body });
    }
}

fn check(platform: &FakePlatform, seen: &Seen, path: &str, name: &str, content_type: &str, file: &[u8]) {
    assert_eq!(seen.uri.path(), path);
    // A length was announced: the platform takes no chunked bodies for granted.
    assert_eq!(seen.headers["content-length"], seen.body.len().to_string());
    assert!(!seen.headers.contains_key("transfer-encoding"));
    assert_eq!(seen.headers["accept"], "application/json");
    let parts = parse(seen.headers["content-type"].to_str().unwrap(), &seen.body);
    assert_eq!(parts.len(), 2);
    let header = |name: &str, value: String| (name.to_owned(), value);
    assert_eq!(
        parts[0].headers,
        [
            header("Content-Disposition", "form-data; name=\"meta\"".into()),
            header("Content-Type", "application/json".into()),
        ]
    );
    assert_eq!(
        parts[1].headers,
        [
            header(
                "Content-Disposition",
                format!("form-data; name=\"file\"; filename=\"{name}\"")
            ),
            header("Content-Type", content_type.into()),
        ]
    );
    assert!(parts[1].body == file, "the file arrives as it is");
    let meta: serde_json::Value = serde_json::from_slice(&parts[0].body).unwrap();
    let digest: String = Sha256::digest(file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(meta, serde_json::json!({"filename": name, "sha256": digest}));

    // What is signed is the text of `meta`, and nothing else.
    let authorization = Authorization::parse(seen.headers["authorization"].to_str().unwrap()).unwrap();
    let head = format!(
        "POST\n{path}\n{}\n{}\n",
        authorization.timestamp, authorization.nonce
    );
    let merchant = platform.demo_key(DemoKey::Merchant);
    let key = platform
        .provider()
        .public_key(merchant.public_key_info())
        .unwrap();
    let signature = STANDARD.decode(&authorization.signature).unwrap();
    key.verify(&[head.as_bytes(), &parts[0].body, b"\n"], &signature)
        .unwrap();
    key.verify(&[head.as_bytes(), &seen.body, b"\n"], &signature)
        .unwrap_err();
}

#[tokio::test]
async fn files_from_the_disk_and_from_memory_are_sent_as_forms_by_both_transports() {
    let (base, (platform, seen)) = gateway().await;
    let directory = Directory::new();
    for client in clients(&base, &platform) {
        for (name, content_type, path, length) in [
            ("licence-1.jpg", "image/jpeg", "/v3/merchant/media/upload", 1),
            ("a.PNG", "image/png", "/v3/merchant/media/upload", 64 * 1024),
            (
                "contract.pdf",
                "application/pdf",
                "/v3/merchant/media/upload",
                7_864_320,
            ),
            (
                "shop.mp4",
                "video/mp4",
                "/v3/merchant/media/video_upload",
                1_000_003,
            ),
        ] {
            let bytes = picture(length);
            let on_disk = directory.file(name, &bytes);
            for file in [
                MediaFile::open(&on_disk).await.unwrap(),
                MediaFile::from_bytes(name.parse().unwrap(), bytes.clone()).unwrap(),
            ] {
                assert_eq!(file.length(), length as u64);
                let uploaded = client.upload(&file).await.unwrap();
                assert!(uploaded.media_id.starts_with("H1ihR9"));
                let sent = seen.lock().unwrap().pop().unwrap();
                check(&platform, &sent, path, name, content_type, &bytes);
            }
        }
    }
    assert!(seen.lock().unwrap().is_empty(), "each is sent once");
}

#[tokio::test]
async fn a_file_that_was_changed_after_it_was_hashed_is_not_delivered() {
    let (base, (platform, seen)) = gateway().await;
    let directory = Directory::new();
    let path = directory.file("a.jpg", &picture(200_000));
    for client in clients(&base, &platform) {
        for changed in [picture(199_999), picture(200_001), Vec::new()] {
            std::fs::write(&path, picture(200_000)).unwrap();
            let file = MediaFile::open(&path).await.unwrap();
            std::fs::write(&path, changed).unwrap();
            let error = client.upload(&file).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
        }
        std::fs::write(&path, picture(200_000)).unwrap();
        let file = MediaFile::open(&path).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        client.upload(&file).await.unwrap_err();
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_repeated_only_if_it_was_not_sent() {
    let file = MediaFile::from_bytes("a.jpg".parse().unwrap(), picture(1000)).unwrap();
    // Once at each host.
    let bank = Bank::failing([Fault::NotSent]);
    let client = bank.client(bank.builder().retry(RetryPolicy::none()));
    // The bank responds with something that is no upload; it arrived whole, from its beginning.
    client.upload(&file).await.unwrap_err();
    let [first, second] = bank.requests().try_into().unwrap();
    assert_eq!(first.body, second.body);
    assert_ne!(first.headers["authorization"], second.headers["authorization"]);
    for fault in [
        Fault::Failed("SYSTEM_ERROR"),
        Fault::Reset,
        Fault::Unsigned,
        Fault::Throttled,
    ] {
        let bank = Bank::failing([fault]);
        let error = bank.client(bank.builder()).upload(&file).await.unwrap_err();
        assert_eq!(bank.requests().len(), 1, "{fault:?}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}");
    }
}

#[tokio::test]
async fn an_invalid_file_is_not_sent() {
    let directory = Directory::new();
    for (name, length) in [("a.jpg", 5 << 20), ("a.pdf", 15 << 19), ("a.mkv", 5 << 20)] {
        let path = directory.file(name, &picture(length + 1));
        let most = length as u64;
        let too_large = |error: MediaError| matches!(error, MediaError::TooLarge { length, most: limit } if length == most + 1 && limit == most);
        assert!(too_large(MediaFile::open(&path).await.unwrap_err()));
        assert!(too_large(
            MediaFile::from_bytes(name.parse().unwrap(), picture(length + 1)).unwrap_err()
        ));
        assert!(MediaFile::from_bytes(name.parse().unwrap(), picture(length)).is_ok());
    }
    let empty = directory.file("empty.jpg", b"");
    assert!(matches!(MediaFile::open(&empty).await, Err(MediaError::Empty)));
    for (name, problem) in [
        ("执照.jpg", InvalidMediaName::Characters),
        ("a b.jpg", InvalidMediaName::Characters),
        ("a.exe", InvalidMediaName::Extension),
    ] {
        let path = directory.file(name, b"x");
        assert!(
            matches!(MediaFile::open(&path).await, Err(MediaError::Name(found)) if found == problem),
            "{name}"
        );
        // Under another name it goes.
        let file = MediaFile::open_as(&path, "licence.jpg".parse().unwrap())
            .await
            .unwrap();
        assert_eq!(file.meta().name().kind(), MediaKind::Picture);
        assert!(!format!("{file:?}").contains("licence"));
    }
    assert!(matches!(
        MediaFile::open(directory.0.join("missing.jpg")).await,
        Err(MediaError::Read(_))
    ));
}

#[tokio::test]
async fn nothing_is_signed_for_another_host() {
    let platform = FakePlatform::new();
    let client = Client::builder(platform.request_signer())
        .base_url("http://gateway.example")
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap();
    let file = MediaFile::from_bytes("a.jpg".parse().unwrap(), picture(10)).unwrap();
    assert!(matches!(
        client.upload(&file).await,
        Err(CallError::NotSent { .. })
    ));
}

/// A temporary directory of one test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        Self(crate::support::temporary_directory())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_file_is_uploaded_to_any_path_with_its_own_part_names() {
    #[derive(serde::Deserialize)]
    struct Uploaded {
        media_id: String,
    }
    let (base, (platform, seen)) = gateway().await;
    let bytes = picture(10_000);
    let file = MediaFile::from_bytes("parcel.png".parse().unwrap(), bytes.clone()).unwrap();
    for client in clients(&base, &platform) {
        let path = "/v3/merchant-service/images/upload";
        let uploaded: Verified<Uploaded> = client.upload_to(path, &file).await.unwrap();
        assert!(uploaded.media_id.starts_with("H1ihR9"));
        let sent = seen.lock().unwrap().pop().unwrap();
        check(&platform, &sent, path, "parcel.png", "image/png", &bytes);

        let upload = Upload::to("/v3/diligence/{id}/upload")
            .path_value("id", "a/b")
            .file_part("due_diligence_file")
            .meta_keys("file_name", "file_digest")
            .meta("item_id", 7);
        let uploaded: Verified<Uploaded> = client.upload_to(upload, &file).await.unwrap();
        assert!(!uploaded.media_id.is_empty());
        let sent = seen.lock().unwrap().pop().unwrap();
        assert_eq!(sent.uri.path(), "/v3/diligence/a%2Fb/upload");
        let parts = parse(sent.headers["content-type"].to_str().unwrap(), &sent.body);
        let meta: serde_json::Value = serde_json::from_slice(&parts[0].body).unwrap();
        let digest: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            meta,
            serde_json::json!({ "file_name": "parcel.png", "file_digest": digest, "item_id": 7 })
        );
        assert_eq!(
            parts[1].headers[0].1,
            "form-data; name=\"due_diligence_file\"; filename=\"parcel.png\""
        );
        assert!(parts[1].body == bytes);

        for (upload, words) in [
            (Upload::to("/v3/{id}/upload"), "has no value"),
            (Upload::to("v3/upload"), "start with a slash"),
            (Upload::to("/v3/upload").file_part("a\"b"), "needs quotes"),
            (Upload::to("/v3/upload").file_part("meta"), "is taken"),
            (Upload::to("/v3/upload").meta("sha256", "x"), "is there twice"),
        ] {
            let error = client.upload_to::<Uploaded>(upload, &file).await.unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error.outcome(), Outcome::NotSent);
        }
        assert!(seen.lock().unwrap().is_empty());
    }
}
