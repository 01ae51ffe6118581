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

use std::fmt;

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
use crate::{
    Language, Localize,
    language::verbatim,
    world::{clock::Day, lints::LintKind, refunds::state::RefundState},
};

/// Remedy of a rejected request, in any [`Language`].
///
/// `Display` writes it in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint(Kind);

/// Declares the families.
macro_rules! families {
    ($($family:ident($hint:ty),)+) => {
        #[derive(Clone, Debug, PartialEq, Eq)]
        enum Kind {
            $($family($hint)),+
        }

        impl Localize for Hint {
            fn in_language(&self, language: Language) -> String {
                match &self.0 {
                    $(Kind::$family(hint) => hint.in_language(language)),+
                }
            }
        }

        $(impl From<$hint> for Hint {
            fn from(hint: $hint) -> Self {
                Self(Kind::$family(hint))
            }
        })+
    };
}

families! {
    Unreadable(Unreadable),
    Signature(SignatureHint),
    Diagnosis(Diagnosis),
    Request(RequestHint),
    Field(FieldHint),
    Party(PartyHint),
    Order(OrderHint),
    Combine(CombineHint),
    Refund(RefundHint),
    Sharing(SharingHint),
    Subsidy(SubsidyHint),
    Bill(BillHint),
    Fund(FundHint),
    Capital(CapitalHint),
    Onboarding(OnboardingHint),
    Upload(UploadHint),
}

/// Error code of a rejected request, and its remedy.
///
/// `Display` writes them in English.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The error code.
    pub code: &'static str,
    /// The remedy.
    pub hint: Option<Hint>,
}

impl Localize for Problem {
    fn in_language(&self, language: Language) -> String {
        match &self.hint {
            Some(hint) => {
                let colon = language.pick(": ", "：");
                format!("{}{colon}{}", self.code, hint.in_language(language))
            }
            None => self.code.to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

verbatim!(Day, LintKind, RefundState);
