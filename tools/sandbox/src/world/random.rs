//! Random ids, nonces and tokens from one generator, so that one seed fixes all.
//!
//! Shapes are those of the platform (lengths, alphabets, dates inside), so that columns that are too short and patterns
//! that are too strict show here and not in production.

use std::sync::{Mutex, PoisonError};

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use serde::{Deserialize, Serialize};
use wechatpay_core::types::SerialNumber;

use crate::world::clock::beijing;

const DIGITS: &[u8] = b"0123456789";
const HEX_LOWER: &[u8] = b"0123456789abcdef";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const BASE64_URL: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new RSA key of 2048 bits as PKCS#8, which takes a moment to make.
#[cfg(feature = "aws-lc-rs")]
pub(crate) fn rsa_key() -> Option<Vec<u8>> {
    use aws_lc_rs::{
        encoding::{AsDer, Pkcs8V1Der},
        rsa::{KeyPair, KeySize},
    };
    let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
    let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
    Some(der.as_ref().to_vec())
}

/// A new RSA key of 2048 bits as PKCS#8, which takes a moment to make.
#[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
pub(crate) fn rsa_key() -> Option<Vec<u8>> {
    use rsa::{PrivateKey, pkcs8::EncodePrivateKey as _};
    let key = PrivateKey::new(&mut getrandom::SysRng, 2048).ok()?;
    Some(key.to_pkcs8_der().ok()?.as_bytes().to_vec())
}

/// `None`: nothing makes keys without a backend.
#[cfg(not(any(feature = "rust-crypto", feature = "aws-lc-rs")))]
pub(crate) const fn rsa_key() -> Option<Vec<u8>> {
    None
}

/// Purposes of random streams.
///
/// Each purpose has its own, so that concurrent work does not shift numbers: the response to the third request is the
/// same whether or not a notification was under way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// All that responds the request with this number.
    Request(u64),
    /// The turn-th attempt at the notification with this number; turn 0 makes its id.
    Notification(u64, u16),
}

impl Stream {
    /// Stream 0 is the one that a seed starts with.
    const fn id(self) -> u64 {
        match self {
            Self::Request(number) => (1 << 60) | number,
            Self::Notification(number, turn) => (2 << 60) | (number << 16) | turn as u64,
        }
    }
}

/// Generates ids.
///
/// The generator is cryptographically strong, because the tokens of the cashier come from it too.
pub struct Ids(Mutex<ChaCha20Rng>);

debug_only!(Ids {});

/// State of a generator, which determines its further numbers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedIds {
    seed: [u8; 32],
    /// In words of 32 bits.
    position: u64,
}

impl Ids {
    /// Always the same ids in the same order.
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// Starts again with another seed.
    pub(crate) fn reseed(&self, seed: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = ChaCha20Rng::seed_from_u64(seed);
    }

    /// The state for a snapshot.
    pub(crate) fn saved(&self) -> SavedIds {
        let rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SavedIds {
            seed: rng.get_seed(),
            // Nobody draws so many numbers that it would not fit.
            position: u64::try_from(rng.get_word_pos()).unwrap_or_default(),
        }
    }

    /// Goes on from where another one stood.
    pub(crate) fn restore(&self, saved: &SavedIds) {
        let mut rng = ChaCha20Rng::from_seed(saved.seed);
        rng.set_word_pos(saved.position.into());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = rng;
    }

    /// A run of its own, which is always the same for the same seed.
    pub(crate) fn stream(&self, stream: Stream) -> Self {
        let seed = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_seed();
        let mut rng = ChaCha20Rng::from_seed(seed);
        rng.set_stream(stream.id());
        Self(Mutex::new(rng))
    }

    /// Starts from random numbers of the operating system; afterwards nothing can fail.
    pub(crate) fn from_system() -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// 28 digits that begin with 4200, with the Beijing date in the middle.
    pub(crate) fn transaction_id(&self, now: i64) -> String {
        let date = beijing(now).strftime("%Y%m%d");
        format!("4200{}{date}{}", self.text(DIGITS, 6), self.text(DIGITS, 10))
    }

    /// `wx`, the Beijing time, 20 hexadecimal digits: 36 characters.
    pub(crate) fn prepay_id(&self, now: i64) -> String {
        format!("wx{}{}", beijing_digits(now), self.text(HEX_LOWER, 20))
    }

    /// 29 digits that begin with 50, with the Beijing date behind them.
    pub(crate) fn refund_id(&self, now: i64) -> String {
        let date = beijing(now).strftime("%Y%m%d");
        format!("50{}{date}{}", self.text(DIGITS, 8), self.text(DIGITS, 11))
    }

    /// 28 digits.
    pub(crate) fn advance_return_id(&self, now: i64) -> String {
        self.long_id("4208", now)
    }

    /// The platform's number of a share or a return: 29 digits.
    pub(crate) fn share_order_id(&self, now: i64) -> String {
        format!("3{}", self.long_id("0000", now))
    }

    /// The platform's number of what one receiver gets: 29 digits.
    pub(crate) fn share_detail_id(&self, now: i64) -> String {
        format!("3{}", self.long_id("6011", now))
    }

    /// The platform's number of a subsidy, or of one that came back: 28 digits.
    pub(crate) fn subsidy_id(&self, now: i64) -> String {
        self.long_id("3008", now)
    }

    /// The platform's number of a withdrawal: 28 digits.
    pub(crate) fn withdraw_id(&self, now: i64) -> String {
        self.long_id("1232", now)
    }

    /// Package for the page in which a user confirms a transfer.
    pub(crate) fn package_info(&self) -> String {
        self.text(BASE62, 64)
    }

