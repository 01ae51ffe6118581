//! Vectors of Project Wycheproof with each backend.
//!
//! Each test prints the number of cases and checks it, so that a smaller set is detected.

use wechatpay_core::{
    crypto::{KeyLoadError, MIN_MODULUS_BITS, RsaPublicKeyInfo},
    types::ApiV3Key,
};
use wycheproof::{TestResult, aead, rsa_oaep, rsa_pkcs1_verify};

use crate::support::providers;

/// Invalid ciphertexts that a backend decrypts: backend, case, reason.
const OAEP_DEVIATIONS: [(&str, usize, &str); 1] = [(
    "rust-crypto",
    23,
    "the `rsa` crate ignores the first octet of the padded block on purpose, against Manger's attack",
)];

#[test]
fn rsa_verification_with_sha256_matches_the_vectors() {
    use rsa_pkcs1_verify::{TestName, TestSet};

    for (name, provider) in providers() {
        let (mut valid, mut invalid, mut acceptable) = (0, 0, 0);
        for set in [
            TestName::Rsa2048Sha256,
            TestName::Rsa3072Sha256,
            TestName::Rsa4096Sha256,
            TestName::Rsa8192Sha256,
        ] {
            for group in TestSet::load(set).unwrap().test_groups {
                let key = provider.public_key(&group.der).unwrap();
                for test in group.tests {
                    let verified = key.verify(&[&test.msg], &test.sig).is_ok();
                    let case = format!("{name}: {set:?} case {} ({})", test.tc_id, test.comment);
                    match test.result {
                        TestResult::Valid => {
                            assert!(verified, "{case} must verify");
                            valid += 1;
                        }
                        TestResult::Invalid => {
                            assert!(!verified, "{case} must be refused");
                            invalid += 1;
                        }
                        // A DigestInfo without its NULL. Nobody makes one any more; both backends refuse it.
                        TestResult::Acceptable => {
                            assert!(!verified, "{case} should be refused");
                            acceptable += 1;
                        }
                    }
                }
            }
        }
        println!(
            "{name}: RSA PKCS#1 v1.5 SHA-256: {valid} valid accepted, {invalid} invalid refused, {acceptable} acceptable refused"
        );
        assert_eq!((valid, invalid, acceptable), (31, 999, 4), "{name}");
    }
}

#[test]
fn a_signature_with_another_hash_does_not_verify() {
    use rsa_pkcs1_verify::{TestFlag, TestName, TestSet};

    for (name, provider) in providers() {
        let (mut refused, mut sha256) = (0, 0);
        for set in [
            TestName::Rsa2048Sha224,
            TestName::Rsa2048Sha384,
            TestName::Rsa2048Sha512,
            TestName::Rsa2048Sha3_256,
        ] {
            for group in TestSet::load(set).unwrap().test_groups {
                let key = provider.public_key(&group.der).unwrap();
                for test in group.tests {
                    if key.verify(&[&test.msg], &test.sig).is_err() {
                        refused += 1;
                    } else {
                        // In a set for another hash this one is the wrong hash, and so in truth ours.
                        assert!(
                            test.flags.contains(&TestFlag::WrongHash),
                            "{name}: {set:?} case {} ({})",
                            test.tc_id,
                            test.comment
                        );
                        sha256 += 1;
                    }
                }
            }
        }
        println!("{name}: RSA PKCS#1 v1.5 other hashes: {refused} refused, {sha256} in truth SHA-256");
        assert_eq!((refused, sha256), (1028, 4), "{name}");
    }
}

#[test]
fn small_exponents_are_rejected_before_a_backend_sees_them() {
    use rsa_pkcs1_verify::{TestName, TestSet};

    let mut weak = 0;
    for group in TestSet::load(TestName::Rsa2048Sha256).unwrap().test_groups {
        match RsaPublicKeyInfo::parse(&group.der) {
            Ok(info) => assert_eq!((info.modulus_bits, info.exponent), (MIN_MODULUS_BITS, 65537)),
            Err(error) => {
                assert_eq!(error, KeyLoadError::WeakExponent);
                weak += 1;
            }
        }
    }
    assert_eq!(weak, 2);
}

