//! Resource of a withdrawal notification (商户提现状态变更通知).

use super::{DayEndWithdrawal, Withdrawal};
use crate::types::{Mchid, WithdrawId, WithdrawRequestNo};

/// A withdrawal whose state changed, in either of its two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WithdrawalNotice {
    /// Withdrawal of a given amount.
    Amount(Withdrawal),
    /// Withdrawal of an end-of-day balance; it has `total_amount` instead of `amount`.
    DayEnd(DayEndWithdrawal),
}

impl WithdrawalNotice {
    /// Caller's number of the withdrawal.
    #[must_use]
    pub fn out_request_no(&self) -> &WithdrawRequestNo {
        match self {
            Self::Amount(withdrawal) => &withdrawal.out_request_no,
            Self::DayEnd(withdrawal) => &withdrawal.out_request_no,
        }
    }

    /// WeChat Pay's number of the withdrawal.
    #[must_use]
    pub fn withdraw_id(&self) -> &WithdrawId {
        match self {
            Self::Amount(withdrawal) => &withdrawal.withdraw_id,
            Self::DayEnd(withdrawal) => &withdrawal.withdraw_id,
        }
    }

    /// Returns the sub-merchant; absent in the caller's own withdrawals.
    #[must_use]
    pub fn sub_mchid(&self) -> Option<&Mchid> {
        match self {
            Self::Amount(withdrawal) => withdrawal.sub_mchid.as_ref(),
            Self::DayEnd(withdrawal) => withdrawal.sub_mchid.as_ref(),
        }
    }
}
