//! Closing of a sub-merchant whose balances are paid out.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::ClosingRequestNo;
use crate::types::{DateTime, Mchid, Redacted, Sensitive};

/// Wish for a payout (是否提取资金).
#[open_enum]
pub enum PayoutWish {
    /// The balances are paid out.
    Apply = "APPLY_WITHDRAW",
    /// No payout.
    NotApply = "NOT_APPLY_WITHDRAW",
}

/// Kind of the payee's account (账户类型).
#[open_enum]
pub enum AccountType {
    /// Of a company.
    Corporate = "ACCOUNT_TYPE_CORPORATE",
    /// Of a person.
    Personal = "ACCOUNT_TYPE_PERSONAL",
}

/// Kind of the payee's document (证件类型).
#[open_enum]
pub enum IdentityType {
    /// Mainland identity card.
    IdCard = "IDENTIFICATION_TYPE_IDCARD",
    /// Passport of another country.
    OverseaPassport = "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
    /// Travel permit of Hong Kong.
    HongkongPassport = "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
    /// Travel permit of Macao.
    MacaoPassport = "IDENTIFICATION_TYPE_MACAO_PASSPORT",
    /// Travel permit of Taiwan.
    TaiwanPassport = "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
    /// Residence permit of a foreigner.
    ForeignResident = "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
    /// Residence permit for Hong Kong and Macao.
    HongkongMacaoResident = "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
    /// Residence permit for Taiwan.
    TaiwanResident = "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
}

/// Bank account of the payee (银行账户).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct BankAccount {
    /// Name of the account; sent encrypted.
    #[request(into)]
    pub account_name: Sensitive,
    /// Bank.
    #[request(into)]
    pub account_bank: String,
    /// Number of the account; sent encrypted.
    #[request(into)]
    pub account_number: Sensitive,
    /// Number of the branch (联行号).
    pub bank_branch_id: Option<String>,
    /// Full name of the bank and its branch.
    pub bank_branch_name: Option<String>,
    /// Full name of the bank and its branch, under its other name.
    pub bank_name: Option<String>,
}

/// Document of the payee (收款人账号对应的证件信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Identity {
    /// Kind of document.
    pub id_doc_type: Option<IdentityType>,
    /// Name; sent encrypted.
    #[request(into)]
    pub identification_name: Sensitive,
    /// Number; sent encrypted.
    #[request(into)]
    pub identification_no: Sensitive,
}

/// Payee of the balances (收款账号信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Payee {
    /// Kind of account.
    pub account_type: AccountType,
    /// Bank account.
    pub bank_account_info: BankAccount,
    /// Document, for the account of a person.
    pub identity_info: Option<Identity>,
}

/// Kind of proof (申请证明材料类型).
#[open_enum]
pub enum ProofType {
    /// Application for the payout.
    Application = "WITHDRAWAL_APPLICATION",
}

/// Proof of an application (付款申请材料).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Proof {
    /// Kind of proof.
    pub proof_media_type: ProofType,
    /// Media id of its picture.
    #[request(into)]
    pub proof_media: String,
}

/// Applies for a closing with a payout (提交注销提现申请).
///
/// `POST /v3/ecommerce/account/apply-cancel-withdraw`.
///
/// Each balance is paid in full, in one payment per account, once the merchant has confirmed. Safe to retry unchanged:
/// the same `out_request_no` is the same closing.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/account/apply-cancel-withdraw",
    response = AppliedPayout, idempotency = ByNumber, echo_if_present(out_request_no)
)]
#[request(new = "Creates the application for `sub_mchid`, whose balances go to `payee_info`.")]
#[non_exhaustive]
pub struct ApplyPayout {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the closing.
    pub out_request_no: ClosingRequestNo,
    /// Wish for a payout.
    pub withdraw: Option<PayoutWish>,
    /// Payee.
    pub payee_info: Payee,
    /// Proofs of the application.
    pub proof_medias: Option<Vec<Proof>>,
    /// Media ids of other pictures.
    pub additional_materials: Option<Vec<String>>,
    /// Remark.
    pub remark: Option<String>,
}

/// A closing that was applied for.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AppliedPayout {
    /// WeChat Pay's number of the closing.
    pub applyment_id: Option<String>,
    /// Merchant's number of the closing.
    pub out_request_no: Option<ClosingRequestNo>,
}

/// Confirms a closing for the merchant (平台代商户确认注销).
///
/// `POST /v3/ecommerce/account/apply-cancel-withdraw/confirm`.
///
/// Name the closing by one of its numbers. Safe to retry unchanged: a confirmed closing stays confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/account/apply-cancel-withdraw/confirm",
    response = Confirmed, idempotency = ByNumber, echo_if_present(applyment_id, out_request_no, sub_mchid)
)]
#[request(new = "Creates the confirmation of a closing of `sub_mchid`.")]
#[non_exhaustive]
pub struct Confirm {
    /// WeChat Pay's number of the closing.
    pub applyment_id: Option<String>,
    /// Merchant's number of the closing.
    pub out_request_no: Option<ClosingRequestNo>,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Mark of the person who confirmed.
    #[request(into)]
    pub operator_identification: Redacted,
    /// Time of the confirmation.
    pub confirm_time: DateTime,
    /// Version of the agreement.
    #[request(into)]
    pub cancel_contract_version: String,
}

/// A closing that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Confirmed {
    /// WeChat Pay's number of the closing.
    pub applyment_id: Option<String>,
    /// Merchant's number of the closing.
    pub out_request_no: Option<ClosingRequestNo>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}
