//! Pages: 提交注销提现申请, 平台代商户确认注销, 提交注销申请单, 注销申请图片上传.

use crate::{
    gateway::{
        routes::media::{DIGEST, Form, MIB},
        validate::{
            Field, Kind, field,
            limits::{S32, S64, S128, S256, text},
        },
    },
    world::media::state::MediaKind,
};

pub(super) const WITH_PAYOUT: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("out_request_no", S64).required(),
    field("withdraw", Kind::OneOf(&["APPLY_WITHDRAW", "NOT_APPLY_WITHDRAW"])),
    field("payee_info", Kind::Object).required(),
    field(
        "payee_info/account_type",
        Kind::OneOf(&["ACCOUNT_TYPE_CORPORATE", "ACCOUNT_TYPE_PERSONAL"]),
    )
    .required(),
    field("payee_info/bank_account_info", Kind::Object).required(),
    field("payee_info/bank_account_info/account_name", Kind::Encrypted).required(),
    field("payee_info/bank_account_info/account_bank", S128).required(),
    field("payee_info/bank_account_info/bank_branch_id", S128),
    field("payee_info/bank_account_info/bank_branch_name", S128),
    field("payee_info/bank_account_info/bank_name", S128),
    field("payee_info/bank_account_info/account_number", Kind::Encrypted).required(),
    field("payee_info/identity_info", Kind::Object),
    field("payee_info/identity_info/id_doc_type", S64),
    field("payee_info/identity_info/identification_name", Kind::Encrypted).required(),
    field("payee_info/identity_info/identification_no", Kind::Encrypted).required(),
    field("proof_medias", Kind::List { max: 20 }),
    field("proof_medias/*/proof_media_type", S64).required(),
    field("proof_medias/*/proof_media", S256).required(),
    field("additional_materials", Kind::Texts),
    field("remark", S256),
];

pub(super) const CONFIRM: &[Field] = &[
    field("applyment_id", S64),
    field("out_request_no", S64),
    field("sub_mchid", Kind::Mchid).required(),
    field("operator_identification", S128).required(),
    field("confirm_time", Kind::Time).required(),
    field("cancel_contract_version", S32).required(),
];

pub(super) const WITHOUT: &[Field] = &[
    field("sub_mchid", Kind::Mchid).required(),
    field("out_apply_no", S64).required(),
    field("application_info", Kind::List { max: 10 }).required(),
    field(
        "application_info/*/application_type",
        Kind::OneOf(&["SP_CANCEL_ACCOUNT_APPLICATION", "SUB_CANCEL_ACCOUNT_APPLICATION"]),
    ),
    field("application_info/*/application_media_id", text(512)),
];

pub(super) const PICTURE: Form = Form {
    meta: &[
        field("file_name", S256).required(),
        field("file_digest", DIGEST).required(),
    ],
    filename: "/file_name",
    digest: "/file_digest",
    ..Form::of(MediaKind::Picture, &[(&["jpg", "jpeg", "png", "bmp"], 2 * MIB)])
};
