//! Texts of the cashier in both languages.

use super::invoke::InvokeProblem;
use crate::web::Text;
use wechatpay_sandbox::world::orders::{
    buyer::Buyer,
    state::{PayError, SessionProblem},
};

pub(super) const RIBBON: Text = Text::new("Sandbox — no real money moves", "沙箱环境 — 不产生真实扣款");
pub(super) const AFFILIATION: Text = Text::new(
    "A local emulator for developers. Not affiliated with Tencent or WeChat Pay.",
    "供开发者使用的本地模拟器，与腾讯及微信支付官方无关。",
);
pub(super) const WATCH: Text = Text::new("See the messages of this order", "查看此订单的报文");
pub(super) const PAY_TO: Text = Text::new("Pay to", "付款给");
pub(super) const ORDER_NUMBER: Text = Text::new("Order", "订单号");
pub(super) const MERCHANT: Text = Text::new("Merchant", "商户号");
pub(super) const SUB_MERCHANT: Text = Text::new("Sub-merchant", "子商户号");
pub(super) const SCENE: Text = Text::new("Scene", "支付场景");
pub(super) const TRANSACTION: Text = Text::new("Transaction", "交易单号");
pub(super) const WHO_PAYS: Text = Text::new("Who pays?", "由谁付款？");
pub(super) const PAY: Text = Text::new("Pay", "支付");
pub(super) const CANCEL: Text = Text::new("Cancel", "取消支付");
pub(super) const LEAVE: Text = Text::new("Close the tab, and do nothing", "直接关闭页面，什么也不做");
pub(super) const BACK_TO_SHOP: Text = Text::new("Back to the shop", "返回商家");
pub(super) const BACK_TO_APP: Text = Text::new("Back to the app", "返回应用");
pub(super) const DONE: Text = Text::new("Done", "完成");
pub(super) const CLOSE: Text = Text::new("Close", "关闭");
pub(super) const TRY_AGAIN: Text = Text::new("Choose another buyer", "换一位付款人");
pub(super) const BACK_SOON: Text = Text::new("You return automatically in 5 seconds.", "5 秒后自动返回。");
pub(super) const CLOSE_THIS: Text = Text::new("You can close this page.", "您可以关闭此页面。");
pub(super) const REDIRECT_REFUSED: Text = Text::new(
    "The return address was left out: it is not on this machine, and the sandbox does not allow its host.",
    "返回地址已忽略：它不在本机，沙箱也没有允许该域名。",
);
pub(super) const PAID: Text = Text::new("Payment successful", "支付成功");
pub(super) const PAID_TEXT: Text = Text::new(
    "The notification is on its way to the shop.",
    "支付结果通知正在发送给商家。",
);
pub(super) const CANCELLED: Text = Text::new("Payment cancelled", "支付已取消");
pub(super) const CANCELLED_TEXT: Text = Text::new(
    "The order stays unpaid and can be paid later.",
    "订单仍为未支付状态，之后可以继续支付。",
);
pub(super) const LEFT: Text = Text::new("You left the cashier", "您已离开收银台");
pub(super) const LEFT_TEXT: Text = Text::new(
    "Nothing was paid, nothing was cancelled, and the shop hears nothing of it.",
    "没有付款，也没有取消，商家不会收到任何消息。",
);
pub(super) const RESULT_CODE: Text = Text::new("Result for the app", "返回给应用的结果");
pub(super) const NOT_POSSIBLE: Text = Text::new("This cannot be paid", "无法支付");
pub(super) const INVOKE_FAILED: Text = Text::new("The payment sheet does not open", "无法调起支付");
pub(super) const NOT_FOUND: Text = Text::new("There is no such page", "没有这个页面");
pub(super) const PAGE_GONE: Text = Text::new(
    "This page has expired. Go back to the shop and start again.",
    "页面已失效，请回到商家重新发起支付。",
);
pub(super) const REFUSED: Text = Text::new("Refused", "请求被拒绝");
pub(super) const FOREIGN_HOST: Text = Text::new(
    "This address does not belong to the sandbox. Open it by 127.0.0.1 or localhost.",
    "该地址不属于沙箱，请通过 127.0.0.1 或 localhost 访问。",
);
pub(super) const CROSS_SITE: Text = Text::new(
    "The request came from another site. Only the cashier's own buttons may pay.",
    "请求来自其他站点。只有收银台自己的按钮可以付款。",
);
pub(super) const SCAN: Text = Text::new("Scan a code", "扫一扫");
pub(super) const SCAN_TEXT: Text = Text::new(
    "Paste the code_url of a Native order to see what the buyer's phone would show.",
    "粘贴 Native 订单的 code_url，查看买家手机上的页面。",
);
pub(super) const DASHBOARD: Text = Text::new("Open the dashboard", "打开控制台");
pub(super) const OPEN: Text = Text::new("Open", "打开");
pub(super) const HOME_TEXT: Text = Text::new(
    "A WeChat Pay API v3 gateway for this machine is running here.",
    "本机的微信支付 API v3 沙箱正在运行。",
);

pub(super) const fn buyer_name(buyer: Buyer) -> Text {
    match buyer {
        Buyer::Alice => Text::new("Alice", "爱丽丝"),
        Buyer::Bob => Text::new("Bob", "鲍勃"),
        Buyer::Carol => Text::new("Carol", "卡罗尔"),
    }
}

