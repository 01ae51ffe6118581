//! Applications of a service provider's merchants (特约商户进件).
//!
//! They are kept with those of platforms, whose states they have under other names.

mod fields;
mod hints;
mod submit;

use serde_json::{Map, Value, json};

use super::{
    applyments::named::{Name, found},
    endpoint::{Endpoint, Family},
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes, validate},
    world::{applyments::state::ApplymentState, merchants::state::MerchantKind},
};
use hints::PartnerHint;

pub(super) static FAMILY: Family = Family {
    check: |call, _| match call.merchant.kind {
        MerchantKind::ServiceProvider => Ok(()),
        _ => Err(Refusal::new(codes::NO_AUTH).hint(PartnerHint::ProvidersOnly)),
    },
    ..Family::new(&[
        // The slash at the end belongs to the path, and is signed.
        Endpoint::post(
            "/v3/applyment4sub/applyment/",
            ("Submit an application", "提交申请单"),
            |call, _| submit::submit(call),
        )
        .body(&[fields::SUBMIT]),
        Endpoint::get(
            "/v3/applyment4sub/applyment/business_code/{business_code}",
            QUERY,
            |call, path| query(call, &Name::ByNumber(path.get("business_code").to_owned())),
        ),
        Endpoint::get(
            "/v3/applyment4sub/applyment/applyment_id/{applyment_id}",
            QUERY,
            |call, path| query(call, &Name::ById(path.get("applyment_id").to_owned())),
        ),
    ])
};

const QUERY: (&str, &str) = ("Query an application", "查询申请单状态");

/// Handles both queries.
fn query(call: &mut Call<'_>, name: &Name) -> Result<Answer, Refusal> {
    call.parameters()?;
    let applyment = found(call, name)?;
    let (state, message) = state(applyment.state);
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("business_code", json!(applyment.key.out_request_no));
    put("applyment_id", json!(applyment.applyment_id));
    put("applyment_state", json!(format!("APPLYMENT_STATE_{state}")));
    put("applyment_state_msg", json!(message));
    if let Some(sub_mchid) = &applyment.sub_mchid {
        put("sub_mchid", json!(sub_mchid));
    }
    if matches!(
        applyment.state,
        ApplymentState::AccountNeedVerify | ApplymentState::NeedSign
    ) {
        let page = format!(
            "{}/cashier/applyments/sign/{}",
            call.gateway.base_url, applyment.applyment_id
        );
        put("sign_url", json!(page));
    }
    if applyment.state == ApplymentState::Rejected {
        let reasons = applyment.reasons.iter().map(|(field, reason)| {
            let title = validate::title(field).unwrap_or(field);
            json!({ "field": field, "field_name": title, "reject_reason": reason })
        });
        put("audit_detail", reasons.collect());
    }
    Ok(Answer::json(&Value::Object(json)))
}

/// A state as this family names it, and its description.
const fn state(state: ApplymentState) -> (&'static str, &'static str) {
    match state {
        ApplymentState::Checking | ApplymentState::Auditing => ("AUDITING", "审核中"),
        ApplymentState::AccountNeedVerify => ("TO_BE_CONFIRMED", "待账户验证"),
        ApplymentState::NeedSign => ("TO_BE_SIGNED", "待签约"),
        ApplymentState::Finish => ("FINISHED", "完成"),
        ApplymentState::Rejected => ("REJECTED", "已驳回"),
        ApplymentState::Frozen => ("FREEZED", "已冻结"),
        ApplymentState::Canceled => ("CANCELED", "已作废"),
    }
}
