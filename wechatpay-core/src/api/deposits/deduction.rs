//! Deductions of a deposit for a merchant (保证金赔付).

use wechatpay_macros::Endpoint;

use super::{BusinessType, Compensation, CompensationId, CompensationNo, DeductionReceiver};
use crate::types::{Appid, Fen, Mchid};

/// Deducts a deposit in favour of a merchant (保证金赔付).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/transfer-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/transfer-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid, business_type, amount)
)]
#[request(new = "Creates a deduction of `amount` in favour of a merchant.")]
#[non_exhaustive]
pub struct Deduct {
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
    /// App of the platform.
    pub sp_appid: Option<Appid>,
    /// Kind of compensation.
    pub business_type: BusinessType,
    /// Receiver.
    pub receiver: DeductionReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Remark for the receiver.
    pub receiver_remark: Option<String>,
}

/// Queries a deduction by the merchant's number (查询保证金赔付结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
    response = Compensation, echo(out_bill_no), echo_if_present(business_type)
)]
#[request(new = "Creates the request for the deduction `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryDeductionByOutBillNo {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Kind of compensation.
    pub business_type: Option<BusinessType>,
}

/// Queries a deduction by WeChat Pay's number (查询保证金赔付结果（按微信支付赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/transfer-bills/bill-id/{bill_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/bill-id/{bill_id}",
    response = Compensation, echo(bill_id), echo_if_present(business_type)
)]
#[request(new = "Creates the request for the deduction `bill_id`.")]
#[non_exhaustive]
pub struct QueryDeductionByBillId {
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// Kind of compensation.
    pub business_type: Option<BusinessType>,
}
