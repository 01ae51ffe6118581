//! The checks, one function each.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use wechatpay_core::{
    Clock, NonceSource,
    api::{
        security::Echo,
        transactions::{PartnerQueryByOutTradeNo, QueryByOutTradeNo},
    },
    keys::{CertificateCache, RefreshError},
    notify::NotificationReceiver,
    types::OutTradeNo,
    verify::VerifyError,
};

use super::{Check, Checked, Preflight, Report};
use crate::{
    CallError, Client, Error, WechatPay,
    client::{ApiError, UnknownCause},
};

const DAY: i64 = 24 * 3600;
/// Days of a certificate's life that call for a new one.
const FEW_DAYS: i64 = 30;
/// Seconds of skew that the platform and the library tolerate.
const WINDOW: i64 = 300;
/// Seconds of skew that a synchronised clock does not have.
const SUSPICIOUS: i64 = 30;
/// Remedy for a key that the platform does not sign with.
const PUBLIC_KEY_FIX: &str = "set WECHATPAY_PUBLIC_KEY_ID and WECHATPAY_PUBLIC_KEY_FILE to those of the console (微信支付公钥), or WECHATPAY_CERTIFICATES=true";
/// Time between two looks for a notification.
const LOOK: Duration = Duration::from_millis(100);

/// The merchant's own certificate.
pub(super) fn certificate(wechatpay: &WechatPay) -> Checked {
    let check = Check::Certificate;
    let Some(end) = wechatpay.health().merchant_certificate_expiry else {
        return Checked::skipped(
            check,
            "not in the settings: set WECHATPAY_CERTIFICATE_FILE to be told of its expiry",
        );
    };
    let days = end
        .unix_seconds()
        .saturating_sub(Clock::system().now())
        .div_euclid(DAY);
    let fix = "get a new certificate in the merchant console (API安全), and set its key and serial";
    if days < 0 {
        Checked::failed(check, format!("it expired {} days ago", days.unsigned_abs()), fix)
    } else if days < FEW_DAYS {
        Checked::warning(check, format!("it expires in {days} days"), fix)
    } else {
        Checked::passed(check, format!("valid for {days} more days"))
    }
}

/// The clock, by the date of a response.
pub(super) fn clock(skew: Option<i64>) -> Checked {
    let check = Check::Clock;
    let Some(skew) = skew else {
        return Checked::skipped(check, "no response had a date");
    };
    let direction = if skew > 0 { "ahead of" } else { "behind" };
    let what = format!("{} s {direction} the gateway's", skew.unsigned_abs());
    let fix = "synchronise the clock of this host (NTP, chrony)";
    if skew.abs() > WINDOW {
        Checked::failed(check, format!("{what}; {WINDOW} s are allowed"), fix)
    } else if skew.abs() > SUSPICIOUS {
        Checked::warning(check, what, fix)
    } else {
        Checked::passed(check, "right to within half a minute")
    }
}

/// Queries an order that cannot exist. Returns true if the platform accepts requests.
pub(super) async fn query(preflight: &Preflight, report: &mut Report) -> bool {
    let settings = preflight.wechatpay.settings();
    let number = NonceSource::system().next().ok();
    let number = number.and_then(|nonce| OutTradeNo::parse(nonce.get(..30).unwrap_or(&nonce)).ok());
    let Some(number) = number else {
        report.add(Checked::skipped(
            Check::Gateway,
            "there is no random number to ask for",
        ));
        return false;
    };
    let client = preflight.wechatpay.client();
    let outcome = match &settings.sub_mchid {
        Some(sub) => {
            let query = PartnerQueryByOutTradeNo::new(settings.mchid.clone(), sub.clone(), number);
            client.call(&query).await.map(drop)
        }
        None => {
            let query = QueryByOutTradeNo::new(settings.mchid.clone(), number);
            client.call(&query).await.map(drop)
        }
    };
    let checks = match outcome {
        Ok(()) => accepted("an order was found under a random number".to_owned()),
        Err(CallError::Api { error, .. }) if is_unproven(&error) && preflight.is_locked_out().await => vec![
            Checked::passed(Check::Gateway, "reached"),
            Checked::passed(
                Check::Signing,
                format!("accepted ({} {})", error.status(), error.code()),
            ),
            Checked::skipped(
                Check::Verification,
                "it needs the platform's certificates, which do not open",
            ),
        ],
        Err(CallError::Api { error, .. }) if is_unproven(&error) => proof(client, &settings.base_url).await,
        Err(CallError::Api { error, .. }) => refused(&error),
        Err(error) => not_answered(&settings.base_url, &error),
    };
    let is_accepted = checks.iter().any(|checked| {
        matches!(
            (checked.check, &checked.outcome),
            (Check::Signing, super::Outcome::Passed { .. })
        )
    });
    report.extend(checks);
    is_accepted
}

