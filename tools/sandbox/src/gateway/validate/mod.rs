//! Checks a JSON body against a table of fields.
//!
//! The tables are a transcript of the documented field lists and know nothing of the models in `wechatpay-core`: a field
//! that is misspelt there is an unknown field here.

mod issue;
mod kind;
pub(crate) mod limits;
mod notify_url;
pub(crate) mod parameters;
pub(crate) mod parties;
pub(crate) mod sensitive;
mod titles;

use serde_json::{Map, Value};

pub(super) use issue::{Issue, Location};
pub(super) use kind::Kind;
pub(super) use notify_url::{address, notify_url};
pub(super) use titles::title;

use super::{Refusal, codes};
use crate::gateway::hints::FieldHint;
use crate::world::orders::scene::Scene;

/// A set of scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scenes(u8);

impl Scenes {
    pub(super) const NONE: Self = Self(0);
    pub(super) const JSAPI: Self = Self(1);
    pub(super) const APP: Self = Self(2);
    pub(super) const H5: Self = Self(4);
    pub(super) const NATIVE: Self = Self(8);
    const CODE_PAY: Self = Self(16);
    const DEDUCTION: Self = Self(32);
    pub(super) const ALL: Self = Self(63);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn of(scene: Scene) -> Self {
        match scene {
            Scene::Jsapi => Self::JSAPI,
            Scene::App => Self::APP,
            Scene::H5 => Self::H5,
            Scene::Native => Self::NATIVE,
            Scene::CodePay => Self::CODE_PAY,
            Scene::Deduction => Self::DEDUCTION,
        }
    }

    const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One row of a table.
#[derive(Debug)]
pub(super) struct Field {
    /// Keys from the top, separated by `/`; `*` stands for any entry of a list.
    path: &'static str,
    kind: Kind,
    known: Scenes,
    required: Scenes,
}

/// An optional field of all scenes.
pub(super) const fn field(path: &'static str, kind: Kind) -> Field {
    Field {
        path,
        kind,
        known: Scenes::ALL,
        required: Scenes::NONE,
    }
}

impl Field {
    /// Must be there, if the object that holds it is.
    pub(super) const fn required(self) -> Self {
        self.required_in(Scenes::ALL)
    }

    pub(super) const fn required_in(self, required: Scenes) -> Self {
        Self { required, ..self }
    }

    /// Is unknown in the other scenes.
    pub(super) const fn only_in(self, known: Scenes) -> Self {
        Self { known, ..self }
    }
}

/// Paths of all rows of some tables.
#[cfg(test)]
pub(crate) fn rows(tables: &[&'static [Field]]) -> impl Iterator<Item = &'static str> {
    tables.iter().flat_map(|table| table.iter()).map(|row| row.path)
}

/// Fields that an endpoint takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields {
    /// Tables of the body.
    pub(crate) body: &'static [&'static [Field]],
    /// Query parameters that must be there.
    pub(crate) required: &'static [&'static str],
    /// Query parameters that may be there.
    pub(crate) optional: &'static [&'static str],
}

/// A body that fits its tables.
#[derive(Debug)]
pub(super) struct Checked {
    /// The body without null and empty keys.
    pub(super) value: Value,
    /// JSON pointers of those.
    pub(super) empty: Vec<String>,
    /// JSON pointers of the sensitive fields.
    pub(super) encrypted: Vec<String>,
}

impl Checked {
    /// The text at a JSON pointer.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer)?.as_str()
    }

    /// The integer at a JSON pointer.
    pub(super) fn integer(&self, pointer: &str) -> Option<i64> {
        self.value.pointer(pointer)?.as_i64()
    }
}

/// A faulty field, with its place.
#[derive(Debug)]
pub(super) struct Problem {
    pointer: String,
    value: Value,
    issue: Issue,
}

impl Problem {
    /// The body is no JSON object.
    pub(super) fn not_json() -> Self {
        Self {
            pointer: String::new(),
            value: Value::Null,
            issue: Issue::NotJson,
        }
    }

