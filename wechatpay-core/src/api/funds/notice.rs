//! The resource of a withdrawal notification (商户提现状态变更通知).

use super::{DayEndWithdrawal, Withdrawal};
use crate::types::{Mchid, WithdrawId, WithdrawRequestNo};

/// A withdrawal whose state changed, in either of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WithdrawalNotice {
    /// A withdrawal of an amount.
    Amount(Withdrawal),
    /// A withdrawal of a day's balance, which has a `total_amount` instead.
    DayEnd(DayEndWithdrawal),
}

impl WithdrawalNotice {
    /// The caller's number of it.
    #[must_use]
    pub fn out_request_no(&self) -> &WithdrawRequestNo {
        match self {
            Self::Amount(withdrawal) => &withdrawal.out_request_no,
            Self::DayEnd(withdrawal) => &withdrawal.out_request_no,
        }
    }

    /// The platform's number of it.
    #[must_use]
    pub fn withdraw_id(&self) -> &WithdrawId {
        match self {
            Self::Amount(withdrawal) => &withdrawal.withdraw_id,
            Self::DayEnd(withdrawal) => &withdrawal.withdraw_id,
        }
    }

    /// The sub-merchant; absent in the platform's own withdrawals.
    #[must_use]
    pub fn sub_mchid(&self) -> Option<&Mchid> {
        match self {
            Self::Amount(withdrawal) => withdrawal.sub_mchid.as_ref(),
            Self::DayEnd(withdrawal) => withdrawal.sub_mchid.as_ref(),
        }
    }
}
