//! Required and forbidden crates of the dependency graph.

use std::{collections::BTreeSet, path::Path, process::Command};

/// Crates that a package brings to its users with these features, without dev-dependencies.
fn graph(package: &str, features: &str) -> BTreeSet<String> {
    graph_over("normal,build", package, features)
}

/// The same over other edges.
fn graph_over(edges: &str, package: &str, features: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            package,
            "--no-default-features",
            "--features",
            features,
        ])
        .args(["--edges", edges, "--prefix", "none", "--format", "{p}"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(Into::into)
        .collect()
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn a_graph_with_aws_lc_rs_alone_has_no_rust_crypto_rsa() {
    for (package, features) in [
        ("wechatpay-core", "aws-lc-rs"),
        ("wechatpay-core", "aws-lc-rs,test-util"),
        ("wechatpay-tower", "aws-lc-rs,hyper"),
        ("wechatpay-axum", "aws-lc-rs,hyper"),
        ("wechatpay-actix", "aws-lc-rs,hyper"),
        ("wechatpay-rocket", "aws-lc-rs,hyper"),
        ("wechatpay-sandbox", "aws-lc-rs"),
    ] {
        let graph = graph(package, features);
        assert!(graph.contains("aws-lc-sys"), "{package} {features}");
        for unwanted in ["rsa", "aes-gcm", "ring"] {
            assert!(
                !graph.contains(unwanted),
                "{package} with {features} contains {unwanted}"
            );
        }
    }
}

#[test]
fn a_graph_with_rust_crypto_alone_needs_no_c_compiler_for_its_crypto() {
    for (package, features) in [
        ("wechatpay-core", "rust-crypto"),
        ("wechatpay-tower", "rust-crypto"),
        ("wechatpay-axum", "rust-crypto"),
        ("wechatpay-sandbox", "rust-crypto"),
    ] {
        let graph = graph(package, features);
        assert!(graph.contains("rsa"), "{package} {features}");
        for unwanted in ["aws-lc-rs", "aws-lc-sys", "ring", "cc", "cmake"] {
            assert!(
                !graph.contains(unwanted),
                "{package} with {features} contains {unwanted}"
            );
        }
    }
    // TLS is ring's then, which has C in it; the transport is a feature of its own.
    assert!(!graph("wechatpay-tower", "rust-crypto,hyper").contains("aws-lc-sys"));
}

#[test]
fn the_libraries_carry_one_tls_stack_and_no_framework_that_is_not_theirs() {
    let axum = graph("wechatpay-axum", "aws-lc-rs,hyper");
    assert!(
        axum.contains("axum-core") && !axum.contains("axum"),
        "library authors depend on axum-core"
    );
    for (package, features) in [
        ("wechatpay-tower", "aws-lc-rs,hyper,reqwest"),
        ("wechatpay-axum", "aws-lc-rs,hyper"),
    ] {
        let graph = graph(package, features);
        for unwanted in ["openssl-sys", "native-tls", "h2", "chrono", "time", "moka-cht"] {
            assert!(!graph.contains(unwanted), "{package} contains {unwanted}");
        }
    }
    let core = graph("wechatpay-core", "aws-lc-rs");
    for unwanted in ["hyper", "tower", "axum-core", "mio", "socket2"] {
        assert!(
            !core.contains(unwanted),
            "core has no I/O, and yet contains {unwanted}"
        );
    }
}

#[test]
fn no_library_contains_a_tool() {
    const TOOLS: [&str; 4] = [
        "wechatpay-doctor",
        "wechatpay-sandbox",
        "wechatpay-dashboard",
        "wechatpay-cli",
    ];
    for (package, features) in [
        (
            "wechatpay-core",
            "aws-lc-rs,encrypted-bills,inbox,rust-crypto,test-util",
        ),
        ("wechatpay-tower", "aws-lc-rs,bills,hyper,reqwest,rust-crypto"),
        ("wechatpay-axum", "aws-lc-rs,hyper,rust-crypto"),
        ("wechatpay-actix", "aws-lc-rs,hyper,rust-crypto"),
        ("wechatpay-rocket", "aws-lc-rs,hyper,rust-crypto"),
        ("wechatpay-stores", "postgres,redis,test-util"),
    ] {
        let graph = graph(package, features);
        for tool in TOOLS {
            assert!(!graph.contains(tool), "{package} contains {tool}");
        }
    }
    // Its tests neither: a change of the doctor builds nothing of core.
    let core = graph_over("normal,build,dev", "wechatpay-core", "test-util");
    for tool in TOOLS {
        assert!(!core.contains(tool), "the tests of core contain {tool}");
    }
    let core = graph("wechatpay-core", "aws-lc-rs,encrypted-bills,inbox,test-util");
    for of_the_doctor in ["crypto-bigint", "encoding_rs", "flate2"] {
        assert!(
            !core.contains(of_the_doctor),
            "core contains {of_the_doctor}, of which only the doctor has need"
        );
    }
}

#[test]
fn the_doctor_needs_core_alone_and_the_sandbox_has_it() {
    let doctor = graph("wechatpay-doctor", "");
    let ours: Vec<&str> = doctor
        .iter()
        .map(String::as_str)
        .filter(|name| name.starts_with("wechatpay-") && *name != "wechatpay-macros")
        .collect();
    assert_eq!(ours, ["wechatpay-core", "wechatpay-doctor"]);
    for unwanted in ["rsa", "aws-lc-rs", "hyper", "tower", "mio"] {
        assert!(!doctor.contains(unwanted), "the doctor contains {unwanted}");
    }
    assert!(graph("wechatpay-sandbox", "aws-lc-rs").contains("wechatpay-doctor"));
}

#[test]
fn an_embedded_sandbox_contains_no_page_and_no_command() {
    let sandbox = graph("wechatpay-sandbox", "aws-lc-rs,tls");
    for unwanted in ["wechatpay-dashboard", "maud", "utoipa", "clap", "qrcode", "toml"] {
        assert!(!sandbox.contains(unwanted), "the sandbox contains {unwanted}");
    }
    let dashboard = graph("wechatpay-dashboard", "aws-lc-rs");
    assert!(dashboard.contains("wechatpay-sandbox") && !dashboard.contains("clap"));
}

/// Versions of one crate in the graph of a package.
fn versions(package: &str, features: &str, name: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            package,
            "--no-default-features",
            "--features",
            features,
        ])
        .args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(workspace())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let packages = text.lines().filter_map(|line| line.split_once(" v"));
    packages
        .filter(|(found, _)| *found == name)
        .filter_map(|(_, version)| version.split(' ').next())
        .map(Into::into)
        .collect()
}

