//! The example programs do what their READMEs say.

use std::process::Command;

use wechatpay_tests::shops::binary;

/// Exit status and output of a program.
fn run(name: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(binary(name)).args(arguments).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let complained = String::from_utf8_lossy(&output.stderr);
    (output.status.code(), format!("{printed}{complained}"))
}

/// Sells for three merchants in certificate mode, each on its own path.
///
/// On another's path the response is 500, because the APIv3 key does not decrypt the notification.
#[test]
fn many_merchants_sell_in_one_application() {
    let (status, printed) = run("many-merchants", &[]);
    assert_eq!(status, Some(0), "{printed}");
    for mchid in ["1900000001", "1900000201", "1900000202"] {
        assert!(printed.contains(&format!("{mchid} was paid")), "{printed}");
    }
    let statuses: Vec<_> = printed
        .lines()
        .filter(|line| line.starts_with("merchant"))
        .filter_map(|line| line.split_whitespace().last())
        .collect();
    assert_eq!(statuses, ["204", "204", "204", "500"], "{printed}");
}

/// The exit status says whether the bill and the books agree.
#[test]
fn bill_reconcile_exits_with_1_if_the_books_differ() {
    let (status, printed) = run("bill-reconcile", &[]);
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("4 rows, digest and totals are right") && printed.contains("No differences."));

    let (status, printed) = run("bill-reconcile", &["--forget", "ORDER-0002"]);
    assert_eq!(status, Some(1), "{printed}");
    assert!(
        printed.contains("missing in the shop")
            && printed.contains("ORDER-0002")
            && printed.contains("45.00")
    );

    let (status, printed) = run("bill-reconcile", &["--json", "--forget", "REFUND-0001"]);
    assert_eq!(status, Some(1), "{printed}");
    assert!(
        printed.contains("\"kind\": \"missing_here\"") && printed.contains("REFUND-0001"),
        "{printed}"
    );

    let (status, printed) = run(
        "bill-reconcile",
        &["--books", "/does/not/exist", "--date", "2024-01-31"],
    );
    assert_eq!(status, Some(2), "{printed}");
    let (status, printed) = run("bill-reconcile", &["--help"]);
    assert!(status == Some(0) && printed.contains("Exit status"), "{printed}");
}
