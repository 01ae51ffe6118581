//! Errors of keys, signatures and ciphertexts.

/// Error: a key cannot be read.
///
/// The message names the content that was found and never shows key material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyLoadError {
    /// The text has no `-----BEGIN …-----` line.
    #[error("no PEM text: expected a line -----BEGIN {expected}-----{hint}", hint = hint_no_pem(.is_path, .is_empty))]
    NoPem {
        /// The expected label.
        expected: &'static str,
        /// `true` if the text looks like a file name.
        is_path: bool,
        /// `true` if the text is empty.
        is_empty: bool,
    },
    /// The text is the content of a PEM text without its first and last line.
    #[error(
        "no PEM text: this is the content without its first and last line (DER); put -----BEGIN {0}----- and -----END {0}----- around it, each on its own line, or convert a binary file with openssl"
    )]
    NoArmour(&'static str),
    /// The text is a whole PEM text in base64.
    #[error(
        "this is PEM text encoded as base64; decode it (base64 -d) and use the text that begins with -----BEGIN {0}-----"
    )]
    EncodedTwice(&'static str),
    /// The PEM text holds another kind of content.
    #[error("this is {found}, not {expected}; {hint}")]
    WrongKind {
        /// The kind that was found.
        found: &'static str,
        /// The expected kind.
        expected: &'static str,
        /// The fix.
        hint: &'static str,
    },
    /// The text between the lines is not base64, or the END line is missing.
    #[error("the PEM text is damaged: {0}")]
    DamagedPem(&'static str),
    /// The text has more than one PEM block.
    #[error("more than one PEM block; use a text with {0} alone")]
    SeveralBlocks(&'static str),
    /// The bytes are not the DER structure that the label names.
    #[error("the {0} is malformed")]
    Der(&'static str),
    /// The algorithm is not RSA.
    #[error("the key is not an RSA key; API v3 uses RSA")]
    NotRsa,
    /// The modulus is smaller than 2048 or larger than 8192 bits.
    #[error("the RSA key has {bits} bits; 2048 to 8192 are accepted")]
    ModulusSize {
        /// Size of the modulus in bits.
        bits: usize,
    },
    /// The public exponent is even or below 65537.
    #[error("the RSA key has a weak public exponent; an odd one of at least 65537 is required")]
    WeakExponent,
    /// The backend rejected the key.
    #[error("the backend rejected the {0}")]
    Backend(&'static str),
    /// A signature of the key does not verify with its own public key.
    #[error("the private key failed its self-test: its parts do not belong together")]
    SelfTest,
    /// The private key and the certificate do not belong together.
    #[error("the private key does not belong to the certificate")]
    KeyPairMismatch,
}

fn hint_no_pem(is_path: &bool, is_empty: &bool) -> &'static str {
    match (is_path, is_empty) {
        (_, true) => "; the text is empty",
        (true, _) => {
            "; this looks like the name of a file, so give its content or use the setting for a file"
        }
        _ => "",
    }
}

/// Error: the signature does not match its message and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;

/// Error: the backend could not sign with the private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the private key could not sign")]
pub struct SigningFailed;

/// Error: an AES-GCM container cannot be decrypted with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext cannot be decrypted with this key, nonce and associated data")]
pub struct OpenError;

/// Error: an RSA-OAEP ciphertext cannot be decrypted with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext cannot be decrypted with this private key")]
pub struct DecryptError;

/// Error: no backend was compiled in and none was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no crypto backend: enable the feature `aws-lc-rs` or `rust-crypto` of wechatpay-core, or call crypto::install_default"
)]
pub struct NoCryptoProvider;
