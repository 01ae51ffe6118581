//! Client of the authorisation page and of the exchange.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use http_body::Body;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use serde::de::DeserializeOwned;
use tower::{ServiceExt as _, util::BoxCloneSyncService};
use tower_service::Service;
use wechatpay_core::{
    BoxError, ConfigError, Settings,
    api::{ErrorBody, Path},
    types::{Appid, SecretText},
};

use super::{MiniProgramLogin, OpenidError, RedirectError, State, WebLogin};
use crate::{
    Error, MaybeBuffered, RequestBody,
    buffer::{Buffer, BufferError},
    client::Chain,
    failover::Base,
};

/// Host of the authorisation page.
const PAGES: &str = "https://open.weixin.qq.com";
/// Host of the exchange.
const API: &str = "https://api.weixin.qq.com";
/// Default deadline of an exchange.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// Limit of a response, in bytes.
const MAX_BODY: usize = 64 * 1024;
/// Length of the longest code that is sent, in bytes.
const MAX_CODE: usize = 512;

/// Response of the type-erased transport.
type Received = Response<UnsyncBoxBody<Bytes, BoxError>>;

/// Client that finds the openid of a visitor, for one app. Cheap to clone.
///
/// It signs nothing: the app proves itself by its AppSecret. See the [module](super) for the flow.
#[derive(Clone)]
pub struct OpenidClient {
    service: BoxCloneSyncService<Request<MaybeBuffered<RequestBody>>, Received, BoxError>,
    appid: Appid,
    app_secret: SecretText,
    pages: Base,
    api: Base,
    timeout: Duration,
}

impl OpenidClient {
    /// Builds the client over the [hyper transport](crate::hyper::HyperTransport).
    ///
    /// The app is that of the settings. If their gateway is on this machine, it is a sandbox, and the sandbox plays
    /// the authorisation page and the exchange too.
    ///
    /// # Errors
    /// Returns an error if the settings have no app, or there is no TLS backend.
    #[cfg(feature = "hyper")]
    pub fn new(settings: &Settings, app_secret: impl Into<SecretText>) -> Result<Self, ConfigError> {
        let transport =
            crate::hyper::HyperTransport::new().map_err(|_| ConfigError::Missing("a TLS backend"))?;
        Self::with_transport(settings, app_secret, transport)
    }

