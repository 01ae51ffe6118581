//! Settlements of paid orders to persons.

use serde_json::{Value, json};

use super::hints::ReceiverHint;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        routes::{
            abnormal_funds,
            records::{self, Opening},
        },
        validate::{
            self, Field, Kind, field,
            limits::{LONG_URL, POSITIVE, S32, S64, S128, S256},
            parties,
        },
    },
    world::{
        clock::rfc3339,
        funds,
        orders::{key::OrderKey, state::Order},
        records::{
            kinds::{
                receiver_contract::{self, AUTHORIZED},
                settle_batch::{self as batch, ABNORMAL, ACCEPTED},
            },
            state::RecordKind,
        },
        refunds::state::RefundState,
    },
};

/// Page: 个人收款-申请批量结算.
pub(super) const SETTLE: &[Field] = &[
    field("appid", S32).required(),
    field("out_settle_batch_no", S128).required(),
    field("individual_auth_id", S64).required(),
    field("notify_url", LONG_URL).required(),
    field("description", S256).required(),
    field("trade_scenario", Kind::OneOf(&["RECOMMERCE", "INDIVIDUALTRADE"])).required(),
    field("settle_info_list", Kind::List { max: 50 }).required(),
    field("settle_info_list/*/out_settle_no", S128).required(),
    field("settle_info_list/*/transaction_id", S32).required(),
    field(
        "settle_info_list/*/settle_detail_info_list",
        Kind::List { max: 50 },
    )
    .required(),
    field(
        "settle_info_list/*/settle_detail_info_list/*/out_settle_detail_no",
        S128,
    )
    .required(),
    field("settle_info_list/*/settle_detail_info_list/*/settle_type", S32).required(),
    field("settle_info_list/*/settle_detail_info_list/*/receiver_type", S32).required(),
    field(
        "settle_info_list/*/settle_detail_info_list/*/receiver_account",
        S128,
    )
    .required(),
    field(
        "settle_info_list/*/settle_detail_info_list/*/amount",
        Kind::Object,
    )
    .required(),
    field(
        "settle_info_list/*/settle_detail_info_list/*/amount/amount",
        POSITIVE,
    )
    .required(),
    field(
        "settle_info_list/*/settle_detail_info_list/*/amount/currency",
        Kind::OneOf(&["CNY"]),
    ),
    field("receive_type_template_id", Kind::Number(&[1, 2])),
];

/// Page: 个人收款-申请异常结算批次单处理.
pub(super) const APPLY_ABNORMAL: &[Field] = &[
    field("individual_auth_id", S64).required(),
    field("out_abnormal_settle_batch_no", S128).required(),
    field("abnormal_settle_type", Kind::OneOf(&[TO_USER])).required(),
    field("description", S256),
];

const TO_USER: &str = "TRANSFER_TO_ORIGINAL_RECEIVE_USER";

/// Opens a batch, or gives the one of the same call before.
pub(super) fn settle(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let auth_id = body.text("/individual_auth_id").unwrap_or_default().to_owned();
    let contract = receiver_contract::of(&call.gateway.world, &call.mchid(), &auth_id)
        .ok_or_else(|| Refusal::new(codes::NO_AUTH).hint(ReceiverHint::NotAuthorized))?;
    let number = body.text("/out_settle_batch_no").unwrap_or_default().to_owned();
    // What was settled stays so, whatever happened to its orders since.
    let settled = match records::find(call, RecordKind::SettleBatch, &number) {
        Ok(_) => Vec::new(),
        Err(_) => settled(call, &body.value, &auth_id)?,
    };
    let opening = Opening {
        kind: RecordKind::SettleBatch,
        number,
        id: call.ids.long_id("1236", call.now()),
        // The merchants have their parts, and the person the rest.
        amount: settled.iter().map(|order| order.rest).sum(),
        state: ACCEPTED,
        request: body.value,
        facts: Value::Null,
    };
    let opened = records::open(call, opening, || claim(call, &settled))?;
    let answer = Answer::json(&batch::view(&opened));
    if opened.state == ACCEPTED && contract.state != AUTHORIZED {
        // The next query and the notification tell it.
        let facts = json!({ "abnormal_type": "AUTH_RELATIONSHIP_INVALID" });
        records::go(call, opened, ABNORMAL, facts)?;
    }
    Ok(answer)
}

/// An order of a batch.
struct Settled {
    order: OrderKey,
    transaction_id: String,
    /// The person's part of its money, in fen.
    rest: i64,
}

