//! History of a complaint (投诉协商历史).
//!
//! [`List`] returns its entries: messages of the payer, the merchant and the platform, and changes of state.
//!
//! ```
//! use wechatpay_core::api::complaints::history::{EntryPage, OperateType};
//!
//! let page: EntryPage = serde_json::from_str(
//!     r#"{"data":[{"log_id":"300285320210322170000071077","operator":"投诉人","operate_type":"USER_CREATE_COMPLAINT",
//!         "operate_time":"2015-05-20T13:29:35+08:00"}],"limit":50,"offset":0,"total_count":1}"#)?;
//! assert_eq!(page.data[0].operate_type, OperateType::UserCreateComplaint);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询投诉协商历史.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{ActionType, BlockType, ButtonLayout, Image, InvalidInfo, Media, SenderIdentity, Text};
use crate::types::{Appid, DateTime, Redacted};

/// Kind of entry (操作类型).
#[open_enum]
pub enum OperateType {
    /// The payer complained.
    UserCreateComplaint = "USER_CREATE_COMPLAINT",
    /// The payer complained again.
    UserContinueComplaint = "USER_CONTINUE_COMPLAINT",
    /// The payer wrote.
    UserResponse = "USER_RESPONSE",
    /// The platform wrote.
    PlatformResponse = "PLATFORM_RESPONSE",
    /// The merchant replied.
    MerchantResponse = "MERCHANT_RESPONSE",
    /// The merchant completed the complaint.
    MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
    /// Message of the system: the payer complained.
    UserCreateComplaintSystemMessage = "USER_CREATE_COMPLAINT_SYSTEM_MESSAGE",
    /// Message of the system: the order was refunded in full.
    ComplaintFullRefundedSystemMessage = "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE",
    /// Message of the system: the payer complained again.
    UserContinueComplaintSystemMessage = "USER_CONTINUE_COMPLAINT_SYSTEM_MESSAGE",
    /// The payer withdrew the complaint.
    UserRevokeComplaint = "USER_REVOKE_COMPLAINT",
    /// The payer confirmed that it is settled; the platform spells it so.
    UserConfirmComplaint = "USER_COMFIRM_COMPLAINT",
    /// The platform was asked for help.
    PlatformHelpApplication = "PLATFORM_HELP_APPLICATION",
    /// The payer asked the platform for help.
    UserApplyPlatformHelp = "USER_APPLY_PLATFORM_HELP",
    /// The merchant approved a refund.
    MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
    /// The merchant refused a refund; the platform spells it so.
    MerchantRefuseRefund = "MERCHANT_REFUSE_RERUND",
    /// The payer rated the service.
    UserSubmitSatisfaction = "USER_SUBMIT_SATISFACTION",
    /// The service order was cancelled.
    ServiceOrderCancel = "SERVICE_ORDER_CANCEL",
    /// The service order was completed.
    ServiceOrderComplete = "SERVICE_ORDER_COMPLETE",
    /// Message of the system: the order was refunded in part.
    ComplaintPartialRefundedSystemMessage = "COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE",
    /// Message of the system: the refund arrived.
    ComplaintRefundReceivedSystemMessage = "COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE",
    /// Message of the system: the platform refunded for the merchant.
    ComplaintEntrustedRefundSystemMessage = "COMPLAINT_ENTRUSTED_REFUND_SYSTEM_MESSAGE",
    /// The payer asked for the platform's service.
    UserApplyPlatformService = "USER_APPLY_PLATFORM_SERVICE",
    /// The payer withdrew this request.
    UserCancelPlatformService = "USER_CANCEL_PLATFORM_SERVICE",
    /// The platform's service ended.
    PlatformServiceFinished = "PLATFORM_SERVICE_FINISHED",
    /// The payer used a link or button.
    UserClickResponse = "USER_CLICK_RESPONSE",
}

