//! Complaints of payers.

use crate::language::texts;

texts! {
    pub(super) enum ComplaintHint {
        NoComplaint =>
            "the caller has no such complaint; Sandbox::complain lets the payer of an order complain",
            "调用方没有此投诉单；可用 Sandbox::complain 让订单的付款人发起投诉";
        OtherMerchant { complainted: String } =>
            "the complaint is about {complainted}",
            "该投诉单的被诉商户号是 {complainted}";
        Completed =>
            "the complaint is completed; the payer may complain again",
            "投诉单已处理完成；用户可以继续投诉";
        UrlExists =>
            "there is a notification URL already; change it with PUT",
            "投诉通知回调地址已存在；请用 PUT 更新";
        NoUrl =>
            "there is no notification URL; create it with POST",
            "没有投诉通知回调地址；请先用 POST 创建";
        NoApplication =>
            "the payer asks for no refund, or it was decided already",
            "用户没有申请退款，或者已经审批过";
        NoReason =>
            "a rejection needs reject_reason",
            "拒绝退款时必须传 reject_reason";
        NotAtOnce =>
            "the complaint needs no immediate service; reply with …/response",
            "该投诉单不需要即时服务；请用 …/response 回复";
        Images { max: usize } =>
            "media ids are those of POST /v3/merchant-service/images/upload by this merchant, at most {max}",
            "图片必须是本商户通过 POST /v3/merchant-service/images/upload 得到的 media_id，最多 {max} 张";
        LinkText =>
            "jump_url and jump_url_text come together",
            "jump_url 与 jump_url_text 必须同时传";
        NoPicture =>
            "the sandbox keeps the newest pictures of complaints; this is none of the caller's",
            "沙箱只保留最新的投诉图片；这不是调用方的图片，或已被清除";
        Days { max: i64 } =>
            "begin_date and end_date are days such as 2026-01-31, at most {max} days from each other",
            "begin_date 和 end_date 的格式如 2026-01-31，跨度不超过 {max} 天";
    }
}
