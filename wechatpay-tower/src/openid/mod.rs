//! Openid of a payer, for JSAPI and mini programs (feature `openid`).
//!
//! A JSAPI order names its payer by an openid, which an official account gets by web authorisation (网页授权) and a
//! mini program by `wx.login`:
//!
//! 1. The page redirects to [`authorize_url`](OpenidClient::authorize_url). For `snsapi_base` WeChat shows nothing and
//!    redirects back to `redirect_uri?code=…&state=…`.
//! 2. The server compares [`State`] with the visitor's cookie, and [`exchange`](OpenidClient::exchange)s the code for
//!    the openid. A mini program sends its code, and [`exchange_mini_program`](OpenidClient::exchange_mini_program)
//!    takes it.
//! 3. The order is placed with the openid, under the same appid.
//!
//! The openid belongs to this appid only. Keep it in the visitor's session: a code works once, for five minutes.
//!
//! # Errors of the authorisation page
//!
//! WeChat shows these to the visitor. The application is not told.
//!
//! | Code | Cause | Cure |
//! |---|---|---|
//! | 10003 | the host of `redirect_uri` is not the 网页授权域名 of the account, or `redirect_uri` has a port | console of the official account (公众号): 设置与开发 → 账号设置 → 功能设置 → 网页授权域名; the bare host, without scheme, port and path. `www.` and other subdomains are hosts of their own |
//! | 10005 | the account may not use this scope | only a verified service account (已认证的服务号) may; a subscription account (订阅号) or the appid of a mini program, app or website may not |
//! | 10004 | the account is banned | the console names the reason |
//! | 10006 | a test account (测试号), and the visitor does not follow it | follow it |
//! | 10009 | too many authorisations | later |
//! | 10010, 10011, 10012, 10013 | scope, redirect_uri, appid or state is empty | take the URL from [`authorize_url`](OpenidClient::authorize_url), the fragment included |
//! | 10015 | the account has not authorised the third-party platform (第三方平台) | the console of the platform |
//! | 10016 | the appid of an app or website | the appid of the official account |
//!
//! `authorize_url` refuses what can be told in advance: an address without scheme and host, with a user name, or with
//! a port.
//!
//! # Secrets
//!
//! The AppSecret is part of the exchange's query, so do not log the URIs of the transport. The errors of this module
//! contain neither secret, code nor openid.
//!
//! # Examples
//! ```no_run
//! # #[cfg(feature = "hyper")]
//! # async fn start(cookie: Option<&str>, code: &str, returned: Option<&str>) -> Result<(), Box<dyn std::error::Error>> {
//! use wechatpay_tower::{WechatPay, openid::{OpenidClient, State}};
//!
//! let wechatpay = WechatPay::from_env()?;
//! let client = OpenidClient::new(wechatpay.settings(), std::env::var("APP_SECRET")?)?;
//!
//! // The page: keep the state in a cookie, and redirect.
//! let state = State::random()?;
//! let url = client.authorize_url("https://shop.example/callback", &state)?;
//!
//! // The callback: the same browser, then the openid.
//! if State::is_returned(cookie, returned) {
//!     let openid = client.exchange(code).await?.openid;
//! }
//! # Ok(()) }
//! ```

mod client;
mod error;
mod login;
mod state;

pub use client::OpenidClient;
pub use error::{OpenidError, RedirectError};
pub use login::{MiniProgramLogin, WebLogin};
pub use state::State;
