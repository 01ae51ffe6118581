//! The README: its code compiles, its commands are the same in both languages.

use wechatpay_tests::tools::workspace;

/// The blocks of a kind in a file, `console` for instance.
fn blocks(file: &str, kind: &str) -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join(file)).unwrap();
    let opening = format!("```{kind}\n");
    text.split(&opening)
        .skip(1)
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

/// Numbers of sections and of table rows in a README.
fn sections_and_rows(folder: &str, file: &str) -> [usize; 2] {
    let text = std::fs::read_to_string(workspace().join(folder).join(file)).unwrap();
    ["## ", "|"].map(|mark| text.lines().filter(|line| line.starts_with(mark)).count())
}

#[test]
fn both_languages_have_the_same_commands_code_and_reports() {
    let folders = [
        "",
        "wechatpay-axum/",
        "wechatpay-actix/",
        "wechatpay-rocket/",
        "tools/sandbox/",
        "wechatpay-stores/",
        "wechatpay-tower/",
    ];
    for folder in folders {
        for kind in ["console", "rust", "rust,no_run", "text", "toml"] {
            let [english, chinese] =
                ["README.md", "README.zh-CN.md"].map(|file| blocks(&format!("{folder}{file}"), kind));
            assert_eq!(english, chinese, "{folder} {kind}");
        }
        let [english, chinese] = ["README.md", "README.zh-CN.md"].map(|file| sections_and_rows(folder, file));
        assert_eq!(english, chinese, "{folder}: sections and rows of tables");
        let programs = blocks(&format!("{folder}README.md"), "rust,no_run");
        assert_eq!(programs.is_empty(), folder == "wechatpay-stores/", "{folder}");
    }
    let commands = blocks("README.md", "console").concat();
    assert!(
        commands.starts_with("cargo demo\nscripts/test\n"),
        "each is one command: {commands}"
    );
}

#[test]
fn both_languages_have_the_same_sections_links_and_pictures() {
    let marks = |file: &str| -> (usize, Vec<String>) {
        let text = std::fs::read_to_string(workspace().join(file)).unwrap();
        let sections = text.lines().filter(|line| line.starts_with("## ")).count();
        let links = text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap());
        let pictures = text
            .split("src")
            .skip(1)
            .filter_map(|rest| rest.split('"').nth(1));
        let mut marks: Vec<String> = links
            .chain(pictures)
            .map(|mark| mark.replace("/zh/", "/en/"))
            .collect();
        marks.retain(|mark| !mark.starts_with("README."));
        marks.sort();
        (sections, marks)
    };
    assert_eq!(marks("README.md"), marks("README.zh-CN.md"));
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for file in [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "RELEASING.md",
    ] {
        let text = std::fs::read_to_string(workspace().join(file)).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .map(|rest| rest.split([')', '#']).next().unwrap())
        {
            if !link.is_empty() && !link.starts_with("http") {
                assert!(workspace().join(link).exists(), "{file}: {link}");
            }
        }
    }
}

/// Code of a suite, a file or a folder, by its crate's short name.
fn suite(name: &str) -> Option<String> {
    let (of, suite) = name.split_once('/')?;
    let folder = match of {
        "core" => "wechatpay-core/tests/it",
        "tower" => "wechatpay-tower/tests/it",
        "stores" => "wechatpay-stores/tests/it",
        "axum" => "wechatpay-axum/tests/it",
        "actix" => "wechatpay-actix/tests/it",
        "rocket" => "wechatpay-rocket/tests/it",
        "tests" => "tests/tests/it",
        _ => return None,
    };
    let folder = workspace().join(folder);
    let file = format!("{suite}.rs");
    // One that runs by itself stands beside the folder.
    for file in [folder.join(&file), folder.with_file_name(&file)] {
        if file.exists() {
            return std::fs::read_to_string(file).ok();
        }
    }
    let mut code = String::new();
    collect(&folder.join(suite), &mut code);
    (!code.is_empty()).then_some(code)
}

#[test]
fn each_threat_in_the_security_policy_names_tests_that_exist() {
    let text = std::fs::read_to_string(workspace().join("SECURITY.md")).unwrap();
    let table = text.split("| Threat | Response | Tests |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut named = 0;
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        for group in tests.split("; ") {
            let (file, names) = group.split_once(": ").unwrap();
            let code = suite(file).unwrap_or_else(|| panic!("{row}: {file}"));
            for name in names.split(", ") {
                assert!(code.contains(&format!("fn {name}(")), "{file} has no test {name}");
                named += 1;
            }
        }
    }
    assert!(named >= 50, "{named}");
}

/// Appends all Rust below a folder.
fn collect(folder: &std::path::Path, code: &mut String) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&path, code);
        } else if name.ends_with(".rs") {
            code.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// All Rust of the repository, as one text.
fn all_code() -> String {
    let mut code = String::new();
    collect(workspace(), &mut code);
    code
}

#[test]
fn each_finding_of_the_review_names_a_test_that_exists_or_a_reason() {
    let text = std::fs::read_to_string(workspace().join("SECURITY.md")).unwrap();
    let table = text.split("| Found | Now | Tests |").nth(1).unwrap();
    let code = all_code();
    let mut rows = 0;
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        if !tests.starts_with("none: ") {
            for name in tests.split(", ") {
                assert!(code.contains(&format!("fn {name}(")), "no test {name}: {row}");
            }
        }
        rows += 1;
    }
    assert!(rows >= 60, "{rows}");
}
