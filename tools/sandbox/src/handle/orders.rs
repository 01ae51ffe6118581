//! Orders, seen and paid by hand.

use super::Sandbox;
use crate::world::orders::{
    self,
    buyer::Buyer,
    scene::Scene,
    state::{Order, OrderState, PayError},
    timeline::OrderSnapshot,
};

/// # Orders
impl Sandbox {
    /// An order, by the merchant's number: the demo merchant's, else the newest of any merchant.
    #[must_use]
    pub fn order(&self, out_trade_no: &str) -> Option<OrderSnapshot> {
        let key = self.key(out_trade_no)?;
        let order = self.engine.world.order(&key)?;
        Some(order.snapshot())
    }

    /// All orders, the oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderSnapshot> {
        self.engine
            .world
            .orders
            .all()
            .iter()
            .map(Order::snapshot)
            .collect()
    }

    /// Presses Pay at the cashier. The notification is sent in the background.
    ///
    /// For an order that is paid by code and `USERPAYING`, the payer enters the password. Nobody is notified of it.
    ///
    /// # Errors
    /// [`PayError`]: the order cannot be paid, or not by this buyer.
    pub fn pay(&self, out_trade_no: &str, buyer: Buyer) -> Result<OrderSnapshot, PayError> {
        let key = self.key(out_trade_no).ok_or(PayError::NoSuchOrder)?;
        {
            let _working = self.engine.world.working();
            self.engine.pay(&key, buyer)?;
        }
        self.order(out_trade_no).ok_or(PayError::NoSuchOrder)
    }

    /// Presses Cancel at the cashier. The order stays unpaid.
    ///
    /// An order that is paid by code is `PAYERROR` then: its payer closed the page that asks for the password.
    ///
    /// # Errors
    /// [`PayError`]: the order could not be paid anyway.
    pub fn cancel(&self, out_trade_no: &str) -> Result<(), PayError> {
        let key = self.key(out_trade_no).ok_or(PayError::NoSuchOrder)?;
        let _working = self.engine.world.working();
        orders::cancel(&self.engine.world, &key)
    }

    /// Sets the state of an order, also one that no action leads to.
    ///
    /// Nobody is notified and no money moves. `None` if there is no such order.
    pub fn force_order(&self, out_trade_no: &str, state: OrderState) -> Option<OrderSnapshot> {
        let key = self.key(out_trade_no)?;
        let _working = self.engine.world.working();
        self.engine
            .world
            .orders
            .force(&key, state, self.engine.world.clock.now());
        self.order(out_trade_no)
    }

    /// The cashier's page for the newest session of an H5 or Native order.
    ///
    /// JSAPI and APP have none without a signature, and an order that is paid by code has none at all.
    #[must_use]
    pub fn cashier_url(&self, out_trade_no: &str) -> Option<String> {
        let key = self.key(out_trade_no)?;
        let order = self.engine.world.order(&key)?;
        let session = order.sessions.last()?;
        let base_url = self.base_url();
        match order.scene {
            Scene::H5 => {
                let (prepay_id, package) = (&session.prepay_id, session.package.as_deref()?);
                Some(format!(
                    "{base_url}/cashier/h5?prepay_id={prepay_id}&package={package}"
                ))
            }
            Scene::Native => Some(format!(
                "{base_url}/cashier/native?pr={}",
                session.code.as_deref()?
            )),
            Scene::Jsapi | Scene::App | Scene::CodePay | Scene::Deduction => None,
        }
    }
}
