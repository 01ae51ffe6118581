//! Texts of the cashier in both languages.

use super::invoke::InvokeProblem;
use crate::web::{Word, word};
use wechatpay_sandbox::world::orders::{
    buyer::Buyer,
    state::{PayError, SessionProblem},
};

pub(super) const RIBBON: Word = word("Sandbox — no real money moves", "沙箱环境 — 不产生真实扣款");
pub(super) const AFFILIATION: Word = word(
    "A local emulator for developers. Not affiliated with Tencent or WeChat Pay.",
    "供开发者使用的本地模拟器，与腾讯及微信支付官方无关。",
);
pub(super) const WATCH: Word = word("See the messages of this order", "查看此订单的报文");
pub(super) const PAY_TO: Word = word("Pay to", "付款给");
pub(super) const ORDER_NUMBER: Word = word("Order", "订单号");
pub(super) const MERCHANT: Word = word("Merchant", "商户号");
pub(super) const SUB_MERCHANT: Word = word("Sub-merchant", "子商户号");
pub(super) const SCENE: Word = word("Scene", "支付场景");
pub(super) const TRANSACTION: Word = word("Transaction", "交易单号");
pub(super) const WHO_PAYS: Word = word("Who pays?", "由谁付款？");
pub(super) const PAY: Word = word("Pay", "支付");
pub(super) const CANCEL: Word = word("Cancel", "取消支付");
pub(super) const LEAVE: Word = word("Close the tab, and do nothing", "直接关闭页面，什么也不做");
pub(super) const BACK_TO_SHOP: Word = word("Back to the shop", "返回商家");
pub(super) const BACK_TO_APP: Word = word("Back to the app", "返回应用");
pub(super) const DONE: Word = word("Done", "完成");
pub(super) const CLOSE: Word = word("Close", "关闭");
pub(super) const TRY_AGAIN: Word = word("Choose another buyer", "换一位付款人");
pub(super) const BACK_SOON: Word = word("You return automatically in 5 seconds.", "5 秒后自动返回。");
pub(super) const CLOSE_THIS: Word = word("You can close this page.", "您可以关闭此页面。");
pub(super) const REDIRECT_REFUSED: Word = word(
    "The return address was left out: it is not on this machine, and the sandbox does not allow its host.",
    "返回地址已忽略：它不在本机，沙箱也没有允许该域名。",
);
pub(super) const PAID: Word = word("Payment successful", "支付成功");
pub(super) const PAID_TEXT: Word = word(
    "The notification is on its way to the shop.",
    "支付结果通知正在发送给商家。",
);
pub(super) const CANCELLED: Word = word("Payment cancelled", "支付已取消");
pub(super) const CANCELLED_TEXT: Word = word(
    "The order stays unpaid and can be paid later.",
    "订单仍为未支付状态，之后可以继续支付。",
);
pub(super) const LEFT: Word = word("You left the cashier", "您已离开收银台");
pub(super) const LEFT_TEXT: Word = word(
    "Nothing was paid, nothing was cancelled, and the shop hears nothing of it.",
    "没有付款，也没有取消，商家不会收到任何消息。",
);
pub(super) const RESULT_CODE: Word = word("Result for the app", "返回给应用的结果");
pub(super) const NOT_POSSIBLE: Word = word("This cannot be paid", "无法支付");
pub(super) const INVOKE_FAILED: Word = word("The payment sheet does not open", "无法调起支付");
pub(super) const NOT_FOUND: Word = word("There is no such page", "没有这个页面");
pub(super) const PAGE_GONE: Word = word(
    "This page has expired. Go back to the shop and start again.",
    "页面已失效，请回到商家重新发起支付。",
);
pub(super) const REFUSED: Word = word("Refused", "请求被拒绝");
pub(super) const FOREIGN_HOST: Word = word(
    "This address does not belong to the sandbox. Open it by 127.0.0.1 or localhost.",
    "该地址不属于沙箱，请通过 127.0.0.1 或 localhost 访问。",
);
pub(super) const CROSS_SITE: Word = word(
    "The request came from another site. Only the cashier's own buttons may pay.",
    "请求来自其他站点。只有收银台自己的按钮可以付款。",
);
pub(super) const SCAN: Word = word("Scan a code", "扫一扫");
pub(super) const SCAN_TEXT: Word = word(
    "Paste the code_url of a Native order to see what the buyer's phone would show.",
    "粘贴 Native 订单的 code_url，查看买家手机上的页面。",
);
pub(super) const DASHBOARD: Word = word("Open the dashboard", "打开控制台");
pub(super) const OPEN: Word = word("Open", "打开");
pub(super) const HOME_TEXT: Word = word(
    "A WeChat Pay API v3 gateway for this machine is running here.",
    "本机的微信支付 API v3 沙箱正在运行。",
);

pub(super) const fn buyer_name(buyer: Buyer) -> Word {
    match buyer {
        Buyer::Alice => word("Alice", "爱丽丝"),
        Buyer::Bob => word("Bob", "鲍勃"),
        Buyer::Carol => word("Carol", "卡罗尔"),
    }
}

