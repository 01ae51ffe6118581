//! The quickstarts: short, quoted by the pages as they are, and run against the sandbox.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wechatpay_sandbox::{Buyer, RetrySchedule, Sandbox};
use wechatpay_tests::{shops::example, tools::workspace};

const ALL: [&str; 5] = [
    "wechatpay-axum/examples/quickstart.rs",
    "wechatpay-actix/examples/quickstart.rs",
    "wechatpay-rocket/examples/quickstart.rs",
    "wechatpay-axum/examples/partner.rs",
    "wechatpay-tower/examples/quickstart.rs",
];

fn text(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).unwrap()
}

#[test]
fn each_is_at_most_60_lines() {
    for file in ALL {
        let lines = text(file).lines().count();
        println!("{file}: {lines} lines");
        assert!(lines <= 60, "{file}: {lines} lines");
    }
}

#[test]
fn the_readmes_quote_the_files() {
    for (readme, file) in [
        ("README.md", ALL[0]),
        ("wechatpay-axum/README.md", ALL[0]),
        ("wechatpay-actix/README.md", ALL[1]),
        ("wechatpay-rocket/README.md", ALL[2]),
        ("wechatpay-tower/README.md", ALL[4]),
    ] {
        let block = format!("```rust,no_run\n{}```\n", text(file));
        assert!(
            text(readme).contains(&block),
            "{readme} does not quote {file} as it is"
        );
    }
}

/// A quickstart that runs until it is dropped.
struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Running {
    fn start(name: &str, sandbox: &Sandbox, is_direct: bool) -> Self {
        let mut command = Command::new(example(name));
        command.env_clear().stdout(Stdio::piped());
        for line in sandbox.env_lines() {
            let (key, value) = line.split_once('=').unwrap();
            if !(is_direct && key == "WECHATPAY_SUB_MCHID") {
                command.env(key, value.trim_matches('"'));
            }
        }
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                println!("  {line}");
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// The first line that contains this.
    fn line(&self, part: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self
                .lines
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("no line with {part:?}"));
            if line.contains(part) {
                return line;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One after the other: all of them serve at port 3000, as their pages say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_paid_and_refunded() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .retry(RetrySchedule::fast())
        .settle_delay(Duration::ZERO)
        .start()
        .await
        .unwrap();
    for (name, is_direct, is_server) in [
        ("quickstart-axum", true, true),
        ("quickstart-actix", true, true),
        ("quickstart-rocket", true, true),
        ("partner", false, false),
        ("quickstart-tower", true, false),
    ] {
        println!("{name}");
        let shop = Running::start(name, &sandbox, is_direct);
        let order = shop.line("TEA");
        let number = order
            .split([' ', ','])
            .find(|word| word.starts_with("TEA"))
            .unwrap();
        if is_server {
            wait_for_port().await;
        }
        sandbox.pay(number, Buyer::Alice).unwrap();
        let paid = shop.line("is paid");
        assert_eq!(paid, format!("{number} is paid: 9.90 yuan"), "{name}");
        if is_server {
            assert_eq!(refund().await, "HTTP/1.1 200 OK", "{name}");
        }
        if name != "partner" {
            let refunded = shop.line(&format!("R-{number}"));
            let is_accepted =
                refunded.ends_with("SUCCESS") || (!is_server && refunded.ends_with("PROCESSING"));
            assert!(is_accepted, "{name}: {refunded}");
        }
    }
    // The plain client has no server: what is sent to it does not arrive.
    sandbox.take_lints();
}

/// Posts to the shop, and returns the first line of its response.
async fn refund() -> String {
    let mut stream = tokio::net::TcpStream::connect("127.0.0.1:3000").await.unwrap();
    let request =
        b"POST /refund HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response.lines().next().unwrap_or_default().to_owned()
}

async fn wait_for_port() {
    let deadline = Instant::now() + Duration::from_secs(30);
    while tokio::net::TcpStream::connect("127.0.0.1:3000").await.is_err() {
        assert!(Instant::now() < deadline, "nothing listens at port 3000");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
