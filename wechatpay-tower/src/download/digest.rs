//! Digests that the platform announces for a file.

use wechatpay_core::{
    api::bills::HashType,
    crypto::{CryptoProvider, Sha1, Sha256},
};

use super::DownloadError;

/// Expected digest of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl Expected {
    /// Reads a digest in either case.
    pub(super) fn read(hash_type: &HashType, text: &str) -> Result<Self, DownloadError> {
        match hash_type.as_str() {
            "SHA1" => hexadecimal(text).map(Self::Sha1),
            "SHA256" => hexadecimal(text).map(Self::Sha256),
            _ => Err(DownloadError::UnsupportedHash(hash_type.clone())),
        }
    }

    /// Starts a digest of the same kind.
    pub(super) fn digest(&self, provider: &dyn CryptoProvider) -> Digest {
        match self {
            Self::Sha1(_) => Digest::Sha1(Sha1::with(provider)),
            Self::Sha256(_) => Digest::Sha256(Sha256::with(provider)),
        }
    }
}

/// Incremental digest.
pub(super) enum Digest {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Digest {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(digest) => digest.update(bytes),
            Self::Sha256(digest) => digest.update(bytes),
        }
    }

    pub(super) fn finish(self) -> Expected {
        match self {
            Self::Sha1(digest) => Expected::Sha1(digest.finish()),
            Self::Sha256(digest) => Expected::Sha256(digest.finish()),
        }
    }
}

fn hexadecimal<const N: usize>(text: &str) -> Result<[u8; N], DownloadError> {
    let mut digest = [0; N];
    match base16ct::mixed::decode(text, &mut digest) {
        Ok(bytes) if bytes.len() == N => Ok(digest),
        _ => Err(DownloadError::MalformedHash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_the_digits_of_its_kind_in_either_case() {
        let sha1 = "79bb0f45fc4c42234a918000b2668d689e2bde04";
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for (hash_type, text) in [("SHA1", sha1), ("SHA256", sha256)] {
            let hash_type = HashType::from(hash_type);
            let lower = Expected::read(&hash_type, text).unwrap();
            assert_eq!(lower, Expected::read(&hash_type, &text.to_uppercase()).unwrap());
            for bad in [
                "",
                &text[1..],
                &format!("{text}0"),
                &format!("{text}00"),
                &text.replace('7', "g"),
                &text.replace("7", "+"),
            ] {
                assert!(
                    matches!(Expected::read(&hash_type, bad), Err(DownloadError::MalformedHash)),
                    "{bad}"
                );
            }
        }
        let Expected::Sha1(digest) = Expected::read(&HashType::Sha1, sha1).unwrap() else {
            panic!("another kind")
        };
        assert_eq!((digest[0], digest[19]), (0x79, 0x04));
        assert!(matches!(
            Expected::read(&HashType::Sha1, sha256),
            Err(DownloadError::MalformedHash)
        ));
        for other in ["SM3", "sha256", "SHA512", ""] {
            let error = Expected::read(&other.into(), sha256).unwrap_err();
            assert!(matches!(error, DownloadError::UnsupportedHash(_)), "{other}");
            assert!(error.to_string().contains(other), "{error}");
        }
    }
}
