//! Typed client: takes an [`Endpoint`](wechatpay_core::api::Endpoint) and returns its verified response.
//!
//! ```text
//! Client::call ─ deadline ─ retry ─ Failover ─ VerifyResponse ─ Sign ─ transport
//! ```

mod api_error;
mod builder;
mod certificates;
#[expect(clippy::module_inception, reason = "the module is named after its type")]
mod client;
mod error;

pub use api_error::ApiError;
pub use builder::ClientBuilder;
pub use certificates::HttpCertificateSource;
pub use client::Client;
#[cfg(any(feature = "hyper", feature = "openid"))]
pub(crate) use error::Chain;
pub use error::{Attempts, CallError, Outcome, UnknownCause};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use tower::util::BoxCloneSyncService;
use wechatpay_core::BoxError;

use crate::{Error, RequestBody};

/// Type-erased stack of layers.
pub(crate) type Erased =
    BoxCloneSyncService<Request<RequestBody>, Response<UnsyncBoxBody<Bytes, BoxError>>, Error>;
