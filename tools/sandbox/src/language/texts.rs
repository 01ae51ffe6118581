//! Texts for people, in both languages side by side.

use super::{Language, Text};

/// A text in any [`Language`].
pub trait Localize {
    /// Returns the text in a language.
    fn in_language(&self, language: Language) -> String;
}

/// Formats a text in a language. Both stand side by side, so that neither can be forgotten.
macro_rules! say {
    ($language:expr, $english:literal, $chinese:literal $(,)?) => {
        match $language {
            $crate::language::Language::English => format_args!($english).to_string(),
            $crate::language::Language::Chinese => format_args!($chinese).to_string(),
        }
    };
}
pub(crate) use say;

impl Localize for Text {
    fn in_language(&self, language: Language) -> String {
        language.say(*self).to_owned()
    }
}
