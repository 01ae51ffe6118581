#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[macro_use]
mod debug;

pub mod acceptance;
pub mod faults;
pub mod gateway;
pub mod handle;
pub mod journal;
pub mod language;
pub mod notify;
mod payments;
pub mod platform;
pub mod snapshot;
mod texts;
mod wire;
pub mod world;

pub use acceptance::{
    Acceptance, AcceptanceError, AcceptanceReport, Case, CaseResult, Observation, Outcome, Severity,
    SkipReason,
};
pub use faults::{Fault, FaultInfo, FaultPlace, FaultRule, UnknownFault};
pub use gateway::{
    stubs::{StubError, StubFile, StubRequest, StubResponse},
    traffic::{RecordedRequest, RecordedResponse, Verdict},
};
pub use handle::{
    Sandbox, blocking,
    builder::SandboxBuilder,
    clock::{ClockError, SandboxClock, Turn},
    error::StartError,
    inspect::{Counters, Events, NotAcknowledged},
    rotation::Rotation,
    stubs::{Stub, StubBuilder},
};
pub use journal::{AttemptOutcome, Event, EventKind, Hint, KeyChange, Problem, SendFailure, TargetError};
pub use language::{Language, Localize, Text};
pub use notify::{Attempt, Notification, NotificationState, RetrySchedule, Sent};
pub use platform::{KeyMode, RotationError};
pub use snapshot::{Flaw, RestoreError, Snapshot};
pub use world::{
    applyments::state::{ApplymentError, ApplymentSnapshot, ApplymentState},
    complaints::ComplainError,
    funds::ledger::Account,
    lints::{Lint, LintKind},
    media::state::{Media, MediaKind},
    merchants::{
        change::{MerchantChange, MerchantEdit},
        document::{MerchantCertificate, MerchantSpec, SubMerchant},
        error::MerchantError,
        state::{DEMO_MERCHANT_SERIAL, DEMO_SUB_APPID, MerchantKind},
    },
    orders::{
        buyer::Buyer,
        scene::Scene,
        state::{OrderState, PayError},
        timeline::{OrderSnapshot, Step, TimelineEntry},
    },
    records::state::{RecordError, RecordKey, RecordKind, RecordSnapshot},
    refunds::state::{RefundSnapshot, RefundState, SettleError},
    sharing::state::{ShareDetail, ShareFailure, ShareResult, ShareSnapshot},
    withdrawals::state::{WithdrawalError, WithdrawalSnapshot, WithdrawalState},
};
