//! Pages: 创建支付分订单, 完结支付分订单, 修改订单金额, 同步服务订单信息, 商户预授权 and those around them.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{ANY, POSITIVE, S32, S64, S128, S256, URL, text},
};

/// Times without separators: `20091225091010`, or a day.
const SERVICE_TIME: Kind = text(20);

pub(super) const NUMBER: &[Field] = &[field("out_order_no", Kind::OrderNumber).required()];
pub(super) const SERVICE: &[Field] = &[field("service_id", S32).required()];
pub(super) const APP: &[Field] = &[field("appid", S32).required()];
pub(super) const OPTIONAL_SERVICE: &[Field] = &[field("service_id", S32), field("appid", S32)];
pub(super) const REASON: &[Field] = &[field("reason", text(50)).required()];

/// Items to pay for, where the service has ended.
pub(super) const BILL: &[Field] = &[
    field("post_payments", Kind::List { max: 100 }).required(),
    field("post_payments/*/name", text(20)).required(),
    field("post_payments/*/amount", ANY),
    field("post_payments/*/description", text(30)),
    field("post_payments/*/count", ANY),
    field("post_discounts", Kind::List { max: 30 }),
    field("post_discounts/*/name", text(20)),
    field("post_discounts/*/description", text(30)),
    field("post_discounts/*/amount", ANY),
    field("post_discounts/*/count", ANY),
];

/// Items to pay for, where they may come later.
pub(super) const PAYMENTS: &[Field] = &[
    field("post_payments", Kind::List { max: 100 }),
    field("post_payments/*/name", text(20)),
    field("post_payments/*/amount", ANY),
    field("post_payments/*/description", text(30)),
    field("post_payments/*/count", ANY),
    field("post_discounts", Kind::List { max: 30 }),
    field("post_discounts/*/name", text(20)),
    field("post_discounts/*/description", text(30)),
    field("post_discounts/*/amount", ANY),
    field("post_discounts/*/count", ANY),
];

/// The beginning of a service that has not ended.
pub(super) const BEGINNING: &[Field] = &[field("time_range/start_time", SERVICE_TIME).required()];

/// The beginning of a service that has ended.
pub(super) const ENDED: &[Field] = &[field("time_range/start_time", SERVICE_TIME)];

/// Times and places.
pub(super) const SERVICE_OF: &[Field] = &[
    field("time_range", Kind::Object).required(),
    field("time_range/end_time", SERVICE_TIME),
    field("time_range/start_time_remark", text(20)),
    field("time_range/end_time_remark", text(20)),
    field("location", Kind::Object),
    field("location/start_location", text(50)),
    field("location/end_location", text(50)),
    field("attach", S256),
    field("openid", S128),
];

pub(super) const CREATE: &[Field] = &[
    field("service_introduction", text(20)).required(),
    field("risk_fund", Kind::Object).required(),
    field(
        "risk_fund/name",
        Kind::OneOf(&["DEPOSIT", "ADVANCE", "CASH_DEPOSIT", "ESTIMATE_ORDER_COST"]),
    )
    .required(),
    field("risk_fund/amount", POSITIVE).required(),
    field("risk_fund/description", text(30)),
    field("notify_url", URL).required(),
    field("need_user_confirm", Kind::Boolean),
];

pub(super) const DEVICE: &[Field] = &[
    field("device", Kind::Object),
    field("device/start_device_id", S64),
    field("device/end_device_id", S64),
    field("device/materiel_no", S64),
];

/// An order that is created and completed in one.
pub(super) const DIRECT: &[Field] = &[
    field("service_introduction", text(20)),
    field("notify_url", URL),
    field("total_amount", ANY),
];

/// The way in which the money is collected.
pub(super) const COLLECTING: &[Field] = &[field("profit_sharing", Kind::Boolean), field("goods_tag", S32)];

pub(super) const TOTAL: &[Field] = &[field("total_amount", ANY).required()];

/// The service as it was.
pub(super) const ACTUAL: &[Field] = &[
    field("time_range", Kind::Object),
    field("time_range/start_time", SERVICE_TIME),
    field("time_range/end_time", SERVICE_TIME),
    field("time_range/start_time_remark", text(20)),
    field("time_range/end_time_remark", text(20)),
    field("location", Kind::Object),
    field("location/end_location", text(50)),
];

pub(super) const SYNC: &[Field] = &[
    field("type", Kind::OneOf(&["Order_Paid"])).required(),
    field("detail", Kind::Object).required(),
    field("detail/paid_time", SERVICE_TIME).required(),
];

pub(super) const MESSAGE: &[Field] = &[field("prepaid_time", SERVICE_TIME).required()];

pub(super) const PERMISSION: &[Field] = &[
    field("authorization_code", S64).required(),
    field("notify_url", URL),
];

pub(super) const RISK: &[Field] = &[
    field("authorization_code", S64),
    field("openid", S128),
    field("shopping_info", Kind::Object),
    field("shopping_info/goods", Kind::List { max: 100 }).required(),
    field("shopping_info/goods/*/name", S128).required(),
    field("shopping_info/goods/*/picture", text(1024)).required(),
    field("shopping_info/goods/*/amount", POSITIVE).required(),
    field("shopping_info/goods/*/count", POSITIVE).required(),
    field("shopping_info/goods/*/category_id", Kind::Texts),
];
