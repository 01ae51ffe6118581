//! Transfers of a platform's sub-merchants to users (平台收付通商家转账) (feature `ecommerce-transfers`).
//!
//! The platform makes the transfer and a sub-merchant pays. The sub-merchant first authorises it: see [`Authorize`].
//! The user confirms each transfer in WeChat: the page needs [`TransferBill::package_info`].
//!
//! The same `out_bill_no` is the same transfer. If a response was lost, or the state is not final, query it or send the
//! request again under its number. A new number would pay twice; use one only after [`TransferState::Fail`] or
//! [`TransferState::Cancelled`].
//!
//! The notification of a finished transfer, `MCHTRANSFER.BILL.FINISHED`, is the `TransferNotice` of the feature
//! `transfers`.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, ecommerce_transfers::{Create, TransferBill, TransferState}};
//! use wechatpay_core::types::{Appid, Fen, Mchid};
//!
//! let (shop, appid): (Mchid, Appid) = ("1900001109".parse()?, "wxf636efh567hg4356".parse()?);
//! let create = Create::new(
//!     shop, appid, "PLFK2020042013".parse()?, "1000", "o-MYE42l80oelYMDE34nYD456Xoy".parse()?,
//!     Fen::new(400_000)?, "新会员开通有礼",
//! )
//! .user_name("张三"); // sent encrypted
//! assert_eq!(create.idempotency(), Idempotency::ByNumber);
//!
//! // The client returns a `TransferBill`.
//! let bill: TransferBill = serde_json::from_str(
//!     r#"{"sub_mchid":"1900001109","out_bill_no":"PLFK2020042013","state":"WAIT_USER_CONFIRM",
//!         "transfer_bill_no":"1330000071100999991182020050700019480001","package_info":"affffddafdfafddffda=="}"#)?;
//! assert_eq!(bill.state, TransferState::WaitUserConfirm);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The numbers, the states and the notification are those of [`transfers`](super::transfers), which the feature includes.
//!
//! Pages: 申请二级商户商家转账授权, 查询二级商户商家转账授权状态, 发起转账, 撤销转账, 商户单号查询转账单, 微信转账单号查询转账单.

mod authorization;
mod create;
mod query;

pub use authorization::{Agreement, Authorization, Authorize, QueryAuthorization};
pub use create::{Cancel, CancelledTransfer, Create, TransferBill};
pub use query::{QueryByOutBillNo, QueryByTransferBillNo, Transfer};

pub use super::transfers::{OutBillNo, TransferBillNo, TransferState};