#[test]
fn actix_has_no_http2_and_the_two_generations_of_http_do_not_multiply() {
    for package in ["wechatpay-actix", "wechatpay-rocket"] {
        assert!(
            versions(package, "aws-lc-rs,hyper", "h2")
                .iter()
                .all(|version| !version.starts_with("0.3")),
            "{package}"
        );
        let http = versions(package, "aws-lc-rs,hyper", "http");
        let generations: Vec<_> = http
            .iter()
            .map(|version| version.split('.').next().unwrap())
            .collect();
        assert_eq!(
            generations,
            ["0", "1"],
            "{package}: one http 0.2 for the framework, one http 1 for us: {http:?}"
        );
    }
    assert!(versions("wechatpay-actix", "aws-lc-rs,hyper", "h2").is_empty());
    assert_eq!(versions("wechatpay-axum", "aws-lc-rs,hyper", "http").len(), 1);
}

/// Versions below which an advisory applies (RustSec and CVE numbers in the comments).
const FLOORS: [(&str, [u64; 3]); 12] = [
    ("rsa", [0, 10, 0]),             // RUSTSEC-2023-0071, CVE-2026-21895
    ("aes-gcm", [0, 11, 0]),         // CVE-2023-42811
    ("ring", [0, 17, 14]),           // RUSTSEC-2025-0009
    ("aws-lc-sys", [0, 39, 0]),      // RUSTSEC-2026-0044 to -0048
    ("rustls-webpki", [0, 103, 13]), // RUSTSEC-2026-0049, -0098, -0099, -0104
    ("rustls", [0, 23, 45]),         // RUSTSEC-2026-0285, -2024-0336, -0399
    ("h2", [0, 4, 16]),              // RUSTSEC-2026-0258; the 0.3 line has no fix
    ("bytes", [1, 11, 1]),           // RUSTSEC-2026-0007
    ("time", [0, 3, 47]),            // RUSTSEC-2026-0009
    ("sqlx-core", [0, 8, 1]),        // RUSTSEC-2024-0363
    ("rocket", [0, 5, 2]),           // RUSTSEC-2021-0044, -2020-0028
    ("hyper", [1, 0, 0]),            // RUSTSEC-2021-0020, -0078, -0079
];

#[test]
fn no_locked_version_is_below_its_advisories() {
    let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    let mut checked = 0;
    for package in lock.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = package.lines().find(|line| line.starts_with(key)).unwrap();
            line.split('"').nth(1).unwrap().to_owned()
        };
        let (name, version) = (value("name"), value("version"));
        if let Some((_, floor)) = FLOORS.iter().find(|(floor, _)| *floor == name) {
            let numbers: Vec<u64> = version
                .split(['.', '-', '+'])
                .take(3)
                .map(|part| part.parse().unwrap_or(0))
                .collect();
            assert!(
                numbers.as_slice() >= floor.as_slice(),
                "{name} {version} is below {floor:?}"
            );
            checked += 1;
        }
    }
    assert!(checked >= 5, "the lock file was read");
}
