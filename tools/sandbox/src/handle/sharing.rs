//! Profit sharing, seen and spoilt by hand.

use wechatpay_core::testing::DEMO_MCHID;

use super::Sandbox;
use crate::world::sharing::{
    self,
    state::{Share, ShareFailure, ShareKey, ShareSnapshot},
};

/// # Profit sharing
impl Sandbox {
    /// The shares of an order, the oldest first.
    #[must_use]
    pub fn shares_of(&self, out_trade_no: &str) -> Vec<ShareSnapshot> {
        let Some(key) = self.key(out_trade_no) else {
            return Vec::new();
        };
        self.engine
            .world
            .shares
            .of_order(&key)
            .iter()
            .map(Share::snapshot)
            .collect()
    }

    /// Fails one receiver of a share of the demo merchant.
    ///
    /// Returns false if that receiver was no longer waiting.
    pub fn fail_share(&self, out_order_no: &str, account: &str, failure: ShareFailure) -> bool {
        self.fail_share_of(DEMO_MCHID, out_order_no, account, failure)
    }

    /// The same for another merchant.
    pub fn fail_share_of(
        &self,
        mchid: &str,
        out_order_no: &str,
        account: &str,
        failure: ShareFailure,
    ) -> bool {
        let key = ShareKey {
            mchid: mchid.to_owned(),
            number: out_order_no.to_owned(),
        };
        let _working = self.engine.world.working();
        sharing::settle_one(&self.engine.world, &key, account, Some(failure))
    }
}
