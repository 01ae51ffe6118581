//! Paths of fields in a JSON body.

use std::fmt;

use serde_json::Value;

use super::StubError;

/// Keys from the top, separated by `/`; `*` stands for any list entry.
///
/// A slash in front is optional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldPath(String);

impl FieldPath {
    pub(crate) fn parse(text: &str) -> Result<Self, StubError> {
        let path = text.strip_prefix('/').unwrap_or(text);
        if path.split('/').any(str::is_empty) {
            return Err(StubError::FieldPath(text.to_owned()));
        }
        Ok(Self(path.to_owned()))
    }

    /// Calls `each` with JSON pointer and value of each existing field, except nulls.
    ///
    /// # Errors
    /// The first error of `each`.
    pub(crate) fn visit<E>(
        &self,
        value: &mut Value,
        each: &mut dyn FnMut(&str, &mut Value) -> Result<(), E>,
    ) -> Result<(), E> {
        visit(value, &self.0, "", each)
    }
}

fn visit<E>(
    value: &mut Value,
    path: &str,
    pointer: &str,
    each: &mut dyn FnMut(&str, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    let (key, rest) = path.split_once('/').unwrap_or((path, ""));
    let mut go_on = |key: &str, value: &mut Value| {
        let pointer = format!("{pointer}/{key}");
        match (rest, value) {
            (_, Value::Null) => Ok(()),
            ("", value) => each(&pointer, value),
            (rest, value) => visit(value, rest, &pointer, each),
        }
    };
    match value {
        Value::Object(object) => object.get_mut(key).map_or(Ok(()), |value| go_on(key, value)),
        Value::Array(entries) if key == "*" => entries
            .iter_mut()
            .enumerate()
            .try_for_each(|(index, entry)| go_on(&index.to_string(), entry)),
        Value::Array(entries) => {
            let entry = key.parse::<usize>().ok().and_then(|index| entries.get_mut(index));
            entry.map_or(Ok(()), |entry| go_on(key, entry))
        }
        _ => Ok(()),
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_reaches_every_field_that_it_names() {
        let mut body =
            json!({ "a": "1", "b": { "c": "2" }, "d": [{ "e": "3" }, { "e": null }, { "e": "4" }] });
        let mut found = |path: &str| {
            let mut all = Vec::new();
            FieldPath::parse(path)
                .unwrap()
                .visit(&mut body, &mut |pointer, value| {
                    all.push(format!("{pointer}={value}"));
                    Ok::<(), ()>(())
                })
                .unwrap();
            all
        };
        assert_eq!(found("a"), [r#"/a="1""#]);
        assert_eq!(found("/b/c"), [r#"/b/c="2""#]);
        assert_eq!(found("d/*/e"), [r#"/d/0/e="3""#, r#"/d/2/e="4""#]);
        assert_eq!(found("d/2/e"), [r#"/d/2/e="4""#]);
        for path in ["x", "a/b", "d/9/e", "d/e"] {
            assert!(found(path).is_empty(), "{path}");
        }
        for bad in ["", "/", "a/", "a//b"] {
            assert!(FieldPath::parse(bad).is_err(), "{bad}");
        }
    }
}
