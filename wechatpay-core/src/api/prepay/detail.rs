//! What is sold.

use serde::Serialize;

use crate::{macros::setters, types::Fen};

/// What is sold (优惠功能).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OrderDetail {
    /// Original price of the receipt in fen; when it differs from the total there is no discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_price: Option<Fen>,
    /// Number of the receipt, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// The goods, 1 to 6000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods_detail: Vec<GoodsDetail>,
}

impl OrderDetail {
    /// These goods.
    #[must_use]
    pub fn goods(goods_detail: Vec<GoodsDetail>) -> Self {
        Self {
            goods_detail,
            ..Self::default()
        }
    }

    setters! {
        /// Original price in fen.
        cost_price: Fen,
        /// Number of the receipt.
        invoice_id: String,
    }
}

/// One kind of goods (单品).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoodsDetail {
    /// The merchant's number: letters, digits, `-` and `_`, up to 32.
    pub merchant_goods_id: String,
    /// The platform's number, up to 32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wechatpay_goods_id: Option<String>,
    /// The name, up to 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods_name: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Price of one in fen, after the merchant's discounts.
    pub unit_price: Fen,
}

impl GoodsDetail {
    /// `quantity` of the goods `merchant_goods_id` at `unit_price` each.
    pub fn new(merchant_goods_id: impl Into<String>, quantity: i64, unit_price: Fen) -> Self {
        Self {
            merchant_goods_id: merchant_goods_id.into(),
            wechatpay_goods_id: None,
            goods_name: None,
            quantity,
            unit_price,
        }
    }

    setters! {
        /// The platform's number.
        wechatpay_goods_id: String,
        /// The name.
        goods_name: String,
    }
}
