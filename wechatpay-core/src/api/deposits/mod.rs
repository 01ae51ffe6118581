//! Deposits, claims and compensation (保证金、理赔、赔付) (feature `deposits`).
//!
//! A platform compensates the payer of an order, or a merchant, from one of three sources:
//!
//! | Source | To the payer | To a merchant |
//! |---|---|---|
//! | The platform, or a merchant that sponsors it | [`Compensate`] | [`CompensateMerchant`] |
//! | Deposit of a sub-merchant (保证金) | [`CompensateAfterSales`], [`CompensateFreight`] | [`Deduct`], [`CompensateInsurer`] |
//! | An insurer (理赔) | [`Claim`] | |
//!
//! [`PreCompensate`] and [`PreClaim`] lock the money until the payer confirms, at most 24 hours; cancel one by
//! [`CancelCompensation`] or [`CancelClaim`]. An insurer must be [opened](OpenClaims) first.
//!
//! The same `out_bill_no` is the same compensation. If a response was lost, or the state is not final, query it or send
//! the request again under its number. A new number would pay twice; use one only after
//! [`Closed`](CompensationState::Closed) or [`Cancelled`](CompensationState::Cancelled).
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, deposits::{
//!     Compensate, Compensation, CompensationState, Payment, PaymentType, PayerReceiver, ReceiverType,
//! }};
//! use wechatpay_core::types::{Fen, Mchid};
//!
//! let sponsor: Mchid = "1900001109".parse()?;
//! let payment = Payment::new("1217752501201407033233368018").payment_type(PaymentType::Wxpay);
//! let receiver = PayerReceiver::new().receiver_type(ReceiverType::TransactionUser).transaction_info(payment);
//! let compensate = Compensate::new(receiver, "plfk2020042013".parse()?, Fen::new(10_000)?, "退货运费补偿")
//!     .sponsor_mchid(sponsor);
//! assert_eq!(compensate.idempotency(), Idempotency::ByNumber);
//!
//! // The client returns a `Compensation`.
//! let compensation: Compensation = serde_json::from_str(
//!     r#"{"sp_mchid":"1900000001","out_bill_no":"plfk2020042013","bill_id":"1330000071100999991182020050700019480001",
//!         "amount":10000,"state":"ACCEPTED"}"#)?;
//! compensate.check_echo(&compensation)?;
//! assert_eq!(compensation.state, CompensationState::Accepted); // not final: query it later
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 请求赔付, 请求赔付预下单, 请求撤销赔付, 查询赔付结果, 赔付商家, 保证金赔付, 查询保证金赔付结果, 请求保证金售后赔付, 查询保证金售后赔付结果,
//! 发起保证金赔付用户运费, 查询保证金售后赔付运费结果, 发起保证金赔付保司保费, 查询保证金赔付保司保费结果, 开通保险理赔功能, 查询保险理赔功能开通状态,
//! 请求保险理赔, 请求保险理赔预下单, 请求撤销保险理赔, 查询保险理赔结果.

mod after_sales;
mod claims;
mod compensation;
mod contract;
mod deduction;
mod ids;
mod platform;
mod receiver;

pub use after_sales::{
    CompensateAfterSales, CompensateFreight, CompensateInsurer, QueryAfterSalesByBillId,
    QueryAfterSalesByOutBillNo, QueryFreight, QueryInsurer,
};
pub use claims::{CancelClaim, Claim, PreClaim, QueryClaimByBillId, QueryClaimByOutBillNo};
pub use compensation::{
    BusinessType, CancelledCompensation, CloseInfo, Compensation, CompensationState, PaidMerchant,
    PaidPayment, PaidReceiver, PaidUser, PendingCompensation, ReceiverDetail,
};
pub use contract::{Agreement, ClaimsContract, OpenClaims, QueryClaimsContract};
pub use deduction::{Deduct, QueryDeductionByBillId, QueryDeductionByOutBillNo};
pub use ids::{CompensationId, CompensationNo};
pub use platform::{
    CancelCompensation, Compensate, CompensateMerchant, PreCompensate, QueryCompensationByBillId,
    QueryCompensationByOutBillNo, QueryMerchantCompensation,
};
pub use receiver::{
    DeductionMerchant, DeductionReceiver, FreightReceiver, InsurerMerchant, InsurerPayment, InsurerReceiver,
    Merchant, MerchantReceiver, PayerReceiver, Payment, PaymentType, ReceiverType, User, UserReceiver,
};
