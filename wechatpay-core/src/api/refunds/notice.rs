//! The resource of a refund notification (退款结果通知).

use crate::{
    api::transactions::ExchangeRate,
    macros::{open_enum, response},
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, PrivateText, RefundId, TransactionId},
};

open_enum! {
    /// State of a refund (退款状态).
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
}

open_enum! {
    /// Whose money a refund of e-commerce is paid with (退款出资商户).
    pub enum RefundAccount {
        /// The platform advances it; needs a permission.
        PartnerAdvance = "REFUND_SOURCE_PARTNER_ADVANCE",
        /// The sub-merchant's, which is the default.
        SubMerchant = "REFUND_SOURCE_SUB_MERCHANT",
    }
}

response! {
    /// What a refund notification holds, in every mode: a provider's or platform's has `sp_mchid` and `sub_mchid`, a direct
    /// merchant's has `mchid`. A refund of a person (个人收款) has `sp_mchid` and `individual_auth_id`.
    pub struct RefundNotice {
        required {
            /// The merchant's order number.
            out_trade_no: OutTradeNo,
            /// The platform's number of the payment.
            transaction_id: TransactionId,
            /// The merchant's refund number.
            out_refund_no: OutRefundNo,
            /// The platform's refund number.
            refund_id: RefundId,
            /// What was refunded.
            amount: RefundNoticeAmount,
        }
        states {
            /// State of the refund. The API calls this field `status`.
            refund_status: RefundStatus,
        }
        texts {
            /// The service provider (partner mode).
            sp_mchid: Mchid,
            /// The sub-merchant (partner mode).
            sub_mchid: Mchid,
            /// The merchant (direct mode).
            mchid: Mchid,
            /// The payee's authorisation (personal payees only).
            individual_auth_id: PrivateText,
            /// When the payer got the money.
            success_time: DateTime,
            /// Where the money went, in words.
            user_received_account: PrivateText,
            /// Whose money was used (e-commerce).
            refund_account: RefundAccount,
            /// Where the money went, in words (overseas).
            recv_account: PrivateText,
            /// The money it was paid with (overseas).
            fund_source: FundSource,
        }
    }
}

open_enum! {
    /// The money that an overseas refund is paid with (退款资金来源).
    pub enum FundSource {
        /// Money that is not settled yet.
        UnsettledFunds = "REFUND_SOURCE_UNSETTLED_FUNDS",
        /// Money that was topped up.
        RechargeFunds = "REFUND_SOURCE_RECHARGE_FUNDS",
    }
}

response! {
    /// What was refunded, in fen.
    pub struct RefundNoticeAmount {
        required {
            /// What the order cost.
            total: Fen,
            /// What is refunded of it.
            refund: Fen,
        }
        texts {
            /// Currency of the order; absent is yuan.
            currency: Currency,
            /// Currency of the payer.
            payer_currency: Currency,
            /// Currency of the settlement (overseas).
            settlement_currency: Currency,
        }
        parts {
            /// What the payer gave.
            payer_total: Fen,
            /// What the payer gets back.
            payer_refund: Fen,
            /// What is taken back from the settlement (overseas).
            settlement_refund: Fen,
            /// Rate of exchange (overseas).
            exchange_rate: ExchangeRate,
        }
    }
}
