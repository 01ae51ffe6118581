//! Sharing an order, releasing the rest, and querying the share.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::{ReceiverType, ShareFailReason, ShareResult, SharingStatus};
use crate::types::{
    Appid, DateTime, Fen, Mchid, OutOrderNo, Redacted, Sensitive, SharingOrderId, TransactionId,
};

/// Shares an order (请求分账).
///
/// `POST /v3/profitsharing/orders`. For e-commerce: [`ecommerce::Share`](super::ecommerce::Share).
///
/// Safe to retry unchanged: the same `out_order_no` is the same share.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/orders",
    response = SharingOrder,
    idempotency = ByNumber,
    echo(transaction_id, out_order_no),
    echo_if_present(sub_mchid)
)]
#[request(new = "Creates a share of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Share {
    /// WeChat Pay's transaction id of a payment made with `profit_sharing`.
    pub transaction_id: TransactionId,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// Receivers: at most 50.
    pub receivers: Vec<Receiver>,
    /// True to release the rest to the merchant.
    pub unfreeze_unsplit: bool,
    /// Caller's app; required if a receiver is an openid of it.
    pub appid: Option<Appid>,
    /// Sub-merchant whose money is shared; required for a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Sub-merchant's app; required if a receiver is an openid of it.
    pub sub_appid: Option<Appid>,
    /// Notification URL without a query string; on newer pages only.
    pub notify_url: Option<String>,
}

/// A receiver and its amount (分账接收方).
///
/// The e-commerce family has [`ecommerce::Receiver`](super::ecommerce::Receiver), whose fields have other names.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a receiver of `amount`.")]
#[non_exhaustive]
pub struct Receiver {
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Merchant id or openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose shown in the bill, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Name of the person, compared if given; sent encrypted.
    pub name: Option<Sensitive>,
}

/// Queries a share (查询分账结果).
///
/// `GET /v3/profitsharing/orders/{out_order_no}`. For e-commerce:
/// [`ecommerce::QueryShare`](super::ecommerce::QueryShare).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/orders/{out_order_no}",
    response = SharingOrder, echo(out_order_no, transaction_id), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the share `out_order_no` of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryShare {
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// Releases the remaining money of an order to the merchant (解冻剩余资金).
///
/// `POST /v3/profitsharing/orders/unfreeze`.
///
/// Safe to retry unchanged, under a number that no share has.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/orders/unfreeze",
    response = SharingOrder,
    idempotency = ByNumber,
    echo(transaction_id, out_order_no),
    echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Unfreeze {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// New number, not used by any share.
    pub out_order_no: OutOrderNo,
    /// Reason, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// A share: response to sharing, releasing and querying.
///
/// For e-commerce: [`ecommerce::SharingOrder`](super::ecommerce::SharingOrder).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingOrder {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// WeChat Pay's number of the share.
    pub order_id: SharingOrderId,
    /// State of execution; e-commerce calls this field `status`.
    pub state: SharingStatus,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Result for each receiver.
    pub receivers: Vec<ReceiverResult>,
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
/// For e-commerce: [`ecommerce::ReceiverResult`](super::ecommerce::ReceiverResult).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReceiverResult {
    /// Result; decides success.
    pub result: ShareResult,
    /// Purpose.
    pub description: Option<String>,
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// Account.
    pub account: Option<Redacted>,
    /// Failure reason.
    pub fail_reason: Option<ShareFailReason>,
    /// WeChat Pay's number of this part.
    pub detail_id: Option<String>,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Time of completion.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}
