//! Why a file is not there.

use std::{io, time::Duration};

use http::StatusCode;
use wechatpay_core::{
    BoxError,
    api::bills::HashType,
    bills::BillFormatError,
    crypto::{NoCryptoProvider, aead_stream::InvalidStreamKey},
};

use crate::client::{ApiError, CallError};

/// A file could not be downloaded. Nothing of it exists.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// The address is none.
    #[error("the address of the file is not a URL")]
    NotAUrl,
    /// The address leads to a host that may not see the merchant's signature. Nothing was sent.
    #[error("files are not fetched from {host}: it is not on the list of hosts, or not https")]
    HostNotAllowed {
        /// Host and port, as far as the address names one.
        host: String,
    },
    /// The digest that was announced is of a kind that is not computed here, as SM3. Nothing was sent.
    #[error("the digest of the file is {0}, which is not supported: SHA1 and SHA256 are")]
    UnsupportedHash(HashType),
    /// The digest that was announced is none.
    #[error("the digest of the file does not have the hexadecimal digits of its kind")]
    MalformedHash,
    /// The address is not good any more: ask for the file again.
    #[error("the address of the file has expired; ask for it again")]
    Expired(#[source] Box<ApiError>),
    /// The file was refused, or could not be asked for.
    #[error("the file could not be fetched")]
    Call(#[from] CallError),
    /// The response leads elsewhere, where the request would have to be signed anew.
    #[error("the file was answered with a redirect ({status}), which is not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
    },
    /// The response has an encoding that is not known.
    #[error("the file has a content encoding that is not taken")]
    Encoded,
    /// The response is a page of somebody in between.
    #[error("the file was answered with a page (text/html)")]
    Page,
    /// Nothing came for so long.
    #[error("the file stopped coming; nothing for {0:?}")]
    Stalled(Duration),
    /// The connection broke off.
    #[error("the file broke off")]
    BrokenOff(#[source] BoxError),
    /// The packed file ends before its end.
    #[error("the packed file ends before its end")]
    Truncated,
    /// The packed file cannot be unpacked.
    #[error("the packed file cannot be unpacked")]
    Corrupt,
    /// More than the limit.
    #[error("the file is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was reached, in bytes.
        limit: u64,
    },
    /// It unpacks to many times its length: not a file, but a bomb.
    #[error("the file unpacks to more than {limit} times its length")]
    Ratio {
        /// The limit.
        limit: u64,
    },
    /// What came is not what was announced.
    #[error("the digest of the file is not the one that was announced")]
    Digest,
    /// The key of the bill was not encrypted for this merchant, or the signer does not decrypt.
    #[error("the key of the bill cannot be decrypted with the merchant's private key")]
    KeyNotForUs,
    /// The key of the bill is none.
    #[error(transparent)]
    Key(#[from] InvalidStreamKey),
    /// The encrypted file was changed, or broke off.
    #[error("the encrypted bill is not what its key says")]
    NotAuthentic,
    /// An encrypted bill is folded, and no directory for its ciphertext was given.
    #[error("an encrypted bill needs a directory for its ciphertext: call temp_dir")]
    NoTempDir,
    /// There is a file of that name already.
    #[error("there is a file of that name already; call overwrite")]
    Exists,
    /// The disk.
    #[error("the file could not be written")]
    Io(#[from] io::Error),
    /// The rows could not be read.
    #[error("the bill cannot be read")]
    Format(#[from] BillFormatError),
    /// Whoever was given the bytes had enough.
    #[error("the file was not taken")]
    Taker(#[source] BoxError),
    /// No crypto backend was compiled in.
    #[error(transparent)]
    Crypto(#[from] NoCryptoProvider),
}

impl DownloadError {
    /// Returns true if asking for the file again may do.
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
