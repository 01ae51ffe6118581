//! Why a bill is not there.

use std::{io, time::Duration};

use http::StatusCode;
use wechatpay_core::{
    BoxError,
    api::bills::HashType,
    bills::BillFormatError,
    crypto::{NoCryptoProvider, aead_stream::InvalidStreamKey},
};

use crate::client::{ApiError, CallError};

/// A bill could not be downloaded. Nothing of it exists.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BillError {
    /// The address is none.
    #[error("the address of the bill is not a URL")]
    NotAUrl,
    /// The address leads to a host that may not see the merchant's signature. Nothing was sent.
    #[error("bills are not fetched from {host}: it is not on the list of hosts, or not https")]
    HostNotAllowed {
        /// Host and port, as far as the address names one.
        host: String,
    },
    /// The digest that was announced is of a kind that is not known.
    #[error("the digest of the bill is {0}, known is SHA1")]
    UnknownHash(HashType),
    /// The digest that was announced is none.
    #[error("the digest of the bill is not 40 hexadecimal digits")]
    MalformedHash,
    /// The address is not good any more: ask for the bill again.
    #[error("the address of the bill has expired; ask for the bill again")]
    Expired(#[source] Box<ApiError>),
    /// The file was refused, or could not be asked for.
    #[error("the bill could not be fetched")]
    Call(#[from] CallError),
    /// The answer leads elsewhere, where the request would have to be signed anew.
    #[error("the bill was answered with a redirect ({status}), which is not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
    },
    /// The answer has an encoding that is not known.
    #[error("the bill has a content encoding other than gzip")]
    Encoded,
    /// Nothing came for so long.
    #[error("the bill stopped coming; nothing for {0:?}")]
    Stalled(Duration),
    /// The connection broke off.
    #[error("the bill broke off")]
    BrokenOff(#[source] BoxError),
    /// The packed file ends before its end.
    #[error("the packed bill ends before its end")]
    Truncated,
    /// The packed file cannot be unpacked.
    #[error("the packed bill cannot be unpacked")]
    Corrupt,
    /// More than the limit.
    #[error("the bill is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was reached, in bytes.
        limit: u64,
    },
    /// It unpacks to many times its length: not a bill, but a bomb.
    #[error("the bill unpacks to more than {limit} times its length")]
    Ratio {
        /// The limit.
        limit: u64,
    },
    /// What came is not what was announced.
    #[error("the digest of the bill is not the one that was announced")]
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
    #[error("the bill could not be written")]
    Io(#[from] io::Error),
    /// The rows could not be read.
    #[error("the bill cannot be read")]
    Format(#[from] BillFormatError),
    /// Whoever was given the bytes had enough.
    #[error("the bill was not taken")]
    Taker(#[source] BoxError),
    /// No crypto backend was compiled in.
    #[error(transparent)]
    Crypto(#[from] NoCryptoProvider),
}

impl BillError {
    /// Whether asking for the bill again may do.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::Expired(_)
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
