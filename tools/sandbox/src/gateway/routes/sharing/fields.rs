//! Pages: 请求分账, 请求分账回退, 完结分账, 解冻剩余资金, 添加/删除分账接收方 (e-commerce and ordinary).

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{LONG_URL, POSITIVE, S32, S64, S80, S256, text},
};

const ECOMMERCE_TYPES: Kind = Kind::OneOf(&["MERCHANT_ID", "PERSONAL_OPENID"]);
const TYPES: Kind = Kind::OneOf(&["MERCHANT_ID", "PERSONAL_OPENID", "PERSONAL_SUB_OPENID"]);

/// A share of a platform.
pub(super) const ECOMMERCE_SHARE: &[Field] = &[
    field("appid", S32),
    field("sub_mchid", Kind::Mchid).required(),
    field("transaction_id", S32).required(),
    field("out_order_no", Kind::LongNumber).required(),
    field("receivers", Kind::List { max: 50 }).required(),
    field("receivers/*/type", ECOMMERCE_TYPES).required(),
    field("receivers/*/receiver_account", S64).required(),
    field("receivers/*/receiver_mchid", S32),
    field("receivers/*/amount", POSITIVE).required(),
    field("receivers/*/description", S80).required(),
    field("receivers/*/receiver_name", Kind::Encrypted),
    field("finish", Kind::Boolean).required(),
    field("notify_url", LONG_URL),
];

/// Releasing the rest, of a platform.
pub(super) const FINISH_SHARING: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("transaction_id", S32).required(),
    field("out_order_no", Kind::LongNumber).required(),
    field("description", S80).required(),
    field("notify_url", LONG_URL),
];

/// A return to a platform's sub-merchant.
pub(super) const ECOMMERCE_RETURN: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("order_id", S64),
    field("out_order_no", Kind::LongNumber),
    field("out_return_no", Kind::LongNumber).required(),
    field("return_mchid", Kind::Mchid).required(),
    field("amount", POSITIVE).required(),
    field("description", S80).required(),
    field("transaction_id", S32),
];

/// A receiver of a platform.
pub(super) const ADD_ECOMMERCE_RECEIVER: &[Field] = &[
    field("appid", S32),
    field("type", ECOMMERCE_TYPES).required(),
    field("account", S64).required(),
    field("name", S256),
    field("encrypted_name", Kind::Encrypted),
    field(
        "relation_type",
        Kind::OneOf(&[
            "SUPPLIER",
            "DISTRIBUTOR",
            "SERVICE_PROVIDER",
            "PLATFORM",
            "OTHERS",
        ]),
    )
    .required(),
];

/// The same taken off.
pub(super) const DELETE_ECOMMERCE_RECEIVER: &[Field] = &[
    field("appid", S32),
    field("type", ECOMMERCE_TYPES).required(),
    field("account", S64).required(),
];

/// An ordinary share.
pub(super) const SHARE: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("appid", S32),
    field("sub_appid", S32),
    field("transaction_id", S32).required(),
    field("out_order_no", Kind::LongNumber).required(),
    field("receivers", Kind::List { max: 50 }).required(),
    field("receivers/*/type", TYPES).required(),
    field("receivers/*/account", S64).required(),
    field("receivers/*/name", Kind::Encrypted),
    field("receivers/*/amount", POSITIVE).required(),
    field("receivers/*/description", S80).required(),
    field("unfreeze_unsplit", Kind::Boolean).required(),
    field("notify_url", LONG_URL),
];

/// Releasing the rest.
pub(super) const UNFREEZE: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("transaction_id", S32).required(),
    field("out_order_no", Kind::LongNumber).required(),
    field("description", S80).required(),
];

/// An ordinary return.
pub(super) const RETURN: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("order_id", S64),
    field("out_order_no", Kind::LongNumber),
    field("out_return_no", Kind::LongNumber).required(),
    field("return_mchid", Kind::Mchid).required(),
    field("amount", POSITIVE).required(),
    field("description", S80).required(),
];

/// An ordinary receiver.
pub(super) const ADD_RECEIVER: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("appid", S32).required(),
    field("sub_appid", S32),
    field("type", TYPES).required(),
    field("account", S64).required(),
    field("name", Kind::Encrypted),
    field(
        "relation_type",
        Kind::OneOf(&[
            "SERVICE_PROVIDER",
            "STORE",
            "STAFF",
            "STORE_OWNER",
            "PARTNER",
            "HEADQUARTER",
            "BRAND",
            "DISTRIBUTOR",
            "USER",
            "SUPPLIER",
            "CUSTOM",
        ]),
    )
    .required(),
    field("custom_relation", text(10)),
];

/// The same taken off.
pub(super) const DELETE_RECEIVER: &[Field] = &[
    field("sub_mchid", Kind::Mchid),
    field("appid", S32).required(),
    field("sub_appid", S32),
    field("type", TYPES).required(),
    field("account", S64).required(),
];
