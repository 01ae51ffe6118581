//! Complaints of payers (消费者投诉) (feature `complaints`).
//!
//! WeChat Pay tells the merchant of a complaint by [`ComplaintNotice`]; [`Query`] returns it. Answer the payer with
//! [`Reply`], or with [`ReplyAtOnce`] if [`Complaint::need_immediate_service`] is true, then [`Complete`] it. Complaints
//! that name a transaction instead of a complaint number belong to the older interface, [`legacy`].
//!
//! The payer's telephone number is encrypted with the merchant's certificate. Texts that a payer wrote are
//! [`Redacted`](crate::types::Redacted), so that they do not reach a log.
//!
//! Pictures for a reply are uploaded to [`IMAGE_UPLOAD`]; pictures of a complaint are downloaded from [`IMAGE`].
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, complaints::{Complete, ComplaintNotice, NoticeAction, Reply}};
//! use wechatpay_core::types::Mchid;
//!
//! // `Notification<ComplaintNotice>` derefs to it.
//! let notice: ComplaintNotice = serde_json::from_str(
//!     r#"{"complaint_id":"200201820200101080076610000","action_type":"CREATE_COMPLAINT"}"#)?;
//! assert_eq!(notice.action_type, NoticeAction::CreateComplaint);
//!
//! let mchid: Mchid = "1900012181".parse()?;
//! let reply = Reply::new(notice.complaint_id.clone(), mchid.clone(), "已与用户沟通解决");
//! assert_eq!(reply.idempotency(), Idempotency::No, "the payer would see it twice");
//! let complete = Complete::new(notice.complaint_id.clone(), mchid);
//! assert_eq!(complete.path().as_str(),
//!     "/v3/merchant-service/complaints-v2/200201820200101080076610000/complete");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 创建投诉通知回调, 查询投诉通知回调, 更新投诉通知回调, 删除投诉通知回调, 查询投诉单列表, 查询投诉单详情, 查询投诉协商历史, 提交回复,
//! 回复需要即时服务的投诉单, 反馈处理完成, 更新退款审批结果, 商户上传反馈图片, 图片下载, 投诉通知回调; of the older interface 查询投诉信息,
//! 查询投诉详情, 查询投诉协商历史, 商户反馈.

mod complaint;
mod handle;
pub mod history;
pub mod legacy;
mod message;
mod notify;

pub use complaint::{
    AdditionalInfo, AdditionalType, Complaint, ComplaintPage, ComplaintState, List, Media, MediaType, Order,
    ProblemType, Query, ReturnAddress, ServiceOrder, ServiceOrderState, SharePowerInfo, UserTag,
};
pub use handle::{Complete, JumpMiniProgram, RefundAction, Reply, UpdateRefundProgress};
pub use message::{
    Action, ActionMiniProgram, ActionType, Block, BlockType, Button, ButtonGroup, ButtonLayout, Faq, FaqList,
    Image, ImageStyle, InvalidInfo, Link, Message, MessageInfo, ReplyAtOnce, SenderIdentity, SentReply, Text,
    TextColor,
};
pub use notify::{
    ComplaintNotice, CreateNotifyUrl, DeleteNotifyUrl, NoticeAction, NotifyUrl, QueryNotifyUrl,
    UpdateNotifyUrl,
};

/// Path of the upload of a picture for a reply (商户上传反馈图片).
///
/// JPG, BMP or PNG, up to 2 MB. A `POST` with a multipart form, as in [`media`](crate::api::media). The response is
/// [`UploadedMedia`](crate::api::media::UploadedMedia).
pub const IMAGE_UPLOAD: &str = "/v3/merchant-service/images/upload";

/// Path of a picture of a complaint (图片下载), up to 2 MB.
///
/// A `GET` with the media id in the path. The response is the picture itself, without a signature.
pub const IMAGE: &str = "/v3/merchant-service/images/{media_id}";
