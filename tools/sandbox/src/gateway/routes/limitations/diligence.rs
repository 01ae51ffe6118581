//! Due diligence: queried, answered with papers and files.

use serde_json::{Map, Value, json};

use super::{
    super::{
        media::{self, DIGEST, Form, MIB},
        records,
    },
    form::{self, Item},
    hints::LimitationHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{
            Field, Kind, field,
            limits::{S256, text},
            parties,
        },
    },
    world::{
        media::state::MediaKind,
        records::{
            kinds::due_diligence::{self, AUDITING, COLLECTING, REJECTED},
            state::{Record, RecordKind},
        },
    },
};

/// Page: 提交尽调资料.
pub(super) const SUBMIT: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("submit_data", text(65_536)).required(),
];

/// Page: 上传尽调资料文件.
const UPLOAD: Form = Form {
    part: "due_diligence_file",
    meta: &[
        field("file_name", S256).required(),
        field("file_digest", DIGEST).required(),
        field("sub_mchid", Kind::Mchid).required(),
        field(
            "item_id",
            Kind::Integer {
                min: 0,
                max: i64::MAX,
            },
        )
        .required(),
    ],
    filename: "/file_name",
    digest: "/file_digest",
    ..Form::of(MediaKind::Picture, &[(&["png", "jpg", "jpeg"], 5 * MIB)])
};

/// Handles the query.
pub(super) fn query(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let diligence = of_sub(call, id, parameters.need("sub_mchid"))?;
    let mut json = due_diligence::view(&diligence);
    json.extend(forms(call, &diligence)?);
    Ok(Answer::json(&Value::Object(json)))
}

/// Takes the papers. The same ones again are the same.
pub(super) fn submit(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let mut diligence = of_sub(call, id, body.text("/sub_mchid").unwrap_or_default())?;
    let submit_data = body.text("/submit_data").unwrap_or_default();
    let papers = form::read(call, &template(&diligence), submit_data)?;
    let is_open = matches!(diligence.state.as_str(), COLLECTING | REJECTED);
    if is_open {
        let facts = json!({ "papers": papers });
        diligence = records::go(call, diligence, AUDITING, facts)?;
    } else if diligence.value("/papers") != Some(papers) {
        let hint = match diligence.state.as_str() {
            AUDITING => LimitationHint::Submitted,
            state => LimitationHint::NotCollecting {
                state: state.to_owned(),
            },
        };
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(hint));
    }
    let mut json = diligence.members(&["submit_time"]);
    json.insert("due_diligence_state".to_owned(), json!(diligence.state));
    json.extend(forms(call, &diligence)?);
    Ok(Answer::json(&Value::Object(json)))
}

/// Takes a file for one item.
pub(super) fn upload(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let upload = media::read(call, &UPLOAD)?;
    let sub_mchid = upload.meta.text("/sub_mchid").unwrap_or_default();
    let diligence = of_sub(call, id, sub_mchid)?;
    let item = upload.meta.integer("/item_id").unwrap_or_default().to_string();
    if !Item::find(&template(&diligence), &item)?.is_file() {
        return Err(Refusal::new(codes::PARAMETER).hint(LimitationHint::Text { item }));
    }
    Ok(Answer::json(&json!({ "file_id": upload.keep(call) })))
}

/// A due diligence about this sub-merchant, which must be the caller's.
fn of_sub(call: &Call<'_>, id: &str, sub_mchid: &str) -> Result<Record, Refusal> {
    parties::known_sub(call.merchant, sub_mchid)?;
    let diligence = records::find(call, RecordKind::DueDiligence, id)?;
    if diligence.text("/sub_mchid").as_deref() == Some(sub_mchid) {
        return Ok(diligence);
    }
    Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(LimitationHint::OtherSubMerchant))
}

fn template(diligence: &Record) -> Value {
    diligence.value("/record_fields").unwrap_or_default()
}

/// Template and papers, each as JSON inside a string.
///
/// Papers that came encrypted are encrypted for the caller.
fn forms(call: &Call<'_>, diligence: &Record) -> Result<Map<String, Value>, Refusal> {
    let template = template(diligence);
    let inside = |fields: &Value| json!(json!({ "record_fields": fields }).to_string());
    let mut forms = Map::new();
    forms.insert("submission_template".to_owned(), inside(&template));
    let Some(mut papers) = diligence.value("/papers") else {
        return Ok(forms);
    };
    for paper in papers.as_array_mut().into_iter().flatten() {
        let id = paper.get("item_id").and_then(Value::as_str).unwrap_or_default();
        let is_encrypted = Item::find(&template, id).is_ok_and(|item| item.is_encrypted());
        if let (true, Some(value)) = (is_encrypted, paper.get_mut("field_data")) {
            *value = json!(call.sealed(value.as_str().unwrap_or_default())?);
        }
    }
    forms.insert("submission_data".to_owned(), inside(&papers));
    Ok(forms)
}
