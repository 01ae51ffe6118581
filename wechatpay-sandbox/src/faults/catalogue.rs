//! What is known of every fault.

use std::time::Duration;

use super::Fault;
use crate::web::{Word, word};

/// What a fault spoils.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultPlace {
    /// The answer to a request.
    Answer,
    /// The answer to a request; or a notification, if the rule names an event.
    Message,
    /// A notification.
    Notification,
    /// A payment at the cashier.
    Payment,
    /// A bill.
    Bill,
    /// `GET /v3/certificates`, or the key that signs.
    Keys,
}

impl FaultPlace {
    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Message => "message",
            Self::Notification => "notification",
            Self::Payment => "payment",
            Self::Bill => "bill",
            Self::Keys => "keys",
        }
    }
}

/// Of all faults that could fire at one occasion, the first rule of each slot does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Outcome,
    Race,
    Transport,
    Signature,
    Names,
    Wording,
    Content,
    Payment,
    Arrival,
    Copies,
    Envelope,
    File,
    Keys,
}

/// What is known of a fault besides its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultInfo {
    /// An example; the argument is one that makes sense.
    pub example: Fault,
    /// The name without argument.
    pub name: &'static str,
    /// What the argument is, if there is one.
    pub argument: Option<&'static str>,
    /// What it spoils.
    pub place: FaultPlace,
    /// What happens, in a sentence.
    pub text: &'static str,
    /// The same in Chinese.
    pub(crate) chinese: &'static str,
    /// What the argument is, in Chinese.
    pub(crate) argument_chinese: &'static str,
    pub(crate) slot: Slot,
}

const fn info(
    example: Fault,
    name: &'static str,
    place: FaultPlace,
    slot: Slot,
    text: &'static str,
    chinese: &'static str,
) -> FaultInfo {
    FaultInfo {
        example,
        name,
        argument: None,
        argument_chinese: "",
        place,
        text,
        chinese,
        slot,
    }
}

impl FaultInfo {
    const fn argument(self, argument: Word) -> Self {
        Self {
            argument: Some(argument.english),
            argument_chinese: argument.chinese,
            ..self
        }
    }
}

use FaultPlace::{Answer, Bill, Keys, Message, Notification, Payment};

const SECONDS: Duration = Duration::from_secs(2);
const SPAN: Word = word(
    "a span: 500ms, 2s, 30m, 1h, 7d",
    "时长，如 500ms、2s、30m、1h、7d",
);
const STATUS: Word = word("a status: 400 to 599", "HTTP 状态码，400 至 599");

