//! The people of a merchant and their documents.

use crate::{
    macros::{open_enum, request},
    types::{PrivateText, Sensitive},
};

open_enum! {
    /// Whose document it is (证件持有人类型).
    pub enum IdHolderType {
        /// The legal person's, or the proprietor's.
        Legal = "LEGAL",
        /// That of who answers for the merchant; with a letter that appoints them.
        Super = "SUPER",
    }
}

open_enum! {
    /// Kind of a person's document (证件类型).
    pub enum IdDocumentType {
        /// Mainland identity card.
        IdCard = "IDENTIFICATION_TYPE_IDCARD",
        /// The same; an older word.
        MainlandIdCard = "IDENTIFICATION_TYPE_MAINLAND_IDCARD",
        /// Passport.
        OverseaPassport = "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
        /// Home-return permit for Hong Kong.
        HongkongPassport = "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
        /// Home-return permit for Macao.
        MacaoPassport = "IDENTIFICATION_TYPE_MACAO_PASSPORT",
        /// Travel permit for Taiwan.
        TaiwanPassport = "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
        /// Home-return permit for Hong Kong; an older word.
        Hongkong = "IDENTIFICATION_TYPE_HONGKONG",
        /// Home-return permit for Macao; an older word.
        Macao = "IDENTIFICATION_TYPE_MACAO",
        /// Travel permit for Taiwan; an older word.
        Taiwan = "IDENTIFICATION_TYPE_TAIWAN",
        /// Permanent residence of a foreigner.
        ForeignResident = "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
        /// Residence permit for Hong Kong and Macao.
        HongkongMacaoResident = "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
        /// Residence permit for Taiwan.
        TaiwanResident = "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
    }
}

open_enum! {
    /// Who administers the merchant (超级管理员类型).
    pub enum ContactType {
        /// The legal person, or the proprietor.
        LegalPerson = "65",
        /// Somebody else, whose document then is required.
        Agent = "66",
    }
}

request! {
    /// A mainland identity card (身份证信息).
    pub struct IdCard {
        required {
            /// Media id of the side with the face.
            id_card_copy: String,
            /// Media id of the side with the emblem.
            id_card_national: String,
            /// The name; travels encrypted.
            id_card_name: Sensitive,
            /// The number; travels encrypted.
            id_card_number: Sensitive,
            /// First day on which it is valid.
            id_card_valid_time_begin: PrivateText,
            /// Last day on which it is valid, or `长期` (for good).
            id_card_valid_time: PrivateText,
        }
        optional {
            /// The address; travels encrypted.
            id_card_address: Sensitive,
        }
        sensitive { id_card_name, id_card_number, id_card_address, }
    }
    /// A card, its texts in plain; the client encrypts them.
    new
}

request! {
    /// A document that is no mainland identity card (其他类型证件信息).
    pub struct IdDocument {
        required {
            /// The name; travels encrypted.
            id_doc_name: Sensitive,
            /// The number; travels encrypted.
            id_doc_number: Sensitive,
            /// Media id of the front.
            id_doc_copy: String,
            /// First day on which it is valid.
            doc_period_begin: PrivateText,
            /// Last day on which it is valid, or `长期` (for good).
            doc_period_end: PrivateText,
        }
        optional {
            /// The address; travels encrypted.
            id_doc_address: Sensitive,
            /// Media id of the back.
            id_doc_copy_back: String,
        }
        sensitive { id_doc_name, id_doc_number, id_doc_address, }
    }
    /// A document, its texts in plain; the client encrypts them.
    new
}

request! {
    /// Who benefits from a company (最终受益人).
    ///
    /// The pages spell the days of validity in two ways: `ubo_period_…` in one, `ubo_id_doc_period_…` in another.
    pub struct Beneficiary {
        required {
            /// Kind of the document.
            ubo_id_doc_type: IdDocumentType,
            /// Media id of the front.
            ubo_id_doc_copy: String,
            /// The name; travels encrypted.
            ubo_id_doc_name: Sensitive,
            /// The number; travels encrypted.
            ubo_id_doc_number: Sensitive,
        }
        optional {
            /// Media id of the back.
            ubo_id_doc_copy_back: String,
            /// The address; travels encrypted.
            ubo_id_doc_address: Sensitive,
            /// First day on which the document is valid.
            ubo_period_begin: PrivateText,
            /// Last day on which it is valid, or `长期` (for good).
            ubo_period_end: PrivateText,
            /// First day, in the other spelling.
            ubo_id_doc_period_begin: PrivateText,
            /// Last day, in the other spelling.
            ubo_id_doc_period_end: PrivateText,
        }
        sensitive { ubo_id_doc_name, ubo_id_doc_number, ubo_id_doc_address, }
    }
    /// A person, their texts in plain; the client encrypts them.
    new
}

request! {
    /// Who administers the merchant (超级管理员信息).
    ///
    /// The pages spell the days of validity in two ways: `contact_period_…` in one, `contact_id_doc_period_…` in another.
    pub struct Contact {
        required {
            /// Who it is.
            contact_type: ContactType,
            /// The name; travels encrypted.
            contact_name: Sensitive,
            /// The telephone; travels encrypted.
            mobile_phone: Sensitive,
        }
        optional {
            /// Kind of the document.
            contact_id_doc_type: IdDocumentType,
            /// Number of the document; travels encrypted.
            contact_id_card_number: Sensitive,
            /// Media id of the front.
            contact_id_doc_copy: String,
            /// Media id of the back.
            contact_id_doc_copy_back: String,
            /// First day on which the document is valid.
            contact_period_begin: PrivateText,
            /// Last day on which it is valid, or `长期` (for good).
            contact_period_end: PrivateText,
            /// First day, in the other spelling.
            contact_id_doc_period_begin: PrivateText,
            /// Last day, in the other spelling.
            contact_id_doc_period_end: PrivateText,
            /// Media id of the letter that authorises them.
            business_authorization_letter: String,
            /// The mail address; older pages only; travels encrypted.
            contact_email: Sensitive,
        }
        sensitive { contact_name, mobile_phone, contact_id_card_number, contact_email, }
    }
    /// A person, their texts in plain; the client encrypts them.
    new
}
