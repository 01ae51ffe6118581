//! The five headers: present, once, and in their grammar.

use wechatpay_core::verify::{SignatureHeader, VerifyError};

use super::{BODY, Headers, NOW, rigs};

#[tokio::test]
async fn each_missing_header_is_refused_by_name() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let headers = rig.headers().without(header.as_str());
            if header == SignatureHeader::SignatureType {
                assert!(rig.verify(&headers, BODY).await.is_ok(), "{}", rig.name);
                continue;
            }
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(error, VerifyError::HeaderMissing(missing) if missing == header),
                "{}: {error:?}",
                rig.name
            );
        }
        let error = rig.refusal(&Headers(Vec::new())).await;
        assert_eq!(error.code(), "header_missing", "{}", rig.name);
    }
}

#[tokio::test]
async fn only_the_rsa_signature_type_is_accepted() {
    for rig in rigs() {
        for other in [
            "",
            " ",
            "none",
            "wechatpay2-sha256-rsa2048",
            "WECHATPAY2-SHA256-RSA2048 ",
            " WECHATPAY2-SHA256-RSA2048",
            "WECHATPAY2-SHA256-RSA2048,WECHATPAY2-SHA256-RSA2048",
            "WECHATPAY2-SM2-WITH-SM3",
            "WECHATPAY2-SHA1-RSA2048",
            "WECHATPAY2-SHA256-RSA2048-PSS",
            "SHA256-RSA2048",
        ] {
            let headers = rig.headers().with("Wechatpay-Signature-Type", other);
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(error, VerifyError::AlgorithmUnsupported),
                "{}: {other:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn each_header_may_occur_only_once_whatever_its_values_case_and_place() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let genuine = rig.headers();
            let value = genuine.get(header.as_str()).to_vec();
            for second in [value.clone(), b"x".to_vec(), Vec::new()] {
                for name in [
                    header.as_str().to_owned(),
                    header.as_str().to_uppercase(),
                    header.to_string(),
                ] {
                    let behind = genuine.clone().and(&name, &second);
                    let mut in_front = genuine.clone();
                    in_front.0.insert(0, (name.clone(), second.clone()));
                    for headers in [behind, in_front] {
                        let error = rig.refusal(&headers).await;
                        assert!(
                            matches!(error, VerifyError::HeaderDuplicate(doubled) if doubled == header),
                            "{}: {name} gave {error:?}",
                            rig.name
                        );
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn values_that_a_proxy_joined_with_a_comma_are_rejected() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let genuine = rig.headers();
            let value = String::from_utf8(genuine.get(header.as_str()).to_vec()).unwrap();
            for joined in [
                format!("{value},{value}"),
                format!("{value}, {value}"),
                format!("{value},"),
                format!(",{value}"),
            ] {
                let error = rig.refusal(&genuine.with(header.as_str(), &joined)).await;
                assert!(
                    matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                    "{}: {header} gave {error:?}",
                    rig.name
                );
            }
        }
    }
}

#[tokio::test]
async fn blanks_control_bytes_and_bytes_beyond_ascii_are_refused_anywhere_in_any_header() {
    let bad = (0_u8..=0x20).chain(0x7F..=0xFF);
    for rig in rigs() {
        let genuine = rig.headers();
        for byte in bad.clone() {
            for header in SignatureHeader::ALL {
                let value = genuine.get(header.as_str());
                for place in [0, 1, value.len() / 2, value.len()] {
                    let mut bent = value.to_vec();
                    bent.insert(place, byte);
                    let error = rig.refusal(&genuine.with(header.as_str(), &bent)).await;
                    assert!(
                        matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                        "{}: {byte:#04x} in {header} gave {error:?}",
                        rig.name
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn empty_values_are_malformed_and_not_missing() {
    for rig in rigs() {
        for header in SignatureHeader::ALL {
            let error = rig.refusal(&rig.headers().with(header.as_str(), "")).await;
            assert!(
                matches!(error.code(), "header_malformed" | "algorithm_unsupported"),
                "{}: {header} gave {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_nonce_has_1_to_128_characters_and_is_not_a_list() {
    for rig in rigs() {
        for good in ["0", "-._~!*'()@/?=+:&%$#<>[]{}|^`\\", &"n".repeat(128)] {
            let headers = rig.sign(&NOW.to_string(), good, BODY);
            assert!(rig.verify(&headers, BODY).await.is_ok(), "{}: {good}", rig.name);
        }
        for bad in [
            "",
            "a,b",
            "a;b",
            "\"a\"",
            "a b",
            "a\nb",
            &"n".repeat(129),
            &"n".repeat(100_000),
        ] {
            let error = rig.refusal(&rig.sign(&NOW.to_string(), bad, BODY)).await;
            assert_eq!(error.code(), "header_malformed", "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_serial_is_hexadecimal_or_a_public_key_id_of_at_most_64_characters() {
    for rig in rigs() {
        for bad in [
            "0",
            "+1F",
            "-1F",
            "0x1F",
            "AB_CD_EF",
            "1F:2A",
            "constructor",
            "../../etc/passwd",
            "PUB_KEY_ID_",
            "pub_key_id_0119000000012024101500000000000001",
            "PUB_KEY_ID_011900000001-2024",
            &"F".repeat(41),
            &"0".repeat(65),
            &format!("PUB_KEY_ID_{}", "1".repeat(54)),
            &"F".repeat(100_000),
        ] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", bad)).await;
            assert!(
                matches!(
                    error,
                    VerifyError::HeaderMalformed {
                        header: SignatureHeader::Serial,
                        ..
                    }
                ),
                "{}: {bad:.40} gave {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_signature_is_canonical_standard_base64_of_at_most_1024_characters() {
    for rig in rigs() {
        let genuine = String::from_utf8(rig.headers().get("Wechatpay-Signature").to_vec()).unwrap();
        let malformed = [
            genuine.replace('+', "-").replace('/', "_"),
            genuine.trim_end_matches('=').to_owned(),
            format!("{genuine}="),
            format!(
                "{}B==",
                genuine
                    .trim_end_matches("==")
                    .strip_suffix(|_: char| true)
                    .unwrap()
            ),
            genuine.replacen('A', "*", 1).replacen('B', "*", 1),
            "A".repeat(1028),
            "A".repeat(100_000),
        ];
        for bad in malformed {
            let headers = rig.headers().with("Wechatpay-Signature", &bad);
            if headers.get("Wechatpay-Signature") == genuine.as_bytes() {
                continue; // this signature happens to hold none of the characters that were to be replaced
            }
            let error = rig.refusal(&headers).await;
            assert_eq!(error.code(), "header_malformed", "{}: {bad:.40}", rig.name);
        }
        for other_length in ["AAAA".repeat(256), "AAAA".to_owned(), format!("AAAA{genuine}")] {
            let error = rig
                .refusal(&rig.headers().with("Wechatpay-Signature", &other_length))
                .await;
            assert_eq!(error.code(), "signature_invalid", "{}", rig.name);
        }
    }
}
