//! Pages: 申请退款, 发起异常退款 (ordinary and e-commerce), 垫付退款回补.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{ANY, LONG_URL, POSITIVE, S16, S32, S64, S80, S256},
};

const CNY: Kind = Kind::OneOf(&["CNY"]);
const SOURCES: Kind = Kind::OneOf(&["AVAILABLE", "UNAVAILABLE"]);

/// An ordinary refund.
pub(super) const REFUND: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("transaction_id", S32),
    field("out_trade_no", Kind::OrderNumber),
    field("out_refund_no", Kind::LongNumber).required(),
    field("reason", S80),
    field("notify_url", LONG_URL),
    field("funds_account", Kind::OneOf(&["AVAILABLE", "UNSETTLED"])),
    field("amount", Kind::Object).required(),
    field("amount/refund", POSITIVE).required(),
    field("amount/total", POSITIVE).required(),
    field("amount/currency", CNY).required(),
    field("amount/from", Kind::List { max: 2 }),
    field("amount/from/*/account", SOURCES),
    field("amount/from/*/amount", POSITIVE),
    field("goods_detail", Kind::List { max: 6000 }),
    field("goods_detail/*/merchant_goods_id", S32).required(),
    field("goods_detail/*/wechatpay_goods_id", S32),
    field("goods_detail/*/goods_name", S256),
    field("goods_detail/*/unit_price", ANY).required(),
    field("goods_detail/*/refund_amount", ANY).required(),
    field("goods_detail/*/refund_quantity", POSITIVE).required(),
];

/// A refund of an e-commerce platform.
pub(super) const ECOMMERCE_REFUND: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("individual_auth_id", S64),
    field("combine_mchid", Kind::Mchid),
    field("combine_out_trade_no", Kind::CombinedNumber),
    field("combine_transaction_id", S32),
    field("sp_appid", S32).required(),
    field("sub_appid", S32),
    field("transaction_id", S32),
    field("out_trade_no", Kind::OrderNumber),
    field("out_refund_no", Kind::LongNumber).required(),
    field("reason", S80),
    field("amount", Kind::Object).required(),
    field("amount/refund", POSITIVE).required(),
    field("amount/total", POSITIVE).required(),
    field("amount/currency", CNY),
    field("amount/from", Kind::List { max: 2 }),
    field("amount/from/*/account", SOURCES),
    field("amount/from/*/amount", POSITIVE),
    field("notify_url", LONG_URL),
    field(
        "refund_account",
        Kind::OneOf(&["REFUND_SOURCE_PARTNER_ADVANCE", "REFUND_SOURCE_SUB_MERCHANT"]),
    ),
    field(
        "funds_account",
        Kind::OneOf(&["AVAILABLE", "UNSETTLED", "PREPAID"]),
    ),
];

/// Abnormal refund of the ordinary family.
pub(super) const ABNORMAL_REFUND: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("out_refund_no", Kind::LongNumber).required(),
    field("type", Kind::OneOf(&["USER_BANK_CARD", "MERCHANT_BANK_CARD"])).required(),
    field("bank_type", S16),
    field("bank_account", Kind::Encrypted),
    field("real_name", Kind::Encrypted),
];

/// Abnormal refund of the e-commerce family.
pub(super) const ECOMMERCE_ABNORMAL_REFUND: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("individual_auth_id", S64),
    field("out_refund_no", Kind::LongNumber).required(),
    field("type", Kind::OneOf(&["USER_BANK_CARD", "MERCHANT_BANK_CARD"])).required(),
    field("bank_type", S16),
    field("bank_account", Kind::Encrypted),
    field("real_name", Kind::Encrypted),
];

/// Giving an advance back.
pub(super) const RETURN_ADVANCE: &[Field] = &[field("sub_mchid", Kind::Mchid).required()];
