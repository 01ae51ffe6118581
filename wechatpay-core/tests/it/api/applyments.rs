//! Onboarding of sub-merchants.

use serde_json::{Value, json};
use wechatpay_core::{
    api::applyments::{
        AccountInfo, Application, Applyment, ApplymentState, BankAccountType, Beneficiary, BusinessLicense,
        BusinessTime, Contact, ContactType, FinanceInstitution, FinanceType, IdCard, IdDocument,
        IdDocumentType, IdHolderType, MediaList, OrganizationType, ProxyVerification, QueryById,
        QueryByOutRequestNo, RevokeById, RevokeByOutRequestNo, RevokedApplyment, SalesScene, SettlementRule,
        SignState, Submit, SubmitAccountHosting, SubmitSignVerifyInfo, Submitted, SubmittedSignVerifyInfo,
        VerifyIdentityType,
    },
    types::{ApplymentId, DateTime},
};

use super::support::{
    SUB_APPID, SUB_MCHID, TIME, fen, get, id, merged, post, read, response, sent, sub_appid, values,
};

const REQUEST: &str = "APPLYMENT_00000000001";
const NUMBER: u64 = 2_000_002_124_775_691;
const COPY: &str = "47ZC6GC-vnrbEny__Ie_An5-tCpqxucuxi-vByf3Gjm7KE53JXvGy9tqZm2XAUf";

fn sparse() -> Application {
    Application::new(
        id(REQUEST),
        OrganizationType::Micro,
        AccountInfo::new(BankAccountType::Personal, "工商银行", "张三", "6222020000001111"),
        Contact::new(ContactType::LegalPerson, "张三", "13800000000"),
        SalesScene::new("爱烧烤"),
        "爱烧烤",
    )
}

fn sparse_json() -> Value {
    json!({
        "out_request_no": REQUEST,
        "organization_type": "2401",
        "account_info": {
            "bank_account_type": "75", "account_bank": "工商银行", "account_name": "ENC(张三)",
            "account_number": "ENC(6222020000001111)",
        },
        "contact_info": { "contact_type": "65", "contact_name": "ENC(张三)", "mobile_phone": "ENC(13800000000)" },
        "sales_scene_info": { "store_name": "爱烧烤" },
        "merchant_shortname": "爱烧烤",
    })
}

fn full() -> Application {
    let account = AccountInfo::new(
        BankAccountType::Corporate,
        "工商银行",
        "张三公司",
        "6222020000001111",
    )
    .bank_address_code("110000")
    .bank_branch_id("402713354941")
    .bank_name("施秉县农村信用合作联社城关信用社");
    let contact = Contact::new(ContactType::Agent, "李四", "13800000000")
        .contact_id_doc_type(IdDocumentType::IdCard)
        .contact_id_card_number("320311770706001")
        .contact_id_doc_copy(COPY)
        .contact_id_doc_copy_back(COPY)
        .contact_period_begin("2019-06-06")
        .contact_period_end("2026-06-06")
        .contact_id_doc_period_begin("2019-06-07")
        .contact_id_doc_period_end("长期")
        .business_authorization_letter(COPY)
        .contact_email("li4@example.com");
    let scene = SalesScene::new("爱烧烤")
        .store_url("http://www.qq.com")
        .store_qr_code(COPY)
        .mini_program_sub_appid(sub_appid());
    let beneficiary = || Beneficiary::new(IdDocumentType::OverseaPassport, COPY, "王五", "E00000001");
    Application::new(
        id(REQUEST),
        OrganizationType::Company,
        account,
        contact,
        scene,
        "爱烧烤",
    )
    .finance_institution(true)
    .business_license_info(
        BusinessLicense::new(COPY, "123456789012345678", "腾讯科技有限公司", "张三")
            .cert_type("CERTIFICATE_TYPE_2388")
            .company_address("深圳南山区科苑路")
            .business_time(BusinessTime::new("2014-01-01", "长期")),
    )
    .finance_institution_info(FinanceInstitution::new(
        FinanceType::BankAgent,
        vec![COPY.to_owned()],
    ))
    .id_holder_type(IdHolderType::Super)
    .id_doc_type(IdDocumentType::IdCard)
    .authorize_letter_copy(COPY)
    .id_card_info(
        IdCard::new(
            COPY,
            COPY,
            "张三",
            "110101199003071234",
            "2019-06-06",
            "2026-06-06",
        )
        .id_card_address("深圳市南山区"),
    )
    .id_doc_info(
        IdDocument::new("JAMES", "P0001", COPY, "2020-01-02", "长期")
            .id_doc_address("Somewhere 1")
            .id_doc_copy_back(COPY),
    )
    .owner(false)
    .ubo_info_list(vec![
        beneficiary()
            .ubo_id_doc_copy_back(COPY)
            .ubo_id_doc_address("UseBackupHost 2")
            .ubo_period_begin("2019-06-06")
            .ubo_period_end("2026-06-06")
            .ubo_id_doc_period_begin("2019-06-07")
            .ubo_id_doc_period_end("长期"),
        beneficiary(),
    ])
    .settlement_info(
        SettlementRule::new()
            .settlement_id("719")
            .qualification_type("餐饮"),
    )
    .qualifications(vec![COPY.to_owned()])
    .business_addition_pics(MediaList::from(vec!["a".to_owned(), "b".to_owned()]).into_text())
    .business_addition_desc("特殊情况，说明原因")
}

