//! Transfers to users (商家转账): create, cancel, query.

mod hints;

use serde_json::json;

use self::hints::TransferHint;
use super::endpoint::{Endpoint, Family};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{
            self, Field, Kind, field,
            limits::{LONG_URL, POSITIVE, S32, text},
            parties, sensitive,
        },
    },
    world::{
        clock::rfc3339,
        funds::ledger::Account,
        transfers::{
            self,
            state::{Transfer, TransferError, TransferKey, TransferState},
        },
    },
};

const S128: Kind = text(128);
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
            let key = key(call, path.get("out_bill_no"));
            query(call, Some(key))
        },
    ),
    Endpoint::get(
        "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
        QUERY,
        |call, path| {
            let number = path.get("transfer_bill_no");
            let key = call.gateway.world.transfers.key_of_number(number);
            let key = key.filter(|key| call.merchant.mchid == key.mchid.as_str());
            query(call, key)
        },
    ),
    Endpoint::post(
        "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
        ("Cancel a transfer", "撤销转账"),
        |call, path| cancel(call, path.get("out_bill_no")),
    ),
]);

const QUERY: (&str, &str) = ("Query a transfer", "查询转账单");

fn key(call: &Call<'_>, out_bill_no: &str) -> TransferKey {
    TransferKey {
        mchid: call.mchid(),
        out_bill_no: out_bill_no.to_owned(),
    }
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let key = key(call, body.text("/out_bill_no").unwrap_or_default());
    let amount = body
        .integer("/transfer_amount")
        .ok_or_else(Refusal::system_error)?;
    if body.text("/user_name").is_some() {
        // Its ciphertext differs each time, so the plain text is compared with that of a repeated call.
        let name = sensitive::open(call.gateway, call.received, &body, "/user_name")?;
        if let Some(object) = body.value.as_object_mut() {
            object.insert("user_name".to_owned(), json!(name));
        }
    } else if amount >= NAMED_FROM {
        return Err(Refusal::new(codes::PARAMETER).hint(TransferHint::NameRequired));
    }
    if let Some(known) = call.gateway.world.transfers.get(&key) {
        if known.request == body.value.clone().into() {
            return Ok(answer(&known));
        }
        return Err(Refusal::new(codes::OTHER_PARAMETERS).hint(TransferHint::Differs));
    }
    let available = call
        .gateway
        .world
        .funds
        .ledger
        .balance(&key.mchid, Account::Basic);
    if amount > available {
        let owner = key.mchid;
        return Err(Refusal::new(codes::NOT_ENOUGH).hint(TransferHint::NotEnough { available, owner }));
    }
    let now = call.now();
    let transfer = transfers::begin(
        &call.gateway.world,
        Transfer {
            key,
            transfer_bill_no: call.ids.transfer_bill_no(now),
            package_info: call.ids.package_info(),
            amount,
            request: body.value.into(),
            state: TransferState::WaitUserConfirm,
            fail_reason: None,
            created_at: now,
            updated_at: now,
        },
    );
    Ok(answer(&transfer))
}

fn answer(transfer: &Transfer) -> Answer {
    let mut json = json!({
        "out_bill_no": transfer.key.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "create_time": rfc3339(transfer.created_at),
        "state": transfer.state.as_str(),
    });
    if transfer.state == TransferState::WaitUserConfirm
        && let Some(json) = json.as_object_mut()
    {
        json.insert("package_info".to_owned(), json!(transfer.package_info));
    }
    Answer::Json(json.to_string().into())
}

fn query(call: &Call<'_>, key: Option<TransferKey>) -> Result<Answer, Refusal> {
    call.parameters()?;
    let transfer = key.and_then(|key| call.gateway.world.transfers.get(&key));
    let transfer = transfer.ok_or_else(none)?;
    Ok(Answer::Json(transfers::view(&transfer).to_string().into()))
}

fn cancel(call: &mut Call<'_>, out_bill_no: &str) -> Result<Answer, Refusal> {
    let key = key(call, out_bill_no);
    let transfer = match transfers::cancel(&call.gateway.world, &key) {
        Ok(transfer) => transfer,
        Err(TransferError::NoSuchTransfer) => return Err(none()),
        Err(TransferError::NoWay { from, .. }) => {
            let hint = TransferHint::TooLate {
                state: from.as_str().to_owned(),
            };
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(hint));
        }
    };
    let json = json!({
        "out_bill_no": transfer.key.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state.as_str(),
        "update_time": rfc3339(transfer.updated_at),
    });
    Ok(Answer::Json(json.to_string().into()))
}

fn none() -> Refusal {
    Refusal::new(codes::ORDER_NOT_EXIST).hint(TransferHint::NoTransfer)
}
