//! Faults of a running sandbox.

use super::Sandbox;
use crate::faults::FaultRule;

/// # Faults
impl Sandbox {
    /// Adds a fault and returns the number of its rule.
    ///
    /// A plain [`Fault`](crate::Fault) fires once, at the next occasion; a rule fires as it says. Every fault that
    /// fires is noted on the request or attempt that it spoiled.
    ///
    /// ```
    /// # use wechatpay_sandbox::{Fault, Sandbox};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// // The next refund is accepted, and the client hears of an error.
    /// sandbox.fault(Fault::AcceptedBut(500).on("POST /v3/refund/**"));
    /// // Every second notification of a payment comes three times more.
    /// sandbox.fault(Fault::Duplicate(3).on_event("TRANSACTION.SUCCESS").probability(0.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(&self, rule: impl Into<FaultRule>) -> u64 {
        let id = self.engine.faults.add(rule.into(), self.engine.world.clock.now());
        self.engine.tell_of_faults();
        id
    }

    /// The rules, the oldest first, including those that will not fire again.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRule> {
        self.engine.faults.all()
    }

    /// Takes a rule back. Says whether there was one of this number.
    pub fn remove_fault(&self, id: u64) -> bool {
        let is_gone = self.engine.faults.remove(id);
        if is_gone {
            self.engine.tell_of_faults();
        }
        is_gone
    }

    /// Takes all rules back.
    pub fn clear_faults(&self) {
        self.engine.faults.clear();
        self.engine.tell_of_faults();
    }
}
