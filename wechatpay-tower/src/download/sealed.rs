//! Encrypted files: the ciphertext stays on the disk until its tag was checked.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{
    crypto::aead_stream::{StreamAuthenticator, StreamDecryptor, StreamKey},
    types::Redacted,
};

use super::{
    DownloadError,
    file::{FileReader, FileWriter},
};
use crate::Client;

const TAG: usize = StreamAuthenticator::TAG_LENGTH;

/// An encrypted file that is being received.
pub(super) struct Sealed {
    authenticator: StreamAuthenticator,
    spool: FileWriter,
    /// Last bytes that arrived, which may be the tag.
    held: Vec<u8>,
}

impl Sealed {
    /// Decrypts the key of a file.
    pub(super) fn key(client: &Client, key: &Redacted, nonce: &str) -> Result<StreamKey, DownloadError> {
        let key = STANDARD
            .decode(key.as_str())
            .map_err(|_| DownloadError::KeyNotForUs)?;
        let key = client
            .signer()
            .signer()
            .decrypt(&key)
            .map_err(|_| DownloadError::KeyNotForUs)?;
        Ok(StreamKey::new(&key, nonce.as_bytes())?)
    }

    pub(super) async fn create(key: &StreamKey, directory: &Path) -> Result<Self, DownloadError> {
        Ok(Self {
            authenticator: key.authenticate(),
            spool: FileWriter::create(directory).await?,
            held: Vec::with_capacity(TAG),
        })
    }

    /// Takes the next bytes and holds the last sixteen back.
    pub(super) async fn take(&mut self, bytes: &[u8]) -> Result<(), DownloadError> {
        let surplus = self.held.len().saturating_add(bytes.len()).saturating_sub(TAG);
        let from_held: Vec<u8> = self.held.drain(..surplus.min(self.held.len())).collect();
        let from_bytes = surplus.saturating_sub(from_held.len());
        let (text, tag) = bytes.split_at_checked(from_bytes).unwrap_or((bytes, &[]));
        for part in [&from_held[..], text] {
            self.authenticator
                .update(part)
                .map_err(|_| DownloadError::NotAuthentic)?;
            self.spool.append(part).await?;
        }
        self.held.extend_from_slice(tag);
        Ok(())
    }

    /// Checks the tag, after which the file may be decrypted.
    pub(super) async fn open(self) -> Result<Opened, DownloadError> {
        let tag = self.held.first_chunk().ok_or(DownloadError::NotAuthentic)?;
        let decryptor = self
            .authenticator
            .finish(tag)
            .map_err(|_| DownloadError::NotAuthentic)?;
        Ok(Opened {
            decryptor,
            reader: self.spool.rewind().await?,
        })
    }
}

/// A file that is being decrypted.
pub(super) struct Opened {
    decryptor: StreamDecryptor,
    reader: FileReader,
}

impl Opened {
    /// Returns the next bytes; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<&[u8]>, DownloadError> {
        let block = self.reader.next().await?;
        if block.is_empty() {
            return if self.decryptor.is_empty() {
                Ok(None)
            } else {
                // The file was truncated between the two reads.
                Err(DownloadError::NotAuthentic)
            };
        }
        self.decryptor
            .apply(block)
            .map_err(|_| DownloadError::NotAuthentic)?;
        Ok(Some(block))
    }
}
