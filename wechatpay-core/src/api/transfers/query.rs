//! Queries of transfers, their cancellation and their notification.

use wechatpay_macros::{Endpoint, Resource, Response, open_enum};

use super::{OutBillNo, TransferBillNo};
use crate::types::{Appid, DateTime, Fen, Mchid, Openid, Redacted};

/// State of a transfer (单据状态).
#[open_enum]
pub enum TransferState {
    /// Accepted.
    Accepted = "ACCEPTED",
    /// Being processed. If the balance is short, it goes on when there is enough.
    Processing = "PROCESSING",
    /// The user may confirm.
    WaitUserConfirm = "WAIT_USER_CONFIRM",
    /// Confirmed; the money is on its way.
    Transferring = "TRANSFERING",
    /// Paid.
    Success = "SUCCESS",
    /// Failed.
    Fail = "FAIL",
    /// Being cancelled.
    Cancelling = "CANCELING",
    /// Cancelled.
    Cancelled = "CANCELLED",
}

/// A transfer, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Transfer {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State.
    #[response(required)]
    pub state: TransferState,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// The merchant.
    #[serde(rename = "mch_id")]
    pub mchid: Option<Mchid>,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// Remark that the user sees.
    pub transfer_remark: Option<String>,
    /// Reason of a failure.
    pub fail_reason: Option<String>,
    /// Payee under this app.
    pub openid: Option<Openid>,
    /// Name of the payee, encrypted with the merchant's certificate.
    pub user_name: Option<Redacted>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
}

/// Queries a transfer by the merchant's number (商户单号查询转账单).
///
/// `GET /v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}`. Transfers of the last 30 days only.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
    response = Transfer, echo(out_bill_no)
)]
#[request(new = "Creates the request for the transfer `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryByOutBillNo {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
}

/// Queries a transfer by WeChat Pay's number (微信转账单号查询转账单).
///
/// `GET /v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
    response = Transfer, echo(transfer_bill_no)
)]
#[request(new = "Creates the request for the transfer `transfer_bill_no`.")]
#[non_exhaustive]
pub struct QueryByTransferBillNo {
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
}

/// Cancels a transfer that the user has not confirmed (撤销转账).
///
/// `POST /v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel`.
///
/// [`Cancelling`](TransferState::Cancelling) is not the end: the user may have confirmed in this moment. Query the
/// transfer until it is `CANCELLED`, `SUCCESS` or `FAIL`. Safe to retry unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel",
    response = CancelledTransfer, idempotency = ByNumber, echo(out_bill_no)
)]
#[request(new = "Creates the request for the transfer `out_bill_no`.")]
#[non_exhaustive]
pub struct Cancel {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
}

/// A transfer that is being cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CancelledTransfer {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State: `CANCELING` or `CANCELLED`.
    #[response(required)]
    pub state: TransferState,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
}

/// Resource of the notification that a transfer has ended (商家转账回调通知).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("MCHTRANSFER.BILL.FINISHED"),
    decides("out_bill_no", "transfer_bill_no", "state", "transfer_amount")
)]
#[non_exhaustive]
pub struct TransferNotice {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State: `SUCCESS`, `FAIL` or `CANCELLED`.
    #[response(required)]
    pub state: TransferState,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// The merchant; some notifications name it `mchid`.
    pub mch_id: Option<Mchid>,
    /// The merchant, under its other name.
    pub mchid: Option<Mchid>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// Payee.
    pub openid: Option<Openid>,
    /// Reason of a failure, such as `OVERDUE_CLOSE`.
    pub fail_reason: Option<String>,
    /// Wallet that received the money: `CFT`, `WPHK`.
    pub payment_method_type: Option<String>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
}

impl From<Transfer> for TransferNotice {
    fn from(transfer: Transfer) -> Self {
        Self {
            out_bill_no: transfer.out_bill_no,
            transfer_bill_no: transfer.transfer_bill_no,
            state: transfer.state,
            transfer_amount: transfer.transfer_amount,
            mch_id: transfer.mchid,
            mchid: None,
            sub_mchid: None,
            openid: transfer.openid,
            fail_reason: transfer.fail_reason,
            payment_method_type: None,
            create_time: transfer.create_time,
            update_time: transfer.update_time,
        }
    }
}
