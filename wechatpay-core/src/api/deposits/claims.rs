//! Claims that an insurer pays (理赔).

use wechatpay_macros::Endpoint;

use super::{
    CancelledCompensation, Compensation, CompensationId, CompensationNo, PayerReceiver, PendingCompensation,
};
use crate::types::{Fen, Mchid};

/// Pays a claim to the payer of an order (请求保险理赔).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid, amount)
)]
#[request(new = "Creates a claim of `amount` for the payer of an order.")]
#[non_exhaustive]
pub struct Claim {
    /// The insurer.
    pub sub_mchid: Option<Mchid>,
    /// Receiver.
    pub receiver: PayerReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
}

/// Locks a claim until the payer confirms it (请求保险理赔预下单).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/pre-transfer`.
///
/// The money is locked until the payer confirms in the page of the package, at most 24 hours. Safe to retry
/// unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/pre-transfer",
    response = PendingCompensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates a claim of `amount` for the payer of an order.")]
#[non_exhaustive]
pub struct PreClaim {
    /// The insurer.
    pub sub_mchid: Option<Mchid>,
    /// Receiver.
    pub receiver: PayerReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Cancels a claim that the payer has not confirmed (请求撤销保险理赔).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}/cancel`.
///
/// Safe to retry unchanged: a cancelled claim stays cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}/cancel",
    response = CancelledCompensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the claim `out_bill_no`.")]
#[non_exhaustive]
pub struct CancelClaim {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// The insurer.
    pub sub_mchid: Option<Mchid>,
}

/// Queries a claim by the merchant's number (查询保险理赔结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}",
    response = Compensation, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the claim `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryClaimByOutBillNo {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// The insurer.
    pub sub_mchid: Option<Mchid>,
}

/// Queries a claim by WeChat Pay's number (查询保险理赔结果（按微信支付赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/bill-id/{bill_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/bill-id/{bill_id}",
    response = Compensation, echo(bill_id), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the claim `bill_id`.")]
#[non_exhaustive]
pub struct QueryClaimByBillId {
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// The insurer.
    pub sub_mchid: Option<Mchid>,
}
