//! Closings.

use crate::language::texts;

texts! {
    pub(super) enum ClosingHint {
        Closed { sub_mchid: String } =>
            "the sub-merchant {sub_mchid} was closed: it takes no more payments",
            "二级商户 {sub_mchid} 已注销，不能再收款";
        Asked { sub_mchid: String } =>
            "a closing of {sub_mchid} is under way or has ended",
            "二级商户 {sub_mchid} 的注销正在进行或已完成";
        Blocked { reasons: String } =>
            "the sub-merchant cannot be closed now: {reasons}; GET …/validate-cancel/{{sub_mchid}} tells the same",
            "当前不能注销：{reasons}；GET …/validate-cancel/{{sub_mchid}} 返回同样的原因";
        HasMoney =>
            "the sub-merchant has money: close it with POST /v3/ecommerce/account/apply-cancel-withdraw",
            "该二级商户尚有余额：请使用 POST /v3/ecommerce/account/apply-cancel-withdraw 注销并提现";
        One =>
            "give applyment_id or out_request_no",
            "applyment_id 与 out_request_no 至少填一项";
        NoPicture =>
            "this picture was not uploaded by the caller: POST /v3/ecommerce/account/cancel-applications/media",
            "该图片不是本商户上传的：请先调用 POST /v3/ecommerce/account/cancel-applications/media";
    }
}
