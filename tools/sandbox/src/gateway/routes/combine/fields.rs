//! Pages: 合单 JSAPI/APP/H5/Native 下单, 合单关闭订单.

use crate::gateway::routes::orders::fields::IDENTITY;
use crate::gateway::validate::{
    Field, Kind, Scenes, field,
    limits::{POSITIVE, S32, S64, S127, S128, URL, text},
};

/// Scenes with profit sharing for each item.
const SESSION: Scenes = Scenes::JSAPI.and(Scenes::APP);

/// A combined order.
pub(super) const COMBINED: &[Field] = &[
    field("combine_appid", S32).required(),
    field("combine_mchid", Kind::Mchid).required(),
    field("combine_out_trade_no", Kind::CombinedNumber).required(),
    field("scene_info", Kind::Object).required_in(Scenes::H5),
    field("scene_info/device_id", S32),
    field("scene_info/payer_client_ip", Kind::Ip).required(),
    field("scene_info/h5_info", Kind::Object)
        .only_in(Scenes::H5)
        .required_in(Scenes::H5),
    field("scene_info/h5_info/type", Kind::OneOf(&["Wap", "iOS", "Android"])).required(),
    field("scene_info/h5_info/app_name", S64),
    field("scene_info/h5_info/app_url", S128),
    field("scene_info/h5_info/bundle_id", S128),
    field("scene_info/h5_info/package_name", S128),
    field("sub_orders", Kind::List { max: 50 }).required(),
    field("sub_orders/*/mchid", Kind::Mchid).required(),
    field("sub_orders/*/attach", S128).required(),
    field("sub_orders/*/amount", Kind::Object).required(),
    field("sub_orders/*/amount/total_amount", POSITIVE).required(),
    field("sub_orders/*/amount/currency", Kind::OneOf(&["CNY"])).required(),
    field("sub_orders/*/out_trade_no", Kind::OrderNumber).required(),
    field("sub_orders/*/sub_mchid", Kind::Mchid),
    field("sub_orders/*/sub_appid", S32),
    field("sub_orders/*/individual_auth_id", S64).only_in(Scenes::APP),
    field("sub_orders/*/individual_name", S64).only_in(Scenes::APP),
    field(
        "sub_orders/*/order_service_type",
        Kind::OneOf(&["INDIVIDUALTRADE"]),
    )
    .only_in(Scenes::APP),
    field("sub_orders/*/profit_sharing", Kind::Boolean).only_in(SESSION),
    field("sub_orders/*/description", S127).required(),
    field("sub_orders/*/detail", text(6000)),
    field("sub_orders/*/goods_tag", S32),
    field("sub_orders/*/settle_info", Kind::Object),
    field("sub_orders/*/settle_info/profit_sharing", Kind::Boolean),
    field(
        "sub_orders/*/settle_info/subsidy_amount",
        Kind::Integer { min: 1, max: 500_000 },
    ),
    field("combine_payer_info", Kind::Object).required_in(Scenes::JSAPI),
    field("combine_payer_info/openid", S128).only_in(Scenes::JSAPI),
    field("combine_payer_info/sub_openid", S128).only_in(Scenes::JSAPI),
    field("combine_payer_info/identity", Kind::Object),
    field("combine_payer_info/identity/type", IDENTITY).required(),
    field("combine_payer_info/identity/number", Kind::Encrypted).required(),
    field("combine_payer_info/identity/name", Kind::Encrypted).required(),
    field("time_start", Kind::Time),
    field("time_expire", Kind::Time),
    field("notify_url", URL).required(),
    field(
        "limit_pay",
        Kind::ListOf(&["no_balance", "no_debit", "balance_only"]),
    ),
    field("trade_scenario", Kind::OneOf(&["RECOMMERCE"])),
    field("prepay_id", S64).only_in(Scenes::APP),
    field("contract_info", Kind::Object).only_in(Scenes::APP),
    field("contract_info/mchid", Kind::Mchid).required(),
    field("contract_info/appid", S32).required(),
    field("contract_info/out_contract_code", S32).required(),
    field("contract_info/plan_id", POSITIVE).required(),
    field("contract_info/contract_display_account", S32).required(),
    field("contract_info/notify_url", URL).required(),
];

/// An order that pays persons. Page: 个人收款交易下单-小程序.
pub(super) const INDIVIDUAL: &[Field] = &[
    field("combine_appid", S32).required(),
    field("combine_mchid", Kind::Mchid).required(),
    field("combine_out_trade_no", Kind::CombinedNumber).required(),
    field("combine_payer_info", Kind::Object).required(),
    field("combine_payer_info/openid", S128).required(),
    field("scene_info", Kind::Object),
    field("scene_info/device_id", S32),
    field("scene_info/payer_client_ip", Kind::Ip).required(),
    field("sub_orders", Kind::List { max: 50 }).required(),
    field("sub_orders/*/mchid", Kind::Mchid).required(),
    field(
        "sub_orders/*/order_service_type",
        Kind::OneOf(&["INDIVIDUALTRADE"]),
    ),
    field("sub_orders/*/individual_auth_id", S64).required(),
    field("sub_orders/*/individual_name", S64),
    field("sub_orders/*/out_trade_no", Kind::OrderNumber).required(),
    field("sub_orders/*/amount", Kind::Object).required(),
    field("sub_orders/*/amount/total_amount", POSITIVE).required(),
    field("sub_orders/*/amount/currency", Kind::OneOf(&["CNY"])).required(),
    field("sub_orders/*/attach", S128).required(),
    field("sub_orders/*/description", S127).required(),
    field("time_expire", Kind::Time),
    field("notify_url", URL),
    field("trade_scenario", Kind::OneOf(&["RECOMMERCE"])),
];

/// Closing one.
pub(super) const CLOSE_COMBINED: &[Field] = &[
    field("combine_appid", S32).required(),
    field("sub_orders", Kind::List { max: 50 }).required(),
    field("sub_orders/*/mchid", Kind::Mchid).required(),
    field("sub_orders/*/out_trade_no", Kind::OrderNumber).required(),
    field("sub_orders/*/sub_mchid", Kind::Mchid),
    field("sub_orders/*/sub_appid", S32),
    field("sub_orders/*/individual_auth_id", S64),
];
