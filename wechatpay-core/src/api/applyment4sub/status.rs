//! State of an application.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::BusinessCode;
use crate::types::{ApplymentId, Mchid};

/// State of an application (申请单状态).
///
/// The platform spells some of the values in its own way, `WAITTING` and `FREEZED`.
#[open_enum]
pub enum ApplymentState {
    /// Waits for the review.
    WaitingForAudit = "APPLYMENT_STATE_WAITTING_FOR_AUDIT",
    /// The administrator must confirm.
    WaitingForContact = "APPLYMENT_STATE_WAITTING_FOR_CONFIRM_CONTACT",
    /// The legal representative must confirm.
    WaitingForLegalPerson = "APPLYMENT_STATE_WAITTING_FOR_CONFIRM_LEGALPERSON",
    /// Passed the review.
    Passed = "APPLYMENT_STATE_PASSED",
    /// Frozen.
    Frozen = "APPLYMENT_STATE_FREEZED",
    /// Incomplete: submit it again.
    Editing = "APPLYMENT_STATE_EDITTING",
    /// Under review.
    Auditing = "APPLYMENT_STATE_AUDITING",
    /// Rejected: correct it and submit it again under its number.
    Rejected = "APPLYMENT_STATE_REJECTED",
    /// The administrator must verify the account: [`Applyment::sign_url`].
    ToBeConfirmed = "APPLYMENT_STATE_TO_BE_CONFIRMED",
    /// The administrator must sign: [`Applyment::sign_url`].
    ToBeSigned = "APPLYMENT_STATE_TO_BE_SIGNED",
    /// Signed; permissions are being opened.
    Signing = "APPLYMENT_STATE_SIGNING",
    /// Finished: the merchant can receive payments.
    Finished = "APPLYMENT_STATE_FINISHED",
    /// Cancelled.
    Cancelled = "APPLYMENT_STATE_CANCELED",
}

/// Queries an application by the partner's number (通过业务申请编号查询申请状态).
///
/// `GET /v3/applyment4sub/applyment/business_code/{business_code}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/applyment4sub/applyment/business_code/{business_code}",
    response = Applyment, echo_if_present(business_code)
)]
#[request(new = "Creates the request for the application `business_code`.")]
#[non_exhaustive]
pub struct QueryByBusinessCode {
    /// Partner's number of the application.
    pub business_code: BusinessCode,
}

/// Queries an application by WeChat Pay's number (通过申请单号查询申请状态).
///
/// `GET /v3/applyment4sub/applyment/applyment_id/{applyment_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/applyment4sub/applyment/applyment_id/{applyment_id}",
    response = Applyment, echo_if_present(applyment_id)
)]
#[request(new = "Creates the request for the application `applyment_id`.")]
#[non_exhaustive]
pub struct QueryByApplymentId {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
}

/// An application, as WeChat Pay reports it (申请单).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Applyment {
    /// State.
    #[response(required)]
    pub applyment_state: ApplymentState,
    /// State as text.
    pub applyment_state_msg: Option<String>,
    /// Partner's number of the application.
    pub business_code: Option<BusinessCode>,
    /// WeChat Pay's number of the application.
    pub applyment_id: Option<ApplymentId>,
    /// Number of the new merchant, once it exists.
    pub sub_mchid: Option<Mchid>,
    /// Page on which the administrator verifies and signs; show it to them.
    pub sign_url: Option<String>,
    /// Rejected fields.
    pub audit_detail: Vec<AuditDetail>,
}

/// A rejected field (驳回原因).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AuditDetail {
    /// Name of the field.
    pub field: Option<String>,
    /// Name of the field in words.
    pub field_name: Option<String>,
    /// Reason of the rejection.
    pub reject_reason: Option<String>,
}
