//! Compensations that the platform pays.

use wechatpay_macros::Endpoint;

use super::{
    CancelledCompensation, Compensation, CompensationId, CompensationNo, MerchantReceiver, PayerReceiver,
    PendingCompensation,
};
use crate::types::{Appid, Fen, Mchid};

/// Compensates the payer of an order (请求赔付).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/compensate-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/compensate-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(amount, sponsor_mchid)
)]
#[request(new = "Creates a compensation of `amount` to the payer of an order.")]
#[non_exhaustive]
pub struct Compensate {
    /// Receiver.
    pub receiver: PayerReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Merchant that pays instead of the platform.
    pub sponsor_mchid: Option<Mchid>,
    /// Scene that the platform applied for.
    pub transfer_scene_id: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
}

/// Locks a compensation until the payer confirms it (请求赔付预下单).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/compensate-bills/pre-transfer`.
///
/// The money is locked until the payer confirms in the page of the package, at most 24 hours. Safe to retry
/// unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/pre-transfer",
    response = PendingCompensation, idempotency = ByNumber, echo(out_bill_no)
)]
#[request(new = "Creates a compensation of `amount` to the payer of an order.")]
#[non_exhaustive]
pub struct PreCompensate {
    /// Receiver.
    pub receiver: PayerReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// App of the platform.
    pub sp_appid: Option<Appid>,
    /// Merchant that pays instead of the platform.
    pub sponsor_mchid: Option<Mchid>,
    /// Scene that the platform applied for.
    pub transfer_scene_id: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// Notification URL.
    pub notify_url: Option<String>,
}

/// Cancels a compensation that the payer has not confirmed (请求撤销赔付).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}/cancel`.
///
/// Safe to retry unchanged: a cancelled compensation stays cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}/cancel",
    response = CancelledCompensation, idempotency = ByNumber, echo(out_bill_no)
)]
#[request(new = "Creates the request for the compensation `out_bill_no`.")]
#[non_exhaustive]
pub struct CancelCompensation {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
}

/// Queries a compensation by the merchant's number (查询赔付结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}",
    response = Compensation, echo(out_bill_no)
)]
#[request(new = "Creates the request for the compensation `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryCompensationByOutBillNo {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
}

/// Queries a compensation by WeChat Pay's number (查询赔付结果（按微信支付赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/compensate-bills/bill-id/{bill_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/bill-id/{bill_id}",
    response = Compensation, echo(bill_id)
)]
#[request(new = "Creates the request for the compensation `bill_id`.")]
#[non_exhaustive]
pub struct QueryCompensationByBillId {
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
}

/// Compensates a sub-merchant (赔付商家).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(amount, sponsor_mchid)
)]
#[request(new = "Creates a compensation of `amount` to a sub-merchant.")]
#[non_exhaustive]
pub struct CompensateMerchant {
    /// Receiver.
    pub receiver: MerchantReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Merchant that pays instead of the platform.
    pub sponsor_mchid: Option<Mchid>,
}

/// Queries the compensation of a sub-merchant (查询赔付结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills/{out_bill_no}",
    response = Compensation, echo(out_bill_no), echo_if_present(sponsor_mchid)
)]
#[request(new = "Creates the request for the compensation `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryMerchantCompensation {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Merchant that pays instead of the platform.
    pub sponsor_mchid: Option<Mchid>,
}
