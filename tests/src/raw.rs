//! Requests that no HTTP client would send, as bytes on a socket.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use wechatpay_core::testing::{Delivery, FakePlatform};

/// One thing to do on the connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Writes bytes.
    Send(Vec<u8>),
    /// Does nothing for a while.
    Wait(Duration),
    /// Ends the sending direction.
    Close,
}

/// A script and the statuses that are right; see [`play`] for 0.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// A name for people.
    pub name: &'static str,
    /// Steps of the script.
    pub steps: Vec<Step>,
    /// Possible statuses. The handler runs exactly when it is 204.
    pub statuses: &'static [u16],
}

/// Body deadline of the server under test, short for the slow rows.
pub const BODY_DEADLINE: Duration = Duration::from_millis(400);

/// The rows. `path` is the route of the notification.
#[must_use]
pub fn raw_table(platform: &FakePlatform, path: &str) -> Vec<RawRow> {
    let payment = platform.payment("1217752501201407033233368018", 100);
    let body = payment.body.to_vec();
    let head = |delivery: &Delivery, extra: &str| head(path, delivery, extra);
    let length = format!("Content-Length: {}\r\n", body.len());
    let whole = |head: String| vec![Step::Send([head.into_bytes(), body.clone()].concat())];
    let chunked = |size: usize| chunks(&body, size);
    let te = "Transfer-Encoding: chunked\r\n";
    let unsigned = payment.clone().without_header("Wechatpay-Signature");
    let signature = String::from_utf8_lossy(payment.header("Wechatpay-Signature").unwrap()).into_owned();
    let nonce = String::from_utf8_lossy(payment.header("Wechatpay-Nonce").unwrap()).into_owned();
    let row = |name, statuses, steps| RawRow {
        name,
        steps,
        statuses,
    };
    vec![
        row("a payment", &[204], whole(head(&payment, &length))),
        row(
            "a payment in one chunk",
            &[204],
            vec![Step::Send(
                [head(&payment, te).into_bytes(), chunked(1 << 20)].concat(),
            )],
        ),
        row(
            "a payment in chunks of 7 bytes",
            &[204],
            vec![Step::Send([head(&payment, te).into_bytes(), chunked(7)].concat())],
        ),
        row(
            "a payment in two writes",
            &[204],
            vec![
                Step::Send([head(&payment, &length).into_bytes(), body[..500].to_vec()].concat()),
                Step::Wait(Duration::from_millis(50)),
                Step::Send(body[500..].to_vec()),
            ],
        ),
        row(
            "a nonce that stands twice",
            &[401],
            whole(head(&payment, &format!("{length}wechatpay-NONCE: {nonce}\r\n"))),
        ),
        row(
            "a signature that stands twice",
            &[401],
            whole(head(
                &payment,
                &format!("{length}Wechatpay-Signature: {signature}\r\n"),
            )),
        ),
        // Folding is obsolete, and one header could be made of two.
        row(
            "a folded header",
            &[400, 401, 0],
            whole(head(
                &unsigned,
                &format!(
                    "{length}Wechatpay-Signature: {}\r\n {}\r\n",
                    &signature[..9],
                    &signature[9..]
                ),
            )),
        ),
        row(
            "a signature in the trailers",
            &[401],
            vec![Step::Send(
                [
                    head(&unsigned, te).into_bytes(),
                    with_trailer(chunked(1 << 20), &signature),
                ]
                .concat(),
            )],
        ),
        row(
            "a header that is not ASCII",
            &[401, 400],
            whole(head(
                &unsigned,
                &format!("{length}Wechatpay-Signature: \u{E9}{signature}\r\n"),
            )),
        ),
        row(
            "NUL in a header",
            &[400, 0],
            whole(head(
                &unsigned,
                &format!("{length}Wechatpay-Signature: \0{signature}\r\n"),
            )),
        ),
        row(
            "two lengths that differ",
            &[400, 0],
            whole(head(&payment, &format!("{length}Content-Length: 1\r\n"))),
        ),
        row(
            "a length that is no number",
            &[400, 0],
            whole(head(&payment, "Content-Length: many\r\n")),
        ),
        row(
            "a negative length",
            &[400, 0],
            whole(head(&payment, "Content-Length: -1\r\n")),
        ),
        row(
            "a length that is too short",
            &[401, 400],
            whole(head(
                &payment,
                &format!("Content-Length: {}\r\nConnection: close\r\n", body.len() - 1),
            )),
        ),
        row("a length that is too long, and the end", &[400, 0], {
            let mut steps = whole(head(
                &payment,
                &format!("Content-Length: {}\r\n", body.len() + 10),
            ));
            steps.push(Step::Close);
            steps
        }),
        row(
            "a length that is too long, and silence",
            &[408],
            whole(head(
                &payment,
                &format!("Content-Length: {}\r\n", body.len() + 10),
            )),
        ),
        row(
            "a length over the limit",
            &[413],
            // Some of the body: Rocket itself waits for its first bytes, before any guard.
            vec![Step::Send(
                [
                    head(&payment, "Content-Length: 262145\r\n").into_bytes(),
                    body[..20].to_vec(),
                ]
                .concat(),
            )],
        ),
        row(
            "a length that overflows",
            &[413, 400, 0],
            vec![Step::Send(
                head(&payment, "Content-Length: 99999999999999999999999\r\n").into_bytes(),
            )],
        ),
        row(
            "no length and no body",
            &[401, 411],
            vec![Step::Send(head(&payment, "").into_bytes())],
        ),
        row("a body that drips", &[408], {
            let mut steps = vec![Step::Send(head(&payment, &length).into_bytes())];
            for byte in &body[..20] {
                steps.extend([Step::Send(vec![*byte]), Step::Wait(Duration::from_millis(60))]);
            }
            steps
        }),
        row(
            "chunks without end",
            &[413],
            vec![Step::Send([head(&payment, te).into_bytes(), endless()].concat())],
        ),
        row(
            "a chunk that breaks off",
            &[400, 0],
            vec![
                Step::Send(
                    [
                        head(&payment, te).into_bytes(),
                        b"400\r\n".to_vec(),
                        body[..100].to_vec(),
                    ]
                    .concat(),
                ),
                Step::Close,
            ],
        ),
        row(
            "a chunk size that is none",
            &[400, 401, 0],
            vec![
                Step::Send([head(&payment, te).into_bytes(), b"xyz\r\n".to_vec()].concat()),
                Step::Close,
            ],
        ),
        row(
            "a transfer coding nobody asked for",
            &[400, 415, 501, 401, 0],
            vec![Step::Send(
                [
                    head(
                        &payment,
                        "Transfer-Encoding: gzip, chunked\r\nContent-Encoding: gzip\r\n",
                    )
                    .into_bytes(),
                    chunked(1 << 20),
                ]
                .concat(),
            )],
        ),
        row(
            "a body declared as compressed",
            &[415],
            whole(head(&payment, &format!("{length}Content-Encoding: gzip\r\n"))),
        ),
        row(
            "a method in small letters",
            &[405, 400, 404],
            whole(head(&payment, &length).replacen("POST", "post", 1)),
        ),
        row(
            "GET",
            &[405, 404],
            whole(head(&payment, &length).replacen("POST", "GET", 1)),
        ),
        row(
            "headers of a megabyte",
            &[431, 400, 401, 0],
            whole(head(
                &payment,
                &format!("{length}X-Long: {}\r\n", "x".repeat(1_000_000)),
            )),
        ),
        row(
            "200 headers",
            &[431, 400, 204, 0],
            whole(head(
                &payment,
                &format!("{length}{}", "X-Many: 1\r\n".repeat(200)),
            )),
        ),
    ]
}

