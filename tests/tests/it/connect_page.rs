//! Code on the dashboard's Connect page: complete files, run as the page prints them.

use std::{fs, path::Path};

use tokio::process::Command;
use wechatpay_tests::{
    sandboxes::SandboxProcess,
    tools::{node_modules, python, scratch, workspace},
};

/// The Connect page, by its copyable texts.
struct Page(Vec<String>);

impl Page {
    async fn of(sandbox: &SandboxProcess, path: &str) -> Self {
        let html = sandbox.page(path).await;
        let texts = html.split("<pre tabindex=\"0\"><code>").skip(1);
        let plain = |text: &str| {
            text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&")
        };
        Self(
            texts
                .map(|text| plain(text.split("</code>").next().unwrap()))
                .collect(),
        )
    }

    /// The commands before a program, the program, and the command after it.
    fn quickstart(&self, file: &str) -> [&str; 3] {
        let code = fs::read_to_string(workspace().join(file)).unwrap();
        let place = self.0.iter().position(|text| *text == code);
        let place = place.unwrap_or_else(|| panic!("the page does not quote {file} as it is"));
        [&self.0[place - 1], &self.0[place], &self.0[place + 1]]
    }
}

#[tokio::test]
async fn the_page_quotes_the_quickstarts_with_the_install_lines_of_the_readmes() {
    let sandbox = SandboxProcess::start("connect-quotes", &[]).await;
    for path in ["/connect", "/connect?lang=zh"] {
        let page = Page::of(&sandbox, path).await;
        for (file, crate_name, env) in [
            ("wechatpay-axum/examples/quickstart.rs", "axum", ".env.direct"),
            ("wechatpay-actix/examples/quickstart.rs", "actix", ".env.direct"),
            ("wechatpay-rocket/examples/quickstart.rs", "rocket", ".env.direct"),
            ("wechatpay-axum/examples/partner.rs", "axum", ".env.sandbox"),
            ("wechatpay-tower/examples/quickstart.rs", "tower", ".env.direct"),
        ] {
            let [install, _, run] = page.quickstart(file);
            let readme = workspace().join(format!("wechatpay-{crate_name}/README.md"));
            let block = format!("```console\n{install}\n```\n");
            assert!(fs::read_to_string(readme).unwrap().contains(&block), "{install}");
            assert_eq!(
                run,
                format!("set -a; . ./{env}; set +a\ncargo run --manifest-path ../shop/Cargo.toml")
            );
        }
    }
}

/// Runs commands of the page in a folder, and returns the printed order number.
async fn run(commands: &str, folder: &Path) -> String {
    let path = std::env::var("PATH").unwrap();
    let programs = python().parent().unwrap().display().to_string();
    let output = Command::new("sh")
        .args(["-c", commands])
        .current_dir(folder)
        .env("PATH", format!("{programs}:{path}"))
        .env("NO_PROXY", "*")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{commands}\n{printed}{error}");
    assert!(printed.contains("weixin://wxpay/bizpayurl?pr="), "{printed}");
    let number = printed.split([' ', ',']).nth(1).unwrap();
    number.to_owned()
}

/// Saves a program and settings in an empty folder, and runs it as printed.
///
/// First with the settings of the page, then with those that `--write-env` wrote.
async fn places_an_order(
    sandbox: &SandboxProcess,
    page: &Page,
    source: &str,
    name: &str,
    has_packages: bool,
) {
    let [_, code, commands] = page.quickstart(source);
    assert!(code.lines().count() <= 40, "{source} is longer than 40 lines");
    let folder = scratch(&format!(
        "connect-{}-{name}",
        sandbox.url().replace([':', '/'], "")
    ));
    fs::write(folder.join(name), code).unwrap();
    if !has_packages {
        std::os::unix::fs::symlink(node_modules(), folder.join("node_modules")).unwrap();
    }
    let shown = format!("{}\n", page.0[0]);
    let written = fs::read_to_string(sandbox.folder().join(".env.direct")).unwrap();
    for settings in [shown, written] {
        fs::write(folder.join(".env.direct"), settings).unwrap();
        let number = run(commands, &folder).await;
        let order = sandbox.get(&format!("/orders/{number}")).await;
        assert!(order.to_string().contains("NOTPAY"), "{order}");
    }
}

#[tokio::test]
async fn the_python_program_places_an_order_with_the_settings_of_the_page() {
    for keys in ["pubkey", "cert"] {
        let sandbox = SandboxProcess::start(&format!("connect-python-{keys}"), &["--keys", keys]).await;
        let page = Page::of(&sandbox, "/connect").await;
        places_an_order(
            &sandbox,
            &page,
            "tests/third_party/quickstart.py",
            "quickstart.py",
            true,
        )
        .await;
    }
}

#[tokio::test]
async fn the_node_program_places_an_order_with_the_settings_of_the_page() {
    let sandbox = SandboxProcess::start("connect-node", &[]).await;
    let page = Page::of(&sandbox, "/connect").await;
    places_an_order(
        &sandbox,
        &page,
        "tests/third_party/quickstart.mjs",
        "quickstart.mjs",
        false,
    )
    .await;
}
