//! The `WECHATPAY_*` variables: the same in the library, `.env.example` and the tables of both READMEs.

use serde::{
    Deserialize as _, Deserializer,
    de::{Error as _, Visitor, value::Error},
    forward_to_deserialize_any,
};
use wechatpay_core::Config;
use wechatpay_tests::tools::workspace;

/// A deserializer that returns the names of the fields as its error.
struct FieldNames;

impl<'de> Deserializer<'de> for FieldNames {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(Error::custom(fields.join(" ")))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The variables that the library reads, in the order of its fields.
fn of_the_library() -> Vec<String> {
    let fields = Config::deserialize(FieldNames).err().unwrap().to_string();
    fields
        .split(' ')
        .map(|field| format!("WECHATPAY_{}", field.to_uppercase()))
        .collect()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(workspace().join(file)).unwrap()
}

#[test]
fn the_example_file_has_each_variable_of_the_library_once_without_a_value() {
    let text = read(".env.example");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            line.strip_suffix('=')
                .unwrap_or_else(|| panic!("{line} has a value"))
        })
        .collect();
    assert!(lines.len() >= 16, "{lines:?}");
    assert_eq!(lines, of_the_library());
}

#[test]
fn each_variable_of_the_example_file_is_explained_in_both_languages() {
    let is_chinese = |line: &str| line.chars().any(|char| ('\u{4e00}'..='\u{9fff}').contains(&char));
    for paragraph in read(".env.example").split("\n\n") {
        let lines = paragraph.lines();
        let (comments, variables): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('#'));
        if !variables.is_empty() {
            let chinese = comments
                .iter()
                .filter(|line| is_chinese(line) && line.contains('。'));
            assert!(comments.len() >= 2 && chinese.count() >= 1, "{paragraph}");
        }
    }
}

#[test]
fn the_tables_of_both_readmes_have_each_variable_of_the_library_once() {
    for file in ["README.md", "README.zh-CN.md"] {
        let text = read(file);
        let rows = text.lines().filter(|line| line.starts_with("| `WECHATPAY_"));
        let mut variables = Vec::new();
        for row in rows {
            let first = row.trim_start_matches("| ").split(" | ").next().unwrap();
            // A row may name the text and the file.
            let names = first.split('`').filter(|part| part.starts_with("WECHATPAY_"));
            variables.extend(names.map(str::to_owned));
            if first.contains("`_FILE`") {
                let text = variables.last().unwrap().clone();
                variables.push(text + "_FILE");
            }
        }
        assert_eq!(variables, of_the_library(), "{file}");
    }
}
