//! The cases: what each is about, what is expected, and what helps.

use std::fmt;

use serde::Serialize;

/// What it means when a case fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fatal => "fatal",
            Self::Serious => "serious",
            Self::Minor => "minor",
        })
    }
}

/// One case of the acceptance run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Case {
    /// A payment as the platform tells it.
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
    /// The signature fits; the resource is sealed with another APIv3 key.
    OtherApiV3Key,
    /// Another amount than the order's.
    OtherAmount,
    /// Another payee, another app.
    OtherPayee,
    /// A kind, a field and a value that were added later.
    Unknown,
    /// A refund is told before its payment.
    RefundFirst,
    /// Public key and certificate take turns.
    BothKeys,
    /// A body of 2 MiB, and one that drips.
    Bodies,
    /// A payment of which nobody is told.
    Unheard,
    /// A caller without cookies and without a session.
    Stranger,
}

/// What is known of a case beforehand.
pub(super) struct Facts {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) severity: Severity,
    pub(super) expected: &'static str,
    pub(super) advice: &'static str,
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

    /// What it is about, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.facts().title
    }

    /// What it means when it fails.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.facts().severity
    }

    /// What a good receiver does.
    #[must_use]
    pub fn expected(self) -> &'static str {
        self.facts().expected
    }

    /// What helps when it fails.
    #[must_use]
    pub fn advice(self) -> &'static str {
        self.facts().advice
    }

    #[expect(clippy::too_many_lines, reason = "a table")]
    const fn facts(self) -> Facts {
        match self {
            Self::Genuine => Facts {
                id: "A1",
                title: "a genuine payment",
                severity: Severity::Fatal,
                expected: "200 or 204 within five seconds, and the order is paid",
                advice: "Verify over the bytes as they came, before anything reads or rewrites the body; then open the resource with the APIv3 key.",
            },
            Self::Repeated => Facts {
                id: "A2",
                title: "the same three more times",
                severity: Severity::Fatal,
                expected: "200 or 204 each time, and the goods go out once",
                advice: "Remember the notification's id (and the order's state) where all processes see it, and acknowledge what is done already.",
            },
            Self::AtOnce => Facts {
                id: "A3",
                title: "twenty copies at once",
                severity: Severity::Fatal,
                expected: "one is handled, the others are acknowledged or told to come again (409, 429, 503); the goods go out once",
                advice: "Take a lock or a claim before the order is read, not after.",
            },
            Self::Probe => Facts {
                id: "A4",
                title: "the platform's signature probe",
                severity: Severity::Fatal,
                expected: "refused: anything but 2xx",
                advice: "Signatures that begin with WECHATPAY/SIGNTEST/ are wrong on purpose. Who acknowledges one does not verify, and the platform notices.",
            },
            Self::ChangedBody => Facts {
                id: "A5",
                title: "one byte of the body is another",
                severity: Severity::Fatal,
                expected: "refused: anything but 2xx",
                advice: "The signature covers timestamp, nonce and body, each with a line end. Verify all of it.",
            },
            Self::OtherKey => Facts {
                id: "A6",
                title: "signed with another key",
                severity: Severity::Fatal,
                expected: "refused: anything but 2xx",
                advice: "Take the key that Wechatpay-Serial names out of those that the platform gave you, and refuse a serial that is not among them.",
            },
            Self::OtherTime => Facts {
                id: "A7",
                title: "signed six minutes ago, and six minutes ahead",
                severity: Severity::Serious,
                expected: "refused: anything but 2xx",
                advice: "Compare Wechatpay-Timestamp with your clock: five minutes, both ways. Else a recorded notification stays good for ever.",
            },
            Self::MissingHeaders => Facts {
                id: "A8",
                title: "a header of the signature is missing",
                severity: Severity::Fatal,
                expected: "4xx for each of the four",
                advice: "A missing header is a refusal, neither a reason to skip the check nor an exception.",
            },
            Self::OtherApiV3Key => Facts {
                id: "A9",
                title: "sealed with another APIv3 key",
                severity: Severity::Fatal,
                expected: "refused: anything but 2xx",
                advice: "Acknowledge only what was opened and stored. What was acknowledged is never sent again.",
            },
            Self::OtherAmount => Facts {
                id: "A10",
                title: "another amount than the order's",
                severity: Severity::Fatal,
                expected: "refused, or at least not taken as paid",
                advice: "Compare amount.total and the currency with your order before the goods go out.",
            },
            Self::OtherPayee => Facts {
                id: "A11",
                title: "another payee, another app",
                severity: Severity::Fatal,
                expected: "refused, or at least not taken as paid",
                advice: "Compare the merchant (and sub-merchant) and the app with yours: others' payments can reach your address too.",
            },
            Self::Unknown => Facts {
                id: "A12",
                title: "a kind, a field and a value that were added later",
                severity: Severity::Serious,
                expected: "field and value: 200 or 204; the kind: anything but an accident (a bare 5xx)",
                advice: "Pass over fields you do not know, keep values you do not know, and answer kinds you do not know on purpose, with code and message if you refuse them.",
            },
            Self::RefundFirst => Facts {
                id: "A13",
                title: "a refund is told before its payment",
                severity: Severity::Serious,
                expected: "no accident (a bare 5xx) for either, and the goods go out at most once",
                advice: "Notifications come in any order. Let the state of an order move only forward, whatever arrives first.",
            },
            Self::BothKeys => Facts {
                id: "A14",
                title: "public key and certificate take turns",
                severity: Severity::Serious,
                expected: "200 or 204 for both",
                advice: "While the platform changes over, both sign. Keep both and let Wechatpay-Serial choose.",
            },
            Self::Bodies => Facts {
                id: "A15",
                title: "a body of 2 MiB, and one that drips",
                severity: Severity::Minor,
                expected: "refused; the dripping one within ten seconds",
                advice: "Limit the body (256 KiB is plenty) and the time for it: anybody can call this address.",
            },
            Self::Unheard => Facts {
                id: "A16",
                title: "a payment of which nobody is told",
                severity: Severity::Serious,
                expected: "the order is queried",
                advice: "Notifications can fail all day. Query orders that stay open, and take the answer like a notification.",
            },
            Self::Stranger => Facts {
                id: "A17",
                title: "no cookies, no session, no token",
                severity: Severity::Fatal,
                expected: "no redirect to a log-in, no 401, no 403",
                advice: "Take the route out of log-in and CSRF checks. Its signature is what protects it.",
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
