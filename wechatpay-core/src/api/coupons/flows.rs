//! Files that list redeemed and refunded coupons.

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::bills::{DownloadUrl, HashType},
    types::BillDate,
};

/// Asks for the list of a stock's redeemed coupons (下载批次核销明细).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/use-flow`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/stocks/{stock_id}/use-flow", response = FlowFile)]
#[request(new = "Creates the request for a stock.")]
#[non_exhaustive]
pub struct GetUseFlow {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
}

/// Asks for the list of a stock's refunded coupons (下载批次退款明细).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/refund-flow`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/stocks/{stock_id}/refund-flow", response = FlowFile)]
#[request(new = "Creates the request for a stock.")]
#[non_exhaustive]
pub struct GetRefundFlow {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
}

/// URL and digest of a file.
///
/// `download_file` of `wechatpay-tower` takes the three members.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct FlowFile {
    /// URL of the file.
    pub url: DownloadUrl,
    /// Digest algorithm.
    #[response(required)]
    pub hash_type: HashType,
    /// Hexadecimal digest of the file.
    pub hash_value: String,
}

/// Asks for the list of a day's redeemed coupons (获取批次核销明细下载链接).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/use-flow-by-day`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/stocks/{stock_id}/use-flow-by-day", response = UseFlowOfDay)]
#[request(new = "Creates the request for a day of a stock.")]
#[non_exhaustive]
pub struct GetUseFlowByDay {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Day, in Beijing time.
    pub bill_date: BillDate,
}

/// URL and digest of the list of a day's redeemed coupons.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UseFlowOfDay {
    /// URL of the file.
    pub url: DownloadUrl,
    /// Digest of the file; the response does not name the algorithm.
    #[serde(rename = "stock_useflow_hash")]
    pub hash: String,
    /// Number of its records, as a text.
    #[serde(rename = "stock_useflow_count")]
    pub count: Option<String>,
}

/// Asks for the list of a day's refunded coupons (获取批次退款明细下载链接).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/refund-flow-by-day`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/marketing/favor/stocks/{stock_id}/refund-flow-by-day",
    response = RefundFlowOfDay
)]
#[request(new = "Creates the request for a day of a stock.")]
#[non_exhaustive]
pub struct GetRefundFlowByDay {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Day, in Beijing time.
    pub bill_date: BillDate,
}

/// URL and digest of the list of a day's refunded coupons.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundFlowOfDay {
    /// URL of the file.
    pub url: DownloadUrl,
    /// Digest of the file; the response does not name the algorithm.
    #[serde(rename = "stock_refundflow_hash")]
    pub hash: String,
    /// Number of its records, as a text.
    #[serde(rename = "stock_refundflow_count")]
    pub count: Option<String>,
}
