//! Events as JSON, as the stream of the admin API has them.

use std::{fmt::Display, time::Duration};

use http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{AttemptOutcome, Event, EventKind};
use crate::{
    language::{Language, Localize as _},
    world::{clock::rfc3339, lints::Lint},
};

impl Event {
    /// The event as one JSON object.
    ///
    /// Members: `id`, `at` (Unix seconds), `time` (RFC 3339), `kind`, `line` (the `Display` text), and the fields of its
    /// kind, see [`EventKind`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        // Keys are texts and nothing refuses to be written.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// An event as JSON: the fields of its kind stand beside those that all have.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
struct Line<'a> {
    /// Counts the events of a sandbox from 1.
    id: u64,
    /// Unix seconds.
    at: i64,
    /// RFC 3339, in Beijing.
    time: String,
    /// The event as the binary prints it.
    line: String,
    #[serde(flatten)]
    kind: &'a EventKind,
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = Line {
            id: self.id,
            at: self.at,
            time: rfc3339(self.at),
            line: self.to_string(),
            kind: &self.kind,
        };
        line.serialize(serializer)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, Schema},
    };

    use super::{Event, Line};

    impl PartialSchema for Event {
        fn schema() -> RefOr<Schema> {
            Line::schema()
        }
    }

    impl ToSchema for Event {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            Line::schemas(schemas);
        }
    }
}

pub(super) fn text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(super) fn optional_text<S: Serializer>(
    value: &Option<impl Display>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().map(ToString::to_string).serialize(serializer)
}

pub(super) fn status<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

pub(super) fn millis<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}

pub(super) fn unless_empty<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    Some(text).filter(|text| !text.is_empty()).serialize(serializer)
}

/// Result of an attempt.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub(super) struct Outcome {
    outcome: String,
    /// Status of the response, if there was one.
    status: Option<u16>,
}

pub(super) fn outcome<S: Serializer>(outcome: &AttemptOutcome, serializer: S) -> Result<S::Ok, S::Error> {
    Outcome {
        outcome: outcome.to_string(),
        status: outcome.status().map(|status| status.as_u16()),
    }
    .serialize(serializer)
}

/// A lint, as the stream tells it.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub(super) struct FoundLint {
    lint: &'static str,
    /// The finding in one sentence, without payer data.
    text: String,
    /// True if money is at stake.
    is_fatal: bool,
    /// The order it was found at.
    out_trade_no: Option<String>,
}

pub(super) fn lint<S: Serializer>(lint: &Lint, serializer: S) -> Result<S::Ok, S::Error> {
    FoundLint {
        lint: lint.kind().as_str(),
        text: lint.in_language(Language::English),
        is_fatal: lint.kind().is_fatal(),
        out_trade_no: lint.out_trade_no.clone(),
    }
    .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;
    use crate::{
        faults::Fault,
        world::lints::{Finding, Lint},
    };

    fn json_of(kind: EventKind) -> Value {
        Event { id: 7, at: 0, kind }.to_json()
    }

    #[test]
    fn an_event_has_its_kind_and_fields_beside_its_number_and_line() {
        let request = json_of(EventKind::Request {
            number: 1,
            method: Method::POST,
            path: "/v3/x".to_owned(),
            status: StatusCode::OK,
            problem: None,
            took: Duration::from_millis(41),
            out_trade_no: None,
            total: Some(990),
            faults: vec![Fault::Status(503)],
        });
        assert_eq!(
            request,
            json!({
                "id": 7, "at": 0, "time": "1970-01-01T08:00:00+08:00", "line": request["line"],
                "kind": "request", "number": 1, "method": "POST", "path": "/v3/x", "status": 200, "problem": null,
                "took_ms": 41, "out_trade_no": null, "total": 990, "faults": ["status=503"],
            })
        );
        let notified = json_of(EventKind::Notified {
            id: "n1".to_owned(),
            out_trade_no: String::new(),
            subject: "s".to_owned(),
            event_type: "T".into(),
            target: "t".to_owned(),
            attempt: 1,
            is_forged: false,
            faults: Vec::new(),
            outcome: AttemptOutcome::Refused(StatusCode::IM_A_TEAPOT),
            took: Duration::ZERO,
        });
        assert_eq!(notified["notification"], "n1");
        assert_eq!(notified["out_trade_no"], Value::Null);
        assert_eq!(
            (&notified["outcome"], &notified["status"]),
            (&json!("418"), &json!(418))
        );
        let lint = json_of(EventKind::Lint(Lint {
            finding: Finding::NonceShort { length: 8 },
            at: 0,
            out_trade_no: None,
        }));
        assert_eq!(
            (&lint["kind"], &lint["lint"], &lint["is_fatal"]),
            (&json!("lint"), &json!("nonce-short"), &json!(false))
        );
        assert_eq!(lint["text"], "a nonce has 8 characters; take 32");
        assert_eq!(json_of(EventKind::Reset)["kind"], "reset");
    }
}