    pub(super) fn refusal(self) -> Refusal {
        let code = match self.issue {
            Issue::Unknown | Issue::OtherScene => codes::PARAMETER_EXTRA,
            Issue::Length { .. } | Issue::Number(_) | Issue::Entries { .. } => codes::PARAMETER_RANGE,
            _ => codes::PARAMETER,
        };
        let place = if self.pointer.is_empty() {
            "body"
        } else {
            &self.pointer
        };
        let hint = FieldHint::Broken {
            place: place.to_owned(),
            issue: self.issue,
        };
        Refusal::new(code)
            .issue(Location::Body, &self.pointer, self.value, self.issue)
            .hint(hint)
    }
}

/// Checks `body` against tables that name no scene.
pub(super) fn check_all(body: &[u8], tables: &[&'static [Field]]) -> Result<Checked, Problem> {
    check(body, tables, Scene::Native)
}

/// Checks `body` against the rows of all `tables` together.
pub(super) fn check(body: &[u8], tables: &[&'static [Field]], scene: Scene) -> Result<Checked, Problem> {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
        return Err(Problem::not_json());
    };
    let mut check = Check {
        tables,
        scene: Scenes::of(scene),
        empty: Vec::new(),
        encrypted: Vec::new(),
    };
    let value = check.object(&object, "", "")?;
    Ok(Checked {
        value,
        empty: check.empty,
        encrypted: check.encrypted,
    })
}

struct Check<'a> {
    tables: &'a [&'static [Field]],
    scene: Scenes,
    empty: Vec<String>,
    encrypted: Vec<String>,
}

impl Check<'_> {
    fn rows(&self) -> impl Iterator<Item = &'static Field> + use<'_> {
        self.tables.iter().flat_map(|table| table.iter())
    }

    /// Checks an object.
    ///
    /// `pattern` is its place in the table, `pointer` its place in the body.
    fn object(
        &mut self,
        object: &Map<String, Value>,
        pattern: &str,
        pointer: &str,
    ) -> Result<Value, Problem> {
        for (key, value) in object {
            let path = join(pattern, key);
            let issue = match self.rows().find(|row| row.path == path) {
                Some(row) if row.known.contains(self.scene) => continue,
                Some(_) => Issue::OtherScene,
                None => Issue::Unknown,
            };
            return Err(Problem {
                pointer: format!("{pointer}/{}", escape(key)),
                value: value.clone(),
                issue,
            });
        }
        let rows: Vec<&'static Field> = self
            .rows()
            .filter(|row| split(row.path).0 == pattern && row.known.contains(self.scene))
            .collect();
        let mut checked = Map::new();
        for row in rows {
            let (_, key) = split(row.path);
            let place = format!("{pointer}/{}", escape(key));
            match object.get(key) {
                Some(value) if !is_empty(value) => {
                    checked.insert(key.to_owned(), self.value(value, row, &place)?);
                    continue;
                }
                Some(_) => self.empty.push(place.clone()),
                None => {}
            }
            if row.required.contains(self.scene) {
                return Err(Problem {
                    pointer: place,
                    value: object.get(key).cloned().unwrap_or(Value::Null),
                    issue: Issue::Missing,
                });
            }
        }
        Ok(Value::Object(checked))
    }

    fn value(&mut self, value: &Value, row: &'static Field, pointer: &str) -> Result<Value, Problem> {
        row.kind.check(value).map_err(|issue| Problem {
            pointer: pointer.to_owned(),
            value: value.clone(),
            issue,
        })?;
        if matches!(row.kind, Kind::Encrypted) {
            self.encrypted.push(pointer.to_owned());
        }
        match value {
            Value::Object(object) => self.object(object, row.path, pointer),
            Value::Array(entries) if matches!(row.kind, Kind::List { .. }) => {
                let pattern = join(row.path, "*");
                let mut checked = Vec::with_capacity(entries.len());
                for (index, entry) in entries.iter().enumerate() {
                    let place = format!("{pointer}/{index}");
                    let Value::Object(object) = entry else {
                        return Err(Problem {
                            pointer: place,
                            value: entry.clone(),
                            issue: Issue::Type(issue::Wanted::Object),
                        });
                    };
                    checked.push(self.object(object, &pattern, &place)?);
                }
                Ok(Value::Array(checked))
            }
            other => Ok(other.clone()),
        }
    }
}

