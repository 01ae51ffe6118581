//! Bank accounts of sub-merchants.

use crate::language::texts;

texts! {
    pub(super) enum SettlementHint {
        TooManyChanges =>
            "the account of a sub-merchant is changed at most five times a day",
            "子商户的结算账户每天最多修改五次";
    }
}
