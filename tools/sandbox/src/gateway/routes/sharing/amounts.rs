//! Amounts left to share, and their limits.

use serde_json::json;

use super::named::permitted;
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::sharing::{self, state::ShareFamily},
};

/// Handles `GET …/{transaction_id}/amounts`.
pub(crate) fn amounts(
    call: &mut Call<'_>,
    family: ShareFamily,
    transaction_id: &str,
) -> Result<Answer, Refusal> {
    call.parameters()?;
    let order = call
        .order_of_transaction(transaction_id)
        .filter(|order| family == ShareFamily::Ordinary || order.sub.is_some())
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_ORDER))?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    let left = sharing::left(&call.gateway.world, &order, call.now());
    let json = json!({ "transaction_id": transaction_id, "unsplit_amount": left });
    Ok(Answer::Json(json.to_string().into()))
}

/// Handles `GET /v3/profitsharing/merchant-configs/{sub_mchid}`.
pub(crate) fn max_ratio(call: &mut Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    permitted(call, Some(sub_mchid))?;
    let json = json!({ "sub_mchid": sub_mchid, "max_ratio": call.gateway.world.rules.max_share_ratio });
    Ok(Answer::Json(json.to_string().into()))
}
