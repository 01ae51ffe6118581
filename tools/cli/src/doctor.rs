//! `doctor`: tries the settings before the first real payment.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use axum::{Router, body::Body, response::Response, routing::post};
use clap::Args;
use tokio::net::TcpListener;
use wechatpay_core::{BoxError, ConfigError, notify::Ack};
use wechatpay_tower::{
    NotificationLayer,
    preflight::{Check, Checked, Preflight, Report},
};

use crate::account::Account;

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay doctor --env-file .env
  wechatpay doctor --listen 127.0.0.1:3000
  wechatpay doctor --json

Exit status: 0 nothing failed, 1 something did.";

/// Try the settings against the platform, without money
///
/// Checks files and pairs, the expiry of the certificate, the clock, a signed query of an order that cannot exist, the
/// APIv3 key, the encryption of fields, and the URL for notifications. With `--listen`, stands in for your server while
/// that is down, and waits for a real notification. Prints no secret.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {
    /// Address of your server, to receive the notification of the check in its place
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// Seconds that the notification may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "listen")]
    patience: u64,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    account: Account,
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let report = self.report().await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{report}");
        }
        Ok(if report.is_sound() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    async fn report(&self) -> Result<Report, BoxError> {
        let mut report = Report::default();
        let settings = match self.account.config()?.validate() {
            Ok(settings) => settings,
            Err(problems) => {
                report.extend(problems.iter().map(|problem| {
                    let what = format!("{} {}", problem.field(), problem.what());
                    Checked::failed(Check::Settings, what, problem.fix())
                }));
                return Ok(report);
            }
        };
        report.add(Checked::passed(
            Check::Settings,
            format!(
                "complete, for merchant {} at {}",
                settings.mchid, settings.base_url
            ),
        ));
        let mut preflight = Preflight::new(&settings).map_err(|error: ConfigError| Box::new(error))?;
        if let Some(address) = self.listen {
            let receiver = preflight.wechatpay().receiver().clone();
            let listener = TcpListener::bind(address).await.map_err(|error| {
                format!("cannot listen on {address}: {error}; is your server still running?")
            })?;
            let app = Router::new()
                .fallback(post(acknowledged))
                .layer(NotificationLayer::new(receiver.clone()));
            tokio::spawn(async move { axum::serve(listener, app).await });
            preflight = preflight
                .receiver(&receiver)
                .arrival_within(Duration::from_secs(self.patience));
        }
        report.extend(preflight.run().await.iter().cloned());
        Ok(report)
    }
}

async fn acknowledged() -> Response<Body> {
    Ack.into_response()
}
