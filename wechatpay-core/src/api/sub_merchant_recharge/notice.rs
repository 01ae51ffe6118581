//! Notifications of recharges.

use wechatpay_macros::{Resource, Response};

use super::{
    BankTransferInfo, OnlineBankInfo, OnlineBankType, OutRechargeNo, QrInfo, RechargeChannel, RechargeId,
    RechargeScene, RechargeState,
};
use crate::{
    api::funds::AccountType,
    types::{Currency, DateTime, Fen, Mchid, Redacted},
};

/// Amount of a notified recharge (充值金额).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct NoticeAmount {
    /// Amount in fen.
    pub amount: Fen,
    /// Currency.
    pub currency: Option<Currency>,
}

/// Resource of the notification that a recharge was credited or closed (充值结果通知).
///
/// Compare the amount with the application before you credit anything.
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("RECHARGE.SUCCESS", "RECHARGE.CLOSED"),
    original_type = "recharge",
    decides(
        "sub_mchid",
        "out_recharge_no",
        "recharge_id",
        "recharge_state",
        "recharge_amount.amount"
    )
)]
#[non_exhaustive]
pub struct RechargeNotice {
    /// The platform merchant.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// WeChat Pay's number of the recharge.
    pub recharge_id: RechargeId,
    /// State: `SUCCESS` or `CLOSED`.
    #[response(required)]
    pub recharge_state: RechargeState,
    /// Description of the state.
    pub recharge_state_desc: Option<String>,
    /// Amount.
    pub recharge_amount: NoticeAmount,
    /// Way of the money.
    pub recharge_channel: Option<RechargeChannel>,
    /// Account.
    pub account_type: Option<AccountType>,
    /// Scene.
    pub recharge_scene: Option<RechargeScene>,
    /// Remark of the application.
    pub remark: Option<String>,
    /// Payment by bank transfer.
    pub bank_transfer_info: Option<BankTransferInfo>,
    /// Payment with a code.
    pub qr_recharge_info: Option<QrInfo>,
    /// Payment by online bank.
    pub online_bank_recharge_info: Option<OnlineBankInfo>,
    /// Time of the application.
    pub accept_time: Option<DateTime>,
    /// Time of the credit.
    pub success_time: Option<DateTime>,
    /// Time of the close.
    pub close_time: Option<DateTime>,
    /// Ways that the page offered.
    pub available_recharge_channels: Vec<RechargeChannel>,
}

/// Resource of the notification that money went back to its payer (充值资金退回通知).
///
/// A recharge may have several returns: recognise each by its `recharge_returned_id`.
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("RECHARGE.FUND_RETURNED"),
    original_type = "recharge",
    decides(
        "recharge_returned_id",
        "sub_mchid",
        "out_recharge_no",
        "recharge_id",
        "detail.amount"
    )
)]
#[non_exhaustive]
pub struct ReturnNotice {
    /// WeChat Pay's number of the return.
    pub recharge_returned_id: String,
    /// The platform merchant.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the recharge.
    pub out_recharge_no: OutRechargeNo,
    /// WeChat Pay's number of the recharge.
    pub recharge_id: RechargeId,
    /// Way of the money: `BANK_TRANSFER` or `ONLINE_BANK`.
    pub recharge_channel: Option<RechargeChannel>,
    /// Details of the return.
    pub detail: Option<ReturnDetail>,
}

/// Details of a return (充值退回详情).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ReturnDetail {
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// Currency.
    pub currency: Option<Currency>,
    /// Bank of the payer.
    pub bank_name: Option<String>,
    /// Last digits of the payer's account.
    pub bank_card_tail: Option<Redacted>,
    /// Name of the payer's account.
    pub bank_account_name: Option<Redacted>,
    /// Kind of online bank; absent for a bank transfer.
    pub online_bank_type: Option<OnlineBankType>,
    /// Postscript of the transfer; absent for an online bank.
    pub memo: Option<String>,
    /// Time of the return.
    pub return_time: Option<DateTime>,
    /// Reason of the return.
    pub return_reason: Option<String>,
}
