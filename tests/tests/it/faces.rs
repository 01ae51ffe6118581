//! The public names of the framework crates, side by side.

use std::collections::BTreeSet;

use wechatpay_tests::tools::workspace;

/// Names that one framework needs and the others do not.
const OWN: [(&str, &[&str]); 3] = [
    (
        "axum",
        &["IdempotencyLayer", "NotificationLayer", "SignedNotification"],
    ),
    (
        "actix",
        &[
            "IdempotencyMiddleware",
            "IdempotencyService",
            "IsNotification",
            "NotificationMiddleware",
            "NotificationService",
            "serve",
        ],
    ),
    ("rocket", &["NotificationFairing", "Receiver"]),
];

#[test]
fn the_three_framework_crates_export_the_same_names() {
    let shared = exported(&source("wechatpay-tower/src/face.rs"));
    let faces = OWN.map(|(framework, own)| {
        let text = source(&format!("wechatpay-{framework}/src/lib.rs"));
        assert!(
            text.contains("wechatpay_tower::__reexport_face!();"),
            "{framework}"
        );
        let mut names = exported(&text);
        names.extend(shared.iter().cloned());
        (framework, own, names)
    });
    let all: BTreeSet<&String> = faces.iter().flat_map(|(_, _, names)| names).collect();
    println!("{:<24} axum actix rocket", "");
    for name in all {
        let has: Vec<&str> = faces
            .iter()
            .map(|(_, _, names)| if names.contains(name) { "x" } else { "-" })
            .collect();
        println!("{name:<24} {:<4} {:<5} {}", has[0], has[1], has[2]);
        let own: Vec<&str> = faces
            .iter()
            .filter(|(_, own, _)| own.contains(&name.as_str()))
            .map(|(framework, ..)| *framework)
            .collect();
        for (framework, _, names) in &faces {
            let expected = own.is_empty() || own.contains(framework);
            assert_eq!(names.contains(name), expected, "{name} in wechatpay-{framework}");
        }
    }
}

/// Few names are enough to receive payments and refunds.
#[test]
fn receiving_a_payment_takes_at_most_nine_names() {
    let text = source("wechatpay-axum/examples/quickstart.rs");
    let for_orders = ["Apply", "Fen", "NativePrepay", "OutTradeNo", "RefundAmount"];
    let names: BTreeSet<String> = text
        .lines()
        .filter(|line| line.starts_with("use wechatpay_axum::"))
        .flat_map(|line| leaves(line.trim_start_matches("use ")))
        .filter(|name| !for_orders.contains(&name.as_str()))
        .collect();
    println!(
        "{}: {}",
        names.len(),
        names.iter().cloned().collect::<Vec<_>>().join(", ")
    );
    assert!(
        names.contains("NotificationLayer") && names.len() <= 9,
        "{names:?}"
    );
}

fn source(file: &str) -> String {
    std::fs::read_to_string(workspace().join(file)).unwrap()
}

/// Names of all `pub use` and `pub mod` items of a file, without hidden ones.
fn exported(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find("pub ") {
        let before = &rest[..at];
        let item = &rest[at + "pub ".len()..];
        let end = item.find([';', '\n']).unwrap_or(item.len());
        if let Some(tree) = item.strip_prefix("use ") {
            let end = tree.find(';').unwrap_or(tree.len());
            let is_hidden = before.trim_end().ends_with("#[doc(hidden)]");
            if !is_hidden {
                names.extend(leaves(&tree[..end]));
            }
        } else if let Some(name) = item[..end].strip_prefix("mod ") {
            names.insert(name.to_owned());
        }
        rest = item;
    }
    names
}

/// Last segments of a tree of imports, without `self`.
fn leaves(tree: &str) -> Vec<String> {
    let flat = tree.replace(['{', '}', ';'], ",");
    let parts = flat.split(',').map(str::trim);
    parts
        .filter(|part| !part.is_empty() && !part.ends_with("::"))
        .filter_map(|part| part.rsplit("::").next())
        .map(|name| name.trim().to_owned())
        .collect()
}