/// Returns true if the platform seems to speak, and its signature does not verify.
fn is_unproven(error: &ApiError) -> bool {
    let is_of_platform = !error.code().is_empty() && error.status().as_u16() != 401;
    is_of_platform && error.status().is_client_error() && !error.is_authentic()
}

/// Asks for a response whose signature must verify, and so learns why it does not.
async fn proof(client: &Client, base_url: &str) -> Vec<Checked> {
    match client.call(&Echo::new("preflight")).await {
        Ok(_) => accepted("accepted".to_owned()),
        // It read the request, and did not like the key that the request announced.
        Err(CallError::Api { error, .. }) if is_unproven(&error) => {
            let said = error.body();
            let what = said.sandbox_hint().unwrap_or_else(|| said.message.clone());
            vec![
                Checked::passed(Check::Gateway, "reached"),
                Checked::failed(
                    Check::Verification,
                    format!("no response verifies, and one says {}: {what}", said.code),
                    PUBLIC_KEY_FIX,
                ),
            ]
        }
        Err(CallError::Api { error, .. }) => refused(&error),
        Err(error) => not_answered(base_url, &error),
    }
}

fn accepted(what: String) -> Vec<Checked> {
    vec![
        Checked::passed(Check::Gateway, "reached"),
        Checked::passed(Check::Signing, what),
        Checked::passed(Check::Verification, "the signature of the response is right"),
    ]
}

/// A response that is an error: the platform's own proves more than any other.
fn refused(error: &ApiError) -> Vec<Checked> {
    let status = error.status();
    if error.is_authentic() {
        let is_unknown = error.is("ORDER_NOT_EXIST") || error.is("RESOURCE_NOT_EXISTS");
        let mut checks = accepted(format!("accepted ({status} {})", error.code()));
        if !is_unknown {
            checks.push(Checked::warning(
                Check::Signing,
                format!("the query was refused: {}", error.body().message),
                "look the code up; a product or a permission may be missing in the merchant console",
            ));
        }
        return checks;
    }
    let body = error.body();
    if status.as_u16() == 401 || error.is("SIGN_ERROR") {
        let hint = body.sandbox_hint();
        let what = match (body.field(), body.issue(), hint) {
            (_, _, Some(hint)) => hint,
            (Some(field), Some(issue), None) => format!("{} ({field}: {issue})", body.message),
            (_, Some(issue), None) => format!("{} ({issue})", body.message),
            _ => body.message.clone(),
        };
        return vec![
            Checked::passed(Check::Gateway, "reached"),
            Checked::failed(
                Check::Signing,
                format!("refused with 401 {}: {what}", body.code),
                signing_fix(body.field()),
            ),
            Checked::skipped(
                Check::Verification,
                "the platform signs no response to a request that it does not accept",
            ),
        ];
    }
    vec![Checked::failed(
        Check::Gateway,
        format!(
            "{status} from something that does not sign: {}",
            body.snippet().unwrap_or(&body.code)
        ),
        "a proxy or another server responds: check base_url, and the way out of this network",
    )]
}

/// Remedy by the field that the platform names.
fn signing_fix(field: Option<&str>) -> &'static str {
    match field {
        Some("mchid") => {
            "set WECHATPAY_MCHID to the merchant id of the console; a partner signs with its own"
        }
        Some("serial_no") => {
            "set WECHATPAY_SERIAL_NO to the serial of this merchant's API certificate, or set WECHATPAY_CERTIFICATE_FILE instead"
        }
        Some("timestamp") => "synchronise the clock of this host (NTP, chrony)",
        _ => {
            "private key, serial and merchant id must belong together: use apiclient_key.pem and apiclient_cert.pem of one download"
        }
    }
}

/// No response, or one that cannot be trusted.
fn not_answered(base_url: &str, error: &CallError) -> Vec<Checked> {
    let verify = match error {
        CallError::Read { cause, .. } | CallError::OutcomeUnknown { cause, .. } => match cause {
            UnknownCause::Layer(Error::Verify(error)) => Some(error),
            _ => None,
        },
        _ => None,
    };
    if let Some(problem) = verify {
        return vec![
            Checked::passed(Check::Gateway, "reached"),
            Checked::failed(
                Check::Verification,
                problem.to_string(),
                verification_fix(problem),
            ),
        ];
    }
    let text = error.to_string();
    let fix = if text.contains("dns") || text.contains("lookup") {
        "the host has no address here: check base_url, /etc/resolv.conf, and whether this network may resolve it"
    } else if text.contains("certificate") || text.contains("TLS") || text.contains("handshake") {
        "TLS failed: a proxy that breaks TLS open, or a wrong host in base_url"
    } else {
        "check base_url, the firewall and the proxy of this host"
    };
    vec![Checked::failed(
        Check::Gateway,
        format!("{base_url} does not respond: {text}"),
        fix,
    )]
}

