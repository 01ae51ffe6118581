//! Foreign text in logs and errors.

/// Makes foreign text printable: one line, at most `longest` characters, no control characters.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    let mut length = 0_usize;
    for character in text.chars() {
        let character = match character {
            character if character.is_whitespace() => ' ',
            character if is_steering(character) => continue,
            character => character,
        };
        // Skips leading and repeated spaces.
        if character == ' ' && (shown.is_empty() || shown.ends_with(' ')) {
            continue;
        }
        if length >= longest {
            shown.push('…');
            break;
        }
        shown.push(character);
        length = length.saturating_add(1);
    }
    shown.truncate(shown.trim_end().len());
    shown
}

/// Returns `true` for control characters and for invisible or reordering characters.
pub(crate) fn is_steering(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
