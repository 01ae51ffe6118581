//! Balances and withdrawals.

mod balance;
mod exceptions;
mod withdraw;

use http::Method;

use crate::gateway::hints::FundHint;
use crate::gateway::{Answer, Refusal, call::Call, codes, routes::decode};
use crate::world::withdrawals::state::WithdrawalKind;

/// The name of a withdrawal in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    ByNumber(String),
    ById(String),
}

/// An endpoint about money, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    SubBalance(String),
    SubDayEnd(String),
    Balance(String),
    DayEnd(String),
    Withdraw(WithdrawalKind),
    Query(WithdrawalKind, Name),
    Exceptions(String),
}

impl Route {
    pub(crate) fn find(method: &Method, segments: &[&str]) -> Option<Self> {
        let (is_get, is_post) = (method == Method::GET, method == Method::POST);
        match segments {
            ["v3", "ecommerce", "fund", rest @ ..] => match rest {
                ["balance", sub] if is_get => Some(Self::SubBalance(decode(sub)?)),
                ["enddaybalance", sub] if is_get => Some(Self::SubDayEnd(decode(sub)?)),
                ["withdraw"] if is_post => Some(Self::Withdraw(WithdrawalKind::SubMerchant)),
                ["withdraw", rest @ ..] if is_get => {
                    let name = match rest {
                        ["out-request-no", number] => Name::ByNumber(decode(number)?),
                        [id] => Name::ById(decode(id)?),
                        _ => return None,
                    };
                    Some(Self::Query(WithdrawalKind::SubMerchant, name))
                }
                _ => None,
            },
            ["v3", "merchant", "fund", rest @ ..] => match rest {
                ["balance", account] if is_get => Some(Self::Balance(decode(account)?)),
                ["dayendbalance", account] if is_get => Some(Self::DayEnd(decode(account)?)),
                ["withdraw"] if is_post => Some(Self::Withdraw(WithdrawalKind::Own)),
                ["withdraw", "bill-type", kind] if is_get => Some(Self::Exceptions(decode(kind)?)),
                ["withdraw", "out-request-no", number] if is_get => {
                    Some(Self::Query(WithdrawalKind::Own, Name::ByNumber(decode(number)?)))
                }
                ["withdraw", "withdraw-id", id] if is_get => {
                    Some(Self::Query(WithdrawalKind::Own, Name::ById(decode(id)?)))
                }
                _ => None,
            },
            [
                "v3",
                "platsolution",
                "ecommerce",
                "withdraw",
                "day-end-balance-withdraw",
                rest @ ..,
            ] => match rest {
                [] if is_post => Some(Self::Withdraw(WithdrawalKind::DayEnd)),
                ["out-request-no", number] if is_get => Some(Self::Query(
                    WithdrawalKind::DayEnd,
                    Name::ByNumber(decode(number)?),
                )),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        match self {
            Self::SubBalance(sub) => balance::of_sub(call, sub),
            Self::SubDayEnd(sub) => balance::of_sub_at_day_end(call, sub),
            Self::Balance(account) => balance::own(call, account),
            Self::DayEnd(account) => balance::own_at_day_end(call, account),
            Self::Withdraw(kind) => withdraw::withdraw(call, *kind),
            Self::Query(kind, name) => withdraw::query(call, *kind, name),
            Self::Exceptions(kind) => exceptions::bill(call, kind),
        }
    }
}

/// Money of sub-merchants is for platforms.
fn platform_only(call: &Call<'_>) -> Result<(), Refusal> {
    if call.merchant.is_platform() {
        Ok(())
    } else {
        Err(Refusal::new(codes::NO_AUTH).hint(FundHint::PlatformsOnly))
    }
}