fn full_json() -> Value {
    let document = |kind: &str| {
        json!({
            "ubo_id_doc_type": kind, "ubo_id_doc_copy": COPY, "ubo_id_doc_name": "ENC(王五)",
            "ubo_id_doc_number": "ENC(E00000001)",
        })
    };
    json!({
        "out_request_no": REQUEST,
        "organization_type": "2",
        "finance_institution": true,
        "business_license_info": {
            "cert_type": "CERTIFICATE_TYPE_2388", "business_license_copy": COPY,
            "business_license_number": "123456789012345678", "merchant_name": "腾讯科技有限公司", "legal_person": "张三",
            "company_address": "深圳南山区科苑路", "business_time": "[\"2014-01-01\",\"长期\"]",
        },
        "finance_institution_info": { "finance_type": "BANK_AGENT", "finance_license_pics": [COPY] },
        "id_holder_type": "SUPER",
        "id_doc_type": "IDENTIFICATION_TYPE_IDCARD",
        "authorize_letter_copy": COPY,
        "id_card_info": {
            "id_card_copy": COPY, "id_card_national": COPY, "id_card_name": "ENC(张三)",
            "id_card_number": "ENC(110101199003071234)", "id_card_address": "ENC(深圳市南山区)",
            "id_card_valid_time_begin": "2019-06-06", "id_card_valid_time": "2026-06-06",
        },
        "id_doc_info": {
            "id_doc_name": "ENC(JAMES)", "id_doc_number": "ENC(P0001)", "id_doc_address": "ENC(Somewhere 1)",
            "id_doc_copy": COPY, "id_doc_copy_back": COPY, "doc_period_begin": "2020-01-02", "doc_period_end": "长期",
        },
        "owner": false,
        "ubo_info_list": [
            merged(document("IDENTIFICATION_TYPE_OVERSEA_PASSPORT"), json!({
                "ubo_id_doc_copy_back": COPY, "ubo_id_doc_address": "ENC(UseBackupHost 2)",
                "ubo_period_begin": "2019-06-06", "ubo_period_end": "2026-06-06",
                "ubo_id_doc_period_begin": "2019-06-07", "ubo_id_doc_period_end": "长期",
            })),
            document("IDENTIFICATION_TYPE_OVERSEA_PASSPORT"),
        ],
        "account_info": {
            "bank_account_type": "74", "account_bank": "工商银行", "account_name": "ENC(张三公司)",
            "bank_address_code": "110000", "bank_branch_id": "402713354941",
            "bank_name": "施秉县农村信用合作联社城关信用社", "account_number": "ENC(6222020000001111)",
        },
        "contact_info": {
            "contact_type": "66", "contact_name": "ENC(李四)", "contact_id_doc_type": "IDENTIFICATION_TYPE_IDCARD",
            "contact_id_card_number": "ENC(320311770706001)", "contact_id_doc_copy": COPY,
            "contact_id_doc_copy_back": COPY, "contact_period_begin": "2019-06-06", "contact_period_end": "2026-06-06",
            "contact_id_doc_period_begin": "2019-06-07", "contact_id_doc_period_end": "长期",
            "business_authorization_letter": COPY, "mobile_phone": "ENC(13800000000)",
            "contact_email": "ENC(li4@example.com)",
        },
        "sales_scene_info": {
            "store_name": "爱烧烤", "store_url": "http://www.qq.com", "store_qr_code": COPY,
            "mini_program_sub_appid": SUB_APPID,
        },
        "settlement_info": { "settlement_id": "719", "qualification_type": "餐饮" },
        "merchant_shortname": "爱烧烤",
        "qualifications": [COPY],
        "business_addition_pics": "[\"a\",\"b\"]",
        "business_addition_desc": "特殊情况，说明原因",
    })
}

