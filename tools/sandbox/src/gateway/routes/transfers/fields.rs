//! Pages: 发起转账, 发起转账并完成自动收款授权, 用户授权后转账, 申请免确认收款授权.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{LONG_URL, POSITIVE, S32, S64, S128, S256, text},
};

const S36: Kind = text(36);

/// Fields of any new transfer.
pub(super) const TRANSFER: &[Field] = &[
    field("appid", S32).required(),
    field("out_bill_no", Kind::PlainNumber).required(),
    field("user_name", Kind::Encrypted),
    field("transfer_amount", POSITIVE).required(),
    field("transfer_remark", S32).required(),
    field("notify_url", LONG_URL),
    field("user_recv_perception", S128),
    field("transfer_scene_id", S36).required(),
    field("transfer_scene_report_infos", Kind::List { max: 10 }).required(),
    field("transfer_scene_report_infos/*/info_type", S32).required(),
    field("transfer_scene_report_infos/*/info_content", S32).required(),
];

/// Further fields of a transfer that the user confirms.
pub(super) const CONFIRMED: &[Field] = &[
    field("openid", S128).required(),
    field("user_recv_style", Kind::Object),
    field(
        "user_recv_style/type",
        Kind::OneOf(&["CONFIRM_PAGE", "RED_PACKET"]),
    )
    .required(),
];

/// Further fields of a transfer with which the user authorises the merchant.
pub(super) const AUTHORIZING: &[Field] = &[
    field("openid", S128).required(),
    field("authorization_info", Kind::Object),
    field("authorization_info/user_display_name", S32).required(),
    field("authorization_info/out_authorization_no", Kind::PlainNumber).required(),
    field("authorization_info/authorization_notify_url", LONG_URL).required(),
    field("sponsor_mchid", Kind::Mchid),
];

/// Further fields of a transfer to a user who authorised the merchant.
pub(super) const AUTHORIZED: &[Field] = &[
    field("authorization_id", S64),
    field("out_authorization_no", Kind::PlainNumber),
    field("sponsor_mchid", Kind::Mchid),
];

/// An authorisation.
pub(super) const AUTHORIZE: &[Field] = &[
    field("out_authorization_no", Kind::PlainNumber).required(),
    field("appid", S32).required(),
    field("openid", S128).required(),
    field("transfer_scene_id", S36).required(),
    field("user_display_name", S32).required(),
    field("user_recv_perception", S256),
    field("authorization_notify_url", LONG_URL).required(),
    field("scene_info", Kind::Object),
    field("scene_info/client_ip", S64),
    field("scene_info/device_id", S128),
    field(
        "scene_info/device_type",
        Kind::OneOf(&["IOS", "ANDROID", "HARMONY", "OTHER"]),
    ),
];
