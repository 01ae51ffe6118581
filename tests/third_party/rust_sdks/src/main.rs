//! Drives the sandbox with a Rust SDK of others: `rust-sdks wxpay-rs | wechat-pay-rust-sdk | rswxpay`.
//!
//! Only the host is changed; what is signed, sent, verified and decrypted is the SDK's own affair. Prints one line per step.
//! The lines `PAY <out_trade_no>` and `PASS <seconds>` ask the test to press Pay and to let time pass; it responds each with a
//! line.

mod callback;
mod rswxpay_flow;
mod wechat_pay_flow;
mod wxpay_flow;

use std::io::{BufRead as _, Write as _};

/// The credentials of the sandbox's merchant, as the environment names them.
pub(crate) struct Merchant {
    pub(crate) gateway: String,
    pub(crate) mchid: String,
    pub(crate) appid: String,
    pub(crate) serial_no: String,
    pub(crate) api_v3_key: String,
    pub(crate) private_key: String,
    /// Id and PEM text, in public-key mode.
    pub(crate) public_key: Option<(String, String)>,
}

impl Merchant {
    fn from_env() -> Self {
        let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let file = |name: &str| std::fs::read_to_string(variable(name)).unwrap();
        Self {
            gateway: variable("SANDBOX"),
            mchid: variable("MCHID"),
            appid: variable("APPID"),
            serial_no: variable("SERIAL_NO"),
            api_v3_key: variable("API_V3_KEY"),
            private_key: file("PRIVATE_KEY_FILE"),
            public_key: std::env::var("PUBLIC_KEY_ID")
                .ok()
                .map(|id| (id, file("PUBLIC_KEY_FILE"))),
        }
    }

    /// A number that no other run has used.
    pub(crate) fn number(&self, prefix: &str) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        format!("{prefix}{}", now.unwrap().as_millis())
    }
}

/// Sends a command to the test and waits, while taking notifications.
pub(crate) async fn ask(command: String) {
    say(&command);
    tokio::task::spawn_blocking(read_line).await.unwrap();
}

/// Reports a step that went well.
pub(crate) fn ok(step: &str) {
    say(&format!("OK {step}"));
}

pub(crate) fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().unwrap();
}

fn read_line() {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // The test begins with the time of the sandbox. These SDKs take the system's.
    read_line();
    let merchant = Merchant::from_env();
    match std::env::args().nth(1).as_deref() {
        Some("wxpay-rs") => wxpay_flow::run(merchant).await,
        Some("wechat-pay-rust-sdk") => wechat_pay_flow::run(merchant).await,
        Some("rswxpay") => rswxpay_flow::run(merchant).await,
        other => panic!("unknown SDK {other:?}"),
    }
}
