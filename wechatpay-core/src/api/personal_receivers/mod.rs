//! Persons who receive money on a platform (个人收款方) (feature `personal-receivers`).
//!
//! The person signs a contract ([`PrepareInMiniProgram`], [`PrepareInApp`]) and then has an `individual_auth_id`. Place
//! an order that pays the person with [`MiniProgramPrepay`], and settle paid orders with [`Settle`].
//!
//! If a response was lost, wait for the notification. A new `out_settle_batch_no` may pay twice. If a batch is [`Abnormal`](BatchState::Abnormal), instruct where its money goes
//! ([`ApplyAbnormal`]).
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, personal_receivers::{
//!     BatchState, Settle, SettleAmount, SettleBatch, SettleDetail, SettleInfo, SettleScenario,
//! }};
//! use wechatpay_core::types::{Appid, Fen};
//!
//! let appid: Appid = "wxd678efh567hg6787".parse()?;
//! let fee = SettleDetail::new("FEE-0001", "RECEIVE", "MERCHANT", "1900000109", SettleAmount::new(Fen::new(100)?));
//! let order = SettleInfo::new("SETTLE-0001", "4207752501201407033233368018".parse()?, vec![fee]);
//! let settle = Settle::new(
//!     appid, "BATCH-0001".parse()?, "256322110225", "https://shop.example/wechatpay/settlements",
//!     "一笔订单, 平台服务费一元", SettleScenario::Recommerce, vec![order],
//! );
//! assert_eq!(settle.idempotency(), Idempotency::No, "no page promises that a repeated number is the same batch");
//!
//! // The client returns a `SettleBatch`.
//! let batch: SettleBatch = serde_json::from_str(
//!     r#"{"out_settle_batch_no":"BATCH-0001","settle_batch_no":"123685544886666","state":"ACCEPTED"}"#)?;
//! assert_eq!(batch.state, BatchState::Accepted);
//! assert!(settle.check_echo(&batch).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 小程序场景预签约, APP场景预签约, 小程序场景预签约（需要实名验证）, APP场景预签约（需要实名验证）, 查询个人收款方授权结果,
//! 根据业务申请单号查签约信息, 个人收款交易下单-小程序, 个人收款-申请批量结算, 个人收款-查询批量结算信息,
//! 个人收款-申请异常结算批次单处理, 个人收款-结算回调.
//!
//! [`MiniProgramPrepay`]: super::combine::MiniProgramPrepay

mod contracts;
mod ids;
mod settle;

pub use contracts::{
    AuthState, Contract, CredentialType, PermissionType, PersonAuthorization, PrepareInApp,
    PrepareInMiniProgram, PrepareVerifiedInApp, PrepareVerifiedInMiniProgram, PreparedContract,
    QueryByOpenid, QueryByOutContractCode, RealNameAccess, RealNameScope,
};
pub use ids::{OutAbnormalSettleBatchNo, OutContractCode, OutSettleBatchNo, SettleBatchNo};
pub use settle::{
    AbnormalSettleResult, AbnormalSettleType, AbnormalType, ApplyAbnormal, BatchState, QueryBatch, Settle,
    SettleAmount, SettleBatch, SettleDetail, SettleInfo, SettleScenario,
};