pub(super) const fn buyer_note(buyer: Buyer) -> Word {
    match buyer {
        Buyer::Alice => word("Has enough money", "余额充足"),
        Buyer::Bob => word("Has an empty wallet", "余额不足"),
        Buyer::Carol => word("Is stopped by risk control", "被风控拦截"),
    }
}

pub(super) const fn pay_error(error: PayError) -> (Word, Word) {
    match error {
        PayError::NoSuchOrder => (NOT_POSSIBLE, word("There is no such order.", "没有找到该订单。")),
        PayError::AlreadyPaid => (
            word("Already paid", "订单已支付"),
            word(
                "This order is paid. Nobody has to pay twice.",
                "该订单已经付款，无需重复支付。",
            ),
        ),
        PayError::Closed => (
            word("Order closed", "订单已关闭"),
            word("The shop has closed this order.", "商家已关闭该订单。"),
        ),
        PayError::Expired => (
            word("Too late", "订单已过期"),
            word(
                "The last moment to pay this order is over.",
                "该订单的支付截止时间已过。",
            ),
        ),
        PayError::NotEnough => (
            word("Not enough money", "余额不足"),
            word(
                "The payment failed. The order stays unpaid.",
                "支付失败，订单仍为未支付状态。",
            ),
        ),
        PayError::Blocked => (
            word("Stopped by risk control", "交易被风控拦截"),
            word(
                "The payment failed. The order stays unpaid.",
                "支付失败，订单仍为未支付状态。",
            ),
        ),
    }
}

pub(super) const fn session_problem(problem: SessionProblem) -> Word {
    match problem {
        SessionProblem::Unknown => word(
            "The sandbox did not give out this id. Is the sandbox the same that took the order?",
            "沙箱没有签发过这个标识。下单的是同一个沙箱吗？",
        ),
        SessionProblem::Expired => word(
            "It has expired: h5_url lives 5 minutes, prepay_id and code_url 2 hours. Place the order again with the same parameters to get a fresh one.",
            "已过期：h5_url 有效期 5 分钟，prepay_id 和 code_url 有效期 2 小时。用相同参数重新下单即可获得新的。",
        ),
        SessionProblem::Superseded => word(
            "The order was placed again, and this code died with that. Show the newest one.",
            "订单已重新下单，旧二维码随之失效，请展示最新的二维码。",
        ),
    }
}

pub(super) const fn invoke_problem(problem: &InvokeProblem) -> Word {
    match problem {
        InvokeProblem::Missing(_) => word("A parameter is missing:", "缺少参数："),
        InvokeProblem::Timestamp => word(
            "The timestamp must be Unix seconds as a string of ten digits.",
            "时间戳必须是 10 位数字的秒级字符串。",
        ),
        InvokeProblem::SignType => word("signType must be RSA.", "signType 必须为 RSA。"),
        InvokeProblem::Package => word(
            "package must be prepay_id=… for JSAPI and Sign=WXPay for APP.",
            "package 在 JSAPI 中必须为 prepay_id=…，在 APP 中必须为 Sign=WXPay。",
        ),
        InvokeProblem::OtherScene => word(
            "The prepay_id belongs to an order of another scene; it works only where it was made for.",
            "该 prepay_id 属于其他支付场景的订单，只能用于下单时的场景。",
        ),
        InvokeProblem::Appid => word(
            "The appid is not the one in the order (appid, sp_appid or sub_appid).",
            "appid 与下单时的（appid、sp_appid 或 sub_appid）不一致。",
        ),
        InvokeProblem::Partner => word(
            "partnerid is not the merchant of the order. It is not signed, so only the phone would notice.",
            "partnerid 不是该订单的商户号。它不参与签名，只有真机上才会发现。",
        ),
        InvokeProblem::NotBase64 => word("The signature is not standard base64.", "签名不是标准的 base64。"),
        InvokeProblem::FourthLineOfApp => word(
            "The fourth line of the signed text is the one of APP: JSAPI and mini programs sign the whole package value, prepay_id=…, and APP signs the bare id.",
            "签名串第四行用成了 APP 的写法：JSAPI 和小程序签的是完整的 package 值 prepay_id=…，APP 签的才是单独的 id。",
        ),
        InvokeProblem::FourthLineOfJsapi => word(
            "The fourth line of the signed text is the one of JSAPI: APP signs the bare prepay id, and JSAPI and mini programs sign prepay_id=….",
            "签名串第四行用成了 JSAPI 的写法：APP 签的是单独的预支付 id，JSAPI 和小程序签的才是 prepay_id=…。",
        ),
        InvokeProblem::OtherKey => word(
            "The signed text is right, and the key is another merchant's. In partner mode the service provider signs.",
            "签名串正确，但用的是其他商户的私钥。服务商模式下由服务商签名。",
        ),
        InvokeProblem::Proven(remedy) => word(remedy.en, remedy.zh),
        InvokeProblem::Mismatch => word(
            "The signature does not fit. Signed are four lines, each with its line end: appid, timestamp, nonce, and the package value (JSAPI) or the prepay id (APP).",
            "签名验证未通过。签名串共四行，每行都以换行符结尾：appid、时间戳、随机串、package 值（JSAPI）或预支付 id（APP）。",
        ),
    }
}
