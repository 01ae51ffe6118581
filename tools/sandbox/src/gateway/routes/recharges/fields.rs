//! Pages: 申请二级商户充值, 申请银行转账充值, 添加二级商户可扫码充值员工.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{POSITIVE, S128, text},
};

/// Fields of both kinds of recharge.
pub(super) const RECHARGE: &[Field] = &[
    field("out_recharge_no", Kind::LongPlainNumber).required(),
    field("recharge_amount", Kind::Object).required(),
    field("recharge_amount/amount", POSITIVE).required(),
    field("recharge_amount/currency", Kind::OneOf(&["CNY"])),
];

/// A recharge of a sub-merchant.
pub(super) const OF_SUB: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field(
        "recharge_scene",
        Kind::OneOf(&["ECOMMERCE_DEPOSIT", "ECOMMERCE_PAYMENT"]),
    )
    .required(),
    field("account_type", Kind::OneOf(&["DEPOSIT", "OPERATION"])).required(),
    field("notify_url", Kind::Url { max: 1024 }),
    field(
        "available_recharge_channels",
        Kind::ListOf(&["BANK_TRANSFER", "QR_RECHARGE", "ONLINE_BANK"]),
    ),
    field("remark", text(20)),
];

/// A recharge of the platform by bank transfer.
pub(super) const BY_BANK: &[Field] = &[
    field("recharge_scene", Kind::OneOf(&["ECOMMERCE_BANK_TRANSFER"])).required(),
    field("account_type", Kind::OneOf(&["BASIC", "OPERATION", "FEES"])).required(),
];

pub(super) const EMPLOYEE: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("sp_openid", S128).required(),
];
