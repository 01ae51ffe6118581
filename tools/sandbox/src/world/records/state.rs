//! A record, and the table of all of them.

use std::{collections::HashMap, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::world::{body::Body, kept::Kept, lock};

/// More records than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// Kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// Notification URL that a merchant set for a product, under the product's name.
    Address,
    /// Transfer to a user (商家转账).
    Transfer,
    /// Transfer of a platform's sub-merchant to a user (电商平台转账).
    EcommerceTransfer,
    /// Authorisation of a platform to transfer from a sub-merchant; its number is the sub-merchant's.
    EcommerceTransferAuthorization,
    /// Payment that could not be credited and waits for an instruction (在途异常资金).
    AbnormalFund,
    /// Instruction for such a payment (在途异常资金付款指令).
    AbnormalFundInstruction,
    /// Contract with a person who receives money (个人收款方).
    ReceiverContract,
    /// Batch of settlements to such a person (个人收款结算批次).
    SettleBatch,
    /// Compensation, claim or deduction of a deposit (赔付).
    Compensation,
    /// Insurer that may pay claims (保险理赔功能).
    ClaimsContract,
    /// Recharge of a sub-merchant or of the platform (充值).
    Recharge,
    /// Employee who may recharge a sub-merchant with a code; its number names nobody.
    RechargeEmployee,
    /// Complaint of a payer (投诉单), under the platform's number.
    Complaint,
    /// Entry in the history of a complaint (投诉协商历史).
    ComplaintEntry,
    /// Address that is told of complaints (投诉通知回调地址), under the number of its merchant.
    ComplaintNotifyUrl,
    /// Authorisation to receive transfers without a confirmation (免确认收款授权).
    TransferAuthorization,
    /// Electronic receipt of a transfer (转账电子回单), under the transfer's number.
    TransferReceipt,
    /// Punishment of a sub-merchant (商户违规).
    Violation,
    /// Limitation of a sub-merchant (商户管控).
    Limitation,
    /// Due diligence of a sub-merchant (强化尽调).
    DueDiligence,
    /// Order of a service that is paid after it (支付分订单).
    ServiceOrder,
    /// Authorisation of such a service (支付分授权), under its `authorization_code`.
    ServicePermission,
    /// Closing of a sub-merchant without money (二级商户注销).
    Closing,
    /// Closing of a sub-merchant whose money is paid out (二级商户注销提现).
    ClosingWithPayout,
    /// Stock of coupons (代金券批次).
    CouponStock,
    /// Coupon that a user has (代金券).
    Coupon,
    /// Contract of deduction (委托代扣协议), under `plan_id/out_contract_code`.
    DeductionContract,
}

/// Key of a record: its number is unique per merchant and kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecordKey {
    /// Kind.
    pub kind: RecordKind,
    /// Merchant that opened it.
    pub mchid: String,
    /// Merchant's number.
    pub number: String,
}

/// A record.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) key: RecordKey,
    /// The platform's number.
    pub(crate) id: String,
    /// In fen, 0 if no money moves.
    pub(crate) amount: i64,
    /// As the platform spells it.
    pub(crate) state: String,
    /// Fields of the request, sensitive ones in plain text.
    pub(crate) request: Body,
    /// Fields that came later.
    pub(crate) facts: Body,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Record {
    /// A text at a JSON pointer: a fact, or else a field of the request.
    pub(crate) fn text(&self, pointer: &str) -> Option<String> {
        self.facts.text(pointer).or_else(|| self.request.text(pointer))
    }

    /// The same for any value.
    pub(crate) fn value(&self, pointer: &str) -> Option<Value> {
        self.facts
            .pointer(pointer)
            .or_else(|| self.request.pointer(pointer))
    }

    /// Members of the request and the facts that stand under these names, for a response.
    pub(crate) fn members(&self, names: &[&str]) -> Map<String, Value> {
        let found = names.iter().filter_map(|name| {
            let value = self.value(&format!("/{name}"))?;
            Some(((*name).to_owned(), value))
        });
        found.collect()
    }

    pub(crate) fn snapshot(&self) -> RecordSnapshot {
        RecordSnapshot {
            key: self.key.clone(),
            id: self.id.clone(),
            amount: self.amount,
            state: self.state.clone(),
        }
    }
}

