//! Errors of a download.

use std::{io, time::Duration};

use http::StatusCode;
use wechatpay_core::{
    BoxError,
    api::bills::HashType,
    bills::BillFormatError,
    crypto::{NoCryptoProvider, aead_stream::InvalidStreamKey},
};

use crate::client::{ApiError, CallError};

/// Error of a download, which leaves no file and no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address is not a URL.
    #[error("the address of the file is not a URL")]
    NotAUrl,
    /// The address leads to a host that may not receive signed requests.
    ///
    /// Nothing was sent.
    #[error("files are not fetched from {host}: it is not on the list of hosts, or not https")]
    HostNotAllowed {
        /// Host and port, as far as the address names one.
        host: String,
    },
    /// The announced digest is of an unsupported kind, for instance SM3.
    ///
    /// Nothing was sent.
    #[error("the digest {0} of the file is not supported; SHA1 and SHA256 are")]
    UnsupportedHash(HashType),
    /// The announced digest is malformed.
    #[error("the digest of the file does not have the hexadecimal digits of its kind")]
    MalformedHash,
    /// The address has expired: request the file again.
    #[error("the address of the file has expired; request the file again")]
    Expired(#[source] Box<ApiError>),
    /// The request for the file failed or was refused.
    #[error("the file could not be fetched")]
    Call(#[from] CallError),
    /// The response is a redirect, for which the request was not signed.
    #[error("the response is a redirect ({status}), which is not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
    },
    /// The response has an unknown content encoding.
    #[error("the file has an unknown content encoding")]
    Encoded,
    /// The response is an HTML page, for instance of a proxy.
    #[error("the response is a page (text/html), not a file")]
    Page,
    /// No byte arrived for this time.
    #[error("no byte of the file arrived for {0:?}")]
    Stalled(Duration),
    /// The connection broke.
    #[error("the connection broke before the end of the file")]
    BrokenOff(#[source] BoxError),
    /// The packed file is truncated.
    #[error("the packed file is truncated")]
    Truncated,
    /// The packed file cannot be unpacked.
    #[error("the packed file cannot be unpacked")]
    Corrupt,
    /// The file exceeds the limit.
    #[error("the file is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was exceeded, in bytes.
        limit: u64,
    },
    /// The file unpacks to more than the allowed multiple: a decompression bomb.
    #[error("the file unpacks to more than {limit} times its length")]
    Ratio {
        /// The allowed multiple.
        limit: u64,
    },
    /// The digest of the file differs from the announced one.
    #[error("the digest of the file differs from the announced one")]
    Digest,
    /// The key of the bill cannot be decrypted.
    ///
    /// It was not encrypted for this merchant, or the signer does not decrypt.
    #[error("the key of the bill cannot be decrypted with the merchant's private key")]
    KeyNotForUs,
    /// The key of the bill is malformed.
    #[error(transparent)]
    Key(#[from] InvalidStreamKey),
    /// The encrypted file was changed or is truncated.
    #[error("the encrypted bill was changed or is truncated")]
    NotAuthentic,
    /// Folding an encrypted bill needs a directory for its ciphertext.
    ///
    /// Set it with [`Download::temp_dir`](super::Download::temp_dir).
    #[error("an encrypted bill needs a directory for its ciphertext: call temp_dir")]
    NoTempDir,
    /// A file of this name exists.
    #[error("a file of this name exists; call overwrite to replace it")]
    Exists,
    /// An operation on the disk failed.
    #[error("the file could not be written")]
    Io(#[from] io::Error),
    /// The rows could not be parsed.
    #[error("the bill cannot be read")]
    Format(#[from] BillFormatError),
    /// The closure that takes the bytes failed.
    #[error("the closure that takes the file failed")]
    Consumer(#[source] BoxError),
    /// No crypto backend was compiled in.
    #[error(transparent)]
    Crypto(#[from] NoCryptoProvider),
}

impl DownloadError {
    /// Returns `true` if requesting the file again may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::Expired(_)
            | Self::Page
            | Self::Stalled(_)
            | Self::BrokenOff(_)
            | Self::Truncated
            | Self::Corrupt
            | Self::Digest
            | Self::NotAuthentic => true,
            _ => false,
        }
    }
}
