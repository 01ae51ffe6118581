//! Responses of the gateway, before they are signed and put into headers.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{Refusal, codes, refusal::Style};
use crate::faults::{self, Fault};

/// Responses of the gateway.
#[derive(Debug)]
pub(crate) enum Answer {
    /// 200 with JSON.
    Json(Bytes),
    /// 204.
    Empty,
    /// 200 with a file, unsigned.
    File {
        content: Bytes,
        content_type: &'static str,
    },
    /// An error.
    Refused(Refusal),
    /// A proxy's response in front of the gateway: HTML, unsigned.
    Proxy(StatusCode),
    /// 302 to another host, unsigned.
    Elsewhere(&'static str),
    /// The response of a stub.
    Stub(Stubbed),
}

impl Answer {
    /// 200 with this JSON.
    pub(super) fn json(value: &Value) -> Self {
        Self::Json(value.to_string().into())
    }

    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Json(_) | Self::File { .. } => StatusCode::OK,
            Self::Empty => StatusCode::NO_CONTENT,
            Self::Refused(refusal) => {
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Proxy(status) => *status,
            Self::Elsewhere(_) => StatusCode::FOUND,
            Self::Stub(stubbed) => stubbed.status,
        }
    }

    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Json(_)
            | Self::Empty
            | Self::File { .. }
            | Self::Proxy(_)
            | Self::Elsewhere(_)
            | Self::Stub(_) => None,
        }
    }

    /// The code of an error.
    pub(super) fn code(&self) -> Option<String> {
        match self {
            Self::Stub(stubbed) => stubbed.code(),
            answer => answer.refusal().map(|refusal| refusal.word().to_owned()),
        }
    }

    /// The number behind the last `-` of `Request-ID`.
    pub(super) fn number(&self) -> u64 {
        match self {
            Self::Refused(refusal) => refusal.number(),
            Self::Stub(stubbed) if !stubbed.status.is_success() => codes::UNSPECIFIED,
            _ => 0,
        }
    }

    pub(super) fn is_success(&self) -> bool {
        self.status().is_success()
    }

    /// Spoils what it says, if it is JSON.
    pub(super) fn spoil(&mut self, fault: Fault) {
        let body = match self {
            Self::Json(body) => body,
            Self::Stub(stubbed) if stubbed.is_signed => &mut stubbed.body,
            _ => return,
        };
        if let Ok(mut json) = serde_json::from_slice::<Value>(body) {
            faults::spoil(fault, &mut json);
            *body = json.to_string().into();
        }
    }

    pub(super) fn is_signed(&self) -> bool {
        match self {
            Self::Json(_) | Self::Empty => true,
            Self::Refused(refusal) => refusal.is_signed(),
            Self::Stub(stubbed) => stubbed.is_signed,
            Self::File { .. } | Self::Proxy(_) | Self::Elsewhere(_) => false,
        }
    }

    pub(super) fn body(&self, style: Style) -> Bytes {
        match self {
            Self::Json(body) => body.clone(),
            Self::File { content, .. } => content.clone(),
            Self::Stub(stubbed) => stubbed.body.clone(),
            Self::Empty | Self::Elsewhere(_) => Bytes::new(),
            Self::Refused(refusal) => refusal.body(style),
            Self::Proxy(status) => format!("<html><head><title>{status}</title></head></html>\n").into(),
        }
    }
}

/// The response of a stub.
#[derive(Debug)]
pub(crate) struct Stubbed {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_signed: bool,
    pub(crate) delay: Duration,
}

impl Stubbed {
    pub(crate) fn json(&self) -> Option<Value> {
        self.is_signed
            .then(|| serde_json::from_slice(&self.body).ok())
            .flatten()
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> Option<String> {
        let json = self.json().filter(|_| !self.status.is_success())?;
        Some(json.get("code")?.as_str()?.to_owned())
    }
}
