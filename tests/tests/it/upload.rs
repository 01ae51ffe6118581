//! Uploads of our client, checked by an independent gateway in Python.
//!
//! It uses Python's parser of forms and the package `cryptography`.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};
use tower::{ServiceExt as _, service_fn};
use wechatpay_core::{
    testing::{DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey, FakePlatform, private_key_pem, public_key_pem},
    verify::Verifier,
};
use wechatpay_tests::tools::{python, scratch, workspace};
use wechatpay_tower::{
    Client, MaybeBuffered, RequestBody, client::Outcome, hyper::HyperTransport, media::MediaFile,
};

/// The gateway in Python.
struct Gateway {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    base_url: String,
    platform: FakePlatform,
}

impl Gateway {
    async fn start() -> Self {
        let platform = FakePlatform::new();
        let mut process = Command::new(python())
            .arg(workspace().join("tests/third_party/upload_gateway.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let order = json!({
            "mchid": DEMO_MCHID,
            "serial_no": platform.request_signer().signer().serial().as_str(),
            "merchant_public_key": public_key_pem(platform.demo_key(DemoKey::Merchant).public_key_info()),
            "platform_private_key": private_key_pem(DemoKey::PublicKey.pkcs8()),
            "key_id": DEMO_PUBLIC_KEY_ID,
        });
        let mut input = process.stdin.take().unwrap();
        input.write_all(format!("{order}\n").as_bytes()).await.unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().unwrap();
        Self {
            _process: process,
            lines,
            base_url: format!("http://127.0.0.1:{port}"),
            platform,
        }
    }

    /// A client over the network, or a modified one by `change`.
    fn client(&self, change: impl Fn(&mut Vec<u8>) + Send + Sync + 'static) -> Client {
        let transport = HyperTransport::<Full<Bytes>>::new().unwrap();
        let change = Arc::new(change);
        let service = service_fn(move |request: Request<MaybeBuffered<RequestBody>>| {
            let (transport, change) = (transport.clone(), Arc::clone(&change));
            async move {
                let (parts, body) = request.into_parts();
                let mut body = body.collect().await?.to_bytes().to_vec();
                change(&mut body);
                transport
                    .oneshot(Request::from_parts(parts, Full::from(body)))
                    .await
            }
        });
        self.builder().service(service, self.verifier()).unwrap()
    }

    fn builder(&self) -> wechatpay_tower::client::ClientBuilder {
        Client::builder(self.platform.request_signer()).base_url(self.base_url.as_str())
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.platform.key_store())
    }

    /// The gateway's view of the latest upload.
    async fn seen(&mut self) -> Value {
        serde_json::from_str(&self.lines.next_line().await.unwrap().unwrap()).unwrap()
    }
}

/// Bytes of every value, including what looks like the end of a part.
fn picture(length: usize) -> Vec<u8> {
    (0..=u8::MAX)
        .chain(*b"\r\n--x\r\n\r\n")
        .cycle()
        .take(length)
        .collect()
}

#[tokio::test]
async fn an_upload_of_ours_is_accepted_by_python() {
    let mut gateway = Gateway::start().await;
    let folder = scratch("upload");
    let client = gateway
        .builder()
        .service(HyperTransport::new().unwrap(), gateway.verifier())
        .unwrap();
    for (name, content_type, length) in [
        ("licence.png", "image/png", 1),
        ("licence-2024.JPG", "image/jpeg", 100_000),
        ("articles_of_association.pdf", "application/pdf", 3 << 20),
        ("shop.mp4", "video/mp4", 65_536),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, picture(length)).unwrap();
        let file = MediaFile::open(&path).await.unwrap();
        let uploaded = client.upload(&file).await.unwrap();
        assert_eq!(uploaded.media_id.as_str().len(), 108);
        let seen = gateway.seen().await;
        println!("accepted by Python: {seen}");
        let path = if name.ends_with("mp4") {
            "/v3/merchant/media/video_upload"
        } else {
            "/v3/merchant/media/upload"
        };
        assert_eq!(
            (&seen["path"], &seen["filename"]),
            (&json!(path), &json!(name)),
            "{seen}"
        );
        assert_eq!(
            (&seen["content_type"], &seen["length"]),
            (&json!(content_type), &json!(length))
        );
    }
}

/// Proves the check: data changed on the way is rejected with a reason.
#[tokio::test]
async fn python_rejects_data_that_was_changed_on_the_way() {
    fn find(body: &[u8], text: &str) -> usize {
        body.windows(text.len())
            .position(|window| window == text.as_bytes())
            .unwrap()
    }
    type Change = fn(&mut Vec<u8>);
    let mut gateway = Gateway::start().await;
    let changes: [(&str, Change); 3] = [
        ("the file has another digest", |body| {
            let at = find(body, "image/png") + 100;
            body[at] ^= 1;
        }),
        ("the signature is not one over meta", |body| {
            let at = find(body, "\"sha256\":\"") + 12;
            body[at] = if body[at] == b'0' { b'1' } else { b'0' };
        }),
        ("meta is about another file", |body| {
            let at = find(body, "filename=\"licence") + 10;
            body[at] = b'L';
        }),
    ];
    let sent = Arc::new(Mutex::new(0));
    for (reason, change) in changes {
        let count = Arc::clone(&sent);
        let client = gateway.client(move |body| {
            *count.lock().unwrap() += 1;
            change(body);
        });
        let file = MediaFile::from_bytes("licence.png".parse().unwrap(), picture(1000)).unwrap();
        let error = client.upload(&file).await.unwrap_err();
        assert_eq!(gateway.seen().await, json!({ "refused": reason }));
        assert_eq!(error.outcome(), Outcome::Refused, "{error:?}");
        assert_eq!(error.api().unwrap().body().message, reason);
    }
    assert_eq!(*sent.lock().unwrap(), 3, "a refusal is final");
}
