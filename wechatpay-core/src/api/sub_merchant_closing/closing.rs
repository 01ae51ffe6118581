//! Closing of a sub-merchant without a payout.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::ClosingApplyNo;
use crate::types::{DateTime, Mchid};

/// Path for the pictures of an application (注销申请图片上传): JPG, BMP or PNG.
///
/// The form has the two parts of [`media`](crate::api::media), but its `meta` names the members `file_name` and
/// `file_digest`. The response is an [`UploadedMedia`](crate::api::media::UploadedMedia), whose id fills
/// [`Material::application_media_id`].
pub const UPLOAD: &str = "/v3/ecommerce/account/cancel-applications/media";

/// Kind of a picture of an application (注销申请材料类型).
#[open_enum]
pub enum MaterialType {
    /// Application of the platform.
    Platform = "SP_CANCEL_ACCOUNT_APPLICATION",
    /// Application of the sub-merchant.
    SubMerchant = "SUB_CANCEL_ACCOUNT_APPLICATION",
}

/// Picture of an application (注销申请材料).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Material {
    /// Kind of picture.
    pub application_type: Option<MaterialType>,
    /// Media id of the upload.
    pub application_media_id: Option<String>,
}

/// State of a closing (注销状态).
#[open_enum]
pub enum SimpleClosingState {
    /// Being reviewed.
    Reviewing = "REVIEWING",
    /// Rejected.
    Rejected = "REJECTED",
    /// Closed.
    Success = "CANCEL_SUCCESS",
}

/// Applies for the closing of a sub-merchant (提交注销申请单).
///
/// `POST /v3/ecommerce/account/cancel-applications`.
///
/// Safe to retry unchanged: the same `out_apply_no` is the same closing.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/account/cancel-applications",
    response = Closing, idempotency = ByNumber, echo(out_apply_no, sub_mchid)
)]
#[request(new = "Creates the application for `sub_mchid`, with its pictures.")]
#[non_exhaustive]
pub struct Apply {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the closing.
    pub out_apply_no: ClosingApplyNo,
    /// Pictures of the application.
    pub application_info: Vec<Material>,
}

/// Queries a closing (查询注销单状态).
///
/// `GET /v3/ecommerce/account/cancel-applications/out-apply-no/{out_apply_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/account/cancel-applications/out-apply-no/{out_apply_no}",
    response = Closing, echo(out_apply_no)
)]
#[request(new = "Creates the request for the closing `out_apply_no`.")]
#[non_exhaustive]
pub struct Query {
    /// Merchant's number of the closing.
    pub out_apply_no: ClosingApplyNo,
}

/// A closing.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Closing {
    /// Merchant's number of the closing.
    pub out_apply_no: ClosingApplyNo,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// State.
    pub cancel_state: Option<SimpleClosingState>,
    /// Reason of a rejection.
    pub reject_reason: Option<String>,
    /// Time of the last change.
    pub update_time: Option<DateTime>,
}
