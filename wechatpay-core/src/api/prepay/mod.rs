//! Ordering (下单): JSAPI, APP, H5 and Native, for direct merchants and for partners.
//!
//! Eight requests, one type each, so that a scene cannot miss what it needs: JSAPI asks for the payer, H5 for the scene.
//! Repeating a request with the same number and *identical* parameters renews the prepay id; any difference is refused.
//!
//! Pages: JSAPI/APP/H5/Native下单 of both modes.

mod amount;
mod detail;
mod payer;
mod scene;
mod subsidy;

use http::Method;
use serde::{Deserialize, Serialize};

pub use amount::{LimitPay, OrderAmount, SettleInfo};
pub use detail::{GoodsDetail, OrderDetail};
pub use payer::{DirectPayer, IdentityOnlyPayer, IdentityType, PartnerPayer, PayerIdentity};
pub use scene::{H5Info, H5Scene, H5Type, OrderScene, StoreInfo};
pub use subsidy::{SubsidyDetail, SubsidyInfo, SubsidyPeriodType, SubsidyPlan};

use super::{Endpoint, Idempotency, Path};
use crate::{
    crypto::EncryptError,
    macros::setters,
    types::{Appid, DateTime, Mchid, OutTradeNo, PrepayId, SensitiveFields, SensitiveVisitor},
};

/// Answer of JSAPI and APP orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrepayIdResponse {
    /// The session, valid for two hours.
    pub prepay_id: PrepayId,
}

/// Answer of H5 orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct H5UrlResponse {
    /// The page to navigate to, valid for five minutes; see
    /// [`h5_url_with_redirect`](crate::sign::h5_url_with_redirect).
    pub h5_url: String,
}

/// Answer of Native orders.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeUrlResponse {
    /// The text to show as a QR code, unchanged; valid for two hours and dead once the order is placed again.
    pub code_url: String,
}

