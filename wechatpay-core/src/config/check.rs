//! Checks of single settings, which collect every problem.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{ConfigProblem, demo, fields::FIELDS, names};
use crate::{
    base64,
    crypto::CryptoProvider,
    is_loopback,
    types::{ApiV3Key, InvalidId},
};

/// Largest accepted file in bytes. A key or certificate has a few kilobytes.
const MAX_FILE: usize = 64 * 1024;

/// Problems found so far.
pub(super) struct Check {
    pub(super) problems: Vec<ConfigProblem>,
    /// Variables that are not settings, each with the field that was probably meant.
    unknown: Vec<(String, Option<&'static str>)>,
}

impl Check {
    pub(super) fn new(unknown: &[String]) -> Self {
        Self {
            problems: Vec::new(),
            unknown: unknown
                .iter()
                .map(|name| (name.clone(), names::meant(name, FIELDS)))
                .collect(),
        }
    }

    pub(super) fn problem(&mut self, field: &'static str, what: impl fmt::Display, fix: &'static str) {
        self.problems.push(ConfigProblem::new(field, what, fix));
    }

    /// Reports a missing setting.
    ///
    /// `names` are the fields of which one is enough. The problem also names a variable that looks like one of them.
    pub(super) fn missing(
        &mut self,
        field: &'static str,
        names: &[&str],
        what: impl fmt::Display,
        fix: &'static str,
    ) {
        let is_meant = |meant: Option<&str>| meant.is_some_and(|meant| names.contains(&meant));
        let near = self.unknown.iter().position(|(_, meant)| is_meant(*meant));
        match near.map(|at| self.unknown.remove(at)) {
            Some((name, Some(meant))) => {
                let right = names::name(meant);
                self.problem(
                    field,
                    format_args!("{what}, and {name} is not a setting: did you mean {right}?"),
                    fix,
                );
            }
            _ => self.problem(field, what, fix),
        }
    }

    /// Logs one warning for each unknown variable that no problem names.
    pub(super) fn warn_of_unknown(&self) {
        for (name, meant) in &self.unknown {
            match meant.map(names::name) {
                Some(right) => tracing::warn!(
                    target: "wechatpay::config",
                    variable = %name,
                    "this variable is not a setting and is ignored: did you mean {right}?"
                ),
                None => tracing::warn!(
                    target: "wechatpay::config",
                    variable = %name,
                    "this variable is not a setting and is ignored"
                ),
            }
        }
    }

    /// Reports public demo keys, with which anybody can forge payments to this merchant.
    pub(super) fn demo_keys(
        &mut self,
        provider: &dyn CryptoProvider,
        own: Option<&[u8]>,
        api_v3_key: Option<&ApiV3Key>,
        public_key: Option<&[u8]>,
    ) {
        let is_demo = |info: &[u8]| demo::is_demo_key(info, provider);
        for (field, is_demo) in [
            ("private_key", own.is_some_and(is_demo)),
            ("api_v3_key", api_v3_key.is_some_and(demo::is_demo_api_v3_key)),
            ("public_key", public_key.is_some_and(is_demo)),
        ] {
            if is_demo {
                self.problem(
                    field,
                    "is a public demo key, and base_url is not a sandbox on this machine",
                    "set the merchant's own key, or a sandbox as base_url (http://127.0.0.1:…)",
                );
            }
        }
    }

