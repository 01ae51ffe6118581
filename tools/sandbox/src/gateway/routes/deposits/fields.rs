//! Pages: 请求赔付, 请求赔付预下单, 赔付商家, 保证金赔付, 请求保证金售后赔付, 发起保证金赔付用户运费, 发起保证金赔付保司保费, 请求保险理赔,
//! 请求保险理赔预下单, 请求撤销保险理赔, 开通保险理赔功能.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{LONG_URL, POSITIVE, S32, S64, text},
};

const TRANSACTION: &[&str] = &["WXPAY", "WXVALUE"];
const MERCHANT: &[&str] = &["MERCHANT"];
const MERCHANT_OR_PAYER: &[&str] = &["MERCHANT", "TRANSACTION_USER"];

/// Fields of all of them.
pub(super) const BILL: &[Field] = &[
    field("receiver", Kind::Object).required(),
    field("out_bill_no", Kind::PlainNumber).required(),
    field("amount", POSITIVE).required(),
    field("transfer_remark", S32).required(),
];

/// The order whose payer receives the money.
pub(super) const ORDER: &[Field] = &[
    field("receiver/transaction_info", Kind::Object),
    field("receiver/transaction_info/transaction_id", S64).required(),
    field("receiver/transaction_info/type", Kind::OneOf(TRANSACTION)),
];

/// The payer of an order is the only receiver.
pub(super) const PAYER: &[Field] = &[field("receiver/type", Kind::OneOf(&["TRANSACTION_USER"]))];

pub(super) const PAYER_OR_MERCHANT: &[Field] = &[field("receiver/type", Kind::OneOf(MERCHANT_OR_PAYER))];

pub(super) const USER: &[Field] = &[
    field("receiver/user_info", Kind::Object),
    field("receiver/user_info/sp_openid", text(128)),
];

/// Scene and reason that a user sees.
pub(super) const SCENE: &[Field] = &[
    field("transfer_scene_id", text(36)),
    field("user_recv_perception", text(10)),
];

/// Who pays instead of the platform.
pub(super) const SPONSOR: &[Field] = &[field("sponsor_mchid", Kind::Mchid)];

/// Whose money it is.
pub(super) const SUB_MERCHANT: &[Field] = &[field("sub_mchid", Kind::Mchid)];

pub(super) const APP: &[Field] = &[field("sp_appid", S32)];

pub(super) const SUB_APP: &[Field] = &[field("sub_appid", S32)];

pub(super) const NOTIFY: &[Field] = &[field("notify_url", LONG_URL)];

/// A sub-merchant as the receiver.
pub(super) const COMPENSATED_MERCHANT: &[Field] = &[
    field("receiver/type", Kind::OneOf(MERCHANT)).required(),
    field("receiver/mch_info", Kind::Object).required(),
    field("receiver/mch_info/mchid", Kind::Mchid).required(),
];

/// An insurer as the receiver.
pub(super) const INSURER: &[Field] = &[
    field("receiver/type", Kind::OneOf(MERCHANT)),
    field("receiver/mch_info", Kind::Object),
    field("receiver/mch_info/mchid", Kind::Mchid),
    field("receiver/transaction_info", Kind::Object),
    field("receiver/transaction_info/transaction_id", S64).required(),
    field("receiver/transaction_info/type", Kind::OneOf(TRANSACTION)).required(),
];

/// Fields of a deduction alone.
///
/// The page names the merchant twice.
pub(super) const DEDUCTION: &[Field] = &[
    field(
        "business_type",
        Kind::OneOf(&[
            "DEPOSIT_COMPENSATION",
            "PLATFORM_AFTER_SALES_COMPENSATION",
            "INSURANCE_CLAIM",
            "DEPOSIT_AFTER_SALES_COMPENSATION",
        ]),
    )
    .required(),
    field("receiver/mch_info", Kind::Object),
    field("receiver/mch_info/mch_id", Kind::Mchid),
    field("receiver/mch_info/mchid", Kind::Mchid),
    field("receiver_remark", S32),
];

/// An insurer that opens claims.
pub(super) const CONTRACT: &[Field] = &[
    field("out_apply_no", S64).required(),
    field("sub_mchid", Kind::Mchid).required(),
    field("agreement_list", Kind::List { max: 50 }).required(),
    field("agreement_list/*/agreement_code", S64).required(),
    field("agreement_list/*/agreement_version", S64).required(),
    field("agreement_list/*/sign_organization", S64).required(),
    field("agreement_list/*/sign_time", Kind::Time).required(),
];
