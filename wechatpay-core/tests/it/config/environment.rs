//! Environment variables, read by a child process.
//!
//! This process cannot change its own variables.

use serde_json::{Value, json};
use wechatpay_core::{Config, testing::DEMO_API_V3_KEY, types::SecretText};

use super::{LOCAL, SERIAL, private_key};
use crate::support::{child, log::Log};

const READS: &str = "config::environment::child_prints_the_config";
const THINKS: &str = "config::environment::child_prints_problems_and_warnings";

/// Returns the output of the child.
fn read_by_child(variables: &[(&str, &str)]) -> String {
    run_child(READS, variables)
}

fn run_child(test: &str, variables: &[(&str, &str)]) -> String {
    let output = child::command(test, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn child_prints_the_config() {
    if child::case().is_none() {
        return;
    }
    println!("set: {}", Config::is_in_env());
    match Config::from_env() {
        Ok(config) => println!(
            "read: {}",
            json!([
                config.mchid,
                config.sub_mchid,
                config.appid,
                config.serial_no,
                config.certificate,
                config.certificate_file,
                config.private_key.as_ref().map(SecretText::expose),
                config.private_key_file,
                config.api_v3_key.as_ref().map(SecretText::expose),
                config.api_v3_key_file,
                config.public_key_id,
                config.public_key,
                config.public_key_file,
                config.certificates,
                config.base_url,
                config.notify_url,
            ])
        ),
        Err(problems) => println!("refused: {problems}"),
    }
}

/// Prints the problems of the settings and the warnings.
#[test]
fn child_prints_problems_and_warnings() {
    if child::case().is_none() {
        return;
    }
    let log = Log::listen();
    match Config::from_env().unwrap().validate() {
        Ok(settings) => println!("sound: {settings:?}"),
        Err(problems) => println!("problems: {problems}"),
    }
    for line in log.take() {
        println!("logged: {line}");
    }
}

fn thinks(variables: &[(&str, &str)]) -> String {
    run_child(THINKS, variables)
}

fn sound_variables() -> Vec<(&'static str, String)> {
    vec![
        ("WECHATPAY_MCHID", "1900000001".into()),
        ("WECHATPAY_SERIAL_NO", SERIAL.into()),
        ("WECHATPAY_PRIVATE_KEY", private_key()),
        ("WECHATPAY_API_V3_KEY", DEMO_API_V3_KEY.into()),
        ("WECHATPAY_BASE_URL", LOCAL.into()),
    ]
}

#[test]
fn a_misspelt_variable_is_named_with_the_right_one() {
    for (wrong, right) in [
        ("WECHATPAY_APIV3_KEY", "WECHATPAY_API_V3_KEY"),
        ("WECHATPAY_MCH_ID", "WECHATPAY_MCHID"),
        ("WECHATPAY_MERCHANT_SERIAL_NUMBER", "WECHATPAY_SERIAL_NO"),
        ("WECHATPAY_PRIVATE_KEY_PATH", "WECHATPAY_PRIVATE_KEY"),
        ("wechatpay_mchid", "WECHATPAY_MCHID"),
    ] {
        let variables = sound_variables();
        let mut given: Vec<(&str, &str)> = variables
            .iter()
            .filter(|(name, _)| *name != right)
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        given.push((wrong, "CANARY"));
        let said = thinks(&given);
        assert!(said.contains("problems: 1 problem(s)"), "{said}");
        assert!(
            said.contains(&format!("{wrong} is not a setting: did you mean {right}")),
            "{said}"
        );
        assert!(!said.contains("CANARY"), "{said}");

        // With everything else in place it is a warning, and no more.
        let mut given: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        given.push((wrong, "CANARY"));
        let said = thinks(&given);
        assert!(said.contains("sound: ") && !said.contains("CANARY"), "{said}");
        assert!(
            said.contains("logged: WARN")
                && said.contains(wrong)
                && said.contains(&format!("did you mean {right}")),
            "{said}"
        );
    }
    let variables = sound_variables();
    let mut given: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    given.extend([
        ("WECHATPAY_SANDBOX_PORT", "1"),
        ("WECHATPAY_PROXY", "CANARY"),
        ("OTHER_APIV3_KEY", "x"),
    ]);
    let said = thinks(&given);
    // The second one is the variable that makes a child.
    assert_eq!(said.matches("logged: ").count(), 2, "{said}");
    assert!(!said.contains("SANDBOX") && !said.contains("APIV3"), "{said}");
    assert!(
        said.contains("WECHATPAY_PROXY") && !said.contains("CANARY"),
        "{said}"
    );
}

#[test]
fn every_variable_is_read_under_its_name() {
    let names = [
        "MCHID",
        "SUB_MCHID",
        "APPID",
        "SERIAL_NO",
        "CERTIFICATE",
        "CERTIFICATE_FILE",
        "PRIVATE_KEY",
        "PRIVATE_KEY_FILE",
        "API_V3_KEY",
        "API_V3_KEY_FILE",
        "PUBLIC_KEY_ID",
        "PUBLIC_KEY",
        "PUBLIC_KEY_FILE",
        "CERTIFICATES",
        "BASE_URL",
        "NOTIFY_URL",
    ];
    let variables: Vec<String> = names.iter().map(|name| format!("WECHATPAY_{name}")).collect();
    let pairs: Vec<(&str, &str)> = variables
        .iter()
        .zip(names)
        .map(|(variable, name)| {
            (
                variable.as_str(),
                if name == "CERTIFICATES" { "true" } else { name },
            )
        })
        .collect();
    let expected = names.map(|name| {
        if name == "CERTIFICATES" {
            json!(true)
        } else {
            json!(name)
        }
    });
    let said = read_by_child(&pairs);
    assert!(said.contains("set: true"), "{said}");
    assert!(said.contains(&format!("read: {}", json!(expected))), "{said}");
    for pair in &pairs {
        assert!(read_by_child(&[*pair]).contains("set: true"), "{pair:?}");
    }
}

#[test]
fn an_empty_environment_and_empty_variables_set_nothing() {
    let nothing = format!("read: {}", json!(vec![Value::Null; 16]));
    for variables in [
        &[][..],
        &[
            ("WECHATPAY_MCHID", ""),
            ("WECHATPAY_API_V3_KEY_FILE", ""),
            ("WECHATPAY_CERTIFICATES", ""),
        ],
        &[("MCHID", "1900000001"), ("wechatpay_mchid", "1900000001")],
    ] {
        let said = read_by_child(variables);
        assert!(said.contains("set: false") && said.contains(&nothing), "{said}");
    }
}

#[test]
fn the_certificates_variable_is_true_or_false() {
    for (text, read) in [
        ("true", "true"),
        ("1", "true"),
        ("false", "false"),
        ("0", "false"),
    ] {
        let said = read_by_child(&[("WECHATPAY_CERTIFICATES", text)]);
        assert!(said.contains(&format!("null,{read},null")), "{said}");
    }
    for text in ["yes", "TRUE", "truthful"] {
        let said = read_by_child(&[("WECHATPAY_CERTIFICATES", text)]);
        assert!(
            said.contains("refused: ") && said.contains("WECHATPAY_CERTIFICATES"),
            "{said}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_named_and_not_shown() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let output = child::command(READS, "1")
        .env("WECHATPAY_API_V3_KEY", OsStr::from_bytes(b"CANARY\xFF"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("refused: ") && said.contains("WECHATPAY_API_V3_KEY"),
        "{said}"
    );
    assert!(!said.contains("CANARY"), "{said}");
}
