//! Unambiguity of signed messages.

use bytes::Bytes;
use proptest::prelude::*;
use wechatpay_core::{sign::SigningMessage, verify::SignatureHeaders};

use super::{NONCE, NOW, rigs};

/// Returns all ways to split `message` into `lines` lines and a body.
fn cuts(message: &[u8], lines: usize) -> Vec<Vec<Vec<u8>>> {
    let content = message.strip_suffix(b"\n").unwrap_or(message);
    if lines == 0 {
        return vec![vec![content.to_vec()]];
    }
    let ends = (0..content.len()).filter(|place| content[*place] == b'\n');
    ends.flat_map(|end| {
        let (line, rest) = (&message[..end], &message[end + 1..]);
        cuts(rest, lines - 1).into_iter().map(move |mut cut| {
            cut.insert(0, line.to_vec());
            cut
        })
    })
    .collect()
}

#[tokio::test]
async fn a_line_end_moved_from_the_body_into_a_header_is_refused() {
    for rig in rigs() {
        let body = "first\nsecond\nthird";
        let genuine = rig.sign(&NOW.to_string(), NONCE, body);
        let message = format!("{NOW}\n{NONCE}\n{body}\n");
        let (mut accepted, mut refused) = (0, 0);
        for cut in cuts(message.as_bytes(), 2) {
            let headers = genuine
                .with("Wechatpay-Timestamp", &cut[0])
                .with("Wechatpay-Nonce", &cut[1]);
            let body = String::from_utf8(cut[2].clone()).unwrap();
            match rig.verify(&headers, &body).await {
                Ok(_) => accepted += 1,
                Err(error) => {
                    assert_eq!(error.code(), "header_malformed", "{}: {cut:?}", rig.name);
                    refused += 1;
                }
            }
        }
        assert_eq!((accepted, refused), (1, 5), "{}", rig.name);
    }
}

proptest! {
    #[test]
    fn no_two_requests_that_are_accepted_give_the_same_message(
        method in "[A-Z\n\r\0]{0,3}",
        path in "[/a\n\r\0]{0,4}",
        timestamp in "[0-9\n\r\0]{0,4}",
        nonce in "[a\n\r\0]{0,4}",
        body in "[a\n\r\0]{0,8}",
    ) {
        let made = SigningMessage::request(&method, &path, &timestamp, &nonce, body.clone().into());
        let lines = [&method, &path, &timestamp, &nonce];
        let sound = lines.iter().all(|line| !line.contains(['\n', '\r', '\0']));
        prop_assert_eq!(made.is_ok(), sound);
        let Ok(message) = made else { return Ok(()) };
        let message = message.to_vec();
        // Every other reading of the same bytes has a line end in a line.
        for cut in cuts(&message, 4) {
            let text: Vec<&str> = cut.iter().map(|part| std::str::from_utf8(part).unwrap()).collect();
            let again =
                SigningMessage::request(text[0], text[1], text[2], text[3], Bytes::copy_from_slice(&cut[4]));
            if let Ok(again) = again {
                prop_assert_eq!(again.to_vec(), message.clone());
                prop_assert_eq!(
                    (text[0], text[1], text[2], text[3], text[4]),
                    (&*method, &*path, &*timestamp, &*nonce, &*body)
                );
            }
        }
    }

    #[test]
    fn no_two_invocations_that_are_accepted_give_the_same_message(
        appid in "[a\n\r\0]{0,3}",
        timestamp in "[0-9\n\r\0]{0,3}",
        nonce in "[a\n\r\0]{0,3}",
        package in "[a=\n\r\0]{0,5}",
    ) {
        let made = SigningMessage::invoke(&appid, &timestamp, &nonce, &package);
        let lines = [&appid, &timestamp, &nonce, &package];
        prop_assert_eq!(made.is_ok(), lines.iter().all(|line| !line.contains(['\n', '\r', '\0'])));
        if let Ok(message) = made {
            let text = String::from_utf8(message.to_vec()).unwrap();
            let read: Vec<&str> = text.split_terminator('\n').collect();
            prop_assert_eq!(read, lines.map(std::string::String::as_str));
        }
    }

    #[test]
    fn accepted_headers_contain_no_line_end(
        timestamp in "[0-9\n]{9,11}",
        nonce in "[a-c\n\r\0 ,]{0,4}",
    ) {
        let pairs = [
            ("Wechatpay-Timestamp", timestamp.as_bytes()),
            ("Wechatpay-Nonce", nonce.as_bytes()),
            ("Wechatpay-Signature", b"AAAA".as_slice()),
            ("Wechatpay-Serial", b"AB"),
        ];
        let sound = timestamp.len() == 10
            && !timestamp.contains('\n')
            && !nonce.is_empty()
            && !nonce.contains(['\n', '\r', '\0', ' ', ',']);
        prop_assert_eq!(SignatureHeaders::from_pairs(pairs).is_ok(), sound);
    }
}
