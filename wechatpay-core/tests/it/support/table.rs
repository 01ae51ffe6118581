//! Tables of the pages, the documents they describe, and variants of these.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::json::changed;

#[derive(Deserialize)]
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Parts: `json`, `query`, `body`, headers, and each parameter of the path.
    pub(crate) request: Vec<Member>,
    /// Nothing, for a 204.
    #[serde(default, deserialize_with = "or_none")]
    pub(crate) response: Vec<Member>,
}

#[derive(Deserialize)]
pub(crate) struct Notification {
    pub(crate) event: String,
    pub(crate) original_type: Option<String>,
    pub(crate) form: Option<String>,
    pub(crate) members: Vec<Member>,
}

#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) name: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    encrypted: bool,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    pub(crate) fields: Vec<Self>,
}

fn or_none<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<Member>, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

/// Reads the operations of a family.
pub(crate) fn operations(text: &str) -> Vec<Operation> {
    serde_json::from_str(text).unwrap()
}

/// Returns the notifications, one for each form of a resource.
pub(crate) fn notifications() -> Vec<Notification> {
    serde_json::from_str(include_str!("../../data/pages/events.json")).unwrap()
}

impl Operation {
    /// Returns the members of a part of the request.
    pub(crate) fn part(&self, name: &str) -> &[Member] {
        let part = self.request.iter().find(|part| part.name == name);
        part.map_or(&[], |part| &part.fields)
    }

    /// Returns the encrypted members of the body.
    pub(crate) fn encrypted(&self) -> Vec<String> {
        let places = places(self.part("json")).into_iter();
        places
            .filter(|place| place.encrypted)
            .map(|place| place.path)
            .collect()
    }

    /// Returns true if the request names the key that encrypted its members.
    pub(crate) fn names_a_key(&self) -> bool {
        self.request
            .iter()
            .any(|part| part.name == "header Wechatpay-Serial")
    }
}

impl Member {
    fn is_list(&self) -> bool {
        self.kind.ends_with("[]")
    }

    fn value(&self, which: Which) -> Value {
        let one = match self.kind.trim_end_matches("[]") {
            "object" => document(&self.fields, which),
            "boolean" => json!(true),
            "number" | "integer" => match self.values.first() {
                Some(first) => json!(first.parse::<i64>().unwrap()),
                None => json!(1),
            },
            "string" => json!(self.text()),
            other => panic!("{}: {other}", self.name),
        };
        if self.is_list() { json!([one]) } else { one }
    }

    /// Returns a text that each grammar of the library accepts.
    fn text(&self) -> String {
        let name = self.name.as_str();
        let text = match name {
            "sub_mchid" => "1900000109",
            "appid" | "sp_appid" | "combine_appid" => "wxd678efh567hg6787",
            "sub_appid" => "wx2421b1c4370ec43b",
            "serial_no" => "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
            "currency" | "payer_currency" | "settlement_currency" => "CNY",
            _ if name.contains("mchid") || name.contains("mch_id") => "1900000001",
            _ if name.ends_with("time") => "2024-01-01T12:34:56+08:00",
            _ if name.ends_with("date") => "2024-01-01",
            _ => match self.values.first() {
                Some(first) => first,
                None => "1217752501",
            },
        };
        text.to_owned()
    }
}

/// Selection of members for a document.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Which {
    All,
    Required,
}

pub(crate) fn document(members: &[Member], which: Which) -> Value {
    let wanted = members
        .iter()
        .filter(|member| which == Which::All || member.required);
    let object: Map<String, Value> = wanted
        .map(|member| (member.name.clone(), member.value(which)))
        .collect();
    Value::Object(object)
}

/// Path of a member: `amount.from.account` is `account` in the entries of `amount.from`.
pub(crate) struct Place<'t> {
    pub(crate) path: String,
    pub(crate) required: bool,
    pub(crate) encrypted: bool,
    pub(crate) values: &'t [String],
}

/// Returns all paths, outer ones first.
///
/// A member is optional if an object around it is.
pub(crate) fn places(members: &[Member]) -> Vec<Place<'_>> {
    fn walk<'t>(members: &'t [Member], before: &str, places: &mut Vec<Place<'t>>) {
        for member in members {
            let path = format!("{before}{}", member.name);
            places.push(Place {
                path: path.clone(),
                required: member.required,
                encrypted: member.encrypted,
                values: &member.values,
            });
            // The parts of a text are written inside it.
            if member.kind != "string" {
                walk(&member.fields, &format!("{path}."), places);
            }
        }
    }
    let mut places = Vec::new();
    walk(members, "", &mut places);
    places
}

/// Returns variants of a document with the member missing, `null` and `""`.
pub(crate) fn absent(document: &Value, path: &str) -> [(&'static str, Value); 3] {
    [
        ("missing", changed(document, path, None)),
        ("null", changed(document, path, Some(Value::Null))),
        ("empty", changed(document, path, Some(json!("")))),
    ]
}
