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
mod response;
mod scene;
mod subsidy;

pub use amount::{LimitPay, OrderAmount, SettleInfo};
pub use app::{AppPrepay, PartnerAppPrepay};
pub use detail::{GoodsDetail, OrderDetail};
pub use h5::{H5Prepay, PartnerH5Prepay};
pub use jsapi::{JsapiPrepay, PartnerJsapiPrepay};
pub use native::{NativePrepay, PartnerNativePrepay};
pub use payer::{DirectPayer, IdentityOnlyPayer, IdentityType, PartnerPayer, PayerIdentity};
pub use response::{CodeUrlResponse, H5UrlResponse, PrepayIdResponse};
pub use scene::{H5Info, H5Scene, H5Type, OrderScene, StoreInfo};
pub use subsidy::{SubsidyDetail, SubsidyInfo, SubsidyPeriodType, SubsidyPlan};
