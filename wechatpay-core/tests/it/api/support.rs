//! Helpers: requests as sent, and responses with every combination of missing members.

use std::fmt::{Debug, Display};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wechatpay_core::{
    api::{Endpoint, Idempotency},
    crypto::EncryptError,
    types::{Appid, Fen, Mchid, Sensitive},
};

use crate::support::json::{changed, paths};

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const SUB_APPID: &str = "wx2421b1c4370ec43b";
pub(crate) const MCHID: &str = "1900000001";
pub(crate) const SUB_MCHID: &str = "1900000109";
pub(crate) const ORDER: &str = "1217752501201407033233368018";
pub(crate) const PAYMENT: &str = "4208450740201411110007820472";
pub(crate) const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
pub(crate) const NOTIFY_URL: &str = "https://shop.example/notify";
pub(crate) const TIME: &str = "2018-06-08T10:34:56+08:00";

pub(crate) fn appid() -> Appid {
    APPID.parse().unwrap()
}

pub(crate) fn sub_appid() -> Appid {
    SUB_APPID.parse().unwrap()
}

pub(crate) fn mchid() -> Mchid {
    MCHID.parse().unwrap()
}

pub(crate) fn sub_mchid() -> Mchid {
    SUB_MCHID.parse().unwrap()
}

pub(crate) fn id<T: std::str::FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn fen(fen: u32) -> Fen {
    Fen::from(fen)
}

pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// Merges the members of two objects.
pub(crate) fn merged(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else {
        panic!("objects are merged");
    };
    one.extend(other);
    Value::Object(one)
}

/// A request as sent; an encrypted sensitive field is shown as `ENC(…)`.
#[derive(Debug, PartialEq)]
pub(crate) struct Sent {
    method: String,
    path: String,
    body: Option<Value>,
    repeated: Idempotency,
}

pub(crate) fn get(path: &str) -> Sent {
    Sent {
        method: "GET".into(),
        path: path.into(),
        body: None,
        repeated: Idempotency::Safe,
    }
}

/// Expected POST that is idempotent by number.
pub(crate) fn post(path: &str, body: Value) -> Sent {
    Sent {
        method: "POST".into(),
        path: path.into(),
        body: Some(body),
        repeated: Idempotency::ByNumber,
    }
}

impl Sent {
    pub(crate) fn repeated(mut self, repeated: Idempotency) -> Self {
        self.repeated = repeated;
        self
    }

    pub(crate) fn without_body(mut self) -> Self {
        self.body = None;
        self
    }
}

/// Builds a request and checks its invariants, without sending it.
///
/// The path follows the template, nothing is `null`, and a sensitive field cannot be serialised until it is encrypted.
pub(crate) fn sent<E: Endpoint>(request: &E) -> Sent {
    let path = request.path().as_str().to_owned();
    assert_follows(E::TEMPLATE, &path);

    let mut sealed = request.clone();
    let mut plain = Vec::new();
    sealed
        .visit_sensitive(&mut |field| {
            plain.push(field.as_plain().unwrap().to_owned());
            *field = Sensitive::cipher(format!("ENC({})", field.as_plain().unwrap()));
            Ok(())
        })
        .unwrap();
    if plain.is_empty() {
        assert_eq!(json(request), json(&sealed));
    } else {
        assert!(E::SENSITIVE, "{} has sensitive fields", E::TEMPLATE);
        let forgotten = request.body().map(|body| serde_json::to_string(&body));
        let error = forgotten.unwrap().unwrap_err().to_string();
        assert!(
            plain.iter().all(|text| !error.contains(text.as_str())),
            "{error} shows what it may not"
        );
        let mut seen = 0;
        let stopped = request.clone().visit_sensitive(&mut |_| {
            seen += 1;
            Err(EncryptError::NoKey)
        });
        assert_eq!((stopped, seen), (Err(EncryptError::NoKey), 1), "{}", E::TEMPLATE);
    }
    let body = json(&sealed);
    if let Some(body) = &body {
        assert!(!has_null(body), "{body}");
        let text = body.to_string();
        assert_eq!(text.matches("ENC(").count(), plain.len(), "{body}");
    }
    Sent {
        method: E::METHOD.to_string(),
        path,
        body,
        repeated: request.idempotency(),
    }
}

fn json<E: Endpoint>(request: &E) -> Option<Value> {
    request.body().map(|body| serde_json::to_value(&body).unwrap())
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

fn assert_follows(template: &str, path: &str) {
    let path = path.split('?').next().unwrap();
    let fits = template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(template, path)| template == path || (template.starts_with('{') && !path.is_empty()));
    assert!(fits, "{path} does not follow {template}");
}

/// Reads a response with each optional member missing, `null` or empty.
///
/// `required` are the paths without which reading fails: `amount.refund` is the member `refund` of `amount`, also if
/// that is a list of objects. Every other member of `full` may be missing, `null` or, if it is a text, empty, with the
/// same result; that result differs from the full response, so the member is read.
pub(crate) fn response<T: DeserializeOwned + PartialEq + Debug>(full: &Value, required: &[&str]) -> T {
    let parsed: T = read(full);
    let paths = paths(full);
    for path in required {
        assert!(
            paths.iter().any(|known| known == path),
            "{path} is not in the response"
        );
    }
    let parse = |value: Value| serde_json::from_value::<T>(value);
    let mut sparse = full.clone();
    for path in &paths {
        let missing = parse(changed(full, path, None));
        let null = parse(changed(full, path, Some(Value::Null)));
        if required.contains(&path.as_str()) {
            assert!(missing.is_err(), "{path} is required");
            assert!(null.is_err(), "{path} is required");
            continue;
        }
        let missing = missing.unwrap_or_else(|error| panic!("without {path}: {error}"));
        assert_ne!(missing, parsed, "{path} is not read");
        assert_eq!(null.unwrap(), missing, "{path} is null");
        if at(full, path).is_some_and(Value::is_string) {
            let empty = parse(changed(full, path, Some(json!("")))).unwrap();
            assert_eq!(empty, missing, "{path} is empty");
        }
        sparse = changed(&sparse, path, None);
    }
    for path in paths.iter().map(String::as_str).chain([""]) {
        let object = match path {
            "" => Some(full),
            path => at(full, path),
        };
        if object.is_some_and(Value::is_object)
            || object.and_then(|list| list.get(0)).is_some_and(Value::is_object)
        {
            let added = format!("{path}{}added_later", if path.is_empty() { "" } else { "." });
            let with = changed(full, &added, Some(json!({ "brand": ["new"] })));
            assert_eq!(parse(with).unwrap(), parsed, "{added} is passed over");
        }
    }
    parse(sparse).unwrap_or_else(|error| panic!("the sparsest response: {error}"));
    parsed
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| match value {
        Value::Array(items) => items.first()?.get(key),
        other => other.get(key),
    })
}

/// Checks that documented values are known and unknown ones kept verbatim.
pub(crate) fn values<T>(documented: &[&str])
where
    T: for<'t> From<&'t str> + Debug + Display + PartialEq + Serialize + DeserializeOwned,
{
    for text in documented.iter().chain(&["BRAND_NEW", "brand new"]) {
        let value = T::from(text);
        assert_eq!(read::<T>(&json!(text)), value);
        assert_eq!(value.to_string(), *text);
        assert_eq!(serde_json::to_value(&value).unwrap(), json!(text));
        let known = !format!("{value:?}").starts_with("Other(");
        assert_eq!(known, documented.contains(text), "{text}");
    }
}
