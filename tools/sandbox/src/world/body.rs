//! Bodies of requests that are kept to compare a repeated call with them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of a request without null and empty keys.
///
/// The order of its keys makes no difference. Kept as text: parsed, 50,000 of them take more than 100 MiB.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub(crate) struct Body(Box<str>);

debug_only!(Body {});

impl Body {
    /// The value at a JSON pointer.
    pub(crate) fn pointer(&self, pointer: &str) -> Option<Value> {
        Value::from(self.clone()).pointer_mut(pointer).map(Value::take)
    }

    /// Adds members, in place of those with the same names; null takes one away.
    pub(crate) fn extend(&mut self, members: Value) {
        let Value::Object(members) = members else { return };
        let mut all = match Value::from(self.clone()) {
            Value::Object(all) => all,
            Value::Null => Map::new(),
            _ => return,
        };
        all.extend(members);
        all.retain(|_, member| !member.is_null());
        *self = Value::Object(all).into();
    }

    /// The text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> Option<String> {
        self.pointer(pointer)?.as_str().map(str::to_owned)
    }
}

impl From<Value> for Body {
    fn from(mut value: Value) -> Self {
        value.sort_all_objects();
        Self(value.to_string().into())
    }
}

impl From<Body> for Value {
    fn from(body: Body) -> Self {
        serde_json::from_str(&body.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_makes_no_difference_and_values_do() {
        let body = |text: &str| Body::from(serde_json::from_str::<Value>(text).unwrap());
        let kept = body(r#"{"b":{"d":1,"c":[{"f":"x","e":2}]},"a":"y"}"#);
        assert!(kept == body(r#"{"a":"y","b":{"c":[{"e":2,"f":"x"}],"d":1}}"#));
        assert!(kept != body(r#"{"a":"y","b":{"c":[{"e":2,"f":"x"}],"d":2}}"#));
        assert_eq!(kept.text("/b/c/0/f").as_deref(), Some("x"));
        assert_eq!(kept.pointer("/b/d"), Some(Value::from(1)));
        assert_eq!(kept.text("/b/d"), None);
        let mut none = Body::from(Value::Null);
        none.extend(Value::from(kept.clone()));
        assert!(none == kept, "members go where there was nothing");
        let mut changed = kept.clone();
        changed.extend(serde_json::json!({ "a": null, "e": "z" }));
        assert_eq!(
            (changed.text("/a"), changed.text("/e").as_deref()),
            (None, Some("z"))
        );
        let json = serde_json::to_value(&kept).unwrap();
        assert!(serde_json::from_value::<Body>(json).unwrap() == kept);
    }
}