#[test]
fn an_application_has_exactly_the_documented_keys_and_a_slash_at_the_end_of_its_path() {
    let path = "/v3/ecommerce/applyments/";
    assert_eq!(sent(&Submit::new(sparse())), post(path, sparse_json()));
    assert_eq!(sent(&Submit::new(full())), post(path, full_json()));
}

#[test]
fn an_application_under_account_hosting_has_two_more_keys() {
    let path = "/v3/ecommerce/applyments/submit-account-hosting-applyment";
    assert_eq!(
        sent(&SubmitAccountHosting::new(sparse())),
        post(path, sparse_json())
    );
    assert_eq!(
        sent(
            &SubmitAccountHosting::new(full())
                .proxy_sign_verify_mode(true)
                .id_card_complete_statement(COPY)
        ),
        post(
            path,
            merged(
                full_json(),
                json!({ "proxy_sign_verify_mode": true, "id_card_complete_statement": COPY })
            )
        )
    );
}

#[test]
fn debug_of_an_application_hides_personal_data() {
    let shown = format!("{:?} {:?}", full(), Submit::new(full()));
    for private in [
        "张三\"",
        "李四",
        "王五",
        "JAMES",
        "110101199003071234",
        "P0001",
        "E00000001",
        "6222020000001111",
        "13800000000",
        "li4@example.com",
        "Somewhere",
        "UseBackupHost",
        "深圳市南山区",
    ] {
        assert!(!shown.contains(private), "{private} is shown");
    }
}

#[test]
fn media_ids_are_written_as_a_list_or_as_a_list_in_a_string() {
    let list = MediaList::from(vec!["a\"".to_owned(), "b".to_owned()]);
    assert_eq!(serde_json::to_value(&list).unwrap(), json!(["a\"", "b"]));
    let text = list.into_text();
    let written = serde_json::to_value(&text).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(written.as_str().unwrap()).unwrap(),
        json!(["a\"", "b"])
    );
    assert_eq!(text.clone().into_text(), text);
}

#[test]
fn proxy_signing_has_exactly_the_documented_keys() {
    let path = "/v3/ecommerce/applyments/submit-sign-verify-info";
    let info = SubmitSignVerifyInfo::new(id(REQUEST));
    assert_eq!(sent(&info), post(path, json!({ "out_request_no": REQUEST })));
    assert_eq!(
        sent(
            &info
                .applyment_id(ApplymentId::new(NUMBER))
                .pre_sign_time(id::<DateTime>(TIME))
                .proxy_verify_identity_info(ProxyVerification::new(VerifyIdentityType::FaceToFace, true))
        ),
        post(
            path,
            json!({
                "out_request_no": REQUEST, "applyment_id": NUMBER, "pre_sign_time": TIME,
                "proxy_verify_identity_info": {
                    "verify_identity_type": "VERIFY_IDENTITY_TYPE_FACE_TO_FACE", "verify_identity_result": true,
                },
            })
        )
    );
}

#[test]
fn queries_and_revocations_name_the_application_in_the_path_only() {
    let number = ApplymentId::new(NUMBER);
    assert_eq!(
        sent(&QueryById::new(number)),
        get("/v3/ecommerce/applyments/2000002124775691")
    );
    assert_eq!(
        sent(&QueryByOutRequestNo::new(id("A/1"))),
        get("/v3/ecommerce/applyments/out-request-no/A%2F1")
    );
    let revoke = |path: &str| post(path, Value::Null).without_body();
    assert_eq!(
        sent(&RevokeById::new(number)),
        revoke("/v3/ecommerce/applyments/2000002124775691/revoke")
    );
    assert_eq!(
        sent(&RevokeByOutRequestNo::new(id("A/1"))),
        revoke("/v3/ecommerce/applyments/out-request-no/A%2F1/revoke")
    );
}

