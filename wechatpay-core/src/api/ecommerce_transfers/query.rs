//! Queries of transfers.

use wechatpay_macros::{Endpoint, Response};

use super::{OutBillNo, TransferBillNo, TransferState};
use crate::{
    api::transfers::TransferNotice,
    types::{Appid, DateTime, Fen, Mchid, Openid, Redacted},
};

/// Queries a transfer by the platform's number (商户单号查询转账单).
///
/// `GET /v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
    response = Transfer, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the transfer `out_bill_no` of a sub-merchant.")]
#[non_exhaustive]
pub struct QueryByOutBillNo {
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// Sub-merchant that pays.
    pub sub_mchid: Mchid,
}

/// Queries a transfer by WeChat Pay's number (微信转账单号查询转账单).
///
/// `GET /v3/ecommerce/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}",
    response = Transfer, echo(transfer_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the transfer `transfer_bill_no` of a sub-merchant.")]
#[non_exhaustive]
pub struct QueryByTransferBillNo {
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// Sub-merchant that pays.
    pub sub_mchid: Mchid,
}

/// A transfer, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Transfer {
    /// Platform's number of the transfer.
    pub out_bill_no: OutBillNo,
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
    /// State.
    #[response(required)]
    pub state: TransferState,
    /// Amount in fen.
    pub transfer_amount: Fen,
    /// The platform.
    pub mchid: Option<Mchid>,
    /// Sub-merchant that pays.
    pub sub_mchid: Option<Mchid>,
    /// App of the platform.
    pub appid: Option<Appid>,
    /// Scene.
    pub transfer_scene_id: Option<String>,
    /// Remark that the user sees.
    pub transfer_remark: Option<String>,
    /// Reason of a failure.
    pub fail_reason: Option<String>,
    /// Payee under this app.
    pub openid: Option<Openid>,
    /// Name of the payee, encrypted with the platform's certificate.
    pub user_name: Option<Redacted>,
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
            mch_id: None,
            mchid: transfer.mchid,
            sub_mchid: transfer.sub_mchid,
            openid: transfer.openid,
            fail_reason: transfer.fail_reason,
            payment_method_type: None,
            create_time: transfer.create_time,
            update_time: transfer.update_time,
        }
    }
}
