//! Querying and closing orders.

use super::hints::OrderHint;
use crate::gateway::{Answer, Refusal, call::Call, codes};
use crate::world::{
    lints::Finding,
    orders::{
        key::{OrderKey, Space},
        scene::Family,
        state::{CloseRefusal, Order, OrderState},
        timeline::Step,
        view::transaction,
    },
};

/// Older pages ask for this age before an order is closed.
const MIN_CLOSE_AGE: i64 = 5 * 60;

/// The name of an order in a query.
pub(crate) enum Number<'a> {
    /// By the platform's number.
    TransactionId(&'a str),
    /// By the merchant's number.
    OutTradeNo(&'a str),
}

/// Handles both queries of both families.
pub(crate) fn query(call: &mut Call<'_>, family: Family, number: &Number<'_>) -> Result<Answer, Refusal> {
    if let Number::OutTradeNo(number) = number {
        call.notes.out_trade_no = Some((*number).to_owned());
    }
    let sub_mchid = match family {
        Family::Direct => {
            let parameters = call.parameters()?;
            call.is_caller(parameters.need("mchid"), "mchid")?;
            None
        }
        Family::Partner => {
            let parameters = call.parameters()?;
            call.is_caller(parameters.need("sp_mchid"), "sp_mchid")?;
            Some(parameters.need("sub_mchid").to_owned())
        }
    };
    let key = match number {
        Number::OutTradeNo(number) => Some(own_key(call, number)),
        Number::TransactionId(id) => call.key_of_transaction(id),
    };
    let now = call.now();
    let order = key
        .and_then(|key| {
            call.gateway.world.orders.change(&key, |order| {
                order.settle(now);
                order.note(now, Step::Queried);
                order.clone()
            })
        })
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    check_family(&order, family, sub_mchid.as_deref())?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    Ok(Answer::Json(transaction(&order).to_string().into()))
}

/// Handles `POST …/close`.
pub(crate) fn close(call: &mut Call<'_>, family: Family, number: &str) -> Result<Answer, Refusal> {
    call.notes.out_trade_no = Some(number.to_owned());
    let caller = match family {
        Family::Direct => "mchid",
        Family::Partner => "sp_mchid",
    };
    let body = call.body()?;
    call.is_caller(body.text(&format!("/{caller}")).unwrap_or_default(), caller)?;
    let key = own_key(call, number);
    let order = call
        .order(&key)
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    check_family(&order, family, body.text("/sub_mchid"))?;
    let age = call.now().saturating_sub(order.created_at);
    if order.state == OrderState::NotPay && age < MIN_CLOSE_AGE {
        call.notes.lint(Finding::CloseTooSoon {
            age,
            wanted: MIN_CLOSE_AGE,
        })?;
    }
    match call.gateway.world.orders.close(&key, call.now()) {
        Ok(()) => Ok(Answer::Empty),
        Err(CloseRefusal::NoSuchOrder) => Err(Refusal::new(codes::ORDER_NOT_EXIST)),
        Err(CloseRefusal::Paid) => Err(Refusal::new(codes::ORDER_PAID).hint(OrderHint::Paid)),
        Err(CloseRefusal::ByCode) => Err(Refusal::new(codes::REVERSE_ONLY).hint(OrderHint::ReverseOnly)),
    }
}

pub(super) fn own_key(call: &Call<'_>, out_trade_no: &str) -> OrderKey {
    OrderKey::order(call.merchant.mchid.as_str(), out_trade_no)
}

/// Checks that the order was placed with this family and by this sub-merchant.
pub(super) fn check_family(order: &Order, family: Family, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    if order.combination.is_some() || order.key.space == Space::Combination {
        return Err(Refusal::new(codes::ORDER_NOT_EXIST).hint(OrderHint::Combined));
    }
    if order.family != family {
        let path = match order.family {
            Family::Direct => "/v3/pay/transactions",
            Family::Partner => "/v3/pay/partner/transactions",
        };
        return Err(Refusal::new(codes::ORDER_NOT_EXIST).hint(OrderHint::OtherFamily { path }));
    }
    if order.sub.as_ref().map(|sub| sub.mchid.as_str()) != sub_mchid {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(OrderHint::OtherSubMerchant));
    }
    Ok(())
}
