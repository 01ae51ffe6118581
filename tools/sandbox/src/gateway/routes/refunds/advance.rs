//! Getting back what the platform advanced for a refund.

use serde_json::{Value, json};

use super::hints::RefundHint;
use super::named::{Payee, own, platform_only};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::{
        clock::rfc3339,
        refunds::{
            self,
            state::{Refund, RefundFamily, RefundState, ReturnedAdvance},
        },
    },
};

/// Handles `POST …/{refund_id}/return-advance`. Asking twice gets the money once.
pub(super) fn give_back(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    platform_only(call)?;
    let body = call.body()?;
    let refund = found(call, id, body.text("/sub_mchid"))?;
    if !refund.is_advanced() {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::NotAdvanced));
    }
    if refund.state != RefundState::Success {
        return Err(
            Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::AdvanceTooSoon { state: refund.state })
        );
    }
    let returned = ReturnedAdvance {
        advance_return_id: call.ids.advance_return_id(call.now()),
        at: call.now(),
    };
    answer(refunds::give_back_advance(
        &call.gateway.world,
        &refund.key,
        &returned,
    ))
}

/// Handles `GET …/{refund_id}/return-advance`.
pub(super) fn query(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    platform_only(call)?;
    let parameters = call.parameters()?;
    let refund = found(call, id, parameters.get("sub_mchid"))?;
    answer(Some(refund))
}

fn found(call: &mut Call<'_>, id: &str, sub_mchid: Option<&str>) -> Result<Refund, Refusal> {
    let refunds = &call.gateway.world.refunds;
    let refund = refunds.key_of_id(id).and_then(|key| refunds.get(&key));
    let refund = own(call, refund, RefundFamily::Ecommerce, Payee::sub(sub_mchid))?;
    call.notes.out_trade_no = Some(refund.order.out_trade_no.clone());
    Ok(refund)
}

fn answer(refund: Option<Refund>) -> Result<Answer, Refusal> {
    let refund = refund.ok_or_else(|| Refusal::new(codes::NO_SUCH_REFUND))?;
    let returned = refund
        .returned_advance
        .as_ref()
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_REFUND).hint(RefundHint::NothingReturned))?;
    Ok(Answer::Json(view(&refund, returned).to_string().into()))
}

fn view(refund: &Refund, returned: &ReturnedAdvance) -> Value {
    json!({
        "refund_id": refund.refund_id,
        "advance_return_id": returned.advance_return_id,
        "return_amount": refund.amount,
        "payer_mchid": refund.sub_mchid,
        "payer_account": "BASIC",
        "payee_mchid": refund.key.mchid,
        "payee_account": "OPERATION",
        "result": "SUCCESS",
        "success_time": rfc3339(returned.at),
    })
}
