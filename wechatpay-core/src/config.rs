//! Settings: read from anywhere that speaks serde, or from the environment, and judged as a whole.

use std::{
    env, fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{
    crypto::{CryptoProvider, KeyLoadError, NoCryptoProvider},
    keys::{PlatformKey, RefusedCertificate},
    sign::{LocalSigner, RequestSigner, Signer},
    types::{ApiV3Key, Appid, InvalidId, Mchid, PrivateKeyPem, PublicKeyId, SerialNumber},
};

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

#[derive(Default)]
struct Check(Vec<ConfigProblem>);

impl Check {
    fn problem(&mut self, field: &'static str, what: impl fmt::Display, fix: &'static str) {
        self.0.push(ConfigProblem::new(field, what, fix));
    }

    fn take<T, E: fmt::Display>(&mut self, field: &'static str, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(field, error, "correct this setting");
                None
            }
        }
    }

    fn id<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, InvalidId>,
        fix: &'static str,
    ) -> Option<T> {
        match text {
            Some(text) => match parse(text) {
                Ok(id) => Some(id),
                Err(error) => {
                    self.problem(field, error, fix);
                    None
                }
            },
            None => {
                self.problem(field, "is missing", fix);
                None
            }
        }
    }

    fn optional_id<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, InvalidId>,
    ) -> Option<T> {
        text.and_then(|text| self.take(field, parse(text)))
    }

    /// A value that is given as text or as the name of a file, not both.
    fn text(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        file: Option<&PathBuf>,
        what: &'static str,
    ) -> Option<Zeroizing<String>> {
        match (text, file) {
            (Some(_), Some(_)) => {
                self.problem(
                    field,
                    "is given twice, as text and as a file",
                    "keep one of the two",
                );
                None
            }
            (Some(text), None) => Some(Zeroizing::new(text.to_owned())),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) => Some(Zeroizing::new(text)),
                Err(error) if is_path(path) => {
                    let shown = path.display();
                    self.problem(
                        field,
                        format_args!("cannot be read from {shown}: {error}"),
                        "check the path and its permissions",
                    );
                    None
                }
                Err(error) => {
                    self.problem(
                        field,
                        format_args!("cannot be read from a file of that name: {error}"),
                        "give the name of a file here, and the text itself to the setting without _file",
                    );
                    None
                }
            },
            (None, None) => {
                self.problem(
                    field,
                    format_args!("is missing: {what}"),
                    "set it, or the same name with _file",
                );
                None
            }
        }
    }

    fn base_url(&mut self, url: &str) {
        let sound = match url.parse::<http::Uri>() {
            Ok(uri) => {
                let loopback = uri.host().is_some_and(is_loopback);
                match uri.scheme_str() {
                    Some("https") => Ok(()),
                    Some("http") if loopback => Ok(()),
                    Some("http") => Err("is plain http and not loopback"),
                    _ => Err("is no https URL"),
                }
                .and(if url.contains('@') {
                    Err("has a user name in front of the host")
                } else if !uri.path().trim_matches('/').is_empty()
                    || uri.query().is_some()
                    || url.contains('#')
                {
                    Err("has a path, query or fragment behind the host")
                } else {
                    Ok(())
                })
            }
            Err(_) => Err("is no URL"),
        };
        if let Err(what) = sound {
            self.problem(
                "base_url",
                what,
                "set https://api.mch.weixin.qq.com, or http://127.0.0.1:… for the sandbox",
            );
        }
    }

    fn notify_url(&mut self, url: Option<&str>) {
        let Some(url) = url else { return };
        let problem = match url.parse::<http::Uri>() {
            Ok(uri) if !matches!(uri.scheme_str(), Some("http" | "https")) => Some("is not absolute"),
            Ok(uri) if uri.query().is_some() => Some("has a query, which the platform refuses"),
            Ok(_) if url.len() > 255 => Some("is longer than 255 characters"),
            Ok(_) if url.contains('#') => Some("has a fragment"),
            Ok(_) => None,
            Err(_) => Some("is no URL (a blank in front?)"),
        };
        if let Some(what) = problem {
            self.problem("notify_url", what, "set an absolute http(s) URL without a query");
        }
    }
}

