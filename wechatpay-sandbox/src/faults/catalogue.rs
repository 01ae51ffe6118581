//! What is known of every fault.

use std::time::Duration;

use super::Fault;

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
    pub(crate) slot: Slot,
}

const fn info(
    example: Fault,
    name: &'static str,
    place: FaultPlace,
    slot: Slot,
    text: &'static str,
) -> FaultInfo {
    FaultInfo {
        example,
        name,
        argument: None,
        place,
        text,
        slot,
    }
}

impl FaultInfo {
    const fn argument(self, argument: &'static str) -> Self {
        Self {
            argument: Some(argument),
            ..self
        }
    }
}

use FaultPlace::{Answer, Bill, Keys, Message, Notification, Payment};

const SECONDS: Duration = Duration::from_secs(2);
const SPAN: &str = "a span: 500ms, 2s, 30m, 1h, 7d";
const STATUS: &str = "a status: 400 to 599";

impl Fault {
    /// All faults, each with an example of its argument.
    pub const CATALOGUE: &'static [FaultInfo] = &[
        info(
            Self::Status(503),
            "status",
            Answer,
            Slot::Outcome,
            "nothing is done, and this status is answered",
        )
        .argument(STATUS),
        info(
            Self::AcceptedBut(500),
            "accepted-but",
            Answer,
            Slot::Outcome,
            "carried out, and this status is answered all the same",
        )
        .argument(STATUS),
        info(
            Self::BeforeApiAnswer,
            "before-api-answer",
            Answer,
            Slot::Race,
            "paid or refunded, and notified, before the call is answered",
        ),
        info(
            Self::Delay(SECONDS),
            "delay",
            Answer,
            Slot::Transport,
            "the answer comes so much later",
        )
        .argument(SPAN),
        info(
            Self::Hang,
            "hang",
            Answer,
            Slot::Transport,
            "carried out, and never answered",
        ),
        info(
            Self::HangBeforeCommit,
            "hang-before-commit",
            Answer,
            Slot::Transport,
            "not carried out, and never answered",
        ),
        info(
            Self::Reset,
            "reset",
            Answer,
            Slot::Transport,
            "carried out, and the connection is cut",
        ),
        info(
            Self::ResetBeforeCommit,
            "reset-before-commit",
            Answer,
            Slot::Transport,
            "not carried out, and the connection is cut",
        ),
        info(
            Self::TruncateBody,
            "truncate-body",
            Answer,
            Slot::Transport,
            "the connection is cut in the middle of the body",
        ),
        info(
            Self::Drip(Duration::from_millis(500)),
            "drip",
            Answer,
            Slot::Transport,
            "the body comes in eight pieces, each after such a pause",
        )
        .argument(SPAN),
        info(
            Self::WrongContentLength,
            "wrong-content-length",
            Answer,
            Slot::Transport,
            "Content-Length promises more than comes",
        ),
        info(
            Self::NoSignHeaders,
            "no-sign-headers",
            Message,
            Slot::Signature,
            "the signature headers are missing",
        ),
        info(
            Self::BadSignature,
            "bad-signature",
            Message,
            Slot::Signature,
            "the signature fits nothing",
        ),
        info(
            Self::SignatureProbe,
            "signature-probe",
            Message,
            Slot::Signature,
            "the signature begins with WECHATPAY/SIGNTEST/",
        ),
        info(
            Self::UnknownSerial,
            "unknown-serial",
            Message,
            Slot::Signature,
            "signed by a key whose serial nobody knows",
        ),
        info(
            Self::OtherKey,
            "other-key",
            Message,
            Slot::Signature,
            "signed by another key, under the right serial",
        ),
        info(
            Self::StaleTimestamp,
            "stale-timestamp",
            Message,
            Slot::Signature,
            "signed ten minutes ago",
        ),
        info(
            Self::Skew(360),
            "skew",
            Message,
            Slot::Signature,
            "signed by a clock that is ahead or behind",
        )
        .argument("a span with its sign: +6m, -6m"),
        info(
            Self::SignedOtherBody,
            "signed-other-body",
            Message,
            Slot::Signature,
            "a good signature of another text",
        ),
        info(
            Self::ChangedBody,
            "changed-body",
            Message,
            Slot::Signature,
            "one byte is changed behind the signature",
        ),
        info(
            Self::OtherAnswer,
            "other-answer",
            Answer,
            Slot::Signature,
            "the answer to an earlier request, with its own signature",
        ),
        info(
            Self::UnknownField,
            "unknown-field",
            Message,
            Slot::Content,
            "a key that no page names",
        ),
        info(
            Self::UnknownEnum,
            "unknown-enum",
            Message,
            Slot::Content,
            "a state, a type or a bank that no page names",
        ),
        info(
            Self::MissingOptional,
            "missing-optional",
            Message,
            Slot::Content,
            "keys that may be missing are",
        ),
        info(
            Self::NullOptional,
            "null-optional",
            Message,
            Slot::Content,
            "keys that may be missing are null",
        ),
        info(
            Self::NumberAsString,
            "number-as-string",
            Message,
            Slot::Content,
            "amounts are strings of digits",
        ),
        info(
            Self::PayFailBalance,
            "pay-fail-balance",
            Payment,
            Slot::Payment,
            "the buyer has not enough money",
        ),
        info(
            Self::PayFailRisk,
            "pay-fail-risk",
            Payment,
            Slot::Payment,
            "risk control stops the payment",
        ),
        info(
            Self::PayThenReverse,
            "pay-then-reverse",
            Payment,
            Slot::Payment,
            "paid, notified, and then REVOKED",
        ),
        info(
            Self::DoublePay,
            "double-pay",
            Payment,
            Slot::Payment,
            "a second notification tells of another transaction",
        ),
        info(
            Self::Lost,
            "lost",
            Notification,
            Slot::Arrival,
            "the attempt never arrives",
        ),
        info(
            Self::Late(Duration::from_secs(1800)),
            "late",
            Notification,
            Slot::Arrival,
            "the first attempt comes so much later",
        )
        .argument(SPAN),
        info(
            Self::OutOfOrder,
            "out-of-order",
            Notification,
            Slot::Arrival,
            "it waits until another notification was sent",
        ),
        info(
            Self::Duplicate(3),
            "duplicate",
            Notification,
            Slot::Copies,
            "it comes so many times more",
        )
        .argument("a number"),
        info(
            Self::Concurrent(20),
            "concurrent",
            Notification,
            Slot::Copies,
            "so many copies come at once",
        )
        .argument("a number"),
        info(
            Self::WrongAmount,
            "wrong-amount",
            Notification,
            Slot::Content,
            "it tells of another amount",
        ),
        info(
            Self::WrongMchid,
            "wrong-mchid",
            Notification,
            Slot::Content,
            "it is about another merchant",
        ),
        info(
            Self::WrongAppid,
            "wrong-appid",
            Notification,
            Slot::Content,
            "it is about another app",
        ),
        info(
            Self::OtherPayload,
            "other-payload",
            Notification,
            Slot::Content,
            "under the same id, it tells of another order",
        ),
        info(
            Self::WrongApiV3Key,
            "wrong-apiv3-key",
            Notification,
            Slot::Envelope,
            "it is sealed with another APIv3 key",
        ),
        info(
            Self::UnknownEvent,
            "unknown-event",
            Notification,
            Slot::Envelope,
            "it is of a kind that nobody knows",
        ),
        info(
            Self::Oversized,
            "oversized",
            Notification,
            Slot::Envelope,
            "its body has 2 MiB",
        ),
        info(
            Self::BillNotReady,
            "bill-not-ready",
            Bill,
            Slot::File,
            "STATEMENT_CREATING",
        ),
        info(
            Self::BillNone,
            "bill-none",
            Bill,
            Slot::File,
            "NO_STATEMENT_EXIST",
        ),
        info(
            Self::BillHashMismatch,
            "bill-hash-mismatch",
            Bill,
            Slot::File,
            "the digest is not that of the file",
        ),
        info(
            Self::BillExpiredUrl,
            "bill-expired-url",
            Bill,
            Slot::File,
            "the address of the file is too old",
        ),
        info(
            Self::BillTruncated,
            "bill-truncated",
            Bill,
            Slot::File,
            "the file breaks off in the middle",
        ),
        info(
            Self::BillRedirect,
            "bill-redirect",
            Bill,
            Slot::File,
            "the download leads to another host",
        ),
        info(
            Self::BillNoBom,
            "bill-no-bom",
            Bill,
            Slot::File,
            "the file has no byte order mark",
        ),
        info(
            Self::BillCommaInName,
            "bill-comma-in-name",
            Bill,
            Slot::File,
            "names of goods have a comma and a back-tick",
        ),
        info(
            Self::BillLegacyColumns,
            "bill-legacy-columns",
            Bill,
            Slot::File,
            "columns that came later are missing",
        ),
        info(
            Self::RotateNow,
            "rotate-now",
            Keys,
            Slot::Keys,
            "a new certificate signs from now on",
        ),
        info(
            Self::CertsExpired,
            "certs-expired",
            Keys,
            Slot::Keys,
            "the listed certificates expired yesterday",
        ),
        info(
            Self::CertsWrongKey,
            "certs-wrong-key",
            Keys,
            Slot::Keys,
            "they are sealed with another APIv3 key",
        ),
        info(
            Self::CertsWithoutSigner,
            "certs-without-signer",
            Keys,
            Slot::Keys,
            "the one that signs is not listed",
        ),
        info(
            Self::CertsReversed,
            "certs-reversed",
            Keys,
            Slot::Keys,
            "the newest is listed first",
        ),
    ];
}

/// Never met: a test looks every fault up.
pub(super) const UNLISTED: FaultInfo = info(Fault::Hang, "?", Answer, Slot::Transport, "");
