//! Handing an application in, and taking it back.

use serde::Serialize;

use super::Application;
use crate::{
    api::EchoMismatch,
    crypto::EncryptError,
    macros::{endpoint, open_enum, request, response},
    types::{ApplymentId, ApplymentRequestNo, DateTime, SensitiveFields, SensitiveVisitor},
};

/// Hands an application in (提交申请单): `POST /v3/ecommerce/applyments/`. The slash at the end belongs to the path.
///
/// May be repeated unchanged: the same `out_request_no` is the same application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Submit {
    /// The application.
    pub application: Application,
}

impl Submit {
    /// This application.
    #[must_use]
    pub fn new(application: Application) -> Self {
        Self { application }
    }
}

impl SensitiveFields for Submit {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.application.visit_sensitive(f)
    }
}

endpoint! {
    impl POST "/v3/ecommerce/applyments/" for Submit -> Submitted {
        idempotency: ByNumber,
        sensitive: true,
        check: same_application,
    }
}

fn same_application(request: &Submit, answer: &Submitted) -> Result<(), EchoMismatch> {
    EchoMismatch::compare(
        "out_request_no",
        &request.application.out_request_no,
        &answer.out_request_no,
    )
}

request! {
    /// Hands an application in for a platform that holds its sub-merchants' accounts (账号托管类平台, 提交申请单):
    /// `POST /v3/ecommerce/applyments/submit-account-hosting-applyment`.
    ///
    /// May be repeated unchanged: the same `out_request_no` is the same application.
    pub struct SubmitAccountHosting {
        required {
            /// The application.
            #[serde(flatten)]
            application: Application,
        }
        optional {
            /// Whether the platform signs and verifies in the merchant's place; then see [`SubmitSignVerifyInfo`].
            proxy_sign_verify_mode: bool,
            /// Media id of the platform's statement that it completed the pictures of the legal person's document.
            id_card_complete_statement: String,
        }
        sensitive { application, }
    }
    /// This application.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/applyments/submit-account-hosting-applyment" for SubmitAccountHosting -> Submitted {
        idempotency: ByNumber,
        sensitive: true,
        check: same_hosted_application,
    }
}

fn same_hosted_application(request: &SubmitAccountHosting, answer: &Submitted) -> Result<(), EchoMismatch> {
    EchoMismatch::compare(
        "out_request_no",
        &request.application.out_request_no,
        &answer.out_request_no,
    )
}

response! {
    /// An application that was handed in.
    pub struct Submitted {
        required {
            /// The platform's number of it.
            applyment_id: ApplymentId,
            /// The merchant's number of it.
            out_request_no: ApplymentRequestNo,
        }
    }
}

open_enum! {
    /// How the platform verified the merchant's identity (核身方式).
    pub enum VerifyIdentityType {
        /// Face to face.
        FaceToFace = "VERIFY_IDENTITY_TYPE_FACE_TO_FACE",
        /// From afar.
        Remote = "VERIFY_IDENTITY_TYPE_REMOTE",
    }
}

request! {
    /// How the platform verified the merchant's identity (平台代理核身信息).
    pub struct ProxyVerification {
        required {
            /// In which way.
            verify_identity_type: VerifyIdentityType,
            /// Whether it is who it says.
            verify_identity_result: bool,
        }
    }
    /// An identity that was verified in this way.
    new
}

request! {
    /// Says that the platform signed and verified in the merchant's place (平台代理签约核身):
    /// `POST /v3/ecommerce/applyments/submit-sign-verify-info`.
    ///
    /// May be repeated unchanged: it is about one application.
    pub struct SubmitSignVerifyInfo {
        required {
            /// The merchant's number of the application.
            out_request_no: ApplymentRequestNo,
        }
        optional {
            /// The platform's number of the application.
            applyment_id: ApplymentId,
            /// When the agreement was signed.
            pre_sign_time: DateTime,
            /// How the identity was verified.
            proxy_verify_identity_info: ProxyVerification,
        }
    }
    /// The application `out_request_no`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/applyments/submit-sign-verify-info" for SubmitSignVerifyInfo -> SubmittedSignVerifyInfo {
        idempotency: ByNumber,
        repeats: [applyment_id],
    }
}

response! {
    /// The answer to [`SubmitSignVerifyInfo`].
    pub struct SubmittedSignVerifyInfo {
        required {
            /// The platform's number of the application.
            applyment_id: ApplymentId,
        }
    }
}

request! {
    /// Takes an application back by the platform's number (撤销申请单): `POST /v3/ecommerce/applyments/{applyment_id}/revoke`.
    ///
    /// While it is being checked, rejected, frozen or waits for the merchant. May be repeated unchanged.
    pub struct RevokeById {
        required {
            /// The platform's number of the application.
            applyment_id: ApplymentId,
        }
    }
    /// The application `applyment_id`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/applyments/{applyment_id}/revoke" without body for RevokeById -> RevokedApplyment {
        idempotency: ByNumber,
        path: [applyment_id],
        repeats: [applyment_id],
    }
}

request! {
    /// Takes an application back by the merchant's number (撤销申请单):
    /// `POST /v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke`.
    ///
    /// While it is being checked, rejected, frozen or waits for the merchant. May be repeated unchanged.
    pub struct RevokeByOutRequestNo {
        required {
            /// The merchant's number of the application.
            out_request_no: ApplymentRequestNo,
        }
    }
    /// The application `out_request_no`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke" without body
        for RevokeByOutRequestNo -> RevokedApplyment
    {
        idempotency: ByNumber,
        path: [out_request_no],
        repeats: [out_request_no],
    }
}

response! {
    /// An application that was taken back.
    pub struct RevokedApplyment {
        required {
            /// The platform's number of it.
            applyment_id: ApplymentId,
            /// The merchant's number of it.
            out_request_no: ApplymentRequestNo,
        }
    }
}
