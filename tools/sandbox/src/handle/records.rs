//! Transfers, complaints, contracts and the like, seen and changed by hand.

use serde_json::Value;
use wechatpay_core::{testing::DEMO_MCHID, types::Fen};

use super::Sandbox;
use crate::world::records::{
    self,
    kinds::abnormal_fund,
    state::{RecordError, RecordKey, RecordKind, RecordSnapshot},
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
}
