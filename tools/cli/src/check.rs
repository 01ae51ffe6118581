//! `check`: tries a receiver of notifications from the command line, by a running sandbox.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use bytes::Bytes;
use clap::{Args, ValueEnum};
use http::{Request, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

use crate::language::Lang;
use wechatpay_core::BoxError;

/// Tries seventeen cases; most shops are done in ten seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// Try a receiver of notifications: is my callback safe?
///
/// Sends everything from a genuine payment to a forged one
///
/// A sandbox must run already (`wechatpay sandbox`), and the receiver must have its credentials (`--write-env`): also a staging
/// system runs on the sandbox's keys for this. For another host than this machine, start the sandbox with `--allow-notify-host
/// HOST`. Without `--order-url`, unpaid orders of this receiver are taken; if there are none, genuine payments are not judged. Ends
/// with status 1 if something failed that lets money or goods be stolen, or payments get lost.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The receiver, such as <http://127.0.0.1:3000/wechatpay/notify>, or over https
    url: String,

    /// Address of the sandbox
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8640")]
    sandbox: String,

    /// URL at which the shop makes an unpaid order; its response has an `out_trade_no`
    #[arg(long, value_name = "URL")]
    order_url: Option<String>,

    /// JSON body to post to the order URL
    #[arg(long, value_name = "JSON", requires = "order_url", value_parser = json_value)]
    order: Option<Value>,

    /// URL that shows an order
    ///
    /// `{out_trade_no}` is replaced, and the response has `fulfilled`, a number, or `paid`, a boolean
    #[arg(long, value_name = "URL")]
    effect_url: Option<String>,

    /// Also expect a query of a payment without notification, within this many seconds
    #[arg(long, value_name = "SECONDS", requires = "order_url")]
    query_within: Option<u64>,

    /// Whose receiver it is; by default the demo merchant's
    #[arg(long, value_name = "MCHID")]
    merchant: Option<String>,

    /// A private CA of the receiver's certificate, in PEM
    ///
    /// The usual roots are trusted anyway
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Junit,
}

fn json_value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

impl Check {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let (status, is_fatal, text) = tokio::time::timeout(PATIENCE, self.asked()).await??;
        if status != http::StatusCode::OK {
            let problem: Value = serde_json::from_str(&text).unwrap_or_default();
            let message = problem.pointer("/error/message").and_then(Value::as_str);
            return Err(message
                .unwrap_or("what runs there is no sandbox that can do this")
                .into());
        }
        print!("{text}");
        let is_fatal = is_fatal
            || serde_json::from_str::<Value>(&text).is_ok_and(|json| json.get("fatal") == Some(&json!(true)));
        Ok(if is_fatal {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    async fn asked(&self) -> Result<(http::StatusCode, bool, String), BoxError> {
        let mut wanted = json!({
            "url": self.url,
            "lang": match Lang::chosen() {
                Lang::En => "en",
                Lang::Zh => "zh",
            },
            "format": match self.format {
                Format::Text => "text",
                Format::Json => "json",
                Format::Junit => "junit",
            },
        });
        let ca = match &self.ca {
            Some(path) => {
                let pem = std::fs::read_to_string(path);
                Some(pem.map_err(|error| format!("--ca {}: {error}", path.display()))?)
            }
            None => None,
        };
        let given = [
            ("ca", ca.map(Value::from)),
            ("merchant", self.merchant.clone().map(Value::from)),
            ("order_url", self.order_url.clone().map(Value::from)),
            ("order", self.order.clone()),
            ("effect_url", self.effect_url.clone().map(Value::from)),
            ("query_within", self.query_within.map(Value::from)),
        ];
        if let Some(object) = wanted.as_object_mut() {
            object.extend(
                given
                    .into_iter()
                    .filter_map(|(key, value)| Some((key.to_owned(), value?))),
            );
        }
        let request = Request::post(format!(
            "{}/_sandbox/api/acceptance",
            self.sandbox.trim_end_matches('/')
        ))
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(wanted.to_string())))?;
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let response = client.request(request).await.map_err(|_| {
            format!(
                "no sandbox responds at {}; start one with `wechatpay sandbox`",
                self.sandbox
            )
        })?;
        let status = response.status();
        let is_fatal = response
            .headers()
            .get("sandbox-fatal")
            .is_some_and(|value| value == "true");
        let body = response.into_body().collect().await?.to_bytes();
        Ok((status, is_fatal, String::from_utf8_lossy(&body).into_owned()))
    }
}
