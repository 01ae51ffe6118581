//! New transfers, and their cancellation.

use wechatpay_macros::{Endpoint, Response};

use super::{OutBillNo, TransferBillNo, TransferState};
use crate::types::{Appid, DateTime, Fen, Mchid, Openid, Sensitive};

/// Creates a transfer from a sub-merchant to a user (发起转账).
///
/// `POST /v3/ecommerce/mch-transfer/transfer-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same transfer.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/mch-transfer/transfer-bills",
    response = TransferBill, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates a transfer of `transfer_amount` from `sub_mchid` to `openid`.")]
#[non_exhaustive]
pub struct Create {
    /// Sub-merchant that pays.
    pub sub_mchid: Mchid,
    /// App of the platform.
    pub appid: Appid,
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Scene that the merchant applied for.
    #[request(into)]
    pub transfer_scene_id: String,
    /// Payee under this app.
    pub openid: Openid,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// Remark that the user sees.
    #[request(into)]
    pub transfer_remark: String,
    /// Name of the payee, sent encrypted.
    pub user_name: Option<Sensitive>,
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// A transfer as its creation reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct TransferBill {
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State.
    #[response(required)]
    pub state: TransferState,
    /// Sub-merchant that pays.
    pub sub_mchid: Option<Mchid>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Reason of a failure.
    pub fail_reason: Option<String>,
    /// Package for the page in which the user confirms.
    pub package_info: Option<String>,
}

/// Cancels a transfer that the user has not confirmed (撤销转账).
///
/// `POST /v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel`.
///
/// Safe to retry unchanged: a cancelled transfer stays cancelled. Query the transfer for the final state.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
    response = CancelledTransfer, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the transfer `out_bill_no` of a sub-merchant.")]
#[non_exhaustive]
pub struct Cancel {
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Sub-merchant that pays.
    pub sub_mchid: Mchid,
}

/// A transfer whose cancellation was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CancelledTransfer {
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State.
    #[response(required)]
    pub state: TransferState,
    /// Sub-merchant that pays.
    pub sub_mchid: Option<Mchid>,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
}
