//! Compensations after sales that a deposit pays: goods, freight, premiums.

use wechatpay_macros::Endpoint;

use super::{Compensation, CompensationId, CompensationNo, FreightReceiver, InsurerReceiver, UserReceiver};
use crate::types::{Appid, Fen, Mchid};

/// Compensates the payer of an order from a deposit (请求保证金售后赔付).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid, amount)
)]
#[request(new = "Creates a compensation of `amount` to the payer of an order.")]
#[non_exhaustive]
pub struct CompensateAfterSales {
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
    /// App of the platform.
    pub sp_appid: Option<Appid>,
    /// Receiver.
    pub receiver: UserReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Scene that the platform applied for.
    pub transfer_scene_id: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
}

/// Queries a compensation after sales by the merchant's number (查询保证金售后赔付结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/out-bill-no/{out_bill_no}",
    response = Compensation, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the compensation `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryAfterSalesByOutBillNo {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
}

/// Queries a compensation after sales by WeChat Pay's number (查询保证金售后赔付结果（按微信支付赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/bill-id/{bill_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/bill-id/{bill_id}",
    response = Compensation, echo(bill_id), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the compensation `bill_id`.")]
#[non_exhaustive]
pub struct QueryAfterSalesByBillId {
    /// WeChat Pay's number of the compensation.
    pub bill_id: CompensationId,
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
}

/// Compensates the freight of an order from a deposit (发起保证金赔付用户运费).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid, amount)
)]
#[request(new = "Creates a compensation of `amount` for the freight of an order.")]
#[non_exhaustive]
pub struct CompensateFreight {
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
    /// App of the platform.
    pub sp_appid: Option<Appid>,
    /// Receiver.
    pub receiver: FreightReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
    /// Scene that the platform applied for.
    pub transfer_scene_id: Option<String>,
    /// Reason that the user sees, one of the scene's.
    pub user_recv_perception: Option<String>,
}

/// Queries the compensation of the freight of an order (查询保证金售后赔付运费结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills/out-bill-no/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills/out-bill-no/{out_bill_no}",
    response = Compensation, echo(out_bill_no), echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the compensation `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryFreight {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
}

/// Pays the premium of an insurer from a deposit (发起保证金赔付保司保费).
///
/// `POST /v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills`.
///
/// Safe to retry unchanged: the same `out_bill_no` is the same compensation.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills",
    response = Compensation, idempotency = ByNumber, echo(out_bill_no), echo_if_present(sub_mchid, amount)
)]
#[request(new = "Creates a payment of `amount` to an insurer.")]
#[non_exhaustive]
pub struct CompensateInsurer {
    /// The sub-merchant whose deposit pays.
    pub sub_mchid: Option<Mchid>,
    /// App of the platform.
    pub sp_appid: Option<Appid>,
    /// Receiver.
    pub receiver: InsurerReceiver,
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 32 characters.
    #[request(into)]
    pub transfer_remark: String,
}

/// Queries the payment of a premium (查询保证金赔付保司保费结果（按商户赔付单号）).
///
/// `GET /v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills/{out_bill_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills/{out_bill_no}",
    response = Compensation, echo(out_bill_no)
)]
#[request(new = "Creates the request for the payment `out_bill_no`.")]
#[non_exhaustive]
pub struct QueryInsurer {
    /// Merchant's number of the compensation.
    pub out_bill_no: CompensationNo,
}
