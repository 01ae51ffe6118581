//! The pages of the guide against the code.
//!
//! Their quotes are exact, and their lists are complete.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use wechatpay_axum::testing::FakePlatform;
use wechatpay_guide::shop::BoxError;

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The pages of a language, by file name.
fn pages(language: &str) -> Result<BTreeMap<String, String>, BoxError> {
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(root().join("docs/guide").join(language))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".md") {
            pages.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(pages)
}

/// The blocks of a page with this info string.
fn blocks(page: &str, info: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        let fence = line.trim_start().strip_prefix("```");
        open = match (open, fence) {
            (None, Some(language)) => Some((language == info, String::new())),
            (Some((wanted, block)), Some(_)) => {
                if wanted {
                    blocks.push(block);
                }
                None
            }
            (Some((wanted, block)), None) => Some((wanted, block + line + "\n")),
            (None, None) => None,
        };
    }
    blocks
}

/// Code without comments, whitespace and trailing commas.
///
/// A page may break lines where it likes.
fn essence(code: &str) -> String {
    let mut text: String = code
        .lines()
        .map(without_comment)
        .collect::<Vec<_>>()
        .concat()
        .chars()
        .filter(|char| !char.is_whitespace())
        .collect();
    for closing in [')', ']', '}'] {
        text = text.replace(&format!(",{closing}"), &closing.to_string());
    }
    text
}

/// A line up to a comment. Two slashes after a colon are a URL.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| !line.get(..*at).is_some_and(|before| before.ends_with(':')));
    line.get(..comment.map_or(line.len(), |(at, _)| at))
        .unwrap_or_default()
}

/// Every Rust file below a folder, as one text.
fn sources(folder: &Path, text: &mut String) -> Result<(), BoxError> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, text)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Words in the first cells of the tables, without placeholders.
///
/// Codes in capitals are the platform's.
fn quoted_words(page: &str) -> Vec<&str> {
    // The last section quotes what a phone shows.
    let (page, _) = page.rsplit_once("\n## ").unwrap_or_default();
    let is_code = |text: &str| text.chars().all(|char| char.is_ascii_uppercase() || char == '_');
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next())
        .flat_map(|cell| cell.split('`'))
        .filter(|words| !is_code(words))
        .flat_map(|words| words.split(['…', '、']))
        .flat_map(|piece| piece.trim_matches([' ', ':', ',']).split(": "))
        .collect()
}

/// Fails with all of these complaints, if there are any.
fn none(complaints: &[String]) -> Result<(), BoxError> {
    match complaints {
        [] => Ok(()),
        _ => Err(complaints.join("\n").into()),
    }
}

#[test]
fn every_rust_block_of_a_page_is_quoted_from_compiled_code() -> Result<(), BoxError> {
    let crate_folder = root().join("docs/guide/snippets");
    let mut compiled = String::new();
    sources(&crate_folder.join("src"), &mut compiled)?;
    compiled.push_str(&fs::read_to_string(crate_folder.join("tests/testing.rs"))?);
    let compiled = essence(&compiled);
    let mut complaints = Vec::new();
    let mut count = 0;
    for language in LANGUAGES {
        for (name, page) in pages(language)? {
            for block in blocks(&page, "rust") {
                count += 1;
                if !compiled.contains(&essence(&block)) {
                    complaints.push(format!(
                        "{language}/{name} has a block that is not in the crate:\n{block}"
                    ));
                }
            }
        }
    }
    assert!(count > 60, "{count} blocks were found");
    none(&complaints)
}

#[test]
fn both_languages_have_the_same_pages_and_the_same_code() -> Result<(), BoxError> {
    let [english, chinese] = LANGUAGES.map(pages);
    let (english, chinese) = (english?, chinese?);
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&english), names(&chinese));
    for ((name, english), chinese) in english.iter().zip(chinese.values()) {
        for info in ["rust", "console", "sql", "nginx", "text"] {
            let [english, chinese] = [english, chinese].map(|page| {
                let blocks = blocks(page, info);
                blocks.iter().map(|block| essence(block)).collect::<Vec<_>>()
            });
            assert_eq!(english, chinese, "{info} in {name}");
        }
    }
    Ok(())
}

