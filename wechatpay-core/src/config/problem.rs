//! Problems of settings.

use std::fmt;

use super::names;
use crate::{
    crypto::{KeyLoadError, NoCryptoProvider},
    verify::RejectedCertificate,
};

/// One problem of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    field: &'static str,
    what: String,
    fix: &'static str,
}

impl ConfigProblem {
    pub(super) fn new(field: &'static str, what: impl fmt::Display, fix: &'static str) -> Self {
        Self {
            field,
            what: what.to_string(),
            fix,
        }
    }

    /// Returns the field.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Returns the description of the problem.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Returns the fix.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        self.fix
    }
}

/// All problems of the settings.
///
/// `Debug` prints the same text as `Display`, because a `main` that returns this error prints `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigProblems(pub(super) Vec<ConfigProblem>);

impl ConfigProblems {
    /// Returns the problems in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigProblem> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} problem(s) in the WeChat Pay settings", self.0.len())?;
        for ConfigProblem { field, what, fix } in &self.0 {
            let variable = names::name(field);
            write!(f, "\n  {field} ({variable}): {what}; {fix}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigProblems {}

/// Error: a part could not be built from its settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no crypto backend.
    #[error(transparent)]
    NoCryptoProvider(#[from] NoCryptoProvider),
    /// A key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyLoadError),
    /// A saved certificate was rejected.
    #[error("a saved platform certificate was rejected")]
    SavedCertificate(#[source] RejectedCertificate),
    /// The settings are invalid.
    #[error(transparent)]
    Problems(#[from] ConfigProblems),
    /// A required value is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A setting that rules out the mode of this call.
    #[error("{0} is set, so orders are placed in partner mode; leave it empty to sell in direct mode")]
    Superfluous(&'static str),
}
