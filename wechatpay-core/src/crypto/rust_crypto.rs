//! Pure-Rust backend: the RustCrypto crates `rsa`, `sha2`, `sha1` and `aes-gcm`.
//!
//! For targets without a C compiler. Private-key operations are always blinded. A signature takes 3 to 5 ms, so
//! [`LocalSigner`](crate::sign::LocalSigner) moves it off the async worker by default.
//!
//! Known deviation: OAEP decryption ignores the first octet of the padded block (a countermeasure of the `rsa` crate
//! against Manger's attack), so one invalid Wycheproof vector decrypts.

use std::{fmt, sync::Arc};

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{AeadInOut, Nonce},
};
use rsa::{
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey},
    traits::PublicKeyParts,
};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Aead, BadSignature, CryptoProvider, DecryptError, Digest, EncryptError, KeyLoadError, NONCE_LENGTH,
    OpenError, PrivateKey, PublicKey, SigningFailed,
};
use crate::types::ApiV3Key;

/// The RustCrypto backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct RustCrypto;

impl CryptoProvider for RustCrypto {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        let key =
            rsa::PublicKey::from_public_key_der(spki).map_err(|_| KeyLoadError::Backend("RSA public key"))?;
        Ok(Arc::new(RustCryptoPublicKey(key)))
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        let refused = |_| KeyLoadError::Backend("RSA private key");
        let key = rsa::PrivateKey::from_pkcs8_der(pkcs8).map_err(refused)?;
        key.validate()
            .map_err(|_| KeyLoadError::Backend("RSA private key"))?;
        let spki = key
            .to_public_key()
            .to_public_key_der()
            .map_err(|_| KeyLoadError::Backend("RSA private key"))?
            .into_vec();
        Ok(Arc::new(RustCryptoPrivateKey { key, spki }))
    }

    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        Ok(Arc::new(RustCryptoAead(Aes256Gcm::new(key.expose().into()))))
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        Sha256::digest(data).into()
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        Box::new(RustCryptoDigest(Sha1::new()))
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        Box::new(RustCryptoDigest(Sha256::new()))
    }

    fn signs_slowly(&self) -> bool {
        true
    }
}

fn sha256(message: &[&[u8]]) -> impl AsRef<[u8]> {
    let mut hasher = Sha256::new();
    for part in message {
        hasher.update(part);
    }
    hasher.finalize()
}

struct RustCryptoPublicKey(rsa::PublicKey);

impl fmt::Debug for RustCryptoPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RustCryptoPublicKey(..)")
    }
}

impl PublicKey for RustCryptoPublicKey {
    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        // A signature is exactly as long as the modulus.
        if signature.len() != self.0.size() {
            return Err(BadSignature);
        }
        self.0
            .pkcs1v15_verify_prehash::<Sha256>(sha256(message).as_ref(), signature)
            .map_err(|_| BadSignature)
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        self.0
            .oaep_encrypt::<Sha1>(plaintext)
            .map_err(|_| EncryptError::TooLong {
                length: plaintext.len(),
            })
    }
}

struct RustCryptoPrivateKey {
    key: rsa::PrivateKey,
    spki: Vec<u8>,
}

impl fmt::Debug for RustCryptoPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RustCryptoPrivateKey(..)")
    }
}

impl PrivateKey for RustCryptoPrivateKey {
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed> {
        self.key
            .pkcs1v15_sign_prehash::<Sha256>(sha256(message).as_ref())
            .map_err(|_| SigningFailed)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.key
            .oaep_decrypt::<Sha1>(ciphertext)
            .map(Zeroizing::new)
            .map_err(|_| DecryptError)
    }

    fn public_key_info(&self) -> &[u8] {
        &self.spki
    }
}

struct RustCryptoAead(Aes256Gcm);

impl fmt::Debug for RustCryptoAead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RustCryptoAead(..)")
    }
}

fn nonce(bytes: &[u8]) -> Result<Nonce<Aes256Gcm>, OpenError> {
    let bytes: [u8; NONCE_LENGTH] = bytes.try_into().map_err(|_| OpenError)?;
    Ok(bytes.into())
}

impl Aead for RustCryptoAead {
    fn open(
        &self,
        nonce_bytes: &[u8],
        associated_data: &[u8],
        mut sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let nonce = nonce(nonce_bytes)?;
        match self.0.decrypt_in_place(&nonce, associated_data, &mut sealed) {
            Ok(()) => Ok(Zeroizing::new(sealed)),
            Err(_) => {
                sealed.zeroize();
                Err(OpenError)
            }
        }
    }

    fn seal(
        &self,
        nonce_bytes: &[u8],
        associated_data: &[u8],
        mut plaintext: Vec<u8>,
    ) -> Result<Vec<u8>, OpenError> {
        let nonce = nonce(nonce_bytes)?;
        self.0
            .encrypt_in_place(&nonce, associated_data, &mut plaintext)
            .map_err(|_| OpenError)?;
        Ok(plaintext)
    }
}

struct RustCryptoDigest<D>(D);

impl<D: sha2::Digest + Send + Sync, const N: usize> Digest<N> for RustCryptoDigest<D>
where
    sha2::digest::Output<D>: Into<[u8; N]>,
{
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> [u8; N] {
        self.0.finalize().into()
    }
}
