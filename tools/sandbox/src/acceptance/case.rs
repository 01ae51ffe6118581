//! The acceptance cases with their expectations and advice.

use std::fmt;

use serde::Serialize;

use crate::language::Text;

/// Consequence of a failed case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Money or goods can be stolen, or payments get lost.
    Fatal,
    /// Some payments go wrong or arrive late.
    Serious,
    /// It should be better.
    Minor,
}

impl Severity {
    /// In both languages.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Fatal => Text::new("fatal", "致命"),
            Self::Serious => Text::new("serious", "严重"),
            Self::Minor => Text::new("minor", "轻微"),
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().en)
    }
}

/// One case of the acceptance run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Case {
    /// A genuine payment.
    Genuine,
    /// The same notification three more times, one after the other.
    Repeated,
    /// The same notification twenty times at once.
    AtOnce,
    /// The platform's signature probe.
    Probe,
    /// One byte of the body is another.
    ChangedBody,
    /// Signed with a key that is not the platform's.
    OtherKey,
    /// Signed six minutes ago, and six minutes ahead.
    OtherTime,
    /// Each header of the signature missing in turn.
    MissingHeaders,
    /// A payment encrypted with a different APIv3 key, with a valid signature.
    OtherApiV3Key,
    /// A payment whose amount differs from the order's.
    OtherAmount,
    /// A payment to a different payee or app.
    OtherPayee,
    /// A kind, a field and a value that were added later.
    Unknown,
    /// A refund that is notified before its payment.
    RefundFirst,
    /// Public key and certificate take turns.
    BothKeys,
    /// A body of 2 MiB, and one that drips.
    Bodies,
    /// A payment without any notification.
    Unheard,
    /// A caller without cookies and without a session.
    Stranger,
}

/// Reason why nothing can be said of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// A genuine payment is not acknowledged.
    Unpaid,
    /// There was no genuine payment.
    NothingGenuine,
    /// The sandbox has one kind of key only.
    OneKindOfKey,
    /// Nobody said within what time the shop queries, and where orders come from.
    NoQueryTime,
    /// Nobody said how the effect of an order is seen.
    NoEffect,
    /// The signature was accepted, and the order is unknown to the shop.
    UnknownOrder,
    /// The sandbox has no unpaid order of the shop left.
    NoOrderLeft,
}

impl SkipReason {
    /// In both languages.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Unpaid => Text::new(
                "a genuine payment is not acknowledged: see A1",
                "真实的支付通知未应答成功：见 A1",
            ),
            Self::NothingGenuine => Text::new("there was no genuine payment", "没有真实的支付通知可用"),
            Self::OneKindOfKey => Text::new(
                "this sandbox has one kind of key; start it with both",
                "沙箱只有一种平台密钥；请以混合模式（mixed）启动",
            ),
            Self::NoQueryTime => Text::new(
                "say within what time the shop queries, and where orders come from",
                "请指定商户多久之内会查询订单，以及下单地址",
            ),
            Self::NoEffect => Text::new(
                "acknowledged; say how the effect of an order is seen to judge this",
                "已应答成功；请填写查询发货的地址，才能判断结果",
            ),
            Self::UnknownOrder => Text::new(
                "the signature was accepted; the made-up order is unknown to your shop (or your APIv3 key is wrong): give --order-url",
                "签名已通过；虚构的订单在商户系统中不存在（或 APIv3 密钥有误）：请用 --order-url 指定下单地址",
            ),
            Self::NoOrderLeft => Text::new(
                "your shop has no unpaid order left in this sandbox: place more, or give --order-url",
                "沙箱中没有该商户的未支付订单了：请先下单，或用 --order-url 指定下单地址",
            ),
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().en)
    }
}

/// The verdict where no genuine payment could be judged.
pub(super) const UNFINISHED: Text = Text::new(
    "not judged to the end: nothing is known of genuine payments",
    "未能完整判定：真实支付通知的处理情况未知",
);

/// The fixed facts of a case.
pub(super) struct Facts {
    pub(super) id: &'static str,
    pub(super) title: Text,
    pub(super) severity: Severity,
    pub(super) expected: Text,
    pub(super) advice: Text,
}

