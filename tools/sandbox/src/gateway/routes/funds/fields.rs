//! Pages: 二级商户预约提现, 电商平台预约提现, 二级商户按日终余额预约提现.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{ANY, LONG_URL, S32, text},
};

/// 800 million yuan.
const AMOUNT: Kind = Kind::Integer {
    min: 1,
    max: 80_000_000_000,
};
const S56: Kind = text(56);

/// Money of a sub-merchant.
pub(super) const WITHDRAW_OF_SUB: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("out_request_no", Kind::PlainNumber).required(),
    field("amount", AMOUNT).required(),
    field("remark", S56),
    field("bank_memo", S32),
    field(
        "account_type",
        Kind::OneOf(&["BASIC", "OPERATION", "FEES", "DEPOSIT"]),
    ),
    field("notify_url", LONG_URL),
];

/// One's own money.
pub(super) const WITHDRAW: &[Field] = &[
    field("out_request_no", Kind::PlainNumber).required(),
    field("amount", AMOUNT).required(),
    field("remark", S56),
    field("bank_memo", S32),
    field("account_type", Kind::OneOf(&["BASIC", "OPERATION", "FEES"])).required(),
    field("notify_url", LONG_URL),
];

/// A sub-merchant's balance at the end of a day.
pub(super) const WITHDRAW_DAY_END: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("out_request_no", Kind::PlainNumber).required(),
    field(
        "calculate_amount_type",
        Kind::OneOf(&["ONLY_DAY_END_BALANCE", "ALLOW_CURRENT_BALANCE"]),
    )
    .required(),
    field("remark", S56),
    field("bank_memo", S32),
    field("notify_url", LONG_URL),
    field("reserve_amount", ANY),
];
