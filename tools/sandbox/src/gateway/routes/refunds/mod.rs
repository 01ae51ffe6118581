//! Refunds: the ordinary family and the one of e-commerce platforms.

mod abnormal;
mod advance;
mod apply;
mod fields;
mod hints;
mod named;
mod query;

use super::endpoint::{Endpoint, Family};
use crate::world::refunds::state::RefundFamily;

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
