//! Documents of earlier versions, rewritten as the present one.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::world::lints::{Lint, LintKind};

/// Oldest version that is read.
pub(super) const OLDEST: u64 = 1;
/// Version of the document. Earlier ones are [rewritten](upgrade()) when they are read.
pub(super) const VERSION: u64 = 4;

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
    // Versions 1 and 2 had no transfers, version 3 had no other records.
    let transfers = world.remove("transfers").unwrap_or_else(|| json!([]));
    let records = records_of(transfers);
    if let Some(Value::Array(planned)) = world.get_mut("agenda") {
        planned
            .iter_mut()
            .for_each(|planned| proceed_of_3(planned, &records));
    }
    world.insert("records".to_owned(), records);
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

/// Transfers of version 3 as records.
fn records_of(transfers: Value) -> Value {
    let Value::Array(transfers) = transfers else {
        return transfers;
    };
    let records = transfers.into_iter().map(|mut transfer| {
        let mut take = |pointer: &str| transfer.pointer_mut(pointer).map(Value::take);
        let mut facts = Map::new();
        for name in ["package_info", "fail_reason"] {
            let value = take(&format!("/{name}")).filter(|value| !value.is_null());
            facts.extend(value.map(|value| (name.to_owned(), value)));
        }
        json!({
            "key": { "kind": "transfer", "mchid": take("/key/mchid"), "number": take("/key/out_bill_no") },
            "id": take("/transfer_bill_no"), "amount": take("/amount"), "state": take("/state"),
            "request": take("/request"), "facts": facts,
            "created_at": take("/created_at"), "updated_at": take("/updated_at"),
        })
    });
    Value::Array(records.collect())
}

/// The planned step of a transfer, in the state that it has.
fn proceed_of_3(planned: &mut Value, records: &Value) {
    let Some(due) = planned.get_mut("due").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(key) = due.remove("proceed-transfer") else {
        return;
    };
    let same = |record: &&Value| {
        record.pointer("/key/mchid") == key.get("mchid")
            && record.pointer("/key/number") == key.get("out_bill_no")
    };
    let record = records.as_array().into_iter().flatten().find(same);
    let member = |name: &str| record.and_then(|record| record.get(name)).cloned();
    let next = json!({ "key": member("key"), "from": member("state") });
    due.insert("proceed".to_owned(), next);
}

/// Leaves entries out that the present version cannot read.
fn keep<T: DeserializeOwned>(world: &mut Map<String, Value>, table: &str) {
    if let Some(Value::Array(entries)) = world.get_mut(table) {
        entries.retain(|entry| T::deserialize(entry).is_ok());
    }
}