fn verification_fix(error: &VerifyError) -> &'static str {
    match error {
        VerifyError::TooOld { .. } | VerifyError::TooNew { .. } => {
            "synchronise the clock of this host (NTP, chrony)"
        }
        VerifyError::KeyUnknown { .. } => PUBLIC_KEY_FIX,
        VerifyError::SignatureInvalid { .. } => {
            "the public key does not belong to its id: download pub_key.pem again in the console"
        }
        VerifyError::KeyUnavailable { .. } => {
            "the certificates could not be opened: check the APIv3 key (WECHATPAY_API_V3_KEY)"
        }
        _ => "a proxy may have changed the response: let headers and body pass as they are",
    }
}

/// The APIv3 key, by certificates that it opens.
pub(super) async fn api_v3_key(certificates: &CertificateCache) -> Checked {
    let check = Check::ApiV3Key;
    let refreshed = certificates.refresh().await;
    match refreshed.as_ref().map_err(AsRef::as_ref) {
        Ok(()) => Checked::passed(
            check,
            format!(
                "opens the platform's certificates ({})",
                certificates.snapshot().len()
            ),
        ),
        Err(RefreshError::NoCertificates) => Checked::skipped(
            check,
            "the platform has no certificates for this merchant; the first notification tries the key",
        ),
        Err(RefreshError::DoesNotOpen) => Checked::failed(
            check,
            "it does not open the platform's certificates",
            "set WECHATPAY_API_V3_KEY to the key of the console (API安全 · APIv3密钥); it is not the APIv2 key",
        ),
        Err(error) => Checked::warning(
            check,
            format!("not tried: {}", crate::client::Chain(error)),
            "run the check again",
        ),
    }
}

/// Sensitive fields, by an echo: encrypted for the platform, and back for the merchant.
pub(super) async fn encryption(client: &Client) -> Checked {
    let check = Check::Encryption;
    let Ok(secret) = NonceSource::system().next() else {
        return Checked::skipped(check, "there is no random text to encrypt");
    };
    let echo = Echo::new("preflight").encrypted_echo_message(secret.clone());
    match client.call(&echo).await {
        Ok(echoed) => {
            let back = echoed.encrypted_echo_message.as_ref();
            match back.map(|back| client.signer().decrypt(back)) {
                Some(Ok(text)) if *text == secret => Checked::passed(
                    check,
                    "a text was encrypted, decrypted there, and came back encrypted",
                ),
                _ => Checked::failed(
                    check,
                    "the platform's text does not decrypt with the private key",
                    "the private key is not the one of the certificate that the platform knows under this serial",
                ),
            }
        }
        // Not every account may use it.
        Err(error) if error.api().is_some_and(ApiError::is_authentic) => {
            Checked::skipped(check, format!("the platform offers no echo here: {error}"))
        }
        Err(error) => Checked::warning(check, error.to_string(), "run the check again"),
    }
}

/// A notification that the platform sends and the receiver accepts.
pub(super) async fn notification(
    client: &Client,
    url: &str,
    receiver: &NotificationReceiver,
    patience: Duration,
) -> Checked {
    let check = Check::Notification;
    let before: Vec<(&str, u64)> = receiver.counters().iter().collect();
    let echo = Echo::new("preflight").notify_url(url);
    if let Err(error) = client.call(&echo).await {
        return Checked::skipped(check, format!("the platform sends none: {error}"));
    }
    let end = Instant::now() + patience;
    loop {
        let counters = receiver.counters();
        let changed = before.iter().find(|(kind, count)| counters.get(kind) > *count);
        match changed {
            Some(("accepted", _)) => {
                return Checked::passed(check, "a signed notification arrived, was verified and opened");
            }
            // The platform probes receivers with wrong signatures.
            Some((kind, _)) if *kind != "probe" && *kind != "signature_invalid" => {
                return Checked::failed(
                    check,
                    format!("one arrived and was refused: {kind}"),
                    "see the line of the log under wechatpay::notify; a wrong APIv3 key shows as decrypt_failed",
                );
            }
            _ if Instant::now() >= end => {
                return Checked::failed(
                    check,
                    format!("none arrived within {} s", patience.as_secs()),
                    "the URL must lead to this receiver from the internet: look at DNS, firewall, and the log of the proxy",
                );
            }
            _ => sleep(LOOK).await,
        }
    }
}
