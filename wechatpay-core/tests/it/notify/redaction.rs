//! Redaction of payloads in `Debug` and errors.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use wechatpay_core::{api::transactions::Transaction, notify::AnyResource};

use super::{CANARY, payment, rigs};

#[tokio::test]
async fn debug_of_received_values_shows_no_content() {
    for rig in rigs() {
        let delivery = rig.genuine();
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        let mut shown = format!("{:?} {pending:?} ", rig.receiver);
        let lookup = pending.ready();
        shown.push_str(&format!("{lookup:?} "));
        let ready = lookup.await.unwrap();
        shown.push_str(&format!("{ready:?} "));
        let verified = ready.finish(delivery.body.clone()).unwrap();
        shown.push_str(&format!("{verified:?} "));
        let any = verified.clone().decode::<AnyResource>().unwrap();
        shown.push_str(&format!("{any:?} "));
        let paid = verified.decode::<Transaction>().unwrap();
        shown.push_str(&format!("{paid:?} {:?}", paid.clone().into_verified()));
        assert!(!shown.contains(CANARY), "{}: {shown}", rig.name);
        assert!(
            !shown.contains(
                rig.platform
                    .api_v3_key()
                    .expose()
                    .escape_ascii()
                    .to_string()
                    .as_str()
            )
        );
        assert!(shown.contains("TransactionSuccess"), "{}: {shown}", rig.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_signed_content_panics_or_shows_in_errors(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        plaintext in "[\\{\\}\\[\\]\",:0-9a-z\\\\ \u{0}\u{FF}]{0,60}",
        nonce in "[a-z]{10,14}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for rig in rigs() {
            let raw = rig.builder().body(body.clone()).build();
            let sealed = rig.with_text(plaintext.clone());
            let odd = rig.builder().resource_nonce(&nonce).ciphertext(STANDARD.encode(&body)).build();
            for delivery in [raw, sealed, odd] {
                let outcome = runtime.block_on(payment(&rig.receiver, &delivery));
                prop_assert!(outcome.is_err());
            }
        }
    }
}
