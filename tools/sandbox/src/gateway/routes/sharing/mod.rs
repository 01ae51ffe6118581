//! Profit sharing: the family of e-commerce platforms and the ordinary one.
//!
//! Both do the same with different field names.

mod amounts;
mod bill;
mod finish;
mod query;
mod receivers;
mod returns;
mod share;

use http::Method;
use serde_json::Value;

pub(crate) use bill::ask as bill;

use crate::gateway::hints::SharingHint;
use crate::gateway::{Answer, Received, Refusal, call::Call, codes, routes::decode, validate::parties};
use crate::world::{
    orders::state::{Order, Space},
    sharing::state::ShareFamily,
};

/// An endpoint of either family, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    AddReceiver(ShareFamily),
    DeleteReceiver(ShareFamily),
    Share(ShareFamily),
    /// The ordinary family has the number in the path.
    Query(Option<String>),
    Return(ShareFamily),
    QueryReturn(Option<String>),
    Finish(ShareFamily),
    Amounts(ShareFamily, String),
    MaxRatio(String),
}

impl Route {
    /// The endpoint below `/v3/ecommerce/profitsharing`.
    pub(crate) fn ecommerce(method: &Method, rest: &[&str]) -> Option<Self> {
        let family = ShareFamily::Ecommerce;
        match (method, rest) {
            (&Method::POST, ["receivers", "add"]) => Some(Self::AddReceiver(family)),
            (&Method::POST, ["receivers", "delete"]) => Some(Self::DeleteReceiver(family)),
            (&Method::POST, ["orders"]) => Some(Self::Share(family)),
            (&Method::GET, ["orders"]) => Some(Self::Query(None)),
            (&Method::POST, ["returnorders"]) => Some(Self::Return(family)),
            (&Method::GET, ["returnorders"]) => Some(Self::QueryReturn(None)),
            (&Method::POST, ["finish-order"]) => Some(Self::Finish(family)),
            (&Method::GET, ["orders", id, "amounts"]) => Some(Self::Amounts(family, decode(id)?)),
            _ => None,
        }
    }

    /// The endpoint below `/v3/profitsharing`.
    pub(crate) fn ordinary(method: &Method, rest: &[&str]) -> Option<Self> {
        let family = ShareFamily::Ordinary;
        match (method, rest) {
            (&Method::POST, ["receivers", "add"]) => Some(Self::AddReceiver(family)),
            (&Method::POST, ["receivers", "delete"]) => Some(Self::DeleteReceiver(family)),
            (&Method::POST, ["orders"]) => Some(Self::Share(family)),
            (&Method::POST, ["orders", "unfreeze"]) => Some(Self::Finish(family)),
            (&Method::GET, ["orders", number]) => Some(Self::Query(Some(decode(number)?))),
            (&Method::POST, ["return-orders"]) => Some(Self::Return(family)),
            (&Method::GET, ["return-orders", number]) => Some(Self::QueryReturn(Some(decode(number)?))),
            (&Method::GET, ["transactions", id, "amounts"]) => Some(Self::Amounts(family, decode(id)?)),
            (&Method::GET, ["merchant-configs", sub_mchid]) => Some(Self::MaxRatio(decode(sub_mchid)?)),
            _ => None,
        }
    }

    /// Checks that the kind of merchant fits the family, before any field.
    ///
    /// Platforms share with their own family, and nobody else does.
    fn check_kind(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let (family, names_sub) = match self {
            Self::AddReceiver(family)
            | Self::DeleteReceiver(family)
            | Self::Share(family)
            | Self::Return(family)
            | Self::Finish(family)
            | Self::Amounts(family, _) => (*family, names_sub(call.received)),
            Self::Query(Some(_)) | Self::QueryReturn(Some(_)) => {
                (ShareFamily::Ordinary, names_sub(call.received))
            }
            Self::Query(None) | Self::QueryReturn(None) => (ShareFamily::Ecommerce, true),
            Self::MaxRatio(_) => (ShareFamily::Ordinary, true),
        };
        let hint = match (family, call.merchant.is_platform()) {
            (ShareFamily::Ecommerce, false) => SharingHint::PlatformsOnly,
            (ShareFamily::Ordinary, true) if names_sub => SharingHint::OtherFamily,
            _ => return Ok(()),
        };
        Err(Refusal::new(codes::NO_SHARING).hint(hint))
    }

    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        self.check_kind(call)?;
        match self {
            Self::AddReceiver(family) => receivers::add(call, *family),
            Self::DeleteReceiver(family) => receivers::delete(call, *family),
            Self::Share(family) => share::share(call, *family),
            Self::Query(number) => query::query(call, number.as_deref()),
            Self::Return(family) => returns::give_back(call, *family),
            Self::QueryReturn(number) => returns::query(call, number.as_deref()),
            Self::Finish(family) => finish::finish(call, *family),
            Self::Amounts(family, id) => amounts::amounts(call, *family, id),
            Self::MaxRatio(sub_mchid) => amounts::max_ratio(call, sub_mchid),
        }
    }
}

/// A sub-merchant that is named must be one of the caller's.
fn permitted(call: &Call<'_>, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    match sub_mchid {
        Some(sub_mchid) => parties::known_sub(call.merchant, sub_mchid).map(|_| ()),
        None => Ok(()),
    }
}

/// Returns true if the request names a sub-merchant, whatever else is wrong with it.
fn names_sub(received: &Received) -> bool {
    let body = serde_json::from_slice::<Value>(&received.body);
    body.is_ok_and(|body| body.get("sub_mchid").is_some())
        || form_urlencoded::parse(received.query().as_bytes()).any(|(key, _)| key == "sub_mchid")
}

/// Finds the order: paid, of this sub-merchant, and placed for profit sharing.
fn order(
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
