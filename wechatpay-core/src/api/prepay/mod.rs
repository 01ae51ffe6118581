//! Ordering (下单): JSAPI, APP, H5 and Native, for direct merchants and for partners.
//!
//! Eight requests, one type each, so that a scene cannot miss what it needs: JSAPI asks for the payer, H5 for the scene.
//! Repeating a request with the same number and *identical* parameters renews the prepay id; any difference is refused.
//!
//! Pages: JSAPI/APP/H5/Native下单 of both modes.

mod amount;
mod app;
mod detail;
mod h5;
mod jsapi;
mod native;
mod payer;
mod scene;
mod subsidy;

use wechatpay_macros::Response;

pub use amount::{LimitPay, OrderAmount, SettleInfo};
pub use app::{AppPrepay, PartnerAppPrepay};
pub use detail::{GoodsDetail, OrderDetail};
pub use h5::{H5Prepay, PartnerH5Prepay};
pub use jsapi::{JsapiPrepay, PartnerJsapiPrepay};
pub use native::{NativePrepay, PartnerNativePrepay};
pub use payer::{DirectPayer, IdentityOnlyPayer, IdentityType, PartnerPayer, PayerIdentity};
pub use scene::{H5Info, H5Scene, H5Type, OrderScene, StoreInfo};
pub use subsidy::{SubsidyDetail, SubsidyInfo, SubsidyPeriodType, SubsidyPlan};

use crate::types::PrepayId;

/// Answer of JSAPI and APP orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PrepayIdResponse {
    /// The session, valid for two hours.
    pub prepay_id: PrepayId,
}

/// Answer of H5 orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct H5UrlResponse {
    /// The page to navigate to, valid for five minutes; see
    /// [`h5_url_with_redirect`](crate::sign::h5_url_with_redirect).
    pub h5_url: String,
}

/// Answer of Native orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CodeUrlResponse {
    /// The text to show as a QR code, unchanged; valid for two hours and dead once the order is placed again.
    pub code_url: String,
}