/// The orders that a batch names.
///
/// They were paid for this person and have enough money for the parts.
fn settled(call: &Call<'_>, body: &Value, auth_id: &str) -> Result<Vec<Settled>, Refusal> {
    let one = |entry: &Value| {
        let id = entry.get("transaction_id").and_then(Value::as_str);
        let transaction_id = id.unwrap_or_default().to_owned();
        let order = call
            .order_of_transaction(&transaction_id)
            .filter(|order| order.payee_auth_id().as_deref() == Some(auth_id));
        let Some(order) = order else {
            let hint = ReceiverHint::NotTheirOrder { transaction_id };
            return Err(Refusal::new(codes::NO_SUCH_PAYMENT).hint(hint));
        };
        let (mut all, mut of_merchants) = (0_i64, 0_i64);
        for part in batch::parts(entry) {
            all = all.saturating_add(part.amount);
            if let Some(mchid) = part.mchid {
                is_merchant(call, &mchid)?;
                of_merchants = of_merchants.saturating_add(part.amount);
            }
        }
        let left = left(call, &order);
        if all > left {
            let hint = ReceiverHint::TooMuch { transaction_id, left };
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(hint));
        }
        Ok(Settled {
            order: order.key,
            transaction_id,
            rest: left.saturating_sub(of_merchants),
        })
    };
    batch::orders(body).map(one).collect()
}

/// The money that is held of an order: without the fee and the refunds.
fn left(call: &Call<'_>, order: &Order) -> i64 {
    let refunds = call.gateway.world.refunds.of_order(&order.key);
    let refunded = refunds
        .iter()
        .filter(|refund| refund.state != RefundState::Closed)
        .map(|refund| refund.amount.saturating_sub(refund.fee))
        .fold(0, i64::saturating_add);
    let fee = funds::fee(order.total);
    order.total.saturating_sub(fee).saturating_sub(refunded)
}

fn is_merchant(call: &Call<'_>, mchid: &str) -> Result<(), Refusal> {
    if call.merchant.mchid == mchid || call.merchant.sub(mchid).is_some() {
        return Ok(());
    }
    Err(Refusal::new(codes::NO_RELATION).hint(ReceiverHint::NotAMerchant))
}

/// Marks the orders as settled: all of them, or none if one was settled before.
fn claim(call: &Call<'_>, settled: &[Settled]) -> Result<(), Refusal> {
    let orders = &call.gateway.world.orders;
    let mark = |key: &OrderKey, is_settled: bool| {
        let was = orders.change(key, |order| {
            std::mem::replace(&mut order.sharing_finished, is_settled)
        });
        was == Some(!is_settled)
    };
    for (index, order) in settled.iter().enumerate() {
        if !mark(&order.order, true) {
            for claimed in settled.iter().take(index) {
                mark(&claimed.order, false);
            }
            let transaction_id = order.transaction_id.clone();
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(ReceiverHint::Settled { transaction_id }));
        }
    }
    Ok(())
}

/// Handles `GET …/prepay-settle-orders/{settle_batch_no}`.
pub(super) fn query(call: &Call<'_>, settle_batch_no: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let found = records::find_by_id(call, RecordKind::SettleBatch, settle_batch_no)?;
    Ok(Answer::json(&batch::view(&found)))
}

/// Takes an instruction for the money of an abnormal batch.
pub(super) fn apply_abnormal(call: &mut Call<'_>, settle_batch_no: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let found = records::find_by_id(call, RecordKind::SettleBatch, settle_batch_no)?;
    if found.text("/individual_auth_id").as_deref() != body.text("/individual_auth_id") {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(ReceiverHint::OtherPerson));
    }
    let waiting = records::find(call, RecordKind::AbnormalFund, &batch::receipt_id(&found))
        .map_err(|_| Refusal::new(codes::INVALID_REQUEST).hint(ReceiverHint::NotAbnormal))?;
    let mut instruction = json!({
        "out_instruction_no": body.text("/out_abnormal_settle_batch_no"),
        "transfer_mode": TO_USER,
    });
    if let (Some(text), Some(instruction)) = (body.text("/description"), instruction.as_object_mut()) {
        instruction.insert("description".to_owned(), json!(text));
    }
    let given = abnormal_funds::instruct(call, &waiting, instruction)?;
    let result = json!({
        "out_abnormal_settle_batch_no": given.key.number,
        "abnormal_settle_type": TO_USER,
        "apply_success_time": rfc3339(given.created_at),
        "abnormal_fund_receipt_id": waiting.id,
    });
    let told = call.gateway.world.records.change(&found.key, |record| {
        record.facts.extend(json!({ "abnormal_settle_result": result }));
        batch::view(record)
    });
    told.map(|told| Answer::json(&told))
        .ok_or_else(Refusal::system_error)
}
