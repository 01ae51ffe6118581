//! Programs in other languages: their paths, and clear errors when they are missing.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use tokio::process::Command;

/// The workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn tools() -> PathBuf {
    std::env::var_os("WECHATPAY_TEST_TOOLS")
        .map_or_else(|| workspace().join("target/test-tools"), PathBuf::from)
}

/// The Python with the packages of `tests/third_party/requirements.txt`.
///
/// # Panics
/// When it is not there; the message says which command installs it.
#[must_use]
pub fn python() -> PathBuf {
    let python = tools().join("python/bin/python");
    assert!(
        python.exists(),
        "{} is missing: run scripts/install-test-tools",
        python.display()
    );
    python
}

/// The folder in which Node finds the packages of `tests/browser/package.json`.
///
/// # Panics
/// When it is not there; the message says which command installs it.
#[must_use]
pub fn node_modules() -> PathBuf {
    let modules = tools().join("node/node_modules");
    assert!(
        modules.exists(),
        "{} is missing: run scripts/install-test-tools",
        modules.display()
    );
    modules
}

/// The driver of Rust SDKs of others, built of `tests/third_party/rust_sdks`.
///
/// # Panics
/// When it is not there; the message says which command builds it.
#[must_use]
pub fn rust_sdks() -> PathBuf {
    let driver = tools().join("rust/debug/rust-sdks");
    assert!(
        driver.exists(),
        "{} is missing: run scripts/install-test-tools",
        driver.display()
    );
    driver
}

/// Chromium, by whichever of its names.
///
/// # Panics
/// When there is none; the message says which command installs it.
#[must_use]
pub fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.exists())
        .unwrap_or_else(|| panic!("Chromium is missing: run scripts/install-test-tools"))
}

/// Runs a script of `tests/browser` to its end.
///
/// # Panics
/// When it does not end within three minutes.
pub async fn browser(script: &str, arguments: &[&OsStr]) -> Output {
    let run = Command::new("node")
        .arg(workspace().join("tests/browser").join(script))
        .args(arguments)
        .env("NODE_MODULES", node_modules())
        .kill_on_drop(true)
        .output();
    tokio::time::timeout(Duration::from_secs(180), run)
        .await
        .unwrap()
        .unwrap()
}

/// A folder for files of one test, emptied first.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    let folder = workspace().join("target/test-scratch").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
