//! Ordering: one request per scene.

use super::{CombineH5Scene, CombinePayer, CombineScene, SubOrder, TradeScenario};
use crate::{
    api::prepay::{CodeUrlResponse, H5UrlResponse, LimitPay, PrepayIdResponse},
    macros::{endpoint, request},
    types::{Appid, CombineOutTradeNo, DateTime, Mchid},
};

/// Writes one request: the fields that all four share, and what its scene adds.
macro_rules! combine_prepay {
    (
        $(#[$meta:meta])*
        $name:ident -> $response:ty, $path:literal,
        required { $( $(#[$required_meta:meta])* $required:ident: $required_type:ident, )? }
        optional { $( $(#[$optional_meta:meta])* $optional:ident: $optional_type:ident, )* }
        $($sensitive:ident)?
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
                $(sensitive { $sensitive, })?
            }
            /// An order with what every combined order must have.
            new
        }

        combine_prepay!(@endpoint $name $response, $path, $($sensitive)?);
    };
    (@endpoint $name:ident $response:ty, $path:literal,) => {
        endpoint! {
            impl POST $path for $name -> $response {
                idempotency: ByNumber,
            }
        }
    };
    (@endpoint $name:ident $response:ty, $path:literal, $sensitive:ident) => {
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
        /// Who pays.
        combine_payer_info: CombinePayer,
    }
    optional {
        /// Where the order is made.
        scene_info: CombineScene,
    }
    combine_payer_info
}

combine_prepay! {
    /// Orders for an app (合单APP下单).
    AppPrepay -> PrepayIdResponse, "/v3/combine-transactions/app",
    required {}
    optional {
        /// Real-name restriction.
        combine_payer_info: CombinePayer,
        /// Where the order is made.
        scene_info: CombineScene,
    }
    combine_payer_info
}

combine_prepay! {
    /// Orders for a mobile browser outside WeChat (合单H5下单).
    H5Prepay -> H5UrlResponse, "/v3/combine-transactions/h5",
    required {
        /// Where the order is made.
        scene_info: CombineH5Scene,
    }
    optional {
        /// Real-name restriction.
        combine_payer_info: CombinePayer,
    }
    combine_payer_info
}

combine_prepay! {
    /// Orders that are paid by scanning a code (合单Native下单).
    NativePrepay -> CodeUrlResponse, "/v3/combine-transactions/native",
    required {}
    optional {
        /// Where the order is made.
        scene_info: CombineScene,
    }
}
