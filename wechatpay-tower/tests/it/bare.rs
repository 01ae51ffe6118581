//! Hosts on bare sockets, which record and send raw bytes.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use wechatpay_core::testing::FakePlatform;

/// Returns the bytes of the response; `None` closes the connection.
type Response = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// A host that reads whole requests.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Host {
    pub(crate) async fn new(response: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (inside, response): (_, Arc<Response>) = (host.clone(), Arc::new(response));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *inside.connections.lock().unwrap() += 1;
                tokio::spawn(inside.clone().serve(stream, Arc::clone(&response)));
            }
        });
        host
    }

    /// Starts a host that carries requests out and closes without a response.
    pub(crate) async fn breaking() -> Self {
        Self::new(|_| None).await
    }

    /// Returns an address on which nobody listens.
    pub(crate) async fn closed() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
    }

    async fn serve(self, mut stream: TcpStream, response: Arc<Response>) {
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let Ok(read @ 1..) = stream.read(&mut chunk).await else {
                return;
            };
            bytes.extend_from_slice(&chunk[..read]);
            while let Some(request) = take_request(&mut bytes) {
                self.seen.lock().unwrap().push(request.clone());
                let Some(response) = response(&request) else {
                    return;
                };
                if stream.write_all(&response).await.is_err() {
                    return;
                }
            }
        }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests, head and body, since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

fn take_request(bytes: &mut Vec<u8>) -> Option<String> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.trim().parse().unwrap());
    if bytes.len() < head + length {
        return None;
    }
    let rest = bytes.split_off(head + length);
    let request = std::mem::replace(bytes, rest);
    Some(String::from_utf8_lossy(&request).into_owned())
}

/// Returns a signed response of the platform.
pub(crate) fn signed(platform: &FakePlatform, status: u16, body: &str) -> Vec<u8> {
    plain(status, &platform.sign(body.as_bytes()), body)
}

/// Returns a response with these headers.
pub(crate) fn plain(status: u16, headers: &[(String, Vec<u8>)], body: &str) -> Vec<u8> {
    let mut response = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        response.extend_from_slice(format!("{name}: ").as_bytes());
        response.extend_from_slice(value);
        response.extend_from_slice(b"\r\n");
    }
    response.extend_from_slice(b"\r\n");
    response.extend_from_slice(body.as_bytes());
    response
}