    pub(super) fn take<T, E: fmt::Display>(
        &mut self,
        field: &'static str,
        outcome: Result<T, E>,
    ) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(field, error, "correct this setting");
                None
            }
        }
    }

    pub(super) fn id<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, InvalidId>,
        fix: &'static str,
    ) -> Option<T> {
        match text.map(trim) {
            Some(text) => match parse(text) {
                Ok(id) => Some(id),
                Err(error) => {
                    self.problem(field, error, fix);
                    None
                }
            },
            None => {
                self.missing(field, &[field], "is missing", fix);
                None
            }
        }
    }

    pub(super) fn optional_id<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, InvalidId>,
    ) -> Option<T> {
        text.and_then(|text| self.take(field, parse(trim(text))))
    }

    /// Returns a value that is given as text or as a file, not both.
    pub(super) fn text(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        file: Option<&PathBuf>,
        what: &'static str,
    ) -> Option<Zeroizing<String>> {
        let bytes = self.bytes(field, text, file, what)?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Some(Zeroizing::new(trim(text).to_owned()));
        }
        self.problem(field, "is not UTF-8 text", "save it as plain text");
        None
    }

    /// Returns the text of a key or certificate.
    ///
    /// Binary content is encoded as base64, so that later checks can name its kind.
    pub(super) fn pem(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        file: Option<&PathBuf>,
        what: &'static str,
    ) -> Option<Zeroizing<String>> {
        let bytes = self.bytes(field, text, file, what)?;
        Some(Zeroizing::new(match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => base64::encode(bytes.as_slice()),
        }))
    }

    fn bytes(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        file: Option<&PathBuf>,
        what: &'static str,
    ) -> Option<Zeroizing<Vec<u8>>> {
        match (text, file) {
            (Some(_), Some(_)) => {
                self.problem(
                    field,
                    "is given twice, as text and as a file",
                    "keep one of the two",
                );
                None
            }
            (Some(text), None) => Some(Zeroizing::new(text.as_bytes().to_vec())),
            (None, Some(path)) => match read(path) {
                Ok(bytes) => Some(bytes),
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
                        "set a file name here, and the text itself in the setting without _file",
                    );
                    None
                }
            },
            (None, None) => {
                let names = [field, &format!("{field}_file")];
                self.missing(
                    field,
                    &names,
                    format_args!("is missing: {what}"),
                    "set it, or the same name with _file",
                );
                None
            }
        }
    }

    pub(super) fn base_url(&mut self, url: &str) {
        let sound = match url.parse::<http::Uri>() {
            Ok(uri) => {
                let loopback = uri.host().is_some_and(is_loopback);
                match uri.scheme_str() {
                    Some("https") => Ok(()),
                    Some("http") if loopback => Ok(()),
                    Some("http") => Err("is plain http and not loopback"),
                    _ => Err("is not an https URL"),
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
            Err(_) => Err("is not a URL"),
        };
        if let Err(what) = sound {
            self.problem(
                "base_url",
                what,
                "set https://api.mch.weixin.qq.com, or http://127.0.0.1:… for the sandbox",
            );
        }
    }

    pub(super) fn notify_url(&mut self, url: Option<&str>, is_local: bool) {
        let Some(url) = url else { return };
        let problem = match url.parse::<http::Uri>() {
            Ok(uri) if !matches!(uri.scheme_str(), Some("http" | "https")) => Some("is not absolute"),
            Ok(uri) if uri.scheme_str() == Some("http") && !is_local => {
                Some("is plain http, and the gateway is not on this machine")
            }
            Ok(uri) if uri.query().is_some() => Some("has a query, which the platform refuses"),
            Ok(_) if url.len() > 255 => Some("is longer than 255 characters"),
            Ok(_) if url.contains('#') => Some("has a fragment"),
            Ok(_) => None,
            Err(_) => Some("is not a URL (does it begin with a space?)"),
        };
        if let Some(what) = problem {
            self.problem("notify_url", what, "set an absolute https URL without a query");
        }
    }
}

/// Trims white space and a byte order mark, which files, consoles and containers add.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}')
}

/// Returns the digits of a serial.
///
/// Accepts the formats of `openssl x509 -serial`, `-text` and certificate viewers.
pub(super) fn serial_digits(text: &str) -> String {
    let text = trim(text);
    let digits = text
        .split_once(['=', ':'])
        .filter(|(name, _)| {
            name.eq_ignore_ascii_case("serial") || name.trim().eq_ignore_ascii_case("serial number")
        })
        .map_or(text, |(_, digits)| digits);
    digits
        .chars()
        .filter(|char| !char.is_whitespace() && *char != ':')
        .collect()
}

/// Reads a small file into one buffer.
///
/// A growing buffer would leave copies of a key in memory.
fn read(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut file = File::open(path)?;
    let mut bytes = Zeroizing::new(vec![0; MAX_FILE]);
    let mut length: usize = 0;
    loop {
        let rest = bytes.get_mut(length..).unwrap_or_default();
        if rest.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "the file is too large for a key",
            ));
        }
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => length = length.saturating_add(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Returns `true` if the value is a file name and not the secret itself.
///
/// An APIv3 key has neither separator nor dot. PEM text has dashes, line ends and more than 255 characters.
fn is_path(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.len() <= 255
        && text.contains(['/', '\\', '.'])
        && !text.contains("-----")
        && !text.contains(char::is_whitespace)
}
