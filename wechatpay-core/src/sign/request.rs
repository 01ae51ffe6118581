//! Signer of one merchant.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::Method;
use zeroize::Zeroizing;

use super::{
    AppParameters, Authorization, JsapiParameters, MiniProgramParameters, NonceSource, SignError, SignFuture,
    Signer, SigningMessage, expiry::ExpiryWatch, signer::to_base64,
};
use crate::{
    base64,
    clock::Clock,
    crypto::DecryptError,
    types::{Appid, Mchid, PrepayId, Sensitive},
};

/// Signs requests and payment-sheet parameters for one merchant.
///
/// Cheap to clone. In partner mode the merchant is the service provider (`sp_mchid`), never the sub-merchant.
#[derive(Clone, Debug)]
pub struct RequestSigner {
    mchid: Mchid,
    signer: Arc<dyn Signer>,
    clock: Clock,
    nonces: NonceSource,
    expiry: ExpiryWatch,
}

impl RequestSigner {
    /// Creates a signer of the calling merchant and its private key.
    pub fn new(mchid: Mchid, signer: Arc<dyn Signer>) -> Self {
        Self {
            mchid,
            signer,
            clock: Clock::system(),
            nonces: NonceSource::system(),
            expiry: ExpiryWatch::new(),
        }
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the source of nonces. Defaults to the operating system.
    #[must_use]
    pub fn nonces(mut self, nonces: NonceSource) -> Self {
        self.nonces = nonces;
        self
    }

    /// Returns the calling merchant.
    #[must_use]
    pub fn mchid(&self) -> &Mchid {
        &self.mchid
    }

    /// Returns the signer that holds the private key.
    #[must_use]
    pub fn signer(&self) -> &Arc<dyn Signer> {
        &self.signer
    }

    /// Logs a warning if the merchant's certificate expires within 30 days.
    ///
    /// [`authorize`](Self::authorize) does so once a day.
    pub(crate) fn warn_before_expiry(&self) {
        self.expiry.look(self.signer.as_ref(), self.clock.now());
    }

    /// Decrypts a field that the platform encrypted for this merchant, such as a name.
    ///
    /// # Errors
    /// Returns an error if the field is plain text or encrypted for another key, or the signer cannot decrypt.
    pub fn decrypt(&self, field: &Sensitive) -> Result<Zeroizing<String>, DecryptError> {
        let ciphertext = field.as_cipher().ok_or(DecryptError)?;
        let ciphertext = base64::decode(ciphertext.as_bytes()).map_err(|_| DecryptError)?;
        let plain = self.signer.decrypt(&ciphertext)?;
        match std::str::from_utf8(&plain) {
            Ok(text) => Ok(Zeroizing::new(text.to_owned())),
            Err(_) => Err(DecryptError),
        }
    }

    /// Signs a request with a new nonce and timestamp.
    ///
    /// `path_and_query` must be exactly as sent, `body` exactly the bytes that are sent: for an upload the text of its
    /// `meta` part, for GET nothing.
    pub fn authorize(&self, method: &Method, path_and_query: &str, body: Bytes) -> Authorize {
        let now = self.clock.now();
        self.expiry.look(self.signer.as_ref(), now);
        let timestamp = now.to_string();
        let prepared = self.nonces.next().and_then(|nonce| {
            let message = SigningMessage::request(method.as_str(), path_and_query, &timestamp, &nonce, body)?;
            Ok((nonce, self.signer.sign(message)))
        });
        match prepared {
            Ok((nonce, signature)) => Authorize {
                signature,
                unsigned: Some(Authorization {
                    mchid: self.mchid.clone(),
                    nonce,
                    timestamp,
                    serial: self.signer.serial().clone(),
                    signature: String::new(),
                }),
            },
            Err(error) => Authorize {
                signature: SignFuture::ready(Err(error)),
                unsigned: None,
            },
        }
    }

    /// Signs the parameters of `WeixinJSBridge.invoke('getBrandWCPayRequest', …)` (JSAPI调起支付).
    ///
    /// `appid` is the app that opens the sheet: `sp_appid`, or `sub_appid` if the sub-merchant's app does.
    ///
    /// # Errors
    /// Returns the error of the signer.
    pub async fn jsapi(&self, appid: &Appid, prepay_id: &PrepayId) -> Result<JsapiParameters, SignError> {
        let package = format!("prepay_id={}", prepay_id.as_str());
        let (timestamp, nonce, signature) = self.invoke(appid, &package).await?;
        Ok(JsapiParameters {
            app_id: appid.clone(),
            time_stamp: timestamp,
            nonce_str: nonce,
            package,
            sign_type: "RSA",
            pay_sign: signature,
        })
    }

    /// Signs the parameters of `wx.requestPayment` in a mini program (小程序调起支付).
    ///
    /// # Errors
    /// Returns the error of the signer.
    pub async fn mini_program(
        &self,
        appid: &Appid,
        prepay_id: &PrepayId,
    ) -> Result<MiniProgramParameters, SignError> {
        let JsapiParameters {
            app_id: _,
            time_stamp,
            nonce_str,
            package,
            sign_type,
            pay_sign,
        } = self.jsapi(appid, prepay_id).await?;
        Ok(MiniProgramParameters {
            time_stamp,
            nonce_str,
            package,
            sign_type,
            pay_sign,
        })
    }

    /// Signs the fields of the OpenSDK's `PayReq` (APP调起支付).
    ///
    /// `partnerid` is the calling merchant. It is not signed and may be replaced afterwards.
    ///
    /// # Errors
    /// Returns the error of the signer.
    pub async fn app(&self, appid: &Appid, prepay_id: &PrepayId) -> Result<AppParameters, SignError> {
        let (timestamp, nonce, signature) = self.invoke(appid, prepay_id.as_str()).await?;
        Ok(AppParameters {
            appid: appid.clone(),
            partnerid: self.mchid.clone(),
            prepayid: prepay_id.clone(),
            package: "Sign=WXPay",
            noncestr: nonce,
            timestamp,
            sign: signature,
        })
    }

    async fn invoke(&self, appid: &Appid, package: &str) -> Result<(String, String, String), SignError> {
        let timestamp = self.clock.now().to_string();
        let nonce = self.nonces.next()?;
        let message = SigningMessage::invoke(appid.as_str(), &timestamp, &nonce, package)?;
        let signature = self.signer.sign(message).await?;
        Ok((timestamp, nonce, to_base64(&signature)))
    }
}

/// Future of [`RequestSigner::authorize`].
#[must_use = "a future does nothing until it is polled"]
pub struct Authorize {
    signature: SignFuture,
    unsigned: Option<Authorization>,
}

impl Future for Authorize {
    type Output = Result<Authorization, SignError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let signature = ready!(Pin::new(&mut self.signature).poll(cx))?;
        match self.unsigned.take() {
            Some(unsigned) => Poll::Ready(Ok(Authorization {
                signature: to_base64(&signature),
                ..unsigned
            })),
            None => crate::polled_after_completion(),
        }
    }
}

impl fmt::Debug for Authorize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorize").finish_non_exhaustive()
    }
}
