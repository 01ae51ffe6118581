//! Enhanced due diligence of a sub-merchant.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::Material;
use crate::types::{DateTime, Mchid, Redacted};

/// State of a due diligence (尽调单状态).
#[open_enum]
pub enum DueDiligenceState {
    /// Waits for the items.
    Collecting = "DUE_DILIGENCE_STATE_COLLECTING",
    /// Under review.
    Auditing = "DUE_DILIGENCE_STATE_AUDITING",
    /// Rejected: correct the items and submit them again.
    Rejected = "DUE_DILIGENCE_STATE_REJECTED",
    /// Its time is over.
    Expired = "DUE_DILIGENCE_STATE_EXPIRED",
    /// Cancelled.
    Cancelled = "DUE_DILIGENCE_STATE_CANCELLED",
    /// Finished.
    Finished = "DUE_DILIGENCE_STATE_FINISHED",
}

/// Queries a due diligence (查询子商户强化尽调单信息).
///
/// `GET /v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}",
    response = DueDiligence, echo(due_diligence_id, sub_mchid)
)]
#[request(new = "Creates the request for a due diligence of a sub-merchant.")]
#[non_exhaustive]
pub struct QueryDueDiligence {
    /// Number of the due diligence.
    #[request(into)]
    pub due_diligence_id: String,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
}

/// A due diligence (尽调单).
///
/// Three members are JSON inside a string: [`Form`](super::Form) and [`Rejection`](super::Rejection) read them.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DueDiligence {
    /// Number of the due diligence.
    pub due_diligence_id: String,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// State.
    #[response(required)]
    pub due_diligence_state: DueDiligenceState,
    /// Reasons of a rejection: a [`Rejection`](super::Rejection).
    pub reject_reason: Option<String>,
    /// Last moment for the items.
    pub deadline_time: Option<DateTime>,
    /// Time of its end without a result.
    pub terminal_time: Option<DateTime>,
    /// Time of the submission.
    pub submit_time: Option<DateTime>,
    /// Time of the rejection.
    pub reject_time: Option<DateTime>,
    /// Time of the completion.
    pub complete_time: Option<DateTime>,
    /// Items to provide: a [`Form`](super::Form).
    pub submission_template: Option<Redacted>,
    /// Items that were provided: a [`Form`](super::Form).
    pub submission_data: Option<Redacted>,
}

/// Submits the items of a due diligence (提交尽调资料).
///
/// `POST /v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/submit`.
///
/// Safe to retry unchanged: a due diligence has one set of items.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/submit",
    response = SubmittedDueDiligence, idempotency = ByNumber
)]
#[request(new = "Creates the request for a due diligence of a sub-merchant.")]
#[non_exhaustive]
pub struct SubmitDueDiligence {
    /// Number of the due diligence.
    #[request(into)]
    pub due_diligence_id: String,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Items, as the template asks for them.
    #[request(into)]
    pub submit_data: Material,
}

/// A submitted due diligence.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubmittedDueDiligence {
    /// State.
    pub due_diligence_state: Option<DueDiligenceState>,
    /// Time of the submission.
    pub submit_time: Option<DateTime>,
    /// Items to provide: a [`Form`](super::Form).
    pub submission_template: Option<Redacted>,
    /// Items that were provided: a [`Form`](super::Form).
    pub submission_data: Option<Redacted>,
}

/// The response to an upload to [`FILE_UPLOAD`](super::FILE_UPLOAD).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UploadedFile {
    /// File id by which an item names the file.
    pub file_id: String,
}
