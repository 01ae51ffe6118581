//! One body type for requests and responses.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use pin_project::pin_project;
use wechatpay_core::BoxError;

/// A body in memory or as a stream.
///
/// It is in memory if it had to be signed or verified.
#[pin_project]
pub struct MaybeBuffered<B = Full<Bytes>> {
    #[pin]
    inner: Inner<B>,
}

#[pin_project(project = Projected)]
enum Inner<B> {
    Buffered(Bytes),
    Stream(#[pin] B),
}

impl<B> MaybeBuffered<B> {
    /// Makes a body of bytes in memory.
    pub fn buffered(bytes: Bytes) -> Self {
        Self {
            inner: Inner::Buffered(bytes),
        }
    }

    /// Makes a body of a stream.
    pub fn stream(body: B) -> Self {
        Self {
            inner: Inner::Stream(body),
        }
    }

    /// Returns the bytes, if they are in memory and were not read yet.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.inner {
            Inner::Buffered(bytes) => Some(bytes),
            Inner::Stream(_) => None,
        }
    }
}

impl<B> Body for MaybeBuffered<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.project().inner.project() {
            Projected::Buffered(bytes) => {
                let all = std::mem::take(bytes);
                Poll::Ready((!all.is_empty()).then(|| Ok(Frame::data(all))))
            }
            Projected::Stream(body) => {
                Poll::Ready(ready!(body.poll_frame(cx)).map(|frame| frame.map_err(Into::into)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Buffered(bytes) => bytes.is_empty(),
            Inner::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Buffered(bytes) => SizeHint::with_exact(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Inner::Stream(body) => body.size_hint(),
        }
    }
}

impl<B> Default for MaybeBuffered<B> {
    fn default() -> Self {
        Self::buffered(Bytes::new())
    }
}

impl<B> From<&'static str> for MaybeBuffered<B> {
    fn from(text: &'static str) -> Self {
        Self::buffered(Bytes::from_static(text.as_bytes()))
    }
}

impl<B> From<Bytes> for MaybeBuffered<B> {
    fn from(bytes: Bytes) -> Self {
        Self::buffered(bytes)
    }
}

impl<B> fmt::Debug for MaybeBuffered<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner {
            Inner::Buffered(bytes) => write!(f, "MaybeBuffered({} bytes)", bytes.len()),
            Inner::Stream(_) => f.write_str("MaybeBuffered(stream)"),
        }
    }
}
