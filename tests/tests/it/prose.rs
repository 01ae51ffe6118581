//! The first paragraph of every doc comment: at most 15 words, no question word first.

use std::path::{Path, PathBuf};

use wechatpay_tests::tools::workspace;

/// Maximum number of words of a first paragraph.
const MAX_WORDS: usize = 15;
/// Forbidden beginnings.
const BEGINNINGS: &[&str] = &["What", "Where", "How", "Whether", "Another"];

/// Appends the Rust files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                collect(&path, files);
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
}

/// The marker and the text of a line of a doc comment.
fn doc_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (marker, text) = line.split_at_checked(3)?;
    let is_doc = matches!(marker, "///" | "//!") && !text.starts_with('/');
    is_doc.then(|| (marker, text.trim()))
}

/// The line number and the text of each first paragraph of a file.
fn first_paragraphs(code: &str) -> Vec<(usize, String)> {
    let mut paragraphs = Vec::new();
    let mut previous = None;
    let mut is_open = false;
    for (number, line) in (1..).zip(code.lines()) {
        let Some((marker, text)) = doc_line(line) else {
            previous = None;
            continue;
        };
        if previous != Some(marker) {
            paragraphs.push((number, text.to_owned()));
            is_open = true;
        } else if text.is_empty() {
            is_open = false;
        } else if let Some((_, paragraph)) = paragraphs.last_mut().filter(|_| is_open) {
            paragraph.push(' ');
            paragraph.push_str(text);
        }
        previous = Some(marker);
    }
    paragraphs
}

/// Removes the targets of links, and makes one word of each code span.
fn plain(paragraph: &str) -> String {
    let mut plain = String::new();
    for (at, part) in paragraph.split('`').enumerate() {
        plain.push_str(if at % 2 == 0 { part } else { "code" });
    }
    let mut text = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("](") {
        text.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    text + rest
}

/// The number of words. A Chinese term in brackets does not count.
fn words(paragraph: &str) -> usize {
    let is_word = |word: &str| {
        let mut letters = word.chars().filter(|char| char.is_alphanumeric());
        letters.next().is_some_and(|first| first < '\u{3000}')
    };
    plain(paragraph)
        .split_whitespace()
        .filter(|word| is_word(word))
        .count()
}

/// The rule that a first paragraph breaks.
fn broken_rule(paragraph: &str) -> Option<String> {
    let first = paragraph
        .split(|char: char| !char.is_alphabetic())
        .next()
        .unwrap_or_default();
    let count = words(paragraph);
    if BEGINNINGS.contains(&first) {
        Some(format!("begins with {first}"))
    } else {
        (count > MAX_WORDS).then(|| format!("{count} words"))
    }
}

#[test]
fn each_first_paragraph_has_at_most_15_words_and_begins_with_no_question_word() {
    let mut files = Vec::new();
    collect(workspace(), &mut files);
    files.sort();
    assert!(files.len() > 500, "{}", files.len());
    let mut offenders = Vec::new();
    for file in files {
        let path = file.strip_prefix(workspace()).unwrap();
        for (line, paragraph) in first_paragraphs(&std::fs::read_to_string(&file).unwrap()) {
            if let Some(rule) = broken_rule(&paragraph) {
                offenders.push(format!("{}:{line}: {rule}: {paragraph}", path.display()));
            }
        }
    }
    assert!(
        offenders.is_empty(),
        "{} offenders\n{}",
        offenders.len(),
        offenders.join("\n")
    );
}

#[test]
fn links_count_by_their_text_and_code_spans_as_one_word() {
    for (paragraph, expected) in [
        ("", 0),
        ("Signs requests.", 2),
        ("[Signs all](https://example.com/a b c) requests.", 3),
        ("[`Signs all`](super::Sign) `a b c`.", 2),
        ("[`Signs`] – requests.", 2),
        ("The APIv3 key (APIv3密钥 32 字节).", 5),
        ("The key (微信支付公钥).", 2),
    ] {
        assert_eq!(words(paragraph), expected, "{paragraph}");
    }
}

#[test]
fn a_first_paragraph_ends_at_an_empty_line_or_with_the_comment() {
    let code =
        "//! A module.\n//! It has\n//!\n//! more.\n\n/// An item.\nfn f() {}\n    //! Inner.\n//// none\n";
    assert_eq!(
        first_paragraphs(code),
        [
            (1, "A module. It has".to_owned()),
            (6, "An item.".to_owned()),
            (8, "Inner.".to_owned()),
        ]
    );
}

#[test]
fn a_question_word_at_the_beginning_and_a_sixteenth_word_are_named() {
    assert_eq!(
        broken_rule("What is signed.").as_deref(),
        Some("begins with What")
    );
    assert_eq!(broken_rule("Whatever is signed."), None);
    assert_eq!(broken_rule(&"a ".repeat(15)), None);
    assert_eq!(broken_rule(&"a ".repeat(16)).as_deref(), Some("16 words"));
}
