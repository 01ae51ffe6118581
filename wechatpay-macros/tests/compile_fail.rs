//! Declarations that must not compile, with the expected compiler messages.
//!
//! Each file of `compile_fail` is a program of its own; every line `//~ …` must be part of the message.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up fails loudly"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Returns the programs with their texts, by name.
fn cases() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(file).unwrap())
        })
        .collect()
}

/// Creates a package with these programs and one valid program.
fn package(cases: &BTreeMap<String, String>) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_fail");
    let programs = package.join("src/bin");
    let _ = fs::remove_dir_all(&programs);
    fs::create_dir_all(&programs).unwrap();
    let core = workspace.join("wechatpay-core");
    let manifest = format!(
        "[package]\nname = \"compile-fail\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         wechatpay-core = {{ path = {:?}, default-features = false }}\n",
        core.to_str().unwrap()
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::copy(workspace.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    for (name, text) in cases {
        fs::write(programs.join(name).with_extension("rs"), text).unwrap();
    }
    let right = "use wechatpay_core::api::Endpoint;\n\
                 #[derive(Clone, Endpoint)]\n#[endpoint(GET, \"/v3/complaints/{id}\")]\nstruct Query { id: String }\n\
                 fn main() { let _ = Query::new(String::new()).path(); }\n";
    fs::write(programs.join("right.rs"), right).unwrap();
    package
}

/// Returns the compiler's messages by program.
fn compile(package: &Path) -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--bins",
            "--keep-going",
            "--offline",
            "--quiet",
            "--message-format=json",
        ])
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .unwrap();
    let mut said = BTreeMap::<String, String>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let target = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        match message["reason"].as_str() {
            Some("compiler-message") => {
                let text = message["message"]["rendered"].as_str().unwrap_or_default();
                said.entry(target).or_default().push_str(text);
            }
            Some("compiler-artifact") => said.entry(target).or_default().push_str("(compiled)"),
            _ => {}
        }
    }
    assert!(!said.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn wrong_declarations_do_not_compile_and_say_what_to_write() {
    let cases = cases();
    let said = compile(&package(&cases));
    assert!(said["right"].contains("(compiled)"), "{}", said["right"]);
    assert!(cases.len() > 15, "only {} programs", cases.len());
    for (name, text) in &cases {
        let said = said.get(name).map(String::as_str).unwrap_or_default();
        assert!(!said.contains("(compiled)"), "{name} compiles");
        let wanted: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("//~ "))
            .collect();
        assert!(!wanted.is_empty(), "{name} does not say what it waits for");
        for wanted in wanted {
            assert!(said.contains(wanted), "{name}: {wanted}\nwas not said:\n{said}");
        }
        println!("{name}: {}", said.lines().next().unwrap_or_default());
    }
}
