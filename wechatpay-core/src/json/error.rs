//! Errors of JSON that does not fit its type.

use super::path::Path;

/// Error: JSON does not fit its type.
///
/// Names the path and the kind of error, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct JsonError {
    path: String,
    fault: JsonFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum JsonFault {
    NotJson { line: usize, column: usize },
    NotUtf8,
    Member(Problem),
}

/// Error of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Missing,
    Twice,
    Unfit,
}

impl JsonError {
    /// Creates the error of a text that is not UTF-8.
    pub(crate) fn whole() -> Self {
        Self {
            path: ".".to_owned(),
            fault: JsonFault::NotUtf8,
        }
    }

    /// Creates the error of a missing member that the type alone does not require.
    pub(crate) fn missing(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            fault: JsonFault::Member(Problem::Missing),
        }
    }

    pub(super) fn not_json(line: usize, column: usize) -> Self {
        Self {
            path: ".".to_owned(),
            fault: JsonFault::NotJson { line, column },
        }
    }

    pub(super) fn at(path: &Path, problem: Problem) -> Self {
        Self {
            path: path.to_string(),
            fault: JsonFault::Member(problem),
        }
    }

    /// Returns the path of the member, such as `amount.payer_total`.
    ///
    /// The path of the whole text is `.`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn message(&self) -> String {
        let path = &self.path;
        match self.fault {
            JsonFault::NotJson { line, column } => {
                format!("the text is not JSON (line {line}, column {column})")
            }
            JsonFault::NotUtf8 => "the text is not UTF-8".to_owned(),
            JsonFault::Member(Problem::Missing) => format!("`{path}` is missing"),
            JsonFault::Member(Problem::Twice) => format!("`{path}` stands twice"),
            JsonFault::Member(Problem::Unfit) if path == "." => {
                "the JSON text as a whole has another type than expected".to_owned()
            }
            JsonFault::Member(Problem::Unfit) => {
                format!("`{path}` has another JSON type or form than expected")
            }
        }
    }
}
