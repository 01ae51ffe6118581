//! Environment variables: values of settings, and names that resemble one.

use std::{
    env::{self, VarError},
    path::PathBuf,
};

use zeroize::Zeroizing;

use super::{
    ConfigProblem, ConfigProblems,
    names::{PREFIX, name},
};
use crate::types::SecretText;

/// Prefix of the variables of the sandbox's command line.
const SANDBOX: &str = "SANDBOX_";
/// Longest name that is compared.
const MAX_NAME: usize = 64;

/// Returns true if the variable of a field is set and not empty.
pub(super) fn is_set(field: &str) -> bool {
    env::var_os(name(field)).is_some_and(|value| !Zeroizing::new(value.into_encoded_bytes()).is_empty())
}

/// Reads variables and collects their problems.
#[derive(Default)]
pub(super) struct Variables {
    problems: Vec<ConfigProblem>,
}

impl Variables {
    /// Returns the value of a field, if its variable is set and not empty.
    pub(super) fn read<T: FromVariable>(&mut self, field: &'static str) -> Option<T> {
        let outcome = match env::var(name(field)) {
            Ok(text) => (!text.is_empty()).then(|| T::from_variable(text))?,
            Err(VarError::NotPresent) => return None,
            Err(VarError::NotUnicode(text)) => {
                drop(Zeroizing::new(text.into_encoded_bytes()));
                Err(("is not Unicode text", "set it again"))
            }
        };
        match outcome {
            Ok(value) => Some(value),
            Err((what, fix)) => {
                self.problems.push(ConfigProblem::new(field, what, fix));
                None
            }
        }
    }

    /// Returns the names with our prefix that are not settings.
    pub(super) fn unknown(&self, fields: &[&str]) -> Vec<String> {
        let mut unknown = Vec::new();
        for (name, value) in env::vars_os() {
            // Listing the names copies all values, secrets included.
            drop(Zeroizing::new(value.into_encoded_bytes()));
            let Some(name) = name.to_str() else { continue };
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let Some((prefix, rest)) = name.split_at_checked(PREFIX.len()) else {
                continue;
            };
            if prefix.eq_ignore_ascii_case(PREFIX)
                && name.len() <= MAX_NAME
                && name.bytes().all(is_plain)
                && !rest.starts_with(SANDBOX)
                && !fields.iter().any(|field| self::name(field) == name)
            {
                unknown.push(name.to_owned());
            }
        }
        unknown.sort();
        unknown
    }

    pub(super) fn finish<T>(self, settings: T) -> Result<T, ConfigProblems> {
        if self.problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigProblems(self.problems))
        }
    }
}

/// Conversion from the text of a variable. The error is a description and a fix.
pub(super) trait FromVariable: Sized {
    fn from_variable(text: String) -> Result<Self, (&'static str, &'static str)>;
}

impl FromVariable for String {
    fn from_variable(text: String) -> Result<Self, (&'static str, &'static str)> {
        Ok(text)
    }
}

impl FromVariable for SecretText {
    fn from_variable(text: String) -> Result<Self, (&'static str, &'static str)> {
        Ok(text.into())
    }
}

impl FromVariable for PathBuf {
    fn from_variable(text: String) -> Result<Self, (&'static str, &'static str)> {
        Ok(text.into())
    }
}

impl FromVariable for bool {
    fn from_variable(text: String) -> Result<Self, (&'static str, &'static str)> {
        match text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(("is neither true nor false", "set true or false")),
        }
    }
}
