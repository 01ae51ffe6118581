//! The words of the page, in two languages.

use serde::Serialize;

use crate::order::Scene;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// Both, in the order of the switch.
    pub(crate) const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The value of `?lang=` and of the cookie.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }

    /// The value of the attribute `lang`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-Hans",
            Self::English => "en",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == name)
    }

    /// The first language of `Accept-Language` that the page has.
    ///
    /// Browsers send languages in order of preference, so weights are not read.
    pub(crate) fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|entry| {
            let tag = entry.split(';').next().unwrap_or_default().trim();
            let primary = tag.split('-').next().unwrap_or_default();
            Self::from_name(&primary.to_ascii_lowercase())
        })
    }

    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::Chinese => &CHINESE,
            Self::English => &ENGLISH,
        }
    }
}

/// Name of a scene for people and in the API.
pub(crate) struct SceneText {
    pub(crate) name: &'static str,
    pub(crate) hint: &'static str,
}

/// Words that the server writes into the page.
pub(crate) struct Texts {
    pub(crate) shop: &'static str,
    pub(crate) title: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) language_switch: &'static str,
    pub(crate) sandbox: &'static str,
    pub(crate) watch: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) pick: &'static str,
    pub(crate) checkout: &'static str,
    pub(crate) your_choice: &'static str,
    pub(crate) how_to_pay: &'static str,
    pub(crate) jsapi: SceneText,
    pub(crate) app: SceneText,
    pub(crate) h5: SceneText,
    pub(crate) native: SceneText,
    pub(crate) order: &'static str,
    pub(crate) steps: [&'static str; 3],
    pub(crate) qr_alt: &'static str,
    pub(crate) order_number: &'static str,
    pub(crate) transaction: &'static str,
    pub(crate) learned_at: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) check: &'static str,
    pub(crate) close: &'static str,
    pub(crate) another: &'static str,
    pub(crate) invoke: &'static str,
    pub(crate) no_script: &'static str,
    pub(crate) not_affiliated: &'static str,
    pub(crate) script: ScriptTexts,
}

impl Texts {
    pub(crate) fn scene(&self, scene: Scene) -> &SceneText {
        match scene {
            Scene::Jsapi => &self.jsapi,
            Scene::App => &self.app,
            Scene::H5 => &self.h5,
            Scene::Native => &self.native,
        }
    }
}

