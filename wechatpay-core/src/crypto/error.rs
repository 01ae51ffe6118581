//! Reasons why a key, a signature or a ciphertext is refused.

/// A key could not be read. Says what was found instead; never shows key material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyLoadError {
    /// No `-----BEGIN …-----` line.
    #[error("no PEM text: expected a line -----BEGIN {expected}-----{hint}", hint = hint_no_pem(.is_path, .is_empty))]
    NoPem {
        /// The wanted value.
        expected: &'static str,
        /// The text looks like the name of a file.
        is_path: bool,
        /// The text is empty.
        is_empty: bool,
    },
    /// The content of a PEM text without its first and last line.
    #[error(
        "no PEM text: this is what stands between its lines (DER); put -----BEGIN {0}----- and -----END {0}----- around it, each in a line of its own, or convert a binary file with openssl"
    )]
    NoArmour(&'static str),
    /// A whole PEM text in base64.
    #[error(
        "this is a PEM text in base64 once more; decode it (base64 -d) and give the text that begins with -----BEGIN {0}-----"
    )]
    EncodedTwice(&'static str),
    /// The PEM text holds something else.
    #[error("this is {found}, not {expected}; {hint}")]
    WrongKind {
        /// The finding.
        found: &'static str,
        /// The wanted value.
        expected: &'static str,
        /// The remedy.
        hint: &'static str,
    },
    /// The text between the lines is not base64, or the END line is missing.
    #[error("the PEM text is damaged: {0}")]
    DamagedPem(&'static str),
    /// More than one block where one is wanted.
    #[error("more than one PEM block: give {0} alone")]
    SeveralBlocks(&'static str),
    /// The bytes are not the DER structure that the label promises.
    #[error("the {0} is malformed")]
    Der(&'static str),
    /// An algorithm that is not RSA.
    #[error("the key is not an RSA key; API v3 uses RSA")]
    NotRsa,
    /// Smaller than 2048 bits, or absurdly large.
    #[error("the RSA key has {bits} bits; 2048 to 8192 are accepted")]
    ModulusSize {
        /// Bits of the modulus.
        bits: usize,
    },
    /// The public exponent is even or below 65537.
    #[error("the RSA key has a weak public exponent; an odd one of at least 65537 is required")]
    WeakExponent,
    /// The backend refused it.
    #[error("the backend refuses the {0}")]
    Backend(&'static str),
    /// The key signed, and its own public half did not verify the result.
    #[error("the private key failed its self-test: its parts do not belong together")]
    SelfTest,
    /// A private key and a certificate that do not belong together.
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

/// A signature that does not fit its message and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit")]
pub struct BadSignature;

/// A private key of the backend that could not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the private key could not sign")]
pub struct SigningFailed;

/// An AES-GCM container that does not open with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed text does not open with this key, nonce and associated data")]
pub struct OpenError;

/// An RSA-OAEP ciphertext that does not open with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext does not open with this private key")]
pub struct DecryptError;

/// No backend was compiled in and none was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no cryptography: enable the feature `aws-lc-rs` or `rust-crypto` of wechatpay-core, or call crypto::install_default"
)]
pub struct NoCryptoProvider;
