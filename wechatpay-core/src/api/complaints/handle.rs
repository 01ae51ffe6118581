//! Replies to a complaint, its end, and the decision about its refund.

use wechatpay_macros::{Endpoint, RequestPart, open_enum};

use crate::types::{Appid, Mchid};

/// Mini program that a reply links to (跳转小程序信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct JumpMiniProgram {
    /// App of the mini program.
    pub appid: Appid,
    /// Page of the mini program.
    #[request(into)]
    pub path: String,
    /// Text of the link.
    #[request(into)]
    pub text: String,
}

/// Replies to the payer (提交回复).
///
/// `POST /v3/merchant-service/complaints-v2/{complaint_id}/response`.
///
/// Not retried: the payer would see the reply twice. If the outcome is unknown, look into the
/// [history](super::history).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/merchant-service/complaints-v2/{complaint_id}/response")]
#[request(new = "Creates the reply to a complaint.")]
#[non_exhaustive]
pub struct Reply {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
    /// Merchant that the complaint is about.
    pub complainted_mchid: Mchid,
    /// Text, up to 200 characters.
    #[request(into)]
    pub response_content: String,
    /// Media ids of pictures, up to four.
    pub response_images: Option<Vec<String>>,
    /// URL of a link.
    pub jump_url: Option<String>,
    /// Text of the link.
    pub jump_url_text: Option<String>,
    /// Mini program to link to; it goes before the URL.
    pub mini_program_jump_info: Option<JumpMiniProgram>,
}

/// Completes a complaint (反馈处理完成).
///
/// `POST /v3/merchant-service/complaints-v2/{complaint_id}/complete`.
///
/// Safe to retry unchanged: a completed complaint stays completed until the payer complains again.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant-service/complaints-v2/{complaint_id}/complete",
    idempotency = ByNumber
)]
#[request(new = "Creates the request for a complaint.")]
#[non_exhaustive]
pub struct Complete {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
    /// Merchant that the complaint is about.
    pub complainted_mchid: Mchid,
}

/// Decision about a refund (审批动作).
#[open_enum]
pub enum RefundAction {
    /// Rejected.
    Reject = "REJECT",
    /// Approved.
    Approve = "APPROVE",
}

/// Reports the decision about the refund that the payer asks for (更新退款审批结果).
///
/// `POST /v3/merchant-service/complaints-v2/{complaint_id}/update-refund-progress`. It does not refund.
///
/// Not retried: a second decision is another one. If the outcome is unknown, look into the
/// [history](super::history).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST,
    "/v3/merchant-service/complaints-v2/{complaint_id}/update-refund-progress"
)]
#[request(new = "Creates the decision about a complaint.")]
#[non_exhaustive]
pub struct UpdateRefundProgress {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
    /// Decision.
    pub action: RefundAction,
    /// Number of days until the refund starts; with an approval.
    pub launch_refund_day: Option<u32>,
    /// Reason; with a rejection.
    pub reject_reason: Option<String>,
    /// Media ids of evidence; with a rejection.
    pub reject_media_list: Option<Vec<String>>,
    /// Remark.
    pub remark: Option<String>,
}
