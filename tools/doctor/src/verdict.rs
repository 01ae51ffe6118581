//! The doctor's verdict on one signature.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Direction, Fact, Finding, slot::Piece};

/// The kind of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VerdictKind {
    /// It fits: nothing is wrong.
    SignatureFits,
    /// The right key signed another message.
    MessageDiffers,
    /// A known key signed, but not the right one.
    OtherKey,
    /// A wrong hash or padding.
    OtherAlgorithm,
    /// The text of the signature is encoded wrongly.
    OtherSpelling,
    /// No known key made it, or it was damaged.
    Unreadable,
}

impl VerdictKind {
    /// Its stable name.
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

/// The confidence in the named mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// The digest inside the signature is that of the message with these mistakes, or the signature itself shows them.
    Proven,
    /// It looks like it.
    Suspected,
    /// No mistake is named; the facts are certain nevertheless.
    Unknown,
}

impl Confidence {
    /// Its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Suspected => "suspected",
            Self::Unknown => "unknown",
        }
    }
}

/// The doctor's verdict on one signature.
///
/// `Debug`, `Display` and `Serialize` show codes, remedies, numbers and names of keys, and **no text of the message**: they
/// may be logged. What was signed, line by line, is in [`report`](Self::report), which is for the developer's own screen.
/// Neither may go to whoever sent the message: a stranger would learn what he has to change.
#[derive(Clone)]
#[must_use]
pub struct Verdict {
    pub(super) direction: Direction,
    pub(super) kind: VerdictKind,
    pub(super) confidence: Confidence,
    pub(super) findings: Vec<Finding>,
    pub(super) facts: Vec<Fact>,
    pub(super) signed_by: Option<String>,
    pub(super) is_explained: bool,
    pub(super) tried: usize,
    pub(super) expected: Vec<Piece>,
    pub(super) signed: Option<Vec<Piece>>,
    pub(super) claimed: Option<Vec<Piece>>,
}

impl Verdict {
    /// Whose signature it should have been.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> VerdictKind {
        self.kind
    }

    /// The confidence in the mistakes.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The mistakes; all of them together make what was signed. Empty when the signature fits, and when none was found.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Codes of the mistakes.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.findings.iter().map(Finding::code)
    }

    /// Facts that are certain.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Returns true if the mistakes explain the signature wholly. An unknown message signed by a known wrong key is explained in part.
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// Name of the key that signed, if it is known.
    #[must_use]
    pub fn signed_by(&self) -> Option<&str> {
        self.signed_by.as_deref()
    }

    /// Number of the first line that is wrong, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.lines().next()
    }

    /// Numbers of the lines that are wrong, from 1.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        let parts = self.findings.iter().map(|finding| finding.mistake().part());
        parts.filter_map(|part| self.direction.line(part))
    }

    /// Messages that were hashed to find it.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.tried
    }

    /// The message that should have been signed (of a response: that was verified). **It may name a payer.**
    #[must_use]
    pub fn expected_message(&self) -> Vec<u8> {
        join(&self.expected)
    }

    /// The message that was signed, if it was found. **It may name a payer.**
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

/// One line for a log: `url-query-dropped (proven): the query was left out; …`.
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
            .field("signed_by", &self.signed_by)
            .field("tried", &self.tried)
            .finish_non_exhaustive()
    }
}

impl Verdict {
    /// The fields that are safe to log.
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
        if let Some(signed_by) = &self.signed_by {
            out.serialize_field("signed_by", signed_by)?;
        }
        out.serialize_field("mistakes", &self.findings)?;
        out.serialize_field("facts", &self.facts)?;
        out.serialize_field("explained", &self.is_explained)?;
        out.serialize_field("tried", &self.tried)
    }
}

/// `verdict`, `confidence`, `cause` (codes), `line`, `hint`, `hint_zh`, `signed_by`, `mistakes`, `facts`, `explained`, `tried`.
impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Verdict", 11)?;
        self.serialize_safe(&mut out)?;
        out.end()
    }
}
