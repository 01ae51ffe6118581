//! Members of a JSON document by path.
//!
//! Suites leave out, add or change one member at a time.

use serde_json::Value;

/// Returns the paths of all members once, outer ones first.
///
/// The entries of a list share their paths.
pub(crate) fn paths(value: &Value) -> Vec<String> {
    let objects = match value {
        Value::Array(entries) => entries.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut paths = Vec::new();
    for (key, member) in objects.iter().filter_map(Value::as_object).flatten() {
        let inner = self::paths(member);
        let inner = inner.into_iter().map(|path| format!("{key}.{path}"));
        for path in std::iter::once(key.clone()).chain(inner) {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// Returns the paths of the members that are this text.
pub(crate) fn paths_of(value: &Value, text: &str) -> Vec<String> {
    let is_text = |path: &str| {
        let mut members = vec![value];
        for key in path.split('.') {
            let inner = members.into_iter().flat_map(|member| match member {
                Value::Array(entries) => entries.iter().collect(),
                other => vec![other],
            });
            members = inner.filter_map(|member| member.get(key)).collect();
        }
        members.iter().any(|member| *member == text)
    };
    let mut paths = paths(value);
    paths.retain(|path| is_text(path));
    paths
}

/// Returns the document with another value at a path, or without it.
///
/// The document is unchanged if the parent is missing. In a list, the first entry is changed.
pub(crate) fn changed(document: &Value, path: &str, to: Option<Value>) -> Value {
    let mut document = document.clone();
    let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
    let mut parents = parents.split('.').filter(|parent| !parent.is_empty());
    let parent = parents.try_fold(&mut document, |value, parent| first(value)?.get_mut(parent));
    if let Some(members) = parent.and_then(first).and_then(Value::as_object_mut) {
        match to {
            Some(to) => members.insert(key.to_owned(), to),
            None => members.remove(key),
        };
    }
    document
}

/// Returns the first entry of a list, or the value itself.
fn first(value: &mut Value) -> Option<&mut Value> {
    match value {
        Value::Array(entries) => entries.first_mut(),
        other => Some(other),
    }
}
