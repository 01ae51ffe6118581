//! Pages: JSAPI/APP/H5/Native 下单 (partner and direct), 关闭订单.

use crate::gateway::validate::{
    Field, Kind, Scenes, field,
    limits::{ANY, POSITIVE, S32, S64, S127, S128, S256, S512, URL},
};

/// Scenes with instalment subsidies.
const SUBSIDY: Scenes = Scenes::JSAPI.and(Scenes::APP);

/// Papers that prove who the payer is.
pub(in crate::gateway::routes) const IDENTITY: Kind = Kind::OneOf(&[
    "IDCARD",
    "HONGKONG_MACAO",
    "HONGKONG_MACAO_RESIDENT",
    "TAIWAN_RESIDENT",
    "FOREIGN_RESIDENT",
    "OVERSEA_PASSPORT",
    "PHONE_NUMBER",
]);

/// Fields that both families share.
pub(in crate::gateway::routes) const PREPAY: &[Field] = &[
    field("description", S127).required(),
    field("out_trade_no", Kind::OrderNumber).required(),
    field("time_expire", Kind::Time),
    field("attach", S128),
    field("notify_url", URL).required(),
    field("goods_tag", S32),
    field(
        "limit_pay",
        Kind::ListOf(&["no_balance", "no_credit", "no_debit", "balance_only"]),
    ),
    field("support_fapiao", Kind::Boolean),
    field("settle_info", Kind::Object),
    field("settle_info/profit_sharing", Kind::Boolean),
    field("amount", Kind::Object).required(),
    field("amount/total", POSITIVE).required(),
    field("amount/currency", Kind::OneOf(&["CNY"])),
    field("payer", Kind::Object).required_in(Scenes::JSAPI),
    field("payer/identity", Kind::Object),
    field("payer/identity/type", IDENTITY).required(),
    field("payer/identity/number", Kind::Encrypted).required(),
    field("payer/identity/name", Kind::Encrypted).required(),
    field("detail", Kind::Object),
    field("detail/cost_price", ANY),
    field("detail/invoice_id", S32),
    field("detail/goods_detail", Kind::List { max: 6000 }),
    field("detail/goods_detail/*/merchant_goods_id", S32).required(),
    field("detail/goods_detail/*/wechatpay_goods_id", S32),
    field("detail/goods_detail/*/goods_name", S256),
    field("detail/goods_detail/*/quantity", POSITIVE).required(),
    field("detail/goods_detail/*/unit_price", ANY).required(),
    field("scene_info", Kind::Object).required_in(Scenes::H5),
    field("scene_info/payer_client_ip", Kind::Ip).required_in(Scenes::H5),
    field("scene_info/device_id", S32),
    field("scene_info/device_ip", Kind::Ip),
    field("scene_info/store_info", Kind::Object),
    field("scene_info/store_info/id", S32),
    field("scene_info/store_info/out_id", S32),
    field("scene_info/store_info/name", S256),
    field("scene_info/store_info/area_code", S32),
    field("scene_info/store_info/address", S512),
    field("scene_info/h5_info", Kind::Object)
        .only_in(Scenes::H5)
        .required_in(Scenes::H5),
    field("scene_info/h5_info/type", Kind::OneOf(&["Wap", "iOS", "Android"])).required(),
    field("scene_info/h5_info/app_name", S64),
    field("scene_info/h5_info/app_url", S128),
    field("scene_info/h5_info/bundle_id", S128),
    field("scene_info/h5_info/package_name", S128),
];

