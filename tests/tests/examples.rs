//! The examples that are programs of their own do what their READMEs say.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::process::Command;

use wechatpay_tests::shops::binary;

fn run(name: &str) -> String {
    let output = Command::new(binary(name)).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}{complained}");
    printed
}

/// Three merchants in certificate mode, each paid on its own path; on another's path, 500: its APIv3 key does not open it.
#[test]
fn many_merchants_sell_in_one_application() {
    let printed = run("many-merchants");
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