/// Whether this is the name of a file and not, by mistake, the secret that should be in it: an APIv3 key has neither
/// separator nor dot, a PEM text has dashes, line ends and length.
fn is_path(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.len() <= 255
        && text.contains(['/', '\\', '.'])
        && !text.contains("-----")
        && !text.contains(char::is_whitespace)
}

/// Whether this host can only be this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
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

/// Settings that were read and found sound.
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The calling merchant.
    pub mchid: Mchid,
    /// The sub-merchant that is paid, in partner mode.
    pub sub_mchid: Option<Mchid>,
    /// The app.
    pub appid: Option<Appid>,
    /// Holder of the private key.
    pub signer: Arc<LocalSigner>,
    /// The APIv3 key.
    pub api_v3_key: ApiV3Key,
    /// The WeChat Pay public key.
    pub public_key: Option<Arc<PlatformKey>>,
    /// Whether platform certificates are downloaded.
    pub certificates: bool,
    /// The gateway, without a trailing slash.
    pub base_url: String,
    /// Where notifications are to be sent.
    pub notify_url: Option<String>,
    /// The crypto backend.
    pub provider: Arc<dyn CryptoProvider>,
}

impl Settings {
    /// Signs requests and client parameters in the merchant's name.
    #[must_use]
    pub fn request_signer(&self) -> RequestSigner {
        let signer: Arc<dyn Signer> = Arc::<LocalSigner>::clone(&self.signer);
        RequestSigner::new(self.mchid.clone(), signer)
    }
}

/// The three ids of an order in partner mode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartnerIds {
    /// The service provider's app.
    pub sp_appid: Appid,
    /// The service provider.
    pub sp_mchid: Mchid,
    /// The sub-merchant that is paid.
    pub sub_mchid: Mchid,
}

impl Settings {
    /// The ids of an order in partner mode; `None` when app or sub-merchant are not set. See
    /// [`Config::validate_partner`] for an application that cannot do without them.
    #[must_use]
    pub fn partner(&self) -> Option<PartnerIds> {
        Some(PartnerIds {
            sp_appid: self.appid.clone()?,
            sp_mchid: self.mchid.clone(),
            sub_mchid: self.sub_mchid.clone()?,
        })
    }

    /// Whether the gateway is on this machine: the sandbox, and never the real platform.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.base_url
            .parse::<http::Uri>()
            .is_ok_and(|uri| uri.host().is_some_and(is_loopback))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("mchid", &self.mchid)
            .field("sub_mchid", &self.sub_mchid)
            .field("appid", &self.appid)
            .field("signer", &self.signer)
            .field("public_key", &self.public_key)
            .field("certificates", &self.certificates)
            .field("base_url", &self.base_url)
            .field("notify_url", &self.notify_url)
            .finish_non_exhaustive()
    }
}

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    field: &'static str,
    what: String,
    fix: &'static str,
}

impl ConfigProblem {
    fn new(field: &'static str, what: impl fmt::Display, fix: &'static str) -> Self {
        Self {
            field,
            what: what.to_string(),
            fix,
        }
    }

    /// The field.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        self.fix
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblems(Vec<ConfigProblem>);

impl ConfigProblems {
    /// The problems, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigProblem> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} problem(s) in the WeChat Pay settings", self.0.len())?;
        for ConfigProblem { field, what, fix } in &self.0 {
            let variable = field.to_ascii_uppercase();
            write!(f, "\n  {field} ({PREFIX}{variable}): {what}; {fix}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigProblems {}

/// A part could not be built of its settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No crypto backend.
    #[error(transparent)]
    NoCryptoProvider(#[from] NoCryptoProvider),
    /// A key that cannot be read.
    #[error(transparent)]
    Key(#[from] KeyLoadError),
    /// A saved certificate that may not be trusted.
    #[error("a saved platform certificate was refused")]
    SavedCertificate(#[source] RefusedCertificate),
    /// Settings that are not sound.
    #[error(transparent)]
    Problems(#[from] ConfigProblems),
    /// Something a builder needs was not given.
    #[error("{0} was not given")]
    Missing(&'static str),
}
