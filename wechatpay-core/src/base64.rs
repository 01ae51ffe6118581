//! Standard base64 in its canonical form only.
//!
//! Padding is required. White space, other alphabets and non-zero trailing bits are errors. This is the only engine of
//! this crate. Crates above it use `general_purpose::STANDARD`, which is as strict; a test compares the two.

use std::sync::LazyLock;

use base64::{
    Engine as _,
    engine::{Simd, general_purpose::PAD},
};
use zeroize::Zeroizing;

/// Vectorised base64 engine, as strict as `STANDARD`.
static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

/// Error: the text is not canonical base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotBase64;

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    ENGINE.encode(bytes)
}

pub(crate) fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, NotBase64> {
    ENGINE.decode(text).map_err(|_| NotBase64)
}

/// Decodes a secret and zeroises every buffer, also after an error.
pub(crate) fn decode_secret(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotBase64> {
    let mut bytes = Zeroizing::new(vec![0; text.len().div_ceil(4).saturating_mul(3)]);
    let length = ENGINE.decode_slice(text, &mut bytes).map_err(|_| NotBase64)?;
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_read() {
        let long = "QUJD".repeat(64);
        assert_eq!(decode("QUI=").unwrap(), b"AB");
        for bad in [
            "QUI", "QUJ=", "QU I=", "QUI=\n", "QUI==", "-_-_", "QQ==QQ==", "=", "Q",
        ] {
            assert_eq!(decode(bad), Err(NotBase64), "{bad:?}");
            assert!(STANDARD.decode(bad).is_err(), "{bad:?}");
            // Long enough for the vector path, with the flaw at either end.
            assert_eq!(
                decode(format!("{long}{bad}")),
                Err(NotBase64),
                "{bad:?} behind a long text"
            );
            assert_eq!(
                decode(format!("{bad}{long}")),
                Err(NotBase64),
                "{bad:?} before a long text"
            );
        }
        for at in 0..long.len() {
            for flaw in [b' ', b'-', b'_', b'=', b'\n', 0x80] {
                let mut text = long.clone().into_bytes();
                text[at] = flaw;
                assert_eq!(decode(&text), Err(NotBase64), "{flaw:#x} at {at}");
            }
        }
        assert_eq!(decode(encode([7; 100])).unwrap(), [7; 100]);
    }
}
