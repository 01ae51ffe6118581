//! Where a merchant is paid, and where it sells.

use crate::{
    macros::{open_enum, request},
    types::{Appid, Sensitive},
};

open_enum! {
    /// Whose the bank account is (账户类型).
    pub enum BankAccountType {
        /// The company's.
        Corporate = "74",
        /// A person's.
        Personal = "75",
    }
}

request! {
    /// The bank account that is settled to (结算银行账户).
    pub struct AccountInfo {
        required {
            /// Whose it is.
            bank_account_type: BankAccountType,
            /// The bank, up to 10 characters.
            account_bank: String,
            /// Name of the holder; travels encrypted.
            account_name: Sensitive,
            /// The number; travels encrypted.
            account_number: Sensitive,
        }
        optional {
            /// Code of the bank's city, up to 12 characters.
            bank_address_code: String,
            /// Number of the branch, up to 64 characters.
            bank_branch_id: String,
            /// Full name of the bank with its branch, up to 128 characters.
            bank_name: String,
        }
        sensitive { account_name, account_number, }
    }
    /// An account, its texts in plain; the client encrypts them.
    new
}

request! {
    /// Where the merchant sells (店铺信息): give the address of the shop or its QR code.
    pub struct SalesScene {
        required {
            /// Name of the shop, up to 256 characters.
            store_name: String,
        }
        optional {
            /// Address of the shop, up to 1024 characters.
            store_url: String,
            /// Media id of its QR code.
            store_qr_code: String,
            /// Its mini program.
            mini_program_sub_appid: Appid,
        }
    }
    /// The shop of this name.
    new
}

request! {
    /// How settlement works (结算规则).
    #[derive(Default)]
    pub struct SettlementRule {
        optional {
            /// Number of the rule.
            settlement_id: String,
            /// The trade, up to 200 characters.
            qualification_type: String,
        }
    }
    /// A rule, still empty.
    new
}
