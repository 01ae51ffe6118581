//! Body of an upload: head, file and tail of a form.

use std::{
    io,
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::{fs::File, io::AsyncRead, io::ReadBuf};
use wechatpay_core::BoxError;

use super::file::Source;

/// Size of one read from the disk.
const CHUNK: usize = 64 * 1024;

/// Body of one attempt.
pub(super) struct FormBody {
    head: Bytes,
    file: FileBytes,
    /// Number of bytes of the file that were not read yet.
    left: u64,
    tail: Bytes,
}

enum FileBytes {
    Memory(Bytes),
    Closed(PathBuf),
    Opening(Pin<Box<dyn Future<Output = io::Result<File>> + Send + Sync>>),
    Open(File, Box<[u8]>),
    Done,
}

impl FormBody {
    pub(super) fn new(head: Bytes, source: Source, length: u64, tail: Bytes) -> Self {
        Self {
            head,
            file: match source {
                Source::Memory(bytes) => FileBytes::Memory(bytes),
                Source::Disk(path) => FileBytes::Closed(path),
            },
            left: length,
            tail,
        }
    }

    fn poll_file(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            match &mut self.file {
                FileBytes::Memory(bytes) => {
                    let all = std::mem::take(bytes);
                    (self.file, self.left) = (FileBytes::Done, 0);
                    return Poll::Ready(Some(Ok(all)));
                }
                FileBytes::Closed(path) => {
                    let path = std::mem::take(path);
                    self.file = FileBytes::Opening(Box::pin(File::open(path)));
                }
                FileBytes::Opening(opening) => {
                    let file = ready!(opening.as_mut().poll(cx))?;
                    self.file = FileBytes::Open(file, vec![0; CHUNK].into());
                }
                FileBytes::Open(file, chunk) => {
                    let mut buffer = ReadBuf::new(chunk);
                    ready!(Pin::new(file).poll_read(cx, &mut buffer))?;
                    let read = Bytes::copy_from_slice(buffer.filled());
                    let length = u64::try_from(read.len()).unwrap_or(u64::MAX);
                    // Its length and digest were sent already, so it must still be the file that was hashed.
                    let changed =
                        || io::Error::new(io::ErrorKind::InvalidData, "the file was changed meanwhile");
                    if length == 0 {
                        self.file = FileBytes::Done;
                        return match self.left {
                            0 => Poll::Ready(None),
                            _ => Poll::Ready(Some(Err(changed()))),
                        };
                    }
                    let Some(left) = self.left.checked_sub(length) else {
                        return Poll::Ready(Some(Err(changed())));
                    };
                    self.left = left;
                    return Poll::Ready(Some(Ok(read)));
                }
                FileBytes::Done => return Poll::Ready(None),
            }
        }
    }
}

impl Body for FormBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let take = |bytes: &mut Bytes| Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes)))));
        if !self.head.is_empty() {
            return take(&mut self.head);
        }
        match ready!(self.poll_file(cx)) {
            Some(Ok(bytes)) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Some(Err(error)) => {
                // A form with an incomplete file gets no final boundary.
                (self.file, self.left, self.tail) = (FileBytes::Done, 0, Bytes::new());
                Poll::Ready(Some(Err(error.into())))
            }
            None if !self.tail.is_empty() => take(&mut self.tail),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.file, FileBytes::Done) && self.tail.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let parts =
            [self.head.len(), self.tail.len()].map(|length| u64::try_from(length).unwrap_or(u64::MAX));
        let around = parts
            .iter()
            .fold(0_u64, |sum, length| sum.saturating_add(*length));
        SizeHint::with_exact(self.left.saturating_add(around))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn after_an_error_the_form_is_over() {
        let gone = std::env::temp_dir().join("wechatpay-no-such-file");
        let changed = std::env::temp_dir().join(format!("wechatpay-changed-{}", std::process::id()));
        std::fs::write(&changed, b"now it is longer").unwrap();
        for (path, length) in [(&gone, 4), (&changed, 4), (&changed, 400)] {
            let mut body = FormBody::new(
                Bytes::from_static(b"head"),
                Source::Disk(path.clone()),
                length,
                Bytes::from_static(b"tail"),
            );
            let mut errors = 0;
            while let Some(frame) = body.frame().await {
                match frame {
                    Ok(frame) => assert_ne!(frame.into_data().unwrap(), "tail"),
                    Err(_) => errors += 1,
                }
            }
            assert_eq!(errors, 1, "{path:?}");
            assert!(body.frame().await.is_none() && body.is_end_stream());
        }
        std::fs::remove_file(changed).unwrap();
    }
}