impl Case {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 17] = [
        Self::Genuine,
        Self::Stranger,
        Self::Repeated,
        Self::AtOnce,
        Self::Probe,
        Self::ChangedBody,
        Self::OtherKey,
        Self::OtherTime,
        Self::MissingHeaders,
        Self::OtherApiV3Key,
        Self::OtherAmount,
        Self::OtherPayee,
        Self::Unknown,
        Self::RefundFirst,
        Self::BothKeys,
        Self::Bodies,
        Self::Unheard,
    ];

    /// A short name, `A1` to `A17`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.facts().id
    }

    /// Short title of the case.
    #[must_use]
    pub fn title(self) -> Text {
        self.facts().title
    }

    /// Consequence of a failure.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.facts().severity
    }

    /// Expected behaviour of a correct receiver.
    #[must_use]
    pub fn expected(self) -> Text {
        self.facts().expected
    }

    /// Advice for a failed case.
    #[must_use]
    pub fn advice(self) -> Text {
        self.facts().advice
    }

    #[expect(clippy::too_many_lines, reason = "a table")]
    const fn facts(self) -> Facts {
        match self {
            Self::Genuine => Facts {
                id: "A1",
                title: Text::new("a genuine payment", "真实的支付成功通知"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "200 or 204 within five seconds, and the order is paid",
                    "五秒内返回 200 或 204，且订单变为已支付",
                ),
                advice: Text::new(
                    "Verify over the bytes as they came, before anything reads or rewrites the body; then open the resource with the APIv3 key.",
                    "先用收到的原始字节验签，再做任何解析或改写；然后用 APIv3 密钥解密 resource。",
                ),
            },
            Self::Repeated => Facts {
                id: "A2",
                title: Text::new("the same three more times", "同一通知再发三次"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "200 or 204 each time, and the goods go out once",
                    "每次都返回 200 或 204，且只发货一次",
                ),
                advice: Text::new(
                    "Remember the notification's id (and the order's state) where all processes see it, and acknowledge what is done already.",
                    "把通知 id（及订单状态）记录在所有进程都能看到的地方；已处理过的直接应答成功。",
                ),
            },
            Self::AtOnce => Facts {
                id: "A3",
                title: Text::new("twenty copies at once", "同一通知并发二十份"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "one is handled, the others are acknowledged or told to come again (409, 429, 503); the goods go out once",
                    "处理其中一份，其余应答成功或要求重发（409、429、503）；只发货一次",
                ),
                advice: Text::new(
                    "Take a lock or a claim before the order is read, not after.",
                    "在读取订单之前加锁或抢占，而不是之后。",
                ),
            },
            Self::Probe => Facts {
                id: "A4",
                title: Text::new("the platform's signature probe", "平台的签名探测流量"),
                severity: Severity::Fatal,
                expected: Text::new("refused: anything but 2xx", "拒绝：返回 2xx 以外的状态码"),
                advice: Text::new(
                    "Signatures that begin with WECHATPAY/SIGNTEST/ are wrong on purpose. Who acknowledges one does not verify, and the platform notices.",
                    "以 WECHATPAY/SIGNTEST/ 开头的签名是故意的错误签名。应答成功说明没有验签，平台会发现。",
                ),
            },
            Self::ChangedBody => Facts {
                id: "A5",
                title: Text::new("one byte of the body is another", "报文主体被改了一个字节"),
                severity: Severity::Fatal,
                expected: Text::new("refused: anything but 2xx", "拒绝：返回 2xx 以外的状态码"),
                advice: Text::new(
                    "The signature covers timestamp, nonce and body, each with a line end. Verify all of it.",
                    "签名覆盖时间戳、随机串和报文主体，各以换行结尾。请对全部内容验签。",
                ),
            },
            Self::OtherKey => Facts {
                id: "A6",
                title: Text::new("signed with another key", "用其他密钥签名"),
                severity: Severity::Fatal,
                expected: Text::new("refused: anything but 2xx", "拒绝：返回 2xx 以外的状态码"),
                advice: Text::new(
                    "Take the key that Wechatpay-Serial names out of those that the platform gave you, and refuse a serial that is not among them.",
                    "按 Wechatpay-Serial 从已取得的平台密钥中选取；序列号不在其中的一律拒绝。",
                ),
            },
            Self::OtherTime => Facts {
                id: "A7",
                title: Text::new(
                    "signed six minutes ago, and six minutes ahead",
                    "时间戳早六分钟、晚六分钟",
                ),
                severity: Severity::Serious,
                expected: Text::new("refused: anything but 2xx", "拒绝：返回 2xx 以外的状态码"),
                advice: Text::new(
                    "Compare Wechatpay-Timestamp with your clock: five minutes, both ways. Else a recorded notification stays good for ever.",
                    "将 Wechatpay-Timestamp 与本机时钟比较，前后不超过五分钟；否则被截获的通知永远有效。",
                ),
            },
            Self::MissingHeaders => Facts {
                id: "A8",
                title: Text::new("a header of the signature is missing", "缺少某个签名 HTTP 头"),
                severity: Severity::Fatal,
                expected: Text::new("4xx for each of the four", "四种情况都返回 4xx"),
                advice: Text::new(
                    "A missing header is a refusal, neither a reason to skip the check nor an exception.",
                    "缺少 HTTP 头就应拒绝，既不能跳过验签，也不能抛出异常。",
                ),
            },
            Self::OtherApiV3Key => Facts {
                id: "A9",
                title: Text::new("sealed with another APIv3 key", "用其他 APIv3 密钥加密"),
                severity: Severity::Fatal,
                expected: Text::new("refused: anything but 2xx", "拒绝：返回 2xx 以外的状态码"),
                advice: Text::new(
                    "Acknowledge only what was opened and stored. What was acknowledged is never sent again.",
                    "解密并保存成功后才应答成功。应答成功的通知不会再发。",
                ),
            },
            Self::OtherAmount => Facts {
                id: "A10",
                title: Text::new("another amount than the order's", "金额与订单不符"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "refused, or at least not taken as paid",
                    "拒绝，或至少不当作已支付",
                ),
                advice: Text::new(
                    "Compare amount.total and the currency with your order before the goods go out.",
                    "发货之前，将 amount.total 和币种与自己的订单核对。",
                ),
            },
            Self::OtherPayee => Facts {
                id: "A11",
                title: Text::new("another payee, another app", "收款商户号或 appid 不符"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "refused, or at least not taken as paid",
                    "拒绝，或至少不当作已支付",
                ),
                advice: Text::new(
                    "Compare the merchant (and sub-merchant) and the app with yours: others' payments can reach your address too.",
                    "核对商户号（及子商户号）和 appid 是否是自己的：别人的支付通知也可能发到你的地址。",
                ),
            },
            Self::Unknown => Facts {
                id: "A12",
                title: Text::new(
                    "a kind, a field and a value that were added later",
                    "以后新增的通知类型、字段和取值",
                ),
                severity: Severity::Serious,
                expected: Text::new(
                    "field and value: 200 or 204; the kind: anything but an accident (a bare 5xx)",
                    "新字段和新取值：200 或 204；新类型：不能是意外的 5xx",
                ),
                advice: Text::new(
                    "Pass over fields you do not know, keep values you do not know, and respond to unknown kinds deliberately, with code and message if you refuse them.",
                    "忽略不认识的字段，保留不认识的取值；对不认识的通知类型要有意识地应答，拒绝时带上 code 和 message。",
                ),
            },
            Self::RefundFirst => Facts {
                id: "A13",
                title: Text::new("a refund is told before its payment", "退款通知先于支付通知到达"),
                severity: Severity::Serious,
                expected: Text::new(
                    "no accident (a bare 5xx) for either, and the goods go out at most once",
                    "两者都不能出现意外的 5xx，且最多发货一次",
                ),
                advice: Text::new(
                    "Notifications come in any order. Let the state of an order move only forward, whatever arrives first.",
                    "通知到达的顺序不固定。无论哪个先到，订单状态只能向前推进。",
                ),
            },
            Self::BothKeys => Facts {
                id: "A14",
                title: Text::new(
                    "public key and certificate take turns",
                    "微信支付公钥与平台证书交替签名",
                ),
                severity: Severity::Serious,
                expected: Text::new("200 or 204 for both", "两者都返回 200 或 204"),
                advice: Text::new(
                    "While the platform changes over, both sign. Keep both and let Wechatpay-Serial choose.",
                    "平台切换期间两者都会用于签名。请同时保留，由 Wechatpay-Serial 决定用哪个。",
                ),
            },
            Self::Bodies => Facts {
                id: "A15",
                title: Text::new(
                    "a body of 2 MiB, and one that drips",
                    "2 MiB 的报文，以及缓慢发送的报文",
                ),
                severity: Severity::Minor,
                expected: Text::new(
                    "refused; the dripping one within ten seconds",
                    "拒绝；缓慢发送的应在十秒内拒绝",
                ),
                advice: Text::new(
                    "Limit the body (256 KiB is plenty) and the time for it: anybody can call this address.",
                    "限制报文大小（256 KiB 足够）和接收时间：任何人都可以请求这个地址。",
                ),
            },
            Self::Unheard => Facts {
                id: "A16",
                title: Text::new("a payment of which nobody is told", "支付成功但没有任何通知"),
                severity: Severity::Serious,
                expected: Text::new("the order is queried", "主动查询订单"),
                advice: Text::new(
                    "Notifications can fail all day. Query orders that stay open, and take the response like a notification.",
                    "通知可能整天都收不到。请主动查询未支付的订单，并像处理通知一样处理查询结果。",
                ),
            },
            Self::Stranger => Facts {
                id: "A17",
                title: Text::new("no cookies, no session, no token", "没有 Cookie、会话和令牌"),
                severity: Severity::Fatal,
                expected: Text::new(
                    "no redirect to a log-in, no 401, no 403",
                    "不跳转登录页，不返回 401 或 403",
                ),
                advice: Text::new(
                    "Take the route out of log-in and CSRF checks. Its signature is what protects it.",
                    "让该路径绕过登录和 CSRF 校验，由签名来保护它。",
                ),
            },
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.facts();
        write!(f, "{} {}", facts.id, facts.title)
    }
}
