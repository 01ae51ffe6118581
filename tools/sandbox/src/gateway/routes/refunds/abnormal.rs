//! Abnormal refunds: another account for money that did not arrive.

use serde_json::json;

use super::hints::RefundHint;
use crate::gateway::hints::Conflict;
use crate::{
    gateway::routes::refunds::named::{Payee, own, platform_only},
    world::refunds::view,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes, validate::Location},
    world::refunds::{self, state::RefundFamily},
};

/// Handles `POST …/refunds/{refund_id}/apply-abnormal-refund` of both families.
pub(super) fn apply(call: &mut Call<'_>, family: RefundFamily, id: &str) -> Result<Answer, Refusal> {
    if family == RefundFamily::Ecommerce {
        platform_only(call)?;
    }
    let body = call.body()?;
    let mut payee = Payee {
        sub_mchid: body.text("/sub_mchid"),
        individual_auth_id: body.text("/individual_auth_id"),
    };
    if family == RefundFamily::Ecommerce {
        payee = payee.named(Location::Body, "/sub_mchid")?;
    }
    let found = call
        .gateway
        .world
        .refunds
        .key_of_id(id)
        .and_then(|key| call.gateway.world.refunds.get(&key));
    let refund = own(call, found, family, payee)?;
    call.notes.out_trade_no = Some(refund.order.out_trade_no.clone());
    if body.text("/out_refund_no") != Some(refund.key.out_refund_no.as_str()) {
        return Err(Refusal::new(codes::INVALID_REQUEST)
            .field(
                Location::Body,
                "/out_refund_no",
                json!(body.text("/out_refund_no")),
                Conflict::OtherRefund,
            )
            .hint(RefundHint::TwoRefunds));
    }
    let account = if body.text("/type") == Some("USER_BANK_CARD") {
        for key in ["bank_type", "bank_account", "real_name"] {
            if body.text(&format!("/{key}")).is_none() {
                return Err(Refusal::new(codes::PARAMETER)
                    .missing(Location::Body, &format!("/{key}"))
                    .hint(RefundHint::NoCard));
            }
        }
        "用户银行卡"
    } else {
        "商户银行账户"
    };
    let refund = refunds::reroute(
        &call.gateway.world,
        &refund.key,
        "OTHER_BANKCARD",
        account.to_owned(),
    )
    .ok_or_else(|| {
        Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::NotAbnormal { state: refund.state })
    })?;
    let json = match family {
        RefundFamily::Ordinary => view::ordinary(&refund),
        RefundFamily::Ecommerce => view::ecommerce(&refund),
    };
    Ok(Answer::Json(json.to_string().into()))
}
