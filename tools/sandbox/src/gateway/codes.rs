//! Error codes: status, word, the number behind the last `-` of `Request-ID`, and a sentence.
//!
//! Statuses, words and numbers are the platform's (the error pages of each endpoint). Sentences are the platform's where real
//! responses are known, else ours.

/// One way to refuse.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) status: u16,
    pub(crate) word: &'static str,
    pub(crate) number: u64,
    pub(crate) message: &'static str,
}

const fn code(status: u16, word: &'static str, number: u64, message: &'static str) -> Code {
    Code {
        status,
        word,
        number,
        message,
    }
}

/// Number of errors whose number is unknown.
pub(crate) const UNSPECIFIED: u64 = 268_435_456;

pub(crate) const SIGN_ERROR: Code = code(401, "SIGN_ERROR", 268_443_699, "签名错误，请检查后再试");
pub(crate) const PARAMETER: Code = code(400, "PARAM_ERROR", 268_435_461, "参数错误");
pub(crate) const PARAMETER_RANGE: Code = code(400, "PARAM_ERROR", 268_435_464, "参数错误");
pub(crate) const PARAMETER_EXTRA: Code = code(
    400,
    "PARAM_ERROR",
    270_924_358,
    "请求中含有未在API文档中定义的参数",
);
pub(crate) const SERIAL_REQUIRED: Code = code(
    400,
    "PARAM_ERROR",
    268_435_461,
    "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)",
);
pub(crate) const OPENID_REQUIRED: Code = code(400, "PARAM_ERROR", 268_501_013, "参数错误");
pub(crate) const SUB_IS_CALLER: Code =
    code(400, "PARAM_ERROR", 268_443_705, "子商户号不能与服务商商户号相同");
pub(crate) const INVALID_REQUEST: Code = code(400, "INVALID_REQUEST", 268_435_461, "请求不符合接口规则");
pub(crate) const OTHER_PARAMETERS: Code = code(
    400,
    "INVALID_REQUEST",
    268_498_688,
    "该商户订单号已用其他参数下过单",
);
pub(crate) const OTHER_SUB_MERCHANT: Code = code(400, "INVALID_REQUEST", 268_447_845, "子商户号与订单不一致");
pub(crate) const ORDER_PAID: Code = code(400, "ORDERPAID", 268_449_538, "订单已支付");
pub(crate) const OUT_TRADE_NO_USED: Code = code(403, "OUT_TRADE_NO_USED", 268_498_689, "商户订单号已被使用");
pub(crate) const MCH_NOT_EXISTS: Code = code(400, "MCH_NOT_EXISTS", 268_443_715, "商户号不存在");
pub(crate) const ORDER_CLOSED: Code = code(400, "ORDER_CLOSED", 268_447_914, "订单已关闭或已过期");
pub(crate) const APPID_NOT_BOUND: Code = code(
    400,
    "APPID_MCHID_NOT_MATCH",
    268_445_527,
    "appid 与商户号没有绑定关系",
);
pub(crate) const SUB_MERCHANT_REQUIRED: Code = code(400, "PARAM_ERROR", 268_443_704, "参数错误");
pub(crate) const REVERSE_ONLY: Code = code(
    400,
    "INVALID_REQUEST",
    268_449_641,
    "付款码支付的订单不能关闭，请调用撤销接口",
);
pub(crate) const NOT_A_PAYMENT_CODE: Code = code(
    400,
    "AUTH_CODE_INVALID",
    UNSPECIFIED,
    "请扫描微信支付授权码(以10/11/12/13/14/15为前缀的18位数字)",
);
pub(crate) const PAYMENT_CODE_USED: Code = code(
    400,
    "AUTH_CODE_INVALID",
    UNSPECIFIED,
    "每个二维码仅限使用一次，请刷新再试",
);
pub(crate) const OTHER_REFUND: Code = code(
    400,
    "INVALID_REQUEST",
    268_498_688,
    "该商户退款单号已用其他参数申请过退款",
);
pub(crate) const NO_STATEMENT: Code = code(400, "NO_STATEMENT_EXIST", UNSPECIFIED, "账单文件不存在");
pub(crate) const STATEMENT_CREATING: Code = code(400, "STATEMENT_CREATING", UNSPECIFIED, "账单生成中");
pub(crate) const LINK_EXPIRED: Code = code(
    400,
    "INVALID_REQUEST",
    268_435_461,
    "下载链接已失效，请重新申请账单",
);
pub(crate) const NO_AUTH: Code = code(403, "NO_AUTH", UNSPECIFIED, "商户没有此接口的权限");
pub(crate) const NO_SHARING: Code = code(403, "NO_AUTH", UNSPECIFIED, "无分账权限");
pub(crate) const NOT_ENOUGH: Code = code(403, "NOT_ENOUGH", UNSPECIFIED, "账户余额不足");
pub(crate) const PAYER_NOT_ENOUGH: Code = code(403, "NOT_ENOUGH", UNSPECIFIED, "用户余额不足");
pub(crate) const TRADE_ERROR: Code = code(403, "TRADE_ERROR", UNSPECIFIED, "交易错误");
pub(crate) const RULE_LIMIT: Code = code(403, "RULE_LIMIT", UNSPECIFIED, "业务规则限制");
pub(crate) const NO_RELATION: Code = code(
    403,
    "NO_AUTH",
    268_443_701,
    "该商户不是本服务商进件的子商户，无权限操作",
);
pub(crate) const ORDER_NOT_EXIST: Code = code(404, "ORDER_NOT_EXIST", 268_512_771, "订单不存在");
pub(crate) const NOT_FOUND: Code = code(404, "NOT_FOUND", UNSPECIFIED, "记录不存在");
pub(crate) const RESOURCE_NOT_EXISTS: Code = code(
    404,
    "RESOURCE_NOT_EXISTS",
    UNSPECIFIED,
    "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。可查看指引https://pay.weixin.qq.com/doc/v3/merchant/4012153196",
);
pub(crate) const NO_SUCH_ORDER: Code = code(404, "RESOURCE_NOT_EXISTS", 268_512_771, "订单不存在");
pub(crate) const NO_SUCH_CONTRACT: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "签约信息不存在");
pub(crate) const NO_SUCH_PAYMENT: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "原订单不存在");
pub(crate) const NO_SUCH_REFUND: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "退款单不存在");
pub(crate) const NO_SUCH_SHARE: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "没有找到该分账单");
pub(crate) const NO_SUCH_APPLYMENT: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "没有找到该申请单");
pub(crate) const NO_SUCH_COMPLAINT: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "投诉单不存在");
pub(crate) const NO_SUCH_PICTURE: Code = code(404, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "图片不存在");
pub(crate) const NO_COMPLAINT_URL: Code =
    code(400, "RESOURCE_NOT_EXISTS", UNSPECIFIED, "投诉通知回调地址不存在");
