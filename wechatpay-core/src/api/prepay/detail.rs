//! Goods of an order.

use wechatpay_macros::RequestPart;

use crate::types::Fen;

/// Goods of an order, for promotions (优惠功能).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct OrderDetail {
    /// Original price of the receipt in fen.
    ///
    /// If it differs from the total, there is no discount.
    pub cost_price: Option<Fen>,
    /// Receipt number, up to 32 characters.
    pub invoice_id: Option<String>,
    /// Goods, 1 to 6000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods_detail: Vec<GoodsDetail>,
}

impl OrderDetail {
    /// Creates a detail with these goods.
    #[must_use]
    pub fn goods(goods_detail: Vec<GoodsDetail>) -> Self {
        Self {
            goods_detail,
            ..Self::default()
        }
    }
}

/// One kind of goods (单品).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for `quantity` of the goods `merchant_goods_id` at `unit_price` each.")]
#[non_exhaustive]
pub struct GoodsDetail {
    /// Merchant's goods number: letters, digits, `-` and `_`, up to 32.
    #[request(into)]
    pub merchant_goods_id: String,
    /// WeChat Pay's goods number, up to 32 characters.
    pub wechatpay_goods_id: Option<String>,
    /// Name, up to 256 characters.
    pub goods_name: Option<String>,
    /// Quantity.
    pub quantity: i64,
    /// Unit price in fen, after the merchant's discounts.
    pub unit_price: Fen,
}
