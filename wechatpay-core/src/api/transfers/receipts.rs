//! Receipts of transfers (电子回单).

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{OutBillNo, TransferBillNo};
use crate::types::DateTime;

/// State of a receipt (申请单状态).
#[open_enum]
pub enum ReceiptState {
    /// Being made.
    Generating = "GENERATING",
    /// Ready.
    Finished = "FINISHED",
    /// Failed.
    Failed = "FAILED",
}

/// Kind of digest of a receipt (回单文件摘要类型).
#[open_enum]
pub enum ReceiptHash {
    /// SHA-256.
    Sha256 = "SHA256",
    /// SM3.
    Sm3 = "SM3",
}

/// Asks for the receipt of a transfer by the merchant's number (商户单号申请电子回单).
///
/// `POST /v3/fund-app/mch-transfer/elecsign/out-bill-no`.
///
/// Safe to retry unchanged: a transfer has one receipt.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/elecsign/out-bill-no",
    response = RequestedReceipt, idempotency = ByNumber
)]
#[request(new = "Creates the request for the transfer `out_bill_no`.")]
#[non_exhaustive]
pub struct RequestReceiptByOutBillNo {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
}

/// Asks for the receipt of a transfer by WeChat Pay's number (微信单号申请电子回单).
///
/// `POST /v3/fund-app/mch-transfer/elecsign/transfer-bill-no`.
///
/// Safe to retry unchanged: a transfer has one receipt.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no",
    response = RequestedReceipt, idempotency = ByNumber
)]
#[request(new = "Creates the request for the transfer `transfer_bill_no`.")]
#[non_exhaustive]
pub struct RequestReceiptByTransferBillNo {
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
}

/// A receipt that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RequestedReceipt {
    /// State.
    #[response(required)]
    pub state: ReceiptState,
    /// Time of the request.
    pub create_time: Option<DateTime>,
}

/// Queries the receipt of a transfer by the merchant's number (商户单号查询电子回单).
///
/// `GET /v3/fund-app/mch-transfer/elecsign/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/fund-app/mch-transfer/elecsign/out-bill-no/{out_bill_no}", response = Receipt)]
#[request(new = "Creates the request for the transfer `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryReceiptByOutBillNo {
    /// Merchant's number of the transfer.
    pub out_bill_no: OutBillNo,
}

/// Queries the receipt of a transfer by WeChat Pay's number (微信单号查询电子回单).
///
/// `GET /v3/fund-app/mch-transfer/elecsign/transfer-bill-no/{transfer_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/fund-app/mch-transfer/elecsign/transfer-bill-no/{transfer_bill_no}", response = Receipt)]
#[request(new = "Creates the request for the transfer `transfer_bill_no`.")]
#[non_exhaustive]
pub struct QueryReceiptByTransferBillNo {
    /// WeChat Pay's number of the transfer.
    pub transfer_bill_no: TransferBillNo,
}

/// A receipt and the address of its file.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Receipt {
    /// State.
    #[response(required)]
    pub state: ReceiptState,
    /// Time of the request.
    pub create_time: Option<DateTime>,
    /// Time of the last change of state.
    pub update_time: Option<DateTime>,
    /// Kind of digest.
    pub hash_type: Option<ReceiptHash>,
    /// Digest of the file, in hexadecimal digits.
    pub hash_value: Option<String>,
    /// Address of the file, valid for ten minutes.
    ///
    /// Its response is not signed: compare the digest.
    pub download_url: Option<String>,
    /// Reason of a failure.
    pub fail_reason: Option<String>,
}
