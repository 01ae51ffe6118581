//! Handing an application in.

use serde_json::{Value, json};

use super::hints::ApplymentHint;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Location, sensitive},
    },
    world::applyments::{
        self,
        state::{Applyment, ApplymentKey, ApplymentState, CAPACITY, SubmitRefusal},
    },
};

/// Small shops of one person have no licence.
const WITHOUT_LICENCE: &[&str] = &["2401", "2500"];

/// Handles `POST /v3/ecommerce/applyments/`.
pub(super) fn submit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    sensitive::must_announce(call.gateway, call.received)?;
    belongs_together(&body)?;
    let applyment = hand_in(
        call,
        &body,
        "/out_request_no",
        "/account_info",
        body.text("/sales_scene_info/mini_program_sub_appid"),
    )?;
    let json = json!({
        "applyment_id": applyment.applyment_id,
        "out_request_no": applyment.key.out_request_no,
    });
    Ok(Answer::Json(json.to_string().into()))
}

/// The number of the licence, or else that of the person's document.
fn cert_number(call: &Call<'_>, body: &Checked) -> Result<Option<String>, Refusal> {
    // Platforms and service providers have it in other places.
    let licences = [
        "/business_license_info/business_license_number",
        "/subject_info/business_license_info/license_number",
        "/subject_info/certificate_info/cert_number",
    ];
    if let Some(number) = licences.iter().find_map(|pointer| body.text(pointer)) {
        return Ok(Some(number.to_owned()));
    }
    let numbers = [
        "/id_card_info/id_card_number",
        "/id_doc_info/id_doc_number",
        "/subject_info/identity_info/id_card_info/id_card_number",
        "/subject_info/identity_info/id_doc_info/id_doc_number",
    ];
    let given = numbers.iter().find(|pointer| body.text(pointer).is_some());
    given
        .map(|pointer| sensitive::open(call.gateway, call.received, body, pointer))
        .transpose()
}

/// Hands an application in, new, repeated or corrected.
///
/// `number` and `account` are where the merchant's number and the bank account stand in the body.
pub(in crate::gateway::routes) fn hand_in(
    call: &Call<'_>,
    body: &Checked,
    number: &str,
    account: &str,
    sub_appid: Option<&str>,
) -> Result<Applyment, Refusal> {
    let open = |key: &str| {
        let pointer = format!("{account}/{key}");
        match body.text(&pointer) {
            Some(_) => sensitive::open(call.gateway, call.received, body, &pointer),
            None => Ok(String::new()),
        }
    };
    let draft = Applyment {
        key: ApplymentKey {
            mchid: call.mchid(),
            out_request_no: body.text(number).unwrap_or_default().to_owned(),
        },
        applyment_id: 0,
        state: ApplymentState::Checking,
        request: without_ciphertexts(body).into(),
        account_name: open("account_name")?,
        account_number: open("account_number")?,
        cert_number: cert_number(call, body)?,
        sub_mchid: None,
        sub_appid: sub_appid.map(str::to_owned),
        reasons: Vec::new(),
        changed_at: call.now(),
    };
    let world = &call.gateway.world;
    let applyment = world.applyments.submit(draft).map_err(|refusal| match refusal {
        SubmitRefusal::Differs => Refusal::new(codes::OTHER_PARAMETERS).hint(ApplymentHint::Differs),
        SubmitRefusal::TooMany => {
            Refusal::new(codes::FREQUENCY_LIMITED).hint(ApplymentHint::TooMany { limit: CAPACITY })
        }
    })?;
    applyments::tell(world, &applyment);
    Ok(applyment)
}

/// Two encryptions of one text differ.
fn without_ciphertexts(body: &Checked) -> Value {
    let mut request = body.value.clone();
    for pointer in &body.encrypted {
        if let Some(value) = request.pointer_mut(pointer) {
            *value = Value::Null;
        }
    }
    request
}

/// Fields that need each other.
fn belongs_together(body: &Checked) -> Result<(), Refusal> {
    let missing = |pointer: &str, hint: ApplymentHint| {
        Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, pointer)
            .hint(hint))
    };
    let has = |pointer: &str| body.value.pointer(pointer).is_some();
    let kind = body.text("/organization_type").unwrap_or_default();
    if !WITHOUT_LICENCE.contains(&kind) && !has("/business_license_info") {
        return missing("/business_license_info", ApplymentHint::NoLicence);
    }
    let is_card = body
        .text("/id_doc_type")
        .is_none_or(|kind| kind.ends_with("_IDCARD"));
    if is_card && !has("/id_card_info") {
        return missing("/id_card_info", ApplymentHint::NoCard);
    }
    if !is_card && !has("/id_doc_info") {
        return missing("/id_doc_info", ApplymentHint::NoDocument);
    }
    if body.text("/id_holder_type") == Some("SUPER") && !has("/authorize_letter_copy") {
        return missing("/authorize_letter_copy", ApplymentHint::NoAuthorization);
    }
    if !has("/sales_scene_info/store_url") && !has("/sales_scene_info/store_qr_code") {
        return missing("/sales_scene_info/store_url", ApplymentHint::NoShop);
    }
    if has("/finance_institution_info") != (body.value.pointer("/finance_institution") == Some(&json!(true)))
    {
        return missing("/finance_institution_info", ApplymentHint::Finance);
    }
    Ok(())
}
