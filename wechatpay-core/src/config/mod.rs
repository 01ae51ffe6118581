//! Settings: read from anywhere that speaks serde, or from the environment, and judged as a whole.

mod check;
mod problem;
mod settings;

use std::{env, fmt, path::PathBuf, sync::Arc};

use serde::Deserialize;

use crate::{
    crypto::CryptoProvider,
    keys::PlatformKey,
    sign::LocalSigner,
    types::{ApiV3Key, Appid, Mchid, PrivateKeyPem, PublicKeyId, SerialNumber},
};
use check::Check;
pub use problem::{ConfigError, ConfigProblem, ConfigProblems};
pub use settings::{PartnerIds, Settings};

/// The gateway when nothing else is set.
const DEFAULT_BASE_URL: &str = "https://api.mch.weixin.qq.com";

/// Settings of one merchant, as text. [`validate`](Self::validate) reads them and reports every problem at once.
///
/// Field names are those of the configuration file; the environment variables are the same with `WECHATPAY_` in front.
///
/// ```
/// use wechatpay_core::Config;
///
/// let config: Config = serde_json::from_str(r#"{
///     "mchid": "1900000001",
///     "serial_no": "not hexadecimal",
///     "private_key_file": "/does/not/exist.pem",
///     "api_v3_key": "too short"
/// }"#)?;
/// let problems = config.validate().unwrap_err();
/// assert_eq!(problems.iter().count(), 3);
/// assert!(!problems.to_string().contains("too short"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The calling merchant: in partner mode the service provider (`sp_mchid`).
    pub mchid: Option<String>,
    /// The sub-merchant that is paid, in partner mode.
    pub sub_mchid: Option<String>,
    /// The app: in partner mode `sp_appid`.
    pub appid: Option<String>,
    /// Serial of the merchant API certificate, hexadecimal.
    pub serial_no: Option<String>,
    /// The merchant's private key as PEM text.
    pub private_key: Option<String>,
    /// Or the file that holds it.
    pub private_key_file: Option<PathBuf>,
    /// The APIv3 key, 32 characters.
    pub api_v3_key: Option<String>,
    /// Or the file that holds it.
    pub api_v3_key_file: Option<PathBuf>,
    /// Id of the WeChat Pay public key, `PUB_KEY_ID_…`.
    pub public_key_id: Option<String>,
    /// The WeChat Pay public key as PEM text.
    pub public_key: Option<String>,
    /// Or the file that holds it.
    pub public_key_file: Option<PathBuf>,
    /// Downloads platform certificates too. Default: only when no public key is set. Set it during the change-over.
    pub certificates: Option<bool>,
    /// The gateway; default `https://api.mch.weixin.qq.com`. Plain `http` for loopback only.
    pub base_url: Option<String>,
    /// Where notifications are to be sent.
    pub notify_url: Option<String>,
}

/// The names of the environment variables without `WECHATPAY_`, which are the fields in upper case.
const VARIABLES: [&str; 14] = [
    "MCHID",
    "SUB_MCHID",
    "APPID",
    "SERIAL_NO",
    "PRIVATE_KEY",
    "PRIVATE_KEY_FILE",
    "API_V3_KEY",
    "API_V3_KEY_FILE",
    "PUBLIC_KEY_ID",
    "PUBLIC_KEY",
    "PUBLIC_KEY_FILE",
    "CERTIFICATES",
    "BASE_URL",
    "NOTIFY_URL",
];
const PREFIX: &str = "WECHATPAY_";

impl Config {
    /// Reads the variables `WECHATPAY_MCHID`, `WECHATPAY_SUB_MCHID`, `WECHATPAY_APPID`, `WECHATPAY_SERIAL_NO`,
    /// `WECHATPAY_PRIVATE_KEY` or `…_FILE`, `WECHATPAY_API_V3_KEY` or `…_FILE`, `WECHATPAY_PUBLIC_KEY_ID`,
    /// `WECHATPAY_PUBLIC_KEY` or `…_FILE`, `WECHATPAY_CERTIFICATES`, `WECHATPAY_BASE_URL` and `WECHATPAY_NOTIFY_URL`.
    ///
    /// # Errors
    /// A variable that is not Unicode, or `WECHATPAY_CERTIFICATES` that is neither `true` nor `false`. What the values
    /// mean is judged by [`validate`](Self::validate).
    pub fn from_env() -> Result<Self, ConfigProblems> {
        Self::from_lookup(|name| match env::var(name) {
            Ok(text) => Ok(Some(text)),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(()),
        })
    }

    /// Whether any `WECHATPAY_…` variable that [`from_env`](Self::from_env) reads is set.
    #[must_use]
    pub fn is_in_env() -> bool {
        VARIABLES
            .iter()
            .any(|name| env::var_os(format!("{PREFIX}{name}")).is_some_and(|value| !value.is_empty()))
    }

