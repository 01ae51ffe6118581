//! Verdict of the doctor on one signature.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Direction, Fact, Finding, Label, slot::Piece, text::serialize_label};

/// Kind of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VerdictKind {
    /// The signature matches: nothing is wrong.
    SignatureFits,
    /// The right key signed another message.
    MessageDiffers,
    /// A known key signed, but not the right one.
    OtherKey,
    /// A wrong hash or padding was used.
    OtherAlgorithm,
    /// The text of the signature has a wrong encoding.
    OtherSpelling,
    /// No known key made the signature, or it was damaged.
    Unreadable,
}

impl VerdictKind {
    /// Returns its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SignatureFits => "signature-fits",
            Self::MessageDiffers => "message-differs",
            Self::OtherKey => "other-key",
            Self::OtherAlgorithm => "other-algorithm",
            Self::OtherSpelling => "other-spelling",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Confidence in the named mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// The mistakes are proven.
    ///
    /// The digest inside the signature is that of the message with these mistakes, or the signature itself shows them.
    Proven,
    /// The mistakes are likely.
    Suspected,
    /// No mistake is named. The facts are certain nevertheless.
    Unknown,
}

impl Confidence {
    /// Returns its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Suspected => "suspected",
            Self::Unknown => "unknown",
        }
    }
}

/// Verdict of the doctor on one signature.
///
/// `Debug`, `Display` and `Serialize` show codes, remedies, numbers and names of keys, and **no text of the message**:
/// they may be logged. [`report`](Self::report) has the signed message line by line, for the developer's own screen.
///
/// # Security
/// Return neither to the sender of the message: it would tell an attacker what to change.
#[derive(Clone)]
#[must_use]
pub struct Verdict {
    pub(super) direction: Direction,
    pub(super) kind: VerdictKind,
    pub(super) confidence: Confidence,
    pub(super) findings: Vec<Finding>,
    pub(super) facts: Vec<Fact>,
    pub(super) signed_by: Option<Label>,
    pub(super) is_explained: bool,
    pub(super) tried: usize,
    pub(super) expected: Vec<Piece>,
    pub(super) signed: Option<Vec<Piece>>,
    pub(super) claimed: Option<Vec<Piece>>,
}

impl Verdict {
    /// Returns the kind of message.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Returns the kind of verdict.
    #[must_use]
    pub fn kind(&self) -> VerdictKind {
        self.kind
    }

    /// Returns the confidence in the mistakes.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Returns the mistakes, which together produce the signed message.
    ///
    /// Empty if the signature matches or no mistake was found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns the codes of the mistakes.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.findings.iter().map(Finding::code)
    }

    /// Returns facts that are certain.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Returns `true` if the mistakes explain the signature completely.
    ///
    /// An unknown message signed by a known wrong key is explained only in part.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// Returns the label of the key that signed, if it is known.
    #[must_use]
    pub fn signed_by(&self) -> Option<&Label> {
        self.signed_by.as_ref()
    }

    /// Returns the number of the first wrong line, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.lines().next()
    }

    /// Returns the numbers of the wrong lines, from 1.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        let parts = self.findings.iter().map(|finding| finding.mistake().part());
        parts.filter_map(|part| self.direction.line(part))
    }

    /// Returns the number of messages that were hashed.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// Returns the message that should have been signed.
    ///
    /// Of a response it is the message that was verified. **It may name a payer.**
    #[must_use]
    pub fn expected_message(&self) -> Vec<u8> {
        join(&self.expected)
    }

    /// Returns the message that was signed, if it was found. **It may name a payer.**
    #[must_use]
    pub fn signed_message(&self) -> Option<Vec<u8>> {
        self.signed.as_deref().map(join)
    }

    pub(super) fn codes_text(&self) -> String {
        let findings: Vec<String> = self.findings.iter().map(ToString::to_string).collect();
        findings.join(" + ")
    }
}

fn join(pieces: &[Piece]) -> Vec<u8> {
    pieces
        .iter()
        .flat_map(|piece| piece.bytes.iter().copied())
        .collect()
}

/// Formats one line for a log: `url-query-dropped (proven): the query was left out; …`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.first() {
            Some(finding) => write!(
                f,
                "{} ({}): {}",
                self.codes_text(),
                self.confidence.code(),
                finding.mistake().remedy()
            ),
            None => {
                write!(f, "{}: ", self.kind.code())?;
                for (number, fact) in self.facts.iter().enumerate() {
                    write!(f, "{}{fact}", if number > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdict")
            .field("direction", &self.direction)
            .field("kind", &self.kind)
            .field("confidence", &self.confidence)
            .field("causes", &self.codes_text())
            .field("signed_by", &self.signed_by.as_ref().map(Label::en))
            .field("tried", &self.tried)
            .finish_non_exhaustive()
    }
}

impl Verdict {
    /// Serialises the fields that are safe to log.
    pub(super) fn serialize_safe<S: serde::ser::SerializeStruct>(&self, out: &mut S) -> Result<(), S::Error> {
        out.serialize_field("verdict", self.kind.code())?;
        out.serialize_field("confidence", self.confidence.code())?;
        out.serialize_field("cause", &self.codes().collect::<Vec<_>>())?;
        if let Some(line) = self.line() {
            out.serialize_field("line", &line)?;
        }
        if let Some(finding) = self.findings.first() {
            let remedy = finding.mistake().remedy();
            out.serialize_field("hint", remedy.en)?;
            out.serialize_field("hint_zh", remedy.zh)?;
        }
        serialize_label(out, ["signed_by", "signed_by_zh"], self.signed_by.as_ref())?;
        out.serialize_field("mistakes", &self.findings)?;
        out.serialize_field("facts", &self.facts)?;
        out.serialize_field("explained", &self.is_explained)?;
        out.serialize_field("tried", &self.tried)
    }
}

/// Serialises the verdict without text of the message.
///
/// The fields are `verdict`, `confidence`, `cause` (codes), `line`, `hint`, `hint_zh`, `signed_by`, `signed_by_zh`,
/// `mistakes`, `facts`, `explained` and `tried`.
impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Verdict", 12)?;
        self.serialize_safe(&mut out)?;
        out.end()
    }
}
