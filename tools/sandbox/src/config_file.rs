//! `--config`: flags, merchants and faults from a TOML file.
//!
//! A flag in the file becomes the flag's default, so that the environment and the command line win, each value is checked as it
//! is there, and a new flag needs no word here.

use std::{
    collections::BTreeMap,
    fmt, fs,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, Command};
use memchr::memmem;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::{Spanned, Value};
use wechatpay_core::{
    crypto::x509::PlatformCertificate,
    testing::DemoKey,
    types::{ApiV3Key, Appid, Mchid, SerialNumber},
};
use wechatpay_sandbox::{FaultRule, MerchantKind, MerchantSpec};

/// The issuer name of real merchant certificates, found in no others.
const REAL_ISSUER: &[u8] = b"Tenpay.com";
/// The certificate beside a private key, as merchants download them.
const CERTIFICATE_FILE: &str = "apiclient_cert.pem";
/// Serial of a merchant without a certificate in the file.
///
/// Its key is public, or new with `--fresh-keys`.
const DEFAULT_SERIAL: &str = "7D1F0A55C0FFEE00DE300000000000000000002A";

/// Content of a configuration file.
pub(crate) struct ConfigFile {
    /// The command, with the file's values as defaults.
    pub(crate) command: Command,
    pub(crate) merchants: Vec<FileMerchant>,
    /// The first key that looks like one of a real merchant.
    pub(crate) real: Option<Problem>,
}

/// A merchant of the file.
#[derive(Debug)]
pub(crate) struct FileMerchant {
    pub(crate) mchid: Mchid,
    spec: MerchantSpec,
    has_key: bool,
}

impl FileMerchant {
    /// The merchant; one without a certificate gets a key.
    pub(crate) fn spec(self, fresh_keys: bool) -> Result<MerchantSpec, String> {
        if self.has_key {
            return Ok(self.spec);
        }
        let serial = SerialNumber::parse(DEFAULT_SERIAL).map_err(|error| error.to_string())?;
        Ok(if fresh_keys {
            self.spec.fresh_key(serial)
        } else {
            self.spec.demo_key(serial, DemoKey::OtherMerchant)
        })
    }
}

/// Why a file cannot be used: where, and what was expected.
#[derive(Debug)]
pub(crate) struct Problem {
    path: PathBuf,
    line: Option<usize>,
    text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.text)
    }
}

impl std::error::Error for Problem {}

