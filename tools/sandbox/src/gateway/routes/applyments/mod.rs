//! Applications of sub-merchants (二级商户进件).

mod fields;
mod hints;
pub(super) mod named;
mod query;
mod revoke;
pub(super) mod submit;

use super::endpoint::{Endpoint, Family};
use named::Name;

pub(super) static FAMILY: Family = Family::new(&[
    // The slash at the end belongs to the path, and is signed.
    Endpoint::post(
        "/v3/ecommerce/applyments/",
        ("Submit an application", "提交进件申请"),
        |call, _| submit::submit(call),
    )
    .body(&[fields::SUBMIT]),
    Endpoint::get(
        "/v3/ecommerce/applyments/out-request-no/{out_request_no}",
        QUERY,
        |call, path| query::query(call, &Name::ByNumber(path.get("out_request_no").to_owned())),
    ),
    Endpoint::get("/v3/ecommerce/applyments/{applyment_id}", QUERY, |call, path| {
        query::query(call, &Name::ById(path.get("applyment_id").to_owned()))
    }),
    Endpoint::post(
        "/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke",
        REVOKE,
        |call, path| revoke::revoke(call, &Name::ByNumber(path.get("out_request_no").to_owned())),
    ),
    Endpoint::post(
        "/v3/ecommerce/applyments/{applyment_id}/revoke",
        REVOKE,
        |call, path| revoke::revoke(call, &Name::ById(path.get("applyment_id").to_owned())),
    ),
])
.for_platforms();

const QUERY: (&str, &str) = ("Query an application", "查询进件申请");
const REVOKE: (&str, &str) = ("Revoke an application", "撤销进件申请");
