//! Page: 提交申请单.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{S256, S512, text},
};

/// A picture or file that was uploaded.
const MEDIA: Kind = S256;
const ID_TYPES: Kind = Kind::OneOf(&[
    "IDENTIFICATION_TYPE_IDCARD",
    "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
]);

/// An application. Licence, certificate and business depend on the kind of subject.
pub(super) const SUBMIT: &[Field] = &[
    field("business_code", text(124)).required(),
    field("contact_info", Kind::Object).required(),
    field("contact_info/contact_type", Kind::OneOf(&["LEGAL", "SUPER"])).required(),
    field("contact_info/contact_name", Kind::Encrypted).required(),
    field("contact_info/contact_id_doc_type", ID_TYPES),
    field("contact_info/contact_id_number", Kind::Encrypted),
    field("contact_info/contact_id_doc_copy", MEDIA),
    field("contact_info/contact_id_doc_copy_back", MEDIA),
    field("contact_info/contact_period_begin", S256),
    field("contact_info/contact_period_end", S256),
    field("contact_info/business_authorization_letter", MEDIA),
    field("contact_info/openid", S256),
    field("contact_info/mobile_phone", Kind::Encrypted).required(),
    field("contact_info/contact_email", Kind::Encrypted).required(),
    field("subject_info", Kind::Object).required(),
    field(
        "subject_info/subject_type",
        Kind::OneOf(&[
            "SUBJECT_TYPE_INDIVIDUAL",
            "SUBJECT_TYPE_ENTERPRISE",
            "SUBJECT_TYPE_INSTITUTIONS",
            "SUBJECT_TYPE_OTHERS",
            "SUBJECT_TYPE_MICRO",
            "SUBJECT_TYPE_GOVERNMENT",
            "SUBJECT_TYPE_INSTITUTIONS_CLONED",
        ]),
    )
    .required(),
    field("subject_info/finance_institution", Kind::Boolean),
    field("subject_info/micro_biz_info", Kind::Object),
    field(
        "subject_info/micro_biz_info/micro_biz_type",
        Kind::OneOf(&["MICRO_TYPE_STORE", "MICRO_TYPE_MOBILE", "MICRO_TYPE_ONLINE"]),
    )
    .required(),
    field("subject_info/micro_biz_info/micro_store_info", Kind::Object),
    field("subject_info/micro_biz_info/micro_store_info/micro_name", S256).required(),
    field(
        "subject_info/micro_biz_info/micro_store_info/micro_address_code",
        S256,
    )
    .required(),
    field("subject_info/micro_biz_info/micro_store_info/micro_address", S256).required(),
    field(
        "subject_info/micro_biz_info/micro_store_info/store_entrance_pic",
        MEDIA,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_store_info/micro_indoor_copy",
        MEDIA,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_store_info/store_longitude",
        S256,
    ),
    field(
        "subject_info/micro_biz_info/micro_store_info/store_latitude",
        S256,
    ),
    field("subject_info/micro_biz_info/micro_mobile_info", Kind::Object),
    field(
        "subject_info/micro_biz_info/micro_mobile_info/micro_mobile_name",
        S256,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_mobile_info/micro_mobile_city",
        S256,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_mobile_info/micro_mobile_address",
        S256,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_mobile_info/micro_mobile_pics",
        Kind::Texts,
    )
    .required(),
    field("subject_info/micro_biz_info/micro_online_info", Kind::Object),
    field(
        "subject_info/micro_biz_info/micro_online_info/micro_online_store",
        S256,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_online_info/micro_ec_name",
        S256,
    )
    .required(),
    field(
        "subject_info/micro_biz_info/micro_online_info/micro_qrcode",
        MEDIA,
    ),
    field(
        "subject_info/micro_biz_info/micro_online_info/micro_link",
        text(1024),
    ),
    field("subject_info/business_license_info", Kind::Object),
    field("subject_info/business_license_info/license_copy", MEDIA).required(),
    field("subject_info/business_license_info/license_number", S256).required(),
    field("subject_info/business_license_info/merchant_name", S256).required(),
    field("subject_info/business_license_info/legal_person", S256).required(),
    field("subject_info/business_license_info/license_address", S256),
    field("subject_info/business_license_info/period_begin", S256),
    field("subject_info/business_license_info/period_end", S256),
    field("subject_info/certificate_info", Kind::Object),
    field("subject_info/certificate_info/cert_copy", MEDIA).required(),
    field(
        "subject_info/certificate_info/cert_type",
        Kind::OneOf(&[
            "CERTIFICATE_TYPE_2388",
            "CERTIFICATE_TYPE_2389",
            "CERTIFICATE_TYPE_2390",
            "CERTIFICATE_TYPE_2391",
            "CERTIFICATE_TYPE_2392",
            "CERTIFICATE_TYPE_2393",
            "CERTIFICATE_TYPE_2394",
            "CERTIFICATE_TYPE_2395",
            "CERTIFICATE_TYPE_2396",
            "CERTIFICATE_TYPE_2399",
            "CERTIFICATE_TYPE_2400",
            "CERTIFICATE_TYPE_2520",
            "CERTIFICATE_TYPE_2521",
            "CERTIFICATE_TYPE_2522",
        ]),
    )
    .required(),
    field("subject_info/certificate_info/cert_number", S256).required(),
    field("subject_info/certificate_info/merchant_name", S256).required(),
    field("subject_info/certificate_info/company_address", S256).required(),
    field("subject_info/certificate_info/legal_person", S256).required(),
    field("subject_info/certificate_info/period_begin", S256).required(),
    field("subject_info/certificate_info/period_end", S256).required(),
    field("subject_info/organization_info", Kind::Object),
    field("subject_info/organization_info/organization_copy", MEDIA).required(),
    field("subject_info/organization_info/organization_code", S256).required(),
    field("subject_info/organization_info/org_period_begin", S256).required(),
    field("subject_info/organization_info/org_period_end", S256).required(),
    field("subject_info/certificate_letter_copy", MEDIA),
    field("subject_info/finance_institution_info", Kind::Object),
    field(
        "subject_info/finance_institution_info/finance_type",
        Kind::OneOf(&[
            "BANK_AGENT",
            "PAYMENT_AGENT",
            "INSURANCE",
            "TRADE_AND_SETTLE",
            "OTHER",
        ]),
    ),
    field(
        "subject_info/finance_institution_info/finance_license_pics",
        Kind::Texts,
    ),
    field("subject_info/identity_info", Kind::Object).required(),
    field(
        "subject_info/identity_info/id_holder_type",
        Kind::OneOf(&["LEGAL", "SUPER"]),
    ),
    field("subject_info/identity_info/id_doc_type", ID_TYPES).required(),
    field("subject_info/identity_info/authorize_letter_copy", MEDIA),
    field("subject_info/identity_info/id_card_info", Kind::Object),
    field("subject_info/identity_info/id_card_info/id_card_copy", MEDIA).required(),
    field("subject_info/identity_info/id_card_info/id_card_national", MEDIA).required(),
    field(
        "subject_info/identity_info/id_card_info/id_card_name",
        Kind::Encrypted,
    )
    .required(),
    field(
        "subject_info/identity_info/id_card_info/id_card_number",
        Kind::Encrypted,
    )
    .required(),
    field(
        "subject_info/identity_info/id_card_info/id_card_address",
        Kind::Encrypted,
    ),
    field("subject_info/identity_info/id_card_info/card_period_begin", S256).required(),
    field("subject_info/identity_info/id_card_info/card_period_end", S256).required(),
    field("subject_info/identity_info/id_doc_info", Kind::Object),
    field("subject_info/identity_info/id_doc_info/id_doc_copy", MEDIA).required(),
    field("subject_info/identity_info/id_doc_info/id_doc_copy_back", MEDIA),
    field(
        "subject_info/identity_info/id_doc_info/id_doc_name",
        Kind::Encrypted,
    )
    .required(),
    field(
        "subject_info/identity_info/id_doc_info/id_doc_number",
        Kind::Encrypted,
    )
    .required(),
    field(
        "subject_info/identity_info/id_doc_info/id_doc_address",
        Kind::Encrypted,
    ),
    field("subject_info/identity_info/id_doc_info/doc_period_begin", S256).required(),
    field("subject_info/identity_info/id_doc_info/doc_period_end", S256).required(),
    field("subject_info/identity_info/owner", Kind::Boolean),
    field("subject_info/ubo_info_list", Kind::List { max: 10 }),
    field("subject_info/ubo_info_list/*/ubo_id_doc_type", ID_TYPES).required(),
    field("subject_info/ubo_info_list/*/ubo_id_doc_copy", MEDIA).required(),
    field("subject_info/ubo_info_list/*/ubo_id_doc_copy_back", MEDIA).required(),
    field("subject_info/ubo_info_list/*/ubo_id_doc_name", Kind::Encrypted).required(),
    field("subject_info/ubo_info_list/*/ubo_id_doc_number", Kind::Encrypted).required(),
    field("subject_info/ubo_info_list/*/ubo_id_doc_address", Kind::Encrypted).required(),
    field("subject_info/ubo_info_list/*/ubo_period_begin", S256).required(),
    field("subject_info/ubo_info_list/*/ubo_period_end", S256).required(),
    field("business_info", Kind::Object).required(),
    field("business_info/merchant_shortname", S256).required(),
    field("business_info/service_phone", S256).required(),
    field("business_info/sales_info", Kind::Object).required(),
    field(
        "business_info/sales_info/sales_scenes_type",
        Kind::ListOf(&[
            "SALES_SCENES_STORE",
            "SALES_SCENES_MP",
            "SALES_SCENES_MINI_PROGRAM",
            "SALES_SCENES_WEB",
            "SALES_SCENES_APP",
            "SALES_SCENES_WEWORK",
        ]),
    )
    .required(),
    field("business_info/sales_info/biz_store_info", Kind::Object),
    field("business_info/sales_info/biz_store_info/biz_store_name", S256).required(),
    field("business_info/sales_info/biz_store_info/biz_address_code", S256).required(),
    field("business_info/sales_info/biz_store_info/biz_store_address", S256).required(),
    field(
        "business_info/sales_info/biz_store_info/store_entrance_pic",
        Kind::Texts,
    )
    .required(),
    field("business_info/sales_info/biz_store_info/indoor_pic", Kind::Texts).required(),
    field("business_info/sales_info/biz_store_info/biz_sub_appid", S256),
    field("business_info/sales_info/mp_info", Kind::Object),
    field("business_info/sales_info/mp_info/mp_appid", S256),
    field("business_info/sales_info/mp_info/mp_sub_appid", S256),
    field("business_info/sales_info/mp_info/mp_pics", Kind::Texts),
    field("business_info/sales_info/mini_program_info", Kind::Object),
    field(
        "business_info/sales_info/mini_program_info/mini_program_appid",
        S256,
    ),
    field(
        "business_info/sales_info/mini_program_info/mini_program_sub_appid",
        S256,
    ),
    field(
        "business_info/sales_info/mini_program_info/mini_program_pics",
        Kind::Texts,
    ),
    field("business_info/sales_info/app_info", Kind::Object),
    field("business_info/sales_info/app_info/app_appid", S256),
    field("business_info/sales_info/app_info/app_sub_appid", S256),
    field("business_info/sales_info/app_info/app_pics", Kind::Texts),
    field("business_info/sales_info/web_info", Kind::Object),
    field("business_info/sales_info/web_info/domain", text(1024)),
    field("business_info/sales_info/web_info/web_authorisation", MEDIA),
    field("business_info/sales_info/web_info/web_appid", S256),
    field("business_info/sales_info/wework_info", Kind::Object),
    field("business_info/sales_info/wework_info/sub_corp_id", S256),
    field("business_info/sales_info/wework_info/wework_pics", Kind::Texts),
    field("settlement_info", Kind::Object).required(),
    field("settlement_info/settlement_id", S256),
    field("settlement_info/qualification_type", S256),
    field("settlement_info/qualifications", Kind::Texts),
    field("settlement_info/activities_id", S256),
    field("settlement_info/activities_rate", S256),
    field("settlement_info/debit_activities_rate", S256),
    field("settlement_info/credit_activities_rate", S256),
    field("settlement_info/activities_additions", Kind::Texts),
    field("bank_account_info", Kind::Object).required(),
    field(
        "bank_account_info/bank_account_type",
        Kind::OneOf(&["BANK_ACCOUNT_TYPE_CORPORATE", "BANK_ACCOUNT_TYPE_PERSONAL"]),
    )
    .required(),
    field("bank_account_info/account_name", Kind::Encrypted).required(),
    field("bank_account_info/account_bank", S256).required(),
    field("bank_account_info/bank_address_code", S256).required(),
    field("bank_account_info/bank_name", S256),
    field("bank_account_info/bank_branch_id", S256),
    field("bank_account_info/account_number", Kind::Encrypted),
    field("addition_info", Kind::Object),
    field("addition_info/legal_person_commitment", MEDIA),
    field("addition_info/legal_person_video", MEDIA),
    field("addition_info/business_addition_pics", Kind::Texts),
    field("addition_info/business_addition_msg", S512),
];
