//! Results of the checks.

use std::fmt;

use serde::Serialize;

/// Subject of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Check {
    /// The settings themselves. [`Config::validate`](wechatpay_core::Config::validate) checks them.
    Settings,
    /// The merchant's own certificate.
    Certificate,
    /// The way to the gateway.
    Gateway,
    /// The local clock.
    Clock,
    /// The signature of requests.
    Signing,
    /// The verification of responses.
    Verification,
    /// The APIv3 key.
    ApiV3Key,
    /// The encryption of sensitive fields.
    Encryption,
    /// The URL for notifications.
    NotifyUrl,
    /// The delivery of a notification.
    Notification,
    /// The store of events, which an application or the command checks.
    Store,
}

impl Check {
    /// Returns the name, for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Certificate => "own certificate",
            Self::Gateway => "gateway",
            Self::Clock => "clock",
            Self::Signing => "signing",
            Self::Verification => "verification",
            Self::ApiV3Key => "APIv3 key",
            Self::Encryption => "encryption",
            Self::NotifyUrl => "notify_url",
            Self::Notification => "notification",
            Self::Store => "store",
        }
    }
}

/// Outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
#[non_exhaustive]
pub enum Outcome {
    /// It is right.
    Passed {
        /// Details.
        what: String,
    },
    /// It works, and should be looked at.
    Warning {
        /// Problem.
        what: String,
        /// Remedy.
        fix: String,
    },
    /// It does not work.
    Failed {
        /// Problem.
        what: String,
        /// Remedy.
        fix: String,
    },
    /// It could not be found out.
    Skipped {
        /// Reason.
        what: String,
    },
}

/// A check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Checked {
    /// Subject.
    pub check: Check,
    /// Outcome.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Checked {
    /// Creates a check that passed.
    pub fn passed(check: Check, what: impl Into<String>) -> Self {
        let outcome = Outcome::Passed { what: what.into() };
        Self { check, outcome }
    }

    /// Creates a check that should be looked at.
    pub fn warning(check: Check, what: impl Into<String>, fix: impl Into<String>) -> Self {
        let (what, fix) = (what.into(), fix.into());
        let outcome = Outcome::Warning { what, fix };
        Self { check, outcome }
    }

    /// Creates a check that failed.
    pub fn failed(check: Check, what: impl Into<String>, fix: impl Into<String>) -> Self {
        let (what, fix) = (what.into(), fix.into());
        let outcome = Outcome::Failed { what, fix };
        Self { check, outcome }
    }

    /// Creates a check that could not be made.
    pub fn skipped(check: Check, what: impl Into<String>) -> Self {
        let outcome = Outcome::Skipped { what: what.into() };
        Self { check, outcome }
    }
}

/// Outcomes of all checks. It contains no secret.
///
/// `Display` writes a line for each, and a second one with the fix.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report(Vec<Checked>);

impl Report {
    /// Adds a check of your own, for instance of the store.
    pub fn add(&mut self, checked: Checked) {
        self.0.push(checked);
    }

    /// Returns the checks in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Checked> {
        self.0.iter()
    }

    /// Returns the outcome of a check.
    #[must_use]
    pub fn get(&self, check: Check) -> Option<&Outcome> {
        let found = self.0.iter().find(|checked| checked.check == check);
        found.map(|checked| &checked.outcome)
    }

    /// Returns true if no check failed.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self
            .0
            .iter()
            .any(|checked| matches!(checked.outcome, Outcome::Failed { .. }))
    }
}

impl Extend<Checked> for Report {
    fn extend<T: IntoIterator<Item = Checked>>(&mut self, checks: T) {
        self.0.extend(checks);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for checked in &self.0 {
            let (mark, what, fix) = match &checked.outcome {
                Outcome::Passed { what } => ("✓", what, None),
                Outcome::Warning { what, fix } => ("!", what, Some(fix)),
                Outcome::Failed { what, fix } => ("✗", what, Some(fix)),
                Outcome::Skipped { what } => ("-", what, None),
            };
            writeln!(f, "{mark} {:<15}  {what}", checked.check.name())?;
            if let Some(fix) = fix {
                writeln!(f, "  {:<15}  fix: {fix}", "")?;
            }
        }
        Ok(())
    }
}
