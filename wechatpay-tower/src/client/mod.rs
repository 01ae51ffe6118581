//! The typed client: an [`Endpoint`](wechatpay_core::api::Endpoint) goes in, its verified answer comes out.
//!
//! ```text
//! Client::call ─ deadline ─ retry ─ Failover ─ VerifyResponse ─ Sign ─ transport
//! ```

mod api_error;
mod builder;
mod call;
mod certificates;
mod error;

pub use api_error::ApiError;
pub use builder::ClientBuilder;
pub use call::Client;
pub use certificates::HttpCertificates;
pub use error::{Attempts, CallError, Outcome, UnknownCause};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use tower::util::BoxCloneSyncService;
use wechatpay_core::BoxError;

use crate::{Error, RequestBody};

/// What the layers are erased into, so that users never see their types.
pub(crate) type Erased =
    BoxCloneSyncService<Request<RequestBody>, Response<UnsyncBoxBody<Bytes, BoxError>>, Error>;
