//! Recharges.

use crate::language::texts;

texts! {
    pub(super) enum RechargeHint {
        OtherAccount { scene: String, account: &'static str } =>
            "{scene} fills the account {account}",
            "{scene} 的入账账户是 {account}";
    }
}
