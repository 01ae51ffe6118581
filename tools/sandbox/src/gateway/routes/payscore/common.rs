//! Parts of answers and of bodies.

use serde_json::{Map, Value};

use crate::gateway::validate::Checked;

/// A text of the body, empty if there is none.
pub(super) fn text(body: &Checked, pointer: &str) -> String {
    body.text(pointer).unwrap_or_default().to_owned()
}

/// Members that name a service order in short answers.
pub(super) fn named(view: &Map<String, Value>) -> Value {
    let names = ["appid", "mchid", "out_order_no", "service_id", "order_id"];
    let members = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), view.get(*name)?.clone())));
    Value::Object(members.collect())
}
