//! Transfers of a platform's sub-merchants to users (电商平台转账): authorisation, create, cancel, query.

mod hints;

use serde_json::Value;

use self::hints::EcommerceTransferHint;
use super::{
    endpoint::{Endpoint, Family},
    records::{self, Opening},
    transfers,
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
    world::records::{
        kinds::{transfer, transfer_authorization},
        state::{Record, RecordKind},
    },
};

/// Page: 申请二级商户商家转账授权.
const AUTHORIZE: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("agreement_list", Kind::List { max: 10 }).required(),
    field("agreement_list/*/agreement_code", S32).required(),
    field("agreement_list/*/agreement_version", S32).required(),
    field("agreement_list/*/sign_organization", S128).required(),
    field("agreement_list/*/sign_time", Kind::Time).required(),
];

/// Page: 发起转账.
const CREATE: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("appid", S32).required(),
    field("out_bill_no", Kind::PlainNumber).required(),
    field("transfer_scene_id", S32).required(),
    field("openid", S128).required(),
    field("user_name", Kind::Encrypted),
    field("transfer_amount", POSITIVE).required(),
    field("transfer_remark", S32).required(),
    field("notify_url", LONG_URL),
];

/// Page: 撤销转账.
const CANCEL: &[Field] = &[field("sub_mchid", Kind::Mchid).required()];

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/ecommerce/mch-transfer/authorizations",
        (
            "Authorise transfers of a sub-merchant",
            "申请二级商户商家转账授权",
        ),
        |call, _| authorize(call),
    )
    .body(&[AUTHORIZE]),
    Endpoint::get(
        "/v3/ecommerce/mch-transfer/authorizations/{sub_mchid}",
        (
            "Query the authorisation of a sub-merchant",
            "查询二级商户商家转账授权状态",
        ),
        |call, path| authorization(call, path.get("sub_mchid")),
    ),
    Endpoint::post(
        "/v3/ecommerce/mch-transfer/transfer-bills",
        ("Create a sub-merchant's transfer", "发起转账"),
        |call, _| create(call),
    )
    .body(&[CREATE]),
    Endpoint::get(
        "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
        QUERY,
        |call, path| {
            let number = path.get("out_bill_no");
            query(call, records::find(call, RecordKind::EcommerceTransfer, number))
        },
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::get(
        "/v3/ecommerce/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
        QUERY,
        |call, path| {
            let id = path.get("transfer_bill_no");
            query(call, records::find_by_id(call, RecordKind::EcommerceTransfer, id))
        },
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
        ("Cancel a sub-merchant's transfer", "撤销转账"),
        |call, path| cancel(call, path.get("out_bill_no")),
    )
    .body(&[CANCEL]),
])
.for_platforms();

const QUERY: (&str, &str) = ("Query a sub-merchant's transfer", "查询转账单");

fn authorize(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default().to_owned();
    parties::known_sub(call.merchant, &sub_mchid)?;
    let opening = Opening {
        kind: RecordKind::EcommerceTransferAuthorization,
        number: sub_mchid,
        id: call.ids.long_id("1331", call.now()),
        amount: 0,
        state: transfer_authorization::ACCEPTED,
        request: body.value,
        facts: Value::Null,
    };
    let authorization = records::open(call, opening, || Ok(()))?;
    Ok(Answer::json(&transfer_authorization::view(&authorization)))
}

fn authorization(call: &Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    parties::known_sub(call.merchant, sub_mchid)?;
    let authorization = records::find(call, RecordKind::EcommerceTransferAuthorization, sub_mchid)?;
    Ok(Answer::json(&transfer_authorization::view(&authorization)))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default().to_owned();
    parties::known_sub(call.merchant, &sub_mchid)?;
    let kind = RecordKind::EcommerceTransfer;
    let transfer = transfers::open_waiting(call, body, kind, &sub_mchid, || is_authorized(call, &sub_mchid))?;
    Ok(Answer::json(&Value::Object(transfers::placed(&transfer))))
}

fn is_authorized(call: &Call<'_>, sub_mchid: &str) -> Result<(), Refusal> {
    let authorization = records::find(call, RecordKind::EcommerceTransferAuthorization, sub_mchid);
    match authorization {
        Ok(authorization) if authorization.state == transfer_authorization::AUTHORIZED => Ok(()),
        _ => {
            let sub_mchid = sub_mchid.to_owned();
            Err(Refusal::new(codes::NO_AUTH).hint(EcommerceTransferHint::NotAuthorized { sub_mchid }))
        }
    }
}

fn query(call: &Call<'_>, transfer: Result<Record, Refusal>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let transfer = of_sub(transfer?, parameters.need("sub_mchid"))?;
    transfers::shown(call, &transfer)
}

fn cancel(call: &mut Call<'_>, out_bill_no: &str) -> Result<Answer, Refusal> {
    let body: Checked = call.body()?;
    let transfer = records::find(call, RecordKind::EcommerceTransfer, out_bill_no)?;
    let transfer = of_sub(transfer, body.text("/sub_mchid").unwrap_or_default())?;
    transfers::cancel(call, transfer)
}

/// A transfer, if this sub-merchant pays it.
fn of_sub(transfer: Record, sub_mchid: &str) -> Result<Record, Refusal> {
    if transfer::sub_mchid(&transfer).as_deref() == Some(sub_mchid) {
        Ok(transfer)
    } else {
        Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(EcommerceTransferHint::OtherSubMerchant))
    }
}
