//! Applications of sub-merchants: their states, and the way from one to the next.

use std::{collections::HashMap, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, lock};

/// State of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApplymentState {
    /// The papers are looked at.
    Checking,
    /// The bank account must be proven: by a small payment, or by the legal person.
    AccountNeedVerify,
    /// The papers are looked at once more.
    Auditing,
    /// Rejected; it can be corrected and submitted under the same number.
    Rejected,
    /// The contract waits to be signed.
    NeedSign,
    /// Done: the sub-merchant can sell.
    Finish,
    /// Frozen.
    Frozen,
    /// Withdrawn by the applicant. The name of this state is a guess.
    Canceled,
}

impl ApplymentState {
    /// As `applyment_state` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checking => "CHECKING",
            Self::AccountNeedVerify => "ACCOUNT_NEED_VERIFY",
            Self::Auditing => "AUDITING",
            Self::Rejected => "REJECTED",
            Self::NeedSign => "NEED_SIGN",
            Self::Finish => "FINISH",
            Self::Frozen => "FROZEN",
            Self::Canceled => "CANCELED",
        }
    }

    /// As `applyment_state_desc` words it.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::Checking => "资料校验中",
            Self::AccountNeedVerify => "待账户验证",
            Self::Auditing => "审核中",
            Self::Rejected => "已驳回",
            Self::NeedSign => "待签约",
            Self::Finish => "完成",
            Self::Frozen => "已冻结",
            Self::Canceled => "已撤销",
        }
    }

    /// Number of the step on the way to the end.
    const fn step(self) -> Option<u8> {
        match self {
            Self::Checking => Some(0),
            Self::AccountNeedVerify => Some(1),
            Self::Auditing => Some(2),
            Self::NeedSign => Some(3),
            Self::Finish => Some(4),
            Self::Rejected | Self::Frozen | Self::Canceled => None,
        }
    }

    /// Returns true if the state may follow. Steps may be omitted; going back is impossible.
    ///
    /// Steps may be left out, and nobody goes back.
    fn leads_to(self, to: Self) -> bool {
        match (self.step(), to.step()) {
            (Some(from), Some(to)) => to > from,
            (Some(from), None) => match to {
                Self::Rejected => from <= 2,
                Self::Canceled => from <= 3,
                _ => from >= 2,
            },
            (None, _) => self == Self::Frozen && to == Self::Finish,
        }
    }
}

impl fmt::Display for ApplymentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an application did not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ApplymentError {
    /// There is no such application.
    #[error("there is no such application")]
    NoSuchApplyment,
    /// No way leads from the one state to the other.
    #[error("an application does not go from {from} to {to}")]
    NoWay {
        /// Current state.
        from: ApplymentState,
        /// Requested state.
        to: ApplymentState,
    },
}

/// Key of an application: its number is unique per calling merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ApplymentKey {
    pub(crate) mchid: String,
    pub(crate) out_request_no: String,
}

/// An application. It has no `Debug`, because it holds personal data in the clear.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Applyment {
    pub(crate) key: ApplymentKey,
    pub(crate) applyment_id: u64,
    pub(crate) state: ApplymentState,
    /// Compared with a repeated call: the body without ciphertexts, which differ each time.
    pub(crate) request: Body,
    pub(crate) account_name: String,
    pub(crate) account_number: String,
    /// Number of the subject's certificate: its licence, or the person's document.
    #[serde(default)]
    pub(crate) cert_number: Option<String>,
    /// The created sub-merchant.
    pub(crate) sub_mchid: Option<String>,
    pub(crate) sub_appid: Option<String>,
    /// Reasons of a rejection, with their parameters.
    pub(crate) reasons: Vec<(String, String)>,
    pub(crate) changed_at: i64,
}

impl Applyment {
    pub(crate) fn go(&mut self, to: ApplymentState, now: i64) -> Result<(), ApplymentError> {
        if !self.state.leads_to(to) {
            return Err(ApplymentError::NoWay { from: self.state, to });
        }
        self.state = to;
        self.changed_at = now;
        Ok(())
    }

    pub(crate) fn snapshot(&self) -> ApplymentSnapshot {
        ApplymentSnapshot {
            mchid: self.key.mchid.clone(),
            out_request_no: self.key.out_request_no.clone(),
            applyment_id: self.applyment_id,
            state: self.state,
            sub_mchid: self.sub_mchid.clone(),
            changed_at: self.changed_at,
        }
    }
}

/// An application as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApplymentSnapshot {
    /// The calling merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_request_no: String,
    /// The platform's number.
    pub applyment_id: u64,
    /// Its state.
    pub state: ApplymentState,
    /// The created sub-merchant, once it is known.
    pub sub_mchid: Option<String>,
    /// When it got its present state, in Unix seconds.
    pub changed_at: i64,
}

/// Why an application was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubmitRefusal {
    /// The number exists with other values and was not rejected.
    Differs,
    /// No further one is kept.
    TooMany,
}

