//! A refusal and its body.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{
    gateway::{
        codes::{self, Code},
        hints::Conflict,
        validate::{Issue, Location},
    },
    journal::{Hint, Problem, Remedy},
    language::{Language, Localize as _},
};

/// Why a request gets no other response than an error.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: Code,
    detail: Box<Map<String, Value>>,
    place: Option<Box<Place>>,
    cause: Option<&'static str>,
    hint: Option<Box<Hint>>,
    explanation: Option<Box<Explanation>>,
    is_signed: bool,
}

/// The field that is wrong.
#[derive(Debug)]
struct Place {
    location: Location,
    field: String,
    value: Value,
    issue: Issue,
    /// Message and detail in the platform's words, where it names the field.
    seen: Option<(String, Value)>,
}

/// Style of a refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Leaves out what the platform does not say.
    pub(crate) is_pure: bool,
    pub(crate) wording: Wording,
    /// Language of what the platform does not say.
    pub(crate) language: Language,
}

/// The two ways to name a field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wording {
    /// As in real responses: the message names the field, `detail` has `location` and `value`.
    Seen,
    /// As in the documentation: `detail` has `field`, `value`, `issue` and `location`.
    Documented,
}

/// The signature doctor's explanation, with the lines side by side.
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
            detail: Box::default(),
            place: None,
            cause: None,
            hint: None,
            explanation: None,
            is_signed: true,
        }
    }

    /// Only a request whose signature was good has a right to a signed response.
    pub(crate) fn unsigned(code: Code) -> Self {
        Self {
            is_signed: false,
            ..Self::new(code)
        }
    }

    pub(crate) fn system_error() -> Self {
        Self::new(codes::SYSTEM_ERROR)
    }

    /// Names a field that breaks a rule of its own, as the platform's message does.
    pub(crate) fn issue(self, location: Location, field: &str, value: Value, issue: Issue) -> Self {
        let seen = issue.seen(location, field, &value);
        self.at(location, field, value, issue, seen)
    }

    /// Names a required field that is missing.
    pub(crate) fn missing(self, location: Location, field: &str) -> Self {
        self.issue(location, field, Value::Null, Issue::Missing)
    }

    /// Names a field that conflicts with others.
    ///
    /// The platform only reports a wrong parameter.
    pub(crate) fn field(self, location: Location, field: &str, value: Value, conflict: Conflict) -> Self {
        self.at(location, field, value, Issue::Conflict(conflict), None)
    }

    fn at(
        mut self,
        location: Location,
        field: &str,
        value: Value,
        issue: Issue,
        seen: Option<(String, Value)>,
    ) -> Self {
        self.place = Some(Box::new(Place {
            location,
            field: field.to_owned(),
            value,
            issue,
            seen,
        }));
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

    /// Adds a remedy below `detail.sandbox`, which production does not have.
    pub(crate) fn hint(mut self, hint: impl Remedy + 'static) -> Self {
        self.hint = Some(Box::new(Hint::new(hint)));
        self
    }

    /// A stable name of the cause, when it is certain.
    pub(crate) fn cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Adds the signature doctor's explanation as JSON and as text.
    ///
    /// It has the lines side by side. It goes to the client and into the record of the request, never into a log.
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

    /// The remedy.
    pub(crate) fn advice(&self) -> Option<&Hint> {
        self.hint.as_deref()
    }

    /// The signature doctor's explanation, as text.
    pub(crate) fn reported(&self) -> Option<&str> {
        self.explanation
            .as_ref()
            .map(|explanation| explanation.text.as_str())
    }

    /// Code and hint, for the log.
    pub(crate) fn problem(&self) -> Problem {
        Problem {
            code: self.code.word,
            hint: self.hint.as_deref().cloned(),
        }
    }

    /// The JSON body.
    pub(crate) fn body(&self, style: Style) -> Bytes {
        self.body_with(style, None)
    }

    /// The body with the address of the page that shows the explanation.
    pub(crate) fn body_seen_at(&self, page: &str, language: Language) -> Option<Bytes> {
        let style = Style {
            is_pure: false,
            wording: Wording::Seen,
            language,
        };
        self.explanation
            .is_some()
            .then(|| self.body_with(style, Some(page)))
    }

    fn body_with(&self, style: Style, page: Option<&str>) -> Bytes {
        let mut message = self.code.message;
        let mut detail = (*self.detail).clone();
        if let Some(place) = &self.place {
            match (style.wording, &place.seen) {
                (Wording::Documented, _) => detail.extend(place.documented()),
                (Wording::Seen, Some((said, Value::Object(seen)))) => {
                    message = said;
                    detail.extend(seen.clone());
                }
                (Wording::Seen, _) => {}
            }
        }
        if !style.is_pure {
            let sandbox = self.advised(page, style.language);
            if !sandbox.is_empty() {
                detail.insert("sandbox".to_owned(), Value::Object(sandbox));
            }
        }
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.code.word));
        body.insert("message".to_owned(), json!(message));
        if !detail.is_empty() {
            body.insert("detail".to_owned(), Value::Object(detail));
        }
        Value::Object(body).to_string().into()
    }

    /// Members that the platform does not send.
    fn advised(&self, page: Option<&str>, language: Language) -> Map<String, Value> {
        let mut sandbox = Map::new();
        let mut put = |key: &str, value: Value| {
            sandbox.insert(key.to_owned(), value);
        };
        if let Some(place) = &self.place {
            put("location", json!(place.location.as_str()));
            put("field", json!(place.field));
            put("issue", json!(place.issue.in_language(language)));
        }
        if let Some(cause) = self.cause {
            put("cause", json!(cause));
        }
        if let Some(hint) = &self.hint {
            put("hint", json!(hint.in_language(language)));
        }
        if let Some(explanation) = &self.explanation {
            put("explanation", explanation.json.clone());
        }
        if let Some(page) = page {
            put("see", json!(page));
        }
        sandbox
    }
}

impl Place {
    /// As the documentation has it.
    fn documented(&self) -> Map<String, Value> {
        let pairs = [
            ("field", json!(self.field)),
            ("value", self.value.clone()),
            ("issue", json!(self.issue.in_language(Language::English))),
            ("location", json!(self.location.as_str())),
        ];
        pairs
            .map(|(key, value)| (key.to_owned(), value))
            .into_iter()
            .collect()
    }
}
