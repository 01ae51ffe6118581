//! Why the gateway rejected a request.

use std::{fmt, sync::Arc};

use crate::language::{Language, Localize};

/// A text that the gateway has for each kind of mistake.
pub(crate) trait Remedy: Localize + fmt::Debug + Send + Sync {}

impl<T: Localize + fmt::Debug + Send + Sync> Remedy for T {}

/// Remedy of a rejected request, in any [`Language`].
///
/// `Display` writes it in English.
#[derive(Clone, Debug)]
pub struct Hint(Arc<dyn Remedy>);

impl Hint {
    pub(crate) fn new(remedy: impl Remedy + 'static) -> Self {
        Self(Arc::new(remedy))
    }
}

/// Two are equal if they say the same.
impl PartialEq for Hint {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Hint {}

impl Localize for Hint {
    fn in_language(&self, language: Language) -> String {
        self.0.in_language(language)
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

/// Error code of a rejected request, and its remedy.
///
/// `Display` writes them in English.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The error code.
    pub code: &'static str,
    /// The remedy.
    pub hint: Option<Hint>,
}

impl Localize for Problem {
    fn in_language(&self, language: Language) -> String {
        match &self.hint {
            Some(hint) => {
                let colon = language.pick(": ", "：");
                format!("{}{colon}{}", self.code, hint.in_language(language))
            }
            None => self.code.to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}
