//! Texts of the authorisation page in both languages.

use crate::web::Text;

pub(super) const TITLE: Text = Text::new("Web authorisation", "网页授权");
pub(super) const ASKS: Text = Text::new("asks for your openid", "申请获取你的 openid");
pub(super) const WHO: Text = Text::new("Who has opened the page?", "谁打开了页面？");
pub(super) const SILENT: Text = Text::new(
    "On a phone snsapi_base shows nothing: WeChat goes back at once, with a code for the person who is signed in.",
    "真机上 snsapi_base 不显示任何页面：微信直接带着当前登录用户的 code 跳回。",
);
pub(super) const CODE: Text = Text::new("Error code", "错误码");
pub(super) const IN_WECHAT: Text = Text::new("In WeChat", "微信中显示");
pub(super) const NOT_TOLD: Text = Text::new(
    "WeChat shows this to the visitor only. The shop hears nothing of it.",
    "微信只向访问者显示此页面，商家不会收到任何消息。",
);
pub(super) const HOST: Text = Text::new("Host of redirect_uri", "redirect_uri 的域名");

/// An error of the page: code, the words of WeChat, title, and what to do.
#[derive(Clone, Copy)]
pub(super) struct PageError {
    pub(super) code: Option<&'static str>,
    pub(super) in_wechat: &'static str,
    pub(super) title: Text,
    pub(super) remedy: Text,
}

impl PageError {
    const fn new(code: &'static str, in_wechat: &'static str, title: Text, remedy: Text) -> Self {
        Self {
            code: Some(code),
            in_wechat,
            title,
            remedy,
        }
    }
}

pub(super) const OTHER_HOST: PageError = PageError::new(
    "10003",
    "redirect_uri域名与后台配置不一致",
    Text::new(
        "redirect_uri has another host than the configured one",
        "redirect_uri 域名与后台配置不一致",
    ),
    Text::new(
        "The sandbox redirects to this machine and to the hosts of --allow-notify-host. In production: set this host as 网页授权域名 in the console of the official account (设置与开发 → 账号设置 → 功能设置), without scheme, port and path. A redirect_uri with a port is refused too.",
        "沙箱只会跳转到本机，以及 --allow-notify-host 允许的域名。生产环境：在公众号后台（设置与开发 → 账号设置 → 功能设置）把该域名设为网页授权域名，不带协议、端口和路径。redirect_uri 带端口号也会报此错误。",
    ),
);
pub(super) const NO_SCOPE_RIGHT: PageError = PageError::new(
    "10005",
    "此公众号并没有这些scope的权限",
    Text::new(
        "The account may not use this scope",
        "该公众号没有这个 scope 的权限",
    ),
    Text::new(
        "Only a verified service account has snsapi_base and snsapi_userinfo; a subscription account has not. snsapi_login is for websites. Check the appid and the scope.",
        "只有已认证的服务号有 snsapi_base 和 snsapi_userinfo 权限，订阅号没有；snsapi_login 用于网站应用。请检查 appid 和 scope。",
    ),
);
pub(super) const NO_SCOPE: PageError = PageError::new(
    "10010",
    "scope不能为空",
    Text::new("scope is missing", "缺少 scope"),
    COMPLETE,
);
pub(super) const NO_REDIRECT: PageError = PageError::new(
    "10011",
    "redirect_uri不能为空",
    Text::new("redirect_uri is missing", "缺少 redirect_uri"),
    COMPLETE,
);
pub(super) const NO_APPID: PageError = PageError::new(
    "10012",
    "appid不能为空",
    Text::new("appid is missing", "缺少 appid"),
    COMPLETE,
);
pub(super) const UNKNOWN_APPID: PageError = PageError {
    code: None,
    in_wechat: "",
    title: Text::new("The appid is unknown", "appid 不存在"),
    remedy: Text::new(
        "No merchant of this sandbox is bound to this app. The dashboard's Connect page shows the apps.",
        "此沙箱没有商户绑定该应用。控制台的“接入”页面列出了可用的 appid。",
    ),
};
pub(super) const OUT_OF_ORDER: PageError = PageError {
    code: None,
    in_wechat: "",
    title: Text::new(
        "The parameters are not in WeChat's order",
        "参数顺序不符合微信的要求",
    ),
    remedy: Text::new(
        "WeChat opens the page only with appid, redirect_uri, response_type=code, scope and state in this order, and #wechat_redirect at the end.",
        "微信要求参数依次为 appid、redirect_uri、response_type=code、scope、state，并以 #wechat_redirect 结尾，否则无法打开页面。",
    ),
};

const COMPLETE: Text = Text::new(
    "The whole URL has appid, redirect_uri, response_type=code, scope and state in this order, and #wechat_redirect at the end.",
    "完整的链接依次包含 appid、redirect_uri、response_type=code、scope、state，并以 #wechat_redirect 结尾。",
);
