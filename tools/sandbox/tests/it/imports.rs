//! Imports inside the engine follow [`LAYERS`], without circles of three or more files.
//!
//! `cargo test -p wechatpay-sandbox --test it imports -- --nocapture` prints the imports between folders.

#[path = "../../../../wechatpay-core/tests/it/support/sources.rs"]
mod sources;

use sources::Crate;

/// Folders and files directly under `src`, lowest first.
///
/// Each imports only from those before it in this list.
const LAYERS: &[&str] = &[
    // Documents of types without JSON of their own.
    "wire",
    // The domain, which knows no language.
    "world",
    "language",
    // What goes wrong on purpose, and the platform's keys.
    "faults",
    "texts",
    "platform",
    // Everything that happened, and payments with their faults.
    "journal",
    "payments",
    // The parts that talk to merchants, and all state as a document.
    "notify",
    "gateway",
    "snapshot",
    // The parts that an application holds.
    "handle",
    "acceptance",
];

#[test]
fn imports_follow_the_layers_and_no_three_files_form_a_circle() {
    let found = Crate::read(env!("CARGO_MANIFEST_DIR")).findings(LAYERS);
    for from in LAYERS {
        let to = found.folders.get(*from).into_iter().flatten();
        let to: Vec<String> = to.map(|(name, count)| format!("{name} {count}")).collect();
        println!("{from:>11} -> {}", to.join(", "));
    }
    assert!(found.imports > 1000, "only {} imports were seen", found.imports);
    let upward = found.upward.join("\n");
    assert!(upward.is_empty(), "imports upwards:\n{upward}");
    let circles = found.circles.iter().filter(|circle| circle.len() > 2);
    let circles: Vec<String> = circles.map(|circle| circle.join(" <-> ")).collect();
    assert!(circles.is_empty(), "circles of files:\n{}", circles.join("\n"));
}
