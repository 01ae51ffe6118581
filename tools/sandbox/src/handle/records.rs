//! Transfers, complaints, contracts and the like, seen and changed by hand.

use serde_json::Value;
use wechatpay_core::{testing::DEMO_MCHID, types::Fen};

use super::Sandbox;
use crate::world::records::{
    self,
    kinds::{abnormal_fund, due_diligence, limitation, violation},
    state::{Record, RecordError, RecordKey, RecordKind, RecordSnapshot},
};

/// # Records
impl Sandbox {
    /// All records of a kind, the oldest first.
    #[must_use]
    pub fn records(&self, kind: RecordKind) -> Vec<RecordSnapshot> {
        self.engine.world.records.of(kind)
    }

    /// Lets a payment of the demo merchant wait for an instruction (在途异常资金).
    ///
    /// Its number is the `receipt_id`.
    pub fn open_abnormal_fund(&self, amount: Fen) -> RecordSnapshot {
        let world = &self.engine.world;
        let _working = world.working();
        let id = world.ids.long_id("1340", world.clock.now());
        let draft = abnormal_fund::draft(world, DEMO_MCHID, id, amount.get(), None);
        records::open(world, draft).snapshot()
    }

    /// Gives a record of the demo merchant its next state, as the platform spells it.
    ///
    /// `facts` are fields that come with the state, for instance `json!({ "fail_reason": "…" })`, or `Value::Null`. Steps that
    /// follow by themselves take the delay that refunds have too; see [FIDELITY.md] for the states of each kind.
    ///
    /// [FIDELITY.md]: https://docs.rs/crate/wechatpay-sandbox/latest/source/FIDELITY.md
    ///
    /// # Errors
    /// [`RecordError`] if it does not exist or cannot enter this state.
    pub fn settle_record(
        &self,
        kind: RecordKind,
        number: &str,
        to: &str,
        facts: Value,
    ) -> Result<RecordSnapshot, RecordError> {
        let key = RecordKey {
            kind,
            mchid: DEMO_MCHID.to_owned(),
            number: number.to_owned(),
        };
        let _working = self.engine.world.working();
        records::settle(&self.engine.world, &key, to, facts)
    }

    /// Punishes a sub-merchant of the demo merchant (商户违规).
    ///
    /// The demo merchant is told at the URL that it set for violations. `facts` replace members of the notification, for instance `json!({ "risk_type": "GAMBLING" })`. `INTERCEPT` and
    /// `APPEAL` follow by [`settle_record`](Self::settle_record).
    ///
    /// # Errors
    /// [`RecordError::NoSuchSubMerchant`] if the demo merchant has no such sub-merchant.
    pub fn punish(&self, sub_mchid: &str, facts: Value) -> Result<RecordSnapshot, RecordError> {
        let usual = violation::facts(sub_mchid);
        self.begin(RecordKind::Violation, violation::PUNISH, sub_mchid, usual, facts)
    }

    /// Takes functions from a sub-merchant of the demo merchant (商户管控).
    ///
    /// The query of limitations shows it. Nothing is refused to the sub-merchant. `facts` replace members of the limitation, for instance
    /// `json!({ "relate_limitations": ["NO_REFUND"] })`. [`settle_record`](Self::settle_record) with `LIFTED` ends it.
    ///
    /// # Errors
    /// [`RecordError::NoSuchSubMerchant`] if the demo merchant has no such sub-merchant.
    pub fn limit_sub_merchant(&self, sub_mchid: &str, facts: Value) -> Result<RecordSnapshot, RecordError> {
        let usual = limitation::facts(sub_mchid);
        self.begin(
            RecordKind::Limitation,
            limitation::LIMITED,
            sub_mchid,
            usual,
            facts,
        )
    }

    /// Asks the demo merchant for papers of a sub-merchant (强化尽调).
    ///
    /// The record's number is that of the due diligence. `facts` replace its members: `record_fields` are the items that are asked for.
    ///
    /// # Errors
    /// [`RecordError::NoSuchSubMerchant`] if the demo merchant has no such sub-merchant.
    pub fn ask_due_diligence(&self, sub_mchid: &str, facts: Value) -> Result<RecordSnapshot, RecordError> {
        let usual = due_diligence::facts(sub_mchid);
        let (kind, state) = (RecordKind::DueDiligence, due_diligence::COLLECTING);
        self.begin(kind, state, sub_mchid, usual, facts)
    }

    /// Opens a record about a sub-merchant, which the platform begins.
    fn begin(
        &self,
        kind: RecordKind,
        state: &str,
        sub_mchid: &str,
        usual: Value,
        facts: Value,
    ) -> Result<RecordSnapshot, RecordError> {
        let world = &self.engine.world;
        let _working = world.working();
        let merchant = world.merchants.get(DEMO_MCHID);
        if merchant.is_none_or(|merchant| merchant.sub(sub_mchid).is_none()) {
            return Err(RecordError::NoSuchSubMerchant);
        }
        let now = world.clock.now();
        let number = world.ids.long_id("2002", now);
        let mut draft = Record {
            key: RecordKey {
                kind,
                mchid: DEMO_MCHID.to_owned(),
                number: number.clone(),
            },
            id: number,
            amount: 0,
            state: state.to_owned(),
            request: usual.into(),
            facts: serde_json::json!({}).into(),
            created_at: now,
            updated_at: now,
        };
        draft.facts.extend(facts);
        Ok(records::open(world, draft).snapshot())
    }
}
