//! Help in two languages, completions, manual pages.

use std::process::Output;

use crate::wechatpay;

fn run(subcommand: &str, arguments: &[&str]) -> (String, Output) {
    let output = wechatpay(subcommand).args(arguments).output().unwrap();
    (String::from_utf8(output.stdout.clone()).unwrap(), output)
}

#[test]
fn help_has_each_command_and_examples_in_both_languages() {
    let (english, output) = run("--help", &[]);
    assert!(output.status.success());
    let (chinese, output) = run("--lang=zh", &["--help"]);
    assert!(output.status.success() && chinese.contains("命令"), "{chinese}");
    for command in ["sandbox", "check", "completions", "man"] {
        assert!(english.contains(&format!("\n  {command} ")), "{english}");
        let (text, output) = run(command, &["--help"]);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("Usage: wechatpay"), "{text}");
    }
    assert!(english.contains("Examples:\n  wechatpay sandbox"), "{english}");
    let (text, _) = run("sandbox", &["--lang", "zh", "--help"]);
    assert!(text.contains("用法：") && text.contains("示例："), "{text}");
}

#[test]
fn the_help_follows_the_locale() {
    let mut command = wechatpay("--help");
    let output = command.env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("在命令行使用微信支付"), "{text}");
}

#[test]
fn no_command_is_an_error_that_shows_the_help() {
    let output = wechatpay("").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output = wechatpay("no-such-command").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("no-such-command"), "{text}");
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (text, output) = run("completions", &[shell]);
        assert!(output.status.success());
        assert!(text.contains("sandbox") && text.contains("signtest"), "{shell}");
    }
}

#[test]
fn manual_pages_are_written_one_per_command() {
    let folder = std::env::temp_dir().join(format!("wechatpay-man-{}", std::process::id()));
    let (_, output) = run("man", &[folder.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let page = std::fs::read_to_string(folder.join("wechatpay-sandbox.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("signtest"), "{page}");
    std::fs::remove_dir_all(&folder).unwrap();
}
