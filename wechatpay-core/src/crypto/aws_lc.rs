//! The default backend: [aws-lc-rs](https://docs.rs/aws-lc-rs).
//!
//! Constant-time private-key operations at the speed of the hardware. Building it needs a C compiler.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest,
    rsa::{
        OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
        PublicEncryptingKey,
    },
    signature::{
        KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    },
};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Aead, BadSignature, CryptoProvider, DecryptError, Digest, EncryptError, KeyLoadError, OpenError,
    PrivateKey, PublicKey, SigningFailed, spki,
};
use crate::types::ApiV3Key;

/// The aws-lc-rs backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct AwsLc;

impl CryptoProvider for AwsLc {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        let verify = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)
            .parse()
            .map_err(|_| KeyLoadError::Backend("RSA public key"))?;
        let encrypt = PublicEncryptingKey::from_der(spki)
            .and_then(|key| OaepPublicEncryptingKey::new(key).map_err(Into::into))
            .map_err(|_| KeyLoadError::Backend("RSA public key"))?;
        Ok(Arc::new(AwsLcPublicKey { verify, encrypt }))
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        let sign = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyLoadError::Backend("RSA private key"))?;
        let decrypt = PrivateDecryptingKey::from_pkcs8(pkcs8)
            .and_then(|key| OaepPrivateDecryptingKey::new(key).map_err(Into::into))
            .map_err(|_| KeyLoadError::Backend("RSA private key"))?;
        let spki = spki::from_pkcs1(sign.public_key().as_ref())?;
        Ok(Arc::new(AwsLcPrivateKey { sign, decrypt, spki }))
    }

    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        let key =
            UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| KeyLoadError::Backend("AES-256 key"))?;
        Ok(Arc::new(AwsLcAead(LessSafeKey::new(key))))
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(sha256(&[data]).as_ref());
        out
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        Box::new(AwsLcDigest(digest::Context::new(
            &digest::SHA1_FOR_LEGACY_USE_ONLY,
        )))
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        Box::new(AwsLcDigest(digest::Context::new(&digest::SHA256)))
    }
}

/// Computes SHA-256 over parts without copying them into one buffer.
fn sha256(message: &[&[u8]]) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in message {
        context.update(part);
    }
    context.finish()
}

struct AwsLcPublicKey {
    verify: ParsedPublicKey,
    encrypt: OaepPublicEncryptingKey,
}

impl fmt::Debug for AwsLcPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsLcPublicKey(..)")
    }
}

impl PublicKey for AwsLcPublicKey {
    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        self.verify
            .verify_digest_sig(&sha256(message), signature)
            .map_err(|_| BadSignature)
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let mut ciphertext = vec![0; self.encrypt.ciphertext_size()];
        let length = self
            .encrypt
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)
            .map_err(|_| EncryptError::TooLong {
                length: plaintext.len(),
            })?
            .len();
        ciphertext.truncate(length);
        Ok(ciphertext)
    }
}

struct AwsLcPrivateKey {
    sign: RsaKeyPair,
    decrypt: OaepPrivateDecryptingKey,
    spki: Vec<u8>,
}

impl fmt::Debug for AwsLcPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsLcPrivateKey(..)")
    }
}

impl PrivateKey for AwsLcPrivateKey {
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed> {
        let mut signature = vec![0; self.sign.public_modulus_len()];
        self.sign
            .sign_digest(&RSA_PKCS1_SHA256, &sha256(message), &mut signature)
            .map_err(|_| SigningFailed)?;
        Ok(signature)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let mut plaintext = Zeroizing::new(vec![0; self.decrypt.min_output_size()]);
        let length = self
            .decrypt
            .decrypt(&OAEP_SHA1_MGF1SHA1, ciphertext, &mut plaintext, None)
            .map_err(|_| DecryptError)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    fn public_key_info(&self) -> &[u8] {
        &self.spki
    }
}

struct AwsLcAead(LessSafeKey);

impl fmt::Debug for AwsLcAead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsLcAead(..)")
    }
}

impl Aead for AwsLcAead {
    fn open(
        &self,
        nonce: &[u8],
        associated_data: &[u8],
        mut sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError)?;
        match self
            .0
            .open_in_place(nonce, Aad::from(associated_data), &mut sealed)
        {
            Ok(plaintext) => {
                let length = plaintext.len();
                sealed.truncate(length);
                Ok(Zeroizing::new(sealed))
            }
            Err(_) => {
                sealed.zeroize();
                Err(OpenError)
            }
        }
    }

    fn seal(
        &self,
        nonce: &[u8],
        associated_data: &[u8],
        mut plaintext: Vec<u8>,
    ) -> Result<Vec<u8>, OpenError> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError)?;
        self.0
            .seal_in_place_append_tag(nonce, Aad::from(associated_data), &mut plaintext)
            .map_err(|_| OpenError)?;
        Ok(plaintext)
    }
}

struct AwsLcDigest(digest::Context);

impl<const N: usize> Digest<N> for AwsLcDigest {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> [u8; N] {
        let mut out = [0; N];
        out.copy_from_slice(self.0.finish().as_ref());
        out
    }
}
