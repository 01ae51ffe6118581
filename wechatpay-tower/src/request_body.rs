//! Body of the client's own requests.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use wechatpay_core::BoxError;

/// Stream that a body opens when it is first read.
pub(crate) type BodyStream = Pin<Box<dyn Body<Data = Bytes, Error = BoxError> + Send + Sync>>;

/// Request body of the [`Client`](crate::Client): bytes in memory, or a streamed file.
///
/// A clone starts from the beginning, so that a request can be sent again, also to another host.
#[derive(Default)]
pub struct RequestBody(Inner);

enum Inner {
    Bytes(Bytes),
    Stream {
        open: Arc<dyn Fn() -> BodyStream + Send + Sync>,
        opened: Option<BodyStream>,
        length: u64,
    },
}

impl Default for Inner {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl RequestBody {
    /// Makes a body of a stream of `length` bytes that can be opened repeatedly.
    pub(crate) fn replayable(length: u64, open: impl Fn() -> BodyStream + Send + Sync + 'static) -> Self {
        Self(Inner::Stream {
            open: Arc::new(open),
            opened: None,
            length,
        })
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Bytes(bytes))
    }
}

impl Clone for RequestBody {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Inner::Bytes(bytes) => Inner::Bytes(bytes.clone()),
            Inner::Stream { open, length, .. } => Inner::Stream {
                open: Arc::clone(open),
                opened: None,
                length: *length,
            },
        })
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Inner::Bytes(bytes) => {
                let all = std::mem::take(bytes);
                Poll::Ready((!all.is_empty()).then(|| Ok(Frame::data(all))))
            }
            Inner::Stream { open, opened, .. } => {
                opened.get_or_insert_with(|| open()).as_mut().poll_frame(cx)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Bytes(bytes) => bytes.is_empty(),
            Inner::Stream { opened, .. } => opened.as_ref().is_some_and(Body::is_end_stream),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Bytes(bytes) => SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Inner::Stream {
                opened: Some(body), ..
            } => body.size_hint(),
            Inner::Stream { length, .. } => SizeHint::with_exact(*length),
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Bytes(bytes) => write!(f, "RequestBody({} bytes)", bytes.len()),
            Inner::Stream { length, .. } => write!(f, "RequestBody(stream of {length} bytes)"),
        }
    }
}
