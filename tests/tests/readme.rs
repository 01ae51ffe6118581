//! The README: its code compiles, its commands are the same in both languages.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use wechatpay_tests::tools::workspace;

fn commands(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(workspace().join(file)).unwrap();
    let blocks = text.split("```console\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn both_languages_have_the_same_commands() {
    let english = commands("README.md");
    assert_eq!(english, commands("README.zh-CN.md"));
    assert_eq!(
        english.concat(),
        "cargo demo\nscripts/test\n",
        "two commands do all the set-up"
    );
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for file in ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md"] {
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
