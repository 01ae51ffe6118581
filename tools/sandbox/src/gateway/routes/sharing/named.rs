//! Orders and sub-merchants, as requests name them.

use super::hints::SharingHint;
use crate::{
    gateway::{
        Refusal,
        call::Call,
        codes,
        validate::{parameters::Parameters, parties},
    },
    world::{
        orders::state::Order,
        sharing::state::{ShareFamily, ShareKey},
    },
};

/// A sub-merchant that is named must be one of the caller's.
pub(super) fn permitted(call: &Call<'_>, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    match sub_mchid {
        Some(sub_mchid) => parties::known_sub(call.merchant, sub_mchid).map(|_| ()),
        None => Ok(()),
    }
}

/// A query by either family: its parameters, and the number that it asks for.
pub(super) struct Query {
    pub(super) family: ShareFamily,
    pub(super) parameters: Parameters,
    pub(super) key: ShareKey,
}

impl Query {
    /// The number is in the path (ordinary), or in the query (platforms).
    pub(super) fn read(call: &Call<'_>, in_path: Option<&str>, in_query: &str) -> Result<Self, Refusal> {
        let parameters = call.parameters()?;
        permitted(call, parameters.get("sub_mchid"))?;
        Ok(Self {
            family: match in_path {
                Some(_) => ShareFamily::Ordinary,
                None => ShareFamily::Ecommerce,
            },
            key: ShareKey {
                mchid: call.mchid(),
                number: in_path.unwrap_or_else(|| parameters.need(in_query)).to_owned(),
            },
            parameters,
        })
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
    let Some(order) = call.order_of_transaction(transaction_id) else {
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