/// Words that the script needs.
#[derive(Serialize)]
pub(crate) struct ScriptTexts {
    pay: &'static str,
    refund: &'static str,
    refunded_of: &'static str,
    paying: &'static str,
    status: StatusTexts,
    hint: HintTexts,
    action: ActionTexts,
    proof: ProofTexts,
    copied: &'static str,
    error: ErrorTexts,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct StatusTexts {
    notpay: &'static str,
    success: &'static str,
    refund: &'static str,
    partly: &'static str,
    closed: &'static str,
}

#[derive(Serialize)]
struct HintTexts {
    native: &'static str,
    native_sandbox: &'static str,
    h5: &'static str,
    jsapi: &'static str,
    app: &'static str,
    app_sandbox: &'static str,
    claimed: &'static str,
    cancelled: &'static str,
    closed: &'static str,
}

#[derive(Serialize)]
struct ActionTexts {
    cashier: &'static str,
    h5: &'static str,
    jsapi: &'static str,
    app: &'static str,
}

#[derive(Serialize)]
struct ProofTexts {
    notification: &'static str,
    query: &'static str,
}

#[derive(Serialize)]
struct ErrorTexts {
    network: &'static str,
    gateway: &'static str,
    request_id: &'static str,
    gone: &'static str,
    bridge: &'static str,
    not_paid: &'static str,
}

const CHINESE: Texts = Texts {
    shop: "半日",
    title: "半日 · 小物铺",
    skip: "跳到结账",
    language_switch: "语言",
    sandbox: "演示环境：付款都在本机的沙箱里完成，不涉及真实资金。",
    watch: "查看每一条报文",
    headline: "偷得浮生半日闲",
    lead: "给没有安排的下午，备几样小东西。",
    pick: "挑一样",
    checkout: "结账",
    your_choice: "已选",
    how_to_pay: "怎么付",
    jsapi: SceneText {
        name: "微信内网页",
        hint: "JSAPI",
    },
    app: SceneText {
        name: "手机应用",
        hint: "APP",
    },
    h5: SceneText {
        name: "手机浏览器",
        hint: "H5",
    },
    native: SceneText {
        name: "扫码",
        hint: "Native",
    },
    order: "订单",
    steps: ["已下单", "已支付", "已发货"],
    qr_alt: "付款二维码",
    order_number: "订单号",
    transaction: "交易单号",
    learned_at: "确认时间（北京时间）",
    copy: "复制",
    check: "我已付款，查一下",
    close: "关闭订单",
    another: "再逛逛",
    invoke: "客户端拿到的调起参数",
    no_script: "这个页面需要 JavaScript。",
    not_affiliated: "这是一个开源示例，与微信支付及腾讯没有关联。",
    script: ScriptTexts {
        pay: "支付",
        refund: "退款",
        refunded_of: "共 {total}，已退 {refunded}",
        paying: "正在下单…",
        status: StatusTexts {
            notpay: "等待支付",
            success: "已支付",
            refund: "已退款",
            partly: "部分退款",
            closed: "已关闭",
        },
        hint: HintTexts {
            native: "用微信扫一扫付款。",
            native_sandbox: "沙箱里的订单用这个按钮付款。",
            h5: "将离开本页去收银台，付完会回来。",
            jsapi: "付款窗口会在本页弹出。",
            app: "把下面的参数交给手机应用里的支付组件。",
            app_sandbox: "沙箱会扮演手机应用，收下这些参数。",
            claimed: "客户端说付好了。这只是一个提示，正在等平台的通知。",
            cancelled: "付款已取消，可以再试一次。",
            closed: "订单没有付款就关闭了。",
        },
        action: ActionTexts {
            cashier: "打开沙箱收银台",
            h5: "去收银台",
            jsapi: "打开付款窗口",
            app: "打开沙箱收银台",
        },
        proof: ProofTexts {
            notification: "收到了签名有效、金额相符的支付通知，所以这里显示“已支付”。",
            query: "向平台查询得到了签名有效、金额相符的结果，所以这里显示“已支付”。",
        },
        copied: "已复制",
        error: ErrorTexts {
            network: "连不上小店，请稍后再试。",
            gateway: "支付平台没有接受：",
            request_id: "请求编号",
            gone: "没有找到这个订单。",
            bridge: "这个浏览器里没有付款窗口，请在微信里打开本页。",
            not_paid: "平台说还没有付款。",
        },
    },
};

const ENGLISH: Texts = Texts {
    shop: "Half Day",
    title: "Half Day · small things",
    skip: "Skip to checkout",
    language_switch: "Language",
    sandbox: "Demo: every payment happens in a sandbox on this machine. No money moves.",
    watch: "Watch every message",
    headline: "Half a day off",
    lead: "Small things for an afternoon without plans.",
    pick: "Pick one",
    checkout: "Checkout",
    your_choice: "Your choice",
    how_to_pay: "How you pay",
    jsapi: SceneText {
        name: "In WeChat",
        hint: "JSAPI",
    },
    app: SceneText {
        name: "In an app",
        hint: "APP",
    },
    h5: SceneText {
        name: "Mobile web",
        hint: "H5",
    },
    native: SceneText {
        name: "Scan a code",
        hint: "Native",
    },
    order: "Order",
    steps: ["Ordered", "Paid", "Handed over"],
    qr_alt: "Code to pay with",
    order_number: "Order number",
    transaction: "Transaction",
    learned_at: "Confirmed (Beijing time)",
    copy: "Copy",
    check: "I have paid, check now",
    close: "Close order",
    another: "Back to the shelf",
    invoke: "What the client was given",
    no_script: "This page needs JavaScript.",
    not_affiliated: "An open-source example. Not affiliated with WeChat Pay or Tencent.",
    script: ScriptTexts {
        pay: "Pay",
        refund: "Refund",
        refunded_of: "{refunded} of {total} refunded",
        paying: "Placing the order…",
        status: StatusTexts {
            notpay: "Waiting for payment",
            success: "Paid",
            refund: "Refunded",
            partly: "Partly refunded",
            closed: "Closed",
        },
        hint: HintTexts {
            native: "Scan it with WeChat to pay.",
            native_sandbox: "In the sandbox you pay with this button.",
            h5: "You leave for the cashier and come back when you are done.",
            jsapi: "The payment window opens on this page.",
            app: "Hand the parameters below to the payment kit of your app.",
            app_sandbox: "The sandbox plays the app and takes these parameters.",
            claimed: "The client says it is paid. That is only a hint: waiting for the platform's notification.",
            cancelled: "The payment was cancelled. You can try again.",
            closed: "The order was closed without a payment.",
        },
        action: ActionTexts {
            cashier: "Open the sandbox cashier",
            h5: "Go to the cashier",
            jsapi: "Open the payment window",
            app: "Open the sandbox cashier",
        },
        proof: ProofTexts {
            notification: "Shown as paid because a notification arrived whose signature and amount are right.",
            query: "Shown as paid because the platform was asked, and the signature and amount of its response are right.",
        },
        copied: "Copied",
        error: ErrorTexts {
            network: "The shop cannot be reached. Try again in a moment.",
            gateway: "The payment platform did not accept it: ",
            request_id: "Request-ID",
            gone: "There is no such order.",
            bridge: "This browser has no payment window. Open the page inside WeChat.",
            not_paid: "The platform says it is not paid yet.",
        },
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_wins() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Chinese)),
            ("en-GB,en;q=0.9,zh;q=0.1", Some(Language::English)),
            ("fr, ZH-Hant;q=0.5", Some(Language::Chinese)),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }
}
