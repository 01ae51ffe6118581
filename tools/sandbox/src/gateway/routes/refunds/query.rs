//! Asking how a refund stands.

use crate::{
    gateway::routes::refunds::named::{Payee, own, platform_only},
    world::refunds::view,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, validate::Location},
    world::refunds::state::{Refund, RefundFamily, RefundKey},
};

/// Handles `GET …/refunds/{out_refund_no}` and `GET …/refunds/out-refund-no/{out_refund_no}`.
pub(super) fn by_number(call: &mut Call<'_>, family: RefundFamily, number: &str) -> Result<Answer, Refusal> {
    let key = RefundKey {
        mchid: call.mchid(),
        out_refund_no: number.to_owned(),
    };
    let refund = call.gateway.world.refunds.get(&key);
    answer(call, refund, family)
}

/// Handles `GET /v3/ecommerce/refunds/id/{refund_id}`.
pub(super) fn by_id(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let refunds = &call.gateway.world.refunds;
    let refund = refunds.key_of_id(id).and_then(|key| refunds.get(&key));
    answer(call, refund, RefundFamily::Ecommerce)
}

fn answer(call: &mut Call<'_>, refund: Option<Refund>, family: RefundFamily) -> Result<Answer, Refusal> {
    let json = match family {
        RefundFamily::Ordinary => {
            let parameters = call.parameters()?;
            let payee = Payee::sub(parameters.get("sub_mchid"));
            view::ordinary(&seen(call, refund, family, payee)?)
        }
        RefundFamily::Ecommerce => {
            platform_only(call)?;
            let parameters = call.parameters()?;
            let payee = Payee {
                sub_mchid: parameters.get("sub_mchid"),
                individual_auth_id: parameters.get("individual_auth_id"),
            };
            let payee = payee.named(Location::Query, "sub_mchid")?;
            view::ecommerce(&seen(call, refund, family, payee)?)
        }
    };
    Ok(Answer::Json(json.to_string().into()))
}

fn seen(
    call: &mut Call<'_>,
    refund: Option<Refund>,
    family: RefundFamily,
    payee: Payee<'_>,
) -> Result<Refund, Refusal> {
    let refund = own(call, refund, family, payee)?;
    call.notes.out_trade_no = Some(refund.order.out_trade_no.clone());
    Ok(refund)
}
