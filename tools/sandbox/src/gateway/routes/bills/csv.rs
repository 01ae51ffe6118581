//! Form of a bill file.
//!
//! Byte order mark, lines that end in CR LF, back-ticks before the cells of rows, not of headers.

use crate::world::{clock::beijing, funds::yuan};

/// A file is put together of two tables: the rows and their summary.
pub(crate) fn file(
    header: &[&str],
    rows: &[Vec<String>],
    summary_header: &[&str],
    summary: &[String],
) -> String {
    let mut text = String::from('\u{feff}');
    line(&mut text, &header.join(","));
    for row in rows {
        line(&mut text, &cells(row));
    }
    line(&mut text, &summary_header.join(","));
    line(&mut text, &cells(summary));
    text
}

/// `YYYY-MM-DD hh:mm:ss` in Beijing.
pub(crate) fn time(unix_seconds: i64) -> String {
    beijing(unix_seconds).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A fee in yuan, which has five decimals.
pub(crate) fn fee(fen: i64) -> String {
    format!("{}000", yuan(fen))
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push_str("\r\n");
}

fn cells(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("`{}", clean(cell))).collect();
    cells.join(",")
}

/// Replaces characters that would break a line by blanks.
///
/// A comma stays: names have them.
fn clean(cell: &str) -> String {
    cell.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_four_parts() {
        let rows = [vec!["1".to_owned(), "a,\nb".to_owned()]];
        assert_eq!(
            file(&["编号", "名称"], &rows, &["笔数"], &["1".to_owned()]),
            "\u{feff}编号,名称\r\n`1,`a, b\r\n笔数\r\n`1\r\n"
        );
        assert_eq!(time(1_704_083_696), "2024-01-01 12:34:56");
        assert_eq!(fee(-27), "-0.27000");
    }
}
