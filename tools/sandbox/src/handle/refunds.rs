//! Refunds, seen and settled by hand.

use wechatpay_core::testing::DEMO_MCHID;

use super::Sandbox;
use crate::world::refunds::{
    self,
    state::{Refund, RefundKey, RefundSnapshot, RefundState, SettleError},
};

/// # Refunds
impl Sandbox {
    /// A refund, by the merchant's number: the demo merchant's, else the newest of any merchant.
    #[must_use]
    pub fn refund(&self, out_refund_no: &str) -> Option<RefundSnapshot> {
        let key = self.refund_key(out_refund_no)?;
        self.engine.world.refunds.get(&key).as_ref().map(Refund::snapshot)
    }

    /// All refunds, the oldest first.
    #[must_use]
    pub fn refunds(&self) -> Vec<RefundSnapshot> {
        self.engine
            .world
            .refunds
            .all()
            .iter()
            .map(Refund::snapshot)
            .collect()
    }

    /// The refunds of an order, the oldest first.
    #[must_use]
    pub fn refunds_of(&self, out_trade_no: &str) -> Vec<RefundSnapshot> {
        let Some(key) = self.key(out_trade_no) else {
            return Vec::new();
        };
        self.engine
            .world
            .refunds
            .of_order(&key)
            .iter()
            .map(Refund::snapshot)
            .collect()
    }

    /// Settles a pending refund before it succeeds by itself, and notifies the merchant.
    ///
    /// An abnormal one can be settled too.
    ///
    /// # Errors
    /// [`SettleError`] if it does not exist or is finished.
    pub fn settle_refund(&self, out_refund_no: &str, to: RefundState) -> Result<RefundSnapshot, SettleError> {
        let key = self.refund_key(out_refund_no).ok_or(SettleError::NoSuchRefund)?;
        let _working = self.engine.world.working();
        refunds::settle(&self.engine.world, &key, to).map(|refund| refund.snapshot())
    }

    /// Sets if accounts have the money for refunds. Default: yes.
    ///
    /// Without it, a new refund gets 403 `NOT_ENOUGH`.
    ///
    /// While they have not, a new refund is answered 403 `NOT_ENOUGH`. They have, unless this says otherwise.
    pub fn set_refund_funds(&self, enough: bool) {
        self.engine.world.funds.set_for_refunds(enough);
    }

    fn refund_key(&self, out_refund_no: &str) -> Option<RefundKey> {
        self.engine.world.refunds.key_of_number(DEMO_MCHID, out_refund_no)
    }
}
