//! State of an application.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{ApplymentId, ApplymentRequestNo, Fen, Mchid, Redacted, Sensitive};

/// State of an application (申请状态).
///
/// The value of an application that was taken back is not confirmed; it will be [`Other`](Self::Other).
#[open_enum]
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

/// State of signing (签约状态).
#[open_enum]
pub enum SignState {
    /// Not yet.
    Unsigned = "UNSIGNED",
    /// It did.
    Signed = "SIGNED",
    /// It cannot yet.
    NotSignable = "NOT_SIGNABLE",
}

/// Queries an application by the platform's number (通过申请单ID查询申请状态):
/// `GET /v3/ecommerce/applyments/{applyment_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/applyments/{applyment_id}", response = Applyment, echo(applyment_id))]
#[request(new = "The application `applyment_id`.")]
#[non_exhaustive]
pub struct QueryById {
    /// The platform's number of the application.
    pub applyment_id: ApplymentId,
}

/// Queries an application by the merchant's number (通过业务申请编号查询申请状态):
/// `GET /v3/ecommerce/applyments/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/applyments/out-request-no/{out_request_no}",
    response = Applyment, echo(out_request_no)
)]
#[request(new = "The application `out_request_no`.")]
#[non_exhaustive]
pub struct QueryByOutRequestNo {
    /// The merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}

/// An application at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Applyment {
    /// The platform's number of it.
    pub applyment_id: ApplymentId,
    /// The merchant's number of it.
    pub out_request_no: ApplymentRequestNo,
    /// Its state.
    pub applyment_state: ApplymentState,
    /// The state in words.
    pub applyment_state_desc: Option<String>,
    /// State of signing.
    pub sign_state: Option<SignState>,
    /// Page on which the merchant signs; show it to them.
    pub sign_url: Option<String>,
    /// The new sub-merchant, once there is one.
    pub sub_mchid: Option<Mchid>,
    /// Page on which the legal person verifies; show it to them.
    pub legal_validation_url: Option<String>,
    /// Amount to transfer for verifying the account.
    pub account_validation: Option<AccountValidation>,
    /// Why it was rejected.
    pub audit_detail: Vec<AuditDetail>,
}

/// A transfer by which the merchant verifies its account (汇款账户验证信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AccountValidation {
    /// Whose account pays, encrypted for the platform's merchant.
    pub account_name: Option<Sensitive>,
    /// Number of the account that pays, encrypted for the platform's merchant.
    pub account_no: Option<Sensitive>,
    /// Number of the account to pay to.
    pub destination_account_number: Option<Redacted>,
    /// Whose account to pay to.
    pub destination_account_name: Option<String>,
    /// Its bank.
    pub destination_account_bank: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The text to write as the purpose.
    pub remark: Option<String>,
    /// Until when, as a text that is no RFC 3339 time: `2018-12-10 17:09:01`.
    pub deadline: Option<String>,
    /// Amount in fen.
    pub pay_amount: Option<Fen>,
}

/// A field that was rejected (驳回原因).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AuditDetail {
    /// The field.
    pub param_name: Option<String>,
    /// Why.
    pub reject_reason: Option<String>,
}