/// The parts of a file that are no flags.
#[derive(Deserialize)]
struct Lists {
    #[serde(default)]
    merchant: Vec<Merchant>,
    #[serde(default)]
    fault: Vec<FaultRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merchant {
    mchid: Parsed<Mchid>,
    api_v3_key: Parsed<ApiV3Key>,
    #[serde(default)]
    kind: MerchantKind,
    name: Option<String>,
    #[serde(default)]
    appids: Vec<Parsed<Appid>>,
    share_notify_url: Option<String>,
    #[serde(default)]
    sub_merchant: Vec<SubMerchant>,
    #[serde(default)]
    certificate: Vec<Spanned<Certificate>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubMerchant {
    mchid: Parsed<Mchid>,
    #[serde(default)]
    appids: Vec<Parsed<Appid>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    serial_no: Option<Parsed<SerialNumber>>,
    private_key_file: Option<PathBuf>,
    public_key_file: Option<PathBuf>,
    certificate_file: Option<PathBuf>,
}

/// A text of a certain form.
struct Parsed<T>(T);

/// Conversion from a text. The error must not repeat it, because it may be secret.
trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, String>;
}

macro_rules! from_text {
    ($($kind:ty)*) => {$(
        impl FromText for $kind {
            fn from_text(text: &str) -> Result<Self, String> {
                Self::parse(text).map_err(|error| error.to_string())
            }
        }
    )*};
}
from_text!(ApiV3Key Appid Mchid SerialNumber);

impl<'de, T: FromText> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::from_text(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Reads a file for this command.
pub(crate) fn read(path: &Path, command: Command) -> Result<ConfigFile, Problem> {
    let text = fs::read_to_string(path).map_err(|error| Problem {
        path: path.to_owned(),
        line: None,
        text: error.to_string(),
    })?;
    Reader { path, text: &text }.read(command)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Reader<'_> {
    fn problem(&self, span: Option<Range<usize>>, text: impl Into<String>) -> Problem {
        let before = span.and_then(|span| self.text.get(..span.start));
        Problem {
            path: self.path.to_owned(),
            line: before.map(|before| before.matches('\n').count().saturating_add(1)),
            text: text.into(),
        }
    }

    fn toml<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Problem> {
        toml::from_str(self.text).map_err(|error| self.problem(error.span(), error.message()))
    }

    fn read(&self, mut command: Command) -> Result<ConfigFile, Problem> {
        let entries: BTreeMap<Spanned<String>, Spanned<Value>> = self.toml()?;
        let Lists { merchant, fault } = self.toml()?;
        for (key, value) in &entries {
            if !matches!(key.get_ref().as_str(), "merchant" | "fault") {
                command = self.flag(command, key, value)?;
            }
        }
        if !fault.is_empty() {
            let rules: Result<Vec<String>, _> = fault.iter().map(serde_json::to_string).collect();
            let rules = rules.map_err(|error| self.problem(None, error.to_string()))?;
            command = command.mut_arg("fault", |arg| arg.default_values(rules));
        }
        let mut real = None;
        let merchants = merchant.into_iter();
        let merchants: Result<Vec<FileMerchant>, Problem> = merchants
            .map(|merchant| self.merchant(merchant, &mut real))
            .collect();
        Ok(ConfigFile {
            merchants: merchants?,
            command,
            real,
        })
    }

    /// Makes a value the default of its flag.
    fn flag(
        &self,
        command: Command,
        key: &Spanned<String>,
        value: &Spanned<Value>,
    ) -> Result<Command, Problem> {
        let long = key.get_ref().replace('_', "-");
        let is_flag = |arg: &&Arg| !matches!(arg.get_id().as_str(), "help" | "version" | "config");
        let flags = || command.get_arguments().filter(is_flag);
        let Some(flag) = flags().find(|arg| arg.get_long() == Some(&long)) else {
            let known: Vec<String> = flags()
                .filter_map(Arg::get_long)
                .filter(|long| *long != "fault")
                .map(|long| long.replace('-', "_"))
                .collect();
            let text = format!(
                "there is no `{}`; there are {}, [[merchant]] and [[fault]]",
                key.get_ref(),
                known.join(", ")
            );
            return Err(self.problem(Some(key.span()), text));
        };
        let problem = |text: String| self.problem(Some(value.span()), text);
        let texts = texts(value.get_ref()).ok_or_else(|| {
            problem(format!(
                "`{}` is a text, a number, true or false, or a list of those",
                key.get_ref()
            ))
        })?;
        if matches!(flag.get_action(), ArgAction::SetTrue) {
            if !value.get_ref().is_bool() {
                return Err(problem(format!("`{}` is true or false", key.get_ref())));
            }
        } else {
            let given = texts.iter().map(|text| format!("--{long}={text}"));
            let line = std::iter::once(String::new()).chain(given);
            if let Err(error) = command.clone().try_get_matches_from(line) {
                return Err(problem(in_one_line(&error)));
            }
        }
        let id = flag.get_id().clone();
        Ok(command.mut_arg(id, |arg| arg.default_values(texts)))
    }

    fn merchant(&self, merchant: Merchant, real: &mut Option<Problem>) -> Result<FileMerchant, Problem> {
        let mchid = merchant.mchid.0.clone();
        let mut spec = MerchantSpec::new(merchant.mchid.0, merchant.api_v3_key.0).kind(merchant.kind);
        if let Some(name) = merchant.name {
            spec = spec.name(name);
        }
        if let Some(url) = merchant.share_notify_url {
            spec = spec.share_notify_url(url);
        }
        for appid in merchant.appids {
            spec = spec.appid(appid.0);
        }
        for sub in merchant.sub_merchant {
            spec = spec.sub_merchant(sub.mchid.0, sub.appids.into_iter().map(|appid| appid.0));
        }
        let has_key = !merchant.certificate.is_empty();
        for certificate in merchant.certificate {
            spec = self.certificate(spec, certificate, real)?;
        }
        Ok(FileMerchant { mchid, spec, has_key })
    }

    fn certificate(
        &self,
        spec: MerchantSpec,
        certificate: Spanned<Certificate>,
        real: &mut Option<Problem>,
    ) -> Result<MerchantSpec, Problem> {
        let span = certificate.span();
        let problem = |text: String| self.problem(Some(span.clone()), text);
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let read = |file: &PathBuf| {
            let file = folder.join(file);
            fs::read_to_string(&file).map_err(|error| problem(format!("{}: {error}", file.display())))
        };
        let certificate = certificate.into_inner();
        let issued = certificate.certificate_file.as_ref().map(read).transpose()?;
        // A private key says nothing of its owner. The certificate that was downloaded with it does.
        let beside = certificate.private_key_file.as_ref().and_then(|file| {
            let beside = folder.join(file).with_file_name(CERTIFICATE_FILE);
            fs::read_to_string(beside).ok()
        });
        if real.is_none() && [&issued, &beside].into_iter().flatten().any(|pem| is_real(pem)) {
            *real = Some(problem(
                "this certificate was issued by WeChat Pay: a sandbox is no place for real keys. Give it keys of its own, or say --i-know"
                    .to_owned(),
            ));
        }
        let read_certificate = |pem: &String| {
            PlatformCertificate::from_pem(pem).map_err(|error| problem(format!("certificate_file: {error}")))
        };
        let serial = match (certificate.serial_no, &issued) {
            (Some(serial), _) => serial.0,
            (None, Some(pem)) => read_certificate(pem)?.serial().clone(),
            (None, None) => {
                return Err(problem(
                    "a certificate has a serial_no, or a certificate_file that has it".into(),
                ));
            }
        };
        match (
            &certificate.private_key_file,
            &certificate.public_key_file,
            issued,
        ) {
            (Some(file), None, _) => Ok(spec.private_key_pem(serial, read(file)?)),
            (None, Some(file), None) => Ok(spec.public_key_pem(serial, read(file)?)),
            (None, None, Some(pem)) => Ok(spec.public_key_pem(serial, pem)),
            _ => Err(problem(
                "a certificate has a private_key_file, a public_key_file or a certificate_file".into(),
            )),
        }
    }
}

/// Returns true if the platform issued this certificate.
fn is_real(pem: &str) -> bool {
    PlatformCertificate::from_pem(pem)
        .is_ok_and(|certificate| memmem::find(certificate.as_der(), REAL_ISSUER).is_some())
}

/// A value as it would be written on the command line.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(values) => {
            let texts: Option<Vec<Vec<String>>> = values.iter().map(texts).collect();
            Some(texts?.into_iter().flatten().collect())
        }
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(is) => Some(vec![is.to_string()]),
        _ => None,
    }
}

/// Clap's message without its advice to read the help.
fn in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().take_while(|line| !line.is_empty());
    let words: Vec<&str> = lines.map(str::trim).collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}
