//! `explain`: why a signature does not match, from a pasted message.

mod pasted;

use std::{fs, io::IsTerminal as _, io::Read as _, path::PathBuf, process::ExitCode};

use clap::Args;
use wechatpay_core::{
    BoxError,
    crypto::{default_provider, pem},
    sign::Authorization,
};
use wechatpay_doctor::{Doctor, KeyRole, KnownKey, SignedRequest, SignedResponse, Verdict, VerdictKind};

use crate::account::Account;
use pasted::{Message, Start};

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay explain request.txt --key apiclient_cert.pem
  wechatpay explain --key pub_key.pem < notification.txt
  pbpaste | wechatpay explain --env-file .env

A message is a curl command, or the text of HTTP: the first line, the headers, an empty line, the body.

Exit status: 0 the signature is right, 1 it is not, or there is none.";

/// Explain why a signature does not match
///
/// Opens the signature with the public key and proves which mistake was made: a missing line end, another body, another
/// key. A request is checked against the merchant's key, a response or notification against the platform's. Nothing is
/// sent, and no private key is needed: a certificate or a public key will do.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// The message; default: the standard input
    file: Option<PathBuf>,

    /// Certificate, public key or private key in PEM; may be repeated
    ///
    /// Default: those of the settings
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    account: Account,
}

/// The public half of a key, or the key of a certificate.
fn public_key_info(pem: &str) -> Result<Vec<u8>, BoxError> {
    match pem::public_key_info(pem) {
        Ok(info) => Ok(info),
        Err(error) => match pem::private_key(pem, default_provider()?.as_ref()) {
            Ok(key) => Ok(key.public_key_info().to_vec()),
            Err(_) => Err(error.into()),
        },
    }
}

impl Explain {
    pub(crate) fn run(self) -> Result<ExitCode, BoxError> {
        let text = self.text()?;
        let message = pasted::read(&text)?;
        let mut doctor = Doctor::new();
        for (label, info) in self.keys(&message)? {
            doctor = doctor.key(KeyRole::Expected, KnownKey::new(label, &info)?);
        }
        let verdict = match &message.start {
            Start::Request { method, target } => {
                let authorization = message
                    .header("authorization")
                    .ok_or("the request has no Authorization header")?;
                let parsed = Authorization::parse(authorization).map_err(|error| {
                    format!("Authorization: {error}; it is WECHATPAY2-SHA256-RSA2048 mchid=\"…\",nonce_str=\"…\",…")
                })?;
                let mut request = SignedRequest::new(
                    method,
                    target,
                    &parsed.timestamp,
                    &parsed.nonce,
                    message.body.as_bytes(),
                    &parsed.signature,
                );
                if let Some(host) = message.header("host") {
                    request = request.host(host);
                }
                doctor.request(&request)
            }
            Start::Signed => {
                let header = |name: &'static str| {
                    message
                        .header(name)
                        .ok_or_else(|| format!("the message has no {name} header"))
                };
                doctor.response(&SignedResponse::new(
                    header("wechatpay-timestamp")?,
                    header("wechatpay-nonce")?,
                    message.body.as_bytes(),
                    header("wechatpay-signature")?,
                ))
            }
        };
        self.print(&verdict)
    }

    fn text(&self) -> Result<String, BoxError> {
        if let Some(file) = &self.file {
            return fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()).into());
        }
        if std::io::stdin().is_terminal() {
            eprintln!("paste a curl command or an HTTP message; end it with Ctrl-D");
        }
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        Ok(text)
    }

    /// Labels and public keys to try.
    fn keys(&self, message: &Message<'_>) -> Result<Vec<(String, Vec<u8>)>, BoxError> {
        let mut keys = Vec::new();
        for file in &self.key {
            let pem = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let info = public_key_info(&pem).map_err(|error| format!("{}: {error}", file.display()))?;
            keys.push((file.display().to_string(), info));
        }
        if keys.is_empty() {
            let settings = self
                .account
                .settings()
                .map_err(|error| format!("give --key FILE, or settings: {error}"))?;
            match message.start {
                Start::Request { .. } => keys.push((
                    format!("key of merchant {}", settings.mchid),
                    settings.signer.public_key_info().to_vec(),
                )),
                Start::Signed => {
                    let key = settings
                        .public_key
                        .ok_or("the settings have no public key of the platform: give --key FILE")?;
                    keys.push((key.id().to_string(), key.public_key_info().to_vec()));
                }
            }
        }
        Ok(keys)
    }

    fn print(&self, verdict: &Verdict) -> Result<ExitCode, BoxError> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(&verdict.report())?);
        } else {
            println!("{}", verdict.report());
        }
        Ok(if verdict.kind() == VerdictKind::SignatureFits {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
