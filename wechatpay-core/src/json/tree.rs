//! JSON tree that accepts text which serde rejects.
//!
//! It keeps duplicate keys, unpaired surrogates and numbers of any size.

use std::{borrow::Cow, fmt::Write as _};

use super::{
    JsonError,
    path::{Path, Step},
};

/// Deepest nesting that is parsed, as in `serde_json`.
const MAX_DEPTH: usize = 128;

/// JSON value. Strings without an escape are borrowed.
#[derive(Debug)]
pub(super) enum Tree<'t> {
    /// Member or entry that was left out.
    Gone,
    Null,
    Bool(bool),
    Number(Cow<'t, str>),
    Text(Cow<'t, str>),
    List(Vec<Self>),
    Object(Vec<(Cow<'t, str>, Self)>),
}

impl<'t> Tree<'t> {
    /// Parses a text.
    ///
    /// # Errors
    /// Returns an error if the text is not JSON or is nested too deep.
    pub(super) fn parse(text: &'t str) -> Result<Self, JsonError> {
        let mut parser = Parser { text, at: 0 };
        let tree = parser.document();
        tree.ok_or_else(|| parser.error())
    }

    /// Removes the value at `path`.
    ///
    /// Returns `true` if it was `null` or an empty text, which count as absent.
    pub(super) fn take_out(&mut self, path: &Path) -> bool {
        let mut empty = true;
        self.each_at(&path.0, &mut |node| {
            empty &= match node {
                Self::Gone | Self::Null => true,
                Self::Text(text) => text.trim_ascii().is_empty(),
                _ => false,
            };
            *node = Self::Gone;
        });
        empty
    }

    /// Replaces a numeric text with the number, or a number with its text.
    ///
    /// Returns `false` if the value has no other spelling.
    pub(super) fn respell(&mut self, path: &Path) -> bool {
        let mut done = false;
        self.each_at(&path.0, &mut |node| {
            let other = match node {
                Self::Number(number) => Some(Self::Text(std::mem::take(number))),
                Self::Text(text) => match Tree::parse(text.trim_ascii()) {
                    Ok(Tree::Number(number)) => Some(Self::Number(number.into_owned().into())),
                    Ok(Tree::Bool(bool)) => Some(Self::Bool(bool)),
                    _ => None,
                },
                _ => None,
            };
            if let Some(other) = other {
                *node = other;
                done = true;
            }
        });
        done
    }

    /// Calls `f` for each node at these steps. A duplicate key has several.
    fn each_at(&mut self, steps: &[Step], f: &mut impl FnMut(&mut Self)) {
        match (steps.split_first(), self) {
            (None, node) => f(node),
            (Some((Step::Key(key), rest)), Self::Object(members)) => {
                for (name, member) in members {
                    if **name == **key {
                        member.each_at(rest, f);
                    }
                }
            }
            (Some((Step::Index(index), rest)), Self::List(entries)) => {
                if let Some(entry) = entries.get_mut(*index) {
                    entry.each_at(rest, f);
                }
            }
            _ => {}
        }
    }

    /// Writes the canonical form.
    pub(super) fn canonical(&self, out: &mut String) {
        match self {
            Self::Gone | Self::Null => out.push_str("null"),
            Self::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
            Self::Number(number) => out.push_str(number),
            Self::Text(text) => quote(text, out),
            Self::List(entries) => {
                out.push('[');
                for (index, entry) in entries.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    entry.canonical(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
                out.push('{');
                for (index, (key, member)) in sorted.into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    quote(key, out);
                    out.push(':');
                    member.canonical(out);
                }
                out.push('}');
            }
        }
    }
}

/// Writes a string as JSON, in the spelling of `serde_json`.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn error(&self) -> JsonError {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at.saturating_add(1));
        JsonError::not_json(
            line.saturating_add(1),
            self.at.saturating_sub(start).saturating_add(1),
        )
    }

    fn document(&mut self) -> Option<Tree<'t>> {
        let tree = self.value(0)?;
        self.blanks();
        self.peek().is_none().then_some(tree)
    }

    fn value(&mut self, depth: usize) -> Option<Tree<'t>> {
        if depth >= MAX_DEPTH {
            return None;
        }
        self.blanks();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.text().map(Tree::Text),
            b't' => self.word("true").then_some(Tree::Bool(true)),
            b'f' => self.word("false").then_some(Tree::Bool(false)),
            b'n' => self.word("null").then_some(Tree::Null),
            _ => self.number().map(Tree::Number),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Tree<'t>> {
        self.step();
        let mut members = Vec::new();
        self.blanks();
        if self.take(b'}') {
            return Some(Tree::Object(members));
        }
        loop {
            self.blanks();
            let key = self.text()?;
            self.blanks();
            if !self.take(b':') {
                return None;
            }
            members.push((key, self.value(depth.saturating_add(1))?));
            self.blanks();
            if self.take(b'}') {
                return Some(Tree::Object(members));
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Tree<'t>> {
        self.step();
        let mut entries = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Some(Tree::List(entries));
        }
        loop {
            entries.push(self.value(depth.saturating_add(1))?);
            self.blanks();
            if self.take(b']') {
                return Some(Tree::List(entries));
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    fn text(&mut self) -> Option<Cow<'t, str>> {
        if !self.take(b'"') {
            return None;
        }
        let mut unescaped: Option<String> = None;
        loop {
            let start = self.at;
            while self
                .peek()
                .is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
            {
                self.step();
            }
            let plain = self.text.get(start..self.at)?;
            if self.take(b'"') {
                return Some(match unescaped {
                    None => Cow::Borrowed(plain),
                    Some(text) => Cow::Owned(text + plain),
                });
            }
            // A control character or the end of the text is not an escape.
            if !self.take(b'\\') {
                return None;
            }
            let text = unescaped.get_or_insert_default();
            text.push_str(plain);
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let escape = self.peek()?;
        self.step();
        Some(match escape {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                self.low_surrogate(unit)
                    .or_else(|| char::from_u32(unit.into()))
                    .unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    /// Reads a surrogate pair that begins with `high`.
    ///
    /// Returns `None` for an unpaired surrogate.
    fn low_surrogate(&mut self, high: u16) -> Option<char> {
        if !(0xD800..0xDC00).contains(&high) {
            return None;
        }
        let start = self.at;
        let low = (self.take(b'\\') && self.take(b'u'))
            .then(|| self.hex())
            .flatten();
        let pair = low.and_then(|low| char::decode_utf16([high, low]).next()?.ok());
        if pair.is_none() {
            self.at = start;
        }
        pair
    }

    fn hex(&mut self) -> Option<u16> {
        let end = self.at.checked_add(4)?;
        let digits = self.text.get(self.at..end)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at = end;
        u16::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return None;
        }
        if self.take(b'.') && self.digits() == 0 {
            return None;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return None;
            }
        }
        self.text.get(start..self.at).map(Cow::Borrowed)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
        self.at.saturating_sub(start)
    }

    fn word(&mut self, word: &str) -> bool {
        let end = self.at.saturating_add(word.len());
        let fits = self.text.get(self.at..end) == Some(word);
        if fits {
            self.at = end;
        }
        fits
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let fits = self.peek() == Some(byte);
        if fits {
            self.step();
        }
        fits
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}