impl Fault {
    /// All faults, each with an example of its argument.
    pub const CATALOGUE: &'static [FaultInfo] = &[
        info(
            Self::Status(503),
            "status",
            Answer,
            Slot::Outcome,
            "nothing is done, and this status is answered",
            "请求不被处理，直接返回此状态码",
        )
        .argument(STATUS),
        info(
            Self::AcceptedBut(500),
            "accepted-but",
            Answer,
            Slot::Outcome,
            "carried out, and this status is answered all the same",
            "请求已处理，却仍返回此状态码",
        )
        .argument(STATUS),
        info(
            Self::BeforeApiAnswer,
            "before-api-answer",
            Answer,
            Slot::Race,
            "paid or refunded, and notified, before the call is answered",
            "应答返回之前，支付或退款已完成，回调通知已发出",
        ),
        info(
            Self::Delay(SECONDS),
            "delay",
            Answer,
            Slot::Transport,
            "the answer comes so much later",
            "应答延迟这么久才返回",
        )
        .argument(SPAN),
        info(
            Self::Hang,
            "hang",
            Answer,
            Slot::Transport,
            "carried out, and never answered",
            "请求已处理，但始终没有应答",
        ),
        info(
            Self::HangBeforeCommit,
            "hang-before-commit",
            Answer,
            Slot::Transport,
            "not carried out, and never answered",
            "请求未处理，也始终没有应答",
        ),
        info(
            Self::Reset,
            "reset",
            Answer,
            Slot::Transport,
            "carried out, and the connection is cut",
            "请求已处理，但连接被切断",
        ),
        info(
            Self::ResetBeforeCommit,
            "reset-before-commit",
            Answer,
            Slot::Transport,
            "not carried out, and the connection is cut",
            "请求未处理，连接被切断",
        ),
        info(
            Self::TruncateBody,
            "truncate-body",
            Answer,
            Slot::Transport,
            "the connection is cut in the middle of the body",
            "应答主体传到一半时连接被切断",
        ),
        info(
            Self::Drip(Duration::from_millis(500)),
            "drip",
            Answer,
            Slot::Transport,
            "the body comes in eight pieces, each after such a pause",
            "应答主体分八段发送，每段之前停顿这么久",
        )
        .argument(SPAN),
        info(
            Self::WrongContentLength,
            "wrong-content-length",
            Answer,
            Slot::Transport,
            "Content-Length promises more than comes",
            "Content-Length 比实际内容长",
        ),
        info(
            Self::NoSignHeaders,
            "no-sign-headers",
            Message,
            Slot::Signature,
            "the signature headers are missing",
            "缺少签名相关的 HTTP 头",
        ),
        info(
            Self::BadSignature,
            "bad-signature",
            Message,
            Slot::Signature,
            "the signature fits nothing",
            "签名值与内容不符",
        ),
        info(
            Self::SignatureProbe,
            "signature-probe",
            Message,
            Slot::Signature,
            "the signature begins with WECHATPAY/SIGNTEST/",
            "签名以 WECHATPAY/SIGNTEST/ 开头（签名探测流量）",
        ),
        info(
            Self::UnknownSerial,
            "unknown-serial",
            Message,
            Slot::Signature,
            "signed by a key whose serial nobody knows",
            "用未知序列号的密钥签名",
        ),
        info(
            Self::OtherKey,
            "other-key",
            Message,
            Slot::Signature,
            "signed by another key, under the right serial",
            "序列号正确，但用另一把密钥签名",
        ),
        info(
            Self::StaleTimestamp,
            "stale-timestamp",
            Message,
            Slot::Signature,
            "signed ten minutes ago",
            "签名时间戳是十分钟前",
        ),
        info(
            Self::Skew(360),
            "skew",
            Message,
            Slot::Signature,
            "signed by a clock that is ahead or behind",
            "签名所用的时钟偏快或偏慢",
        )
        .argument(word(
            "a span with its sign: +6m, -6m",
            "带正负号的时长，如 +6m、-6m",
        )),
        info(
            Self::SignedOtherBody,
            "signed-other-body",
            Message,
            Slot::Signature,
            "a good signature of another text",
            "签名本身有效，但签的是另一段内容",
        ),
        info(
            Self::ChangedBody,
            "changed-body",
            Message,
            Slot::Signature,
            "one byte is changed behind the signature",
            "签名之后内容被改了一个字节",
        ),
        info(
            Self::OtherAnswer,
            "other-answer",
            Answer,
            Slot::Signature,
            "the answer to an earlier request, with its own signature",
            "返回之前某个请求的应答及其签名（重放）",
        ),
        info(
            Self::LowerCaseHeaders,
            "lower-case-headers",
            Message,
            Slot::Names,
            "header names are in lower case, as a proxy writes them",
            "请求头或应答头的名称全部小写，如同经过代理",
        ),
        info(
            Self::DocumentedDetail,
            "documented-detail",
            Answer,
            Slot::Wording,
            "PARAM_ERROR has field and issue in its detail, as documented",
            "PARAM_ERROR 的 detail 按文档带有 field 和 issue",
        ),
        info(
            Self::UnknownField,
            "unknown-field",
            Message,
            Slot::Content,
            "a key that no page names",
            "多出文档中没有的字段",
        ),
        info(
            Self::UnknownEnum,
            "unknown-enum",
            Message,
            Slot::Content,
            "a state, a type or a bank that no page names",
            "出现文档中没有的状态、类型或银行",
        ),
        info(
            Self::MissingOptional,
            "missing-optional",
            Message,
            Slot::Content,
            "keys that may be missing are",
            "选填字段缺失",
        ),
        info(
            Self::NullOptional,
            "null-optional",
            Message,
            Slot::Content,
            "keys that may be missing are null",
            "选填字段为 null",
        ),
        info(
            Self::NumberAsString,
            "number-as-string",
            Message,
            Slot::Content,
            "amounts are strings of digits",
            "金额变成了数字字符串",
        ),
        info(
            Self::PayFailBalance,
            "pay-fail-balance",
            Payment,
            Slot::Payment,
            "the buyer has not enough money",
            "买家余额不足",
        ),
        info(
            Self::PayFailRisk,
            "pay-fail-risk",
            Payment,
            Slot::Payment,
            "risk control stops the payment",
            "支付被风控拦截",
        ),
        info(
            Self::PayThenReverse,
            "pay-then-reverse",
            Payment,
            Slot::Payment,
            "paid, notified, and then REVOKED",
            "支付成功并已通知，随后被撤销（REVOKED）",
        ),
        info(
            Self::DoublePay,
            "double-pay",
            Payment,
            Slot::Payment,
            "a second notification tells of another transaction",
            "又来一条回调通知，微信支付订单号不同",
        ),
        info(
            Self::Lost,
            "lost",
            Notification,
            Slot::Arrival,
            "the attempt never arrives",
            "这次通知没有送达",
        ),
        info(
            Self::Late(Duration::from_secs(1800)),
            "late",
            Notification,
            Slot::Arrival,
            "the first attempt comes so much later",
            "第一次通知延迟这么久才发送",
        )
        .argument(SPAN),
        info(
            Self::OutOfOrder,
            "out-of-order",
            Notification,
            Slot::Arrival,
            "it waits until another notification was sent",
            "等另一条通知发出之后才发送（乱序）",
        ),
        info(
            Self::Duplicate(3),
            "duplicate",
            Notification,
            Slot::Copies,
            "it comes so many times more",
            "同一通知重复发送这么多次",
        )
        .argument(word("a number", "次数")),
        info(
            Self::Concurrent(20),
            "concurrent",
            Notification,
            Slot::Copies,
            "so many copies come at once",
            "同一通知同时并发这么多份",
        )
        .argument(word("a number", "次数")),
        info(
            Self::WrongAmount,
            "wrong-amount",
            Notification,
            Slot::Content,
            "it tells of another amount",
            "通知里的金额不符",
        ),
        info(
            Self::WrongMchid,
            "wrong-mchid",
            Notification,
            Slot::Content,
            "it is about another merchant",
            "通知里是别的商户号",
        ),
        info(
            Self::WrongAppid,
            "wrong-appid",
            Notification,
            Slot::Content,
            "it is about another app",
            "通知里是别的 appid",
        ),
        info(
            Self::OtherPayload,
            "other-payload",
            Notification,
            Slot::Content,
            "under the same id, it tells of another order",
            "通知 id 相同，内容却是另一笔订单",
        ),
        info(
            Self::WrongApiV3Key,
            "wrong-apiv3-key",
            Notification,
            Slot::Envelope,
            "it is sealed with another APIv3 key",
            "用另一把 APIv3 密钥加密",
        ),
        info(
            Self::UnknownEvent,
            "unknown-event",
            Notification,
            Slot::Envelope,
            "it is of a kind that nobody knows",
            "未知的通知类型（event_type）",
        ),
        info(
            Self::Oversized,
            "oversized",
            Notification,
            Slot::Envelope,
            "its body has 2 MiB",
            "通知报文大小为 2 MiB",
        ),
        info(
            Self::BillNotReady,
            "bill-not-ready",
            Bill,
            Slot::File,
            "STATEMENT_CREATING",
            "账单生成中（STATEMENT_CREATING）",
        ),
        info(
            Self::BillNone,
            "bill-none",
            Bill,
            Slot::File,
            "NO_STATEMENT_EXIST",
            "账单不存在（NO_STATEMENT_EXIST）",
        ),
        info(
            Self::BillHashMismatch,
            "bill-hash-mismatch",
            Bill,
            Slot::File,
            "the digest is not that of the file",
            "返回的摘要与账单文件不符",
        ),
        info(
            Self::BillExpiredUrl,
            "bill-expired-url",
            Bill,
            Slot::File,
            "the address of the file is too old",
            "账单下载地址已过期",
        ),
        info(
            Self::BillTruncated,
            "bill-truncated",
            Bill,
            Slot::File,
            "the file breaks off in the middle",
            "账单文件传到一半中断",
        ),
        info(
            Self::BillRedirect,
            "bill-redirect",
            Bill,
            Slot::File,
            "the download leads to another host",
            "下载被重定向到别的主机",
        ),
        info(
            Self::BillNoBom,
            "bill-no-bom",
            Bill,
            Slot::File,
            "the file has no byte order mark",
            "账单文件没有 BOM",
        ),
        info(
            Self::BillCommaInName,
            "bill-comma-in-name",
            Bill,
            Slot::File,
            "names of goods have a comma and a back-tick",
            "商品名称中含有逗号和反引号",
        ),
        info(
            Self::BillLegacyColumns,
            "bill-legacy-columns",
            Bill,
            Slot::File,
            "columns that came later are missing",
            "缺少后来新增的列",
        ),
        info(
            Self::RotateNow,
            "rotate-now",
            Keys,
            Slot::Keys,
            "a new certificate signs from now on",
            "从现在起改用新的平台证书签名",
        ),
        info(
            Self::CertsExpired,
            "certs-expired",
            Keys,
            Slot::Keys,
            "the listed certificates expired yesterday",
            "列出的平台证书昨天已过期",
        ),
        info(
            Self::CertsWrongKey,
            "certs-wrong-key",
            Keys,
            Slot::Keys,
            "they are sealed with another APIv3 key",
            "平台证书用另一把 APIv3 密钥加密",
        ),
        info(
            Self::CertsWithoutSigner,
            "certs-without-signer",
            Keys,
            Slot::Keys,
            "the one that signs is not listed",
            "列表中没有实际用于签名的平台证书",
        ),
        info(
            Self::CertsReversed,
            "certs-reversed",
            Keys,
            Slot::Keys,
            "the newest is listed first",
            "最新的平台证书排在最前",
        ),
    ];
}

/// Never met: a test looks every fault up.
pub(super) const UNLISTED: FaultInfo = info(Fault::Hang, "?", Answer, Slot::Transport, "", "");
