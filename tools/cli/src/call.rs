//! `call`: any request, signed; its response, verified.

use std::{io::IsTerminal as _, io::Read as _, process::ExitCode, time::Duration, time::Instant};

use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::{ServiceBuilder, ServiceExt as _};
use wechatpay_core::{
    BoxError, Settings,
    sign::{NonceSource, SigningMessage},
    verify::{Verified, Verifier},
};
use wechatpay_tower::{
    RequestBody, SignLayer, VerifyResponseLayer, WechatPay, hyper::HyperTransport, sign::AllowedHosts,
};

use crate::account::Account;

/// Status of a request whose outcome is not known.
const UNKNOWN: u8 = 3;

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay call GET '/v3/pay/transactions/out-trade-no/TEA1?mchid=1900000001'
  wechatpay call POST /v3/pay/transactions/native @order.json --env-file .env.sandbox
  wechatpay call POST /v3/refund/domestic/refunds - --dry-run < refund.json

Exit status: 0 success, 1 refused or not sent, 3 sent and the outcome is unknown.";

/// Send a signed request and verify the response
///
/// The response goes to the standard output, its status and the key that signed it to the error output. Nothing is
/// repeated: after an unknown outcome, query before you send again.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Call {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_parser = method)]
    method: Method,

    /// Path and query, exactly as it shall be signed; it begins with /v3/
    #[arg(value_name = "PATH", value_parser = path)]
    path: String,

    /// JSON text, @FILE, or - for the standard input
    body: Option<String>,

    /// Print the five lines that would be signed, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Print the body as it came
    #[arg(long)]
    raw: bool,

    /// Seconds to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,

    #[command(flatten)]
    account: Account,
}

fn method(text: &str) -> Result<Method, String> {
    let method = Method::from_bytes(text.to_ascii_uppercase().as_bytes());
    method
        .ok()
        .filter(|method| matches!(method.as_str(), "GET" | "POST" | "PUT" | "PATCH" | "DELETE"))
        .ok_or_else(|| "a method is GET, POST, PUT, PATCH or DELETE".to_owned())
}

fn path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err(
            "a path begins with /, as in /v3/certificates; the host comes from the settings".to_owned(),
        );
    }
    let is_plain = text.is_ascii() && text.parse::<Uri>().is_ok() && !text.contains('#');
    is_plain
        .then(|| text.to_owned())
        .ok_or_else(|| "it is not a path: percent-encode each value".to_owned())
}

impl Call {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let body = self.body()?;
        let settings = self.account.settings()?;
        if self.dry_run {
            return self
                .print_lines(&settings, body)
                .await
                .map(|()| ExitCode::SUCCESS);
        }
        let wechatpay = WechatPay::new(&settings)?;
        let mut hosts = AllowedHosts::platform();
        let base: Uri = settings.base_url.parse()?;
        if let Some(authority) = base.authority() {
            hosts = hosts.and(authority.clone());
        }
        let service = ServiceBuilder::new()
            .layer(VerifyResponseLayer::new(Verifier::new(wechatpay.keys().clone())))
            .layer(
                SignLayer::new(wechatpay.signer().clone())
                    .announce(wechatpay.keys().clone())
                    .hosts(hosts),
            )
            .service(HyperTransport::new()?);
        let request = Request::builder()
            .method(self.method.clone())
            .uri(format!("{}{}", settings.base_url, self.path))
            .body(RequestBody::from(body))?;
        let start = Instant::now();
        let sent = tokio::time::timeout(Duration::from_secs(self.timeout), service.oneshot(request)).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_not_sent() => return Err(error.into()),
            Ok(Err(error)) => return Ok(self.unknown(&crate::chain(&error))),
            Err(_) => return Ok(self.unknown(&format!("no response within {} s", self.timeout))),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let verified = response.extensions().get::<Verified<Bytes>>().cloned();
        let body = match &verified {
            Some(body) => Bytes::clone(body),
            None => match response.into_body().collect().await {
                Ok(body) => body.to_bytes(),
                Err(error) => return Ok(self.unknown(&error.to_string())),
            },
        };
        self.print(&body);
        eprintln!(
            "{}",
            summary(status, &headers, verified.is_some(), start.elapsed())
        );
        Ok(self.exit(status, verified.is_some()))
    }

    fn body(&self) -> Result<Bytes, BoxError> {
        let text = match self.body.as_deref() {
            None => return Ok(Bytes::new()),
            Some("-") => {
                if std::io::stdin().is_terminal() {
                    eprintln!("reading the body from the terminal; end it with Ctrl-D");
                }
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text)?;
                text
            }
            Some(text) => match text.strip_prefix('@') {
                Some(file) => std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?,
                None => text.to_owned(),
            },
        };
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            return Err(format!("the body is not JSON: {error}").into());
        }
        Ok(text.into())
    }

    /// The five lines, each with its end made visible.
    async fn print_lines(&self, settings: &Settings, body: Bytes) -> Result<(), BoxError> {
        let timestamp = wechatpay_core::Clock::system().now().to_string();
        let nonce = NonceSource::system().next()?;
        let message = SigningMessage::request(self.method.as_str(), &self.path, &timestamp, &nonce, body)?;
        let text = String::from_utf8_lossy(&message.to_vec()).into_owned();
        for line in text.split_terminator('\n') {
            println!("{line}\\n");
        }
        let signer = settings.request_signer();
        let signed = signer.signer().sign(message).await?;
        eprintln!(
            "5 lines, each ends with one \\n; {} bytes of signature by serial {}; nothing was sent",
            signed.len(),
            signer.signer().serial()
        );
        Ok(())
    }

    fn print(&self, body: &Bytes) {
        let pretty = serde_json::from_slice::<Value>(body)
            .ok()
            .filter(|_| !self.raw)
            .and_then(|json| serde_json::to_string_pretty(&json).ok());
        match pretty {
            Some(text) => println!("{text}"),
            None if body.is_empty() => {}
            None => println!("{}", String::from_utf8_lossy(body)),
        }
    }

    fn unknown(&self, cause: &str) -> ExitCode {
        eprintln!("error: {} {}: {cause}", self.method, self.path);
        if self.method == Method::GET {
            return ExitCode::FAILURE;
        }
        eprintln!("the outcome is unknown: query by your own number before you send it again");
        ExitCode::from(UNKNOWN)
    }

    fn exit(&self, status: StatusCode, is_verified: bool) -> ExitCode {
        match (status, is_verified) {
            (status, true) if status.is_success() => ExitCode::SUCCESS,
            // The platform refused it; a proxy's error or a 5xx tells nothing.
            (status, _) if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                ExitCode::FAILURE
            }
            _ if self.method == Method::GET => ExitCode::FAILURE,
            _ => {
                eprintln!("the outcome is unknown: query by your own number before you send it again");
                ExitCode::from(UNKNOWN)
            }
        }
    }
}

fn summary(status: StatusCode, headers: &HeaderMap, is_verified: bool, took: Duration) -> String {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("none")
    };
    let signed = if is_verified {
        format!("signature right, by {}", text("wechatpay-serial"))
    } else {
        "not signed by the platform".to_owned()
    };
    format!(
        "{status}; {signed}; {} ms; Request-ID {}",
        took.as_millis(),
        text("request-id")
    )
}
