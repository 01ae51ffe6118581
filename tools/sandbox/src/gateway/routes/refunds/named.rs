//! Refunds and their payees, as requests name them.

use super::hints::RefundHint;
use crate::{
    gateway::{Refusal, call::Call, codes, validate::Location},
    world::refunds::state::{Refund, RefundFamily},
};

/// Only an e-commerce platform may call its family.
pub(super) fn platform_only(call: &Call<'_>) -> Result<(), Refusal> {
    if call.merchant.is_platform() {
        Ok(())
    } else {
        Err(Refusal::new(codes::NO_AUTH).hint(RefundHint::PlatformsOnly))
    }
}

/// The payee of a refunded order, as a request names it.
#[derive(Clone, Copy)]
pub(super) struct Payee<'a> {
    pub(super) sub_mchid: Option<&'a str>,
    pub(super) individual_auth_id: Option<&'a str>,
}

impl<'a> Payee<'a> {
    pub(super) fn sub(sub_mchid: Option<&'a str>) -> Self {
        Self {
            sub_mchid,
            individual_auth_id: None,
        }
    }

    /// The family of platforms names one; `field` of `location` is where a sub-merchant is named.
    pub(super) fn named(self, location: Location, field: &str) -> Result<Self, Refusal> {
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
pub(super) fn own(
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
    if refund.request.text("/individual_auth_id").as_deref() != payee.individual_auth_id {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(RefundHint::RefundOfOtherPerson));
    }
    Ok(refund)
}
