//! Sharing an order, releasing the rest, and asking how it went.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::{ReceiverType, ShareFailReason, ShareResult, SharingStatus};
use crate::types::{
    Appid, DateTime, Fen, Mchid, OutOrderNo, Redacted, Sensitive, SharingOrderId, TransactionId,
};

/// Shares an order (请求分账): `POST /v3/profitsharing/orders`.
///
/// May be repeated unchanged: the same `out_order_no` is the same share.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/orders",
    response = SharingOrder,
    idempotency = ByNumber,
    echo(transaction_id, out_order_no),
    echo_if_present(sub_mchid)
)]
#[request(new = "A share of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Share {
    /// The payment, made with `profit_sharing`.
    pub transaction_id: TransactionId,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// Who gets what: at most 50.
    pub receivers: Vec<Receiver>,
    /// True to release the rest to the merchant.
    pub unfreeze_unsplit: bool,
    /// The caller's app; required when a receiver is an openid of it.
    pub appid: Option<Appid>,
    /// The sub-merchant whose money is shared; required of a service provider.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app; required when a receiver is an openid of it.
    pub sub_appid: Option<Appid>,
    /// Address for a notification, without a query; newer pages only.
    pub notify_url: Option<String>,
}

/// Who gets a part (分账接收方).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "`amount` fen for this account.")]
#[non_exhaustive]
pub struct Receiver {
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// A merchant's id or a person's openid, up to 64 characters.
    #[request(into)]
    pub account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose, up to 80 characters; the bill shows it.
    #[request(into)]
    pub description: String,
    /// The person's name, which is compared if it is given; travels encrypted.
    pub name: Option<Sensitive>,
}

/// Queries how a share went (查询分账结果): `GET /v3/profitsharing/orders/{out_order_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/orders/{out_order_no}",
    response = SharingOrder, echo(out_order_no, transaction_id), echo_if_present(sub_mchid)
)]
#[request(new = "The share `out_order_no` of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryShare {
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// Releases what is left of an order to the merchant (解冻剩余资金): `POST /v3/profitsharing/orders/unfreeze`.
///
/// May be repeated unchanged, under a number that no share has.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/orders/unfreeze",
    response = SharingOrder,
    idempotency = ByNumber,
    echo(transaction_id, out_order_no),
    echo_if_present(sub_mchid)
)]
#[request(new = "The payment `transaction_id`.")]
#[non_exhaustive]
pub struct Unfreeze {
    /// The payment.
    pub transaction_id: TransactionId,
    /// A new number of the merchant's.
    pub out_order_no: OutOrderNo,
    /// Why, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// A share at the platform: the response to sharing, releasing and asking.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingOrder {
    /// The payment.
    pub transaction_id: TransactionId,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// The platform's number of the share.
    pub order_id: SharingOrderId,
    /// State of execution. E-commerce calls this field `status`.
    pub state: SharingStatus,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Result for each receiver.
    pub receivers: Vec<ReceiverResult>,
}

/// Result of a share for one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReceiverResult {
    /// Result: this decides.
    pub result: ShareResult,
    /// Purpose.
    pub description: Option<String>,
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// The account.
    pub account: Option<Redacted>,
    /// Why it failed.
    pub fail_reason: Option<ShareFailReason>,
    /// The platform's number of this part.
    pub detail_id: Option<String>,
    /// When it was accepted.
    pub create_time: Option<DateTime>,
    /// When it was done.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}
