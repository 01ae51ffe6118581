//! A combined order at the platform: the answer of a query, and the resource of a payment notification.

use crate::{
    api::{
        combine::TradeScenario,
        transactions::{InstallmentInfo, Promotion, SceneInfo, TradeState, TradeType},
    },
    macros::{endpoint, request, response},
    types::{
        Appid, CombineOutTradeNo, CombineTransactionId, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo,
        PrivateText, TransactionId,
    },
};

request! {
    /// Queries a combined order by the initiator's number (合单查询订单):
    /// `GET /v3/combine-transactions/out-trade-no/{combine_out_trade_no}`.
    pub struct QueryByOutTradeNo {
        required {
            /// The initiator's number of the whole.
            combine_out_trade_no: CombineOutTradeNo,
        }
    }
    /// The order `combine_out_trade_no`.
    new
}

endpoint! {
    impl GET "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}" for QueryByOutTradeNo -> CombinedTransaction {
        path: [combine_out_trade_no],
        repeats: [combine_out_trade_no],
    }
}

request! {
    /// Queries a combined order by the platform's number (微信合单订单号查询):
    /// `GET /v3/combine-transactions/id/{combine_transaction_id}`.
    pub struct QueryByTransactionId {
        required {
            /// The platform's number of the whole.
            combine_transaction_id: CombineTransactionId,
        }
    }
    /// The order `combine_transaction_id`.
    new
}

endpoint! {
    impl GET "/v3/combine-transactions/id/{combine_transaction_id}" for QueryByTransactionId -> CombinedTransaction {
        path: [combine_transaction_id],
        repeats: [combine_transaction_id],
    }
}

response! {
    /// A combined order. Each sub-order has its own state, number and amount; the whole has none.
    ///
    /// Compare every one of them with your orders before you hand anything over:
    /// [`CombinedExpectation`](crate::notify::CombinedExpectation).
    pub struct CombinedTransaction {
        required {
            /// The initiator.
            combine_mchid: Mchid,
            /// The initiator's number of the whole.
            combine_out_trade_no: CombineOutTradeNo,
        }
        texts {
            /// The initiator's app.
            combine_appid: Appid,
            /// The platform's number of the whole; older answers have none.
            combine_transaction_id: CombineTransactionId,
            /// What is traded.
            trade_scenario: TradeScenario,
        }
        parts {
            /// Where it was paid.
            scene_info: SceneInfo,
            /// Who paid.
            combine_payer_info: CombinePayerInfo,
            /// Instalments (微信分付).
            installment_info: InstallmentInfo,
        }
        lists {
            /// The orders it is made of.
            sub_orders: SubTransaction,
        }
    }
}

response! {
    /// Who paid a combined order.
    pub struct CombinePayerInfo {
        texts {
            /// Below the initiator's app.
            openid: Openid,
            /// Below the sub-merchant's app.
            sub_openid: Openid,
        }
    }
}

response! {
    /// One order of a combined one.
    pub struct SubTransaction {
        required {
            /// The merchant that initiated it.
            mchid: Mchid,
            /// The merchant's order number.
            out_trade_no: OutTradeNo,
        }
        states {
            /// State of the order.
            trade_state: TradeState,
        }
        texts {
            /// How it was paid; absent while unpaid.
            trade_type: TradeType,
            /// Bank or purse that paid: `OTHERS`, `CMC`, … an open set.
            bank_type: String,
            /// What the order request had as `attach`.
            attach: String,
            /// When it was paid.
            success_time: DateTime,
            /// The platform's number, for refunds and sharing of this order; absent while unpaid.
            transaction_id: TransactionId,
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The sub-merchant's app.
            sub_appid: Appid,
            /// The payer below the sub-merchant's app.
            sub_openid: Openid,
            /// The payee's authorisation (personal payees only).
            individual_auth_id: PrivateText,
            /// The payee's name (personal payees only).
            individual_name: PrivateText,
        }
        parts {
            /// What was paid; absent while unpaid.
            amount: SubAmount,
        }
        lists {
            /// Promotions that were used.
            promotion_detail: Promotion,
        }
    }
}

response! {
    /// What was paid for a sub-order, in fen. The names differ from those of an ordinary order.
    pub struct SubAmount {
        texts {
            /// Currency of the order.
            currency: Currency,
            /// Currency of the payer.
            payer_currency: Currency,
        }
        parts {
            /// What the order costs. Compare this one with the order.
            total_amount: Fen,
            /// What the payer gave, after coupons.
            payer_amount: Fen,
            /// Rate of exchange, times 10⁸.
            settlement_rate: i64,
        }
    }
}
