//! Complaints of payers: how they begin, and what a refund does to them.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::world::{
    World,
    media::state::Picture,
    orders::{key::OrderKey, state::Order},
    records::{
        self,
        kinds::complaint,
        state::{Record, RecordKey, RecordKind, RecordSnapshot},
    },
    refunds::state::{Refund, RefundState},
};

/// A grey dot, as a payer's picture.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82";

/// Why nobody complained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComplainError {
    /// There is no such order.
    #[error("there is no such order: check its number")]
    NoSuchOrder,
    /// Nobody paid the order, so nobody can complain.
    #[error("the order is not paid: pay it first")]
    NotPaid,
}

/// Lets the payer of an order complain, again if it was done before.
///
/// `facts` are members of a complaint that differ from the usual ones.
pub fn complain(
    world: &World,
    order: &OrderKey,
    detail: &str,
    facts: Value,
) -> Result<RecordSnapshot, ComplainError> {
    let order = world.order(order).ok_or(ComplainError::NoSuchOrder)?;
    let mut facts = match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    };
    let mut step = json!({ "action_type": "CONTINUE_COMPLAINT", "operate_details": detail });
    if let Some(known) = of_order(world, &order.key).pop() {
        facts.insert("step".to_owned(), step);
        facts.insert("complaint_detail".to_owned(), json!(detail));
        // A decision is about one application.
        facts.insert("refund_decision".to_owned(), Value::Null);
        // There is a way to PENDING from everywhere.
        return records::settle(world, &known.key, complaint::PENDING, facts.into())
            .map_err(|_| ComplainError::NoSuchOrder);
    }
    let now = world.clock.now();
    let is_application = facts.contains_key("apply_refund_amount");
    let request = request(world, &order, detail, is_application).ok_or(ComplainError::NotPaid)?;
    let complaint_id = world.ids.long_id("200", now);
    let media_id = world.ids.media_id();
    world.media.keep_picture(
        media_id.clone(),
        Picture {
            mchid: order.key.mchid.clone(),
            content: Bytes::from_static(DOT),
            content_type: "image/png",
        },
    );
    let images = json!([media_id]);
    if let Some(step) = step.as_object_mut() {
        step.insert("action_type".to_owned(), json!("CREATE_COMPLAINT"));
        step.insert("images".to_owned(), images.clone());
    }
    facts.insert("step".to_owned(), step);
    facts.insert("images".to_owned(), images);
    let draft = Record {
        key: RecordKey {
            kind: RecordKind::Complaint,
            mchid: order.key.mchid,
            number: complaint_id.clone(),
        },
        id: complaint_id,
        amount: 0,
        state: complaint::PENDING.to_owned(),
        request: request.into(),
        facts: Value::Object(facts).into(),
        created_at: now,
        updated_at: now,
    };
    Ok(records::open(world, draft).snapshot())
}

/// The usual members of a complaint; `None` if nobody paid the order.
fn request(world: &World, order: &Order, detail: &str, is_application: bool) -> Option<Value> {
    let payment = order.payment.as_ref()?;
    let paid = |order: &Order| {
        Some(json!({
            "transaction_id": order.payment.as_ref()?.transaction_id,
            "out_trade_no": order.key.out_trade_no,
            "amount": order.total,
        }))
    };
    let items = world.orders.items_of(order);
    let orders: Vec<Value> = if items.is_empty() {
        paid(order).into_iter().collect()
    } else {
        items.iter().filter_map(paid).collect()
    };
    let problem_type = if is_application { "REFUND" } else { "OTHERS" };
    let payee = order.sub.as_ref().map_or(&order.key.mchid, |sub| &sub.mchid);
    Some(json!({
        "out_trade_no": order.key.out_trade_no,
        "complaint_order_info": orders,
        "complaint_detail": detail,
        "complainted_mchid": payee,
        "payer_openid": order.openid.clone().unwrap_or_else(|| payment.buyer.openid(&order.appid)),
        "payer_phone": "13800000000",
        "problem_description": "其他问题",
        "problem_type": problem_type,
    }))
}

/// Complaints about an order, the oldest first.
fn of_order(world: &World, order: &OrderKey) -> Vec<Record> {
    world.records.filtered(|record| {
        record.key.kind == RecordKind::Complaint
            && record.key.mchid == order.mchid
            && is_about(record, &order.out_trade_no)
    })
}

/// Returns true for the order, and for an item of a combined order.
fn is_about(complaint: &Record, out_trade_no: &str) -> bool {
    let number = Some(json!(out_trade_no));
    let orders = complaint.value("/complaint_order_info").unwrap_or_default();
    let mut orders = orders.as_array().into_iter().flatten();
    complaint.value("/out_trade_no") == number
        || orders.any(|order| order.get("out_trade_no") == number.as_ref())
}

/// Tells complaints of a refund that arrived, and completes those whose refund was promised.
pub(crate) fn refunded(world: &World, refund: &Refund) {
    if refund.state != RefundState::Success {
        return;
    }
    for complaint in of_order(world, &refund.order) {
        let (to, step) = if complaint.text("/refund_decision").as_deref() == Some("APPROVE") {
            (complaint::PROCESSED, json!({ "action_type": "REFUND_SUCCESS" }))
        } else if arrived(world, &refund.order) >= refund.total {
            (
                complaint.state.as_str(),
                json!({ "action_type": "SELLER_REFUND" }),
            )
        } else {
            let part = "COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE";
            (complaint.state.as_str(), json!({ "operate_type": part }))
        };
        // One that is completed stays as it is.
        let _ = records::go(world, &complaint.key, to, json!({ "step": step }));
    }
}

/// Money that came back to the payer of an order.
pub(crate) fn arrived(world: &World, order: &OrderKey) -> i64 {
    let refunds = world.refunds.of_order(order);
    let arrived = refunds
        .iter()
        .filter(|refund| refund.state == RefundState::Success);
    arrived.fold(0, |sum, refund| sum.saturating_add(refund.amount))
}