fn submitted() -> Value {
    json!({ "applyment_id": NUMBER, "out_request_no": REQUEST })
}

fn full_status() -> Value {
    json!({
        "applyment_state": "ACCOUNT_NEED_VERIFY", "applyment_state_desc": "待账户验证", "sign_state": "UNSIGNED",
        "sign_url": "https://pay.weixin.qq.com/public/apply4ec_sign/s?applymentId=1", "sub_mchid": SUB_MCHID,
        "account_validation": {
            "account_name": "cm9vdA==", "account_no": "YWRtaW4=", "pay_amount": 124,
            "destination_account_number": "7222223333322332", "destination_account_name": "财付通支付科技有限公司",
            "destination_account_bank": "招商银行威盛大厦支行", "city": "深圳", "remark": "入驻账户验证",
            "deadline": "2018-12-10 17:09:01",
        },
        "audit_detail": [{ "param_name": "id_card_copy", "reject_reason": "身份证背面识别失败" }],
        "legal_validation_url": "https://pay.weixin.qq.com/public/apply4ec_sign/s?applymentId=2",
        "out_request_no": REQUEST, "applyment_id": NUMBER,
    })
}

#[test]
fn the_responses_are_read_at_their_fullest_and_sparsest() {
    let _: Submitted = response(&submitted(), &["applyment_id", "out_request_no"]);
    let _: RevokedApplyment = response(&submitted(), &["applyment_id", "out_request_no"]);
    let _: SubmittedSignVerifyInfo = response(&json!({ "applyment_id": NUMBER }), &["applyment_id"]);
    let status: Applyment = response(&full_status(), &["applyment_id", "out_request_no"]);
    assert_eq!(status.applyment_state, ApplymentState::AccountNeedVerify);
    let validation = status.account_validation.as_ref().unwrap();
    assert_eq!(validation.pay_amount, Some(fen(124)));
    assert_eq!(
        validation.account_no.as_ref().unwrap().as_cipher(),
        Some("YWRtaW4=")
    );
    let shown = format!("{status:?}");
    assert!(
        !shown.contains("YWRtaW4=") && !shown.contains("7222223333322332"),
        "{shown}"
    );
}

#[test]
fn the_number_of_an_application_is_a_number_or_a_string() {
    let mut text = submitted();
    text["applyment_id"] = json!("2000002124775691");
    assert_eq!(read::<Submitted>(&text), read::<Submitted>(&submitted()));
    for bad in [
        json!(""),
        json!("-1"),
        json!("+1"),
        json!("1.0"),
        json!(1.5),
        json!(-1),
        json!("１"),
        json!([]),
    ] {
        let mut response = submitted();
        response["applyment_id"] = bad.clone();
        assert!(serde_json::from_value::<Submitted>(response).is_err(), "{bad}");
    }
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    values::<OrganizationType>(&["2401", "2500", "4", "2", "3", "2502", "1708"]);
    values::<FinanceType>(&[
        "BANK_AGENT",
        "PAYMENT_AGENT",
        "INSURANCE",
        "TRADE_AND_SETTLE",
        "OTHER",
    ]);
    values::<IdHolderType>(&["LEGAL", "SUPER"]);
    values::<IdDocumentType>(&[
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
    values::<ContactType>(&["65", "66"]);
    values::<BankAccountType>(&["74", "75"]);
    values::<VerifyIdentityType>(&["VERIFY_IDENTITY_TYPE_FACE_TO_FACE", "VERIFY_IDENTITY_TYPE_REMOTE"]);
    values::<ApplymentState>(&[
        "CHECKING",
        "ACCOUNT_NEED_VERIFY",
        "AUDITING",
        "REJECTED",
        "NEED_SIGN",
        "FINISH",
        "FROZEN",
    ]);
    values::<SignState>(&["UNSIGNED", "SIGNED", "NOT_SIGNABLE"]);
}
