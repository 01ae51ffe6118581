//! Sub-merchants of one subject (指定主体子商户).

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family};
use crate::{
    gateway::{Answer, Refusal, call::Call, validate::sensitive},
    world::{
        applyments::state::{Applyment, ApplymentState},
        clock::rfc3339,
    },
};

pub(super) static FAMILY: Family = Family::new(&[Endpoint::get(
    "/v3/ecommerce/subject-sub-merchants",
    ("List the sub-merchants of a subject", "查询指定主体子商户列表"),
    |call, _| list(call),
)
.query(&["organization_type", "cert_number"], &["limit", "offset"])])
.for_platforms();

const SUBJECTS: &[&str] = &[
    "SUBJECT_TYPE_ENTERPRISE",
    "SUBJECT_TYPE_INSTITUTIONS_CLONED",
    "SUBJECT_TYPE_INDIVIDUAL",
    "SUBJECT_TYPE_OTHERS",
    "SUBJECT_TYPE_GOVERNMENT",
    "SUBJECT_TYPE_MICRO",
];
/// Entries of a page, if the query does not say.
const DEFAULT_LIMIT: usize = 20;
/// Entries of a page at most; no page names a bound.
const MAX_LIMIT: usize = 100;

/// Lists the sub-merchants whose applications the caller submitted.
fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let subject = parameters.one_of("organization_type", SUBJECTS)?;
    let number = sensitive::open_parameter(call.gateway, call.received, &parameters, "cert_number")?;
    let page = parameters.page(DEFAULT_LIMIT, MAX_LIMIT)?;
    let applyments = call.gateway.world.applyments.filtered(|applyment| {
        applyment.state == ApplymentState::Finish
            && call.merchant.mchid == applyment.key.mchid.as_str()
            && applyment.cert_number.as_ref() == Some(&number)
            && subject_of(applyment) == subject
    });
    let total = applyments.len();
    let data: Vec<Value> = page.of(applyments).iter().map(shown).collect();
    Ok(Answer::json(&json!({
        "data": data,
        "offset": page.offset,
        "limit": page.limit,
        "total_count": total,
    })))
}

/// The kind of subject that the kind of an application stands for.
fn subject_of(applyment: &Applyment) -> Option<&'static str> {
    Some(match applyment.request.text("/organization_type")?.as_str() {
        "2" => "SUBJECT_TYPE_ENTERPRISE",
        "3" => "SUBJECT_TYPE_INSTITUTIONS_CLONED",
        "4" => "SUBJECT_TYPE_INDIVIDUAL",
        "2502" => "SUBJECT_TYPE_GOVERNMENT",
        "1708" => "SUBJECT_TYPE_OTHERS",
        _ => "SUBJECT_TYPE_MICRO",
    })
}

fn shown(applyment: &Applyment) -> Value {
    json!({
        "sub_mchid": applyment.sub_mchid,
        "merchant_shortname": applyment.request.text("/merchant_shortname"),
        "sign_time": rfc3339(applyment.changed_at),
    })
}