#[test]
fn oaep_decryption_matches_the_vectors() {
    use rsa_oaep::{TestName, TestSet};

    for (name, provider) in providers() {
        let (mut opened, mut refused, mut labelled, mut deviations) = (0, 0, 0, 0);
        for group in TestSet::load(TestName::Rsa2048Sha1Mgf1Sha1).unwrap().test_groups {
            let key = provider.private_key(&group.pkcs8).unwrap();
            for test in group.tests {
                let case = format!("{name}: case {} ({})", test.tc_id, test.comment);
                let plaintext = key.decrypt(&test.ct).ok();
                if !test.label.is_empty() {
                    // The platform uses no label, so this crate has none: such a text must not open.
                    assert!(plaintext.is_none(), "{case} has a label");
                    labelled += 1;
                } else if test.result == TestResult::Valid {
                    assert_eq!(
                        plaintext.as_deref().map(Vec::as_slice),
                        Some(test.pt.as_slice()),
                        "{case}"
                    );
                    opened += 1;
                } else if OAEP_DEVIATIONS
                    .iter()
                    .any(|(backend, number, _)| (*backend, *number) == (name, test.tc_id))
                {
                    assert!(
                        plaintext.is_some(),
                        "{case} is no deviation any more: take it out of the list"
                    );
                    deviations += 1;
                } else {
                    assert!(plaintext.is_none(), "{case} must not open");
                    refused += 1;
                }
            }
        }
        println!(
            "{name}: RSA-OAEP SHA-1 2048: {opened} valid opened, {refused} invalid refused, {labelled} labelled refused, {deviations} known deviations"
        );
        assert_eq!((opened, refused + deviations, labelled), (10, 19, 7), "{name}");
    }
}

#[test]
fn aes_256_gcm_decryption_matches_the_vectors() {
    use aead::{TestName, TestSet};

    for (name, provider) in providers() {
        let (mut opened, mut refused, mut other_nonces) = (0, 0, 0);
        for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
            if group.key_size != 256 {
                continue;
            }
            assert_eq!(group.tag_size, 128);
            for test in group.tests {
                let case = format!("{name}: case {} ({})", test.tc_id, test.comment);
                let key = ApiV3Key::from_test_bytes(test.key.as_slice().try_into().unwrap());
                let aead = provider.aead(&key).unwrap();
                let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
                let plaintext = aead.open(&test.nonce, &test.aad, sealed.clone()).ok();
                if group.nonce_size != 96 {
                    // The platform's nonces have 12 bytes; a generic GCM would take any length.
                    assert!(
                        plaintext.is_none(),
                        "{case} has a nonce of {} bits",
                        group.nonce_size
                    );
                    other_nonces += 1;
                } else if test.result == TestResult::Valid {
                    assert_eq!(
                        plaintext.as_deref().map(Vec::as_slice),
                        Some(test.pt.as_slice()),
                        "{case}"
                    );
                    let again = aead.seal(&test.nonce, &test.aad, test.pt.to_vec()).unwrap();
                    assert_eq!(again, sealed, "{case} seals to something else");
                    opened += 1;
                } else {
                    assert!(plaintext.is_none(), "{case} must not open");
                    refused += 1;
                }
            }
        }
        println!(
            "{name}: AES-256-GCM: {opened} valid opened, {refused} invalid refused, {other_nonces} with other nonce lengths refused"
        );
        assert_eq!((opened, refused, other_nonces), (39, 27, 39), "{name}");
    }
}

/// Checks the container of encrypted bills: no associated data, nonces from 12 bytes.
#[test]
#[cfg(feature = "encrypted-bills")]
fn bill_decryption_matches_the_vectors() {
    use aead::{TestName, TestSet};
    use wechatpay_core::crypto::aead_stream::StreamKey;

    let (mut opened, mut refused, mut lengths) = (0, 0, std::collections::BTreeSet::new());
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        for test in group.tests {
            if group.key_size != 256 || !test.aad.is_empty() {
                continue;
            }
            let case = format!("case {} ({})", test.tc_id, test.comment);
            let Ok(key) = StreamKey::new(&test.key, &test.nonce) else {
                assert!(!(12..=64).contains(&test.nonce.len()), "{case}");
                continue;
            };
            let mut authenticator = key.authenticate();
            for piece in test.ct.chunks(7) {
                authenticator.update(piece).unwrap();
            }
            let decryptor = authenticator.finish(test.tag.as_slice().try_into().unwrap());
            assert_eq!(decryptor.is_ok(), test.result == TestResult::Valid, "{case}");
            let Ok(mut decryptor) = decryptor else {
                refused += 1;
                continue;
            };
            let mut text = test.ct.to_vec();
            for piece in text.chunks_mut(5) {
                decryptor.apply(piece).unwrap();
            }
            assert_eq!(text, test.pt.as_slice(), "{case}");
            opened += 1;
            lengths.insert(test.nonce.len());
        }
    }
    println!("bills: {opened} valid opened, {refused} invalid refused, nonces of {lengths:?} bytes");
    assert_eq!((opened, refused), (44, 27));
}
