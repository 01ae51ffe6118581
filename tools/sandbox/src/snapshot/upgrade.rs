//! Documents of earlier versions, rewritten as the present one.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::world::lints::{Lint, LintKind};

/// Oldest version that is read.
pub(super) const OLDEST: u64 = 1;
/// Version of the document. Earlier ones are [rewritten](upgrade()) when they are read.
pub(super) const VERSION: u64 = 3;

/// Rewrites a document of an earlier version.
///
/// Anything unexpected stays, and is refused when the document is read.
pub(super) fn upgrade(document: &mut Value, version: u64) {
    let Some(world) = document.pointer_mut("/world").and_then(Value::as_object_mut) else {
        return;
    };
    if version == 1 {
        merchants_of_1(world);
        // Version 1 had sentences in place of their numbers, and one kind more.
        keep::<Lint>(world, "lints");
        keep::<LintKind>(world, "told");
    }
    // Versions 1 and 2 had no transfers.
    world.entry("transfers").or_insert_with(|| json!([]));
    if let Some(version) = document.get_mut("version") {
        *version = json!(VERSION);
    }
}

/// Joins the changes of each merchant.
///
/// Version 1 had its sub-merchants beside its other changes, and its mchid among them.
fn merchants_of_1(world: &mut Map<String, Value>) {
    let mut all: Vec<(String, Value)> = Vec::new();
    if let Some(Value::Array(changes)) = world.remove("merchant_changes") {
        for mut change in changes {
            let mchid = change.as_object_mut().and_then(|change| change.remove("mchid"));
            let mchid = mchid.as_ref().and_then(Value::as_str).unwrap_or_default();
            all.push((mchid.to_owned(), change));
        }
    }
    if let Some(Value::Object(subs)) = world.remove("sub_merchants") {
        for (mchid, subs) in subs {
            match all.iter_mut().find(|(known, _)| *known == mchid) {
                Some((_, change)) => {
                    if let Some(change) = change.as_object_mut() {
                        change.insert("sub_merchants".to_owned(), subs);
                    }
                }
                None => all.push((mchid, json!({ "sub_merchants": subs }))),
            }
        }
    }
    world.insert("merchant_changes".to_owned(), json!(all));
}

/// Leaves entries out that the present version cannot read.
fn keep<T: DeserializeOwned>(world: &mut Map<String, Value>, table: &str) {
    if let Some(Value::Array(entries)) = world.get_mut(table) {
        entries.retain(|entry| T::deserialize(entry).is_ok());
    }
}
