//! Pages: 修改结算账户.

use crate::gateway::validate::{Field, Kind, field, limits::*};

/// Change of the settlement account.
pub(super) const MODIFY_SETTLEMENT: &[Field] = &[
    field("modify_mode", Kind::OneOf(&["MODIFY_MODE_ASYNC"])),
    field(
        "account_type",
        Kind::OneOf(&["ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"]),
    )
    .required(),
    field("account_bank", S128).required(),
    field("bank_address_code", S128).required(),
    field("bank_name", S128),
    field("bank_branch_id", S128),
    field("account_number", Kind::Encrypted).required(),
    field("account_name", Kind::Encrypted),
];
