//! Merchants, sub-merchants, apps and payers.

use crate::language::texts;

texts! {
    pub(crate) enum PartyHint {
        SubAppNotBound { sub_mchid: String, bound: Vec<String> } =>
            "`sub_appid` is not bound to sub-merchant {sub_mchid}; bound are: {bound}",
            "`sub_appid` 未绑定子商户 {sub_mchid}；已绑定：{bound}";
        AppNotBound { field: String, mchid: String, bound: Vec<String> } =>
            "`{field}` is not bound to merchant {mchid}; bound are: {bound}",
            "`{field}` 未绑定商户 {mchid}；已绑定：{bound}";
        PlatformsOnly =>
            "this endpoint is for e-commerce platforms",
            "此接口仅供电商平台商户使用";
        SubAppIsCallers =>
            "sub_appid equals the caller's app; leave sub_appid out",
            "sub_appid 与调用方的 appid 相同；请省略 sub_appid";
        NoSubMerchant { mchid: String, known: Vec<String> } =>
            "merchant {mchid} has no such sub-merchant; it has: {known}",
            "商户 {mchid} 没有这个子商户；它的子商户有：{known}";
        NoSubMerchants =>
            "this is for merchants that have sub-merchants",
            "此接口仅供有子商户的商户使用";
        NoOpenid =>
            "a JSAPI order needs payer.sp_openid or payer.sub_openid",
            "JSAPI 下单需要 payer.sp_openid 或 payer.sub_openid";
        NoSubApp =>
            "payer.sub_openid belongs to sub_appid, so give sub_appid too",
            "payer.sub_openid 属于 sub_appid，请同时填写 sub_appid";
        OpenidOfOtherApp =>
            "an openid is valid for one app only, the one it was obtained with",
            "openid 只对获取它的那个 appid 有效";
    }
}
