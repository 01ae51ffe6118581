//! Parts that requests and orders have in common.

use wechatpay_macros::{RequestPart, Response, open_enum};

use crate::types::{Fen, Redacted};

/// One item of the bill (后付费项目), with its name.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an item.")]
#[non_exhaustive]
pub struct PostPayment {
    /// Name, up to 20 characters, as the industry's rules want it.
    #[request(into)]
    pub name: String,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Explanation, up to 30 characters.
    pub description: Option<String>,
    /// Quantity.
    pub count: Option<i64>,
}

/// Discount of an order that has not ended (商户优惠); its amount is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a discount.")]
#[non_exhaustive]
pub struct PlannedDiscount {
    /// Name, up to 20 characters.
    #[request(into)]
    pub name: String,
    /// Condition, up to 30 characters.
    #[request(into)]
    pub description: String,
    /// Quantity.
    pub count: Option<i64>,
}

/// Discount of an order that ends (商户优惠).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a discount of `amount`.")]
#[non_exhaustive]
pub struct PostDiscount {
    /// Name, up to 20 characters.
    #[request(into)]
    pub name: String,
    /// Amount in fen.
    pub amount: Fen,
    /// Condition, up to 30 characters.
    pub description: Option<String>,
    /// Quantity.
    pub count: Option<i64>,
}

/// Item or discount whose members are all optional (后付费项目, 商户优惠).
///
/// Orders list their items so, and some requests take them so.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct BillItem {
    /// Name.
    pub name: Option<String>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Explanation or condition.
    pub description: Option<String>,
    /// Quantity.
    pub count: Option<i64>,
}

/// Planned time of the service (服务时间段).
///
/// A time is `20091225091010`, a day `20091225`, both of Beijing.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a time that begins at `start_time`.")]
#[non_exhaustive]
pub struct TimeRange {
    /// Begin: a time, a day, or `OnAccept` for the user's confirmation.
    #[request(into)]
    pub start_time: String,
    /// Planned end.
    pub end_time: Option<String>,
    /// Remark on the begin, up to 20 characters.
    pub start_time_remark: Option<String>,
    /// Remark on the end, up to 20 characters.
    pub end_time_remark: Option<String>,
}

/// Time of the service whose members are all optional (实际服务时间段).
///
/// A time is `20091225091010`, a day `20091225`, both of Beijing.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct ServiceTime {
    /// Begin: a time, a day or `OnAccept`.
    pub start_time: Option<String>,
    /// End.
    pub end_time: Option<String>,
    /// Remark on the begin.
    pub start_time_remark: Option<String>,
    /// Remark on the end.
    pub end_time_remark: Option<String>,
}

/// Places of the service (服务位置).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct Location {
    /// Place of the begin, up to 50 characters.
    pub start_location: Option<Redacted>,
    /// Place of the end, up to 50 characters.
    pub end_location: Option<Redacted>,
}

/// Place in which the service ended (实际服务位置).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct EndLocation {
    /// Place of the end, up to 50 characters.
    pub end_location: Option<Redacted>,
}

/// Kind of risk that an order covers (风险名称).
#[open_enum]
pub enum RiskFundName {
    /// Deposit (押金).
    Deposit = "DEPOSIT",
    /// Advance payment (预付款).
    Advance = "ADVANCE",
    /// Guarantee (保证金).
    CashDeposit = "CASH_DEPOSIT",
    /// Estimated cost of the order (预估订单费用).
    EstimatedCost = "ESTIMATE_ORDER_COST",
}

/// Risk that an order covers (服务风险金): the limit of its amount.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a risk of `amount`.")]
#[non_exhaustive]
pub struct RiskFund {
    /// Kind.
    pub name: RiskFundName,
    /// Amount in fen.
    pub amount: Fen,
    /// Explanation, up to 30 characters.
    pub description: Option<String>,
}

/// Devices of the service (设备信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Device {
    /// Device at which the service begins.
    pub start_device_id: Option<String>,
    /// Device at which the service ends.
    pub end_device_id: Option<String>,
    /// URL of the code that the user scanned.
    pub materiel_no: Option<String>,
}
