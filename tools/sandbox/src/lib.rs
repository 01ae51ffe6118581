#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod acceptance;
mod admin;
mod applyments;
pub mod blocking;
mod builder;
mod cashier;
mod credentials;
mod dashboard;
mod ending;
mod error;
mod event;
mod faults;
mod funds;
mod gateway;
mod header_names;
mod ids;
mod lab;
mod merchants;
mod notify;
mod observe;
mod payments;
mod platform;
mod refunds;
mod sandbox;
mod saved;
mod server;
mod shared;
mod sharing;
mod signing;
mod state;
mod stubs;
mod time;
#[cfg(test)]
mod vectors;
mod web;
mod withdrawals;

pub use acceptance::{Acceptance, AcceptanceError, AcceptanceReport, Case, CaseResult, Outcome, Severity};
pub use builder::SandboxBuilder;
pub use cashier::Language;
pub use error::StartError;
pub use event::{Event, EventKind};
pub use faults::{Fault, FaultInfo, FaultPlace, FaultRule, UnknownFault};
pub use notify::{Attempt, AttemptOutcome, Notification, NotificationState, RetrySchedule, Sent};
pub use observe::{Counters, Events, NotAcknowledged};
pub use platform::{KeyMode, Rotation, RotationError};
pub use sandbox::{Sandbox, Stub, StubBuilder};
pub use saved::{RestoreError, Snapshot};
pub use state::{
    applyment::{ApplymentError, ApplymentSnapshot, ApplymentState},
    buyer::Buyer,
    ledger::Account,
    lint::{Lint, LintKind},
    media::{Media, MediaKind},
    merchant::{DEMO_MERCHANT_SERIAL, DEMO_SUB_APPID, MerchantCertificate, MerchantKind, MerchantSpec},
    merchant_change::{MerchantChange, MerchantError},
    order::{OrderState, PayError},
    refund::{RefundSnapshot, RefundState, SettleError},
    request::{RecordedRequest, RecordedResponse, Verdict},
    scene::Scene,
    share::{ShareDetail, ShareFailure, ShareResult, ShareSnapshot},
    snapshot::{OrderSnapshot, Step, TimelineEntry},
    withdrawal::{WithdrawalError, WithdrawalSnapshot, WithdrawalState},
};
pub use stubs::{StubError, StubFile, StubRequest, StubResponse};
pub use time::{ClockError, SandboxClock, Turn};
