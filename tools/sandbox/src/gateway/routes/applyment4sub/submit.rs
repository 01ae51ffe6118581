//! Handing an application in.

use serde_json::{Value, json};

use super::{super::applyments::submit::hand_in, hints::PartnerHint};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{Checked, Location, sensitive},
};

/// Kinds of sales, each with the part that it needs.
const SCENES: &[(&str, &str)] = &[
    ("SALES_SCENES_STORE", "biz_store_info"),
    ("SALES_SCENES_MP", "mp_info"),
    ("SALES_SCENES_MINI_PROGRAM", "mini_program_info"),
    ("SALES_SCENES_APP", "app_info"),
    ("SALES_SCENES_WEB", "web_info"),
    ("SALES_SCENES_WEWORK", "wework_info"),
];

/// Places of the merchant's app; the first one is bound to it.
const APPS: &[&str] = &[
    "mini_program_info/mini_program_sub_appid",
    "mp_info/mp_sub_appid",
    "app_info/app_sub_appid",
    "biz_store_info/biz_sub_appid",
    "web_info/web_appid",
];

/// Handles `POST /v3/applyment4sub/applyment/`.
pub(super) fn submit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    sensitive::must_announce(call.gateway, call.received)?;
    belongs_together(&body)?;
    let app = APPS
        .iter()
        .find_map(|place| body.text(&format!("/business_info/sales_info/{place}")));
    let applyment = hand_in(call, &body, "/business_code", "/bank_account_info", app)?;
    Ok(Answer::json(&json!({ "applyment_id": applyment.applyment_id })))
}

/// Fields that need each other.
fn belongs_together(body: &Checked) -> Result<(), Refusal> {
    let need = |pointer: &str, hint: PartnerHint| {
        if body.value.pointer(pointer).is_some() {
            return Ok(());
        }
        Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, pointer)
            .hint(hint))
    };
    let subject = body.text("/subject_info/subject_type").unwrap_or_default();
    let part = match subject {
        "SUBJECT_TYPE_INDIVIDUAL" | "SUBJECT_TYPE_ENTERPRISE" => "business_license_info",
        "SUBJECT_TYPE_MICRO" => "micro_biz_info",
        _ => "certificate_info",
    };
    need(
        &format!("/subject_info/{part}"),
        PartnerHint::Subject {
            subject: subject.to_owned(),
        },
    )?;
    let identity = "/subject_info/identity_info";
    let is_card = body
        .text(&format!("{identity}/id_doc_type"))
        .is_some_and(|kind| kind.ends_with("_IDCARD"));
    let document = if is_card { "id_card_info" } else { "id_doc_info" };
    need(&format!("{identity}/{document}"), PartnerHint::Document)?;
    if body.text(&format!("{identity}/id_holder_type")) == Some("SUPER") {
        need(&format!("{identity}/authorize_letter_copy"), PartnerHint::Agent)?;
    }
    if body.text("/contact_info/contact_type") == Some("SUPER") {
        need("/contact_info/business_authorization_letter", PartnerHint::Agent)?;
    }
    let finance = "/subject_info/finance_institution_info";
    let is_finance = body.value.pointer("/subject_info/finance_institution") == Some(&json!(true));
    if is_finance != body.value.pointer(finance).is_some() {
        return Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, finance)
            .hint(PartnerHint::Finance));
    }
    let scenes = body.value.pointer("/business_info/sales_info/sales_scenes_type");
    let scenes = scenes.and_then(Value::as_array).into_iter().flatten();
    for scene in scenes.filter_map(Value::as_str) {
        // Who has no licence describes the business with the subject.
        let part = SCENES.iter().find(|(known, _)| *known == scene);
        if let Some((_, part)) = part.filter(|_| subject != "SUBJECT_TYPE_MICRO") {
            let scene = scene.to_owned();
            need(
                &format!("/business_info/sales_info/{part}"),
                PartnerHint::Scene { scene },
            )?;
        }
    }
    Ok(())
}