#[test]
fn troubleshooting_names_every_kind_of_rejection() -> Result<(), BoxError> {
    let receiver = FakePlatform::new().receiver();
    let mut complaints = Vec::new();
    for language in LANGUAGES {
        let page = fs::read_to_string(root().join("docs/guide").join(language).join("errors.md"))?;
        for (kind, _) in receiver.counters().iter().filter(|(kind, _)| *kind != "accepted") {
            if !page.contains(&format!("| `{kind}` |")) {
                complaints.push(format!("{language}/errors.md has no row for `{kind}`"));
            }
        }
    }
    none(&complaints)
}

#[test]
fn words_that_troubleshooting_quotes_are_words_of_the_library() -> Result<(), BoxError> {
    let mut library = String::new();
    for part in [
        "wechatpay-core/src",
        "wechatpay-tower/src",
        "wechatpay-stores/src",
    ] {
        sources(&root().join(part), &mut library)?;
    }
    let mut complaints = Vec::new();
    for language in LANGUAGES {
        let page = fs::read_to_string(root().join("docs/guide").join(language).join("errors.md"))?;
        for words in quoted_words(&page).into_iter().filter(|words| words.len() > 2) {
            if !library.contains(words) {
                complaints.push(format!("{language}/errors.md: `{words}`"));
            }
        }
    }
    none(&complaints)
}

#[test]
fn troubleshooting_names_every_message_of_the_library() -> Result<(), BoxError> {
    let files = [
        "wechatpay-core/src/bills/error.rs",
        "wechatpay-core/src/config/problem.rs",
        "wechatpay-core/src/crypto/aead_stream.rs",
        "wechatpay-core/src/crypto/error.rs",
        "wechatpay-core/src/keys/fetch.rs",
        "wechatpay-core/src/verify/key_store.rs",
        "wechatpay-core/src/verify/platform_key.rs",
        "wechatpay-tower/src/client/error.rs",
        "wechatpay-tower/src/download/error.rs",
        "wechatpay-tower/src/error.rs",
        "wechatpay-tower/src/media/file.rs",
        "wechatpay-tower/src/merchants.rs",
        "wechatpay-tower/src/openid/error.rs",
    ];
    let mut complaints = Vec::new();
    for language in LANGUAGES {
        let page = fs::read_to_string(root().join("docs/guide").join(language).join("errors.md"))?;
        let quoted = quoted_words(&page);
        for file in files {
            let code = fs::read_to_string(root().join(file))?;
            let messages = code.split("#[error(").skip(1).filter_map(|rest| {
                let rest = rest.trim_start().strip_prefix('"')?;
                rest.split_once('"').map(|(message, _)| message)
            });
            for message in messages.filter(|message| message.len() > 12) {
                let has_row = |words: &&str| words.len() > 6 && message.contains(*words);
                if !page.contains(message) && !quoted.iter().any(has_row) {
                    complaints.push(format!(
                        "{language}/errors.md has no row for `{message}` of {file}"
                    ));
                }
            }
        }
    }
    none(&complaints)
}

#[test]
fn commands_name_packages_and_examples_that_exist() -> Result<(), BoxError> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let mut names = String::new();
    let members = manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = ["))
        .unwrap_or_default();
    for member in members
        .split('"')
        .filter(|member| member.contains('-') || member.contains('/'))
    {
        names.push_str(&fs::read_to_string(root().join(member).join("Cargo.toml"))?);
    }
    let mut complaints = Vec::new();
    for language in LANGUAGES {
        for (name, page) in pages(language)? {
            for block in blocks(&page, "console") {
                let mut words = block.split_whitespace();
                let mut package = None;
                while let Some(word) = words.next() {
                    let value = || format!("{language}/{name}: {block}");
                    match word {
                        "-p" => {
                            package = words.next();
                            let line = format!("name = \"{}\"", package.unwrap_or_default());
                            (!names.contains(&line)).then(|| complaints.push(value()));
                        }
                        "--example" => {
                            let file = format!("{}.rs", words.next().unwrap_or_default());
                            let path = root()
                                .join(package.unwrap_or_default())
                                .join("examples")
                                .join(file);
                            (!path.exists()).then(|| complaints.push(value()));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    none(&complaints)
}
