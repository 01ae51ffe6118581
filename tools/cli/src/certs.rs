//! `certs`: the platform's certificates, and the merchant's own.

use std::{fs, io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use serde_json::json;
use wechatpay_core::{
    BoxError, Clock,
    crypto::pem,
    keys::{CertificateCache, RefreshError},
    sign::Signer as _,
};
use wechatpay_tower::{Client, hyper::HyperTransport};

use crate::account::Account;

const DAY: i64 = 24 * 3600;

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay certs --env-file .env.sandbox
  wechatpay certs --save certificates --json";

/// List and save the platform's certificates
///
/// Downloads them, verifies them with the APIv3 key, and tells how many days each is valid. Also lists the public key
/// and the merchant's own certificate of the settings.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Certs {
    /// Directory to write `wechatpay_SERIAL.pem` files into
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    account: Account,
}

impl Certs {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let settings = self.account.settings()?;
        let source = Client::builder(settings.request_signer())
            .base_url(&settings.base_url)
            .certificates(HyperTransport::new()?)?;
        let cache = CertificateCache::builder(settings.api_v3_key.clone(), Arc::new(source)).build()?;
        let mut note = None;
        match cache.refresh().await {
            Ok(()) => {}
            Err(error) if matches!(*error, RefreshError::NoCertificates) && settings.public_key.is_some() => {
                note = Some("the platform has no certificates for this merchant: its public key is used");
            }
            Err(error) => return Err(Box::new(error)),
        }
        let now = Clock::system().now();
        let mut rows = Vec::new();
        let ring = cache.snapshot();
        for key in ring.iter() {
            let days = key
                .expires_at()
                .map(|end| end.saturating_sub(now).div_euclid(DAY));
            rows.push(("platform certificate", key.id().to_string(), days));
            if let (Some(directory), Some(der)) = (&self.save, key.certificate_der()) {
                let file = directory.join(format!("wechatpay_{}.pem", key.id()));
                let written = fs::create_dir_all(directory)
                    .and_then(|()| tempfile::NamedTempFile::new_in(directory))
                    .and_then(|mut new| {
                        new.write_all(pem::encode_certificate(der).as_bytes())?;
                        new.persist(&file).map_err(|error| error.error)
                    });
                written.map_err(|error| format!("{}: {error}", file.display()))?;
                eprintln!("saved {}", file.display());
            }
        }
        if let Some(key) = settings.public_key.as_ref() {
            rows.push(("public key", key.id().to_string(), None));
        }
        if let Some(end) = settings.signer.expires_at() {
            let days = end.unix_seconds().saturating_sub(now).div_euclid(DAY);
            rows.push((
                "own certificate",
                settings.signer.serial().to_string(),
                Some(days),
            ));
        }
        if self.json {
            let list: Vec<_> = rows
                .iter()
                .map(|(kind, id, days)| json!({ "kind": kind, "id": id, "days_left": days }))
                .collect();
            println!("{}", serde_json::to_string_pretty(&list)?);
        } else {
            for (kind, id, days) in &rows {
                let left = days.map_or_else(|| "no expiry".to_owned(), |days| format!("{days} days left"));
                println!("{kind:<20}  {id}  {left}");
            }
        }
        if let Some(note) = note {
            eprintln!("{note}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