/// More are refused instead of forgotten: sub-merchants come from them.
pub(crate) const CAPACITY: usize = 10_000;
/// The first application has this number.
const FIRST_ID: u64 = 2_000_002_124_775_691;
/// The first created sub-merchant has this mchid.
const FIRST_SUB_MCHID: u64 = 1_910_000_001;

#[derive(Default)]
pub(crate) struct Applyments(Mutex<Table>);

/// All of it, as a snapshot has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedApplyments {
    pub(crate) applyments: Vec<Applyment>,
    /// Number of sub-merchants created from applications.
    sub_merchants: u64,
}

#[derive(Default)]
struct Table {
    applyments: HashMap<ApplymentKey, Applyment>,
    by_id: HashMap<u64, ApplymentKey>,
    sub_merchants: u64,
}

impl Applyments {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    pub(crate) fn saved(&self) -> SavedApplyments {
        let table = lock(&self.0);
        let mut applyments: Vec<Applyment> = table.applyments.values().cloned().collect();
        applyments.sort_by_key(|applyment| applyment.applyment_id);
        SavedApplyments {
            applyments,
            sub_merchants: table.sub_merchants,
        }
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: SavedApplyments) {
        let mut table = Table {
            sub_merchants: saved.sub_merchants,
            ..Table::default()
        };
        for applyment in saved.applyments {
            table.by_id.insert(applyment.applyment_id, applyment.key.clone());
            table.applyments.insert(applyment.key.clone(), applyment);
        }
        *lock(&self.0) = table;
    }

    /// Takes a new, repeated, or corrected application.
    ///
    /// A repeat finds the existing one; one that was rejected begins anew.
    pub(crate) fn submit(&self, mut draft: Applyment) -> Result<Applyment, SubmitRefusal> {
        let mut table = lock(&self.0);
        let count = table.applyments.len();
        match table.applyments.get_mut(&draft.key) {
            Some(known) if known.state == ApplymentState::Rejected => {
                draft.applyment_id = known.applyment_id;
                *known = draft.clone();
                Ok(draft)
            }
            Some(known) if known.request == draft.request => Ok(known.clone()),
            Some(_) => Err(SubmitRefusal::Differs),
            None if count >= CAPACITY => Err(SubmitRefusal::TooMany),
            None => {
                draft.applyment_id = FIRST_ID.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                table.by_id.insert(draft.applyment_id, draft.key.clone());
                table.applyments.insert(draft.key.clone(), draft.clone());
                Ok(draft)
            }
        }
    }

    /// Reads or changes one application.
    pub(crate) fn change<T>(
        &self,
        key: &ApplymentKey,
        change: impl FnOnce(&mut Applyment) -> T,
    ) -> Option<T> {
        lock(&self.0).applyments.get_mut(key).map(change)
    }

    pub(crate) fn get(&self, key: &ApplymentKey) -> Option<Applyment> {
        self.change(key, |applyment| applyment.clone())
    }

    /// Copies of some, the oldest first.
    pub(crate) fn filtered(&self, is_wanted: impl Fn(&Applyment) -> bool) -> Vec<Applyment> {
        let table = lock(&self.0);
        let wanted = table.applyments.values().filter(|applyment| is_wanted(applyment));
        let mut wanted: Vec<Applyment> = wanted.cloned().collect();
        wanted.sort_by_key(|applyment| applyment.applyment_id);
        wanted
    }

    pub(crate) fn key_of_id(&self, applyment_id: u64) -> Option<ApplymentKey> {
        lock(&self.0).by_id.get(&applyment_id).cloned()
    }

    /// The mchid of the next sub-merchant.
    pub(crate) fn next_sub_mchid(&self) -> String {
        let mut table = lock(&self.0);
        let number = FIRST_SUB_MCHID.saturating_add(table.sub_merchants);
        table.sub_merchants = table.sub_merchants.saturating_add(1);
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::ApplymentState::{self, *};

    #[test]
    fn an_application_goes_forward_or_out() {
        let ways = |from: ApplymentState| {
            [
                Checking,
                AccountNeedVerify,
                Auditing,
                Rejected,
                NeedSign,
                Finish,
                Frozen,
                Canceled,
            ]
            .into_iter()
            .filter(|to| from.leads_to(*to))
            .collect::<Vec<_>>()
        };
        assert_eq!(
            ways(Checking),
            [AccountNeedVerify, Auditing, Rejected, NeedSign, Finish, Canceled]
        );
        assert_eq!(ways(Auditing), [Rejected, NeedSign, Finish, Frozen, Canceled]);
        assert_eq!(ways(NeedSign), [Finish, Frozen, Canceled]);
        assert_eq!(ways(Finish), [Frozen]);
        assert_eq!(ways(Frozen), [Finish]);
        assert!(ways(Rejected).is_empty() && ways(Canceled).is_empty());
    }
}