fn head(path: &str, delivery: &Delivery, extra: &str) -> String {
    let mut head = format!("POST {path} HTTP/1.1\r\nHost: shop.example\r\n");
    for (name, value) in &delivery.headers {
        head.push_str(&format!("{name}: {}\r\n", String::from_utf8_lossy(value)));
    }
    head.push_str(extra);
    head.push_str("\r\n");
    head
}

fn chunks(body: &[u8], size: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in body.chunks(size) {
        out.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\n\r\n");
    out
}

fn with_trailer(mut chunks: Vec<u8>, signature: &str) -> Vec<u8> {
    chunks.truncate(chunks.len() - 2);
    chunks.extend(format!("Wechatpay-Signature: {signature}\r\n\r\n").into_bytes());
    chunks
}

/// A mebibyte of chunks with no last one.
fn endless() -> Vec<u8> {
    let chunk = [b"1000\r\n".to_vec(), vec![b' '; 0x1000], b"\r\n".to_vec()].concat();
    chunk.repeat(256)
}

/// Plays a script and returns the status of the first final response.
///
/// 0 when the connection is closed without one, 1 when nothing comes for ten seconds.
pub async fn play(address: SocketAddr, steps: &[Step]) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (mut read, mut write) = stream.split();
    let response = async {
        let mut text = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match read.read(&mut buffer).await {
                Ok(0) | Err(_) => return 0,
                Ok(count) => text.extend_from_slice(&buffer[..count]),
            }
            if let Some(status) = status(&text) {
                return status;
            }
        }
    };
    let script = async {
        for step in steps {
            match step {
                // A server that refuses may close before it has read everything.
                Step::Send(bytes) => drop(write.write_all(bytes).await),
                Step::Wait(duration) => tokio::time::sleep(*duration).await,
                Step::Close => drop(write.shutdown().await),
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        status = response => status,
        () = script => 0,
        () = tokio::time::sleep(Duration::from_secs(10)) => 1,
    }
}

fn status(text: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(text);
    let end = text.find("\r\n\r\n")?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    if status == 100 {
        self::status(&text.as_bytes()[end + 4..])
    } else {
        Some(status)
    }
}