    /// Builds the client over any tower service of `http` requests.
    ///
    /// The transport must not follow redirects and not decompress.
    ///
    /// # Errors
    /// Returns an error if the settings have no app.
    pub fn with_transport<S, B>(
        settings: &Settings,
        app_secret: impl Into<SecretText>,
        transport: S,
    ) -> Result<Self, ConfigError>
    where
        S: Service<Request<MaybeBuffered<RequestBody>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let gateway = Base::parse(&settings.base_url)?;
        let base = |platform| {
            if gateway.is_loopback() {
                Ok(gateway.clone())
            } else {
                Base::parse(platform)
            }
        };
        let service = transport
            .map_err(Into::into)
            .map_response(|response: Response<B>| {
                response.map(|body| body.map_err(Into::into).boxed_unsync())
            });
        Ok(Self {
            service: BoxCloneSyncService::new(service),
            appid: settings.appid.clone().ok_or(ConfigError::Missing("an appid"))?,
            app_secret: app_secret.into(),
            pages: base(PAGES)?,
            api: base(API)?,
            timeout: DEFAULT_TIMEOUT,
        })
    }

    /// Sets another app than that of the settings.
    ///
    /// For instance the mini program, or the sub-merchant's account. The AppSecret must be that of this app.
    #[must_use]
    pub fn appid(mut self, appid: Appid) -> Self {
        self.appid = appid;
        self
    }

    /// Sets the deadline of an exchange. Default: 10 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets scheme and host of the authorisation page and of the exchange.
    ///
    /// For a proxy or a remote sandbox.
    ///
    /// Default: `https://open.weixin.qq.com` and `https://api.weixin.qq.com`.
    ///
    /// # Errors
    /// Returns an error if one has more than scheme and host, or less, or is plain `http` and not loopback.
    pub fn base_urls(mut self, pages: &str, api: &str) -> Result<Self, ConfigError> {
        self.pages = base(pages)?;
        self.api = base(api)?;
        Ok(self)
    }

    /// Returns the address of the authorisation page, to which the callback's page redirects.
    ///
    /// Give it whole to a 302 or to `location`: WeChat needs its parameters in this order, and its fragment.
    ///
    /// # Errors
    /// Returns an error for a `redirect_uri` to which WeChat would not redirect.
    pub fn authorize_url(&self, redirect_uri: &str, state: &State) -> Result<String, RedirectError> {
        check_redirect(redirect_uri, self.pages.is_loopback())?;
        let path = Path::new("/connect/oauth2/authorize")
            .query("appid", self.appid.as_str())
            .query("redirect_uri", redirect_uri)
            .query("response_type", "code")
            .query("scope", "snsapi_base")
            .query("state", state.as_str());
        Ok(format!("{}{}#wechat_redirect", self.pages, path.as_str()))
    }

    /// Exchanges the code of the callback for the visitor's openid. Sends it once.
    ///
    /// # Errors
    /// See [`OpenidError`]: [`needs_new_code`](OpenidError::needs_new_code) tells whether to authorise again.
    ///
    /// # Cancel safety
    /// The code may be used up once the future was polled.
    pub async fn exchange(&self, code: &str) -> Result<WebLogin, OpenidError> {
        self.send("/sns/oauth2/access_token", "code", code).await
    }

    /// Exchanges the code of `wx.login` for the openid of a mini program's user.
    ///
    /// Sends the code once.
    ///
    /// # Errors
    /// See [`OpenidError`]: [`needs_new_code`](OpenidError::needs_new_code) tells whether to call `wx.login` again.
    ///
    /// # Cancel safety
    /// The code may be used up once the future was polled.
    pub async fn exchange_mini_program(&self, js_code: &str) -> Result<MiniProgramLogin, OpenidError> {
        self.send("/sns/jscode2session", "js_code", js_code).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        parameter: &str,
        code: &str,
    ) -> Result<T, OpenidError> {
        if code.is_empty() || code.len() > MAX_CODE || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(OpenidError::InvalidCode);
        }
        let path = Path::new(path)
            .query("appid", self.appid.as_str())
            .query("secret", self.app_secret.expose())
            .query(parameter, code)
            .query("grant_type", "authorization_code");
        let request = Request::get(format!("{}{}", self.api, path.as_str()))
            .body(MaybeBuffered::default())
            .map_err(|_| OpenidError::InvalidCode)?;
        let hide = |error: BoxError| {
            let text = Chain(error.as_ref()).to_string();
            let text = text.replace(path.as_str(), "…").replace(code, "…");
            text.replace(self.app_secret.expose(), "…")
        };
        let received = async {
            let response = match self.service.clone().oneshot(request).await {
                Ok(response) => response,
                Err(error) => {
                    let error = Error::from_inner(error);
                    let is_not_sent = error.is_not_sent();
                    let text = hide(error.into());
                    return Err(if is_not_sent {
                        OpenidError::NotSent(text)
                    } else {
                        OpenidError::Lost(text)
                    });
                }
            };
            let (parts, body) = response.into_parts();
            match Buffer::new(body, MAX_BODY).await {
                Ok(body) => Ok((parts.status, body)),
                Err(BufferError::Failed(error)) => {
                    Err(OpenidError::Lost(hide(Error::ResponseBody(error).into())))
                }
                Err(BufferError::TooLarge) => Err(OpenidError::Unreadable(parts.status)),
            }
        };
        match tokio::time::timeout(self.timeout, received).await {
            Ok(received) => received.and_then(|(status, body)| read(status, &body)),
            Err(_) => Err(OpenidError::Timeout(self.timeout)),
        }
    }
}

/// Reads a response: the login, else the refusal.
///
/// A login may carry the `errcode` 0. A refusal comes with 200 too.
fn read<T: DeserializeOwned>(status: StatusCode, body: &[u8]) -> Result<T, OpenidError> {
    let refusal = ErrorBody::read(body);
    if !matches!(refusal.code.as_str(), "" | "0") {
        return Err(OpenidError::Refused(refusal));
    }
    // The message of serde could quote the openid.
    let login = serde_json::from_slice(body).ok();
    login
        .filter(|_| status.is_success())
        .ok_or(OpenidError::Unreadable(status))
}

/// Scheme and host to which a secret may be sent.
fn base(url: &str) -> Result<Base, ConfigError> {
    let base = Base::parse(url)?;
    if base.is_private() {
        Ok(base)
    } else {
        Err(ConfigError::Missing("https (plain http is for loopback only)"))
    }
}

/// Refuses an address to which WeChat would not redirect.
fn check_redirect(redirect_uri: &str, may_have_port: bool) -> Result<(), RedirectError> {
    let uri: Uri = redirect_uri.parse().map_err(|_| RedirectError::NotAbsolute)?;
    let authority = uri
        .authority()
        .filter(|_| matches!(uri.scheme_str(), Some("http" | "https")));
    let authority = authority.ok_or(RedirectError::NotAbsolute)?;
    if authority.host().is_empty() {
        Err(RedirectError::NotAbsolute)
    } else if authority.as_str().contains('@') {
        Err(RedirectError::UserName)
    } else if authority.as_str() != authority.host() && !may_have_port {
        Err(RedirectError::Port)
    } else {
        Ok(())
    }
}

impl fmt::Debug for OpenidClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenidClient")
            .field("appid", &self.appid)
            .field("pages", &self.pages)
            .field("api", &self.api)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
