//! The resource of a refund notification (退款结果通知).

use wechatpay_macros::{Response, open_enum};

use crate::{
    api::transactions::ExchangeRate,
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// State of a refund (退款状态).
#[open_enum]
pub enum RefundStatus {
    /// The payer has the money.
    Success = "SUCCESS",
    /// It will not be paid out.
    Closed = "CLOSED",
    /// Under way.
    Processing = "PROCESSING",
    /// It could not be paid out; apply for an abnormal refund.
    Abnormal = "ABNORMAL",
}

/// Whose money a refund of e-commerce is paid with (退款出资商户).
#[open_enum]
pub enum RefundAccount {
    /// The platform advances it; needs a permission.
    PartnerAdvance = "REFUND_SOURCE_PARTNER_ADVANCE",
    /// The sub-merchant's, which is the default.
    SubMerchant = "REFUND_SOURCE_SUB_MERCHANT",
}

/// Resource of a refund notification.
///
/// A provider's or platform's has `sp_mchid` and `sub_mchid`, a direct merchant's has `mchid`. A refund of a person (个人收款)
/// has `sp_mchid` and `individual_auth_id`.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundNotice {
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// The platform's number of the payment.
    pub transaction_id: TransactionId,
    /// The merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// The platform's refund number.
    pub refund_id: RefundId,
    /// Refunded amounts.
    pub amount: RefundNoticeAmount,
    /// State of the refund. The API calls this field `status`.
    pub refund_status: RefundStatus,
    /// The service provider (partner mode).
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant (partner mode).
    pub sub_mchid: Option<Mchid>,
    /// The merchant (direct mode).
    pub mchid: Option<Mchid>,
    /// The payee's authorisation (personal payees only).
    pub individual_auth_id: Option<Redacted>,
    /// When the payer got the money.
    pub success_time: Option<DateTime>,
    /// Destination of the money, in words.
    pub user_received_account: Option<Redacted>,
    /// Whose money was used (e-commerce).
    pub refund_account: Option<RefundAccount>,
    /// Destination of the money, in words (overseas).
    pub recv_account: Option<Redacted>,
    /// The money it was paid with (overseas).
    pub fund_source: Option<FundSource>,
}

/// The money that an overseas refund is paid with (退款资金来源).
#[open_enum]
pub enum FundSource {
    /// Money that is not settled yet.
    UnsettledFunds = "REFUND_SOURCE_UNSETTLED_FUNDS",
    /// Money that was topped up.
    RechargeFunds = "REFUND_SOURCE_RECHARGE_FUNDS",
}

/// Refunded amounts, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundNoticeAmount {
    /// Total of the order.
    pub total: Fen,
    /// Amount refunded of it.
    pub refund: Fen,
    /// Currency of the order; absent is yuan.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Currency of the settlement (overseas).
    pub settlement_currency: Option<Currency>,
    /// Amount the payer gave.
    pub payer_total: Option<Fen>,
    /// Amount the payer gets back.
    pub payer_refund: Option<Fen>,
    /// Amount taken back from the settlement (overseas).
    pub settlement_refund: Option<Fen>,
    /// Rate of exchange (overseas).
    pub exchange_rate: Option<ExchangeRate>,
}
