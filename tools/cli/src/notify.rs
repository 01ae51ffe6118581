//! `notify`: a notification of any kind, with the sandbox's keys.

use std::{process::ExitCode, time::Duration};

use bytes::Bytes;
use clap::Args;
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tower::ServiceExt as _;
use wechatpay_core::{
    BoxError,
    testing::{DEMO_MCHID, DemoKey, FakePlatform},
    types::Mchid,
};
use wechatpay_tower::hyper::HyperTransport;

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay notify http://127.0.0.1:3000/wechatpay/notify --order TEA1 --total 990
  wechatpay notify http://127.0.0.1:3000/wechatpay/notify --order TEA1 --refund R1 --total 300
  wechatpay notify URL --event-type MCHTRANSFER.BILL.FINISHED --original-type mch_payment --resource @bill.json
  wechatpay notify URL --order TEA1 --total 990 --forged

The receiver runs with the settings that `wechatpay sandbox --write-env` wrote.

Exit status: 0 acknowledged (200 or 204), 1 not.";

/// Send a notification of any kind to a receiver
///
/// Seals and signs it with the sandbox's public demo keys, so a receiver with real keys must refuse it. No sandbox needs
/// to run.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Notify {
    /// The receiver, such as <http://127.0.0.1:3000/wechatpay/notify>
    url: Uri,

    /// Number of the order that was paid or refunded
    #[arg(
        long,
        value_name = "NUMBER",
        conflicts_with = "resource",
        required_unless_present = "resource"
    )]
    order: Option<String>,

    /// Fen that were paid, or given back
    #[arg(long, value_name = "FEN", requires = "order", default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..))]
    total: i64,

    /// Number of a refund: the notification is that of a refund
    #[arg(long, value_name = "NUMBER", requires = "order")]
    refund: Option<String>,

    /// The resource as JSON, or @FILE, for any other kind
    #[arg(long, value_name = "JSON", requires = "event_type")]
    resource: Option<String>,

    /// Event type of the resource, such as `MCHTRANSFER.BILL.FINISHED`
    #[arg(long, value_name = "TYPE", requires = "resource")]
    event_type: Option<String>,

    /// `original_type` of the resource
    #[arg(long, value_name = "TYPE", default_value = "transaction")]
    original_type: String,

    /// The merchant
    #[arg(long, value_name = "MCHID", default_value = DEMO_MCHID)]
    merchant: Mchid,

    /// Members of a direct merchant, not of a partner
    #[arg(long)]
    direct: bool,

    /// Id of the notification; the same again is a repeat
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// Sign with a stranger's key: the receiver must refuse it
    #[arg(long)]
    forged: bool,

    /// Print what is sent, and send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Notify {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let mut platform = FakePlatform::new().mchid(self.merchant.clone());
        if self.direct {
            platform = platform.direct();
        }
        let mut builder = match (&self.resource, &self.event_type, &self.order, &self.refund) {
            (Some(resource), Some(event_type), ..) => {
                platform.delivery(event_type, &self.original_type, &json(resource)?)
            }
            (_, _, Some(order), Some(refund)) => platform.refund_builder(order, refund, self.total),
            (_, _, Some(order), None) => platform.payment_builder(order, self.total),
            _ => return Err("give --order NUMBER, or --resource JSON with --event-type".into()),
        };
        // Numbers of this process begin at one each time, and a receiver handles an id once.
        let id = self
            .id
            .clone()
            .map_or_else(|| wechatpay_core::NonceSource::system().next(), Ok)?;
        builder = builder.id(&id);
        if self.forged {
            let (id, _) = platform.signing_key();
            builder = builder.signed_by(id, platform.demo_key(DemoKey::Stranger));
        }
        let delivery = builder.build();
        let mut request = Request::post(self.url.clone());
        for (name, value) in delivery.pairs() {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(delivery.body.clone()))?;
        if self.dry_run {
            for (name, value) in delivery.pairs() {
                println!("{name}: {}", String::from_utf8_lossy(value));
            }
            println!("\n{}", String::from_utf8_lossy(&delivery.body));
            return Ok(ExitCode::SUCCESS);
        }
        let transport = HyperTransport::<Full<Bytes>>::new()?;
        let sent = tokio::time::timeout(Duration::from_secs(10), transport.oneshot(request)).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(format!("{}: {}", self.url, crate::chain(error.as_ref())).into()),
            Err(_) => {
                return Err(format!("{}: no response within 10 s; the platform waits 5 s", self.url).into());
            }
        };
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes);
        eprintln!("{status}; notification {id}");
        let body = body.unwrap_or_default();
        if !body.is_empty() {
            println!("{}", String::from_utf8_lossy(&body));
        }
        // What acknowledges; any other status is sent again by the platform.
        Ok(match status.as_u16() {
            200 | 204 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }
}

/// JSON text, or that of a file.
fn json(text: &str) -> Result<Value, BoxError> {
    let text = match text.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?,
        None => text.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| format!("--resource: {error}").into())
}