/// Null and the empty string are as good as nothing.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

fn join(pattern: &str, key: &str) -> String {
    if pattern.is_empty() {
        key.to_owned()
    } else {
        format!("{pattern}/{key}")
    }
}

/// The pattern of the object that holds a field, and its key.
fn split(path: &'static str) -> (&'static str, &'static str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A key inside a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Field] = &[
        field("name", Kind::Text { min: 1, max: 3 }).required(),
        field("amount", Kind::Object).required(),
        field(
            "amount/total",
            Kind::Integer {
                min: 1,
                max: i64::MAX,
            },
        )
        .required(),
        field("goods", Kind::List { max: 2 }),
        field("goods/*/id", Kind::Text { min: 1, max: 8 }).required(),
        field("payer", Kind::Object)
            .only_in(Scenes::JSAPI)
            .required_in(Scenes::JSAPI),
        field("payer/openid", Kind::Text { min: 1, max: 8 }),
    ];

    fn problem(body: &str, scene: Scene) -> (String, Issue) {
        let problem = check(body.as_bytes(), &[TABLE], scene).unwrap_err();
        (problem.pointer, problem.issue)
    }

    #[test]
    fn a_good_body_loses_its_empty_keys() {
        let body = r#"{"name":"三个字","amount":{"total":1},"goods":[{"id":"a"}]}"#;
        let checked = check(body.as_bytes(), &[TABLE], Scene::App).unwrap();
        assert_eq!(
            checked.value.to_string(),
            serde_json::from_str::<Value>(body).unwrap().to_string()
        );
        assert_eq!(checked.integer("/amount/total"), Some(1));

        let body = r#"{"name":"a","amount":{"total":1},"payer":{"openid":""}}"#;
        let checked = check(body.as_bytes(), &[TABLE], Scene::Jsapi).unwrap();
        assert_eq!(checked.empty, ["/payer/openid"]);
        assert_eq!(checked.value.pointer("/payer/openid"), None);
    }

    #[test]
    fn every_problem_has_its_place() {
        for (body, pointer, issue) in [
            ("[]", "", Issue::NotJson),
            ("", "", Issue::NotJson),
            (r#"{"amount":{"total":1}}"#, "/name", Issue::Missing),
            (r#"{"name":null,"amount":{"total":1}}"#, "/name", Issue::Missing),
            (r#"{"name":"a","amount":{}}"#, "/amount/total", Issue::Missing),
            (
                r#"{"name":"a","amount":{"total":1,"sum":1}}"#,
                "/amount/sum",
                Issue::Unknown,
            ),
            (r#"{"name ":"a"}"#, "/name ", Issue::Unknown),
            (r#"{"a/b":1}"#, "/a~1b", Issue::Unknown),
            (
                r#"{"name":"a","amount":{"total":1},"payer":{}}"#,
                "/payer",
                Issue::OtherScene,
            ),
        ] {
            assert_eq!(problem(body, Scene::App), (pointer.to_owned(), issue), "{body}");
        }
        for (body, pointer) in [
            (r#"{"name":"abcd","amount":{"total":1}}"#, "/name"),
            (r#"{"name":1,"amount":{"total":1}}"#, "/name"),
            (r#"{"name":"😀","amount":{"total":1}}"#, "/name"),
            (r#"{"name":"a","amount":{"total":"1"}}"#, "/amount/total"),
            (r#"{"name":"a","amount":{"total":1.0}}"#, "/amount/total"),
            (r#"{"name":"a","amount":{"total":0}}"#, "/amount/total"),
            (r#"{"name":"a","amount":[]}"#, "/amount"),
            (
                r#"{"name":"a","amount":{"total":1},"goods":[{"id":"a"},{"id":1}]}"#,
                "/goods/1/id",
            ),
            (r#"{"name":"a","amount":{"total":1},"goods":[1]}"#, "/goods/0"),
            (r#"{"name":"a","amount":{"total":1},"goods":[]}"#, "/goods"),
        ] {
            assert_eq!(problem(body, Scene::App).0, pointer, "{body}");
        }
    }
}
