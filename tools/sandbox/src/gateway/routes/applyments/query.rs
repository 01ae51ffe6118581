//! Asking how an application stands.

use serde_json::{Map, Value, json};

use super::named::{Name, found};
use crate::{
    gateway::{Answer, Refusal, call::Call, routes::bills::csv},
    world::applyments::state::{Applyment, ApplymentState},
};

/// A small payment proves the account within so many days.
const DEADLINE: i64 = 10 * 24 * 3600;

/// Handles both queries.
pub(super) fn query(call: &mut Call<'_>, name: &Name) -> Result<Answer, Refusal> {
    call.parameters()?;
    let applyment = found(call, name)?;
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("applyment_id", json!(applyment.applyment_id));
    put("out_request_no", json!(applyment.key.out_request_no));
    put("applyment_state", json!(applyment.state.as_str()));
    put("applyment_state_desc", json!(applyment.state.description()));
    let (sign_state, can_sign) = match applyment.state {
        ApplymentState::NeedSign => ("UNSIGNED", true),
        ApplymentState::Finish | ApplymentState::Frozen => ("SIGNED", true),
        _ => ("NOT_SIGNABLE", false),
    };
    put("sign_state", json!(sign_state));
    let page = |kind: &str| {
        format!(
            "{}/cashier/applyments/{kind}/{}",
            call.gateway.base_url, applyment.applyment_id
        )
    };
    if can_sign {
        put("sign_url", json!(page("sign")));
    }
    if let Some(sub_mchid) = &applyment.sub_mchid {
        put("sub_mchid", json!(sub_mchid));
    }
    if applyment.state == ApplymentState::AccountNeedVerify {
        put("account_validation", account_validation(call, &applyment)?);
        put("legal_validation_url", json!(page("legal")));
    }
    if applyment.state == ApplymentState::Rejected {
        let reasons = applyment
            .reasons
            .iter()
            .map(|(parameter, reason)| json!({ "param_name": parameter, "reject_reason": reason }))
            .collect();
        put("audit_detail", reasons);
    }
    Ok(Answer::Json(Value::Object(json).to_string().into()))
}

/// The account for the verification payment, its name and number encrypted to the merchant.
fn account_validation(call: &Call<'_>, applyment: &Applyment) -> Result<Value, Refusal> {
    Ok(json!({
        "account_name": call.sealed(&applyment.account_name)?,
        "account_no": call.sealed(&applyment.account_number)?,
        "pay_amount": 124,
        "destination_account_number": "7222223333322332",
        "destination_account_name": "微信支付沙箱（非财付通）",
        "destination_account_bank": "招商银行威盛大厦支行",
        "city": "深圳",
        "remark": "入驻账户验证",
        // Plain text, unlike any other time here.
        "deadline": csv::time(applyment.changed_at.saturating_add(DEADLINE)),
    }))
}
