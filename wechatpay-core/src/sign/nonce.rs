//! Random strings of 32 characters, one per signature.

use std::{fmt, sync::Arc};

use super::SignError;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Length of a nonce.
///
/// Every official SDK uses 32 characters; the platform accepts no more.
const LENGTH: usize = 32;

/// Source of nonces. Cheap to clone.
#[derive(Clone, Default)]
pub struct NonceSource(Option<Arc<dyn Fn() -> String + Send + Sync>>);

impl NonceSource {
    /// Creates a source of 32 random characters of `[0-9A-Za-z]` from the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// Creates a source from a function, for tests that compare signatures.
    ///
    /// It must return 1 to 32 visible characters.
    pub fn from_fn(next: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(next)))
    }

    /// Returns the next nonce.
    ///
    /// # Errors
    /// Returns [`SignError::Random`] if the operating system has no random numbers.
    pub fn next(&self) -> Result<String, SignError> {
        match &self.0 {
            Some(next) => Ok(next()),
            None => random(),
        }
    }
}

impl fmt::Debug for NonceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_none() {
            "NonceSource(system)"
        } else {
            "NonceSource(function)"
        })
    }
}

fn random() -> Result<String, SignError> {
    let mut nonce = String::with_capacity(LENGTH);
    let mut bytes = [0; 48];
    while nonce.len() < LENGTH {
        getrandom::fill(&mut bytes).map_err(|_| SignError::Random)?;
        // Six bits of each byte; the two values beyond the alphabet are skipped, so that no character is favoured.
        let characters = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 63)))
            .map(|byte| char::from(*byte));
        let missing = LENGTH.saturating_sub(nonce.len());
        nonce.extend(characters.take(missing));
    }
    Ok(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_have_32_characters_and_differ() {
        let source = NonceSource::system();
        let first = source.next().unwrap();
        assert_eq!(first.len(), 32);
        assert!(first.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(first, source.next().unwrap());
    }
}
