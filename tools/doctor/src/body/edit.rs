//! Text changes of a body: line ends, white space, byte order marks, encodings.

use encoding_rs::{GBK, WINDOWS_1252};

/// Change from the received body to the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The body is empty.
    Emptied,
    /// A line end or space is added at the end.
    EndAdded,
    /// White space at both ends is removed.
    Trimmed,
    /// U+FEFF is added at the start.
    MarkAdded,
    /// U+FEFF at the start is removed.
    MarkRemoved,
    /// LF becomes CR LF.
    ReturnsAdded,
    /// CR LF becomes LF.
    ReturnsRemoved,
    /// Line ends are removed, as by programs that read line by line.
    LinesJoined,
    /// UTF-8 becomes GBK.
    ToGbk,
    /// GBK becomes UTF-8.
    FromGbk,
    /// Characters outside Latin-1 become `?`.
    ToLatin1,
    /// UTF-8 is read as Latin-1 (or Windows-1252) and encoded again.
    EncodedTwice,
    /// Text that was encoded twice is decoded once.
    DecodedTwice,
    /// UTF-8 becomes UTF-16.
    ToUtf16,
}

/// Returns all edits that change the body.
pub(crate) fn edits(body: &[u8]) -> Vec<(Edit, Vec<u8>)> {
    let mut edits = vec![(Edit::Emptied, Vec::new())];
    for end in ["\n", "\r\n", " ", "\n\n"] {
        edits.push((Edit::EndAdded, [body, end.as_bytes()].concat()));
    }
    edits.push((Edit::Trimmed, body.trim_ascii().to_vec()));
    edits.push((Edit::Trimmed, body.trim_ascii_end().to_vec()));
    if let Some(shorter) = body.strip_suffix(b"\n") {
        edits.push((Edit::Trimmed, shorter.to_vec()));
    }
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    match body.strip_prefix(MARK) {
        Some(rest) => edits.push((Edit::MarkRemoved, rest.to_vec())),
        None => edits.push((Edit::MarkAdded, [MARK, body].concat())),
    }
    let (gbk, _, _) = GBK.decode(body);
    if let Ok(text) = std::str::from_utf8(body) {
        edits.extend(of_text(text));
    } else {
        edits.push((Edit::FromGbk, gbk.into_owned().into_bytes()));
    }
    edits.retain(|(_, edited)| edited != body);
    edits
}

fn of_text(text: &str) -> Vec<(Edit, Vec<u8>)> {
    let unix = text.replace("\r\n", "\n");
    let mut edits = vec![
        (Edit::ReturnsAdded, unix.replace('\n', "\r\n").into_bytes()),
        (Edit::LinesJoined, unix.replace('\n', "").into_bytes()),
        (Edit::ReturnsRemoved, unix.into_bytes()),
    ];
    if text.is_ascii() {
        return edits;
    }
    let (gbk, _, is_lossy) = GBK.encode(text);
    if !is_lossy {
        edits.push((Edit::ToGbk, gbk.into_owned()));
    }
    let latin1 = |letter: char| u8::try_from(u32::from(letter)).ok();
    edits.push((
        Edit::ToLatin1,
        text.chars()
            .map(|letter| latin1(letter).unwrap_or(b'?'))
            .collect(),
    ));
    let twice: String = text.bytes().map(char::from).collect();
    edits.push((Edit::EncodedTwice, twice.into_bytes()));
    let (twice, _) = WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
    edits.push((Edit::EncodedTwice, twice.into_owned().into_bytes()));
    let once: Option<Vec<u8>> = text.chars().map(latin1).collect();
    let (windows, _, is_lossy) = WINDOWS_1252.encode(text);
    let windows = (!is_lossy).then(|| windows.into_owned());
    for bytes in [once, windows].into_iter().flatten() {
        edits.push((Edit::DecodedTwice, bytes));
    }
    edits.push((
        Edit::ToUtf16,
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(body: &[u8], edit: Edit) -> Vec<Vec<u8>> {
        let edits = edits(body).into_iter();
        edits
            .filter(|(kind, _)| *kind == edit)
            .map(|(_, body)| body)
            .collect()
    }

    #[test]
    fn encodings_are_changed_both_ways() {
        let gbk = b"\xD6\xD0";
        assert_eq!(edited("中".as_bytes(), Edit::ToGbk), [gbk]);
        assert_eq!(edited(gbk, Edit::FromGbk), ["中".as_bytes()]);
        assert_eq!(edited("a中".as_bytes(), Edit::ToLatin1), [b"a?"]);
        let twice = &edited("中".as_bytes(), Edit::EncodedTwice)[0];
        assert_eq!(String::from_utf8_lossy(twice), "\u{e4}\u{b8}\u{ad}");
        assert_eq!(edited(twice, Edit::DecodedTwice)[0], "中".as_bytes());
        assert!(edited(b"plain", Edit::ToGbk).is_empty());
    }

    #[test]
    fn an_edit_without_effect_is_left_out() {
        assert!(edits(b"").iter().all(|(_, body)| !body.is_empty()));
        assert!(edited(b"{}", Edit::Trimmed).is_empty());
        assert_eq!(
            edited(b" {}\n", Edit::Trimmed),
            [b"{}".as_slice(), b" {}", b" {}"]
        );
    }
}
