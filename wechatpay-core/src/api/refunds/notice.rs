//! Resource of a refund notification (退款结果通知).

use wechatpay_macros::{Response, open_enum};

use crate::{
    api::transactions::ExchangeRate,
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// State of a refund (退款状态).
#[open_enum]
pub enum RefundStatus {
    /// Paid to the payer.
    Success = "SUCCESS",
    /// Closed; not paid out.
    Closed = "CLOSED",
    /// In progress.
    Processing = "PROCESSING",
    /// Payout failed; apply for an abnormal refund.
    Abnormal = "ABNORMAL",
}

/// Merchant that funds an e-commerce refund (退款出资商户).
#[open_enum]
pub enum RefundAccount {
    /// E-commerce platform, in advance; needs a permission.
    PartnerAdvance = "REFUND_SOURCE_PARTNER_ADVANCE",
    /// Sub-merchant, the default.
    SubMerchant = "REFUND_SOURCE_SUB_MERCHANT",
}

/// Resource of a refund notification.
///
/// In partner mode it has `sp_mchid` and `sub_mchid`, in direct mode `mchid`. A refund by a personal receiver
/// (个人收款) has `sp_mchid` and `individual_auth_id`.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundNotice {
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Refunded amounts.
    pub amount: RefundNoticeAmount,
    /// State of the refund; the API calls this field `status`.
    pub refund_status: RefundStatus,
    /// The service provider (partner mode).
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant (partner mode).
    pub sub_mchid: Option<Mchid>,
    /// The merchant (direct mode).
    pub mchid: Option<Mchid>,
    /// Authorisation id of the payee (personal receivers only).
    pub individual_auth_id: Option<Redacted>,
    /// Time at which the payer received the money.
    pub success_time: Option<DateTime>,
    /// Destination of the money, as text.
    pub user_received_account: Option<Redacted>,
    /// Merchant that funded the refund (e-commerce).
    pub refund_account: Option<RefundAccount>,
    /// Destination of the money, as text (overseas).
    pub recv_account: Option<Redacted>,
    /// Funds that the refund was paid from (overseas).
    pub fund_source: Option<FundSource>,
}

/// Funds that an overseas refund is paid from (退款资金来源).
#[open_enum]
pub enum FundSource {
    /// Unsettled funds.
    UnsettledFunds = "REFUND_SOURCE_UNSETTLED_FUNDS",
    /// Topped-up funds.
    RechargeFunds = "REFUND_SOURCE_RECHARGE_FUNDS",
}

/// Refunded amounts in a notification, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundNoticeAmount {
    /// Total of the order.
    pub total: Fen,
    /// Refunded amount.
    pub refund: Fen,
    /// Currency of the order; CNY if absent.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Currency of the settlement (overseas).
    pub settlement_currency: Option<Currency>,
    /// Amount paid by the payer.
    pub payer_total: Option<Fen>,
    /// Amount returned to the payer.
    pub payer_refund: Option<Fen>,
    /// Amount deducted from the settlement (overseas).
    pub settlement_refund: Option<Fen>,
    /// Exchange rate (overseas).
    pub exchange_rate: Option<ExchangeRate>,
}
