//! Responses to orders.

use wechatpay_macros::Response;

use crate::types::PrepayId;

/// Response to JSAPI and APP orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PrepayIdResponse {
    /// Session id, valid for two hours.
    pub prepay_id: PrepayId,
}

/// Response to H5 orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct H5UrlResponse {
    /// URL to navigate to, valid for five minutes.
    ///
    /// See [`h5_url_with_redirect`](crate::sign::h5_url_with_redirect).
    pub h5_url: String,
}

/// Response to Native orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CodeUrlResponse {
    /// Text to show as a QR code, unchanged; valid for two hours.
    ///
    /// It becomes invalid when the order is placed again.
    pub code_url: String,
}
