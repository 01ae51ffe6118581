//! Applications of sub-merchants (二级商户进件).

mod query;
mod revoke;
mod submit;

use http::Method;

use crate::gateway::hints::OnboardingHint;
use crate::gateway::{Answer, Refusal, call::Call, codes, routes::decode};
use crate::world::applyments::state::{Applyment, ApplymentKey};

/// The name of an application in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ById(String),
    ByNumber(String),
}

/// An endpoint below `/v3/ecommerce/applyments`, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Submit,
    Query(Name),
    Revoke(Name),
}

impl Route {
    /// Finds the endpoint of a path.
    ///
    /// The slash behind the path of a submission belongs to it, and is signed.
    pub(crate) fn find(method: &Method, rest: &[&str]) -> Option<Self> {
        match (method, rest) {
            (&Method::POST, [""]) => Some(Self::Submit),
            (&Method::GET, ["out-request-no", number]) => Some(Self::Query(Name::ByNumber(decode(number)?))),
            (&Method::GET, [id]) => Some(Self::Query(Name::ById(decode(id)?))),
            (&Method::POST, ["out-request-no", number, "revoke"]) => {
                Some(Self::Revoke(Name::ByNumber(decode(number)?)))
            }
            (&Method::POST, [id, "revoke"]) => Some(Self::Revoke(Name::ById(decode(id)?))),
            _ => None,
        }
    }

    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        if !call.merchant.is_platform() {
            return Err(Refusal::new(codes::NO_AUTH).hint(OnboardingHint::PlatformsOnly));
        }
        match self {
            Self::Submit => submit::submit(call),
            Self::Query(name) => query::query(call, name),
            Self::Revoke(name) => revoke::revoke(call, name),
        }
    }
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
