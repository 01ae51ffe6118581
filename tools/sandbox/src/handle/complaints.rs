//! Complaints of payers, by hand.

use serde_json::Value;

use super::Sandbox;
use crate::world::{
    complaints::{self, ComplainError},
    records::state::RecordSnapshot,
};

/// # Complaints
impl Sandbox {
    /// Lets the payer of an order complain.
    ///
    /// The merchant is told at the notification URL that it created for complaints.
    ///
    /// If the payer has complained about the order already, the same complaint goes on. `facts` are members of the complaint
    /// as its query has them, for instance `json!({ "apply_refund_amount": 300 })`, or `Value::Null`. The number of the
    /// complaint is that of the record.
    ///
    /// Whatever else happens to the complaint is a step by [`settle_record`](Self::settle_record), whose `facts` say what:
    /// `json!({ "step": { "action_type": "USER_RESPONSE", "operate_details": "还没有收到退款" } })`.
    ///
    /// ```
    /// use serde_json::{Value, json};
    /// use wechatpay_sandbox::{ComplainError, RecordKind, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::builder().start().await?;
    /// // … the code under test places an order, and somebody pays it …
    /// # assert_eq!(sandbox.complain("demo-0001", "没有收到货", Value::Null), Err(ComplainError::NoSuchOrder));
    /// # let paid = false;
    /// # if paid {
    /// let complaint = sandbox.complain("demo-0001", "没有收到货", json!({ "apply_refund_amount": 300 }))?;
    /// let step = json!({ "step": { "action_type": "USER_RESPONSE", "operate_details": "还没有收到退款" } });
    /// sandbox.settle_record(RecordKind::Complaint, &complaint.id, "PENDING", step)?;
    /// # }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ComplainError`] if there is no such order, or nobody paid it.
    pub fn complain(
        &self,
        out_trade_no: &str,
        detail: &str,
        facts: Value,
    ) -> Result<RecordSnapshot, ComplainError> {
        let key = self.key(out_trade_no).ok_or(ComplainError::NoSuchOrder)?;
        let _working = self.engine.world.working();
        complaints::complain(&self.engine.world, &key, detail, facts)
    }
}
