//! Transfers to users (商家转账): transfers, authorisations to receive without a confirmation, receipts.

mod authorizations;
mod create;
mod fields;
mod hints;
mod pdf;
mod receipts;

use serde_json::{Map, Value, json};

pub(super) use create::{open_waiting, placed, shown};

use super::{
    endpoint::{Endpoint, Family},
    records,
};
use crate::{
    gateway::{Answer, Refusal, call::Call},
    world::{
        clock::rfc3339,
        records::{
            kinds::transfer,
            state::{Record, RecordKind},
        },
    },
};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills",
        ("Create a transfer", "发起转账"),
        |call, _| create::confirmed(call),
    )
    .body(&[fields::TRANSFER, fields::CONFIRMED]),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills/pre-transfer-with-authorization",
        (
            "Create a transfer with an authorisation",
            "发起转账并完成自动收款授权",
        ),
        |call, _| create::authorizing(call),
    )
    .body(&[fields::TRANSFER, fields::AUTHORIZING]),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills/transfer",
        ("Create an authorised transfer", "用户授权后转账"),
        |call, _| create::authorized(call),
    )
    .body(&[fields::TRANSFER, fields::AUTHORIZED]),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
        QUERY,
        |call, path| {
            let number = path.get("out_bill_no");
            query(call, records::find(call, RecordKind::Transfer, number))
        },
    ),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
        QUERY,
        |call, path| {
            let id = path.get("transfer_bill_no");
            query(call, records::find_by_id(call, RecordKind::Transfer, id))
        },
    ),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
        ("Cancel a transfer", "撤销转账"),
        |call, path| {
            let number = path.get("out_bill_no");
            cancel(call, records::find(call, RecordKind::Transfer, number)?)
        },
    ),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/user-confirm-authorization",
        ("Ask for an authorisation", "申请免确认收款授权"),
        |call, _| authorizations::ask(call),
    )
    .body(&[fields::AUTHORIZE]),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}",
        ("Query an authorisation", "查询免确认收款授权"),
        |call, path| authorizations::query(call, path.get("out_authorization_no")),
    )
    .query(&[], &["is_display_authorization"]),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/user-confirm-authorization/out-authorization-no/{out_authorization_no}/close",
        ("Close an authorisation", "解除免确认收款授权"),
        |call, path| authorizations::close(call, path.get("out_authorization_no")),
    ),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/elecsign/out-bill-no",
        RECEIPT,
        |call, _| {
            receipts::ask(call, |call, body| {
                let number = body.text("/out_bill_no").unwrap_or_default();
                records::find(call, RecordKind::Transfer, number)
            })
        },
    )
    .body(&[receipts::BY_NUMBER]),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no",
        RECEIPT,
        |call, _| {
            receipts::ask(call, |call, body| {
                let id = body.text("/transfer_bill_no").unwrap_or_default();
                records::find_by_id(call, RecordKind::Transfer, id)
            })
        },
    )
    .body(&[receipts::BY_ID]),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/elecsign/out-bill-no/{out_bill_no}",
        QUERY_RECEIPT,
        |call, path| {
            let number = path.get("out_bill_no");
            receipts::query(call, records::find(call, RecordKind::Transfer, number))
        },
    ),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no/{transfer_bill_no}",
        QUERY_RECEIPT,
        |call, path| {
            let id = path.get("transfer_bill_no");
            receipts::query(call, records::find_by_id(call, RecordKind::Transfer, id))
        },
    ),
]);

const QUERY: (&str, &str) = ("Query a transfer", "查询转账单");
const RECEIPT: (&str, &str) = ("Ask for a receipt", "申请电子回单");
const QUERY_RECEIPT: (&str, &str) = ("Query a receipt", "查询电子回单");

fn query(call: &Call<'_>, transfer: Result<Record, Refusal>) -> Result<Answer, Refusal> {
    call.parameters()?;
    shown(call, &transfer?)
}

/// Asks for the money of a transfer that the user has not confirmed.
pub(super) fn cancel(call: &Call<'_>, mut transfer: Record) -> Result<Answer, Refusal> {
    if transfer.state != transfer::CANCELLED {
        transfer = records::go(call, transfer, transfer::CANCELING, Value::Null)?;
    }
    let mut json = transfer.members(&["sub_mchid"]);
    put_state(&mut json, &transfer);
    json.insert("update_time".to_owned(), json!(rfc3339(transfer.updated_at)));
    Ok(Answer::json(&Value::Object(json)))
}

fn put_state(json: &mut Map<String, Value>, transfer: &Record) {
    for (key, value) in [
        ("out_bill_no", &transfer.key.number),
        ("transfer_bill_no", &transfer.id),
        ("state", &transfer.state),
    ] {
        json.insert(key.to_owned(), json!(value));
    }
}
