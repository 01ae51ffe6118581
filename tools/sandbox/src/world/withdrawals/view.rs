//! A withdrawal as responses and notifications tell it.

use serde_json::{Map, Value, json};

use crate::world::{
    clock::rfc3339,
    withdrawals::state::{Withdrawal, WithdrawalKind, WithdrawalState},
};

/// A withdrawal as responses and notifications tell it.
pub(crate) fn view(withdrawal: &Withdrawal) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    if withdrawal.kind != WithdrawalKind::Own {
        put("sp_mchid", json!(withdrawal.key.mchid));
        put("sub_mchid", json!(withdrawal.owner));
    }
    put("withdraw_id", json!(withdrawal.withdraw_id));
    put("out_request_no", json!(withdrawal.key.out_request_no));
    put("create_time", json!(rfc3339(withdrawal.created_at)));
    put("update_time", json!(rfc3339(withdrawal.updated_at)));
    put("account_type", json!(withdrawal.account.as_str()));
    put("account_number", json!("0078"));
    put("account_bank", json!("工商银行"));
    for key in ["remark", "bank_memo"] {
        if let Some(text) = withdrawal.request.text(&format!("/{key}")) {
            put(key, json!(text));
        }
    }
    if let Some(reason) = &withdrawal.reason {
        put("reason", json!(reason));
    }
    if withdrawal.kind != WithdrawalKind::DayEnd {
        put("status", json!(withdrawal.state.as_str()));
        put("amount", json!(withdrawal.amount));
        return Value::Object(json);
    }
    // What takes the balance of a day has words of its own, and tells how much came to what.
    let amount = withdrawal.amount;
    let (status, success, fail, refund) = match withdrawal.state {
        WithdrawalState::CreateSuccess => ("PROCESSING", 0, 0, 0),
        WithdrawalState::Success => ("FINISHED", amount, 0, 0),
        WithdrawalState::Fail | WithdrawalState::Close => ("ABNORMAL", 0, amount, 0),
        WithdrawalState::Refund => ("ABNORMAL", 0, 0, amount),
    };
    put("status", json!(status));
    put("total_amount", json!(amount));
    put("success_amount", json!(success));
    put("fail_amount", json!(fail));
    put("refund_amount", json!(refund));
    Value::Object(json)
}