pub(super) const fn buyer_note(buyer: Buyer) -> Text {
    match buyer {
        Buyer::Alice => Text::new("Has enough money", "余额充足"),
        Buyer::Bob => Text::new("Has an empty wallet", "余额不足"),
        Buyer::Carol => Text::new("Is stopped by risk control", "被风控拦截"),
    }
}

pub(super) const fn pay_error(error: PayError) -> (Text, Text) {
    match error {
        PayError::NoSuchOrder => (
            NOT_POSSIBLE,
            Text::new("There is no such order.", "没有找到该订单。"),
        ),
        PayError::AlreadyPaid => (
            Text::new("Already paid", "订单已支付"),
            Text::new(
                "This order is paid. Nobody has to pay twice.",
                "该订单已经付款，无需重复支付。",
            ),
        ),
        PayError::Closed => (
            Text::new("Order closed", "订单已关闭"),
            Text::new("The shop has closed this order.", "商家已关闭该订单。"),
        ),
        PayError::Expired => (
            Text::new("Too late", "订单已过期"),
            Text::new(
                "The last moment to pay this order is over.",
                "该订单的支付截止时间已过。",
            ),
        ),
        PayError::NotEnough => (
            Text::new("Not enough money", "余额不足"),
            Text::new(
                "The payment failed. The order stays unpaid.",
                "支付失败，订单仍为未支付状态。",
            ),
        ),
        PayError::Blocked => (
            Text::new("Stopped by risk control", "交易被风控拦截"),
            Text::new(
                "The payment failed. The order stays unpaid.",
                "支付失败，订单仍为未支付状态。",
            ),
        ),
    }
}

pub(super) const fn session_problem(problem: SessionProblem) -> Text {
    match problem {
        SessionProblem::Unknown => Text::new(
            "The sandbox did not give out this id. Is the sandbox the same that took the order?",
            "沙箱没有签发过这个标识。下单的是同一个沙箱吗？",
        ),
        SessionProblem::Expired => Text::new(
            "It has expired: h5_url lives 5 minutes, prepay_id and code_url 2 hours. Place the order again with the same parameters to get a fresh one.",
            "已过期：h5_url 有效期 5 分钟，prepay_id 和 code_url 有效期 2 小时。用相同参数重新下单即可获得新的。",
        ),
        SessionProblem::Superseded => Text::new(
            "The order was placed again, and this code died with that. Show the newest one.",
            "订单已重新下单，旧二维码随之失效，请展示最新的二维码。",
        ),
    }
}

pub(super) const fn invoke_problem(problem: &InvokeProblem) -> Text {
    match problem {
        InvokeProblem::Missing(_) => Text::new("A parameter is missing:", "缺少参数："),
        InvokeProblem::Timestamp => Text::new(
            "The timestamp must be Unix seconds as a string of ten digits.",
            "时间戳必须是 10 位数字的秒级字符串。",
        ),
        InvokeProblem::SignType => Text::new("signType must be RSA.", "signType 必须为 RSA。"),
        InvokeProblem::Package => Text::new(
            "package must be prepay_id=… for JSAPI and Sign=WXPay for APP.",
            "package 在 JSAPI 中必须为 prepay_id=…，在 APP 中必须为 Sign=WXPay。",
        ),
        InvokeProblem::OtherScene => Text::new(
            "The prepay_id belongs to an order of another scene; it works only where it was made for.",
            "该 prepay_id 属于其他支付场景的订单，只能用于下单时的场景。",
        ),
        InvokeProblem::Appid => Text::new(
            "The appid is not the one in the order (appid, sp_appid or sub_appid).",
            "appid 与下单时的（appid、sp_appid 或 sub_appid）不一致。",
        ),
        InvokeProblem::Partner => Text::new(
            "partnerid is not the merchant of the order. It is not signed, so only the phone would notice.",
            "partnerid 不是该订单的商户号。它不参与签名，只有真机上才会发现。",
        ),
        InvokeProblem::NotBase64 => {
            Text::new("The signature is not standard base64.", "签名不是标准的 base64。")
        }
        InvokeProblem::FourthLineOfApp => Text::new(
            "The fourth line of the signed text is the one of APP: JSAPI and mini programs sign the whole package value, prepay_id=…, and APP signs the bare id.",
            "签名串第四行用成了 APP 的写法：JSAPI 和小程序签的是完整的 package 值 prepay_id=…，APP 签的才是单独的 id。",
        ),
        InvokeProblem::FourthLineOfJsapi => Text::new(
            "The fourth line of the signed text is the one of JSAPI: APP signs the bare prepay id, and JSAPI and mini programs sign prepay_id=….",
            "签名串第四行用成了 JSAPI 的写法：APP 签的是单独的预支付 id，JSAPI 和小程序签的才是 prepay_id=…。",
        ),
        InvokeProblem::OtherKey => Text::new(
            "The signed text is right, and the key is another merchant's. In partner mode the service provider signs.",
            "签名串正确，但用的是其他商户的私钥。服务商模式下由服务商签名。",
        ),
        InvokeProblem::Proven(remedy) => Text::new(remedy.en, remedy.zh),
        InvokeProblem::Mismatch => Text::new(
            "The signature does not fit. Signed are four lines, each with its line end: appid, timestamp, nonce, and the package value (JSAPI) or the prepay id (APP).",
            "签名验证未通过。签名串共四行，每行都以换行符结尾：appid、时间戳、随机串、package 值（JSAPI）或预支付 id（APP）。",
        ),
    }
}