/// A record as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct RecordSnapshot {
    /// Kind, merchant and number.
    #[serde(flatten)]
    pub key: RecordKey,
    /// The platform's number.
    pub id: String,
    /// Amount in fen, 0 if no money moves.
    pub amount: i64,
    /// Its state, as the platform spells it.
    pub state: String,
}

/// Why a record did not change its state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// There is no such record.
    #[error("there is no such record: check its kind and number")]
    NoSuchRecord,
    /// The merchant has no such sub-merchant.
    #[error("the merchant has no such sub-merchant: name one of its own")]
    NoSuchSubMerchant,
    /// No way leads from the one state to the other.
    #[error("it does not go from {from} to {to}")]
    NoWay {
        /// Current state.
        from: String,
        /// Requested state.
        to: String,
    },
}

/// All records.
#[derive(Default)]
pub struct Records(Mutex<Table>);

debug_only!(Records {});

#[derive(Default)]
struct Table {
    records: Kept<RecordKey, Record, CAPACITY>,
    by_id: HashMap<(RecordKind, String), RecordKey>,
}

impl Records {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    /// Forgets all, and knows these instead: those of a snapshot, which are [`all`](Self::all).
    pub(crate) fn restore(&self, records: Vec<Record>) {
        self.clear();
        for record in records {
            self.add(record);
        }
    }

    /// Keeps a new one, or gives the one that has this number.
    pub(crate) fn add(&self, draft: Record) -> (Record, bool) {
        let mut table = lock(&self.0);
        if let Some(known) = table.records.get(&draft.key) {
            return (known.clone(), false);
        }
        let id = (draft.key.kind, draft.id.clone());
        table.by_id.insert(id, draft.key.clone());
        if let Some(oldest) = table.records.insert(draft.key.clone(), draft.clone()) {
            table.by_id.remove(&(oldest.key.kind, oldest.id));
        }
        (draft, true)
    }

    /// Changes one record.
    pub(crate) fn change<T>(&self, key: &RecordKey, change: impl FnOnce(&mut Record) -> T) -> Option<T> {
        lock(&self.0).records.get_mut(key).map(change)
    }

    pub(crate) fn get(&self, key: &RecordKey) -> Option<Record> {
        lock(&self.0).records.get(key).cloned()
    }

    pub(crate) fn get_by_id(&self, kind: RecordKind, id: &str) -> Option<Record> {
        let table = lock(&self.0);
        let key = table.by_id.get(&(kind, id.to_owned()))?;
        table.records.get(key).cloned()
    }

    /// All of a kind as they are, the oldest first.
    pub fn of(&self, kind: RecordKind) -> Vec<RecordSnapshot> {
        let records = self.filtered(|record| record.key.kind == kind);
        records.iter().map(Record::snapshot).collect()
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Record> {
        self.filtered(|_| true)
    }

    /// Copies of some, the oldest first.
    pub(crate) fn filtered(&self, is_wanted: impl Fn(&Record) -> bool) -> Vec<Record> {
        let table = lock(&self.0);
        let records = table.records.values();
        records.filter(|record| is_wanted(record)).cloned().collect()
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Transfer => "transfer",
            Self::EcommerceTransfer => "ecommerce-transfer",
            Self::EcommerceTransferAuthorization => "ecommerce-transfer-authorization",
            Self::AbnormalFund => "abnormal-fund",
            Self::AbnormalFundInstruction => "abnormal-fund-instruction",
            Self::ReceiverContract => "receiver-contract",
            Self::SettleBatch => "settle-batch",
            Self::Compensation => "compensation",
            Self::ClaimsContract => "claims-contract",
            Self::Recharge => "recharge",
            Self::RechargeEmployee => "recharge-employee",
            Self::Complaint => "complaint",
            Self::ComplaintEntry => "complaint-entry",
            Self::ComplaintNotifyUrl => "complaint-notify-url",
            Self::TransferAuthorization => "transfer-authorization",
            Self::TransferReceipt => "transfer-receipt",
            Self::Violation => "violation",
            Self::Limitation => "limitation",
            Self::DueDiligence => "due-diligence",
            Self::ServiceOrder => "service-order",
            Self::ServicePermission => "service-permission",
            Self::CouponStock => "coupon-stock",
            Self::Coupon => "coupon",
            Self::DeductionContract => "deduction-contract",
            Self::Closing => "closing",
            Self::ClosingWithPayout => "closing-with-payout",
        })
    }
}
