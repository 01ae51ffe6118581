//! Applications of sub-merchants (二级商户进件).

mod fields;
mod query;
mod revoke;
mod submit;

use super::endpoint::{Endpoint, Family};
use crate::gateway::hints::OnboardingHint;
use crate::gateway::{Refusal, call::Call, codes};
use crate::world::applyments::state::{Applyment, ApplymentKey};

pub(super) static FAMILY: Family = Family {
    check: |call, _| {
        if call.merchant.is_platform() {
            Ok(())
        } else {
            Err(Refusal::new(codes::NO_AUTH).hint(OnboardingHint::PlatformsOnly))
        }
    },
    ..Family::new(&[
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
};

const QUERY: (&str, &str) = ("Query an application", "查询进件申请");
const REVOKE: (&str, &str) = ("Revoke an application", "撤销进件申请");

/// The name of an application in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ById(String),
    ByNumber(String),
}

/// An application of the caller.
fn found(call: &Call<'_>, name: &Name) -> Result<Applyment, Refusal> {
    let applyments = &call.gateway.world.applyments;
    let key = match name {
        Name::ById(id) => id.parse().ok().and_then(|id| applyments.key_of_id(id)),
        Name::ByNumber(number) => Some(ApplymentKey {
            mchid: call.mchid(),
            out_request_no: number.clone(),
        }),
    };
    key.filter(|key| call.merchant.mchid == key.mchid.as_str())
        .and_then(|key| applyments.get(&key))
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_APPLYMENT))
}
