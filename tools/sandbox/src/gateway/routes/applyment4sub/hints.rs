//! Applications of a service provider's merchants.

use crate::language::texts;

texts! {
    pub(super) enum PartnerHint {
        ProvidersOnly =>
            "/v3/applyment4sub is for ordinary service providers; e-commerce platforms use /v3/ecommerce/applyments/",
            "/v3/applyment4sub 仅供普通服务商使用；电商平台请使用 /v3/ecommerce/applyments/";
        Subject { subject: String } =>
            "subject_type {subject} needs this part",
            "subject_type 为 {subject} 时必填";
        Document =>
            "an identity card needs id_card_info, any other id_doc_type id_doc_info",
            "身份证需要 id_card_info，其他证件类型需要 id_doc_info";
        Agent =>
            "who is not the legal person shows the letter that allows it",
            "超级管理员不是法人时，需要授权函";
        Finance =>
            "finance_institution_info goes with finance_institution true",
            "finance_institution_info 须与 finance_institution 为 true 同时出现";
        Scene { scene: String } =>
            "sales_scenes_type {scene} needs this part",
            "sales_scenes_type 含 {scene} 时必填";
    }
}
