//! Orders and sub-merchants, as requests name them.

use super::hints::SharingHint;
use crate::{
    gateway::{Refusal, call::Call, codes, validate::parties},
    world::{
        orders::{key::Space, state::Order},
        sharing::state::ShareFamily,
    },
};

/// A sub-merchant that is named must be one of the caller's.
pub(super) fn permitted(call: &Call<'_>, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    match sub_mchid {
        Some(sub_mchid) => parties::known_sub(call.merchant, sub_mchid).map(|_| ()),
        None => Ok(()),
    }
}

/// Finds the order: paid, of this sub-merchant, and placed for profit sharing.
pub(super) fn order(
    call: &mut Call<'_>,
    transaction_id: &str,
    sub_mchid: Option<&str>,
    family: ShareFamily,
) -> Result<Order, Refusal> {
    let refuse = |hint: SharingHint| Err(Refusal::new(codes::INVALID_REQUEST).hint(hint));
    let order = call
        .gateway
        .world
        .orders
        .key_of_transaction(transaction_id)
        .filter(|key| key.space == Space::Order && call.merchant.mchid == key.mchid.as_str())
        .and_then(|key| call.gateway.world.orders.get(&key, call.now()));
    let Some(order) = order else {
        return refuse(SharingHint::NoPayment);
    };
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    if family == ShareFamily::Ecommerce && order.sub.is_none() {
        return refuse(SharingHint::DirectOrder);
    }
    if order.sub.as_ref().map(|sub| sub.mchid.as_str()) != sub_mchid {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(SharingHint::OtherSubMerchant));
    }
    if !order.profit_sharing {
        return refuse(SharingHint::NotFrozen);
    }
    Ok(order)
}
