//! Sentences in two languages.

use std::{borrow::Cow, fmt};

use serde::{Serialize, ser::SerializeStruct};

/// Sentence in English and Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// 中文.
    pub zh: &'static str,
}

impl Text {
    /// The same sentence twice.
    #[must_use]
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.en)
    }
}

/// Name or number in English and Chinese, such as the label of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    en: Cow<'static, str>,
    /// `None` if it is the same.
    zh: Option<Cow<'static, str>>,
}

impl Label {
    /// Creates a label that differs between the languages.
    #[must_use]
    pub fn new(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Self {
            en: en.into(),
            zh: Some(zh.into()),
        }
    }

    /// Returns it in English.
    #[must_use]
    pub fn en(&self) -> &str {
        &self.en
    }

    /// Returns it in Chinese.
    #[must_use]
    pub fn zh(&self) -> &str {
        self.zh.as_deref().unwrap_or(&self.en)
    }
}

impl From<String> for Label {
    fn from(name: String) -> Self {
        Self {
            en: name.into(),
            zh: None,
        }
    }
}

impl From<&str> for Label {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<Text> for Label {
    fn from(text: Text) -> Self {
        Self::new(text.en, text.zh)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// Serialises a label: its English, and its Chinese if that differs.
pub(super) fn serialize_label<S: SerializeStruct>(
    out: &mut S,
    [en, zh]: [&'static str; 2],
    label: Option<&Label>,
) -> Result<(), S::Error> {
    match label {
        Some(label) => out.serialize_field(en, &label.en)?,
        None => out.skip_field(en)?,
    }
    match label.and_then(|label| label.zh.as_ref()) {
        Some(chinese) => out.serialize_field(zh, chinese),
        None => out.skip_field(zh),
    }
}