    fn from_lookup(lookup: impl Fn(&str) -> Result<Option<String>, ()>) -> Result<Self, ConfigProblems> {
        let mut problems = Vec::new();
        // An empty variable is as good as none: that is how a shell unsets one for a child.
        let mut read = |name: &str| match lookup(&format!("{PREFIX}{name}")) {
            Ok(text) => text.filter(|text| !text.is_empty()),
            Err(()) => {
                problems.push(ConfigProblem::new(
                    field_name(name),
                    "is not Unicode text",
                    "set it anew",
                ));
                None
            }
        };
        let certificates = read("CERTIFICATES");
        let mut config = Self {
            mchid: read("MCHID"),
            sub_mchid: read("SUB_MCHID"),
            appid: read("APPID"),
            serial_no: read("SERIAL_NO"),
            private_key: read("PRIVATE_KEY"),
            private_key_file: read("PRIVATE_KEY_FILE").map(PathBuf::from),
            api_v3_key: read("API_V3_KEY"),
            api_v3_key_file: read("API_V3_KEY_FILE").map(PathBuf::from),
            public_key_id: read("PUBLIC_KEY_ID"),
            public_key: read("PUBLIC_KEY"),
            public_key_file: read("PUBLIC_KEY_FILE").map(PathBuf::from),
            certificates: None,
            base_url: read("BASE_URL"),
            notify_url: read("NOTIFY_URL"),
        };
        config.certificates = match certificates.as_deref() {
            None => None,
            Some("true" | "1") => Some(true),
            Some("false" | "0") => Some(false),
            Some(_) => {
                problems.push(ConfigProblem::new(
                    "certificates",
                    "is neither true nor false",
                    "set true or false",
                ));
                None
            }
        };
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigProblems(problems))
        }
    }

    /// Reads every value, key files included, with the backend that the features choose.
    ///
    /// # Errors
    /// **All** problems, each with its field, what is wrong and what to do. No secret is printed.
    pub fn validate(&self) -> Result<Settings, ConfigProblems> {
        match crate::crypto::default_provider() {
            Ok(provider) => self.validate_with(provider),
            Err(error) => Err(ConfigProblems(vec![ConfigProblem::new(
                "features",
                error,
                "see the crate documentation",
            )])),
        }
    }

    /// The same for an application that sells as a partner: `appid` and `sub_mchid` must be set too.
    ///
    /// # Errors
    /// As [`validate`](Self::validate), the missing ids included.
    pub fn validate_partner(&self) -> Result<(Settings, PartnerIds), ConfigProblems> {
        let (outcome, ids) = match self.validate() {
            Ok(settings) => {
                let ids = settings.partner();
                (Ok(settings), ids)
            }
            Err(problems) => (Err(problems), None),
        };
        let mut problems = match (outcome, ids) {
            (Ok(settings), Some(ids)) => return Ok((settings, ids)),
            (Ok(_), None) => Vec::new(),
            (Err(problems), _) => problems.0,
        };
        for (field, value, fix) in [
            ("appid", &self.appid, "set the app of the service provider"),
            ("sub_mchid", &self.sub_mchid, "set the sub-merchant that is paid"),
        ] {
            if value.is_none() {
                problems.push(ConfigProblem::new(field, "is missing", fix));
            }
        }
        Err(ConfigProblems(problems))
    }

    /// The same with a backend of your own.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn validate_with(&self, provider: Arc<dyn CryptoProvider>) -> Result<Settings, ConfigProblems> {
        let mut check = Check::default();
        let mchid = check.id(
            "mchid",
            self.mchid.as_deref(),
            Mchid::parse,
            "the merchant id, digits only",
        );
        let sub_mchid = check.optional_id("sub_mchid", self.sub_mchid.as_deref(), Mchid::parse);
        let appid = check.optional_id("appid", self.appid.as_deref(), Appid::parse);
        let serial = check.id(
            "serial_no",
            self.serial_no.as_deref(),
            SerialNumber::parse,
            "the serial of the merchant API certificate (openssl x509 -in apiclient_cert.pem -noout -serial)",
        );
        let private_key = check
            .text(
                "private_key",
                self.private_key.as_deref(),
                self.private_key_file.as_ref(),
                "apiclient_key.pem",
            )
            .map(|pem| PrivateKeyPem::new(pem.to_string()));
        let signer = match (serial, &private_key) {
            (Some(serial), Some(pem)) => {
                check.take("private_key", LocalSigner::new(serial, pem, provider.as_ref()))
            }
            // A broken key is reported even when the serial is missing.
            (None, Some(pem)) => {
                let read = crate::crypto::pem::private_key(pem.expose(), provider.as_ref());
                let _ = check.take("private_key", read);
                None
            }
            _ => None,
        };
        let api_v3_key = check
            .text(
                "api_v3_key",
                self.api_v3_key.as_deref(),
                self.api_v3_key_file.as_ref(),
                "the APIv3 key of the console",
            )
            .and_then(|text| check.take("api_v3_key", ApiV3Key::parse(text.trim_end_matches(['\r', '\n']))));
        let public_key = self.public_key(&mut check, provider.as_ref());
        let certificates = self.certificates.unwrap_or(public_key.is_none());
        // A public key that was given and is broken has been reported already.
        if !certificates && !self.gives_public_key() && self.public_key_id.is_none() {
            check.problem(
                "certificates",
                "are off and no public key is set",
                "set public_key and public_key_id",
            );
        }
        let base_url = self
            .base_url
            .as_deref()
            .unwrap_or(DEFAULT_BASE_URL)
            .trim_end_matches('/')
            .to_owned();
        check.base_url(&base_url);
        check.notify_url(self.notify_url.as_deref());
        match (mchid, signer, api_v3_key) {
            (Some(mchid), Some(signer), Some(api_v3_key)) if check.0.is_empty() => Ok(Settings {
                mchid,
                sub_mchid,
                appid,
                signer: Arc::new(signer),
                api_v3_key,
                public_key: public_key.map(Arc::new),
                certificates,
                base_url,
                notify_url: self.notify_url.clone(),
                provider,
            }),
            _ => Err(ConfigProblems(check.0)),
        }
    }

    fn gives_public_key(&self) -> bool {
        self.public_key.is_some() || self.public_key_file.is_some()
    }

    fn public_key(&self, check: &mut Check, provider: &dyn CryptoProvider) -> Option<PlatformKey> {
        match (&self.public_key_id, self.gives_public_key()) {
            (None, false) => None,
            (None, true) => {
                check.problem(
                    "public_key_id",
                    "is missing",
                    "set the PUB_KEY_ID_… that the console shows beside the key",
                );
                None
            }
            (Some(_), false) => {
                check.problem(
                    "public_key",
                    "is missing",
                    "set public_key or public_key_file (pub_key.pem) too",
                );
                None
            }
            (Some(id), true) => {
                let id = check.optional_id("public_key_id", Some(id), PublicKeyId::parse);
                let pem = check.text(
                    "public_key",
                    self.public_key.as_deref(),
                    self.public_key_file.as_ref(),
                    "pub_key.pem",
                )?;
                check.take("public_key", PlatformKey::public_key(id?, &pem, provider))
            }
        }
    }
}

