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
use serde::Deserialize;
use toml::{
    Spanned, Value,
    de::{DeTable, DeValue, Deserializer, ValueDeserializer},
};
use wechatpay_core::{crypto::x509::PlatformCertificate, testing::DemoKey, types::SerialNumber};
use wechatpay_sandbox::{FaultRule, MerchantCertificate, MerchantSpec};

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
    pub(crate) merchants: Vec<MerchantSpec>,
    pub(crate) faults: Vec<FaultRule>,
    /// The first key that looks like one of a real merchant.
    pub(crate) real: Option<Problem>,
}

/// A merchant of the file; one without a certificate gets a key.
pub(crate) fn with_key(mut merchant: MerchantSpec, fresh_keys: bool) -> Result<MerchantSpec, String> {
    if merchant.certificates.is_empty() {
        let serial = SerialNumber::parse(DEFAULT_SERIAL).map_err(|error| error.to_string())?;
        merchant.certificates.push(if fresh_keys {
            MerchantCertificate::fresh_key(serial)
        } else {
            MerchantCertificate::demo_key(serial, DemoKey::OtherMerchant)
        });
    }
    Ok(merchant)
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

    fn wrong(&self, error: &toml::de::Error) -> Problem {
        self.problem(error.span(), error.message())
    }

    fn read(&self, mut command: Command) -> Result<ConfigFile, Problem> {
        let mut table = DeTable::parse(self.text).map_err(|error| self.wrong(&error))?;
        let (mut real, mut faults) = (None, Vec::new());
        let merchants = match table.get_mut().remove("merchant") {
            Some(merchants) => self.merchants(merchants, &mut real)?,
            None => Vec::new(),
        };
        if let Some(rules) = table.get_mut().remove("fault") {
            let rules = Vec::<FaultRule>::deserialize(ValueDeserializer::from(rules));
            faults = rules.map_err(|error| self.wrong(&error))?;
        }
        let flags = BTreeMap::<Spanned<String>, Spanned<Value>>::deserialize(Deserializer::from(table));
        for (key, value) in &flags.map_err(|error| self.wrong(&error))? {
            command = self.flag(command, key, value)?;
        }
        Ok(ConfigFile {
            command,
            merchants,
            faults,
            real,
        })
    }

    /// The merchants, with the keys that are in files.
    fn merchants(
        &self,
        mut merchants: Spanned<DeValue<'_>>,
        real: &mut Option<Problem>,
    ) -> Result<Vec<MerchantSpec>, Problem> {
        for (_, merchant) in tables(&mut merchants) {
            let certificates = ["certificate", "certificates"].map(|name| merchant.remove_entry(name));
            for (name, mut certificates) in certificates.into_iter().flatten() {
                for (span, certificate) in tables(&mut certificates) {
                    self.files(&span, certificate, real)?;
                }
                merchant.insert(name, certificates);
            }
        }
        let merchants = Vec::<Spanned<MerchantSpec>>::deserialize(ValueDeserializer::from(merchants));
        let merchants = merchants.map_err(|error| self.wrong(&error))?;
        let merchants = merchants.into_iter().map(|merchant| {
            if merchant.get_ref().api_v3_key.is_none() {
                let text = "missing field `api_v3_key`: 32 characters, the same at each start";
                return Err(self.problem(Some(merchant.span()), text));
            }
            Ok(merchant.into_inner())
        });
        merchants.collect()
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

    /// Replaces the files of a certificate by their content.
    fn files(
        &self,
        span: &Range<usize>,
        certificate: &mut DeTable<'_>,
        real: &mut Option<Problem>,
    ) -> Result<(), Problem> {
        let problem = |text: String| self.problem(Some(span.clone()), text);
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let [private, public, issued] =
            ["private_key_file", "public_key_file", "certificate_file"].map(|field| {
                match certificate.remove(field) {
                    Some(file) => match file.get_ref().as_str() {
                        Some(path) => Ok(Some(folder.join(path))),
                        None => Err(self.problem(Some(file.span()), format!("`{field}` is a path"))),
                    },
                    None => Ok(None),
                }
            });
        let (private, public, issued) = (private?, public?, issued?);
        let read = |file: &PathBuf| {
            fs::read_to_string(file).map_err(|error| problem(format!("{}: {error}", file.display())))
        };
        let issued = issued.as_ref().map(read).transpose()?;
        // A private key says nothing of its owner. The certificate that was downloaded with it does.
        let beside = private.as_ref().map(|file| file.with_file_name(CERTIFICATE_FILE));
        let beside = beside.and_then(|file| fs::read_to_string(file).ok());
        if real.is_none() && [&issued, &beside].into_iter().flatten().any(|pem| is_real(pem)) {
            *real = Some(problem(
                "this certificate was issued by WeChat Pay: a sandbox is no place for real keys. Give it keys of its own, or say --i-know"
                    .to_owned(),
            ));
        }
        let has_key = certificate.contains_key("private_key") || certificate.contains_key("public_key");
        let has_serial = certificate.contains_key("serial_no");
        let mut set = |field: &'static str, text: String| {
            let name = Spanned::new(span.clone(), field.into());
            certificate.insert(name, Spanned::new(span.clone(), DeValue::String(text.into())));
        };
        if !has_serial {
            let pem = issued.as_ref().ok_or_else(|| {
                problem("a certificate has a serial_no, or a certificate_file that has it".into())
            })?;
            let certificate = PlatformCertificate::from_pem(pem);
            let certificate = certificate.map_err(|error| problem(format!("certificate_file: {error}")))?;
            set("serial_no", certificate.serial().as_str().to_owned());
        }
        match (private, public, issued) {
            (Some(file), None, _) => set("private_key", read(&file)?),
            (None, Some(file), None) => set("public_key", read(&file)?),
            (None, None, Some(pem)) => set("public_key", pem),
            (None, None, None) if has_key => (),
            _ => {
                return Err(problem(
                    "a certificate has a private_key_file, a public_key_file or a certificate_file".into(),
                ));
            }
        }
        Ok(())
    }
}

/// The tables of an array, with their places.
fn tables<'a, 'i>(
    value: &'a mut Spanned<DeValue<'i>>,
) -> impl Iterator<Item = (Range<usize>, &'a mut DeTable<'i>)> {
    let tables = match value.get_mut() {
        DeValue::Array(values) => values.iter_mut(),
        _ => [].iter_mut(),
    };
    tables.filter_map(|value| {
        let span = value.span();
        match value.get_mut() {
            DeValue::Table(table) => Some((span, table)),
            _ => None,
        }
    })
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
