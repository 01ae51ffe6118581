//! Submitting and revoking an application.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::Application;
use crate::{
    api::EchoMismatch,
    types::{ApplymentId, ApplymentRequestNo, DateTime},
};

/// Submits an application (提交申请单).
///
/// `POST /v3/ecommerce/applyments/`. The slash at the end belongs to the path.
///
/// Safe to retry unchanged: the same `out_request_no` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/",
    response = Submitted, idempotency = ByNumber, check = same_application
)]
#[request(new = "Creates the request for this application.")]
#[non_exhaustive]
pub struct Submit {
    /// The application.
    #[serde(flatten)]
    pub application: Application,
}

fn same_application(request: &Submit, reply: &Submitted) -> Result<(), EchoMismatch> {
    EchoMismatch::compare(
        "out_request_no",
        &request.application.out_request_no,
        &reply.out_request_no,
    )
}

/// Submits an application for a platform that hosts sub-merchant accounts (账号托管类平台, 提交申请单).
///
/// `POST /v3/ecommerce/applyments/submit-account-hosting-applyment`.
///
/// Safe to retry unchanged: the same `out_request_no` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/submit-account-hosting-applyment",
    response = Submitted, idempotency = ByNumber, check = same_hosted_application
)]
#[request(new = "Creates the request for this application.")]
#[non_exhaustive]
pub struct SubmitAccountHosting {
    /// The application.
    #[serde(flatten)]
    pub application: Application,
    /// True if the e-commerce platform signs and verifies for the merchant.
    ///
    /// Then send [`SubmitSignVerifyInfo`] afterwards.
    pub proxy_sign_verify_mode: Option<bool>,
    /// Media id of the platform's statement about completed document pictures.
    ///
    /// The e-commerce platform states that it completed the pictures of the legal representative's document.
    pub id_card_complete_statement: Option<String>,
}

fn same_hosted_application(request: &SubmitAccountHosting, reply: &Submitted) -> Result<(), EchoMismatch> {
    EchoMismatch::compare(
        "out_request_no",
        &request.application.out_request_no,
        &reply.out_request_no,
    )
}

/// A submitted application.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Submitted {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}

/// Method of identity verification by the e-commerce platform (核身方式).
#[open_enum]
pub enum VerifyIdentityType {
    /// Face to face.
    FaceToFace = "VERIFY_IDENTITY_TYPE_FACE_TO_FACE",
    /// Remote.
    Remote = "VERIFY_IDENTITY_TYPE_REMOTE",
}

/// Identity verification done by the e-commerce platform (平台代理核身信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a verification by this method.")]
#[non_exhaustive]
pub struct ProxyVerification {
    /// Method of verification.
    pub verify_identity_type: VerifyIdentityType,
    /// True if the identity was confirmed.
    pub verify_identity_result: bool,
}

/// Reports that the e-commerce platform signed and verified for the merchant (平台代理签约核身).
///
/// `POST /v3/ecommerce/applyments/submit-sign-verify-info`.
///
/// Safe to retry unchanged: it concerns one application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/submit-sign-verify-info",
    response = SubmittedSignVerifyInfo, idempotency = ByNumber, echo(applyment_id)
)]
#[request(new = "Creates the request for the application `out_request_no`.")]
#[non_exhaustive]
pub struct SubmitSignVerifyInfo {
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
    /// WeChat Pay's number of the application.
    pub applyment_id: Option<ApplymentId>,
    /// Time of signing.
    pub pre_sign_time: Option<DateTime>,
    /// Verification of the identity.
    pub proxy_verify_identity_info: Option<ProxyVerification>,
}

/// Response to [`SubmitSignVerifyInfo`].
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubmittedSignVerifyInfo {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
}

/// Revokes an application by WeChat Pay's number (撤销申请单).
///
/// `POST /v3/ecommerce/applyments/{applyment_id}/revoke`.
///
/// Possible while the application is checked, rejected, frozen or waits for the merchant. Safe to retry unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/{applyment_id}/revoke",
    response = RevokedApplyment, idempotency = ByNumber, echo(applyment_id)
)]
#[request(new = "Creates the request for the application `applyment_id`.")]
#[non_exhaustive]
pub struct RevokeById {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
}

/// Revokes an application by the merchant's number (撤销申请单).
///
/// `POST /v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke`.
///
/// Possible while the application is checked, rejected, frozen or waits for the merchant. Safe to retry unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke",
    response = RevokedApplyment, idempotency = ByNumber, echo(out_request_no)
)]
#[request(new = "Creates the request for the application `out_request_no`.")]
#[non_exhaustive]
pub struct RevokeByOutRequestNo {
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}

/// A revoked application.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RevokedApplyment {
    /// WeChat Pay's number of the application.
    pub applyment_id: ApplymentId,
    /// Merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}
