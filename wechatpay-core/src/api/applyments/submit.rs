//! Handing an application in, and taking it back.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::Application;
use crate::{
    api::EchoMismatch,
    types::{ApplymentId, ApplymentRequestNo, DateTime},
};

/// Hands an application in (提交申请单): `POST /v3/ecommerce/applyments/`. The slash at the end belongs to the path.
///
/// May be repeated unchanged: the same `out_request_no` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/",
    response = Submitted, idempotency = ByNumber, check = same_application
)]
#[request(new = "This application.")]
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

/// Hands an application in for a platform that holds its sub-merchants' accounts (账号托管类平台, 提交申请单):
/// `POST /v3/ecommerce/applyments/submit-account-hosting-applyment`.
///
/// May be repeated unchanged: the same `out_request_no` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/submit-account-hosting-applyment",
    response = Submitted, idempotency = ByNumber, check = same_hosted_application
)]
#[request(new = "This application.")]
#[non_exhaustive]
pub struct SubmitAccountHosting {
    /// The application.
    #[serde(flatten)]
    pub application: Application,
    /// True if the platform signs and verifies in the merchant's place; then see [`SubmitSignVerifyInfo`].
    pub proxy_sign_verify_mode: Option<bool>,
    /// Media id of the platform's statement that it completed the pictures of the legal person's document.
    pub id_card_complete_statement: Option<String>,
}

fn same_hosted_application(request: &SubmitAccountHosting, reply: &Submitted) -> Result<(), EchoMismatch> {
    EchoMismatch::compare(
        "out_request_no",
        &request.application.out_request_no,
        &reply.out_request_no,
    )
}

/// An application that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Submitted {
    /// The platform's number of it.
    pub applyment_id: ApplymentId,
    /// The merchant's number of it.
    pub out_request_no: ApplymentRequestNo,
}

/// Way in which the platform verified the merchant's identity (核身方式).
#[open_enum]
pub enum VerifyIdentityType {
    /// Face to face.
    FaceToFace = "VERIFY_IDENTITY_TYPE_FACE_TO_FACE",
    /// From afar.
    Remote = "VERIFY_IDENTITY_TYPE_REMOTE",
}

/// Verification of the merchant's identity by the platform (平台代理核身信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An identity that was verified in this way.")]
#[non_exhaustive]
pub struct ProxyVerification {
    /// In which way.
    pub verify_identity_type: VerifyIdentityType,
    /// Returns true if it is who it says.
    pub verify_identity_result: bool,
}

/// Says that the platform signed and verified in the merchant's place (平台代理签约核身):
/// `POST /v3/ecommerce/applyments/submit-sign-verify-info`.
///
/// May be repeated unchanged: it is about one application.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/submit-sign-verify-info",
    response = SubmittedSignVerifyInfo, idempotency = ByNumber, echo(applyment_id)
)]
#[request(new = "The application `out_request_no`.")]
#[non_exhaustive]
pub struct SubmitSignVerifyInfo {
    /// The merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
    /// The platform's number of the application.
    pub applyment_id: Option<ApplymentId>,
    /// When the agreement was signed.
    pub pre_sign_time: Option<DateTime>,
    /// Way in which the identity was verified.
    pub proxy_verify_identity_info: Option<ProxyVerification>,
}

/// The response to [`SubmitSignVerifyInfo`].
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubmittedSignVerifyInfo {
    /// The platform's number of the application.
    pub applyment_id: ApplymentId,
}

/// Takes an application back by the platform's number (撤销申请单): `POST /v3/ecommerce/applyments/{applyment_id}/revoke`.
///
/// While it is being checked, rejected, frozen or waits for the merchant. May be repeated unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/{applyment_id}/revoke",
    response = RevokedApplyment, idempotency = ByNumber, echo(applyment_id)
)]
#[request(new = "The application `applyment_id`.")]
#[non_exhaustive]
pub struct RevokeById {
    /// The platform's number of the application.
    pub applyment_id: ApplymentId,
}

/// Takes an application back by the merchant's number (撤销申请单):
/// `POST /v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke`.
///
/// While it is being checked, rejected, frozen or waits for the merchant. May be repeated unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke",
    response = RevokedApplyment, idempotency = ByNumber, echo(out_request_no)
)]
#[request(new = "The application `out_request_no`.")]
#[non_exhaustive]
pub struct RevokeByOutRequestNo {
    /// The merchant's number of the application.
    pub out_request_no: ApplymentRequestNo,
}

/// An application that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RevokedApplyment {
    /// The platform's number of it.
    pub applyment_id: ApplymentId,
    /// The merchant's number of it.
    pub out_request_no: ApplymentRequestNo,
}
