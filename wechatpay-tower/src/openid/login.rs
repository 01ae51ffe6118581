//! Responses to an exchange.

use serde::Deserialize;
use wechatpay_core::types::{Openid, Redacted, SecretText};

/// Visitor of a page, known by web authorisation.
///
/// The access token of the response is dropped: the scope `snsapi_base` gives nothing else with it.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct WebLogin {
    /// The visitor under the official account's appid.
    pub openid: Openid,
    /// The visitor under all apps of one account of the open platform (开放平台).
    #[serde(default)]
    pub unionid: Option<Redacted>,
    /// `true` for the virtual account of a snapshot page (快照页).
    ///
    /// Its openid is nobody's, so it cannot pay. Ask the visitor to press 使用完整服务, and authorise again.
    #[serde(default, rename = "is_snapshotuser", deserialize_with = "is_one")]
    pub is_snapshot: bool,
}

/// User of a mini program, known by `wx.login`.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct MiniProgramLogin {
    /// The user under the mini program's appid.
    pub openid: Openid,
    /// The user under all apps of one account of the open platform (开放平台).
    #[serde(default)]
    pub unionid: Option<Redacted>,
    /// Key of the user's encrypted data. Never send it to the mini program.
    pub session_key: SecretText,
}

/// Reads a flag that is the number 1 or absent.
fn is_one<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == 1 || value == "1" || value == true)
}
