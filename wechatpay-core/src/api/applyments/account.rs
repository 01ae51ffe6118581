//! Bank account and shop of an applicant.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{Appid, Sensitive};

/// Owner of the bank account (账户类型).
#[open_enum]
pub enum BankAccountType {
    /// Corporate account.
    Corporate = "74",
    /// Personal account.
    Personal = "75",
}

/// Bank account for settlement (结算银行账户).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an account from plain texts; the client encrypts them.")]
#[non_exhaustive]
pub struct AccountInfo {
    /// Owner of the account.
    pub bank_account_type: BankAccountType,
    /// Name of the bank, up to 10 characters.
    #[request(into)]
    pub account_bank: String,
    /// Account holder; sent encrypted.
    #[request(into)]
    pub account_name: Sensitive,
    /// Number; sent encrypted.
    #[request(into)]
    pub account_number: Sensitive,
    /// Area code of the bank's city, up to 12 characters.
    pub bank_address_code: Option<String>,
    /// Branch code (联行号), up to 64 characters.
    pub bank_branch_id: Option<String>,
    /// Full bank name with its branch, up to 128 characters.
    pub bank_name: Option<String>,
}

/// The shop (店铺信息).
///
/// Give its address or its QR code.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a shop with this name.")]
#[non_exhaustive]
pub struct SalesScene {
    /// Name of the shop, up to 256 characters.
    #[request(into)]
    pub store_name: String,
    /// URL of the shop, up to 1024 characters.
    pub store_url: Option<String>,
    /// Media id of the shop's QR code.
    pub store_qr_code: Option<String>,
    /// Mini program of the shop.
    pub mini_program_sub_appid: Option<Appid>,
}

/// Settlement rule (结算规则).
#[derive(Clone, Debug, PartialEq, Eq, Default, RequestPart)]
#[request(new = "Creates an empty rule.")]
#[non_exhaustive]
pub struct SettlementRule {
    /// Number of the rule.
    pub settlement_id: Option<String>,
    /// Line of business, up to 200 characters.
    pub qualification_type: Option<String>,
}
