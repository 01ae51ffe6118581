//! Verdict together with the messages.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Direction, FirstDifference, LineDiff, Verdict, VerdictKind, diff, slot::Piece};

/// [`Verdict`] with the signed and the correct message.
///
/// For a terminal (`Display`), a page or a tool (`Serialize`). `Debug` shows no text.
///
/// # Security
/// **It may name a payer**: show it on the developer's own screen only. Do not log it, and never return it to the
/// sender of the message.
#[derive(Clone, Copy)]
pub struct Report<'v> {
    verdict: &'v Verdict,
}

impl Verdict {
    /// Returns the verdict with the messages, line by line.
    ///
    /// For the developer's own screen. **It may name a payer.**
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report { verdict: self }
    }
}

impl<'v> Report<'v> {
    /// Returns the verdict.
    pub fn verdict(&self) -> &'v Verdict {
        self.verdict
    }

    /// Returns the messages line by line.
    ///
    /// Contains only the correct message if neither the signed nor a claimed message is known.
    #[must_use]
    pub fn lines(&self) -> Vec<LineDiff> {
        let expected = &self.verdict.expected;
        let other = self.other().unwrap_or(expected);
        diff::lines(self.verdict.direction, expected, other)
    }

    /// Returns the first byte that differs.
    #[must_use]
    pub fn first_difference(&self) -> Option<FirstDifference> {
        let other = self.other()?;
        let other: Vec<u8> = other
            .iter()
            .flat_map(|piece| piece.bytes.iter().copied())
            .collect();
        diff::first_difference(&self.verdict.expected_message(), &other)
    }

    /// Returns the signed message, else the claimed one.
    fn other(&self) -> Option<&'v [Piece]> {
        self.verdict.signed.as_deref().or(self.verdict.claimed.as_deref())
    }

    /// Returns the names of the correct and the other side.
    fn sides(&self) -> (&'static str, &'static str) {
        let is_claim = self.verdict.signed.is_none();
        match self.verdict.direction {
            Direction::Response => (
                "you verified",
                if is_claim {
                    "you provided"
                } else {
                    "platform signed"
                },
            ),
            _ => ("expected", if is_claim { "you provided" } else { "you signed" }),
        }
    }

    fn has_other(&self) -> bool {
        self.other().is_some()
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.verdict, f)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict;
        match (verdict.kind, verdict.findings.is_empty()) {
            (VerdictKind::SignatureFits, _) => writeln!(f, "the signature matches")?,
            (kind, true) => writeln!(f, "the signature does not match: {}, cause unknown", kind.code())?,
            (_, false) => writeln!(
                f,
                "the signature does not match: {} ({})",
                verdict.codes_text(),
                verdict.confidence.code()
            )?,
        }
        for finding in &verdict.findings {
            let remedy = finding.mistake().remedy();
            writeln!(f, "  {}\n  {}", remedy.en, remedy.zh)?;
        }
        if !verdict.facts.is_empty() {
            writeln!(f, "\n  certain")?;
            for fact in &verdict.facts {
                writeln!(f, "    {fact}\n    {}", fact.text().zh)?;
            }
        }
        if verdict.kind != VerdictKind::SignatureFits {
            self.draw_lines(f)?;
        }
        if verdict.tried > 1 {
            writeln!(f, "\n  {} messages tried", verdict.tried)?;
        }
        Ok(())
    }
}

impl Report<'_> {
    fn draw_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (right, other) = self.sides();
        writeln!(f)?;
        if self.has_other() {
            writeln!(f, "  - {other}   + {right}")?;
        }
        for line in self.lines() {
            let number = line.line.map_or_else(|| " ".to_owned(), |line| line.to_string());
            let name = line.part.name().en;
            let label = format!("  {number} {name:<10}");
            if line.same {
                writeln!(f, "{label}   {}", line.expected.as_deref().unwrap_or_default())?;
                continue;
            }
            let blank = " ".repeat(label.chars().count());
            match &line.signed {
                Some(signed) => writeln!(f, "{label} - {signed}")?,
                None => writeln!(f, "{label} - (no such line)")?,
            }
            match &line.expected {
                Some(expected) => writeln!(f, "{blank} + {expected}")?,
                None => writeln!(f, "{blank} + (no such line)")?,
            }
            if let Some(column) = line.column {
                writeln!(f, "{blank}   {}^", " ".repeat(column))?;
            }
        }
        if let Some(FirstDifference {
            offset,
            expected,
            signed,
        }) = self.first_difference()
        {
            let byte =
                |byte: Option<u8>| byte.map_or_else(|| "the end".to_owned(), |byte| format!("{byte:#04x}"));
            writeln!(
                f,
                "  first difference at byte {offset}: {other} {}, {right} {}",
                byte(signed),
                byte(expected)
            )?;
        }
        Ok(())
    }
}

/// Serialises the fields of a [`Verdict`] and the messages.
///
/// Adds `diff`, `first_difference`, `expected` and `you_signed` (for a response `signed` and `you_verified`) of the
/// first wrong line, drawn.
impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Report", 16)?;
        self.verdict.serialize_safe(&mut out)?;
        let lines = self.lines();
        if let Some(wrong) = lines.iter().find(|line| !line.same) {
            let is_claim = self.verdict.signed.is_none();
            let (right, other) = match self.verdict.direction {
                Direction::Response => ("you_verified", if is_claim { "you_gave" } else { "signed" }),
                _ => ("expected", if is_claim { "you_gave" } else { "you_signed" }),
            };
            out.serialize_field(other, &wrong.signed)?;
            out.serialize_field(right, &wrong.expected)?;
        }
        if let Some(difference) = self.first_difference() {
            out.serialize_field("first_difference", &difference)?;
        }
        out.serialize_field("diff", &lines)?;
        out.end()
    }
}
