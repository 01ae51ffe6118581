//! Applications as paths name them.

use crate::{
    gateway::{Refusal, call::Call, codes},
    world::applyments::state::{Applyment, ApplymentKey},
};

/// The name of an application in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ById(String),
    ByNumber(String),
}

/// An application of the caller.
pub(in crate::gateway::routes) fn found(call: &Call<'_>, name: &Name) -> Result<Applyment, Refusal> {
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
