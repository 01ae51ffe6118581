//! Openid of a payer by web authorisation.

use wechatpay_axum::{
    WechatPay,
    openid::{OpenidClient, State},
    types::Openid,
};

use crate::shop::BoxError;

/// Builds the client with the AppSecret of the app in the settings.
///
/// # Errors
/// The settings have no app.
pub fn client(wechatpay: &WechatPay, app_secret: String) -> Result<OpenidClient, BoxError> {
    let client = OpenidClient::new(wechatpay.settings(), app_secret)?;
    Ok(client)
}

/// Returns the state for the cookie and the address to which the page redirects.
///
/// # Errors
/// WeChat would not redirect to the callback.
pub fn authorise(client: &OpenidClient) -> Result<(State, String), BoxError> {
    let state = State::random()?;
    let url = client.authorize_url("https://shop.example/callback", &state)?;
    Ok((state, url))
}

/// Takes the visitor back, and returns their openid.
///
/// # Errors
/// Another browser began this, or the exchange failed.
pub async fn callback(
    client: &OpenidClient,
    cookie: Option<&str>,
    returned: Option<&str>,
    code: &str,
) -> Result<Openid, BoxError> {
    if !State::is_returned(cookie, returned) {
        return Err("another browser began this".into());
    }
    match client.exchange(code).await {
        Ok(login) => Ok(login.openid),
        // Redirect to `authorize_url` once more, with a new state.
        Err(error) if error.needs_new_code() => Err(error.into()),
        // Wrong settings, or no connection.
        Err(error) => Err(error.into()),
    }
}
