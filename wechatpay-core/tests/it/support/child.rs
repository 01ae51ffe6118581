//! Tests that run in a process of their own: they set environment variables, or change what the whole process shares.

use std::process::Command;

/// The variable that tells a test that it is the child.
const CHILD: &str = "WECHATPAY_TEST_CHILD";

/// A command that runs one test of this program, given by its whole path, in a clean environment.
pub(crate) fn command(test: &str, case: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .env(CHILD, case);
    command
}

/// The case that this process was started for; `None` in an ordinary run of the tests.
pub(crate) fn case() -> Option<String> {
    std::env::var(CHILD).ok()
}
