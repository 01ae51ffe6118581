//! Parses an upload (RFC 7578) with a part `meta` and a part `file`.
//!
//! The contents of the parts stay the bytes that came, because one of them is signed. A `Content-Type` without a boundary is
//! taken too: wechatpayv3 (PyPI) sends that with every upload, so the boundary is the first line of the body.

use bytes::Bytes;
use memchr::memmem;
use percent_encoding::percent_decode_str;

/// Parts of one upload; more than two is one too many already.
const MAX_PARTS: usize = 8;
/// The longest boundary (RFC 2046).
const MAX_BOUNDARY: usize = 70;

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub(crate) filename: Option<String>,
    pub content: Bytes,
}

/// The parts, or `None` when the form is broken.
pub fn parts(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let boundary = match declared_boundary(content_type) {
        Some(boundary) => boundary,
        None if is_form(content_type) => first_line(body)?,
        None => return None,
    };
    let opening = format!("--{boundary}");
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = match body.strip_prefix(opening.as_bytes()) {
        Some(rest) => body.slice_ref(rest),
        // Something may stand in front of the first part.
        None => {
            let at = memmem::find(body, delimiter.as_bytes())?;
            body.slice(at.checked_add(delimiter.len())?..)
        }
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let inside = rest.strip_prefix(b"\r\n")?;
        let end = memmem::find(inside, delimiter.as_bytes())?;
        let (part, behind) = inside.split_at_checked(end)?;
        parts.push(self::part(&rest.slice_ref(part))?);
        if parts.len() > MAX_PARTS {
            return None;
        }
        let behind = behind.get(delimiter.len()..)?;
        rest = rest.slice_ref(behind);
    }
    Some(parts)
}

fn part(part: &Bytes) -> Option<Part> {
    let end = memmem::find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(part.get(..end)?).ok()?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let filename = parameter(disposition, "filename").or_else(|| {
        let extended = parameter(disposition, "filename*")?;
        let (_, encoded) = extended.rsplit_once('\'')?;
        Some(percent_decode_str(encoded).decode_utf8().ok()?.into_owned())
    });
    Some(Part {
        name: parameter(disposition, "name")?,
        filename,
        content: part.slice(end.checked_add(4)?..),
    })
}

/// Returns true if the header names a boundary.
pub(super) fn has_boundary(content_type: &str) -> bool {
    declared_boundary(content_type).is_some()
}

/// Returns true if the header names a form.
pub(super) fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("multipart/form-data")
}

fn declared_boundary(content_type: &str) -> Option<String> {
    parameter(content_type, "boundary").filter(|boundary| is_form(content_type) && !boundary.is_empty())
}

/// The boundary that a body begins with.
fn first_line(body: &Bytes) -> Option<String> {
    let line = body.get(..memmem::find(body, b"\r\n")?)?;
    let boundary = std::str::from_utf8(line).ok()?.strip_prefix("--")?;
    (1..=MAX_BOUNDARY)
        .contains(&boundary.len())
        .then(|| boundary.to_owned())
}

/// A parameter of a header, in quotes or without.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let (_, mut rest) = header.split_once(';')?;
    while !rest.is_empty() {
        let (parameter, behind) = rest.split_at_checked(end_of_parameter(rest))?;
        rest = behind.strip_prefix(';').unwrap_or(behind);
        match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case(wanted) => {
                return Some(unquoted(value.trim()));
            }
            _ => {}
        }
    }
    None
}

/// Position of the next semicolon that is not in quotes.
fn end_of_parameter(text: &str) -> usize {
    let (mut in_quotes, mut is_escaped) = (false, false);
    let end = text.char_indices().find(|(_, letter)| {
        let is_end = *letter == ';' && !in_quotes;
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if in_quotes => is_escaped = true,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        is_end
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// A value without its quotes; inside them, a backslash stands for the character behind it.
fn unquoted(value: &str) -> String {
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let Some(quoted) = quoted else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(quoted.len());
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"b\"";
    const BODY: &str = "--b\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n1\r\n2\r\n--b--\r\n";

    #[test]
    fn an_upload_has_its_parts() {
        let parts = parts(TYPE, &BODY.into()).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(
            (parts[0].name.as_str(), &parts[0].content[..]),
            ("meta", &b"{}"[..])
        );
        assert_eq!(parts[1].filename.as_deref(), Some("a.png"));
        assert_eq!(&parts[1].content[..], b"1\r\n2");
    }

    #[test]
    fn a_boundary_that_the_header_leaves_out_is_the_first_line() {
        let (whole, short) = (
            parts(TYPE, &BODY.into()),
            parts("Multipart/Form-Data", &BODY.into()),
        );
        assert!(whole.is_some());
        assert_eq!(whole, short);
        assert!(
            has_boundary(TYPE) && !has_boundary("multipart/form-data") && !has_boundary("a/b; boundary=b")
        );
    }

    #[test]
    fn names_of_files_are_read_as_they_were_meant() {
        for (disposition, filename) in [
            (r#"form-data; name="file"; filename="pic;1.png""#, "pic;1.png"),
            (
                r#"form-data; filename="a\"b\\c.png"; name="file""#,
                r#"a"b\c.png"#,
            ),
            (r#"form-data; name=file; filename=plain.png;"#, "plain.png"),
            (
                r#"form-data; name="file"; FileName = "图 片.png" ; x"#,
                "图 片.png",
            ),
            (
                r#"form-data; name="file"; filename*=UTF-8''%E5%9B%BE.png"#,
                "图.png",
            ),
            (
                r#"form-data; name="file"; filename="boundary=x; name=y""#,
                "boundary=x; name=y",
            ),
        ] {
            let body = format!("--b\r\nContent-Disposition: {disposition}\r\n\r\n1\r\n--b--");
            let parts = parts(TYPE, &body.into()).unwrap();
            assert_eq!(parts[0].name, "file", "{disposition}");
            assert_eq!(parts[0].filename.as_deref(), Some(filename), "{disposition}");
        }
    }

    #[test]
    fn broken_forms_are_none() {
        for (content_type, body) in [
            ("application/json", BODY),
            ("multipart/form-data", "--b"),
            ("multipart/form-data", "no boundary\r\n"),
            ("multipart/form-data", "--\r\n--"),
            ("multipart/form-data; boundary=c", BODY),
            (TYPE, ""),
            (TYPE, "--b"),
            (TYPE, "--b\r\n\r\n{}\r\n--b--"),
            (TYPE, "--b\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--b--"),
            (
                TYPE,
                "--b\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}",
            ),
        ] {
            assert_eq!(parts(content_type, &body.to_owned().into()), None, "{body}");
        }
        let many = "\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n".repeat(20);
        assert_eq!(parts(TYPE, &format!("{many}\r\n--b--").into()), None);
        assert_eq!(parts(TYPE, &"--b--".to_owned().into()), Some(Vec::new()));
    }
}
