//! Kinds of mistakes: a stable code, the part of the message, and a sentence.
//!
//! The sentence is in English and Chinese.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Label, Part, Text, text::serialize_label};

/// Kind of mistake.
///
/// Compare its [`code`](Self::code), which is stable over versions. New kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mistake {
    code: &'static str,
    part: Part,
    remedy: Text,
}

impl Mistake {
    pub(super) const fn new(code: &'static str, part: Part, en: &'static str, zh: &'static str) -> Self {
        Self {
            code,
            part,
            remedy: Text::new(en, zh),
        }
    }

    /// Returns a stable name in kebab case, such as `url-query-dropped`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the part that is wrong, in or around the signed message.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part
    }

    /// Returns cause and remedy in one sentence.
    #[must_use]
    pub fn remedy(&self) -> Text {
        self.remedy
    }
}

/// Declares constants and a list of them, so that [`Mistake::all`] is complete.
macro_rules! mistakes {
    ($( $name:ident = $part:ident $code:literal, $en:literal, $zh:literal; )+) => {
        $(
            pub(crate) const $name: $crate::Mistake =
                $crate::Mistake::new($code, $crate::Part::$part, $en, $zh);
        )+
        pub(crate) const MISTAKES: &[$crate::Mistake] = &[$($name),+];
    };
}
pub(super) use mistakes;

/// Mistake in this signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    mistake: Mistake,
    detail: Option<Label>,
}

impl Finding {
    pub(super) fn new(mistake: Mistake) -> Self {
        Self {
            mistake,
            detail: None,
        }
    }

    pub(super) fn with(mistake: Mistake, detail: impl Into<Label>) -> Self {
        Self {
            mistake,
            detail: Some(detail.into()),
        }
    }

    /// Returns the kind of mistake.
    #[must_use]
    pub fn mistake(&self) -> Mistake {
        self.mistake
    }

    /// Returns its stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.mistake.code
    }

    /// Returns the number or name of the mistake, never text of the message.
    ///
    /// For example `-3 s`, or the label of a key.
    #[must_use]
    pub fn detail(&self) -> Option<&Label> {
        self.detail.as_ref()
    }
}

impl From<Mistake> for Finding {
    fn from(mistake: Mistake) -> Self {
        Self::new(mistake)
    }
}

/// Formats as `code (detail)`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mistake.code)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 5)?;
        out.serialize_field("code", self.mistake.code)?;
        out.serialize_field("part", &self.mistake.part)?;
        serialize_label(&mut out, ["detail", "detail_zh"], self.detail.as_ref())?;
        out.serialize_field("remedy", &self.mistake.remedy)?;
        out.end()
    }
}
