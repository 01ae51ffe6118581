//! A refund at the platform, and asking for it.

use super::{FundsAccount, RefundAccount, RefundSource, RefundStatus};
use crate::{
    api::transactions::PromotionScope,
    macros::{endpoint, open_enum, request, response},
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, PrivateText, RefundId, TransactionId},
};

open_enum! {
    /// Which way the money goes back (退款渠道).
    pub enum RefundChannel {
        /// The way it came.
        Original = "ORIGINAL",
        /// To the purse.
        Balance = "BALANCE",
        /// To another purse, the original one being unusable.
        OtherBalance = "OTHER_BALANCE",
        /// To another bank card, the original one being unusable.
        OtherBankcard = "OTHER_BANKCARD",
    }
}

open_enum! {
    /// Kind of a promotion that is refunded. The pages use two pairs of words.
    pub enum RefundPromotionType {
        /// Funded beforehand.
        Coupon = "COUPON",
        /// Not funded.
        Discount = "DISCOUNT",
        /// Funded beforehand, in the words of a payment.
        Cash = "CASH",
        /// Not funded, in the words of a payment.
        NoCash = "NOCASH",
    }
}

request! {
    /// Queries a refund by the merchant's number (查询单笔退款): `GET /v3/refund/domestic/refunds/{out_refund_no}`.
    ///
    /// Wait a minute after applying; a 404 before that may mean "not yet visible".
    pub struct Query {
        required {
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
        }
    }
    /// The refund `out_refund_no`.
    new
}

endpoint! {
    impl GET "/v3/refund/domestic/refunds/{out_refund_no}" for Query -> Refund {
        path: [out_refund_no],
        query: [sub_mchid],
        repeats: [out_refund_no],
    }
}

response! {
    /// A refund at the platform: the answer to applying and to asking.
    pub struct Refund {
        required {
            /// The platform's refund number.
            refund_id: RefundId,
            /// The merchant's refund number.
            out_refund_no: OutRefundNo,
            /// The platform's number of the payment.
            transaction_id: TransactionId,
            /// The merchant's order number.
            out_trade_no: OutTradeNo,
            /// What is refunded.
            amount: RefundedAmount,
        }
        states {
            /// State of the refund. The notification calls this field `refund_status`.
            status: RefundStatus,
        }
        texts {
            /// Which way the money goes back.
            channel: RefundChannel,
            /// Where the money goes, in words.
            user_received_account: PrivateText,
            /// When the payer got the money.
            success_time: DateTime,
            /// When the refund was accepted.
            create_time: DateTime,
            /// The account it is paid from.
            funds_account: FundsAccount,
            /// Whose money it is paid with; not on every page.
            refund_account: RefundAccount,
        }
        lists {
            /// Promotions that are refunded.
            promotion_detail: RefundPromotion,
        }
    }
}

response! {
    /// What is refunded, in fen.
    pub struct RefundedAmount {
        required {
            /// What is refunded.
            refund: Fen,
        }
        texts {
            /// The currency.
            currency: Currency,
        }
        parts {
            /// What the payer gave.
            payer_total: Fen,
            /// What the payer gets back.
            payer_refund: Fen,
            /// What is taken back from the settlement.
            settlement_refund: Fen,
            /// What was to be settled of the order.
            settlement_total: Fen,
            /// What is refunded as promotions.
            discount_refund: Fen,
            /// Fee that is given back.
            refund_fee: Fen,
            /// What the platform advanced; not on every page.
            advance: Fen,
            /// Total of the order, in fen.
            total: Fen,
        }
        lists {
            /// The accounts it is paid from.
            from: RefundSource,
        }
    }
}

response! {
    /// A promotion that is refunded (优惠退款信息).
    pub struct RefundPromotion {
        texts {
            /// Number of the coupon or campaign.
            promotion_id: String,
            /// What it covers.
            scope: PromotionScope,
            /// Its kind.
            #[serde(rename = "type")]
            kind: RefundPromotionType,
        }
        parts {
            /// Its value in fen.
            amount: Fen,
            /// Refunded amount in fen.
            refund_amount: Fen,
        }
        lists {
            /// Goods it covers.
            goods_detail: RefundPromotionGoods,
        }
    }
}

response! {
    /// Goods of a promotion that is refunded.
    pub struct RefundPromotionGoods {
        texts {
            /// The merchant's number of the goods.
            merchant_goods_id: String,
            /// The platform's number.
            wechatpay_goods_id: String,
            /// The name.
            goods_name: String,
        }
        parts {
            /// Price of one in fen.
            unit_price: Fen,
            /// What is refunded for them, in fen.
            refund_amount: Fen,
            /// How many are given back.
            refund_quantity: i64,
        }
    }
}
