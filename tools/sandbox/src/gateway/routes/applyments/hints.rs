//! Applications of sub-merchants.

use crate::{language::texts, world::applyments::state::ApplymentError};

texts! {
    pub(super) enum ApplymentHint {
        Differs =>
            "this number was used with other values; only an application that was turned down comes again changed",
            "该单号已用其他内容提交过；只有被驳回的申请才能修改后重新提交";
        NoLicence =>
            "this organization_type needs its licence: business_license_info",
            "该 organization_type 需要营业执照：business_license_info";
        NoCard =>
            "an identity card needs id_card_info",
            "身份证需要 id_card_info";
        NoDocument =>
            "this id_doc_type needs id_doc_info",
            "该 id_doc_type 需要 id_doc_info";
        NoAuthorization =>
            "who is not the legal person needs authorize_letter_copy",
            "经办人不是法人时需要 authorize_letter_copy";
        NoShop =>
            "name the shop by store_url or by store_qr_code",
            "请填写 store_url 或 store_qr_code";
        Finance =>
            "finance_institution_info goes with finance_institution true",
            "finance_institution_info 须与 finance_institution 为 true 同时出现";
        NotRevoked { error: ApplymentError } =>
            "{error}",
            "{error}";
        TooMany { limit: usize } =>
            "the sandbox keeps {limit} applications; start it afresh",
            "沙箱最多保留 {limit} 份申请，请重新启动沙箱";
    }
}
