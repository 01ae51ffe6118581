//! Sub-merchants that were closed, and reasons why one cannot be.

use super::hints::ClosingHint;
use crate::{
    gateway::{Refusal, call::Call, codes},
    world::records::{
        kinds::{closing, complaint, limitation},
        state::RecordKind,
    },
};

/// Refuses a payment to a sub-merchant that was closed.
pub(in crate::gateway::routes) fn may_take_payments(
    call: &Call<'_>,
    mchid: &str,
    sub_mchid: Option<&str>,
) -> Result<(), Refusal> {
    match sub_mchid {
        Some(sub_mchid) if closing::is_closed(&call.gateway.world, mchid, sub_mchid) => {
            let sub_mchid = sub_mchid.to_owned();
            Err(Refusal::new(codes::NO_AUTH).hint(ClosingHint::Closed { sub_mchid }))
        }
        _ => Ok(()),
    }
}

/// Types and texts of what stands in the way of a closing.
pub(super) fn reasons(call: &Call<'_>, sub_mchid: &str) -> Vec<(&'static str, &'static str)> {
    let world = &call.gateway.world;
    let mchid = call.merchant.mchid.as_str();
    let has = |kind: RecordKind, member: &str, is_open: fn(&str) -> bool| {
        let found = world.records.filtered(|record| {
            record.key.kind == kind
                && record.key.mchid == mchid
                && record.text(member).as_deref() == Some(sub_mchid)
                && is_open(&record.state)
        });
        !found.is_empty()
    };
    let mut reasons = Vec::new();
    if has(RecordKind::Complaint, "/complainted_mchid", |state| {
        state != complaint::PROCESSED
    }) {
        reasons.push(("CONSUMER_COMPLAINT_UNPROCESSED", "商户存在未处理完成的消费者投诉"));
    }
    if has(RecordKind::Limitation, "/sub_mchid", |state| {
        state == limitation::LIMITED
    }) {
        reasons.push(("HAS_BLOCKING_CONTROL", "商户存在管控"));
    }
    reasons
}
