//! Fields of the pages about complaints.

use crate::gateway::validate::{
    Field, Kind, field,
    limits::{S32, S64, S128, S512, URL, text},
};

const S200: Kind = text(200);
const S500: Kind = text(500);
const WORDS: Kind = text(1024);
const PATH: Kind = text(1024);

/// Page: 创建投诉通知回调, 更新投诉通知回调.
pub(super) const ADDRESS: &[Field] = &[field("url", URL).required()];

/// Page: 反馈处理完成.
pub(super) const COMPLETE: &[Field] = &[field("complainted_mchid", S64).required()];

/// Page: 提交回复.
pub(super) const REPLY: &[Field] = &[
    field("complainted_mchid", S64).required(),
    field("response_content", S500).required(),
    field("response_images", Kind::Texts),
    field("jump_url", S512),
    field("jump_url_text", text(10)),
    field("mini_program_jump_info", Kind::Object),
    field("mini_program_jump_info/appid", S32).required(),
    field("mini_program_jump_info/path", PATH).required(),
    field("mini_program_jump_info/text", S64).required(),
];

/// Page: 更新退款审批结果.
pub(super) const DECISION: &[Field] = &[
    field("action", Kind::OneOf(&["REJECT", "APPROVE"])).required(),
    field("launch_refund_day", Kind::Integer { min: 0, max: 365 }),
    field("reject_reason", S200),
    field("reject_media_list", Kind::Texts),
    field("remark", S200),
];

/// Page: 商户反馈.
pub(super) const FEEDBACK: &[Field] = &[
    field("transaction_id", S32).required(),
    field("complainted_mchid", S64).required(),
    field(
        "feedback_type",
        Kind::Integer {
            min: 0,
            max: i64::MAX,
        },
    ),
    field("feedback_content", S500).required(),
    field("feedback_images", Kind::Texts),
    field("launch_confirm_process", Kind::Boolean),
];

/// Page: 回复需要即时服务的投诉单.
pub(super) const MESSAGE: &[Field] = &[
    field("complainted_mchid", S64).required(),
    field("idempotent_id", S128).required(),
    field("message", Kind::Object).required(),
    field("message/blocks", Kind::List { max: 100 }),
    field("message/blocks/*/type", Kind::OneOf(BLOCKS)),
    field("message/blocks/*/text", Kind::Object),
    field("message/blocks/*/text/text", WORDS),
    field(
        "message/blocks/*/text/color",
        Kind::OneOf(&["DEFAULT", "SECONDARY"]),
    ),
    field("message/blocks/*/text/is_bold", Kind::Boolean),
    field("message/blocks/*/image", Kind::Object),
    field("message/blocks/*/image/media_id", S512),
    field("message/blocks/*/image/image_style_type", Kind::OneOf(STYLES)),
    field("message/blocks/*/faq_list", Kind::Object),
    field("message/blocks/*/faq_list/faqs", Kind::List { max: 100 }),
    field("message/blocks/*/faq_list/faqs/*/faq_id", S64),
    field("message/blocks/*/faq_list/faqs/*/faq_title", WORDS),
    field("message/blocks/*/button_group", Kind::Object),
    field("message/blocks/*/button_group/buttons", Kind::List { max: 100 }),
    field(
        "message/blocks/*/button_group/button_layout",
        Kind::OneOf(LAYOUTS),
    ),
    field(
        "message/sender_identity",
        Kind::OneOf(&["UNKNOWN", "MANUAL", "MACHINE"]),
    ),
    field("message/custom_data", WORDS),
];

const BLOCKS: &[&str] = &["TEXT", "IMAGE", "LINK", "FAQ_LIST", "BUTTON", "BUTTON_GROUP"];
const STYLES: &[&str] = &["IMAGE_STYLE_TYPE_NARROW", "IMAGE_STYLE_TYPE_WIDE"];
const LAYOUTS: &[&str] = &["LAYOUT_UNKNOWN", "LAYOUT_HORIZONTAL", "LAYOUT_VERTICAL"];
const ACTIONS: &[&str] = &[
    "ACTION_TYPE_SEND_MESSAGE",
    "ACTION_TYPE_JUMP_URL",
    "ACTION_TYPE_JUMP_MINI_PROGRAM",
];

/// Action of a link, a button or a question.
macro_rules! action {
    ($place:literal) => {
        &[
            field(concat!($place, "/action"), Kind::Object),
            field(concat!($place, "/action/action_type"), Kind::OneOf(ACTIONS)),
            field(concat!($place, "/action/jump_url"), S512),
            field(concat!($place, "/action/mini_program_jump_info"), Kind::Object),
            field(concat!($place, "/action/mini_program_jump_info/appid"), S32).required(),
            field(concat!($place, "/action/mini_program_jump_info/path"), PATH),
            field(concat!($place, "/action/mini_program_jump_info/text"), S64),
            field(concat!($place, "/action/message_info"), Kind::Object),
            field(concat!($place, "/action/message_info/content"), WORDS).required(),
            field(concat!($place, "/action/message_info/custom_data"), WORDS),
            field(concat!($place, "/action/action_id"), S64),
        ]
    };
}

/// End of a link or a button.
macro_rules! end {
    ($place:literal) => {
        &[
            field(concat!($place, "/invalid_info"), Kind::Object),
            field(concat!($place, "/invalid_info/expired_time"), Kind::Time),
            field(concat!($place, "/invalid_info/multi_clickable"), Kind::Boolean),
        ]
    };
}

/// A link or a button.
macro_rules! link {
    ($place:literal) => {
        &[
            field($place, Kind::Object),
            field(concat!($place, "/text"), WORDS),
        ]
    };
}

/// All tables of a message of several blocks.
pub(super) const MESSAGE_TABLES: &[&[Field]] = &[
    MESSAGE,
    link!("message/blocks/*/link"),
    action!("message/blocks/*/link"),
    end!("message/blocks/*/link"),
    link!("message/blocks/*/button"),
    action!("message/blocks/*/button"),
    end!("message/blocks/*/button"),
    action!("message/blocks/*/faq_list/faqs/*"),
    &[field("message/blocks/*/button_group/buttons/*/text", WORDS)],
    action!("message/blocks/*/button_group/buttons/*"),
    end!("message/blocks/*/button_group/buttons/*"),
    end!("message/blocks/*/button_group"),
];