/// Shows what is no secret, and of that only what has the form of it: a key may have been put into the wrong field.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn shown(text: Option<&String>, is_sound: impl Fn(&str) -> bool) -> Option<&str> {
            text.map(|text| if is_sound(text) { text } else { "(malformed)" })
        }
        let is_url = |text: &str| text.parse::<http::Uri>().is_ok() && !text.contains('@');
        f.debug_struct("Config")
            .field(
                "mchid",
                &shown(self.mchid.as_ref(), |text| Mchid::parse(text).is_ok()),
            )
            .field(
                "sub_mchid",
                &shown(self.sub_mchid.as_ref(), |text| Mchid::parse(text).is_ok()),
            )
            .field(
                "appid",
                &shown(self.appid.as_ref(), |text| Appid::parse(text).is_ok()),
            )
            .field(
                "serial_no",
                &shown(self.serial_no.as_ref(), |text| SerialNumber::parse(text).is_ok()),
            )
            .field(
                "public_key_id",
                &shown(self.public_key_id.as_ref(), |text| {
                    PublicKeyId::parse(text).is_ok()
                }),
            )
            .field("base_url", &shown(self.base_url.as_ref(), is_url))
            .field("notify_url", &shown(self.notify_url.as_ref(), is_url))
            .finish_non_exhaustive()
    }
}

fn field_name(variable: &str) -> &'static str {
    match variable {
        "MCHID" => "mchid",
        "SUB_MCHID" => "sub_mchid",
        "APPID" => "appid",
        "SERIAL_NO" => "serial_no",
        "PRIVATE_KEY" => "private_key",
        "PRIVATE_KEY_FILE" => "private_key_file",
        "API_V3_KEY" => "api_v3_key",
        "API_V3_KEY_FILE" => "api_v3_key_file",
        "PUBLIC_KEY_ID" => "public_key_id",
        "PUBLIC_KEY" => "public_key",
        "PUBLIC_KEY_FILE" => "public_key_file",
        "CERTIFICATES" => "certificates",
        "BASE_URL" => "base_url",
        _ => "notify_url",
    }
}
