//! Transfers to a user's balance (商家转账), confirmed by the user (feature `transfers`).
//!
//! The user confirms each transfer in WeChat: pass [`TransferBill::package_info`] to the page or mini-program as
//! [`ConfirmParameters`]. A user who once authorised the merchant ([`Authorize`]) confirms no more.
//!
//! The same `out_bill_no` is the same transfer. If a response was lost, or the state is not final, query it or send the
//! request again under its number. A new number would pay twice; use one only after [`TransferState::Fail`] or
//! [`TransferState::Cancelled`].
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, transfers::{ConfirmParameters, Create, ReportInfo, TransferBill, TransferState}};
//! use wechatpay_core::types::{Appid, Fen, Mchid};
//!
//! let (mchid, appid): (Mchid, Appid) = ("1900000001".parse()?, "wxf636efh567hg4356".parse()?);
//! let report = vec![ReportInfo::new("活动名称", "新会员有礼"), ReportInfo::new("奖励说明", "注册会员抽奖一等奖")];
//! let create = Create::new(
//!     appid.clone(), "PLFK2020042013".parse()?, "o-MYE42l80oelYMDE34nYD456Xoy".parse()?,
//!     Fen::new(400_000)?, "新会员开通有礼", "1000", report,
//! )
//! .user_name("张三"); // sent encrypted; required from 2000 yuan
//! assert_eq!(create.idempotency(), Idempotency::ByNumber);
//!
//! // The client returns a `TransferBill`.
//! let bill: TransferBill = serde_json::from_str(
//!     r#"{"out_bill_no":"PLFK2020042013","transfer_bill_no":"1330000071100999991182020050700019480001",
//!         "state":"WAIT_USER_CONFIRM","package_info":"affffddafdfafddffda=="}"#)?;
//! if let (TransferState::WaitUserConfirm, Some(package)) = (&bill.state, &bill.package_info) {
//!     // For `wx.requestMerchantTransfer` in the user's page.
//!     let parameters = ConfirmParameters::new(mchid, appid, package);
//!     assert_eq!(serde_json::to_value(&parameters)?["package"], "affffddafdfafddffda==");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 发起转账, 撤销转账, 商户单号查询转账单, 微信转账单号查询转账单, 申请免确认收款授权, 发起转账并完成自动收款授权, 用户授权后转账,
//! 商户单号查询自动收款授权, 解除免确认收款授权, 申请电子回单, 查询电子回单, 商家转账回调通知.

mod authorization;
mod create;
mod ids;
mod query;
mod receipts;

pub use authorization::{
    Authorization, AuthorizationState, AuthorizationToConfirm, Authorize, CloseAuthorization, CloseInfo,
    CloseReason, DeviceType, QueryAuthorization, SceneInfo,
};
pub use create::{
    AuthorizationInfo, ConfirmParameters, Create, CreateAndAuthorize, CreateAuthorized, ReceiveStyle,
    ReceiveStyleType, ReportInfo, TransferBill,
};
pub use ids::{OutAuthorizationNo, OutBillNo, TransferBillNo};
pub use query::{
    Cancel, CancelledTransfer, QueryByOutBillNo, QueryByTransferBillNo, Transfer, TransferNotice,
    TransferState,
};
pub use receipts::{
    QueryReceiptByOutBillNo, QueryReceiptByTransferBillNo, Receipt, ReceiptHash, ReceiptState,
    RequestReceiptByOutBillNo, RequestReceiptByTransferBillNo, RequestedReceipt,
};
