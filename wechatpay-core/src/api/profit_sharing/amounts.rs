//! Remaining amount to share, and the maximum sharing ratio.

use wechatpay_macros::{Endpoint, Response};

use crate::types::{Fen, Mchid, TransactionId};

/// Queries the remaining amount to share (查询剩余待分金额).
///
/// `GET /v3/profitsharing/transactions/{transaction_id}/amounts`. For e-commerce:
/// [`ecommerce::QueryUnsplitAmount`](super::ecommerce::QueryUnsplitAmount).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/transactions/{transaction_id}/amounts",
    response = UnsplitAmount, echo(transaction_id)
)]
#[request(new = "Creates the request for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryUnsplitAmount {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
}

/// Remaining amount of a payment that can be shared.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UnsplitAmount {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub unsplit_amount: Fen,
}

/// Queries the maximum sharing ratio of a sub-merchant (查询最大分账比例).
///
/// `GET /v3/profitsharing/merchant-configs/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/merchant-configs/{sub_mchid}",
    response = MerchantConfig, echo_if_present(sub_mchid)
)]
#[request(new = "Creates the request for the settings of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryMerchantConfig {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// Maximum part of an order that can be shared.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct MerchantConfig {
    /// Maximum ratio in 1/10 000: 2000 means 20 %.
    pub max_ratio: u32,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}
