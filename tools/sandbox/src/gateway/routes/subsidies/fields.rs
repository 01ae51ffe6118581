//! Pages: 请求补差, 请求补差回退, 取消补差.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{POSITIVE, S64, S80},
};

/// Paying one.
pub(super) const CREATE: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("transaction_id", S64).required(),
    field("amount", POSITIVE).required(),
    field("description", S80).required(),
    field("out_subsidy_no", Kind::LongNumber),
    field("refund_id", S64),
];

/// Getting it back.
pub(super) const RETURN: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("out_order_no", Kind::LongNumber).required(),
    field("transaction_id", S64).required(),
    field("refund_id", S64),
    field("amount", POSITIVE).required(),
    field("description", S80).required(),
    field("subsidy_id", S64),
    field("from", Kind::List { max: 2 }),
    field("from/*/account", Kind::OneOf(&["AVAILABLE", "UNAVAILABLE"])),
    field("from/*/amount", POSITIVE),
];

/// Calling it off.
pub(super) const CANCEL: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("transaction_id", S64).required(),
    field("description", S80).required(),
];
