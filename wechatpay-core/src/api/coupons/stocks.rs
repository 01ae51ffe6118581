//! Queries of stocks.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{BusinessType, CutToMessage, StockType};
use crate::types::{DateTime, Fen, Mchid};

/// State of a stock (批次状态).
#[open_enum]
pub enum StockStatus {
    /// Created, not started.
    Unactivated = "unactivated",
    /// Under review.
    Audit = "audit",
    /// Runs.
    Running = "running",
    /// Ended; the pages spell it so.
    Stopped = "stoped",
    /// Paused.
    Paused = "paused",
}

/// Lists the stocks of a merchant (条件查询批次列表).
///
/// `GET /v3/marketing/favor/stocks`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/stocks", response = StockPage)]
#[request(new = "Creates the request for the page `offset`, counted from 0, of up to `limit` stocks.")]
#[non_exhaustive]
pub struct ListStocks {
    /// Number of the page.
    pub offset: u32,
    /// Size of a page.
    pub limit: u32,
    /// Merchant that created the stocks.
    pub stock_creator_mchid: Mchid,
    /// Earliest time of creation.
    pub create_start_time: Option<DateTime>,
    /// Latest time of creation.
    pub create_end_time: Option<DateTime>,
    /// State.
    pub status: Option<StockStatus>,
}

/// A page of stocks.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct StockPage {
    /// Stocks of this page.
    pub data: Vec<Stock>,
    /// Number of all stocks.
    pub total_count: Option<u64>,
    /// Size of a page.
    pub limit: Option<u64>,
    /// Number of this page.
    pub offset: Option<u64>,
}

/// Queries a stock (查询批次详情).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/marketing/favor/stocks/{stock_id}",
    response = Stock, echo_if_present(stock_id, stock_creator_mchid)
)]
#[request(new = "Creates the request for a stock and the merchant that created it.")]
#[non_exhaustive]
pub struct QueryStock {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
}

/// Limits of a stock, as WeChat Pay reports them (发放规则).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct StockLimits {
    /// Maximum number of coupons.
    pub max_coupons: Option<u64>,
    /// Budget in fen.
    pub max_amount: Option<Fen>,
    /// Budget of one day in fen.
    pub max_amount_by_day: Option<Fen>,
    /// Maximum number of coupons of one user.
    pub max_coupons_per_user: Option<u64>,
    /// True if several accounts of one person count as one user.
    pub natural_person_limit: Option<bool>,
    /// True if WeChat Pay holds back suspicious users of the API.
    pub prevent_api_abuse: Option<bool>,
}

/// Region in which a coupon can be used (消费金可用地域).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Region {
    /// Kind of region.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// District.
    pub district: Option<String>,
}

/// A stock of coupons (代金券批次).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Stock {
    /// WeChat Pay's number of the stock.
    pub stock_id: Option<String>,
    /// Merchant that created it.
    pub stock_creator_mchid: Option<Mchid>,
    /// State.
    pub status: Option<StockStatus>,
    /// Name.
    pub stock_name: Option<String>,
    /// Kind of coupons.
    pub stock_type: Option<StockType>,
    /// True if no money flows: the merchant receives less.
    pub no_cash: Option<bool>,
    /// Limits.
    pub stock_use_rule: Option<StockLimits>,
    /// Number of coupons that were sent.
    pub distributed_coupons: Option<u64>,
    /// Instructions for the user.
    pub description: Option<String>,
    /// Begin of its period.
    pub available_begin_time: Option<DateTime>,
    /// End of its period.
    pub available_end_time: Option<DateTime>,
    /// Time of creation.
    pub create_time: Option<DateTime>,
    /// Time at which it was started.
    pub start_time: Option<DateTime>,
    /// Time at which it ended.
    pub stop_time: Option<DateTime>,
    /// True if the coupons are for single goods.
    pub singleitem: Option<bool>,
    /// Price to which the coupons reduce.
    pub cut_to_message: Option<CutToMessage>,
    /// Kind of business.
    pub business_type: Option<BusinessType>,
    /// Regions in which the coupons can be used.
    pub available_region_list: Vec<Region>,
    /// Industries in which the coupons can be used.
    pub available_industry_list: Vec<String>,
}

/// Lists the goods for which the coupons of a stock are (查询代金券可用单品).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/items`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/marketing/favor/stocks/{stock_id}/items",
    response = ItemPage, echo(stock_id)
)]
#[request(new = "Creates the request for the page `offset`, counted from 0, of up to `limit` goods.")]
#[non_exhaustive]
pub struct ListItems {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
    /// Number of the page.
    pub offset: u32,
    /// Size of a page.
    pub limit: u32,
}

/// A page of goods.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ItemPage {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Goods of this page.
    pub data: Vec<String>,
    /// Number of all goods.
    pub total_count: Option<u64>,
    /// Size of a page.
    pub limit: Option<u64>,
    /// Number of this page.
    pub offset: Option<u64>,
}

/// Lists the merchants at which the coupons of a stock are redeemed (查询代金券可用商户).
///
/// `GET /v3/marketing/favor/stocks/{stock_id}/merchants`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/marketing/favor/stocks/{stock_id}/merchants",
    response = MerchantPage, echo(stock_id)
)]
#[request(new = "Creates the request for the page `offset`, counted from 0, of up to `limit` merchants.")]
#[non_exhaustive]
pub struct ListMerchants {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
    /// Number of the page.
    pub offset: u32,
    /// Size of a page.
    pub limit: u32,
}

/// A page of merchants.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct MerchantPage {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Merchants of this page.
    pub data: Vec<Mchid>,
    /// Number of all merchants.
    pub total_count: Option<u64>,
    /// Size of a page.
    pub limit: Option<u64>,
    /// Number of this page.
    pub offset: Option<u64>,
}
