//! A service fee for after-sales work (售后服务分账), for ticketing.

use crate::{
    api::profit_sharing::ShareFailReason,
    macros::{endpoint, open_enum, request, response},
    types::{DateTime, Fen, Mchid, RefundId, TransactionId},
};

open_enum! {
    /// What the money is (类型).
    pub enum AfterSalesType {
        /// A service fee.
        ServiceFeeIncome = "SERVICE_FEE_INCOME",
    }
}

open_enum! {
    /// What was done (场景).
    pub enum AfterSalesScene {
        /// A ticket was given back.
        RefundTicket = "REFUND_TICKET",
        /// A ticket was changed.
        ChangeTicket = "CHANGE_TICKET",
        /// Goods were returned.
        ReturnGoods = "RETURN_GOODS",
    }
}

open_enum! {
    /// How it went (分账结果).
    pub enum AfterSalesResult {
        /// Under way.
        Processing = "PROCESSING",
        /// The platform has the fee.
        Success = "SUCCESS",
        /// It could not be had.
        Failed = "FAILED",
    }
}

request! {
    /// Shares a service fee for after-sales work (请求售后服务分账): `POST /v3/ecommerce/profitsharing/after-sales-orders`.
    ///
    /// It carries **no number of the merchant's**: when an answer is lost, ask with [`QueryAfterSalesOrder`] before you
    /// repeat it.
    pub struct CreateAfterSalesOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// How much, in fen.
            amount: Fen,
            /// What the money is.
            #[serde(rename = "type")]
            kind: AfterSalesType,
            /// What was done.
            scene: AfterSalesScene,
        }
        optional {
            /// The refund it belongs to.
            refund_id: RefundId,
        }
    }
    /// A fee of `amount` fen.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/after-sales-orders" for CreateAfterSalesOrder -> CreatedAfterSalesOrder {
        repeats: [sub_mchid, transaction_id],
        may_repeat: [amount],
    }
}

response! {
    /// The answer to [`CreateAfterSalesOrder`].
    pub struct CreatedAfterSalesOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
        }
        parts {
            /// The fee, in fen; not every source has it.
            amount: Fen,
        }
    }
}

request! {
    /// Queries a service fee (查询售后服务分账结果): `GET /v3/ecommerce/profitsharing/after-sales-orders`.
    pub struct QueryAfterSalesOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        optional {
            /// The payment.
            transaction_id: TransactionId,
        }
    }
    /// The fee of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/profitsharing/after-sales-orders" for QueryAfterSalesOrder -> AfterSalesOrder {
        query: [sub_mchid, transaction_id],
        repeats: [sub_mchid],
    }
}

response! {
    /// A service fee at the platform.
    pub struct AfterSalesOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        states {
            /// How it went.
            result: AfterSalesResult,
        }
        texts {
            /// The platform's number. One page calls it the number of the share, another the payment's.
            transaction_id: TransactionId,
            /// Why it failed.
            fail_reason: ShareFailReason,
            /// When it was done.
            finish_time: DateTime,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
    }
}
