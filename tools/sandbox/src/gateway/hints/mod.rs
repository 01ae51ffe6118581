//! Remedies of rejected requests, one file per family of endpoints.

mod bill;
mod capital;
mod combine;
mod field;
mod fund;
mod onboarding;
mod order;
mod party;
mod refund;
mod request;
mod sharing;
mod signature;
mod subsidy;
mod upload;

pub(crate) use bill::BillHint;
pub(crate) use capital::CapitalHint;
pub(crate) use combine::CombineHint;
pub(crate) use field::{Conflict, FieldHint};
pub(crate) use fund::FundHint;
pub(crate) use onboarding::OnboardingHint;
pub(crate) use order::OrderHint;
pub(crate) use party::PartyHint;
pub(crate) use refund::RefundHint;
pub(crate) use request::{RequestHint, StubProblem};
pub(crate) use sharing::SharingHint;
pub(crate) use signature::{Diagnosis, Side, SignatureHint};
pub(crate) use subsidy::SubsidyHint;
pub(crate) use upload::UploadHint;

use super::auth::Unreadable;
use crate::journal::Hint;

/// Declares the families.
macro_rules! families {
    ($($hint:ty),+ $(,)?) => {
        $(impl From<$hint> for Hint {
            fn from(hint: $hint) -> Self {
                Self::new(hint)
            }
        })+
    };
}

families! {
    Unreadable,
    SignatureHint,
    Diagnosis,
    RequestHint,
    FieldHint,
    PartyHint,
    OrderHint,
    CombineHint,
    RefundHint,
    SharingHint,
    SubsidyHint,
    BillHint,
    FundHint,
    CapitalHint,
    OnboardingHint,
    UploadHint,
}
