//! A refusal and its body.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::codes::{self, Code};

/// Why a request gets no other answer than an error.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: Code,
    detail: Map<String, Value>,
    cause: Option<&'static str>,
    hint: Option<Box<str>>,
    explanation: Option<Box<Explanation>>,
    is_signed: bool,
}

/// What the signature doctor found, with the lines side by side.
#[derive(Debug)]
struct Explanation {
    /// For who made the request.
    json: Value,
    /// For who runs the sandbox.
    text: String,
}

impl Refusal {
    pub(crate) fn new(code: Code) -> Self {
        Self {
            code,
            detail: Map::new(),
            cause: None,
            hint: None,
            explanation: None,
            is_signed: true,
        }
    }

    /// Only a request whose signature was good has a right to a signed answer.
    pub(crate) fn unsigned(code: Code) -> Self {
        Self {
            is_signed: false,
            ..Self::new(code)
        }
    }

    pub(crate) fn system_error() -> Self {
        Self::new(codes::SYSTEM_ERROR)
    }

    /// Names the field and what is wrong with it.
    pub(crate) fn field(mut self, location: &str, field: &str, value: Value, issue: &str) -> Self {
        self.detail.insert("field".to_owned(), json!(field));
        self.detail.insert("value".to_owned(), value);
        self.detail.insert("issue".to_owned(), json!(issue));
        self.detail.insert("location".to_owned(), json!(location));
        self
    }

    pub(crate) fn detail(mut self, key: &str, value: Value) -> Self {
        self.detail.insert(key.to_owned(), value);
        self
    }

    /// The same with the word in its older spelling.
    pub(crate) fn in_old_spelling(self) -> Self {
        let word = codes::old_spelling(self.code.word);
        Self {
            code: Code { word, ..self.code },
            ..self
        }
    }

    /// What to do about it, in plain English; below `detail.sandbox`, which the real platform does not have.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }

    /// A stable name of the cause, when it is certain.
    pub(crate) fn cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }

    /// What the signature doctor found, with the lines side by side, as JSON and as text. It goes to who made the request and
    /// into its record, and to no log.
    pub(crate) fn explanation(mut self, json: Value, text: String) -> Self {
        self.explanation = Some(Box::new(Explanation { json, text }));
        self
    }

    pub(crate) fn status(&self) -> u16 {
        self.code.status
    }

    pub(crate) fn word(&self) -> &'static str {
        self.code.word
    }

    pub(crate) fn number(&self) -> u64 {
        self.code.number
    }

    pub(crate) fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// What the signature doctor found, as text.
    pub(crate) fn reported(&self) -> Option<&str> {
        self.explanation
            .as_ref()
            .map(|explanation| explanation.text.as_str())
    }

    /// Code and hint in one line, for the log.
    pub(crate) fn summary(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}: {hint}", self.code.word),
            None => self.code.word.to_owned(),
        }
    }

    /// The JSON body. `pure` leaves out what the real platform does not say.
    pub(crate) fn body(&self, pure: bool) -> Bytes {
        self.body_with(pure, None)
    }

    /// The body of one that the signature doctor explained, with the page that shows all of it.
    pub(crate) fn body_seen_at(&self, page: &str) -> Option<Bytes> {
        self.explanation
            .is_some()
            .then(|| self.body_with(false, Some(page)))
    }

    fn body_with(&self, pure: bool, page: Option<&str>) -> Bytes {
        let mut detail = self.detail.clone();
        if !pure && (self.hint.is_some() || self.cause.is_some()) {
            let mut sandbox = Map::new();
            if let Some(cause) = self.cause {
                sandbox.insert("cause".to_owned(), json!(cause));
            }
            if let Some(hint) = &self.hint {
                sandbox.insert("hint".to_owned(), json!(hint));
            }
            if let Some(explanation) = &self.explanation {
                sandbox.insert("explanation".to_owned(), explanation.json.clone());
            }
            if let Some(page) = page {
                sandbox.insert("see".to_owned(), json!(page));
            }
            detail.insert("sandbox".to_owned(), Value::Object(sandbox));
        }
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.code.word));
        body.insert("message".to_owned(), json!(self.code.message));
        if !detail.is_empty() {
            body.insert("detail".to_owned(), Value::Object(detail));
        }
        Value::Object(body).to_string().into()
    }
}