/// Writes one prepay request: the ids of its mode, the fields all eight share, and what its scene adds.
macro_rules! prepay {
    (
        $(#[$meta:meta])*
        pub struct $name:ident -> $response:ty, $path:literal {
            ids { $( $(#[$id_meta:meta])* $id:ident: $id_type:ty, )+ }
            optional_ids { $( $(#[$optional_id_meta:meta])* $optional_id:ident: $optional_id_type:ty, )* }
            required { $( $(#[$required_meta:meta])* $required:ident: $required_type:ty, )* }
            optional { $( $(#[$optional_meta:meta])* $optional:ident: $optional_type:ty, )* }
        }
    ) => {
        $(#[$meta])*
        #[doc = concat!("\n\n`POST ", $path, "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$id_meta])* pub $id: $id_type, )+
            $(
                $(#[$optional_id_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional_id: Option<$optional_id_type>,
            )*
            /// What is bought, as the payer's bill shows it: up to 127 characters.
            pub description: String,
            /// The merchant's order number.
            pub out_trade_no: OutTradeNo,
            /// Last instant at which it can be paid; seven days when left out.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub time_expire: Option<DateTime>,
            /// Given back in query, notification and bill: up to 128 characters.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub attach: Option<String>,
            /// Where the notification goes: absolute, public, without a query; up to 255 characters.
            pub notify_url: String,
            /// Marker for coupons, up to 32 characters.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub goods_tag: Option<String>,
            /// Ways of paying that are forbidden or demanded.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub limit_pay: Option<Vec<LimitPay>>,
            /// Whether the payer's message offers an e-invoice.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub support_fapiao: Option<bool>,
            /// How the money is settled.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub settle_info: Option<SettleInfo>,
            /// What it costs.
            pub amount: OrderAmount,
            /// What is sold.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub detail: Option<OrderDetail>,
            $( $(#[$required_meta])* pub $required: $required_type, )*
            $(
                $(#[$optional_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_type>,
            )*
        }

        impl $name {
            /// An order with what every order must have.
            pub fn new(
                $( $id: $id_type, )+
                description: impl Into<String>,
                out_trade_no: OutTradeNo,
                notify_url: impl Into<String>,
                amount: impl Into<OrderAmount>,
                $( $required: $required_type, )*
            ) -> Self {
                Self {
                    $( $id, )+
                    $( $optional_id: None, )*
                    description: description.into(),
                    out_trade_no,
                    time_expire: None,
                    attach: None,
                    notify_url: notify_url.into(),
                    goods_tag: None,
                    limit_pay: None,
                    support_fapiao: None,
                    settle_info: None,
                    amount: amount.into(),
                    detail: None,
                    $( $required, )*
                    $( $optional: None, )*
                }
            }

            setters! {
                $( $(#[$optional_id_meta])* $optional_id: $optional_id_type, )*
                /// Last instant at which it can be paid.
                time_expire: DateTime,
                /// Given back in query, notification and bill.
                attach: String,
                /// Marker for coupons.
                goods_tag: String,
                /// Ways of paying that are forbidden or demanded.
                limit_pay: Vec<LimitPay>,
                /// Whether the payer's message offers an e-invoice.
                support_fapiao: bool,
                /// How the money is settled.
                settle_info: SettleInfo,
                /// What is sold.
                detail: OrderDetail,
                $( $(#[$optional_meta])* $optional: $optional_type, )*
            }
        }

        impl Endpoint for $name {
            const METHOD: Method = Method::POST;
            const TEMPLATE: &'static str = $path;
            const SENSITIVE: bool = true;
            type Body<'a> = &'a Self;
            type Response = $response;

            fn path(&self) -> Path {
                Path::new($path)
            }

            fn body(&self) -> Option<&Self> {
                Some(self)
            }

            fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
                self.payer.visit_sensitive(f)
            }

            /// By `out_trade_no`: the same order again gives a fresh session of it.
            fn idempotency(&self) -> Idempotency {
                Idempotency::ByNumber
            }
        }
    };
}

/// The same for both modes: expands to the four scenes with the ids of one mode.
macro_rules! prepay_family {
    (
        $mode:literal, $payer:ty,
        ids $ids:tt
        optional_ids $optional_ids:tt
        jsapi $jsapi:ident $jsapi_path:literal
        app $app:ident $app_path:literal
        h5 $h5:ident $h5_path:literal
        native $native:ident $native_path:literal
    ) => {
        prepay_family! { @scene
            #[doc = concat!("Orders for a page or mini program inside WeChat (JSAPI下单), ", $mode, ".")]
            $jsapi -> PrepayIdResponse, $jsapi_path, $ids, $optional_ids,
            {
                /// The payer.
                payer: $payer,
            }
            {
                /// The place where the order is made.
                scene_info: OrderScene,
                /// Subsidies for instalments.
                subsidy_info: SubsidyInfo,
            }
        }
        prepay_family! { @scene
            #[doc = concat!("Orders for an app (APP下单), ", $mode, ".")]
            $app -> PrepayIdResponse, $app_path, $ids, $optional_ids, {}
            {
                /// Real-name restriction.
                payer: IdentityOnlyPayer,
                /// The place where the order is made.
                scene_info: OrderScene,
                /// Subsidies for instalments.
                subsidy_info: SubsidyInfo,
            }
        }
        prepay_family! { @scene
            #[doc = concat!("Orders for a mobile browser outside WeChat (H5下单), ", $mode, ".")]
            $h5 -> H5UrlResponse, $h5_path, $ids, $optional_ids,
            {
                /// The place where the order is made.
                scene_info: H5Scene,
            }
            {
                /// Real-name restriction.
                payer: IdentityOnlyPayer,
            }
        }
        prepay_family! { @scene
            #[doc = concat!("Orders that are paid by scanning a code (Native下单), ", $mode, ".")]
            $native -> CodeUrlResponse, $native_path, $ids, $optional_ids, {}
            {
                /// Real-name restriction.
                payer: IdentityOnlyPayer,
                /// The place where the order is made.
                scene_info: OrderScene,
            }
        }
    };
    (@scene
        $(#[$meta:meta])*
        $name:ident -> $response:ty, $path:literal, $ids:tt, $optional_ids:tt, $required:tt $optional:tt
    ) => {
        prepay! {
            $(#[$meta])*
            pub struct $name -> $response, $path {
                ids $ids
                optional_ids $optional_ids
                required $required
                optional $optional
            }
        }
    };
}

prepay_family! {
    "by a direct merchant", DirectPayer,
    ids {
        /// The merchant's app.
        appid: Appid,
        /// The merchant.
        mchid: Mchid,
    }
    optional_ids {}
    jsapi JsapiPrepay "/v3/pay/transactions/jsapi"
    app AppPrepay "/v3/pay/transactions/app"
    h5 H5Prepay "/v3/pay/transactions/h5"
    native NativePrepay "/v3/pay/transactions/native"
}

prepay_family! {
    "by a service provider for a sub-merchant", PartnerPayer,
    ids {
        /// The provider's app.
        sp_appid: Appid,
        /// The provider, who signs.
        sp_mchid: Mchid,
        /// The sub-merchant, who is paid.
        sub_mchid: Mchid,
    }
    optional_ids {
        /// The sub-merchant's app; needed with `sub_openid`. Leave it out when it equals `sp_appid`.
        sub_appid: Appid,
    }
    jsapi PartnerJsapiPrepay "/v3/pay/partner/transactions/jsapi"
    app PartnerAppPrepay "/v3/pay/partner/transactions/app"
    h5 PartnerH5Prepay "/v3/pay/partner/transactions/h5"
    native PartnerNativePrepay "/v3/pay/partner/transactions/native"
}
