//! Judges one setting after the other and keeps what is wrong.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::ConfigProblem;
use crate::types::InvalidId;

/// The problems so far.
#[derive(Default)]
pub(super) struct Check(pub(super) Vec<ConfigProblem>);

impl Check {
    pub(super) fn problem(&mut self, field: &'static str, what: impl fmt::Display, fix: &'static str) {
        self.0.push(ConfigProblem::new(field, what, fix));
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

    pub(super) fn optional_id<T>(
        &mut self,
        field: &'static str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, InvalidId>,
    ) -> Option<T> {
        text.and_then(|text| self.take(field, parse(text)))
    }

    /// A value that is given as text or as the name of a file, not both.
    pub(super) fn text(
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

    pub(super) fn base_url(&mut self, url: &str) {
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

    pub(super) fn notify_url(&mut self, url: Option<&str>) {
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
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
