//! Pages: APP方式预签约, 小程序方式预签约, 商户协议号解约协议, 电商合单委托代扣支付, 电商合单委托代扣撤销订单.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{POSITIVE, S32, S64, S127, S128, URL, text},
};

pub(super) const CONTRACT: &[Field] = &[
    field("appid", S32).required(),
    field("plan_id", POSITIVE).required(),
    field("out_contract_code", S32).required(),
    field("contract_display_account", S32).required(),
    field("notify_url", URL).required(),
];

/// For a contract that is signed from an app.
pub(super) const FROM_APP: &[Field] = &[field("return_app", Kind::Boolean), field("attach", S128)];

pub(super) const TERMINATE: &[Field] = &[field("contract_termination_remark", text(256)).required()];

pub(super) const DEDUCT: &[Field] = &[
    field("combine_appid", S32).required(),
    field("combine_mchid", Kind::Mchid).required(),
    field("combine_out_trade_no", Kind::CombinedNumber).required(),
    field("contract_id", S64).required(),
    field("sub_orders", Kind::List { max: 50 }).required(),
    field("sub_orders/*/mchid", Kind::Mchid).required(),
    field("sub_orders/*/attach", S128),
    field("sub_orders/*/amount", Kind::Object).required(),
    field("sub_orders/*/amount/total_amount", POSITIVE).required(),
    field("sub_orders/*/amount/currency", Kind::OneOf(&["CNY"])).required(),
    field("sub_orders/*/out_trade_no", Kind::OrderNumber).required(),
    field("sub_orders/*/sub_mchid", Kind::Mchid).required(),
    field("sub_orders/*/sub_appid", S32),
    field("sub_orders/*/description", S127).required(),
    field("sub_orders/*/settle_info", Kind::Object),
    field("sub_orders/*/settle_info/profit_sharing", Kind::Boolean),
    field(
        "sub_orders/*/settle_info/subsidy_amount",
        Kind::Integer { min: 1, max: 500_000 },
    ),
    field("sub_orders/*/sub_risk_info", text(1024)),
    field("risk_info", text(1024)),
];

pub(super) const REVERSE: &[Field] = &[
    field("combine_appid", S32).required(),
    field("sub_orders", Kind::List { max: 50 }),
    field("sub_orders/*/mchid", Kind::Mchid).required(),
    field("sub_orders/*/out_trade_no", Kind::OrderNumber).required(),
    field("sub_orders/*/sub_mchid", Kind::Mchid).required(),
    field("sub_orders/*/sub_appid", S32),
];
