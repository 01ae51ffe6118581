//! Transfers to users (商家转账): create, cancel, query.

mod hints;

use serde_json::{Map, Value, json};

use self::hints::TransferHint;
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
            self, Checked, Field, Kind, field,
            limits::{LONG_URL, POSITIVE, S32, S128},
            parties,
        },
    },
    world::{
        clock::rfc3339,
        funds::ledger::Account,
        records::{
            kinds::transfer,
            state::{Record, RecordKind},
        },
    },
};

/// From 2,000 yuan on the name of the user is required.
const NAMED_FROM: i64 = 200_000;

/// Page: 发起转账.
const CREATE: &[Field] = &[
    field("appid", S32).required(),
    field("out_bill_no", Kind::PlainNumber).required(),
    field("openid", S128).required(),
    field("user_name", Kind::Encrypted),
    field("transfer_amount", POSITIVE).required(),
    field("transfer_remark", S32).required(),
    field("notify_url", LONG_URL),
    field("user_recv_perception", S128),
    field("transfer_scene_id", S32).required(),
    field("transfer_scene_report_infos", Kind::List { max: 10 }).required(),
    field("transfer_scene_report_infos/*/info_type", S32).required(),
    field("transfer_scene_report_infos/*/info_content", S32).required(),
    field("user_recv_style", Kind::Object),
    field(
        "user_recv_style/type",
        Kind::OneOf(&["CONFIRM_PAGE", "RED_PACKET"]),
    )
    .required(),
];

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills",
        ("Create a transfer", "发起转账"),
        |call, _| create(call),
    )
    .body(&[CREATE]),
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
]);

const QUERY: (&str, &str) = ("Query a transfer", "查询转账单");

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    open(call, body, RecordKind::Transfer, |call, amount| {
        records::has_money(call, &call.mchid(), Account::Basic, amount)
    })
}

/// Opens a transfer that `before` permits, or gives the one of the same call before.
pub(super) fn open(
    call: &Call<'_>,
    body: Checked,
    kind: RecordKind,
    before: impl FnOnce(&Call<'_>, i64) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let number = body.text("/out_bill_no").unwrap_or_default().to_owned();
    let amount = body
        .integer("/transfer_amount")
        .ok_or_else(Refusal::system_error)?;
    if body.text("/user_name").is_none() && amount >= NAMED_FROM {
        return Err(Refusal::new(codes::PARAMETER).hint(TransferHint::NameRequired));
    }
    let opening = Opening {
        kind,
        number,
        id: call.ids.long_id("1330", call.now()),
        amount,
        state: transfer::WAIT,
        request: records::opened(call, body)?,
        facts: json!({ "package_info": call.ids.package_info() }),
    };
    let transfer = records::open(call, opening, || before(call, amount))?;
    let mut json = transfer.members(&["sub_mchid", "fail_reason"]);
    put_state(&mut json, &transfer);
    json.insert("create_time".to_owned(), json!(rfc3339(transfer.created_at)));
    if transfer.state == transfer::WAIT {
        json.extend(transfer.members(&["package_info"]));
    }
    Ok(Answer::json(&Value::Object(json)))
}

fn query(call: &Call<'_>, transfer: Result<Record, Refusal>) -> Result<Answer, Refusal> {
    call.parameters()?;
    Ok(Answer::json(&transfer::view(&transfer?)))
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
