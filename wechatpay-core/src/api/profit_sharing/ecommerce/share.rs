//! Sharing an order, and asking how it went.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use crate::{
    api::profit_sharing::{ReceiverType, ShareFailReason, ShareResult, SharingStatus},
    types::{Appid, DateTime, Fen, Mchid, OutOrderNo, Redacted, Sensitive, SharingOrderId, TransactionId},
};

/// Shares an order (请求分账): `POST /v3/ecommerce/profitsharing/orders`.
///
/// May be repeated unchanged: the same `out_order_no` is the same share.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/orders",
    response = SharingOrder, idempotency = ByNumber, echo(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "A share of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Share {
    /// The sub-merchant whose money is shared.
    pub sub_mchid: Mchid,
    /// The payment, made with `profit_sharing`.
    pub transaction_id: TransactionId,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// Who gets what: at most 50, each account once.
    pub receivers: Vec<Receiver>,
    /// True to release the rest to the sub-merchant.
    pub finish: bool,
    /// The app; required when a receiver is an openid of it.
    pub appid: Option<Appid>,
    /// Address for a notification; no page of this family has it.
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
    pub receiver_account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose, up to 80 characters; the bill shows it.
    #[request(into)]
    pub description: String,
    /// The person's name, which is compared if it is given; travels encrypted.
    pub receiver_name: Option<Sensitive>,
}

/// Queries how a share went, or the call that ended sharing (查询分账结果): `GET /v3/ecommerce/profitsharing/orders`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/orders",
    response = SharingOrder, echo(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "The share `out_order_no` of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryShare {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
}

/// State of money that a receiver could not take (异常分账状态).
#[open_enum]
pub enum AbnormalStatus {
    /// Waiting to be redirected.
    Pending = "ABNORMAL_PENDING",
    /// Redirected.
    Finished = "ABNORMAL_FINISHED",
    /// Given up.
    Closed = "ABNORMAL_CLOSED",
}

/// Why redirecting money was given up.
#[open_enum]
pub enum FundsAbnormalReason {
    /// Nobody did it in time.
    Timeout = "CLOSED_REASON_TIMEOUT",
    /// It is not allowed.
    RestrictTransfer = "CLOSED_REASON_RESTRICT_TRANSFER",
}

/// A share at the platform: the response to sharing and to asking.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// The platform's number of the share.
    pub order_id: SharingOrderId,
    /// State of execution. Look at the `result` of each receiver for how it went.
    pub status: Option<SharingStatus>,
    /// Why sharing was ended; only for the call that ended it.
    pub finish_description: Option<String>,
    /// Why it was closed.
    pub close_reason: Option<ShareFailReason>,
    /// State of money that receivers could not take.
    pub abnormal_status: Option<AbnormalStatus>,
    /// Why redirecting it was given up.
    pub funds_abnormal_closed_reason: Option<FundsAbnormalReason>,
    /// The platform's number of the redirection.
    pub funds_abnormal_redirect_id: Option<String>,
    /// Amount that was released, in fen; only for the call that ended sharing.
    pub finish_amount: Option<Fen>,
    /// Result for each receiver; none for the call that ended sharing.
    pub receivers: Vec<ReceiverResult>,
    /// Merchants that got the money instead.
    pub funds_abnormal_receivers: Vec<AbnormalReceiver>,
}

/// Result of a share for one receiver.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReceiverResult {
    /// Result: this decides.
    pub result: ShareResult,
    /// Purpose.
    pub description: Option<String>,
    /// When it was done.
    pub finish_time: Option<DateTime>,
    /// Why it failed.
    pub fail_reason: Option<ShareFailReason>,
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: Option<ReceiverType>,
    /// The account.
    pub receiver_account: Option<Redacted>,
    /// The account, if it is a merchant's; an older name.
    pub receiver_mchid: Option<Mchid>,
    /// The platform's number of this part.
    pub detail_id: Option<String>,
    /// State of money that the receiver could not take.
    pub abnormal_status: Option<AbnormalStatus>,
    /// Why redirecting it was given up.
    pub funds_abnormal_closed_reason: Option<FundsAbnormalReason>,
    /// The platform's number of the redirection.
    pub funds_abnormal_redirect_id: Option<String>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Who got it instead.
    pub funds_abnormal_receivers: Vec<AbnormalReceiver>,
}

/// Who got money that a receiver could not take.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AbnormalReceiver {
    /// The merchant.
    pub mchid: Option<Mchid>,
}
