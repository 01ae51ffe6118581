//! Subsidies for instalments.

use wechatpay_macros::{RequestPart, open_enum};

/// Unit of an instalment subsidy (微信分付).
#[open_enum]
pub enum SubsidyPeriodType {
    /// By day.
    Daily = "DAILY",
    /// By period.
    Period = "PERIOD",
}

/// Subsidies for instalments (微信分付), of JSAPI and APP orders.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "These subsidies.")]
#[non_exhaustive]
pub struct SubsidyInfo {
    /// One entry per unit.
    pub subsidy_detail: Vec<SubsidyDetail>,
}

/// Subsidies of one unit.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "These plans.")]
#[non_exhaustive]
pub struct SubsidyDetail {
    /// The unit.
    pub subsidy_period_type: SubsidyPeriodType,
    /// Plans by number of instalments.
    pub subsidy_plan: Vec<SubsidyPlan>,
}

/// The subsidy for one number of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "`subsidy_percent` of the interest of `subsidy_installment_num` instalments.")]
#[non_exhaustive]
pub struct SubsidyPlan {
    /// Number of instalments: 3, 6 or 12.
    pub subsidy_installment_num: u8,
    /// Share that is subsidised, in per cent: 0 or 100.
    pub subsidy_percent: u8,
}
