//! What is wrong with settings.

use std::fmt;

use super::names;
use crate::{
    crypto::{KeyLoadError, NoCryptoProvider},
    verify::RejectedCertificate,
};

/// One thing that is wrong with the settings.
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

/// Everything that is wrong with the settings. `Debug` prints the same text as `Display`, because that is what a `main` that
/// returns this error shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigProblems(pub(super) Vec<ConfigProblem>);

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
    SavedCertificate(#[source] RejectedCertificate),
    /// Settings that are not sound.
    #[error(transparent)]
    Problems(#[from] ConfigProblems),
    /// Something a builder needs was not given.
    #[error("{0} was not given")]
    Missing(&'static str),
}
