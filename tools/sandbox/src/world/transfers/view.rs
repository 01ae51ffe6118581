//! A transfer as responses and notifications tell it.

use serde_json::{Map, Value, json};

use crate::world::{clock::rfc3339, transfers::state::Transfer};

/// A transfer as queries tell it.
pub(crate) fn view(transfer: &Transfer) -> Value {
    let mut json = told(transfer);
    for key in ["appid", "transfer_remark"] {
        if let Some(text) = transfer.request.text(&format!("/{key}")) {
            json.insert(key.to_owned(), json!(text));
        }
    }
    Value::Object(json)
}

/// A transfer as its notification tells it.
pub(crate) fn notice(transfer: &Transfer) -> Value {
    Value::Object(told(transfer))
}

fn told(transfer: &Transfer) -> Map<String, Value> {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("mch_id", json!(transfer.key.mchid));
    put("out_bill_no", json!(transfer.key.out_bill_no));
    put("transfer_bill_no", json!(transfer.transfer_bill_no));
    put("state", json!(transfer.state.as_str()));
    put("transfer_amount", json!(transfer.amount));
    if let Some(openid) = transfer.request.text("/openid") {
        put("openid", json!(openid));
    }
    if let Some(reason) = &transfer.fail_reason {
        put("fail_reason", json!(reason));
    }
    put("create_time", json!(rfc3339(transfer.created_at)));
    put("update_time", json!(rfc3339(transfer.updated_at)));
    json
}