    /// The platform's number of an application for another account: 28 digits.
    pub(crate) fn application_no(&self, now: i64) -> String {
        self.long_id("1023", now)
    }

    /// 28 digits that begin with `prefix`, with the Beijing time behind it.
    pub(crate) fn long_id(&self, prefix: &str, now: i64) -> String {
        format!("{prefix}{}{}", beijing_digits(now), self.text(DIGITS, 10))
    }

    /// The code behind `pr=` in a `code_url`.
    pub(crate) fn code(&self) -> String {
        self.text(BASE62, 9)
    }

    /// The code behind `package=` in an `h5_url`.
    pub(crate) fn h5_package(&self) -> String {
        self.text(DIGITS, 10)
    }

    /// The first part of a `Request-ID`.
    pub(crate) fn request_id(&self) -> String {
        format!("08{}", self.text(HEX_UPPER, 32))
    }

    /// A random UUID, as notifications carry it.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// The serial of a certificate; never `None`.
    pub(crate) fn serial(&self) -> Option<SerialNumber> {
        SerialNumber::parse(&self.text(HEX_UPPER, 32)).ok()
    }

    /// The nonce of a signature.
    pub(crate) fn nonce(&self) -> String {
        self.text(BASE62, 32)
    }

    /// The nonce of an AES-GCM container: 12 characters.
    pub(crate) fn sealing_nonce(&self) -> String {
        self.text(BASE62, 12)
    }

    /// The id of an uploaded file, 110 characters.
    pub(crate) fn media_id(&self) -> String {
        self.text(BASE64_URL, 110)
    }

    /// The key of an encrypted file: 32 characters.
    pub(crate) fn file_key(&self) -> String {
        self.text(BASE62, 32)
    }

    /// An unpredictable token of 190 bits.
    pub fn token(&self) -> String {
        self.text(BASE62, 32)
    }

    /// Random text in the form of a signature's rest.
    pub(crate) fn signature_noise(&self, length: usize) -> String {
        self.text(BASE62, length)
    }

    /// Returns true if an event of this probability happens.
    pub(crate) fn chance(&self, probability: f64) -> bool {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f64::from(rng.next_u32()) < probability * f64::from(u32::MAX)
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length)
            .filter_map(|_| {
                // 2^32 is large beside 62: the bias is below one in fifty million.
                let index = rng.next_u32() as usize % alphabet.len().max(1);
                alphabet.get(index).map(|byte| char::from(*byte))
            })
            .collect()
    }
}

/// `YYYYMMDDhhmmss` in Beijing.
fn beijing_digits(now: i64) -> String {
    beijing(now).strftime("%Y%m%d%H%M%S").to_string()
}

/// `hh:mm:ss` in Beijing, for log lines.
pub fn beijing_time_of_day(now: i64) -> String {
    beijing(now).strftime("%H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_704_083_696; // 2024-01-01T12:34:56+08:00

    #[test]
    fn ids_have_the_shapes_of_the_platform() {
        let ids = Ids::from_system().unwrap();
        let transaction_id = ids.transaction_id(NOW);
        assert_eq!(transaction_id.len(), 28);
        assert!(
            transaction_id.starts_with("4200") && transaction_id.bytes().all(|byte| byte.is_ascii_digit())
        );
        assert_eq!(&transaction_id[10..18], "20240101");
        let prepay_id = ids.prepay_id(NOW);
        assert_eq!(prepay_id.len(), 36);
        assert!(prepay_id.starts_with("wx20240101123456"));
        let refund_id = ids.refund_id(NOW);
        assert_eq!(refund_id.len(), 29);
        assert!(refund_id.starts_with("50") && &refund_id[10..18] == "20240101");
        assert_eq!(ids.advance_return_id(NOW).len(), 28);
        let uuid = ids.uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(beijing_time_of_day(NOW), "12:34:56");
    }

    #[test]
    fn a_seed_fixes_every_stream_and_no_two_streams_are_alike() {
        let streams = [
            Stream::Request(1),
            Stream::Request(2),
            Stream::Notification(1, 0),
            Stream::Notification(1, 1),
            Stream::Notification(2, 0),
        ];
        let nonces = |seed: u64| {
            let ids = Ids::from_seed(seed);
            let mut nonces = vec![ids.nonce()];
            nonces.extend(streams.map(|stream| ids.stream(stream).nonce()));
            nonces
        };
        let mut first = nonces(7);
        assert_eq!(first, nonces(7));
        assert_ne!(first, nonces(8));
        first.sort();
        first.dedup();
        assert_eq!(first.len(), streams.len() + 1);
        // What the root gave out before does not matter.
        let ids = Ids::from_seed(7);
        ids.nonce();
        assert_eq!(
            ids.stream(Stream::Request(1)).nonce(),
            Ids::from_seed(7).stream(Stream::Request(1)).nonce()
        );
    }

    #[test]
    fn what_was_saved_goes_on_where_it_stood() {
        let ids = Ids::from_seed(7);
        ids.nonce();
        let saved = serde_json::to_string(&ids.saved()).unwrap();
        let other = Ids::from_seed(8);
        other.restore(&serde_json::from_str(&saved).unwrap());
        assert_eq!(ids.nonce(), other.nonce());
        let stream = Stream::Request(3);
        assert_eq!(ids.stream(stream).nonce(), other.stream(stream).nonce());
        assert_ne!(ids.nonce(), ids.nonce());
    }

    #[test]
    fn chances_keep_to_their_ends() {
        let ids = Ids::from_system().unwrap();
        assert!((0..1000).all(|_| !ids.chance(0.0)));
        assert!((0..1000).all(|_| ids.chance(1.0)));
    }
}
