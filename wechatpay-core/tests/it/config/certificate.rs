//! Certificate of the merchant: serial, matching key, expiry.

use wechatpay_core::{Clock, sign::Signer as _, testing::DemoKey, types::DateTime};

use super::{
    SERIAL, certificate, config, directory, invalid_fields, private_key, serial_octets, sound, validate,
    with, without,
};
use crate::support::log::Log;

#[test]
fn a_certificate_provides_the_serial_and_must_match_the_private_key() {
    let pem = certificate(DemoKey::Merchant, &serial_octets(), 1000);
    let by_certificate = with(without(sound(), "serial_no"), "certificate", pem.as_str());
    let settings = validate(&by_certificate).unwrap();
    assert_eq!(settings.signer.serial().as_str(), SERIAL);
    assert!(settings.signer.expires_at().is_some());
    assert_eq!(validate(&sound()).unwrap().signer.expires_at(), None);

    // A leading zero is kept, as openssl prints it.
    let zero = certificate(DemoKey::Merchant, &[0x0C, 0x4A], 1000);
    let settings = validate(&with(without(sound(), "serial_no"), "certificate", zero.as_str())).unwrap();
    assert_eq!(settings.signer.serial().as_str(), "0C4A");
    let both = with(with(sound(), "serial_no", "c4a"), "certificate", zero.as_str());
    assert_eq!(validate(&both).unwrap().signer.serial().as_str(), "C4A");

    let both = with(sound(), "certificate", pem.as_str());
    assert!(validate(&both).is_ok());
    let other = certificate(DemoKey::OtherMerchant, &serial_octets(), 1000);
    for (settings, expected) in [
        (with(both.clone(), "serial_no", "5157"), "serial_no"),
        (with(both.clone(), "certificate", other), "certificate"),
        (with(both.clone(), "certificate", private_key()), "certificate"),
        (with(both.clone(), "certificate", "-----BEGIN"), "certificate"),
        (
            with(both.clone(), "certificate_file", "apiclient_cert.pem"),
            "certificate",
        ),
        (
            with(
                without(sound(), "serial_no"),
                "certificate_file",
                "/does/not/exist.pem",
            ),
            "certificate",
        ),
    ] {
        assert_eq!(invalid_fields(&settings), [expected], "{settings}");
    }

    let directory = directory("certificate");
    let path = directory.join("apiclient_cert.pem");
    std::fs::write(&path, &pem).unwrap();
    let file = with(
        without(sound(), "serial_no"),
        "certificate_file",
        path.to_str().unwrap(),
    );
    assert_eq!(validate(&file).unwrap().signer.serial().as_str(), SERIAL);
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn a_warning_before_the_merchant_certificate_expires_is_logged_once_a_day() {
    let now = Clock::system().now();
    let day = 24 * 3600;
    for (days, level) in [
        (29, Some("WARN")),
        (1, Some("WARN")),
        (-2, Some("ERROR")),
        (31, None),
    ] {
        let log = Log::listen();
        let pem = certificate(DemoKey::Merchant, &serial_octets(), days);
        // An expired one is not refused: the platform decides.
        let settings = config(&with(sound(), "certificate", pem)).validate().unwrap();
        assert_eq!(log.take(), Vec::<String>::new());
        let expiry = settings.signer.expires_at().map(DateTime::unix_seconds);
        assert!(expiry.is_some_and(|at| (at - now - days * day).abs() < 60));

        let signer = settings.request_signer();
        let lines = log.take();
        assert_eq!(lines.len(), usize::from(level.is_some()), "{days}: {lines:?}");
        for line in &lines {
            assert!(
                line.starts_with(level.unwrap()) && line.contains(SERIAL),
                "{line}"
            );
        }
        for (hours, expected) in [(0, 0), (23, 0), (25, 1), (26, 0), (50, 1)] {
            let signer = signer.clone().clock(Clock::fixed(now + hours * 3600));
            for _ in 0..3 {
                let authorized = signer.authorize(&http::Method::GET, "/", bytes::Bytes::new());
                authorized.await.unwrap();
            }
            let lines = log.take();
            // A certificate of 31 days comes into the notice on the second day.
            let expected = match days {
                31 => usize::from(hours == 25 || hours == 50),
                _ => expected,
            };
            assert_eq!(lines.len(), expected, "{days}, {hours}: {lines:?}");
        }
    }
}
