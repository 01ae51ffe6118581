//! Why an operation failed, and the reply that says so.

use std::error::Error;

use serde::Serialize;
use wechatpay_core::{
    sign::{InvalidRedirect, SignError},
    types::{OutRefundNo, OutTradeNo},
};
use wechatpay_tower::CallError;

use crate::{
    number::NoNumber,
    refund::RefundRefused,
    reply::Reply,
    store::{ChangeError, StoreError},
};

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("{field} {problem}")]
    Bad {
        field: &'static str,
        problem: &'static str,
    },
    #[error("send JSON, with the content type application/json")]
    MediaType,
    #[error("there is no such order")]
    NoSuchOrder,
    #[error("the order is paid; refund it instead")]
    AlreadyPaid,
    #[error(transparent)]
    Refund(#[from] RefundRefused),
    #[error("the gateway did not do it")]
    Gateway {
        #[source]
        error: Box<CallError>,
        order: OutTradeNo,
        refund: Option<OutRefundNo>,
    },
    #[error("what the gateway tells of the payment is not what was ordered: {0}")]
    Contradiction(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the parameters for the client could not be signed")]
    Sign(#[from] SignError),
    #[error("the gateway's h5_url cannot be used")]
    H5Url(#[from] InvalidRedirect),
    #[error("the code could not be drawn")]
    QrCode(#[source] qrcode::types::QrError),
    #[error("no number could be made")]
    NoNumber(#[from] NoNumber),
}

/// JSON body of the gateway's rejection.
#[derive(Serialize)]
struct GatewayBody<'a> {
    code: &'a str,
    message: &'a str,
    request_id: Option<&'a str>,
    out_trade_no: &'a OutTradeNo,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_refund_no: Option<&'a OutRefundNo>,
}

impl ShopError {
    pub(crate) fn bad(field: &'static str, problem: &'static str) -> Self {
        Self::Bad { field, problem }
    }

    pub(crate) fn gateway(error: CallError, order: &OutTradeNo) -> Self {
        Self::Gateway {
            error: Box::new(error),
            order: order.clone(),
            refund: None,
        }
    }

    /// The reply. Causes stay in the log.
    pub(crate) fn into_reply(self) -> Reply {
        let (status, code) = match &self {
            Self::Bad { .. } => (400, "PARAM_ERROR"),
            Self::MediaType => (415, "MEDIA_TYPE"),
            Self::NoSuchOrder => (404, "ORDER_NOT_EXIST"),
            Self::AlreadyPaid => (409, "ORDER_PAID"),
            Self::Refund(RefundRefused::NotPaid) => (409, "ORDER_NOT_PAID"),
            Self::Refund(RefundRefused::TooMuch { .. }) => (400, "PARAM_ERROR"),
            Self::Gateway { error, order, refund } => return refused(error, order, refund.as_ref()),
            Self::Contradiction(_) => (502, "PAYMENT_CONTRADICTS_ORDER"),
            Self::Store(_) => (503, "STORE_UNAVAILABLE"),
            Self::H5Url(_) | Self::QrCode(_) => (502, "GATEWAY_ANSWER_UNUSABLE"),
            Self::Sign(_) | Self::NoNumber(_) => (500, "INTERNAL"),
        };
        if status >= 500 {
            tracing::error!(target: "shop", code, "{}", with_causes(&self));
        }
        Reply::error(status, code, &self.to_string())
    }
}

/// 502 with the gateway's own code and Request-ID, for a support request.
fn refused(error: &CallError, order: &OutTradeNo, refund: Option<&OutRefundNo>) -> Reply {
    let api = error.api();
    let (code, message) = match (api, error) {
        (Some(api), _) if !api.code().is_empty() => (api.code(), api.body().message.as_str()),
        (Some(_), _) => ("GATEWAY_ERROR", "the gateway refused without a reason"),
        (None, CallError::NotSent { .. }) => ("GATEWAY_UNREACHABLE", "the gateway cannot be reached"),
        (None, _) => (
            "OUTCOME_UNKNOWN",
            "the gateway's response is missing or not genuine; sync the order",
        ),
    };
    tracing::debug!(target: "shop", code, order = order.as_str(), "{}", with_causes(error));
    Reply::json(
        502,
        &GatewayBody {
            code,
            message,
            request_id: api.and_then(|api| Some(api.request_id()?.as_str())),
            out_trade_no: order,
            out_refund_no: refund,
        },
    )
}

impl<E: Into<Self>> From<ChangeError<E>> for ShopError {
    fn from(error: ChangeError<E>) -> Self {
        match error {
            ChangeError::UnknownOrder => Self::NoSuchOrder,
            ChangeError::Refused(error) => error.into(),
            ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<std::convert::Infallible> for ShopError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// An error and its causes in one line, each once.
///
/// Errors of some drivers repeat the text of their cause.
#[must_use]
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = cause.source();
    }
    text
}
