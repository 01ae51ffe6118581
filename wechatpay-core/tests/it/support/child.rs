//! Tests in a child process, which set environment variables or process-wide state.

use std::process::Command;

/// Variable that tells a test that it runs as the child.
const CHILD: &str = "WECHATPAY_TEST_CHILD";

/// Returns a command that runs one test, by its full path, in a clean environment.
pub(crate) fn command(test: &str, case: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .env(CHILD, case);
    command
}

/// Returns the case of this child process, or `None` in a normal run.
pub(crate) fn case() -> Option<String> {
    std::env::var(CHILD).ok()
}
