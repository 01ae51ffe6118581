//! The obvious causes of a bad signature, each proven by a signature that fits.
//!
//! A handful of candidates is tried; what they do not explain stays unexplained.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::HOST;

use super::{Received, authorization::Claim, signature::message};
use crate::{shared::Shared, state::merchant::MerchantKey};

/// A proven cause.
pub(super) struct Diagnosis {
    pub(super) cause: &'static str,
    pub(super) hint: String,
}

/// Finds the cause, or gives up.
pub(super) fn of(
    shared: &Shared,
    key: &MerchantKey,
    received: &Received,
    claim: &Claim,
) -> Option<Diagnosis> {
    let Ok(signature) = STANDARD.decode(&claim.signature) else {
        return Some(Diagnosis {
            cause: "not-base64",
            hint: "the signature is not standard base64 with padding and without line ends".to_owned(),
        });
    };
    let other_text = candidates(received, claim).into_iter().find(|candidate| {
        key.public
            .verify(&[candidate.message.as_slice()], &signature)
            .is_ok()
    });
    if let Some(candidate) = other_text {
        return Some(Diagnosis {
            cause: candidate.cause,
            hint: candidate.hint.to_owned(),
        });
    }
    let message = message(received, claim);
    for merchant in shared.merchants.iter() {
        for other in &merchant.keys {
            if other.public.verify(&message, &signature).is_ok() {
                return Some(Diagnosis {
                    cause: "other-key",
                    hint: format!(
                        "the message is right, and it was signed with the key of certificate {} of merchant {}, not with the key of serial_no {}",
                        other.serial, merchant.mchid, key.serial
                    ),
                });
            }
        }
    }
    None
}

struct Candidate {
    cause: &'static str,
    hint: &'static str,
    message: Vec<u8>,
}

fn candidates(received: &Received, claim: &Claim) -> Vec<Candidate> {
    let right = message(received, claim).concat();
    let lines = |method: &str, target: &str, body: &[u8]| {
        let head = format!("{method}\n{target}\n{}\n{}\n", claim.timestamp, claim.nonce);
        [head.as_bytes(), body, b"\n"].concat()
    };
    let method = received.method.as_str();
    let host = received
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let mut candidates = vec![
        Candidate {
            cause: "last-line-end-missing",
            hint: "the last line needs a line end too, even behind an empty body",
            message: right.strip_suffix(b"\n").unwrap_or(&right).to_vec(),
        },
        Candidate {
            cause: "query-left-out",
            hint: "line 2 is the path with its query, exactly as it is sent; the query was left out",
            message: lines(method, received.path(), &received.signed),
        },
        Candidate {
            cause: "method-in-lower-case",
            hint: "line 1 is the method in upper case",
            message: lines(&method.to_ascii_lowercase(), &received.target, &received.signed),
        },
        Candidate {
            cause: "url-with-host",
            hint: "line 2 begins with the path; scheme and host do not belong to it",
            message: lines(
                method,
                &format!("http://{host}{}", received.target),
                &received.signed,
            ),
        },
        Candidate {
            cause: "carriage-returns",
            hint: "lines end in LF alone; these ended in CR LF",
            message: String::from_utf8_lossy(&right).replace('\n', "\r\n").into_bytes(),
        },
    ];
    if received.is_upload() {
        candidates.push(Candidate {
            cause: "whole-upload-signed",
            hint: "of an upload only the text of the part meta is signed; the whole form was",
            message: lines(method, &received.target, &received.body),
        });
    }
    if !received.signed.is_empty() {
        candidates.push(Candidate {
            cause: "body-left-out",
            hint: "line 5 is the body, exactly the bytes that are sent; it was left out",
            message: lines(method, &received.target, b""),
        });
    }
    candidates
}