/// Instalments, of single and of combined orders.
pub(in crate::gateway::routes) const INSTALMENTS: &[Field] = &[
    field("subsidy_info", Kind::Object).only_in(SUBSIDY),
    field("subsidy_info/subsidy_detail", Kind::List { max: 100 }).only_in(SUBSIDY),
    field(
        "subsidy_info/subsidy_detail/*/subsidy_period_type",
        Kind::OneOf(&["DAILY", "PERIOD"]),
    )
    .only_in(SUBSIDY),
    field(
        "subsidy_info/subsidy_detail/*/subsidy_plan",
        Kind::List { max: 100 },
    )
    .only_in(SUBSIDY),
    field(
        "subsidy_info/subsidy_detail/*/subsidy_plan/*/subsidy_installment_num",
        Kind::Number(&[3, 6, 12]),
    )
    .only_in(SUBSIDY),
    field(
        "subsidy_info/subsidy_detail/*/subsidy_plan/*/subsidy_percent",
        Kind::Number(&[0, 100]),
    )
    .only_in(SUBSIDY),
];

/// Fields of service providers only.
pub(in crate::gateway::routes) const PREPAY_PARTNER: &[Field] = &[
    field("sp_appid", S32).required(),
    field("sp_mchid", Kind::Mchid).required(),
    field("sub_appid", S32),
    field("sub_mchid", Kind::Mchid).required(),
    field(
        "settle_info/subsidy_amount",
        Kind::Integer { min: 1, max: 500_000 },
    ),
    field("payer/sp_openid", S128).only_in(Scenes::JSAPI),
    field("payer/sub_openid", S128).only_in(Scenes::JSAPI),
];

/// Fields of direct merchants only.
pub(in crate::gateway::routes) const PREPAY_DIRECT: &[Field] = &[
    field("appid", S32).required(),
    field("mchid", Kind::Mchid).required(),
    field("payer/openid", S128)
        .only_in(Scenes::JSAPI)
        .required_in(Scenes::JSAPI),
];

/// Orders that are paid by code. Pages: 付款码支付.
pub(super) const CODE: &[Field] = &[
    field("description", S127).required(),
    field("out_trade_no", Kind::OrderNumber).required(),
    field("attach", S128),
    field("goods_tag", S32),
    field("support_fapiao", Kind::Boolean),
    field("payer", Kind::Object).required(),
    field("payer/auth_code", S32).required(),
    field("amount", Kind::Object).required(),
    field("amount/total", POSITIVE).required(),
    field("amount/currency", Kind::OneOf(&["CNY"])),
    field("scene_info", Kind::Object).required(),
    field("scene_info/device_id", S32),
    field("scene_info/device_ip", Kind::Ip),
    field("scene_info/store_info", Kind::Object).required(),
    field("scene_info/store_info/id", S32),
    field("scene_info/store_info/out_id", S32),
    field("detail", Kind::Object),
    field("detail/cost_price", ANY),
    field("detail/invoice_id", S32),
    field("detail/goods_detail", Kind::List { max: 6000 }).required(),
    field("detail/goods_detail/*/merchant_goods_id", S32).required(),
    field("detail/goods_detail/*/wxpay_goods_id", S32),
    field("detail/goods_detail/*/goods_name", S256),
    field("detail/goods_detail/*/quantity", POSITIVE).required(),
    field("detail/goods_detail/*/unit_price", ANY).required(),
    field("settle_info", Kind::Object),
    field("settle_info/profit_sharing", Kind::Boolean),
];

/// Partners may leave both apps out.
pub(super) const CODE_PARTNER: &[Field] = &[
    field("sp_appid", S32),
    field("sp_mchid", Kind::Mchid).required(),
    field("sub_appid", S32),
    field("sub_mchid", Kind::Mchid).required(),
];

/// A direct merchant and its app, which also reverse an order.
pub(super) const CODE_DIRECT: &[Field] = &[
    field("appid", S32).required(),
    field("mchid", Kind::Mchid).required(),
];

/// Closing an order of a sub-merchant.
pub(in crate::gateway::routes) const CLOSE_PARTNER: &[Field] = &[
    field("sp_mchid", Kind::Mchid).required(),
    field("sub_mchid", Kind::Mchid).required(),
];

/// Closing an order of one's own.
pub(in crate::gateway::routes) const CLOSE_DIRECT: &[Field] = &[field("mchid", Kind::Mchid).required()];
