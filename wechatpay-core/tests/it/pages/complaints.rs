//! Complaints of payers (消费者投诉).

use wechatpay_core::{
    api::{
        complaints::{
            Action, ActionMiniProgram, ActionType, Block, BlockType, Button, ButtonGroup, ButtonLayout,
            Complete, CreateNotifyUrl, DeleteNotifyUrl, Faq, FaqList, IMAGE, IMAGE_UPLOAD, Image, ImageStyle,
            InvalidInfo, JumpMiniProgram, Link, List, Message, MessageInfo, Query, QueryNotifyUrl,
            RefundAction, Reply, ReplyAtOnce, SenderIdentity, Text, TextColor, UpdateNotifyUrl,
            UpdateRefundProgress, history, legacy,
        },
        media::UploadedMedia,
    },
    types::{Appid, DateTime, Mchid, TransactionId},
};

use super::{Family, read_all};

const URL: &str = "https://shop.example/notify";
const COMPLAINT: &str = "200201820200101080076610000";

fn app() -> Appid {
    "wxf636efh567hg4356".parse().unwrap()
}

fn merchant() -> Mchid {
    "1900012181".parse().unwrap()
}

fn message() -> Message {
    let action = || {
        Action::new()
            .action_type(ActionType::JumpUrl)
            .jump_url(URL)
            .mini_program_jump_info(ActionMiniProgram::new(app()).path("/pages").text("页面"))
            .message_info(MessageInfo::new("好的").custom_data("1"))
            .action_id("1")
    };
    let end = || {
        let time: DateTime = "2015-05-20T13:29:35+08:00".parse().unwrap();
        InvalidInfo::new().expired_time(time).multi_clickable(true)
    };
    let button = || Button::new().text("退款").action(action()).invalid_info(end());
    let faq = Faq::new().faq_id("1").faq_title("怎么退款").action(action());
    let group = ButtonGroup::new()
        .buttons(vec![button()])
        .button_layout(ButtonLayout::Horizontal)
        .invalid_info(end());
    let image = Image::new()
        .media_id("MediaId")
        .image_style_type(ImageStyle::Narrow);
    let block = Block::new()
        .block_type(BlockType::Text)
        .text(Text::new().text("您好").color(TextColor::Default).is_bold(true))
        .image(image)
        .link(Link::new().text("链接").action(action()).invalid_info(end()))
        .faq_list(FaqList::new().faqs(vec![faq]))
        .button(button())
        .button_group(group);
    Message::new()
        .blocks(vec![block])
        .sender_identity(SenderIdentity::Manual)
        .custom_data("1")
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/complaints.json"));
    // A form with a file and a picture without a signature: they have a path and no endpoint.
    for path in [IMAGE_UPLOAD, IMAGE] {
        let found = family.0.iter().position(|operation| operation.path == path);
        let operation = family.0.swap_remove(found.unwrap());
        match operation.response.is_empty() {
            false => read_all::<UploadedMedia>(&operation.response, path),
            true => assert_eq!(path, IMAGE),
        }
    }

    family.check(&CreateNotifyUrl::new(URL));
    family.check(&QueryNotifyUrl::new());
    family.check(&UpdateNotifyUrl::new(URL));
    family.check(&DeleteNotifyUrl::new());
    let list = List::new("2019-01-01", "2019-01-01").limit(5_u32).offset(10_u32);
    family.check(&list.complainted_mchid(merchant()));
    family.check(&Query::new(COMPLAINT));
    family.check(&history::List::new(COMPLAINT).limit(50_u32).offset(10_u32));
    family.check(
        &Reply::new(COMPLAINT, merchant(), "已与用户沟通解决")
            .response_images(vec!["MediaId".to_owned()])
            .jump_url(URL)
            .jump_url_text("查看订单详情")
            .mini_program_jump_info(JumpMiniProgram::new(app(), "/pages", "页面")),
    );
    family.check(&ReplyAtOnce::new(COMPLAINT, merchant(), message(), "550e8400"));
    family.check(&Complete::new(COMPLAINT, merchant()));
    family.check(
        &UpdateRefundProgress::new(COMPLAINT, RefundAction::Reject)
            .launch_refund_day(3_u32)
            .reject_reason("拒绝退款")
            .reject_media_list(vec!["MediaId".to_owned()])
            .remark("备注"),
    );

    let transaction = || "4200000404201909069117582536".parse::<TransactionId>().unwrap();
    let list = legacy::List::new("2019-01-01", "2019-01-01")
        .limit(5_u32)
        .offset(10_u32);
    family.check(&list.sub_mchid(merchant()));
    family.check(&legacy::Query::new(transaction()));
    family.check(&legacy::ListHistory::new(transaction()));
    family.check(
        &legacy::Feedback::new(transaction(), merchant(), "已与用户沟通解决")
            .feedback_type(1)
            .feedback_images(vec!["MediaId".to_owned()])
            .launch_confirm_process(true),
    );
    family.end();
}

#[test]
fn texts_of_a_payer_are_not_logged() {
    let complaint: wechatpay_core::api::complaints::Complaint = serde_json::from_str(
        r#"{"complaint_id":"1","complaint_state":"PENDING","complaint_detail":"我的电话是139",
            "payer_phone":"QUJD","payer_openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}"#,
    )
    .unwrap();
    let debug = format!("{complaint:?}");
    for secret in ["139", "QUJD", "oUpF8"] {
        assert!(!debug.contains(secret), "{debug}");
    }
}
