//! Transfers to users.

use crate::language::texts;

texts! {
    pub(super) enum TransferHint {
        NameRequired =>
            "user_name is required from 2,000 yuan",
            "转账金额达到 2,000 元时必须传 user_name";
    }
}
