//! How far an application is.

use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{ApplymentId, ApplymentRequestNo, Fen, Mchid, PrivateText, Sensitive},
};

open_enum! {
    /// How far an application is (申请状态).
    ///
    /// What an application is called that was taken back is not confirmed; it will be [`Other`](Self::Other).
    pub enum ApplymentState {
        /// The documents are being checked.
        Checking = "CHECKING",
        /// The merchant must verify its account or its legal person.
        AccountNeedVerify = "ACCOUNT_NEED_VERIFY",
        /// Somebody looks at it.
        Auditing = "AUDITING",
        /// Rejected: correct it and hand it in again under its number.
        Rejected = "REJECTED",
        /// The merchant must sign.
        NeedSign = "NEED_SIGN",
        /// The merchant can be paid.
        Finish = "FINISH",
        /// Frozen.
        Frozen = "FROZEN",
    }
}

open_enum! {
    /// Whether the merchant signed (签约状态).
    pub enum SignState {
        /// Not yet.
        Unsigned = "UNSIGNED",
        /// It did.
        Signed = "SIGNED",
        /// It cannot yet.
        NotSignable = "NOT_SIGNABLE",
    }
}

request! {
    /// Queries an application by the platform's number (通过申请单ID查询申请状态):
    /// `GET /v3/ecommerce/applyments/{applyment_id}`.
    pub struct QueryById {
        required {
            /// The platform's number of the application.
            applyment_id: ApplymentId,
        }
    }
    /// The application `applyment_id`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/applyments/{applyment_id}" for QueryById -> Applyment {
        path: [applyment_id],
        repeats: [applyment_id],
    }
}

request! {
    /// Queries an application by the merchant's number (通过业务申请编号查询申请状态):
    /// `GET /v3/ecommerce/applyments/out-request-no/{out_request_no}`.
    pub struct QueryByOutRequestNo {
        required {
            /// The merchant's number of the application.
            out_request_no: ApplymentRequestNo,
        }
    }
    /// The application `out_request_no`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/applyments/out-request-no/{out_request_no}" for QueryByOutRequestNo -> Applyment {
        path: [out_request_no],
        repeats: [out_request_no],
    }
}

response! {
    /// An application at the platform.
    pub struct Applyment {
        required {
            /// The platform's number of it.
            applyment_id: ApplymentId,
            /// The merchant's number of it.
            out_request_no: ApplymentRequestNo,
        }
        states {
            /// How far it is.
            applyment_state: ApplymentState,
        }
        texts {
            /// The state in words.
            applyment_state_desc: String,
            /// Whether the merchant signed.
            sign_state: SignState,
            /// Where the merchant signs; a page to show it.
            sign_url: String,
            /// The new sub-merchant, once there is one.
            sub_mchid: Mchid,
            /// Where the legal person verifies; a page to show them.
            legal_validation_url: String,
        }
        parts {
            /// What must be transferred to verify the account.
            account_validation: AccountValidation,
        }
        lists {
            /// Why it was rejected.
            audit_detail: AuditDetail,
        }
    }
}

response! {
    /// A transfer by which the merchant verifies its account (汇款账户验证信息).
    pub struct AccountValidation {
        texts {
            /// Whose account pays, encrypted for the platform's merchant.
            account_name: Sensitive,
            /// Number of the account that pays, encrypted for the platform's merchant.
            account_no: Sensitive,
            /// Number of the account to pay to.
            destination_account_number: PrivateText,
            /// Whose account to pay to.
            destination_account_name: String,
            /// Its bank.
            destination_account_bank: String,
            /// The city.
            city: String,
            /// What to write as the purpose.
            remark: String,
            /// Until when, as a text that is no RFC 3339 time: `2018-12-10 17:09:01`.
            deadline: String,
        }
        parts {
            /// How much, in fen.
            pay_amount: Fen,
        }
    }
}

response! {
    /// A field that was rejected (驳回原因).
    pub struct AuditDetail {
        texts {
            /// The field.
            param_name: String,
            /// Why.
            reject_reason: String,
        }
    }
}
