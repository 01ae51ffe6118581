//! Pages: 创建代金券批次, 发放代金券, 设置消息通知地址, 修改可用单品编码, 图片上传.

use crate::{
    gateway::{
        routes::media::{Form, MIB, PICTURES},
        validate::{
            Field, Kind, field,
            limits::{ANY, POSITIVE, S16, S32, S64, S128, S512, URL, text},
        },
    },
    world::media::state::MediaKind,
};

pub(super) const STOCK: &[Field] = &[
    field("stock_name", text(20)).required(),
    field("comment", text(20)),
    field("belong_merchant", Kind::Mchid).required(),
    field("available_begin_time", Kind::Time).required(),
    field("available_end_time", Kind::Time).required(),
    field("stock_use_rule", Kind::Object).required(),
    field("stock_use_rule/max_coupons", POSITIVE).required(),
    field("stock_use_rule/max_amount", POSITIVE).required(),
    field("stock_use_rule/max_amount_by_day", ANY),
    field(
        "stock_use_rule/max_coupons_per_user",
        Kind::Integer { min: 1, max: 60 },
    )
    .required(),
    field("stock_use_rule/natural_person_limit", Kind::Boolean).required(),
    field("stock_use_rule/prevent_api_abuse", Kind::Boolean).required(),
    field("no_cash", Kind::Boolean).required(),
    field(
        "stock_type",
        Kind::OneOf(&["NORMAL", "DISCOUNT", "EXCHAHGE", "RANDOM", "DISCOUNT_CUT"]),
    )
    .required(),
    field("out_request_no", S128).required(),
    field("ext_info", S128),
];

pub(super) const PATTERN: &[Field] = &[
    field("pattern_info", Kind::Object),
    field("pattern_info/description", text(1000)),
    field("pattern_info/merchant_logo", S128),
    field("pattern_info/merchant_name", text(16)),
    field("pattern_info/background_color", S32),
    field("pattern_info/coupon_image", S512),
    field(
        "pattern_info/jump_target",
        Kind::OneOf(&["PAYMENT_CODE", "MINI_PROGRAM", "DEFAULT_PAGE"]),
    ),
    field("pattern_info/mini_program_appid", S32),
    field("pattern_info/mini_program_path", S128),
];

pub(super) const USE_RULE: &[Field] = &[
    field("coupon_use_rule", Kind::Object).required(),
    field("coupon_use_rule/coupon_available_time", Kind::Object).required(),
    field(
        "coupon_use_rule/coupon_available_time/available_begin_time",
        Kind::Time,
    ),
    field(
        "coupon_use_rule/coupon_available_time/available_end_time",
        Kind::Time,
    ),
    field(
        "coupon_use_rule/coupon_available_time/fix_available_time",
        Kind::Object,
    ),
    field(
        "coupon_use_rule/coupon_available_time/fix_available_time/available_week_day",
        Kind::List { max: 7 },
    ),
    field(
        "coupon_use_rule/coupon_available_time/fix_available_time/begin_time",
        ANY,
    ),
    field(
        "coupon_use_rule/coupon_available_time/fix_available_time/end_time",
        ANY,
    ),
    field(
        "coupon_use_rule/coupon_available_time/second_day_available",
        Kind::Boolean,
    ),
    field(
        "coupon_use_rule/coupon_available_time/available_time_after_receive",
        ANY,
    ),
    field("coupon_use_rule/fixed_normal_coupon", Kind::Object),
    field("coupon_use_rule/fixed_normal_coupon/coupon_amount", POSITIVE).required(),
    field(
        "coupon_use_rule/fixed_normal_coupon/transaction_minimum",
        POSITIVE,
    )
    .required(),
    field("coupon_use_rule/discount_coupon", Kind::Object),
    field("coupon_use_rule/discount_coupon/discount_amount_max", ANY),
    field("coupon_use_rule/discount_coupon/discount_percent", ANY),
    field("coupon_use_rule/discount_coupon/transaction_minimum", ANY),
    field("coupon_use_rule/exchange_coupon", Kind::Object),
    field("coupon_use_rule/exchange_coupon/exchange_price", ANY),
    field("coupon_use_rule/exchange_coupon/transaction_minimum", ANY),
    field("coupon_use_rule/goods_tag", Kind::Texts),
    field("coupon_use_rule/limit_pay", Kind::Texts),
    field("coupon_use_rule/limit_card", Kind::Object),
    field("coupon_use_rule/limit_card/name", S16),
    field("coupon_use_rule/limit_card/bin", Kind::Texts),
    field("coupon_use_rule/trade_type", Kind::Texts),
    field("coupon_use_rule/available_items", Kind::Texts),
    field("coupon_use_rule/unavailable_items", Kind::Texts),
    field("coupon_use_rule/available_merchants", Kind::Texts),
    field("coupon_use_rule/combine_use", Kind::Boolean),
];

pub(super) const CREATOR: &[Field] = &[field("stock_creator_mchid", Kind::Mchid).required()];

pub(super) const GOODS: &[Field] = &[
    field("add_goods_id_list", Kind::Texts),
    field("delete_goods_id_list", Kind::Texts),
];

pub(super) const SEND: &[Field] = &[
    field("stock_id", S64).required(),
    field("out_request_no", S128).required(),
    field("appid", S128).required(),
    field("coupon_value", POSITIVE),
    field("coupon_minimum", POSITIVE),
];

pub(super) const CALLBACK: &[Field] = &[
    field("mchid", Kind::Mchid).required(),
    field("notify_url", URL).required(),
    field("switch", Kind::Boolean),
];

pub(super) const PICTURE: Form = Form::of(MediaKind::Picture, &[(PICTURES, 2 * MIB)]);
