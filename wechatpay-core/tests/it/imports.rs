//! Imports inside the crate follow the list of [`LAYERS`] and have no cycles.
//!
//! `cargo test -p wechatpay-core --test it imports -- --nocapture` prints the imports between folders.

use crate::support::sources::Crate;

/// Folders and files directly under `src`, lowest first.
///
/// Each imports only from those before it in this list.
const LAYERS: &[&str] = &[
    // Helpers that know nothing of the protocol.
    "backoff",
    "base64",
    "clock",
    "completed",
    "host",
    "json",
    "panics",
    "printable",
    "recent",
    // Values, then what is computed with them.
    "types",
    "directory",
    "crypto",
    "sign",
    "verify",
    // The parts that an application builds.
    "config",
    "keys",
    "api",
    "notify",
    "idempotency",
    "watch",
    // Its differences are what a watch queries.
    "bills",
    "testing",
];

#[test]
fn imports_follow_the_layers_without_cycles() {
    let found = Crate::read(env!("CARGO_MANIFEST_DIR")).findings(LAYERS);
    for from in LAYERS {
        let to = found.folders.get(*from).into_iter().flatten();
        let to: Vec<String> = to.map(|(name, count)| format!("{name} {count}")).collect();
        println!("{from:>11} -> {}", to.join(", "));
    }
    assert!(found.imports > 500, "only {} imports were seen", found.imports);
    let upward = found.upward.join("\n");
    assert!(upward.is_empty(), "imports upwards:\n{upward}");
    let circles: Vec<String> = found.circles.iter().map(|circle| circle.join(" <-> ")).collect();
    assert!(circles.is_empty(), "circles of files:\n{}", circles.join("\n"));
}

/// Runs the check on a crate with every kind of wrong import.
///
/// This proves that the test above can fail.
#[test]
fn an_upward_import_and_a_cycle_behind_a_re_export_are_detected() {
    let source = Crate::of(&[
        ("lib.rs", "mod low; mod high; pub use high::Top;"),
        (
            "low.rs",
            "use crate::{Top, high as above}; // use crate::nothing::X;\n fn f() { above::f(\"crate::x::Y\") }",
        ),
        (
            "high/mod.rs",
            "mod one; mod two; pub use one::Top; #[cfg(test)] mod tests { use crate::unknown::X; }",
        ),
        (
            "high/one.rs",
            "mod inner { use super::super::two::Other; pub(in super::super) fn f(_: super::Top) {} } use super::two::Other as Renamed; pub struct Top<'a>(&'a Renamed, crate::low::Low);",
        ),
        (
            "high/two.rs",
            "pub struct Other(char, super::Top); const C: char = '\\''; macro_rules! m { () => { crate::gone::X } }",
        ),
    ]);
    let found = source.findings(&["low", "high"]);
    assert_eq!(
        found.upward,
        [
            "src/low.rs imports crate::Top: low stands below high",
            "src/low.rs imports crate::high: low stands below high",
        ]
    );
    assert_eq!(
        found.circles.into_iter().collect::<Vec<_>>(),
        [[
            "src/high/mod.rs",
            "src/high/one.rs",
            "src/high/two.rs",
            "src/low.rs"
        ]]
    );
}
