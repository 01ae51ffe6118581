//! The URL for notifications, and what responds there.
//!
//! [`Config::validate`](wechatpay_core::Config::validate) has checked its form.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header::LOCATION};
use http_body_util::Empty;
use tower::ServiceExt as _;

use super::{Check, Checked, Report};
use crate::{client::Chain, hyper::HyperTransport};

/// Patience with a response.
const PATIENCE: Duration = Duration::from_secs(10);

/// Checks the URL. Returns true if something responds there that may be the receiver.
pub(super) async fn check(url: Option<&str>, report: &mut Report) -> bool {
    let Some(url) = url else {
        report.add(Checked::skipped(
            Check::NotifyUrl,
            "not in the settings: set WECHATPAY_NOTIFY_URL to have it tried",
        ));
        return false;
    };
    let checked = match url.parse() {
        Ok(uri) => probed(uri).await,
        Err(_) => Checked::skipped(Check::NotifyUrl, "it is no URL"),
    };
    let is_reached = !matches!(checked.outcome, super::Outcome::Failed { .. });
    report.add(checked);
    is_reached
}

/// Asks the URL without a signature, which a receiver refuses.
async fn probed(uri: Uri) -> Checked {
    let failed = |what: String, fix: &str| Checked::failed(Check::NotifyUrl, what, fix);
    let request = Request::post(uri.clone()).body(Empty::<Bytes>::new());
    let (Ok(request), Ok(transport)) = (request, HyperTransport::<Empty<Bytes>>::new()) else {
        return Checked::skipped(Check::NotifyUrl, "it cannot be asked");
    };
    let response = match tokio::time::timeout(PATIENCE, transport.oneshot(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            let text = Chain(error.as_ref()).to_string();
            let fix = if text.contains("dns") || text.contains("lookup") {
                "the host has no address: set its DNS record"
            } else if text.contains("certificate") || text.contains("handshake") {
                "TLS failed: install a certificate for this host, with its whole chain"
            } else {
                "start the server, and open its port"
            };
            return failed(format!("{uri} does not respond: {text}"), fix);
        }
        Err(_) => {
            return failed(
                format!("{uri} does not respond within {} s", PATIENCE.as_secs()),
                "the platform waits five seconds: look at the server and its proxy",
            );
        }
    };
    let status = response.status();
    match status {
        _ if status.is_redirection() => {
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            failed(
                format!("{uri} redirects to {}", location.unwrap_or("another place")),
                "the platform follows no redirect: let this path pass a login, and write the final URL",
            )
        }
        StatusCode::NOT_FOUND => failed(
            format!("{uri} has no such route (404)"),
            "check the path, and the prefix that a proxy takes away",
        ),
        StatusCode::FORBIDDEN => failed(
            format!("{uri} refuses everybody (403)"),
            "a firewall or login stands before the receiver: let this path pass",
        ),
        _ if status.is_server_error() => failed(
            format!("{uri} fails ({status})"),
            "the server behind it does not run, or has no receiver: look at its log",
        ),
        _ if status.is_success() => failed(
            format!("{uri} accepts a request without a signature ({status})"),
            "it is not a receiver that verifies: add the notification layer to this route, or fix the path",
        ),
        _ => Checked::passed(
            Check::NotifyUrl,
            format!(
                "{uri} responds, and refuses what is not signed ({})",
                status.as_u16()
            ),
        ),
    }
}
