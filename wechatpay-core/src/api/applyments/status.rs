//! State of an application.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{ApplymentId, ApplymentRequestNo, Fen, Mchid, Redacted, Sensitive};

/// State of an application (申请状态).
///
/// The value for a revoked application is not documented; it is read as [`Other`](Self::Other).
#[open_enum]
pub enum ApplymentState {
    /// Documents under automatic check.
    Checking = "CHECKING",
    /// Merchant must verify its account or its legal representative.
    AccountNeedVerify = "ACCOUNT_NEED_VERIFY",
    /// Under manual review.
    Auditing = "AUDITING",
    /// Rejected: correct it and submit it again under its number.
    Rejected = "REJECTED",
    /// Merchant must sign the agreement.
    NeedSign = "NEED_SIGN",
    /// Finished: the merchant can receive payments.
    Finish = "FINISH",
    /// Frozen.
    Frozen = "FROZEN",
}

/// State of the agreement (签约状态).
#[open_enum]
pub enum SignState {
    /// Not signed.
    Unsigned = "UNSIGNED",
    /// Signed.
    Signed = "SIGNED",
    /// Not ready to be signed.
    NotSignable = "NOT_SIGNABLE",
}

/// Queries an application by WeChat Pay's number (通过申请单ID查询申请状态).
///
/// `GET /v3/ecommerce/applyments/{applyment_id}`.
///
/// Other families have a `QueryById` too: [`transactions`](crate::api::transactions::QueryById) and
/// [`refunds::ecommerce`](crate::api::refunds::ecommerce::QueryById).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/applyments/{applyment_id}", response = Applyment, echo(applyment_id))]
#[request(new = "Creates the request for the application `applyment_id`.")]
#[non_exhaustive]
pub struct QueryById {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
}

/// Queries an application by the merchant's number (通过业务申请编号查询申请状态).
///
/// `GET /v3/ecommerce/applyments/out-request-no/{out_request_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/applyments/out-request-no/{out_request_no}",
    response = Applyment, echo(out_request_no)
)]
#[request(new = "Creates the request for the application `out_request_no`.")]
#[non_exhaustive]
pub struct QueryByOutRequestNo {
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}

/// An application, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Applyment {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
    /// State of the application.
    pub applyment_state: ApplymentState,
    /// State as text.
    pub applyment_state_desc: Option<String>,
    /// State of the agreement.
    pub sign_state: Option<SignState>,
    /// Page on which the merchant signs; show it to them.
    pub sign_url: Option<String>,
    /// Id of the new sub-merchant, once it exists.
    pub sub_mchid: Option<Mchid>,
    /// Page for the legal representative's verification; show it to them.
    pub legal_validation_url: Option<String>,
    /// Transfer that verifies the account.
    pub account_validation: Option<AccountValidation>,
    /// Rejected fields.
    pub audit_detail: Vec<AuditDetail>,
}

/// A transfer by which the merchant verifies its account (汇款账户验证信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AccountValidation {
    /// Holder of the paying account, encrypted for the calling merchant.
    pub account_name: Option<Sensitive>,
    /// Number of the paying account, encrypted for the calling merchant.
    pub account_no: Option<Sensitive>,
    /// Number of the receiving account.
    pub destination_account_number: Option<Redacted>,
    /// Holder of the receiving account.
    pub destination_account_name: Option<String>,
    /// Bank of the receiving account.
    pub destination_account_bank: Option<String>,
    /// City of the receiving bank.
    pub city: Option<String>,
    /// Text for the purpose line of the transfer.
    pub remark: Option<String>,
    /// Deadline as text, not RFC 3339: `2018-12-10 17:09:01`.
    pub deadline: Option<String>,
    /// Amount in fen.
    pub pay_amount: Option<Fen>,
}

/// A rejected field (驳回原因).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AuditDetail {
    /// Name of the field.
    pub param_name: Option<String>,
    /// Reason of the rejection.
    pub reject_reason: Option<String>,
}
