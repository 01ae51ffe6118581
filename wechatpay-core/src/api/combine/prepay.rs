//! Ordering: one request per scene.

use super::{CombineH5Scene, CombinePayer, CombineScene, IndividualSubOrder, SubOrder, TradeScenario};
use crate::{
    api::prepay::{CodeUrlResponse, H5UrlResponse, LimitPay, PrepayIdResponse, SubsidyInfo},
    macros::{endpoint, request, response},
    types::{Appid, CombineOutTradeNo, DateTime, Mchid, PrepayId, PrivateText},
};

/// Writes one request: the fields that all four share, and what its scene adds.
macro_rules! combine_prepay {
    (
        $(#[$meta:meta])*
        $name:ident -> $response:ty, $path:literal,
        required { $( $(#[$required_meta:meta])* $required:ident: $required_type:ident, )? }
        optional { $( $(#[$optional_meta:meta])* $optional:ident: $optional_type:ident, )* }
    ) => {
        request! {
            $(#[$meta])*
            ///
            /// Repeating it with the same number and identical parameters renews the session; any difference is refused.
            #[doc = concat!("\n\n`POST ", $path, "`.")]
            pub struct $name {
                required {
                    /// The initiator's app, to which every merchant that takes part must be bound.
                    combine_appid: Appid,
                    /// The initiator, who signs.
                    combine_mchid: Mchid,
                    /// The initiator's number of the whole.
                    combine_out_trade_no: CombineOutTradeNo,
                    /// The orders: 1 to 50 of a service provider, 2 to 10 of ordinary merchants.
                    sub_orders: Vec<SubOrder>,
                    /// Where the notification goes: absolute, public, without a query; up to 255 characters.
                    notify_url: String,
                    $( $(#[$required_meta])* $required: $required_type, )?
                }
                optional {
                    $( $(#[$optional_meta])* $optional: $optional_type, )*
                    /// First instant at which it can be paid.
                    time_start: DateTime,
                    /// Last instant at which it can be paid: one minute to seven days from now.
                    time_expire: DateTime,
                    /// Ways of paying that are forbidden or demanded.
                    limit_pay: Vec<LimitPay>,
                    /// What is traded.
                    trade_scenario: TradeScenario,
                }
                sensitive { combine_payer_info, }
            }
            /// An order with what every combined order must have.
            new
        }

        endpoint! {
            impl POST $path for $name -> $response {
                idempotency: ByNumber,
                sensitive: true,
            }
        }
    };
}

combine_prepay! {
    /// Orders for a page or mini program inside WeChat (合单JSAPI下单).
    JsapiPrepay -> PrepayIdResponse, "/v3/combine-transactions/jsapi",
    required {
        /// The payer.
        combine_payer_info: CombinePayer,
    }
    optional {
        /// The place where the order is made.
        scene_info: CombineScene,
        /// Subsidies for instalments.
        subsidy_info: SubsidyInfo,
    }
}

combine_prepay! {
    /// Orders for an app (合单APP下单).
    AppPrepay -> ContractPrepayResponse, "/v3/combine-transactions/app",
    required {}
    optional {
        /// Real-name restriction.
        combine_payer_info: CombinePayer,
        /// The place where the order is made.
        scene_info: CombineScene,
        /// Subsidies for instalments.
        subsidy_info: SubsidyInfo,
        /// An earlier session of the order.
        prepay_id: PrepayId,
        /// An agreement on later deductions that the payer makes together with the payment.
        contract_info: ContractInfo,
    }
}

combine_prepay! {
    /// Orders for a mobile browser outside WeChat (合单H5下单).
    H5Prepay -> H5UrlResponse, "/v3/combine-transactions/h5",
    required {
        /// The place where the order is made.
        scene_info: CombineH5Scene,
    }
    optional {
        /// Real-name restriction.
        combine_payer_info: CombinePayer,
    }
}

combine_prepay! {
    /// Orders that are paid by scanning a code (合单Native下单).
    NativePrepay -> CodeUrlResponse, "/v3/combine-transactions/native",
    required {}
    optional {
        /// Real-name restriction.
        combine_payer_info: CombinePayer,
        /// The place where the order is made.
        scene_info: CombineScene,
    }
}

request! {
    /// Orders in a mini program that pay persons (个人收款交易下单): `POST /v3/combine-transactions/miniprogram`.
    ///
    /// Repeating it with the same number and identical parameters renews the session; any difference is refused.
    pub struct MiniProgramPrepay {
        required {
            /// The platform's app.
            combine_appid: Appid,
            /// The platform, who signs.
            combine_mchid: Mchid,
            /// The platform's number of the whole.
            combine_out_trade_no: CombineOutTradeNo,
            /// The payer.
            combine_payer_info: CombinePayer,
            /// The orders.
            sub_orders: Vec<IndividualSubOrder>,
        }
        optional {
            /// The place where the order is made.
            scene_info: CombineScene,
            /// Last instant at which it can be paid.
            time_expire: DateTime,
            /// Where the notification goes: absolute, public, without a query; up to 255 characters.
            notify_url: String,
            /// What is traded.
            trade_scenario: TradeScenario,
        }
        sensitive { combine_payer_info, }
    }
    /// An order with what every such order must have.
    new
}

endpoint! {
    impl POST "/v3/combine-transactions/miniprogram" for MiniProgramPrepay -> PrepayIdResponse {
        idempotency: ByNumber,
        sensitive: true,
    }
}

request! {
    /// An agreement on later deductions (签约信息), made together with a payment in an app.
    pub struct ContractInfo {
        required {
            /// The merchant of the agreement.
            mchid: Mchid,
            /// Its app.
            appid: Appid,
            /// The merchant's number of the agreement.
            out_contract_code: String,
            /// Number of the plan.
            plan_id: u64,
            /// The payer's name at the merchant, as the agreement shows it.
            contract_display_account: PrivateText,
            /// Where the notification of the agreement goes.
            notify_url: String,
        }
    }
    /// The agreement `out_contract_code`.
    new
}

response! {
    /// Response of combined APP orders.
    pub struct ContractPrepayResponse {
        required {
            /// The session, valid for two hours.
            prepay_id: PrepayId,
        }
        parts {
            /// Result of the agreement, if the order asked for one.
            contract_result: ContractResult,
        }
    }
}

response! {
    /// Result of an agreement that was asked for together with a payment.
    pub struct ContractResult {
        texts {
            /// `SUCCESS`, or the code of the error.
            code: String,
            /// The error in words.
            message: String,
        }
    }
}
