//! Text with its invisible characters drawn.

/// Draws invisible characters.
///
/// Line feed, carriage return, space and tab become `␊ ␍ · →`, other control characters their pictures. Bytes that are
/// not UTF-8 and invisible characters (U+FEFF, U+200B, U+00A0, U+3000) become `⟨D6⟩` and `⟨U+FEFF⟩`.
#[must_use]
pub fn draw(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            put(letter, &mut out);
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("⟨{byte:02X}⟩"));
        }
    }
    out
}

fn put(letter: char, out: &mut String) {
    match letter {
        '\n' => out.push('␊'),
        '\r' => out.push('␍'),
        ' ' => out.push('·'),
        '\t' => out.push('→'),
        '\u{7f}' => out.push('␡'),
        '\0'..=' ' => {
            let picture = u32::from(letter).saturating_add(0x2400);
            out.push(char::from_u32(picture).unwrap_or('?'));
        }
        '\u{80}'..='\u{a0}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{3000}'
        | '\u{feff}' => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter))),
        _ => out.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn invisible_characters_are_drawn() {
        assert_eq!(draw(b"a b\tc\r\n\0"), "a·b→c␍␊␀");
        assert_eq!(draw("\u{feff}中\u{3000}".as_bytes()), "⟨U+FEFF⟩中⟨U+3000⟩");
        assert_eq!(draw(b"\xD6\xD0!"), "⟨D6⟩⟨D0⟩!");
    }
}
