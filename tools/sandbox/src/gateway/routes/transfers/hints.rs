//! Transfers to users.

use crate::language::texts;

texts! {
    pub(super) enum TransferHint {
        NameRequired =>
            "user_name is required from 2,000 yuan",
            "转账金额达到 2,000 元时必须传 user_name";
        OtherSponsor { sponsor: String } =>
            "{sponsor} is neither the caller nor one of its sub-merchants, so it does not pay",
            "{sponsor} 既不是调用方也不是其子商户，不能作为出资商户";
        NoAuthorization =>
            "name the authorisation by authorization_id or by out_authorization_no",
            "请传 authorization_id 或 out_authorization_no";
        OtherAuthorization =>
            "authorization_id and out_authorization_no name two authorisations",
            "authorization_id 与 out_authorization_no 不是同一授权";
        NotInEffect { state: String } =>
            "the authorisation is {state}; only one in state TAKING_EFFECT replaces the confirmation",
            "授权状态为 {state}；只有 TAKING_EFFECT 的授权才能免确认收款";
        OtherScene =>
            "the authorisation is for another appid or transfer_scene_id",
            "授权的 appid 或 transfer_scene_id 与本次转账不一致";
        AuthorizationUsed =>
            "out_authorization_no was used with other values; take a new one",
            "该 out_authorization_no 已用其他参数申请过授权；请换一个单号";
        NotPaid { state: String } =>
            "the transfer is {state}; only one in state SUCCESS has a receipt",
            "转账状态为 {state}；只有 SUCCESS 的转账才能申请电子回单";
    }
}
