//! Grammar of the `Authorization` header.

use proptest::prelude::*;
use wechatpay_core::{
    sign::{Authorization, MalformedAuthorization, SCHEME},
    types::{Mchid, SerialNumber},
};

use super::{MCHID, NONCE, NOW, SERIAL};

fn authorization(nonce: &str, timestamp: &str, signature: &str) -> Authorization {
    Authorization {
        mchid: MCHID.parse().unwrap(),
        nonce: nonce.into(),
        timestamp: timestamp.into(),
        serial: SERIAL.parse().unwrap(),
        signature: signature.into(),
    }
}

proptest! {
    #[test]
    fn a_header_is_parsed_back_and_invalid_parts_are_errors(
        nonce in "[ -~\u{0}\u{7F}é]{0,12}",
        timestamp in "[0-9\",]{0,10}",
        signature in "[A-Za-z0-9+/=\" ]{0,40}",
        mchid in "[0-9]{1,32}",
        serial in "[0-9A-F]{1,40}",
    ) {
        prop_assume!(!serial.trim_start_matches('0').is_empty());
        let made = Authorization {
            mchid: Mchid::parse(&mchid).unwrap(),
            serial: SerialNumber::parse(&serial).unwrap(),
            ..authorization(&nonce, &timestamp, &signature)
        };
        let sound = [&nonce, &timestamp, &signature].iter().all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b',')
        });
        match made.to_header_value() {
            Ok(value) => {
                prop_assert!(sound);
                prop_assert!(value.is_sensitive());
                prop_assert_eq!(Authorization::parse(value.to_str().unwrap()).unwrap(), made);
            }
            Err(_) => prop_assert!(!sound),
        }
    }

    #[test]
    fn no_header_panics_and_accepted_ones_round_trip(text in "(WECHATPAY2-SHA256-RSA2048 )?[a-z_=\", 0-9é]{0,80}") {
        if let Ok(read) = Authorization::parse(&text) {
            let printed = read.to_header_value().unwrap();
            prop_assert_eq!(Authorization::parse(printed.to_str().unwrap()).unwrap(), read);
        }
    }

    #[test]
    fn the_pairs_may_be_in_any_order(order in Just([0, 1, 2, 3, 4]).prop_shuffle()) {
        let pairs = [
            format!("mchid=\"{MCHID}\""),
            format!("nonce_str=\"{NONCE}\""),
            format!("timestamp=\"{NOW}\""),
            format!("serial_no=\"{SERIAL}\""),
            "signature=\"QUJD\"".to_owned(),
        ];
        let text: Vec<&str> = order.iter().map(|place| pairs[*place].as_str()).collect();
        let read = Authorization::parse(&format!("{SCHEME} {}", text.join(","))).unwrap();
        prop_assert_eq!(read, authorization(NONCE, &NOW.to_string(), "QUJD"));
    }
}

#[test]
fn a_header_that_is_not_exactly_the_scheme_and_its_five_pairs_is_rejected() {
    let sound = authorization(NONCE, "1700000000", "QUJD")
        .to_header_value()
        .unwrap();
    let sound = sound.to_str().unwrap();
    assert!(Authorization::parse(sound).is_ok());
    let malformed = [
        String::new(),
        SCHEME.to_owned(),
        format!("{SCHEME} "),
        sound.to_lowercase(),
        sound.replace("RSA2048 ", "RSA2048  "),
        sound.replace("RSA2048 ", "RSA2048\t"),
        sound.replace("RSA2048 ", "RSA2048"),
        sound.replace(SCHEME, "WECHATPAY2-SM2-WITH-SM3"),
        sound.replace(SCHEME, "Bearer"),
        format!(" {sound}"),
        format!("{sound} "),
        format!("{sound},"),
        format!("{sound},mchid=\"1900000002\""),
        format!("{sound},signature=\"QUJD\""),
        format!("{sound},realm=\"x\""),
        sound.replace(",timestamp", ", timestamp"),
        sound.replace(",timestamp", ";timestamp"),
        sound.replace("timestamp=", "timestamp:"),
        sound.replace("\"1700000000\"", "1700000000"),
        sound.replace("\"1700000000\"", "'1700000000'"),
        sound.replace("\"1700000000\"", "\"1700000000"),
        sound.replace("\"1700000000\"", "\"\""),
        sound.replace("\"1700000000\"", "\"\"1700000000\"\""),
        sound.replace("1700000000", "17 00"),
        sound.replace(MCHID, "merchant"),
        sound.replace(SERIAL, "no serial"),
        sound.replace(",timestamp=\"1700000000\"", ""),
        sound.replace("signature=\"QUJD\"", "signature="),
    ];
    for text in malformed {
        let error: Result<_, MalformedAuthorization> = Authorization::parse(&text);
        assert!(error.is_err(), "{text}");
    }
}
