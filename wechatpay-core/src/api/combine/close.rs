//! Closing an unpaid combined order.

use crate::{
    macros::{endpoint, request},
    types::{Appid, CombineOutTradeNo, Mchid, OutTradeNo, PrivateText},
};

request! {
    /// Closes an unpaid combined order (合单关闭订单):
    /// `POST /v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close`, answered 204.
    ///
    /// Closing twice succeeds; a paid order cannot be closed.
    pub struct Close {
        required {
            /// The initiator's number of the whole.
            #[serde(skip)]
            combine_out_trade_no: CombineOutTradeNo,
            /// The initiator's app.
            combine_appid: Appid,
            /// Exactly the sub-orders that were ordered, all of them.
            sub_orders: Vec<ClosedSubOrder>,
        }
    }
    /// The order `combine_out_trade_no` with all its sub-orders.
    new
}

endpoint! {
    impl POST "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close" for Close -> () {
        idempotency: ByNumber,
        path: [combine_out_trade_no],
    }
}

request! {
    /// A sub-order that is to be closed with the others.
    pub struct ClosedSubOrder {
        required {
            /// The merchant that initiated it.
            mchid: Mchid,
            /// Its number.
            out_trade_no: OutTradeNo,
        }
        optional {
            /// The personal receiver's authorisation, if one is paid instead of a sub-merchant.
            individual_auth_id: PrivateText,
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The sub-merchant's app.
            sub_appid: Appid,
        }
    }
    /// The order `out_trade_no` of `mchid`.
    new
}
