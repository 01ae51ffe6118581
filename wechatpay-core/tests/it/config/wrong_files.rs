//! Files of another kind, with the kind in the message.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_PUBLIC_KEY_ID, DemoKey, public_key_pem},
};

use super::{
    certificate, directory, invalid_fields, private_key, public_key, serial_octets, sound, validate, with,
    without,
};

#[test]
fn keys_without_pem_lines_or_in_base64_are_named() {
    let pem = private_key();
    let between = |pem: &str| -> String { pem.lines().filter(|line| !line.starts_with('-')).collect() };
    let lines = pem
        .replace("-----BEGIN PRIVATE KEY-----\n", "")
        .replace("-----END PRIVATE KEY-----\n", "");
    let escaped = lines.replace('\n', "\\n");
    for key in [between(&pem), lines, escaped] {
        let shown = validate(&with(sound(), "private_key", key))
            .unwrap_err()
            .to_string();
        assert!(
            shown.contains("put -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- around it"),
            "{shown}"
        );
    }
    let public = public_key(default_provider().unwrap().as_ref());
    let certificate = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let pinned = with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID);
    for (settings, field, text) in [
        (sound(), "private_key", &pem),
        (pinned, "public_key", &public),
        (sound(), "certificate", &certificate),
    ] {
        let shown = validate(&with(settings.clone(), field, between(text)))
            .unwrap_err()
            .to_string();
        assert!(
            shown.contains(field) && shown.contains("put -----BEGIN "),
            "{shown}"
        );
        for twice in [STANDARD.encode(text), format!("{}\n", STANDARD.encode(text))] {
            let shown = validate(&with(settings.clone(), field, twice))
                .unwrap_err()
                .to_string();
            assert!(shown.contains(field) && shown.contains("base64 -d"), "{shown}");
        }
    }
    // A key in DER, as `openssl -outform DER` writes it.
    let directory = directory("der");
    let path = directory.join("key.der");
    std::fs::write(&path, DemoKey::Merchant.pkcs8()).unwrap();
    let file = with(
        without(sound(), "private_key"),
        "private_key_file",
        path.to_str().unwrap(),
    );
    let shown = validate(&file).unwrap_err().to_string();
    assert!(shown.contains("(DER)") && shown.contains("openssl"), "{shown}");
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn the_kind_of_a_wrong_file_is_reported() {
    // The beginning of a PKCS#12 container: version 3, then data.
    let content = [
        0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01,
    ];
    let p12 = [&[0x30, 0x10, 0x02, 0x01, 0x03][..], &content].concat();
    let directory = directory("kinds");
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let in_file = |path: String| with(without(sound(), "private_key"), "private_key_file", path);
    let mine = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let bare_certificate: String = mine.lines().filter(|line| !line.starts_with('-')).collect();
    for (settings, expected) in [
        (in_file(file("apiclient_cert.p12", &p12)), "PKCS#12"),
        (with(sound(), "private_key", STANDARD.encode(&p12)), "PKCS#12"),
        (
            in_file(file("apiclient_cert.pem", mine.as_bytes())),
            "this is a certificate",
        ),
        (
            with(sound(), "private_key", bare_certificate),
            "this is a certificate",
        ),
        (
            in_file(file("both.pem", format!("{mine}{}", private_key()).as_bytes())),
            "use a text with a private key alone",
        ),
        (in_file(file("huge.pem", &[b'A'; 100_000])), "too large"),
        (with(sound(), "private_key", "QUJD"), "no PEM text"),
    ] {
        let shown = validate(&settings).unwrap_err().to_string();
        assert!(
            shown.contains(expected) && shown.contains("private_key"),
            "{expected}: {shown}"
        );
    }
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn the_merchants_own_certificate_is_not_the_platforms_public_key() {
    let pinned = |pem: &str| {
        with(
            with(sound(), "public_key_id", DEMO_PUBLIC_KEY_ID),
            "public_key",
            pem,
        )
    };
    let mine = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let provider = default_provider().unwrap();
    let half = public_key_pem(
        DemoKey::Merchant
            .load(provider.as_ref())
            .unwrap()
            .public_key_info(),
    );
    for own in [mine.as_str(), half.as_str()] {
        let problems = validate(&pinned(own)).unwrap_err();
        assert_eq!(problems.iter().count(), 1, "{problems}");
        assert!(problems.to_string().contains("merchant's own"), "{problems}");
    }
    // Nor is any other certificate.
    let platform = certificate(DemoKey::Platform1, &[0x51], 1000);
    let problems = validate(&pinned(&platform)).unwrap_err();
    assert!(problems.to_string().contains("is a certificate"), "{problems}");
    assert_eq!(invalid_fields(&pinned(&platform)), ["public_key"]);
}
