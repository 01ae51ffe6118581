//! Changes of stocks.

use wechatpay_macros::{Endpoint, Response};

use crate::types::{DateTime, Mchid};

/// Starts a stock (激活代金券批次).
///
/// `POST /v3/marketing/favor/stocks/{stock_id}/start`.
///
/// Safe to retry unchanged: a stock that runs goes on.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/stocks/{stock_id}/start",
    response = StartedStock, idempotency = ByNumber, echo(stock_id)
)]
#[request(new = "Creates the request for a stock and the merchant that created it.")]
#[non_exhaustive]
pub struct StartStock {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
}

/// A stock that was started.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct StartedStock {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Time from which it runs.
    pub start_time: Option<DateTime>,
}

/// Pauses a stock (暂停代金券批次).
///
/// `POST /v3/marketing/favor/stocks/{stock_id}/pause`.
///
/// Safe to retry unchanged: a paused stock stays paused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/stocks/{stock_id}/pause",
    response = PausedStock, idempotency = ByNumber, echo(stock_id)
)]
#[request(new = "Creates the request for a stock and the merchant that created it.")]
#[non_exhaustive]
pub struct PauseStock {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
}

/// A stock that was paused.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PausedStock {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Time of the pause.
    pub pause_time: Option<DateTime>,
}

/// Restarts a paused stock (重启代金券批次).
///
/// `POST /v3/marketing/favor/stocks/{stock_id}/restart`.
///
/// Safe to retry unchanged: a stock that runs goes on.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/stocks/{stock_id}/restart",
    response = RestartedStock, idempotency = ByNumber, echo(stock_id)
)]
#[request(new = "Creates the request for a stock and the merchant that created it.")]
#[non_exhaustive]
pub struct RestartStock {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
}

/// A stock that was restarted.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RestartedStock {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Time from which it runs.
    pub restart_time: Option<DateTime>,
}

/// Changes the goods for which the coupons of a stock are (修改可用单品编码).
///
/// `POST /v3/marketing/favor/stocks/{stock_id}/modify-goods-id`.
///
/// Safe to retry unchanged: goods are on the list or not.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/stocks/{stock_id}/modify-goods-id",
    response = ModifiedGoods, idempotency = ByNumber, echo(stock_id)
)]
#[request(new = "Creates the request for a stock and the merchant that created it.")]
#[non_exhaustive]
pub struct ModifyGoods {
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant that created it.
    pub stock_creator_mchid: Mchid,
    /// Goods to add.
    pub add_goods_id_list: Option<Vec<String>>,
    /// Goods to remove.
    pub delete_goods_id_list: Option<Vec<String>>,
}

/// A stock whose goods were changed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ModifiedGoods {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Time from which the change applies.
    ///
    /// The page calls it `pause_time`.
    #[serde(rename = "pause_time")]
    pub effective_time: Option<DateTime>,
}
