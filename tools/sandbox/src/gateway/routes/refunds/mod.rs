//! Refunds: the ordinary family and the one of e-commerce platforms.

mod abnormal;
mod advance;
mod apply;
mod query;

use http::Method;

use crate::gateway::hints::RefundHint;
use crate::gateway::{Answer, Refusal, call::Call, codes, routes::decode, validate::Location};
use crate::world::refunds::state::{Refund, RefundFamily};

/// An endpoint of either family, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Apply(RefundFamily),
    ByNumber(RefundFamily, String),
    ById(String),
    Abnormal(RefundFamily, String),
    ReturnAdvance(String),
    ReturnedAdvance(String),
}

impl Route {
    /// The endpoint below `/v3/refund/domestic/refunds`.
    pub(crate) fn ordinary(method: &Method, rest: &[&str]) -> Option<Self> {
        let family = RefundFamily::Ordinary;
        match (method, rest) {
            (&Method::POST, []) => Some(Self::Apply(family)),
            (&Method::GET, [number]) => Some(Self::ByNumber(family, decode(number)?)),
            (&Method::POST, [id, "apply-abnormal-refund"]) => Some(Self::Abnormal(family, decode(id)?)),
            _ => None,
        }
    }

    /// The endpoint below `/v3/ecommerce/refunds`.
    pub(crate) fn ecommerce(method: &Method, rest: &[&str]) -> Option<Self> {
        let family = RefundFamily::Ecommerce;
        match (method, rest) {
            (&Method::POST, ["apply"]) => Some(Self::Apply(family)),
            (&Method::GET, ["id", id]) => Some(Self::ById(decode(id)?)),
            (&Method::GET, ["out-refund-no", number]) => Some(Self::ByNumber(family, decode(number)?)),
            (&Method::POST, [id, "return-advance"]) => Some(Self::ReturnAdvance(decode(id)?)),
            (&Method::GET, [id, "return-advance"]) => Some(Self::ReturnedAdvance(decode(id)?)),
            (&Method::POST, [id, "apply-abnormal-refund"]) => Some(Self::Abnormal(family, decode(id)?)),
            _ => None,
        }
    }

    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        match self {
            Self::Apply(RefundFamily::Ordinary) => apply::ordinary(call),
            Self::Apply(RefundFamily::Ecommerce) => apply::ecommerce(call),
            Self::ByNumber(family, number) => query::by_number(call, *family, number),
            Self::ById(id) => query::by_id(call, id),
            Self::Abnormal(family, id) => abnormal::apply(call, *family, id),
            Self::ReturnAdvance(id) => advance::give_back(call, id),
            Self::ReturnedAdvance(id) => advance::query(call, id),
        }
    }
}

/// Only an e-commerce platform may call its family.
fn platform_only(call: &Call<'_>) -> Result<(), Refusal> {
    if call.merchant.is_platform() {
        Ok(())
    } else {
        Err(Refusal::new(codes::NO_AUTH).hint(RefundHint::PlatformsOnly))
    }
}

/// The payee of a refunded order, as a request names it.
#[derive(Clone, Copy)]
struct Payee<'a> {
    sub_mchid: Option<&'a str>,
    individual_auth_id: Option<&'a str>,
}

impl<'a> Payee<'a> {
    fn sub(sub_mchid: Option<&'a str>) -> Self {
        Self {
            sub_mchid,
            individual_auth_id: None,
        }
    }

    /// The family of platforms names one; `field` of `location` is where a sub-merchant is named.
    fn named(self, location: Location, field: &str) -> Result<Self, Refusal> {
        match self {
            Self {
                sub_mchid: None,
                individual_auth_id: None,
            } => Err(Refusal::new(codes::PARAMETER)
                .missing(location, field)
                .hint(RefundHint::NoPayee)),
            named => Ok(named),
        }
    }
}

/// Finds a refund of this merchant, family and payee.
fn own(
    call: &Call<'_>,
    refund: Option<Refund>,
    family: RefundFamily,
    payee: Payee<'_>,
) -> Result<Refund, Refusal> {
    let missing = || Refusal::new(codes::NO_SUCH_REFUND);
    let refund = refund
        .filter(|refund| call.merchant.mchid == refund.key.mchid.as_str())
        .ok_or_else(missing)?;
    if refund.family != family {
        return Err(missing().hint(RefundHint::OtherFamily));
    }
    if refund.sub_mchid.as_deref() != payee.sub_mchid {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(RefundHint::RefundOfOtherSubMerchant));
    }
    if refund.text("/individual_auth_id") != payee.individual_auth_id {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(RefundHint::RefundOfOtherPerson));
    }
    Ok(refund)
}
