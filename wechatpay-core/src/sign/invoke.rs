//! Parameters that a client needs to open the payment sheet (调起支付).
//!
//! Spelling and signed text differ by scene. The fields here serialise to the exact names that each client expects.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::types::{Appid, Mchid, PrepayId};

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Parameters of `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` for a page inside WeChat.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JsapiParameters {
    /// The app that opens the payment sheet.
    pub app_id: Appid,
    /// Unix seconds, as a string.
    pub time_stamp: String,
    /// Random string.
    pub nonce_str: String,
    /// `prepay_id=…`.
    pub package: String,
    /// Always `RSA`. Not signed.
    pub sign_type: &'static str,
    /// The signature in base64.
    pub pay_sign: String,
}

/// Parameters of `wx.requestPayment` in a mini program: [`JsapiParameters`] without `appId`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MiniProgramParameters {
    /// Unix seconds, as a string.
    pub time_stamp: String,
    /// Random string.
    pub nonce_str: String,
    /// `prepay_id=…`.
    pub package: String,
    /// Always `RSA`. Not signed.
    pub sign_type: &'static str,
    /// The signature in base64.
    pub pay_sign: String,
}

/// Fields of the OpenSDK's `PayReq` for an app.
///
/// The names are lower case here. Android calls some of them `packageValue`, `appId`, `partnerId`, `prepayId`,
/// `nonceStr` and `timeStamp`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppParameters {
    /// The app that opens the payment sheet.
    pub appid: Appid,
    /// The merchant. Not signed.
    pub partnerid: Mchid,
    /// The prepay id.
    pub prepayid: PrepayId,
    /// Always `Sign=WXPay`. Not signed.
    pub package: &'static str,
    /// Random string.
    pub noncestr: String,
    /// Unix seconds, as a string.
    pub timestamp: String,
    /// The signature in base64.
    pub sign: String,
}

/// Implements `Debug` without nonce and signature, which would open the payment sheet.
macro_rules! debug_without_signature {
    ($($name:ident { $($field:ident),+ })+) => {
        $(
            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name))
                        $( .field(stringify!($field), &self.$field) )+
                        .finish_non_exhaustive()
                }
            }
        )+
    };
}

debug_without_signature! {
    JsapiParameters { app_id, time_stamp, package }
    MiniProgramParameters { time_stamp, package }
    AppParameters { appid, partnerid, prepayid, timestamp }
}

/// Error: an `h5_url` or return page is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRedirect {
    /// The return page is not an absolute http(s) URL.
    #[error("the return page must be an absolute http or https URL")]
    NotAbsolute,
    /// The `h5_url` is not an http(s) URL without a fragment.
    #[error("h5_url must be an http or https URL without a fragment")]
    H5Url,
}

/// Appends the page to which the payer returns to an `h5_url` (H5 payment, redirect_url).
///
/// It appends `&redirect_url=` and the percent-encoded absolute URL. The payer may return before the payment is known,
/// so show them a button and query the order when they press it.
///
/// ```
/// # use wechatpay_core::sign::h5_url_with_redirect;
/// let url = h5_url_with_redirect(
///     "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2",
///     "https://shop.example/orders/1?paid=maybe",
/// )?;
/// assert!(url.ends_with("&package=2&redirect_url=https%3A%2F%2Fshop.example%2Forders%2F1%3Fpaid%3Dmaybe"));
/// # Ok::<(), wechatpay_core::sign::InvalidRedirect>(())
/// ```
///
/// # Errors
/// Returns an error if the return page is not absolute or the `h5_url` has a fragment.
pub fn h5_url_with_redirect(h5_url: &str, redirect_url: &str) -> Result<String, InvalidRedirect> {
    let absolute = |url: &str| {
        url.strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))
            .is_some_and(|rest| !rest.is_empty())
    };
    if !absolute(redirect_url) {
        return Err(InvalidRedirect::NotAbsolute);
    }
    if !absolute(h5_url) || h5_url.contains('#') {
        return Err(InvalidRedirect::H5Url);
    }
    let separator = if h5_url.contains('?') { '&' } else { '?' };
    let redirect_url = utf8_percent_encode(redirect_url, RESERVED);
    Ok(format!("{h5_url}{separator}redirect_url={redirect_url}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_return_page_is_encoded_whole() {
        let url = h5_url_with_redirect(
            "https://wx.tenpay.com/x?prepay_id=1",
            "https://店.example/订单?a=1&b=2",
        )
        .unwrap();
        assert_eq!(
            url,
            "https://wx.tenpay.com/x?prepay_id=1&redirect_url=https%3A%2F%2F%E5%BA%97.example%2F%E8%AE%A2%E5%8D%95%3Fa%3D1%26b%3D2"
        );
        assert_eq!(
            h5_url_with_redirect("https://x/y?z", "/orders"),
            Err(InvalidRedirect::NotAbsolute)
        );
        assert_eq!(
            h5_url_with_redirect("https://x/y#z", "https://a/"),
            Err(InvalidRedirect::H5Url)
        );
    }
}
