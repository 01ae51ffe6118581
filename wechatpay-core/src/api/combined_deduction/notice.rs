//! Notifications of contracts.

use wechatpay_macros::{Resource, Response};

use super::TerminationMode;
use crate::types::{Appid, DateTime, Mchid, Openid};

/// A contract that the payer signed (收付通合单代扣签约成功通知).
///
/// It does not have the `contract_id`: query the contract.
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("ECOMMERCE_ENTRUST.SIGN"),
    decides("mchid", "plan_id", "out_contract_code")
)]
#[non_exhaustive]
pub struct Signed {
    /// The platform.
    pub mchid: Mchid,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    pub out_contract_code: String,
    /// App of the platform.
    pub appid: Option<Appid>,
    /// Payer under this app.
    pub openid: Option<Openid>,
    /// Time at which the contract expires.
    pub contract_expired_time: Option<DateTime>,
    /// Time of the signature.
    pub operate_time: Option<DateTime>,
    /// The `attach` of the request.
    pub attach: Option<String>,
}

/// A contract that ended (收付通合单代扣解约成功通知).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("ECOMMERCE_ENTRUST.TERMINATE"),
    decides("mchid", "plan_id", "out_contract_code")
)]
#[non_exhaustive]
pub struct Terminated {
    /// The platform.
    pub mchid: Mchid,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Platform's number of the contract.
    pub out_contract_code: String,
    /// App of the platform.
    pub appid: Option<Appid>,
    /// Payer under this app.
    pub openid: Option<Openid>,
    /// Way in which it ended.
    pub contract_termination_mode: Option<TerminationMode>,
    /// Time of its end.
    pub operate_time: Option<DateTime>,
    /// The `attach` of the request.
    pub attach: Option<String>,
}
