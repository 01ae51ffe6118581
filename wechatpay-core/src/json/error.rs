//! JSON that does not fit its type.

use super::path::Path;

/// JSON that cannot be read as its type: the place and the kind of fault, never the value.
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

/// The fault of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Missing,
    Twice,
    Unfit,
}

impl JsonError {
    /// The text is not UTF-8.
    pub(crate) fn whole() -> Self {
        Self {
            path: ".".to_owned(),
            fault: JsonFault::NotUtf8,
        }
    }

    /// A member is missing that its type alone cannot ask for.
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

    /// Path of the member, such as `amount.payer_total`; `.` for the text as a whole.
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
