//! Facts that are certain even if no mistake was found.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Label, Text, text::serialize_label};

/// Certain fact about a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    code: &'static str,
    text: Text,
    detail: Option<Label>,
}

impl Fact {
    const fn new(code: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self {
            code,
            text: Text::new(en, zh),
            detail: None,
        }
    }

    pub(super) fn with(mut self, detail: impl Into<Label>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Returns a stable name in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the fact as a sentence.
    #[must_use]
    pub fn text(&self) -> Text {
        self.text
    }

    /// Returns the name or number of the fact, never text of the message.
    #[must_use]
    pub fn detail(&self) -> Option<&Label> {
        self.detail.as_ref()
    }

    /// Returns all kinds without details, for a page that lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Fact", 5)?;
        out.serialize_field("code", self.code)?;
        out.serialize_field("en", self.text.en)?;
        out.serialize_field("zh", self.text.zh)?;
        serialize_label(&mut out, ["detail", "detail_zh"], self.detail.as_ref())?;
        out.end()
    }
}

/// All facts, so that [`Fact::all`] is complete.
const ALL: [Fact; 12] = [
    KEY_RIGHT,
    KEY_OTHER,
    ALGORITHM_RIGHT,
    MESSAGE_RIGHT,
    MESSAGE_DIFFERS,
    NOTHING_FITS,
    SEARCH_CUT,
    MESSAGE_UNCHECKED,
    CLAIM_PROVEN,
    CLAIM_REFUTED,
    CLAIM_UNPROVEN,
    CLAIM_RIGHT,
];

pub(super) const KEY_RIGHT: Fact = Fact::new("key-right", "the key is right", "密钥正确");
pub(super) const KEY_OTHER: Fact = Fact::new(
    "key-other",
    "the signature was made with another key than the named one",
    "签名由另一把已知密钥生成",
);
pub(super) const ALGORITHM_RIGHT: Fact = Fact::new(
    "algorithm-right",
    "PKCS#1 v1.5 with SHA-256 is right",
    "PKCS#1 v1.5 与 SHA-256 正确",
);
pub(super) const MESSAGE_RIGHT: Fact = Fact::new("message-right", "the message is right", "签名串正确");
pub(super) const MESSAGE_DIFFERS: Fact = Fact::new(
    "message-differs",
    "the signed message differs from the received one",
    "被签名的内容与收到的内容不同",
);
pub(super) const NOTHING_FITS: Fact = Fact::new(
    "nothing-fits",
    "none of the candidates is the signed message; provide the string that was signed to see the difference",
    "已尝试的各种可能都不是被签名的内容；请提供实际签名的字符串以查看差异",
);
pub(super) const SEARCH_CUT: Fact = Fact::new(
    "search-cut",
    "not every candidate was tried, to limit the work",
    "为节省时间，并未尝试所有可能",
);
pub(super) const MESSAGE_UNCHECKED: Fact = Fact::new(
    "message-unchecked",
    "this hash does not show whether the message is right; fix the hash first",
    "由于摘要算法不同，暂无法判断签名串是否正确；请先改正摘要算法",
);
pub(super) const CLAIM_PROVEN: Fact = Fact::new(
    "claim-proven",
    "the provided string is exactly the signed message",
    "所提供的字符串正是被签名的内容",
);
pub(super) const CLAIM_REFUTED: Fact = Fact::new(
    "claim-refuted",
    "the provided string is not the signed message; copy it where the signature function is called",
    "所提供的字符串不是被签名的内容；请在调用签名函数处取得它",
);
pub(super) const CLAIM_UNPROVEN: Fact = Fact::new(
    "claim-unproven",
    "this signature does not show whether the provided string was signed",
    "无法从该签名判断所提供的字符串是否就是被签名的内容",
);
pub(super) const CLAIM_RIGHT: Fact = Fact::new(
    "claim-right",
    "the provided string is the right message, so check the key, the hash and the encoding of the signature",
    "所提供的签名串本身正确，请检查密钥、摘要算法和签名的编码",
);
