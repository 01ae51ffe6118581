//! Every typed request on the wire, compared with `wire.txt`.
//!
//! Method, path and query, headers and body.
//!
//! A change of a line there is a change on the wire. `WRITE_WIRE=1 cargo test -p wechatpay-tests --test it wire` writes it anew.

use std::{
    convert::Infallible,
    fmt::Write as _,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use wechatpay_core::{api::Endpoint, testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{Client, MaybeBuffered, RequestBody, retry::RetryPolicy};

#[path = "../../../wechatpay-core/tests/it/support/requests.rs"]
mod requests_of_all;

use requests_of_all::RequestVisitor;

/// The client calls each request; the transport writes it down.
struct Wire {
    client: Client,
    calls: Vec<Pin<Box<dyn Future<Output = ()>>>>,
}

impl RequestVisitor for Wire {
    fn visit<E: Endpoint + 'static>(&mut self, request: E) {
        let client = self.client.clone();
        self.calls.push(Box::pin(async move {
            let _ = client.call(&request).await;
        }));
    }
}

/// The text of a body, its ciphertexts left out: they are random.
fn settled(body: &[u8]) -> String {
    fn ciphertexts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if STANDARD.decode(text).is_ok_and(|bytes| bytes.len() == 256) => {
                found.push(text.clone());
            }
            Value::Array(values) => values.iter().for_each(|value| ciphertexts(value, found)),
            Value::Object(members) => members.values().for_each(|value| ciphertexts(value, found)),
            _ => {}
        }
    }
    let text = String::from_utf8(body.to_vec()).unwrap();
    let mut found = Vec::new();
    ciphertexts(&serde_json::from_str(&text).unwrap_or_default(), &mut found);
    found
        .iter()
        .fold(text, |text, cipher| text.replace(cipher.as_str(), "(ciphertext)"))
}

/// A header without parts that vary by call or release.
fn header(name: &str, value: &str) -> String {
    match name {
        "authorization" => {
            let steady = value.split(',').filter(|part| {
                !["nonce_str=", "timestamp=", "signature="]
                    .iter()
                    .any(|random| part.contains(random))
            });
            steady.collect::<Vec<_>>().join(",")
        }
        "user-agent" => "(agent)".to_owned(),
        "content-length" | "host" => String::new(),
        _ => value.to_owned(),
    }
}

#[tokio::test]
async fn every_request_is_written_as_in_wire_txt() {
    let platform = FakePlatform::new();
    let wire = Arc::new(Mutex::new(String::new()));
    let written = Arc::clone(&wire);
    let transport = tower::service_fn(move |request: Request<MaybeBuffered<RequestBody>>| {
        let written = Arc::clone(&written);
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let mut line = format!("{} {}\n", parts.method, parts.uri);
            for (name, value) in &parts.headers {
                let value = header(name.as_str(), value.to_str().unwrap());
                if !value.is_empty() {
                    writeln!(line, "  {name}: {value}").unwrap();
                }
            }
            if !body.is_empty() {
                writeln!(line, "  {}", settled(&body)).unwrap();
            }
            written.lock().unwrap().push_str(&line);
            Ok::<_, Infallible>(
                Response::builder()
                    .status(400)
                    .body(Full::<Bytes>::default())
                    .unwrap(),
            )
        }
    });
    let client = Client::builder(platform.request_signer())
        .retry(RetryPolicy::none())
        .service(transport, Verifier::new(platform.key_store()));
    let mut requests = Wire {
        client: client.unwrap(),
        calls: Vec::new(),
    };
    requests.visit_all();
    let count = requests.calls.len();
    for call in requests.calls {
        call.await;
    }
    let wire = std::mem::take(&mut *wire.lock().unwrap());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/wire.txt");
    if std::env::var_os("WRITE_WIRE").is_some() {
        std::fs::write(file, &wire).unwrap();
    }
    println!("{count} requests, {} bytes", wire.len());
    let before = std::fs::read_to_string(file).unwrap();
    for (number, (before, now)) in before.lines().zip(wire.lines()).enumerate() {
        assert_eq!(before, now, "line {}", number + 1);
    }
    assert_eq!(before.lines().count(), wire.lines().count());
}
