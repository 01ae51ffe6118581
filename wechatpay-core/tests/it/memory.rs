//! Search for keys of the merchant in freed memory.
//!
//! A child process reads settings, drops them, and its memory is searched.

use std::{
    collections::HashMap,
    fs::{self, File},
    hint::black_box,
    os::unix::fs::FileExt as _,
};

use wechatpay_core::{
    Config,
    testing::{DEMO_API_V3_KEY, DemoKey, private_key_pem},
};

use crate::support::{child, providers};

/// Length of a searched window in bytes.
///
/// Long enough to be unique, short enough for a block of 64.
const WINDOW: usize = 24;
/// Mask over the searched bytes, so that the search does not find itself.
const MASK: u8 = 0xFF;

/// Returns the windows of a secret, masked.
fn windows(secret: &[u8]) -> HashMap<Vec<u8>, usize> {
    secret
        .windows(WINDOW)
        .enumerate()
        .skip(40) // the beginning of every key
        .step_by(8)
        .map(|(at, window)| (window.iter().map(|byte| byte ^ MASK).collect(), at))
        .collect()
}

/// Returns writable memory that belongs to no file: the heaps.
fn heaps() -> Vec<(u64, u64)> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines()
        .filter_map(|line| {
            let mut parts = line.split_whitespace();
            let (range, mode) = (parts.next()?, parts.next()?);
            let name = parts.nth(3).unwrap_or_default();
            let (from, to) = range.split_once('-')?;
            let number = |text| u64::from_str_radix(text, 16).unwrap();
            (mode.starts_with("rw") && (name.is_empty() || name == "[heap]"))
                .then(|| (number(from), number(to)))
        })
        .collect()
}

/// Returns the addresses of the masked secrets in memory.
fn found(secrets: &HashMap<Vec<u8>, usize>) -> Vec<usize> {
    let memory = File::open("/proc/self/mem").unwrap();
    // Two bytes decide for most places, which keeps the looking quick.
    let mut begins = vec![false; 0x1_0000];
    for window in secrets.keys() {
        begins[usize::from(window[0]) << 8 | usize::from(window[1])] = true;
    }
    let mut found = Vec::new();
    for (from, to) in heaps() {
        let mut page = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut page, from).is_err() {
            continue;
        }
        // Masked at once: what was read must not be found in turn.
        page.iter_mut().for_each(|byte| *byte ^= MASK);
        let may_begin = |window: &&[u8]| begins[usize::from(window[0]) << 8 | usize::from(window[1])];
        found.extend(
            page.windows(WINDOW)
                .filter(may_begin)
                .filter_map(|window| secrets.get(window)),
        );
    }
    found
}

#[test]
fn child_reads_settings_and_drops_them() {
    let Some(case) = child::case() else {
        return;
    };
    let folder = std::env::current_dir().unwrap();
    // What the child looks for lies in a file, masked: it never holds the secrets by itself.
    let masked = |name: &str| fs::read(folder.join(name)).unwrap();
    let secrets: HashMap<Vec<u8>, usize> = masked("masked")
        .chunks(WINDOW)
        .enumerate()
        .map(|(at, window)| (window.to_vec(), at))
        .collect();
    assert!(found(&secrets).is_empty(), "there before anything was read");
    for (name, provider) in providers() {
        let config = || -> Config {
            match case.as_str() {
                "variables" => Config::from_env().unwrap(),
                _ => serde_json::from_str(
                    r#"{"mchid":"1900000001","serial_no":"51","private_key_file":"key.pem","api_v3_key_file":"api.key",
                        "base_url":"http://127.0.0.1:1"}"#,
                )
                .unwrap(),
            }
        };
        let read = config();
        if case == "held" {
            // The looking itself works: a key that is held is found.
            let text = fs::read_to_string("key.pem").unwrap();
            assert!(!found(&secrets).is_empty(), "{name}");
            drop(black_box(text));
            return;
        }
        let outcome = read.validate_with(provider);
        match case.as_str() {
            "damaged" => assert!(outcome.is_err(), "{name}"),
            _ => assert!(outcome.is_ok(), "{name}: {outcome:?}"),
        }
        drop(outcome);
        drop(read.clone());
        drop(read);
        assert_eq!(found(&secrets), Vec::<usize>::new(), "{name}: {case}");
    }
    println!("looked");
}

#[test]
fn no_key_remains_in_freed_memory() {
    let pkcs8 = DemoKey::Merchant.pkcs8();
    let pem = private_key_pem(pkcs8);
    let pkcs1 = {
        let at = pkcs8
            .windows(4)
            .position(|bytes| bytes == [0x30, 0x82, 0x04, 0xA4]);
        pkcs8.get(at.unwrap_or(26)..).unwrap().to_vec()
    };
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let one_line = pem.replace('\n', "\\n");
    // The private numbers: behind version, modulus and exponent, which the public half holds as well.
    let private = pkcs8.get(340..).unwrap();
    let private_base64 = base64.get(456..).unwrap();
    let mut masked: Vec<Vec<u8>> = Vec::new();
    for secret in [private, private_base64.as_bytes()] {
        masked.extend(windows(secret).into_keys());
    }
    for line in pem.lines().skip(8).filter(|line| !line.starts_with('-')) {
        masked.extend(
            line.as_bytes()
                .windows(WINDOW)
                .step_by(8)
                .map(|window| window.iter().map(|byte| byte ^ MASK).collect::<Vec<u8>>()),
        );
    }
    masked.extend(
        DEMO_API_V3_KEY
            .as_bytes()
            .windows(WINDOW)
            .map(|window| window.iter().map(|byte| byte ^ MASK).collect::<Vec<u8>>()),
    );

    for (case, key) in [
        ("file", pem.clone()),
        ("file", one_line.clone()),
        ("file", {
            let body = base64_lines(&pkcs1);
            format!("-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n")
        }),
        ("damaged", pem.replace("-----END", "*-----END")),
        ("damaged", base64.clone()),
        ("variables", one_line.clone()),
        ("held", pem.clone()),
    ] {
        let folder = std::env::temp_dir().join(format!("wechatpay-memory-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("masked"), masked.concat()).unwrap();
        fs::write(folder.join("key.pem"), &key).unwrap();
        fs::write(folder.join("api.key"), format!("{DEMO_API_V3_KEY}\n")).unwrap();
        let mut child = child::command("memory::child_reads_settings_and_drops_them", case);
        child.current_dir(&folder);
        if case == "variables" {
            child
                .env("WECHATPAY_MCHID", "1900000001")
                .env("WECHATPAY_SERIAL_NO", "51")
                .env("WECHATPAY_BASE_URL", "http://127.0.0.1:1")
                .env("WECHATPAY_PRIVATE_KEY", &key)
                .env("WECHATPAY_API_V3_KEY", DEMO_API_V3_KEY);
        }
        let output = child.output().unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{case}: {said}\n{wrong}");
        assert!(case == "held" || said.contains("looked"), "{case}: {said}");
    }
}

fn base64_lines(der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = STANDARD.encode(der);
    let mut lines = String::new();
    for (at, char) in text.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            lines.push('\n');
        }
        lines.push(char);
    }
    lines.push('\n');
    lines
}
