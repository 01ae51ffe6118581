//! Fields of bodies, queries and headers.

use crate::{gateway::validate::Issue, language::texts};

texts! {
    pub(crate) enum FieldHint {
        Broken { place: String, issue: Issue } =>
            "{place}: {issue}",
            "{place}：{issue}";
        NoSerial =>
            "an encrypted field needs the header Wechatpay-Serial with the id of the key it was encrypted to",
            "有加密字段时必须带请求头 Wechatpay-Serial，值为加密所用密钥的序列号或 ID";
        UnknownKey =>
            "Wechatpay-Serial names no key that the platform has; encrypt to a current one",
            "Wechatpay-Serial 所指的密钥平台没有；请用当前的密钥加密";
        Undecryptable =>
            "encrypt with RSA-OAEP, SHA-1 and MGF1-SHA-1, to the key that Wechatpay-Serial names, then base64",
            "请用 Wechatpay-Serial 所指的密钥以 RSA-OAEP（SHA-1、MGF1-SHA-1）加密，再做 base64";
        NoParameters =>
            "there are no query parameters here",
            "此接口没有查询参数";
        Parameters { names: Vec<String> } =>
            "the query parameters are {names}",
            "查询参数为 {names}";
        OneOf { name: &'static str, values: Vec<String> } =>
            "{name} is one of {values}",
            "{name} 的取值为 {values}";
        NoNumber { name: &'static str } =>
            "{name} is a number, without a sign",
            "{name} 必须是不带符号的整数";
        Limit { max: usize } =>
            "limit is 1 to {max}",
            "limit 的取值为 1 到 {max}";
        AlgorithmType =>
            "the one query parameter is algorithm_type, with RSA or ALL; this sandbox has no SM2 certificates",
            "唯一的查询参数是 algorithm_type，取值 RSA 或 ALL；沙箱没有 SM2 证书";
    }
}

texts! {
    /// A field that fits its rule and nothing else.
    #[derive(Copy)]
    pub(crate) enum Conflict {
        HeaderMissing => "required and missing", "必填且缺失";
        NotJson => "must be application/json", "必须是 application/json";
        NoFault => "names no fault", "不是故障";
        NoSerial => "Wechatpay-Serial missing", "缺少 Wechatpay-Serial";
        UnknownKey => "key unknown", "密钥未知";
        Undecryptable => "does not decrypt", "无法解密";
        NoDate => "not a date", "不是日期";
        NoBill => "no bill of that day", "当日没有账单";
        NoBalance => "no balance of that day", "当日没有余额";
        NoMerchant => "no such merchant", "没有这个商户号";
        Caller => "equals the calling merchant", "与调用方商户号相同";
        SubAppRequired => "required with payer.sub_openid", "有 payer.sub_openid 时必填";
        ItemCount => "too few or too many entries", "数组元素过少或过多";
        NotShared => "needs profit_sharing", "需要 profit_sharing";
        OtherOrder => "differs from the order", "与订单不一致";
        OtherRefund => "belongs to another refund", "属于另一笔退款";
        OtherSum => "differs from the refund", "与退款金额不一致";
        MoreThanLeft => "more than is left", "超过剩余金额";
        OtherItem => "does not fit the item", "与资料项的要求不符";
        OtherFile => "differs from the file", "与文件不一致";
        OtherType => "type not allowed", "文件类型不允许";
        FileSize => "too small or too large", "过小或过大";
        AccountTwice => "account stands twice", "账户重复出现";
        Payer => "is the payer", "是付款方";
        UnknownReceiver => "unknown receiver", "未添加的接收方";
    }
}
