//! Subsidies for instalments.

use serde::Serialize;

use crate::macros::open_enum;

open_enum! {
    /// Unit of an instalment subsidy (微信分付).
    pub enum SubsidyPeriodType {
        /// By day.
        Daily = "DAILY",
        /// By period.
        Period = "PERIOD",
    }
}

/// Subsidies for instalments (微信分付), of JSAPI and APP orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyInfo {
    /// One entry per unit.
    pub subsidy_detail: Vec<SubsidyDetail>,
}

impl SubsidyInfo {
    /// These subsidies.
    #[must_use]
    pub fn new(subsidy_detail: Vec<SubsidyDetail>) -> Self {
        Self { subsidy_detail }
    }
}

/// Subsidies of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyDetail {
    /// The unit.
    pub subsidy_period_type: SubsidyPeriodType,
    /// Plans by number of instalments.
    pub subsidy_plan: Vec<SubsidyPlan>,
}

impl SubsidyDetail {
    /// These plans.
    #[must_use]
    pub fn new(subsidy_period_type: SubsidyPeriodType, subsidy_plan: Vec<SubsidyPlan>) -> Self {
        Self {
            subsidy_period_type,
            subsidy_plan,
        }
    }
}

/// The subsidy for one number of instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubsidyPlan {
    /// Number of instalments: 3, 6 or 12.
    pub subsidy_installment_num: u8,
    /// Share that is subsidised, in per cent: 0 or 100.
    pub subsidy_percent: u8,
}

impl SubsidyPlan {
    /// `subsidy_percent` of the interest of `subsidy_installment_num` instalments.
    #[must_use]
    pub fn new(subsidy_installment_num: u8, subsidy_percent: u8) -> Self {
        Self {
            subsidy_installment_num,
            subsidy_percent,
        }
    }
}
