//! Payments that could not be credited (在途异常资金): query, instruction, its query.

mod hints;

use serde_json::{Value, json};

use self::hints::AbnormalFundHint;
use super::{
    endpoint::{Endpoint, Family},
    records::{self, Opening},
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{
            self, Checked, Field, Kind, Location, field,
            limits::{LONG_URL, S32, S64, S128},
            parties,
        },
    },
    world::records::{
        kinds::{abnormal_fund, abnormal_fund_instruction as instruction},
        state::{Record, RecordKind},
    },
};

/// The way that names its merchant.
const TO_GIVEN_MERCHANT: &str = "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT";

/// Page: 发起在途异常资金付款指令.
const INSTRUCT: &[Field] = &[
    field("out_instruction_no", S64).required(),
    field(
        "transfer_mode",
        Kind::OneOf(&[
            "TRANSFER_TO_ORIGINAL_RECEIVE_USER",
            "TRANSFER_MODE_TO_ORIGINAL_RECEIVE_MERCHANT",
            TO_GIVEN_MERCHANT,
        ]),
    )
    .required(),
    field("receiver", Kind::Object),
    field("receiver/openid", S128),
    field("receiver/appid", S32),
    field("receiver/mchid", Kind::Mchid),
    field("notify_url", LONG_URL),
];

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/abnormal-fund-processing/receipts/{receipt_id}",
        ("Query a payment that waits", "查询在途异常资金付款结果"),
        |call, path| query(call, path.get("receipt_id")),
    ),
    Endpoint::post(
        "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions",
        ("Instruct where the money goes", "发起在途异常资金付款指令"),
        |call, path| post(call, path.get("receipt_id")),
    )
    .body(&[INSTRUCT]),
    Endpoint::get(
        "/v3/abnormal-fund-processing/receipts/{receipt_id}/transfer-instructions/{out_instruction_no}",
        ("Query an instruction", "查询在途异常资金付款指令执行结果"),
        |call, path| query_instruction(call, path.get("receipt_id"), path.get("out_instruction_no")),
    ),
]);

fn query(call: &Call<'_>, receipt_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let payment = records::find(call, RecordKind::AbnormalFund, receipt_id)?;
    let mut json = abnormal_fund::view(&payment);
    if let Some(instruction) = json.pointer_mut("/instruction").and_then(Value::as_object_mut) {
        let appids: Vec<&str> = call.merchant.appids.iter().map(AsRef::as_ref).collect();
        instruction.insert("appid".to_owned(), json!(appids));
    }
    Ok(Answer::json(&json))
}

fn post(call: &mut Call<'_>, receipt_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    receiver(call, &body)?;
    let payment = records::find(call, RecordKind::AbnormalFund, receipt_id)?;
    let given = instruct(call, &payment, body.value)?;
    let payment = records::find(call, RecordKind::AbnormalFund, receipt_id)?;
    let mut json = abnormal_fund::view(&payment);
    if let Some(told) = json.pointer_mut("/instruction").and_then(Value::as_object_mut) {
        told.insert("instruction_state".to_owned(), json!(given.state));
    }
    Ok(Answer::json(&json))
}

/// Takes an instruction for a payment, or gives the one of the same call before.
pub(super) fn instruct(call: &Call<'_>, payment: &Record, mut body: Value) -> Result<Record, Refusal> {
    let number = body
        .pointer("/out_instruction_no")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if let Some(body) = body.as_object_mut() {
        body.insert("receipt_id".to_owned(), json!(payment.id));
    }
    let told = instruction::told(&call.mchid(), &body, call.now());
    let opening = Opening {
        kind: RecordKind::AbnormalFundInstruction,
        number,
        id: call.ids.long_id("1342", call.now()),
        amount: 0,
        state: instruction::PENDING,
        request: body,
        facts: Value::Null,
    };
    records::open(call, opening, || {
        if payment.state != abnormal_fund::PENDING {
            let state = payment.state.clone();
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(AbnormalFundHint::NotWaiting { state }));
        }
        let facts = json!({ "instruction": told });
        records::go(call, payment.clone(), abnormal_fund::PROGRESS, facts).map(|_| ())
    })
}

/// The receiver that the way of the money needs.
fn receiver(call: &Call<'_>, body: &Checked) -> Result<(), Refusal> {
    if let Some(appid) = body.text("/receiver/appid") {
        parties::app(call.merchant, "receiver.appid", appid)?;
    }
    match body.text("/receiver/mchid") {
        Some(mchid) if call.merchant.mchid != mchid => {
            parties::known_sub(call.merchant, mchid)?;
        }
        None if body.text("/transfer_mode") == Some(TO_GIVEN_MERCHANT) => {
            return Err(Refusal::new(codes::PARAMETER)
                .missing(Location::Body, "/receiver/mchid")
                .hint(AbnormalFundHint::NoReceiver));
        }
        _ => {}
    }
    Ok(())
}

fn query_instruction(call: &Call<'_>, receipt_id: &str, number: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    records::find(call, RecordKind::AbnormalFund, receipt_id)?;
    let given = records::find(call, RecordKind::AbnormalFundInstruction, number)?;
    if given.text("/receipt_id").as_deref() != Some(receipt_id) {
        return Err(Refusal::new(codes::ORDER_NOT_EXIST).hint(AbnormalFundHint::OtherPayment));
    }
    Ok(Answer::json(&instruction::view(&given)))
}
