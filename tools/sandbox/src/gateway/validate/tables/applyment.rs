//! Pages: 提交申请单, 修改结算账户.

use super::{Field, Kind, S64, S128, S256, S512, field, text};

const S10: Kind = text(10);
const S12: Kind = text(12);
/// A picture or file that was uploaded.
const MEDIA: Kind = S256;
const ID_TYPES: Kind = Kind::OneOf(&[
    "IDENTIFICATION_TYPE_IDCARD",
    "IDENTIFICATION_TYPE_MAINLAND_IDCARD",
    "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    "IDENTIFICATION_TYPE_HONGKONG",
    "IDENTIFICATION_TYPE_MACAO",
    "IDENTIFICATION_TYPE_TAIWAN",
    "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
]);

/// An application.
pub(crate) const SUBMIT: &[Field] = &[
    field("out_request_no", text(124)).required(),
    field(
        "organization_type",
        Kind::OneOf(&["2401", "2500", "4", "2", "3", "2502", "1708"]),
    )
    .required(),
    field("finance_institution", Kind::Boolean),
    field("finance_institution_info", Kind::Object),
    field(
        "finance_institution_info/finance_type",
        Kind::OneOf(&[
            "BANK_AGENT",
            "PAYMENT_AGENT",
            "INSURANCE",
            "TRADE_AND_SETTLE",
            "OTHER",
        ]),
    )
    .required(),
    field("finance_institution_info/finance_license_pics", Kind::Texts).required(),
    field("business_license_info", Kind::Object),
    field("business_license_info/cert_type", S64),
    field("business_license_info/business_license_type", S64),
    field("business_license_info/business_license_copy", MEDIA).required(),
    field("business_license_info/business_license_number", text(18)).required(),
    field("business_license_info/merchant_name", S128).required(),
    field("business_license_info/legal_person", S128).required(),
    field("business_license_info/company_address", S128),
    field("business_license_info/business_time", S256),
    field("id_holder_type", Kind::OneOf(&["LEGAL", "SUPER"])),
    field("authorize_letter_copy", MEDIA),
    field("id_doc_type", ID_TYPES),
    field("id_card_info", Kind::Object),
    field("id_card_info/id_card_copy", MEDIA).required(),
    field("id_card_info/id_card_national", MEDIA).required(),
    field("id_card_info/id_card_name", Kind::Encrypted).required(),
    field("id_card_info/id_card_number", Kind::Encrypted).required(),
    field("id_card_info/id_card_address", Kind::Encrypted),
    field("id_card_info/id_card_valid_time_begin", S128).required(),
    field("id_card_info/id_card_valid_time", S128).required(),
    field("id_doc_info", Kind::Object),
    field("id_doc_info/id_doc_name", Kind::Encrypted).required(),
    field("id_doc_info/id_doc_number", Kind::Encrypted).required(),
    field("id_doc_info/id_doc_address", Kind::Encrypted),
    field("id_doc_info/id_doc_copy", MEDIA).required(),
    field("id_doc_info/id_doc_copy_back", MEDIA),
    field("id_doc_info/doc_period_begin", S128).required(),
    field("id_doc_info/doc_period_end", S128).required(),
    field("owner", Kind::Boolean),
    field("ubo_info_list", Kind::List { max: 10 }),
    field("ubo_info_list/*/ubo_id_doc_type", ID_TYPES).required(),
    field("ubo_info_list/*/ubo_id_doc_copy", MEDIA).required(),
    field("ubo_info_list/*/ubo_id_doc_copy_back", MEDIA),
    field("ubo_info_list/*/ubo_id_doc_name", Kind::Encrypted).required(),
    field("ubo_info_list/*/ubo_id_doc_number", Kind::Encrypted).required(),
    field("ubo_info_list/*/ubo_id_doc_address", Kind::Encrypted),
    // The names of the periods differ by the version of the page.
    field("ubo_info_list/*/ubo_period_begin", S128),
    field("ubo_info_list/*/ubo_period_end", S128),
    field("ubo_info_list/*/ubo_id_doc_period_begin", S128),
    field("ubo_info_list/*/ubo_id_doc_period_end", S128),
    field("account_info", Kind::Object).required(),
    field("account_info/bank_account_type", Kind::OneOf(&["74", "75"])).required(),
    field("account_info/account_bank", S10).required(),
    field("account_info/account_name", Kind::Encrypted).required(),
    field("account_info/bank_address_code", S12),
    field("account_info/bank_branch_id", S64),
    field("account_info/bank_name", S128),
    field("account_info/account_number", Kind::Encrypted).required(),
    field("contact_info", Kind::Object).required(),
    field("contact_info/contact_type", Kind::OneOf(&["65", "66"])).required(),
    field("contact_info/contact_name", Kind::Encrypted).required(),
    field("contact_info/contact_id_doc_type", ID_TYPES),
    field("contact_info/contact_id_card_number", Kind::Encrypted),
    field("contact_info/contact_id_doc_copy", MEDIA),
    field("contact_info/contact_id_doc_copy_back", MEDIA),
    field("contact_info/contact_period_begin", S128),
    field("contact_info/contact_period_end", S128),
    field("contact_info/contact_id_doc_period_begin", S128),
    field("contact_info/contact_id_doc_period_end", S128),
    field("contact_info/business_authorization_letter", MEDIA),
    field("contact_info/mobile_phone", Kind::Encrypted).required(),
    field("contact_info/contact_email", Kind::Encrypted),
    field("sales_scene_info", Kind::Object).required(),
    field("sales_scene_info/store_name", S256).required(),
    field("sales_scene_info/store_url", text(1024)),
    field("sales_scene_info/store_qr_code", MEDIA),
    field("sales_scene_info/mini_program_sub_appid", S256),
    field("settlement_info", Kind::Object),
    field("settlement_info/settlement_id", Kind::TextOrInteger),
    field("settlement_info/qualification_type", text(200)),
    field("merchant_shortname", S64).required(),
    // A list, or a list written into a text, by the version of the page.
    field("qualifications", Kind::TextOrTexts),
    field("business_addition_pics", Kind::TextOrTexts),
    field("business_addition_desc", S512),
];

/// Change of the settlement account.
pub(crate) const MODIFY_SETTLEMENT: &[Field] = &[
    field("modify_mode", Kind::OneOf(&["MODIFY_MODE_ASYNC"])),
    field(
        "account_type",
        Kind::OneOf(&["ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"]),
    )
    .required(),
    field("account_bank", S128).required(),
    field("bank_address_code", S128).required(),
    field("bank_name", S128),
    field("bank_branch_id", S128),
    field("account_number", Kind::Encrypted).required(),
    field("account_name", Kind::Encrypted),
];
