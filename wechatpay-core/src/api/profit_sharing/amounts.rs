//! What is left to share, and how much may be shared.

use wechatpay_macros::{Endpoint, Response};

use crate::types::{Fen, Mchid, TransactionId};

/// Queries what is left to share (查询剩余待分金额): `GET /v3/profitsharing/transactions/{transaction_id}/amounts`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/transactions/{transaction_id}/amounts",
    response = UnsplitAmount, echo(transaction_id)
)]
#[request(new = "The payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryUnsplitAmount {
    /// The payment.
    pub transaction_id: TransactionId,
}

/// Amount of a payment that is left to share.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UnsplitAmount {
    /// The payment.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub unsplit_amount: Fen,
}

/// Queries the largest part of an order that may be shared (查询最大分账比例):
/// `GET /v3/profitsharing/merchant-configs/{sub_mchid}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/merchant-configs/{sub_mchid}",
    response = MerchantConfig, echo_if_present(sub_mchid)
)]
#[request(new = "The settings of `sub_mchid`.")]
#[non_exhaustive]
pub struct QueryMerchantConfig {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// The share of an order that may be given to others.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct MerchantConfig {
    /// The largest part, per 10 000: 2000 is 20 %.
    pub max_ratio: u32,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}
