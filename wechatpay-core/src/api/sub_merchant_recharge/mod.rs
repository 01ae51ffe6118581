//! Recharges of sub-merchants (二级商户充值) (feature `sub-merchant-recharge`).
//!
//! The platform [applies](Apply) and receives an address. The sub-merchant opens it within seven days and pays by bank
//! transfer, by online bank, or with a code that an [employee](AddEmployee) scans. The platform's own accounts are
//! recharged by bank transfer: [`ApplyBankTransfer`].
//!
//! The same `out_recharge_no` is the same recharge. If a response was lost, query it or send the request again under
//! its number. Money of a transfer that could not be credited returns to its payer: [`ReturnNotice`].
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, funds::AccountType};
//! use wechatpay_core::api::sub_merchant_recharge::{Apply, Query, Recharge, RechargeAmount, RechargeScene, RechargeState};
//! use wechatpay_core::types::{Fen, Mchid};
//!
//! let sub_mchid: Mchid = "1900001109".parse()?;
//! let amount = RechargeAmount::new().amount(Fen::new(500_000)?);
//! let apply = Apply::new(
//!     sub_mchid.clone(), "cz202407181234".parse()?, RechargeScene::Deposit, AccountType::Deposit, amount,
//! )
//! .notify_url("https://shop.example/notify");
//! assert_eq!(apply.idempotency(), Idempotency::ByNumber);
//!
//! // Later: the client returns a `Recharge`.
//! let query = Query::new(apply.out_recharge_no.clone(), sub_mchid);
//! let recharge: Recharge = serde_json::from_str(
//!     r#"{"sp_mchid":"1900000001","sub_mchid":"1900001109","recharge_id":"2024071821000001",
//!         "out_recharge_no":"cz202407181234","recharge_state":"SUCCESS",
//!         "recharge_amount":{"amount":500000,"currency":"CNY"}}"#)?;
//! query.check_echo(&recharge)?;
//! assert_eq!(recharge.recharge_state, RechargeState::Success);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 申请二级商户充值, 查询二级商户充值结果, 关闭二级商户充值, 申请银行转账充值, 查询银行转账充值结果, 添加二级商户可扫码充值员工,
//! 查询二级商户可扫码充值员工列表, 删除二级商户可扫码充值员工, 充值结果通知, 充值资金退回通知.

mod bank;
mod employees;
mod ids;
mod notice;
mod recharge;

pub use bank::{
    AppliedBankTransfer, ApplyBankTransfer, BankTransferRecharge, QueryBankTransfer, TransferInAccount,
};
pub use employees::{AddEmployee, DeleteEmployee, Employee, EmployeeState, Employees, ListEmployees};
pub use ids::{OutRechargeNo, RechargeId};
pub use notice::{NoticeAmount, RechargeNotice, ReturnDetail, ReturnNotice};
pub use recharge::{
    Applied, Apply, BankTransferInfo, Close, EmployeeType, OnlineBankInfo, OnlineBankType, QrInfo, Query,
    Recharge, RechargeAmount, RechargeChannel, RechargeScene, RechargeState,
};
