//! Subsidies (补差): the e-commerce platform adds money to a sub-merchant's order.
//!
//! For orders made with `subsidy_amount` and `profit_sharing`, after the settlement of the payment and before sharing.
//! The pages contradict each other about the maximum per order: 5000 yuan when ordering, 10 000 yuan here.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, subsidies::{Create, Subsidy, SubsidyResult}};
//! use wechatpay_core::types::{Fen, OutSubsidyNo};
//!
//! let subsidy = Create::new("1900000109".parse()?, "4200001".parse()?, Fen::new(100)?, "summer sale")
//!     .out_subsidy_no("SUBSIDY-0001".parse::<OutSubsidyNo>()?);
//! assert_eq!(subsidy.idempotency(), Idempotency::No, "not retried when its outcome is unknown");
//!
//! // The client returns a `Subsidy`.
//! let created: Subsidy = serde_json::from_str(
//!     r#"{"sub_mchid":"1900000109","transaction_id":"4200001","subsidy_id":"3008","result":"SUCCESS"}"#)?;
//! assert_eq!(created.result, SubsidyResult::Success);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 请求补差, 请求补差回退, 取消补差.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::refunds::RefundSource,
    types::{
        DateTime, Fen, Mchid, OutOrderNo, OutSubsidyNo, RefundId, SubsidyId, SubsidyRefundId, TransactionId,
    },
};

/// Result of a subsidy, its return or its cancellation (补差单结果).
#[open_enum]
pub enum SubsidyResult {
    /// Succeeded.
    Success = "SUCCESS",
    /// Failed.
    Fail = "FAIL",
    /// Returned later.
    Refund = "REFUND",
}

/// Adds a subsidy to an order (请求补差).
///
/// `POST /v3/ecommerce/subsidies/create`.
///
/// No page promises idempotency, with or without a merchant number. If the response is lost, check the fund flow before
/// you send it again.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/create",
    response = Subsidy, echo(sub_mchid, transaction_id), echo_if_present(amount, out_subsidy_no)
)]
#[request(new = "Creates a subsidy of `amount` for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Create {
    /// Sub-merchant that receives the subsidy.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Merchant's number of the subsidy.
    pub out_subsidy_no: Option<OutSubsidyNo>,
    /// Refund that the subsidy belongs to; on older pages only.
    pub refund_id: Option<RefundId>,
}

/// A subsidy, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Subsidy {
    /// Sub-merchant that receives the subsidy.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// WeChat Pay's number of the subsidy.
    pub subsidy_id: SubsidyId,
    /// Result.
    pub result: SubsidyResult,
    /// Purpose.
    pub description: Option<String>,
    /// Time of completion.
    pub success_time: Option<DateTime>,
    /// Merchant's number of the subsidy.
    pub out_subsidy_no: Option<OutSubsidyNo>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

/// Takes a subsidy back, as before a refund (请求补差回退).
///
/// `POST /v3/ecommerce/subsidies/return`.
///
/// Safe to retry unchanged: the same `out_order_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/return",
    response = SubsidyReturn,
    idempotency = ByNumber,
    echo(sub_mchid, out_order_no, transaction_id),
    echo_if_present(amount, refund_id, subsidy_id)
)]
#[request(new = "Creates a return of `amount` from the subsidy of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Return {
    /// Sub-merchant that received the subsidy.
    pub sub_mchid: Mchid,
    /// Merchant's number of the return.
    pub out_order_no: OutOrderNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Refund that the return belongs to; required on older pages.
    pub refund_id: Option<RefundId>,
    /// WeChat Pay's number of the subsidy.
    pub subsidy_id: Option<SubsidyId>,
    /// Accounts that the return is paid from: `AVAILABLE`, `UNAVAILABLE`.
    pub from: Option<Vec<RefundSource>>,
}

/// A returned subsidy.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubsidyReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// WeChat Pay's number of the return.
    pub subsidy_refund_id: SubsidyRefundId,
    /// Merchant's number of the return.
    pub out_order_no: OutOrderNo,
    /// Result.
    pub result: SubsidyResult,
    /// Refund that the fee belongs to.
    pub refund_id: Option<RefundId>,
    /// WeChat Pay's number of the subsidy.
    pub subsidy_id: Option<SubsidyId>,
    /// Reason.
    pub description: Option<String>,
    /// Time of completion.
    pub success_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Accounts that the refund is paid from.
    pub from: Vec<RefundSource>,
}

/// Cancels the subsidy of an order (取消补差).
///
/// `POST /v3/ecommerce/subsidies/cancel`.
///
/// Safe to retry unchanged: it concerns one payment, and a cancelled subsidy stays cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/cancel",
    response = CancelledSubsidy, idempotency = ByNumber, echo(sub_mchid, transaction_id)
)]
#[request(new = "Creates the request for the subsidy of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Cancel {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Reason, up to 80 characters.
    #[request(into)]
    pub description: String,
}

/// A cancelled subsidy.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CancelledSubsidy {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Result.
    pub result: SubsidyResult,
    /// Reason.
    pub description: Option<String>,
}
