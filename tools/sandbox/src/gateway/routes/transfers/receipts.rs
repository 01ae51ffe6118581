//! Electronic receipts: asked for once, made after a while, downloaded as a PDF file.

use serde_json::{Value, json};

use super::{
    super::{
        bills,
        records::{self, Opening},
    },
    hints::TransferHint,
    pdf,
};
use crate::{
    faults::Fault,
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Field, Kind, field, limits::S64},
    },
    world::{
        clock::rfc3339,
        records::{
            kinds::{
                transfer::SUCCESS,
                transfer_receipt::{FAILED, FINISHED, GENERATING},
            },
            state::{Record, RecordKind},
        },
    },
};

/// Page: 商户单号申请电子回单.
pub(super) const BY_NUMBER: &[Field] = &[field("out_bill_no", Kind::PlainNumber).required()];
/// Page: 微信单号申请电子回单.
pub(super) const BY_ID: &[Field] = &[field("transfer_bill_no", S64).required()];

const KIND: RecordKind = RecordKind::TransferReceipt;
/// An address lives so long, in seconds.
const LIFE: i64 = 600;

/// Asks for the receipt of a transfer that was paid.
///
/// One that failed is made anew.
pub(super) fn ask(
    call: &mut Call<'_>,
    find: fn(&Call<'_>, &Checked) -> Result<Record, Refusal>,
) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let transfer = find(call, &body)?;
    let opening = Opening {
        kind: KIND,
        number: transfer.key.number.clone(),
        id: transfer.id.clone(),
        amount: 0,
        state: GENERATING,
        request: json!({}),
        facts: json!({}),
    };
    let mut receipt = records::open(call, opening, || {
        if transfer.state == SUCCESS {
            return Ok(());
        }
        let state = transfer.state.clone();
        Err(Refusal::new(codes::INVALID_REQUEST).hint(TransferHint::NotPaid { state }))
    })?;
    if receipt.state == FAILED {
        receipt = records::go(call, receipt, GENERATING, Value::Null)?;
    }
    Ok(Answer::json(&json!({
        "state": receipt.state,
        "create_time": rfc3339(receipt.created_at),
    })))
}

/// Returns the state of a receipt, with the address of its file.
pub(super) fn query(call: &Call<'_>, transfer: Result<Record, Refusal>) -> Result<Answer, Refusal> {
    call.parameters()?;
    let transfer = transfer?;
    let receipt = records::find(call, KIND, &transfer.key.number)?;
    let mut json = json!({
        "state": receipt.state,
        "create_time": rfc3339(receipt.created_at),
        "update_time": rfc3339(receipt.updated_at),
    });
    if let Some(json) = json.as_object_mut() {
        match receipt.state.as_str() {
            FINISHED => {
                let content = pdf::of(&transfer);
                let provider = call.gateway.platform.provider();
                let digest = if call.fired.has(Fault::BillHashMismatch) {
                    provider.sha256(b"another file")
                } else {
                    provider.sha256(&content)
                };
                let url = bills::keep_for(call, content.into(), "application/pdf", LIFE);
                json.insert("hash_type".to_owned(), json!("SHA256"));
                let digest = base16ct::lower::encode_string(&digest);
                json.insert("hash_value".to_owned(), json!(digest));
                json.insert("download_url".to_owned(), json!(url));
            }
            FAILED => json.extend(receipt.members(&["fail_reason"])),
            _ => {}
        }
    }
    Ok(Answer::json(&json))
}
