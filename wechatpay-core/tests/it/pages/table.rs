//! Tables of a family's pages, and the documents that they allow.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Member of a request or a response.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    values: Vec<Value>,
    #[serde(default)]
    pub(super) fields: Vec<Self>,
}

#[derive(Deserialize)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    pub(super) request: Vec<Member>,
    /// Nothing, for a 204.
    pub(super) response: Option<Vec<Member>>,
}

#[derive(Deserialize)]
struct Kind {
    event: String,
    resource: Vec<Member>,
}

/// Reads the operations of a family.
pub(super) fn operations(text: &str) -> Vec<Operation> {
    serde_json::from_str(text).unwrap()
}

/// Returns the members of a notification's resource.
pub(super) fn resource(event: &str) -> Vec<Member> {
    let kinds: Vec<Kind> = serde_json::from_str(include_str!("../../data/pages/events.json")).unwrap();
    let kind = kinds.into_iter().find(|kind| kind.event == event).unwrap();
    let sealed = kind
        .resource
        .into_iter()
        .find(|member| member.name == "ciphertext");
    sealed.unwrap().fields
}

/// Lists the members of a table as `a` and `a.b`, in an array or not.
pub(super) fn names(members: &[Member], below: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for member in members {
        let name = format!("{below}{}", member.name);
        all.extend(names(&member.fields, &format!("{name}.")));
        all.insert(name);
    }
    all
}

/// Lists the members of a document in the same way.
pub(super) fn names_of(value: &Value, below: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = format!("{below}{name}");
                all.extend(names_of(value, &format!("{name}.")));
                all.insert(name);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all.extend(names_of(item, below))),
        _ => {}
    }
    all
}

/// A text that each grammar of the library accepts.
fn text(member: &Member) -> Value {
    if let Some(value) = member.values.first() {
        return value.clone();
    }
    let name = member.name.as_str();
    json!(match name {
        _ if name.contains("mchid") || name.contains("mch_id") => "1900000109",
        _ if name.ends_with("time") => "2026-08-20T13:29:35+08:00",
        _ if name.ends_with("date") => "2026-08-20",
        "currency" => "CNY",
        _ => "1217752501",
    })
}

fn sample(member: &Member, fill: &dyn Fn(&[Member]) -> Value) -> Value {
    match member.kind.as_str() {
        "number" | "integer" => json!(100),
        "boolean" => json!(true),
        "string[]" => json!([text(member)]),
        "number[]" | "integer[]" => json!([100]),
        "object" => fill(&member.fields),
        "object[]" => json!([fill(&member.fields)]),
        _ => text(member),
    }
}

/// Document with every member, or with the required ones only.
fn document(members: &[Member], all: bool) -> Value {
    let fill = |members: &[Member]| document(members, all);
    let members = members.iter().filter(|member| all || member.required);
    Value::Object(
        members
            .map(|member| (member.name.clone(), sample(member, &fill)))
            .collect::<Map<_, _>>(),
    )
}

/// Returns the whole document, and its variants without each optional member.
pub(super) fn documents(members: &[Member]) -> Vec<(String, Value)> {
    let whole = document(members, true);
    let mut all = vec![
        ("whole".to_owned(), whole.clone()),
        ("required only".to_owned(), document(members, false)),
    ];
    vary(members, &mut Vec::new(), &whole, &mut all);
    all
}

fn vary(members: &[Member], path: &mut Vec<String>, whole: &Value, all: &mut Vec<(String, Value)>) {
    for member in members {
        path.push(member.name.clone());
        if !member.required {
            for (how, value) in [
                ("missing", None),
                ("null", Some(Value::Null)),
                ("\"\"", Some(json!(""))),
            ] {
                let mut changed = whole.clone();
                change(&mut changed, path, value);
                all.push((format!("{} {how}", path.join(".")), changed));
            }
        }
        vary(&member.fields, path, whole, all);
        path.pop();
    }
}

fn change(document: &mut Value, path: &[String], value: Option<Value>) {
    let (name, rest) = path.split_first().unwrap();
    match document {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| change(item, path, value.clone())),
        Value::Object(members) if rest.is_empty() => {
            members.remove(name);
            members.extend(value.map(|value| (name.clone(), value)));
        }
        Value::Object(members) => change(members.get_mut(name).unwrap(), rest, value),
        _ => panic!("{name} is in no object"),
    }
}
