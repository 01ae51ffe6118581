//! Instalment subsidies.

use wechatpay_macros::{RequestPart, open_enum};

/// Unit of an instalment subsidy (微信分付).
#[open_enum]
pub enum SubsidyPeriodType {
    /// Days.
    Daily = "DAILY",
    /// Periods.
    Period = "PERIOD",
}

/// Instalment subsidies (微信分付), for JSAPI and APP orders.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from these subsidies.")]
#[non_exhaustive]
pub struct SubsidyInfo {
    /// One entry per unit.
    pub subsidy_detail: Vec<SubsidyDetail>,
}

/// Subsidies of one unit.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry from these plans.")]
#[non_exhaustive]
pub struct SubsidyDetail {
    /// Unit.
    pub subsidy_period_type: SubsidyPeriodType,
    /// Plans by number of instalments.
    pub subsidy_plan: Vec<SubsidyPlan>,
}

/// Subsidy for one number of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RequestPart)]
#[request(
    new = "Creates a plan: `subsidy_percent` of the interest for `subsidy_installment_num` instalments."
)]
#[non_exhaustive]
pub struct SubsidyPlan {
    /// Number of instalments: 3, 6 or 12.
    pub subsidy_installment_num: u8,
    /// Subsidised part, in per cent: 0 or 100.
    pub subsidy_percent: u8,
}
