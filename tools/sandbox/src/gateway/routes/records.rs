//! Records behind the families: opened once under a number, found, and moved on.

use serde_json::{Value, json};

use crate::{
    gateway::{
        Refusal,
        call::Call,
        codes,
        validate::{Checked, sensitive},
    },
    language::{Text, texts},
    world::{
        funds::ledger::Account,
        records::{
            self,
            state::{Record, RecordError, RecordKey, RecordKind},
        },
    },
};

texts! {
    enum RecordHint {
        Differs { number: String } =>
            "{number} was used with other values; repeat them exactly",
            "{number} 已用其他参数请求过；请以完全相同的参数重试";
        None { kind: Text } =>
            "there is none of these under this number: {kind}",
            "没有此单号对应的单据：{kind}";
        NotEnough { available: i64, owner: String } =>
            "{owner} has {available} fen; Sandbox::top_up adds some",
            "{owner} 余额 {available} 分；可用 Sandbox::top_up 充值";
        NoWay { from: String, to: String } =>
            "the state is {from}, from which it does not go to {to}",
            "当前状态为 {from}，不能变为 {to}";
    }
}

/// A record that a call asks for.
pub(super) struct Opening {
    pub(super) kind: RecordKind,
    pub(super) number: String,
    /// The platform's number.
    pub(super) id: String,
    /// In fen, 0 if no money moves.
    pub(super) amount: i64,
    pub(super) state: &'static str,
    /// Fields of the request, sensitive ones in plain text.
    pub(super) request: Value,
    /// Fields that the platform adds.
    pub(super) facts: Value,
}

/// Opens a record, or gives the one that the same call opened before.
///
/// `before` decides if a new one may be opened.
pub(super) fn open(
    call: &Call<'_>,
    opening: Opening,
    before: impl FnOnce() -> Result<(), Refusal>,
) -> Result<Record, Refusal> {
    let now = call.now();
    let draft = Record {
        key: key(call, opening.kind, &opening.number),
        id: opening.id,
        amount: opening.amount,
        state: opening.state.to_owned(),
        request: opening.request.into(),
        facts: opening.facts.into(),
        created_at: now,
        updated_at: now,
    };
    let world = &call.gateway.world;
    let request = draft.request.clone();
    let known = match world.records.get(&draft.key) {
        Some(known) => known,
        None => {
            before()?;
            records::open(world, draft)
        }
    };
    if known.request == request {
        return Ok(known);
    }
    Err(differs(opening.number))
}

/// Refuses a number that was used with other values.
pub(super) fn differs(number: String) -> Refusal {
    Refusal::new(codes::OTHER_PARAMETERS).hint(RecordHint::Differs { number })
}

/// Key of the caller's record.
pub(super) fn key(call: &Call<'_>, kind: RecordKind, number: &str) -> RecordKey {
    RecordKey {
        kind,
        mchid: call.mchid(),
        number: number.to_owned(),
    }
}

/// The caller's record under its own number.
pub(super) fn find(call: &Call<'_>, kind: RecordKind, number: &str) -> Result<Record, Refusal> {
    let record = call.gateway.world.records.get(&key(call, kind, number));
    record.ok_or_else(|| none(kind))
}

/// The caller's record under the platform's number.
pub(super) fn find_by_id(call: &Call<'_>, kind: RecordKind, id: &str) -> Result<Record, Refusal> {
    let record = call.gateway.world.records.get_by_id(kind, id);
    let record = record.filter(|record| call.merchant.mchid == record.key.mchid.as_str());
    record.ok_or_else(|| none(kind))
}

/// Moves a record on; one that is in the state already stays as it is.
pub(super) fn go(call: &Call<'_>, record: Record, to: &str, facts: Value) -> Result<Record, Refusal> {
    if record.state == to {
        return Ok(record);
    }
    let world = &call.gateway.world;
    match records::go(world, &record.key, to, facts) {
        // Another call was first.
        Err(RecordError::NoWay { from, .. }) if from == to => world
            .records
            .get(&record.key)
            .ok_or_else(|| none(record.key.kind)),
        result => result.map_err(|error| no_way(record.key.kind, error)),
    }
}

/// Takes a step, which may lead to the state that the record is in already.
pub(super) fn step(call: &Call<'_>, record: &Record, to: &str, facts: Value) -> Result<Record, Refusal> {
    records::go(&call.gateway.world, &record.key, to, facts).map_err(|error| no_way(record.key.kind, error))
}

fn no_way(kind: RecordKind, error: RecordError) -> Refusal {
    match error {
        RecordError::NoSuchRecord | RecordError::NoSuchSubMerchant => none(kind),
        RecordError::NoWay { from, to } => {
            Refusal::new(codes::INVALID_REQUEST).hint(RecordHint::NoWay { from, to })
        }
    }
}

/// Refuses what an account cannot pay.
pub(super) fn has_money(call: &Call<'_>, owner: &str, account: Account, amount: i64) -> Result<(), Refusal> {
    let available = call.gateway.world.funds.ledger.balance(owner, account);
    if amount <= available {
        return Ok(());
    }
    let owner = owner.to_owned();
    Err(Refusal::new(codes::NOT_ENOUGH).hint(RecordHint::NotEnough { available, owner }))
}

/// The body with its sensitive fields in plain text.
///
/// A ciphertext differs each time, so the plain text is compared with that of a repeated call.
pub(super) fn opened(call: &Call<'_>, mut body: Checked) -> Result<Value, Refusal> {
    for pointer in body.encrypted.clone() {
        let text = sensitive::open(call.gateway, call.received, &body, &pointer)?;
        if let Some(value) = body.value.pointer_mut(&pointer) {
            *value = json!(text);
        }
    }
    Ok(body.value)
}

/// Refuses a number that nothing stands under, in the family's words.
pub(super) fn none(kind: RecordKind) -> Refusal {
    let code = match kind {
        RecordKind::ReceiverContract | RecordKind::DeductionContract => codes::NO_SUCH_CONTRACT,
        RecordKind::CouponStock | RecordKind::Coupon => codes::RESOURCE_NOT_EXISTS,
        RecordKind::Address
        | RecordKind::DueDiligence
        | RecordKind::Limitation
        | RecordKind::Transfer
        | RecordKind::EcommerceTransfer
        | RecordKind::EcommerceTransferAuthorization
        | RecordKind::TransferAuthorization
        | RecordKind::TransferReceipt
        | RecordKind::Closing
        | RecordKind::ClosingWithPayout
        | RecordKind::ServicePermission
        | RecordKind::Violation => codes::NOT_FOUND,
        _ => codes::ORDER_NOT_EXIST,
    };
    let kind = kind.name();
    Refusal::new(code).hint(RecordHint::None { kind })
}
