//! Common form of all bills: header, rows, summary header, summary row.
//!
//! The fields of a row begin with a backtick.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::{BillFormatError, BillProblem, Summary, header::position};

/// Maximum length of a line, in bytes.
///
/// The longest documented row has about three kilobytes.
pub const MAX_LINE: usize = 64 * 1024;
/// Characters trimmed around a field and its separator; spreadsheet tools add them.
const BLANKS: [char; 2] = [' ', '\t'];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the rows of a bill of any kind; holds one line in memory.
///
/// Feed it the file in pieces.
#[derive(Debug, Default)]
pub struct RowReader {
    state: State,
    /// Beginning of a line that is not complete yet.
    held: Vec<u8>,
    line: u64,
    header: Vec<Box<str>>,
    fields: Vec<Range<usize>>,
    summary: Option<Summary>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Header,
    Rows,
    Summary,
    Done,
}

/// One row of a bill.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    line: u64,
    header: &'a [Box<str>],
    text: &'a str,
    fields: &'a [Range<usize>],
}

impl RowReader {
    /// Creates a reader at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes and calls `each` for every complete row.
    ///
    /// # Errors
    /// Returns an error if the file is not a bill, or the first error of `each`. Do not use the reader afterwards.
    pub fn feed<E: From<BillFormatError>>(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
            bytes = rest.get(1..).unwrap_or_default();
            if self.held.is_empty() {
                self.line(line, &mut each)?;
            } else {
                self.hold(line)?;
                let mut held = std::mem::take(&mut self.held);
                self.line(&held, &mut each)?;
                held.clear();
                self.held = held;
            }
        }
        Ok(self.hold(bytes)?)
    }

    /// Ends the file and returns its summary row.
    ///
    /// # Errors
    /// Returns an error if the file ends before its summary.
    pub fn finish(mut self) -> Result<Summary, BillFormatError> {
        let held = std::mem::take(&mut self.held);
        if !held.is_empty() {
            // Only the summary may lack a line end: any other last line is truncated.
            let is_end = matches!(self.state, State::Summary | State::Done);
            if !is_end {
                return Err(self.error_here(BillProblem::NoSummary));
            }
            self.line(&held, &mut |_: Row<'_>| Ok::<_, BillFormatError>(()))?;
        }
        match (self.state, self.summary) {
            (State::Done, Some(summary)) => Ok(summary),
            _ => Err(BillFormatError::new(self.line, BillProblem::NoSummary)),
        }
    }

    /// Returns the column names; empty before the first line.
    pub fn header(&self) -> impl ExactSizeIterator<Item = &str> {
        self.header.iter().map(AsRef::as_ref)
    }

    fn error_here(&self, problem: BillProblem) -> BillFormatError {
        BillFormatError::new(self.line.saturating_add(1), problem)
    }

    fn hold(&mut self, bytes: &[u8]) -> Result<(), BillFormatError> {
        if self.held.len().saturating_add(bytes.len()) > MAX_LINE {
            return Err(self.error_here(BillProblem::LineTooLong));
        }
        self.held.extend_from_slice(bytes);
        Ok(())
    }

    fn line<E: From<BillFormatError>>(
        &mut self,
        line: &[u8],
        each: &mut impl FnMut(Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if line.len() > MAX_LINE {
            return Err(self.error_here(BillProblem::LineTooLong).into());
        }
        self.line = self.line.saturating_add(1);
        let error = |problem| E::from(BillFormatError::new(self.line, problem));
        let line = match self.line {
            1 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
            _ => line,
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        let text = std::str::from_utf8(line).map_err(|_| error(BillProblem::Encoding))?;
        match (self.state, text.trim_start_matches(BLANKS).strip_prefix('`')) {
            (State::Header, None) => {
                self.header = names(text).ok_or_else(|| error(BillProblem::NoHeader))?;
                self.state = State::Rows;
            }
            (State::Header, Some(_)) => return Err(error(BillProblem::NoHeader)),
            (State::Rows, Some(text)) => {
                split(text, &mut self.fields);
                if self.fields.len() != self.header.len() {
                    return Err(error(BillProblem::Fields {
                        expected: self.header.len(),
                        found: self.fields.len(),
                    }));
                }
                return each(Row {
                    line: self.line,
                    header: &self.header,
                    text,
                    fields: &self.fields,
                });
            }
            (State::Rows, None) => {
                let names = names(text).ok_or_else(|| error(BillProblem::NoHeader))?;
                self.summary = Some(Summary::new(names));
                self.state = State::Summary;
            }
            (State::Summary, text) => {
                let text = text.ok_or_else(|| error(BillProblem::NoSummary))?;
                split(text, &mut self.fields);
                let values = self
                    .fields
                    .iter()
                    .map(|field| text.get(field.clone()).unwrap_or_default().into())
                    .collect();
                if let Some(summary) = &mut self.summary {
                    summary.fill(self.line, values)?;
                }
                self.state = State::Done;
            }
            (State::Done, _) => return Err(error(BillProblem::AfterSummary)),
        }
        Ok(())
    }
}

/// Splits a header into column names; `None` for HTML and JSON.
fn names(text: &str) -> Option<Vec<Box<str>>> {
    if text.starts_with(['<', '{', '[']) {
        return None;
    }
    let names: Vec<Box<str>> = text
        .split(',')
        .map(|name| name.trim().trim_start_matches('`').into())
        .collect();
    (names.len() > 1).then_some(names)
}

/// Finds the fields of a row after its first backtick, without surrounding blanks.
///
/// A comma and a backtick separate two fields: names may contain commas, and the platform removes backticks from them.
fn split(text: &str, fields: &mut Vec<Range<usize>>) {
    fields.clear();
    let mut start = 0;
    for tick in memchr_iter(b'`', text.as_bytes()) {
        let before = text.get(start..tick).unwrap_or_default();
        if let Some(field) = before.trim_end_matches(BLANKS).strip_suffix(',') {
            fields.push(trimmed(field, start));
            start = tick.saturating_add(1);
        }
    }
    fields.push(trimmed(text.get(start..).unwrap_or_default(), start));
}

/// Returns the range of a field that begins at `start`, without white space.
fn trimmed(field: &str, start: usize) -> Range<usize> {
    let inside = field.trim_start();
    let start = start.saturating_add(field.len().saturating_sub(inside.len()));
    start..start.saturating_add(inside.trim_end().len())
}

impl<'a> Row<'a> {
    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the field of this column, without backtick and surrounding blanks.
    ///
    /// `None` if the bill has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        self.field(position(self.header, column)?)
    }

    /// Returns every column with its field, unknown columns included.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = self.text;
        self.header
            .iter()
            .zip(self.fields)
            .map(move |(name, field)| (&**name, text.get(field.clone()).unwrap_or_default()))
    }

    pub(super) fn field(&self, index: usize) -> Option<&'a str> {
        self.text.get(self.fields.get(index)?.clone())
    }

    pub(super) fn header(&self) -> &'a [Box<str>] {
        self.header
    }

    pub(super) fn error(&self, index: usize, problem: BillProblem) -> BillFormatError {
        match self.header.get(index) {
            Some(column) => BillFormatError::at(self.line, column, problem),
            None => BillFormatError::new(self.line, problem),
        }
    }
}
