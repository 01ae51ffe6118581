//! Contracts with payers.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{Appid, DateTime, Mchid, Openid, Redacted};

/// Prepares a contract that the payer signs from an app (APP方式预签约).
///
/// `POST /v3/ecommerce/combine-papay/contracts/pre-entrust-sign`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign",
    response = PreSigned, idempotency = ByNumber, echo(plan_id, out_contract_code)
)]
#[request(new = "Creates the request for the contract `out_contract_code` of a plan.")]
#[non_exhaustive]
pub struct PreSignInApp {
    /// App of the platform.
    pub appid: Appid,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    #[request(into)]
    pub out_contract_code: String,
    /// Payer's account name at the platform, shown in the contract.
    #[request(into)]
    pub contract_display_account: Redacted,
    /// Notification URL of the contract.
    #[request(into)]
    pub notify_url: String,
    /// `true` returns the payer to the app after signing.
    pub return_app: Option<bool>,
    /// Text that comes back with the notifications.
    pub attach: Option<String>,
}

/// Prepares a contract that the payer signs in a mini program (小程序方式预签约).
///
/// `POST /v3/ecommerce/combine-papay/contracts/pre-entrust-sign/mini-program`.
///
/// Safe to retry unchanged: the same `out_contract_code` is the same contract.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign/mini-program",
    response = PreSigned, idempotency = ByNumber, echo(plan_id, out_contract_code)
)]
#[request(new = "Creates the request for the contract `out_contract_code` of a plan.")]
#[non_exhaustive]
pub struct PreSignInMiniProgram {
    /// App of the platform.
    pub appid: Appid,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    #[request(into)]
    pub out_contract_code: String,
    /// Payer's account name at the platform, shown in the contract.
    #[request(into)]
    pub contract_display_account: Redacted,
    /// Notification URL of the contract.
    #[request(into)]
    pub notify_url: String,
}

/// A contract that the payer may sign.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PreSigned {
    /// Session id for the page in which the payer signs.
    pub pre_entrustweb_id: String,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    pub out_contract_code: String,
    /// The platform.
    pub mchid: Option<Mchid>,
}

/// State of a contract (委托代扣协议状态).
#[open_enum]
pub enum ContractState {
    /// Signed: it can pay orders.
    Signed = "SIGNED",
    /// Terminated.
    Terminated = "TERMINATED",
    /// Could not be signed.
    SignFailed = "SIGN_FAILED",
    /// To be renewed.
    ToBeRenewed = "TO_BE_RENEWED",
    /// Being terminated.
    TerminatePending = "TERMINATE_PENDING",
}

/// Way in which a contract ended (协议解约方式).
#[open_enum]
pub enum TerminationMode {
    /// By the payer.
    User = "USER_TERMINATE",
    /// By the platform, with [`Terminate`].
    MerchantApi = "MCH_API_TERMINATE",
    /// By the platform, on the website of WeChat Pay.
    Website = "WEPAY_WEB_TERMINATE",
    /// By the customer service.
    CustomerService = "CUSTOMER_SERVICE_TERMINATE",
    /// By WeChat Pay.
    System = "SYSTEM_TERMINATE",
}

/// Queries a contract by the platform's number (通过商户协议号查询协议).
///
/// `GET /v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}",
    response = Contract, echo(plan_id, out_contract_code)
)]
#[request(new = "Creates the request for the contract `out_contract_code` of a plan.")]
#[non_exhaustive]
pub struct QueryContract {
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    #[request(into)]
    pub out_contract_code: String,
}

/// End of a contract (协议解约信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct TerminateInfo {
    /// Way in which it ended.
    pub contract_termination_mode: Option<TerminationMode>,
    /// Time.
    pub contract_terminated_time: Option<DateTime>,
    /// Remark.
    pub contract_termination_remark: Option<String>,
}

/// A contract with a payer (委托代扣协议).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Contract {
    /// WeChat Pay's id of the contract, by which [`Deduct`](super::Deduct) names it.
    pub contract_id: String,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    pub out_contract_code: String,
    /// State.
    #[response(required)]
    pub contract_state: ContractState,
    /// The platform.
    pub mchid: Option<Mchid>,
    /// App of the platform.
    pub appid: Option<Appid>,
    /// Payer under this app.
    pub openid: Option<Openid>,
    /// Payer's account name at the platform.
    pub contract_display_account: Option<Redacted>,
    /// Time of the signature.
    pub contract_signed_time: Option<DateTime>,
    /// Time at which it expires.
    pub contract_expired_time: Option<DateTime>,
    /// Its end, if it was terminated.
    pub contract_terminate_info: Option<TerminateInfo>,
}

/// Terminates a contract by the platform's number (商户协议号解约协议).
///
/// `POST /v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}/terminate`.
///
/// Safe to retry unchanged: a terminated contract stays terminated.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}/terminate",
    response = TerminatedContract, idempotency = ByNumber, echo(plan_id, out_contract_code)
)]
#[request(new = "Creates the request for the contract `out_contract_code` of a plan, with a remark.")]
#[non_exhaustive]
pub struct Terminate {
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    #[request(into)]
    pub out_contract_code: String,
    /// Reason for the end.
    #[request(into)]
    pub contract_termination_remark: String,
}

/// A contract whose termination was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct TerminatedContract {
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    pub out_contract_code: String,
    /// The platform.
    pub mchid: Option<Mchid>,
}
