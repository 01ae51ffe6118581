//! Onboarding of a partner's merchants (特约商户进件).

use wechatpay_core::{
    api::{
        applyment4sub::{
            AccountType, AdditionInfo, AppInfo, BankAccountInfo, Beneficiary, BizStoreInfo, BusinessInfo,
            BusinessLicense, Certificate, CertificatePeriod, CertificateType, ContactInfo,
            FinanceInstitution, IdCardInfo, IdentityInfo, MicroBizInfo, MicroBizType, MicroMobileInfo,
            MicroOnlineInfo, MicroStoreInfo, MiniProgramInfo, MpInfo, Organization, QueryByApplymentId,
            QueryByBusinessCode, SalesInfo, SalesScene, SettlementInfo, SubjectInfo, SubjectType, Submit,
            WebInfo, WeworkInfo,
        },
        applyments::{FinanceType, IdDocument, IdDocumentType, IdHolderType},
    },
    types::{Appid, ApplymentId, Openid, Sensitive},
};

use super::Family;

const DAY: &str = "2019-08-01";

fn secret() -> Sensitive {
    Sensitive::cipher("QUJD")
}

fn app() -> Appid {
    "wx1234567890123456".parse().unwrap()
}

fn media() -> Vec<String> {
    vec!["MediaId".to_owned()]
}

fn contact() -> ContactInfo {
    ContactInfo::new(IdHolderType::Super, secret(), secret(), secret())
        .contact_id_doc_type(IdDocumentType::IdCard)
        .contact_id_number(secret())
        .contact_id_doc_copy("MediaId")
        .contact_id_doc_copy_back("MediaId")
        .contact_period_begin(DAY)
        .contact_period_end("长期")
        .business_authorization_letter("MediaId")
        .openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse::<Openid>().unwrap())
}

fn identity() -> IdentityInfo {
    let card = IdCardInfo::new("MediaId", "MediaId", secret(), secret(), DAY, "长期");
    let document = IdDocument::new(secret(), secret(), "MediaId", DAY, "长期");
    IdentityInfo::new(IdDocumentType::IdCard)
        .id_holder_type(IdHolderType::Legal)
        .authorize_letter_copy("MediaId")
        .id_card_info(card.id_card_address(secret()))
        .id_doc_info(document.id_doc_address(secret()).id_doc_copy_back("MediaId"))
        .owner(true)
}

fn micro() -> MicroBizInfo {
    let store = MicroStoreInfo::new("大郎烧饼", "440305", "南山区xx大厦", "MediaId", "MediaId");
    let online = MicroOnlineInfo::new("李三服装店", "XX购物平台");
    MicroBizInfo::new(MicroBizType::Store)
        .micro_store_info(store.store_longitude("113.941355").store_latitude("22.546245"))
        .micro_mobile_info(MicroMobileInfo::new("流动早餐", "440305", "无", media()))
        .micro_online_info(online.micro_qrcode("MediaId").micro_link("https://www.qq.com"))
}

fn subject() -> SubjectInfo {
    let license = BusinessLicense::new("MediaId", "123456789012345678", "腾讯科技有限公司", "张三")
        .license_address("广东省深圳市")
        .period_begin(DAY)
        .period_end("长期");
    let certificate = Certificate::new(
        "MediaId",
        CertificateType::PublicInstitution,
        "111111111111",
        "xx公益团体",
        "广东省深圳市",
        "李四",
        CertificatePeriod::new(DAY, "长期"),
    );
    let finance = FinanceInstitution::new()
        .finance_type(FinanceType::Insurance)
        .finance_license_pics(media());
    let kind = IdDocumentType::IdCard;
    let owner = Beneficiary::new(kind, "MediaId", secret(), secret(), secret(), DAY, "长期");
    SubjectInfo::new(SubjectType::Enterprise, identity())
        .finance_institution(true)
        .micro_biz_info(micro())
        .business_license_info(license)
        .certificate_info(certificate)
        .organization_info(Organization::new("MediaId", "123456789-A", DAY, "长期"))
        .certificate_letter_copy("MediaId")
        .finance_institution_info(finance)
        .ubo_info_list(vec![owner.ubo_id_doc_copy_back("MediaId")])
}

fn business() -> BusinessInfo {
    let store = BizStoreInfo::new("大郎烧饼", "440305", "南山区xx大厦", media(), media());
    let mini_program = MiniProgramInfo::new()
        .mini_program_appid(app())
        .mini_program_sub_appid(app())
        .mini_program_pics(media());
    let web = WebInfo::new().domain("https://www.qq.com");
    let sales = SalesInfo::new(vec![SalesScene::Store])
        .biz_store_info(store.biz_sub_appid(app()))
        .mp_info(MpInfo::new().mp_appid(app()).mp_sub_appid(app()).mp_pics(media()))
        .mini_program_info(mini_program)
        .app_info(
            AppInfo::new()
                .app_appid(app())
                .app_sub_appid(app())
                .app_pics(media()),
        )
        .web_info(web.web_authorisation("MediaId").web_appid(app()))
        .wework_info(
            WeworkInfo::new()
                .sub_corp_id("wx1234567890123456")
                .wework_pics(media()),
        );
    BusinessInfo::new("张三餐饮店", "0758XXXXX", sales)
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/applyment4sub.json"));
    let settlement = SettlementInfo::new()
        .settlement_id("719")
        .qualification_type("餐饮")
        .qualifications(media())
        .activities_id("20191030111cff5b5e")
        .activities_rate("0.6")
        .debit_activities_rate("0.2")
        .credit_activities_rate("0.6")
        .activities_additions(media());
    let account = BankAccountInfo::new(AccountType::Corporate, secret(), "工商银行", "110000")
        .bank_name("施秉县农村信用合作联社城关信用社")
        .bank_branch_id("402713354941")
        .account_number(secret());
    let addition = AdditionInfo::new()
        .legal_person_commitment("MediaId")
        .legal_person_video("MediaId")
        .business_addition_pics(media())
        .business_addition_msg("特殊情况");
    let code = || "1900013511_10000".parse().unwrap();
    family.check(
        &Submit::new(code(), contact(), subject(), business(), settlement, account).addition_info(addition),
    );
    family.check(&QueryByBusinessCode::new(code()));
    family.check(&QueryByApplymentId::new(ApplymentId::new(2_000_002_124_775_691)));
    family.end();
}