pub(crate) const COMPLAINT_URL_EXISTS: Code = code(
    400,
    "RESOURCE_ALREADY_EXISTS",
    UNSPECIFIED,
    "投诉通知回调地址已存在",
);
pub(crate) const FREQUENCY_LIMITED: Code = code(429, "FREQUENCY_LIMITED", 268_447_840, "请求过于频繁");
pub(crate) const TOO_LARGE: Code = code(413, "INVALID_REQUEST", 268_435_464, "请求包体过大");
pub(crate) const OPENID_MISMATCH: Code = code(500, "OPENID_MISMATCH", UNSPECIFIED, "openid 与 appid 不匹配");
pub(crate) const SYSTEM_ERROR: Code = code(500, "SYSTEM_ERROR", UNSPECIFIED, "系统异常，请用相同参数重试");
pub(crate) const NOT_EMULATED: Code = code(501, "SANDBOX_NOT_EMULATED", UNSPECIFIED, "沙箱没有模拟此接口");
pub(crate) const STUB_BROKEN: Code = code(
    501,
    "SANDBOX_STUB_BROKEN",
    UNSPECIFIED,
    "沙箱无法发出桩（stub）的应答",
);

pub(crate) const WEB_PAGE: Code = code(403, "SANDBOX_WEB_PAGE", UNSPECIFIED, "网页不能直接调用 API v3");

/// The older spelling of a word, which some families still use.
pub(crate) fn old_spelling(word: &'static str) -> &'static str {
    match word {
        "ACCOUNT_ERROR" => "ACCOUNTERROR",
        "BANK_ERROR" => "BANKERROR",
        "NO_AUTH" => "NOAUTH",
        "NOT_ENOUGH" => "NOTENOUGH",
        "ORDER_NOT_EXIST" => "ORDERNOTEXIST",
        "RULE_LIMIT" => "RULELIMIT",
        "SYSTEM_ERROR" => "SYSTEMERROR",
        other => other,
    }
}

/// The code that goes with a bare status, for responses that a test asks for.
pub(crate) fn of_status(status: u16) -> Code {
    match status {
        401 => SIGN_ERROR,
        403 => RULE_LIMIT,
        404 => ORDER_NOT_EXIST,
        429 => FREQUENCY_LIMITED,
        500 => SYSTEM_ERROR,
        400..=499 => code(status, "INVALID_REQUEST", UNSPECIFIED, "请求不符合接口规则"),
        _ => code(status, "SERVICE_UNAVAILABLE", UNSPECIFIED, "服务暂不可用"),
    }
}
