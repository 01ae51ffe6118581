//! The bank account and the shop of a merchant.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Appid, Sensitive};

/// Whose the bank account is (账户类型).
#[open_enum]
pub enum BankAccountType {
    /// The company's.
    Corporate = "74",
    /// A person's.
    Personal = "75",
}

/// The bank account that is settled to (结算银行账户).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "An account, its texts in plain; the client encrypts them.")]
#[non_exhaustive]
pub struct AccountInfo {
    /// Whose it is.
    pub bank_account_type: BankAccountType,
    /// The bank, up to 10 characters.
    #[request(into)]
    pub account_bank: String,
    /// Name of the holder; travels encrypted.
    #[request(into)]
    pub account_name: Sensitive,
    /// The number; travels encrypted.
    #[request(into)]
    pub account_number: Sensitive,
    /// Code of the bank's city, up to 12 characters.
    pub bank_address_code: Option<String>,
    /// Number of the branch, up to 64 characters.
    pub bank_branch_id: Option<String>,
    /// Full name of the bank with its branch, up to 128 characters.
    pub bank_name: Option<String>,
}

/// The shop (店铺信息): give its address or its QR code.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "The shop of this name.")]
#[non_exhaustive]
pub struct SalesScene {
    /// Name of the shop, up to 256 characters.
    #[request(into)]
    pub store_name: String,
    /// Address of the shop, up to 1024 characters.
    pub store_url: Option<String>,
    /// Media id of its QR code.
    pub store_qr_code: Option<String>,
    /// Its mini program.
    pub mini_program_sub_appid: Option<Appid>,
}

/// Rules of settlement (结算规则).
#[derive(Clone, Debug, PartialEq, Eq, Default, RequestPart)]
#[request(new = "A rule, still empty.")]
#[non_exhaustive]
pub struct SettlementRule {
    /// Number of the rule.
    pub settlement_id: Option<String>,
    /// The trade, up to 200 characters.
    pub qualification_type: Option<String>,
}
