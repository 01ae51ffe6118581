//! Takes an upload apart (RFC 7578), as far as uploads here go: a part `meta` and a part `file`.

use bytes::Bytes;
use memchr::memmem;

/// Parts of one upload; more than two is one too many already.
const MAX_PARTS: usize = 8;

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
    pub(crate) content: Bytes,
}

/// The parts, or `None` when the form is broken.
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let boundary = boundary(content_type)?;
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
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        content: part.slice(end.checked_add(4)?..),
    })
}

fn boundary(content_type: &str) -> Option<String> {
    let is_form = content_type
        .split(';')
        .next()?
        .trim()
        .eq_ignore_ascii_case("multipart/form-data");
    parameter(content_type, "boundary").filter(|boundary| is_form && !boundary.is_empty())
}

/// A parameter of a header, in quotes or without.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        let value = value.trim();
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.to_owned())
    })
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
    fn broken_forms_are_none() {
        for (content_type, body) in [
            ("application/json", BODY),
            ("multipart/form-data", BODY),
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
