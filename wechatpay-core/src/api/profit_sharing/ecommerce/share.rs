//! Sharing an order, and querying the share.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use crate::{
    api::profit_sharing::{ReceiverType, ShareFailReason, ShareResult, SharingStatus},
    types::{Appid, DateTime, Fen, Mchid, OutOrderNo, Redacted, Sensitive, SharingOrderId, TransactionId},
};

/// Shares an order (请求分账).
///
/// `POST /v3/ecommerce/profitsharing/orders`. Outside e-commerce:
/// [`profit_sharing::Share`](crate::api::profit_sharing::Share).
///
/// Safe to retry unchanged: the same `out_order_no` is the same share.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/orders",
    response = SharingOrder, idempotency = ByNumber, echo(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "Creates a share of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Share {
    /// Sub-merchant whose money is shared.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id of a payment made with `profit_sharing`.
    pub transaction_id: TransactionId,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// Receivers: at most 50, each account once.
    pub receivers: Vec<Receiver>,
    /// True to release the rest to the sub-merchant.
    pub finish: bool,
    /// App; required if a receiver is an openid of it.
    pub appid: Option<Appid>,
    /// Notification URL; on no page of this family.
    pub notify_url: Option<String>,
}

/// A receiver and its amount (分账接收方).
///
/// Outside e-commerce: [`profit_sharing::Receiver`](crate::api::profit_sharing::Receiver), whose fields have other
/// names.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a receiver of `amount`.")]
#[non_exhaustive]
pub struct Receiver {
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid, up to 64 characters.
    #[request(into)]
    pub receiver_account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose shown in the bill, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Name of the person, compared if given; sent encrypted.
    pub receiver_name: Option<Sensitive>,
}

/// Queries a share or the call that ended sharing (查询分账结果).
///
/// `GET /v3/ecommerce/profitsharing/orders`. Outside e-commerce:
/// [`profit_sharing::QueryShare`](crate::api::profit_sharing::QueryShare).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/orders",
    response = SharingOrder, echo(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "Creates the request for the share `out_order_no` of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryShare {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
}

/// State of money that a receiver could not take (异常分账状态).
#[open_enum]
pub enum AbnormalStatus {
    /// Waiting for redirection.
    Pending = "ABNORMAL_PENDING",
    /// Redirected.
    Finished = "ABNORMAL_FINISHED",
    /// Closed without redirection.
    Closed = "ABNORMAL_CLOSED",
}

/// Reason why the redirection was closed.
#[open_enum]
pub enum FundsAbnormalReason {
    /// Timeout.
    Timeout = "CLOSED_REASON_TIMEOUT",
    /// Redirection not allowed.
    RestrictTransfer = "CLOSED_REASON_RESTRICT_TRANSFER",
}

/// A share: response to request and query.
///
/// Outside e-commerce: [`profit_sharing::SharingOrder`](crate::api::profit_sharing::SharingOrder).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// WeChat Pay's number of the share.
    pub order_id: SharingOrderId,
    /// State of execution; the `result` of each receiver decides success.
    pub status: Option<SharingStatus>,
    /// Description of the call that ended sharing; only for that call.
    pub finish_description: Option<String>,
    /// Reason of the closure.
    pub close_reason: Option<ShareFailReason>,
    /// State of money that receivers could not take.
    pub abnormal_status: Option<AbnormalStatus>,
    /// Reason why the redirection was closed.
    pub funds_abnormal_closed_reason: Option<FundsAbnormalReason>,
    /// WeChat Pay's number of the redirection.
    pub funds_abnormal_redirect_id: Option<String>,
    /// Released amount in fen; only for the call that ended sharing.
    pub finish_amount: Option<Fen>,
    /// Result for each receiver; empty for the call that ended sharing.
    pub receivers: Vec<ReceiverResult>,
    /// Merchants that got the money instead.
    pub funds_abnormal_receivers: Vec<AbnormalReceiver>,
}

impl SharingOrder {
    /// Returns the receivers that were not paid.
    ///
    /// Empty at the end of a share that succeeded.
    pub fn unpaid(&self) -> impl Iterator<Item = &ReceiverResult> {
        self.receivers
            .iter()
            .filter(|receiver| !matches!(receiver.result, ShareResult::Success | ShareResult::Returned))
    }
}

/// Result of a share for one receiver.
///
/// Outside e-commerce: [`profit_sharing::ReceiverResult`](crate::api::profit_sharing::ReceiverResult).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReceiverResult {
    /// Result; decides success.
    pub result: ShareResult,
    /// Purpose.
    pub description: Option<String>,
    /// Time of completion.
    pub finish_time: Option<DateTime>,
    /// Failure reason.
    pub fail_reason: Option<ShareFailReason>,
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// Account.
    pub receiver_account: Option<Redacted>,
    /// Merchant id of the receiver; older name of the field.
    pub receiver_mchid: Option<Mchid>,
    /// WeChat Pay's number of this part.
    pub detail_id: Option<String>,
    /// State of money that the receiver could not take.
    pub abnormal_status: Option<AbnormalStatus>,
    /// Reason why the redirection was closed.
    pub funds_abnormal_closed_reason: Option<FundsAbnormalReason>,
    /// WeChat Pay's number of the redirection.
    pub funds_abnormal_redirect_id: Option<String>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Merchants that got the money instead.
    pub funds_abnormal_receivers: Vec<AbnormalReceiver>,
}

/// A merchant that got the money instead of a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AbnormalReceiver {
    /// The merchant.
    pub mchid: Option<Mchid>,
}
