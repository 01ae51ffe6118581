//! Callers and withdrawals, as requests name them.

use super::hints::FundHint;
use crate::gateway::{Refusal, call::Call, codes};

/// The name of a withdrawal in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ByNumber(String),
    ById(String),
}

/// Money of sub-merchants is for platforms.
pub(super) fn platform_only(call: &Call<'_>) -> Result<(), Refusal> {
    if call.merchant.is_platform() {
        Ok(())
    } else {
        Err(Refusal::new(codes::NO_AUTH).hint(FundHint::PlatformsOnly))
    }
}
