//! Messages of several blocks, and the immediate reply.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use crate::types::{Appid, DateTime, Mchid, Redacted};

/// Kind of a block (消息块类型).
#[open_enum]
pub enum BlockType {
    /// Text.
    Text = "TEXT",
    /// Picture.
    Image = "IMAGE",
    /// Link.
    Link = "LINK",
    /// Questions that are asked often.
    FaqList = "FAQ_LIST",
    /// Button.
    Button = "BUTTON",
    /// Buttons.
    ButtonGroup = "BUTTON_GROUP",
}

/// Colour of a text (文本颜色).
#[open_enum]
pub enum TextColor {
    /// Normal.
    Default = "DEFAULT",
    /// Weaker.
    Secondary = "SECONDARY",
}

/// Size of a picture (图片样式类型).
#[open_enum]
pub enum ImageStyle {
    /// Narrow.
    Narrow = "IMAGE_STYLE_TYPE_NARROW",
    /// Wide.
    Wide = "IMAGE_STYLE_TYPE_WIDE",
}

/// Kind of action (动作类型).
#[open_enum]
pub enum ActionType {
    /// The payer sends a message.
    SendMessage = "ACTION_TYPE_SEND_MESSAGE",
    /// Opens a URL.
    JumpUrl = "ACTION_TYPE_JUMP_URL",
    /// Opens a mini program.
    JumpMiniProgram = "ACTION_TYPE_JUMP_MINI_PROGRAM",
}

/// Layout of a group of buttons (按钮布局方式).
#[open_enum]
pub enum ButtonLayout {
    /// Not known.
    Unknown = "LAYOUT_UNKNOWN",
    /// Side by side.
    Horizontal = "LAYOUT_HORIZONTAL",
    /// Below each other.
    Vertical = "LAYOUT_VERTICAL",
}

/// Sender of a message (发送者身份类别).
#[open_enum]
pub enum SenderIdentity {
    /// Not known.
    Unknown = "UNKNOWN",
    /// A person.
    Manual = "MANUAL",
    /// A machine.
    Machine = "MACHINE",
}

/// A text (文本).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct Text {
    /// Text.
    pub text: Option<Redacted>,
    /// Colour.
    pub color: Option<TextColor>,
    /// True for bold letters.
    pub is_bold: Option<bool>,
}

/// A picture (图片).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct Image {
    /// Media id of the picture.
    pub media_id: Option<String>,
    /// Size.
    pub image_style_type: Option<ImageStyle>,
}

/// End of a link or button (失效配置).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct InvalidInfo {
    /// Time after which it does nothing.
    pub expired_time: Option<DateTime>,
    /// True if it may be used more than once.
    pub multi_clickable: Option<bool>,
}

/// Mini program that an action opens (跳转小程序信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct ActionMiniProgram {
    /// App of the mini program.
    pub appid: Appid,
    /// Page of the mini program.
    pub path: Option<String>,
    /// Name of the page.
    pub text: Option<String>,
}

/// Message that an action sends (回复消息内容).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct MessageInfo {
    /// Text.
    #[request(into)]
    pub content: String,
    /// Text that comes back with the message.
    pub custom_data: Option<String>,
}

/// Action of a link or button (动作).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Action {
    /// Kind.
    pub action_type: Option<ActionType>,
    /// URL to open.
    pub jump_url: Option<String>,
    /// Mini program to open.
    pub mini_program_jump_info: Option<ActionMiniProgram>,
    /// Message to send.
    pub message_info: Option<MessageInfo>,
    /// Merchant's id of the action.
    pub action_id: Option<String>,
}

/// A link (链接).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Link {
    /// Text.
    pub text: Option<String>,
    /// Action.
    pub action: Option<Action>,
    /// End of the link.
    pub invalid_info: Option<InvalidInfo>,
}

/// A question that is asked often (FAQ).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Faq {
    /// Merchant's id of the question.
    pub faq_id: Option<String>,
    /// Question.
    pub faq_title: Option<String>,
    /// Action.
    pub action: Option<Action>,
}

/// Questions that are asked often (FAQ列表).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct FaqList {
    /// Questions.
    pub faqs: Option<Vec<Faq>>,
}

/// A button (按钮).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct ButtonGroup {
    /// Buttons.
    pub buttons: Option<Vec<Button>>,
    /// Layout.
    pub button_layout: Option<ButtonLayout>,
    /// End of all buttons.
    pub invalid_info: Option<InvalidInfo>,
}

/// A block of a message (消息块).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
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

/// A message (消息内容).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Message {
    /// Blocks.
    pub blocks: Option<Vec<Block>>,
    /// Sender.
    pub sender_identity: Option<SenderIdentity>,
    /// Text that comes back with the message.
    pub custom_data: Option<String>,
}

/// Replies to a complaint that needs immediate service (回复需要即时服务的投诉单).
///
/// `POST /v3/merchant-service/complaints-v2/{complaint_id}/response-immediate-service`.
///
/// Safe to retry unchanged: the same `idempotent_id` is the same reply.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/merchant-service/complaints-v2/{complaint_id}/response-immediate-service",
    response = SentReply, idempotency = ByNumber
)]
#[request(new = "Creates the reply to a complaint.")]
#[non_exhaustive]
pub struct ReplyAtOnce {
    /// Number of the complaint.
    #[request(into)]
    pub complaint_id: String,
    /// Merchant that the complaint is about.
    pub complainted_mchid: Mchid,
    /// Message.
    pub message: Message,
    /// Merchant's number of the reply, up to 128 characters.
    #[request(into)]
    pub idempotent_id: String,
}

/// A reply that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SentReply {
    /// Number of the reply in the [history](super::history).
    pub log_id: Option<String>,
}
