//! Bounded reading of a body into memory.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http_body::Body;
use pin_project::pin_project;
use wechatpay_core::BoxError;

/// Reason why a body was not read to its end.
#[derive(Debug)]
pub(crate) enum BufferError {
    TooLarge,
    Failed(BoxError),
}

/// Future that reads a body of at most `limit` bytes and drops its trailers.
///
/// The type has no bounds, so structs that hold one need none either.
#[pin_project]
#[derive(Debug)]
pub(crate) struct Buffer<B> {
    #[pin]
    body: B,
    limit: usize,
    /// First chunk, which is most often the whole body and is not copied.
    first: Option<Bytes>,
    rest: BytesMut,
}

impl<B> Buffer<B> {
    pub(crate) fn new(body: B, limit: usize) -> Self {
        Self {
            body,
            limit,
            first: None,
            rest: BytesMut::new(),
        }
    }
}

impl<B> Future for Buffer<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Output = Result<Bytes, BufferError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let limit = *this.limit;
        // A body whose declared length exceeds the limit is not read.
        if this.first.is_none()
            && usize::try_from(this.body.size_hint().lower()).map_or(true, |lower| lower > limit)
        {
            return Poll::Ready(Err(BufferError::TooLarge));
        }
        loop {
            let Some(frame) = ready!(this.body.as_mut().poll_frame(cx)) else {
                break;
            };
            let Ok(chunk) = frame
                .map_err(|error| BufferError::Failed(error.into()))?
                .into_data()
            else {
                continue;
            };
            if chunk.is_empty() {
                continue;
            }
            let held = this
                .first
                .as_ref()
                .map_or(0, Bytes::len)
                .saturating_add(this.rest.len());
            if held.saturating_add(chunk.len()) > limit {
                return Poll::Ready(Err(BufferError::TooLarge));
            }
            match this.first.take() {
                None if this.rest.is_empty() => *this.first = Some(chunk),
                first => {
                    if let Some(first) = first {
                        this.rest.extend_from_slice(&first);
                    }
                    this.rest.extend_from_slice(&chunk);
                }
            }
            if this.body.is_end_stream() {
                break;
            }
        }
        Poll::Ready(Ok(this
            .first
            .take()
            .unwrap_or_else(|| std::mem::take(this.rest).freeze())))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, Full, StreamBody, channel::Channel};

    use super::*;

    fn chunks(parts: &'static [&'static str]) -> impl Body<Data = Bytes, Error = BoxError> {
        let frames = parts
            .iter()
            .map(|part| Ok::<_, BoxError>(http_body::Frame::data(Bytes::from_static(part.as_bytes()))));
        StreamBody::new(tokio_stream::iter(frames)).boxed_unsync()
    }

    #[tokio::test]
    async fn one_chunk_is_returned_without_a_copy() {
        let bytes = Bytes::from(vec![7; 100]);
        let read = Buffer::new(Full::new(bytes.clone()), 100).await.unwrap();
        assert_eq!(read.as_ptr(), bytes.as_ptr());
    }

    #[tokio::test]
    async fn several_chunks_are_joined() {
        assert_eq!(
            Buffer::new(chunks(&["ab", "", "cd", "e"]), 5).await.unwrap(),
            "abcde"
        );
        assert_eq!(Buffer::new(chunks(&[]), 5).await.unwrap(), "");
    }

    #[tokio::test]
    async fn the_limit_holds_regardless_of_the_declared_length() {
        assert!(matches!(
            Buffer::new(chunks(&["abc", "def"]), 5).await,
            Err(BufferError::TooLarge)
        ));
        assert!(matches!(
            Buffer::new(Full::new(Bytes::from_static(b"abcdef")), 5).await,
            Err(BufferError::TooLarge)
        ));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_an_error() {
        let (mut sender, body) = Channel::<Bytes, BoxError>::new(2);
        sender.send_data(Bytes::from_static(b"ab")).await.unwrap();
        sender.abort("broken off".into());
        assert!(matches!(Buffer::new(body, 5).await, Err(BufferError::Failed(_))));
    }
}
