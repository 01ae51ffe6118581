//! Refunds: the ordinary family and the one of e-commerce platforms.

mod abnormal;
mod advance;
mod apply;
mod fields;
mod query;

use super::endpoint::{Endpoint, Family};
use crate::gateway::hints::RefundHint;
use crate::gateway::{Refusal, call::Call, codes, validate::Location};
use crate::world::refunds::state::{Refund, RefundFamily};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post("/v3/refund/domestic/refunds", APPLY, |call, _| {
        apply::ordinary(call)
    })
    .body(&[fields::REFUND]),
    Endpoint::get(
        "/v3/refund/domestic/refunds/{out_refund_no}",
        QUERY,
        |call, path| query::by_number(call, RefundFamily::Ordinary, path.get("out_refund_no")),
    )
    .query(&[], &["sub_mchid"]),
    Endpoint::post(
        "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund",
        ABNORMAL,
        |call, path| abnormal::apply(call, RefundFamily::Ordinary, path.get("refund_id")),
    )
    .body(&[fields::ABNORMAL_REFUND]),
    Endpoint::post("/v3/ecommerce/refunds/apply", APPLY, |call, _| {
        apply::ecommerce(call)
    })
    .body(&[fields::ECOMMERCE_REFUND]),
    Endpoint::get("/v3/ecommerce/refunds/id/{refund_id}", QUERY, |call, path| {
        query::by_id(call, path.get("refund_id"))
    })
    .query(&[], &["sub_mchid", "individual_auth_id"]),
    Endpoint::get(
        "/v3/ecommerce/refunds/out-refund-no/{out_refund_no}",
        QUERY,
        |call, path| query::by_number(call, RefundFamily::Ecommerce, path.get("out_refund_no")),
    )
    .query(&[], &["sub_mchid", "individual_auth_id"]),
    Endpoint::post(
        "/v3/ecommerce/refunds/{refund_id}/return-advance",
        ("Give an advance back", "垫付退款回补"),
        |call, path| advance::give_back(call, path.get("refund_id")),
    )
    .body(&[fields::RETURN_ADVANCE]),
    Endpoint::get(
        "/v3/ecommerce/refunds/{refund_id}/return-advance",
        ("Query the return of an advance", "查询垫付回补结果"),
        |call, path| advance::query(call, path.get("refund_id")),
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund",
        ABNORMAL,
        |call, path| abnormal::apply(call, RefundFamily::Ecommerce, path.get("refund_id")),
    )
    .body(&[fields::ECOMMERCE_ABNORMAL_REFUND]),
]);

const APPLY: (&str, &str) = ("Apply for a refund", "申请退款");
const QUERY: (&str, &str) = ("Query a refund", "查询退款");
const ABNORMAL: (&str, &str) = ("Refund another way", "异常退款");

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