/// Lists the history of a complaint (查询投诉协商历史).
///
/// `GET /v3/merchant-service/complaints-v2/{complaint_id}/negotiation-historys`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/merchant-service/complaints-v2/{complaint_id}/negotiation-historys",
    response = EntryPage
)]
#[request(new = "Creates the request for a complaint.")]
#[non_exhaustive]
pub struct List {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
    /// Maximum number of entries, up to 300.
    pub limit: Option<u32>,
    /// Number of entries to skip.
    pub offset: Option<u32>,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct EntryPage {
    /// Entries of this page.
    pub data: Vec<Entry>,
    /// Maximum number of entries.
    pub limit: Option<u64>,
    /// Offset of this page.
    pub offset: Option<u64>,
    /// Number of all entries.
    pub total_count: Option<u64>,
}

/// An entry (操作流水).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Entry {
    /// Number of the entry.
    pub log_id: String,
    /// Kind.
    #[response(required)]
    pub operate_type: OperateType,
    /// Author, such as `投诉人`.
    pub operator: Option<String>,
    /// Time.
    pub operate_time: Option<DateTime>,
    /// Text.
    pub operate_details: Option<Redacted>,
    /// Pictures.
    pub complaint_media_list: Option<Media>,
    /// Pictures, on older entries.
    pub image_list: Vec<String>,
    /// Reason why the payer asked the platform; the platform spells it so.
    #[serde(rename = "user_appy_platform_service_reason")]
    pub user_apply_platform_service_reason: Option<String>,
    /// Description of this reason; the platform spells it so.
    #[serde(rename = "user_appy_platform_service_reason_description")]
    pub user_apply_platform_service_reason_description: Option<Redacted>,
    /// Message of several blocks.
    pub normal_message: Option<Message>,
    /// Use of a link or button.
    pub click_message: Option<ClickMessage>,
}

/// Use of a link or button (用户点击回复消息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ClickMessage {
    /// Message that it sent.
    pub message_content: Option<MessageInfo>,
    /// Merchant's id of the action.
    pub action_id: Option<String>,
    /// Number of the entry that was used.
    pub clicked_log_id: Option<String>,
}

/// A message (消息内容).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Message {
    /// Blocks.
    pub blocks: Vec<Block>,
    /// Sender.
    pub sender_identity: Option<SenderIdentity>,
    /// Text that the merchant sent with the message.
    pub custom_data: Option<String>,
}

/// A block of a message (消息块).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Block {
    /// Kind, which says the member that is set.
    #[serde(rename = "type")]
    pub block_type: Option<BlockType>,
    /// Text.
    pub text: Option<Text>,
    /// Picture.
    pub image: Option<Image>,
    /// Link.
    pub link: Option<Link>,
    /// Questions that are asked often.
    pub faq_list: Option<FaqList>,
    /// Button.
    pub button: Option<Button>,
    /// Buttons.
    pub button_group: Option<ButtonGroup>,
}

/// A link (链接).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Link {
    /// Text.
    pub text: Option<String>,
    /// Action.
    pub action: Option<Action>,
    /// End of the link.
    pub invalid_info: Option<InvalidInfo>,
}

/// Questions that are asked often (FAQ列表).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct FaqList {
    /// Questions.
    pub faqs: Vec<Faq>,
}

/// A question that is asked often (FAQ).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Faq {
    /// Merchant's id of the question.
    pub faq_id: Option<String>,
    /// Question.
    pub faq_title: Option<String>,
    /// Action.
    pub action: Option<Action>,
}

/// A button (按钮).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Button {
    /// Text.
    pub text: Option<String>,
    /// Action.
    pub action: Option<Action>,
    /// End of the button.
    pub invalid_info: Option<InvalidInfo>,
}

/// Buttons (按钮组).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ButtonGroup {
    /// Buttons.
    pub buttons: Vec<Button>,
    /// Layout.
    pub button_layout: Option<ButtonLayout>,
    /// End of all buttons.
    pub invalid_info: Option<InvalidInfo>,
}

/// Action of a link or button (动作).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Action {
    /// Kind.
    pub action_type: Option<ActionType>,
    /// URL that it opens.
    pub jump_url: Option<String>,
    /// Mini program that it opens.
    pub mini_program_jump_info: Option<MiniProgram>,
    /// Message that it sends.
    pub message_info: Option<MessageInfo>,
    /// Merchant's id of the action.
    pub action_id: Option<String>,
}

/// Mini program that an action opens (跳转小程序信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct MiniProgram {
    /// App of the mini program.
    pub appid: Option<Appid>,
    /// Page of the mini program.
    pub path: Option<String>,
    /// Name of the page.
    pub text: Option<String>,
}

/// Message that an action sends (回复消息内容).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct MessageInfo {
    /// Text.
    pub content: Option<Redacted>,
    /// Text that the merchant sent with the action.
    pub custom_data: Option<String>,
}
