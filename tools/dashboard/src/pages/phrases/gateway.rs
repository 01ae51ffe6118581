//! Hints of the gateway about signature, headers, fields, files, bills and money.

use super::phrases;

phrases! {
    HINTS:
    // Signature and headers
    "no merchant has this mchid; this sandbox knows {}. In partner mode it is the service provider's (sp_mchid)"
        "没有这个商户号；沙箱中有 {}。服务商模式下应填写服务商的商户号（sp_mchid）";
    "serial_no is the serial of the merchant's own API certificate, not of the platform's; this merchant's is {}"
        "serial_no 是商户 API 证书的序列号，不是平台证书的；该商户的序列号是 {}";
    "the merchant has revoked this certificate; sign with another one of its own and name that one's serial: {}"
        "商户已作废该证书；请改用该商户的其他证书签名，并填写其序列号：{}";
    "certificate {} was registered" "已登记证书 {}";
    "certificate {} was revoked" "已作废证书 {}";
    "changed: {}" "已变更：{}";
    "a nonce has {} characters; take 32" "随机串只有 {} 个字符；建议 32 个";
    "a nonce was used before; make a new one for every attempt" "随机串已使用过；每次请求都应重新生成";
    "`{}` must be the mchid that signs, the one in Authorization" "`{}` 必须与 Authorization 中签名的商户号一致";
    "timestamp is Unix seconds as decimal digits" "timestamp 是以十进制数字表示的 Unix 秒";
    "the timestamp is in milliseconds; divide it by 1000" "时间戳用了毫秒；请除以 1000";
    "the timestamp is {} s {} the gateway's clock; {} s are allowed. Is your clock right?"
        "时间戳{1}网关时钟 {0} 秒；允许相差 {2} 秒。请检查系统时间";
    "behind" "慢于";
    "ahead of" "快于";
    "the header {} is missing; Accept and User-Agent must be there, Content-Type with a body too"
        "缺少请求头 {}；必须有 Accept 和 User-Agent，有请求体时还要有 Content-Type";
    "the header {} says that a web page sent this; call API v3 from the shop's server, where its key is"
        "请求头 {} 表明请求来自网页；请从持有密钥的商户服务器调用 API v3";
    "Content-Type must be application/json" "Content-Type 必须是 application/json";
    "{} is not emulated; the README of wechatpay-sandbox lists what is. A stub responds in its place: Sandbox::stub, or POST /_sandbox/api/stubs"
        "沙箱没有模拟 {}；wechatpay-sandbox 的 README 列出了已模拟的接口。可以用桩（stub）代为应答：Sandbox::stub 或 POST /_sandbox/api/stubs";
    "stub {}: {}" "桩 {}：{}";
    "its function panicked" "其函数发生了 panic";
    "a sensitive field is too long to be encrypted" "敏感字段过长，无法加密";
    "{} is not the status of a response: 200 to 599 are" "{} 不是应答的状态码；应为 200 至 599";
    "a response with status {} has no body" "状态码为 {} 的应答没有报文主体";
    "the header `{}` cannot be set: {}" "不能设置应答头 `{}`：{}";
    "it is not the name of a header" "不是应答头的名称";
    "its value is not one line of text" "其值不是一行文本";
    "the sandbox signs; a fault spoils a signature" "由沙箱签名；要破坏签名请用故障";
    "the server sets it" "由服务器设置";
    "`{}` is not the path of a field: write `user_name`, `payer/phone` or `data/*/payer_phone`"
        "`{}` 不是字段路径；应写作 `user_name`、`payer/phone` 或 `data/*/payer_phone`";
    "the response has no text at `{}` to encrypt" "应答的 `{}` 处没有可加密的文本";
    "{} is no fault" "{} 不是故障名";
    "{} is no fault; it takes {}" "{} 不是正确的故障；参数应为：{}";
    "strict" "严格模式";

    // Fields and parameters
    "the body is not a JSON object in UTF-8" "请求体不是 UTF-8 编码的 JSON 对象";
    "required and missing" "必填字段缺失";
    "unknown field" "未定义的字段";
    "unknown field in this scene" "此场景下未定义的字段";
    "must be a time like 2018-06-08T10:34:56+08:00" "必须是 2018-06-08T10:34:56+08:00 这样的时间";
    "must be an IPv4 or IPv6 address" "必须是 IPv4 或 IPv6 地址";
    "must be a list of strings" "必须是字符串数组";
    "too small or too large" "过小或过大";
    "must be true or false, without quotes" "必须是 true 或 false，不带引号";
    "must be an object" "必须是对象";
    "must be a list of objects" "必须是对象数组";
    "the list has too few or too many entries" "数组元素过少或过多";
    "must be a string" "必须是字符串";
    "emoji and other characters of four bytes in UTF-8 are not supported" "不支持 emoji 等四字节 UTF-8 字符";
    "must be an integer, without quotes and without a point" "必须是整数，不带引号和小数点";
    "too short" "过短";
    "too long" "过长";
    "may have letters, digits and _ - * | only" "只能包含字母、数字和 _ - * |";
    "may have letters, digits and _ - * | @ only" "只能包含字母、数字和 _ - * | @";
    "may have letters and digits only" "只能包含字母和数字";
    "may have digits only" "只能包含数字";
    "must not have a fragment" "不能带有 # 片段";
    "must be an absolute http or https URL, without a blank in front" "必须是完整的 http 或 https 地址，前面不能有空格";
    "not one of the documented values" "不在文档列出的取值之内";
    "{} is null or empty; leave the key out" "{} 为 null 或空；没有值时请省略该字段";
    "there are no query parameters here" "此接口没有查询参数";
    "the query parameters are {}" "查询参数为 {}";
    "{} is one of {}" "{} 的取值为 {}";

    // Who it is about
    "`sub_appid` is not bound to sub-merchant {}; bound are: {}" "`sub_appid` 未绑定子商户 {}；已绑定：{}";
    "`{}` is not bound to merchant {}; bound are: {}" "`{}` 未绑定商户 {}；已绑定：{}";
    "none" "无";
    "sub_appid equals the caller's app; leave sub_appid out" "sub_appid 与调用方的 appid 相同；请省略 sub_appid";
    "merchant {} has no such sub-merchant; it has: {}" "商户 {} 没有这个子商户；它的子商户有：{}";
    "a JSAPI order needs payer.sp_openid or payer.sub_openid" "JSAPI 下单需要 payer.sp_openid 或 payer.sub_openid";
    "payer.sub_openid belongs to sub_appid, so give sub_appid too" "payer.sub_openid 属于 sub_appid，请同时填写 sub_appid";
    "an openid belongs to another app than {}" "openid 属于 {} 以外的 appid";
    "an openid is valid for one app only, the one it was obtained with" "openid 只对获取它的那个 appid 有效";

    // Addresses
    "notify_url is not a public https URL; the platform could not reach it"
        "notify_url 不是公网可访问的 https 地址，微信支付无法送达";
    "notify_url has a query, which the platform does not allow" "notify_url 带有查询参数，微信支付不允许";
    "notify_url has no path behind the host" "notify_url 在域名之后没有路径";
    "payer_client_ip is a loopback address; the platform compares it with the payer's"
        "payer_client_ip 是回环地址；微信支付会与付款人的实际 IP 比对";

    // Secrets and files
    "encrypt with RSA-OAEP, SHA-1 and MGF1-SHA-1, to the key that Wechatpay-Serial names, then base64"
        "请用 Wechatpay-Serial 所指的密钥以 RSA-OAEP（SHA-1、MGF1-SHA-1）加密，再做 base64";
    "an encrypted field needs the header Wechatpay-Serial with the id of the key it was encrypted to"
        "有加密字段时必须带请求头 Wechatpay-Serial，值为加密所用密钥的序列号或 ID";
    "Wechatpay-Serial names no key that the platform has; encrypt to a current one"
        "Wechatpay-Serial 所指的密钥平台没有；请用当前的密钥加密";
    "the body is no form with the boundary of Content-Type" "请求体不是以 Content-Type 中 boundary 分隔的表单";
    "an upload has two parts, meta and file, and no others" "上传只能有 meta 和 file 两个部分";
    "meta.filename and the filename of the part file differ" "meta.filename 与 file 部分的 filename 不一致";
    "Content-Type has no boundary; it was taken from the first line of the body"
        "Content-Type 没有 boundary；取了请求体第一行的分隔符";
    "sha256 is the digest of the bytes of the file alone, in lower-case hexadecimal digits"
        "sha256 是仅对文件内容计算的摘要，以小写十六进制表示";
    "allowed are jpg, jpeg, png, bmp and pdf" "允许 jpg、jpeg、png、bmp、pdf";
    "allowed are avi, wmv, mpeg, mp4, mov, mkv, flv, f4v, m4v and rmvb"
        "允许 avi、wmv、mpeg、mp4、mov、mkv、flv、f4v、m4v、rmvb";
    "the file has {} bytes; 1 to {} are allowed" "文件有 {} 字节；允许 1 至 {} 字节";

    // Certificates
    "the one query parameter is algorithm_type, with RSA or ALL; this sandbox has no SM2 certificates"
        "唯一的查询参数是 algorithm_type，取值 RSA 或 ALL；沙箱没有 SM2 证书";
    "this sandbox runs in public-key mode: verify with the WeChat Pay public key, there are no certificates"
        "沙箱运行在公钥模式：请用微信支付公钥验签，没有平台证书";

    // Bills, balances, withdrawals
    "bill_date is written 2018-06-08" "bill_date 的格式为 2018-06-08";
    "bill_date is in the future" "bill_date 在未来";
    "bills are kept for three months" "账单只保留三个月";
    "the bill of {} was asked for before 10:00 of the next day" "在次日 10:00 之前申请了 {} 的账单";
    "bills of {} are there from 10:00 of the next day in Beijing" "{} 的账单在北京时间次日 10:00 之后可用";
    "nothing happened on {}" "{} 没有交易";
    "another merchant asked for this bill; the one that asks is the one that downloads"
        "该账单由其他商户申请；只有申请的商户才能下载";
    "ask for the bill again and download it at once" "请重新申请账单并立即下载";
    "this bill is for e-commerce platforms" "此账单仅供电商平台商户使用";
    "bills are encrypted with AEAD_AES_256_GCM here; SM4_GCM is not emulated"
        "此处账单以 AEAD_AES_256_GCM 加密；没有模拟 SM4_GCM";
    "account_type is one of BASIC, OPERATION, FEES" "account_type 的取值为 BASIC、OPERATION、FEES";
    "date is written 2018-06-08" "date 的格式为 2018-06-08";
    "balances of a day are there from 10:00 of the next day, for 90 days" "日终余额在次日 10:00 之后可查，保留 90 天";
    "bill_type is NO_SUCC" "bill_type 的取值为 NO_SUCC";
    "this endpoint is for e-commerce platforms" "此接口仅供电商平台商户使用";
    "this out_request_no was used with other values; repeat them exactly"
        "该 out_request_no 已用其他参数请求过；请以完全相同的参数重试";
    "there is no such withdrawal" "没有这笔提现";
    "{} fen of {} can be withdrawn; Sandbox::top_up adds some" "{1} 可提现 {0} 分；可用 Sandbox::top_up 充值";

    // Onboarding
    "/v3/ecommerce/applyments is for e-commerce platforms" "/v3/ecommerce/applyments 仅供电商平台商户使用";
    "this out_request_no was used with other values; only an application that was turned down comes again changed"
        "该 out_request_no 已用其他内容提交过；只有被驳回的申请才能修改后重新提交";
    "this organization_type needs its licence: business_license_info" "该 organization_type 需要营业执照：business_license_info";
    "an identity card needs id_card_info" "身份证需要 id_card_info";
    "this id_doc_type needs id_doc_info" "该 id_doc_type 需要 id_doc_info";
    "who is not the legal person needs authorize_letter_copy" "经办人不是法人时需要 authorize_letter_copy";
    "name the shop by store_url or by store_qr_code" "请填写 store_url 或 store_qr_code";
    "finance_institution_info goes with finance_institution true"
        "finance_institution_info 须与 finance_institution 为 true 同时出现";
    "the account of a sub-merchant is changed at most five times a day" "子商户的结算账户每天最多修改五次";
}
