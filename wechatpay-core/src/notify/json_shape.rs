//! Nesting depth of a JSON text, checked before parsing.

use super::error::Shape;

/// Deepest accepted nesting. The platform needs five levels.
pub(super) const MAX_DEPTH: usize = 32;

/// Rejects texts nested deeper than [`MAX_DEPTH`].
pub(super) fn check_depth(json: &[u8]) -> Result<(), Shape> {
    // A text with few brackets cannot be deep, even if all of them were outside strings: counting them with vector
    // instructions is much cheaper than following strings and escapes, and nearly every notification ends here.
    let openers = memchr::memchr2_iter(b'{', b'[', json).take(MAX_DEPTH + 1).count();
    if openers <= MAX_DEPTH || depth(json) <= MAX_DEPTH {
        Ok(())
    } else {
        Err(Shape::TooDeep { limit: MAX_DEPTH })
    }
}

fn depth(json: &[u8]) -> usize {
    let (mut deepest, mut now, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                now = now.saturating_add(1);
                deepest = deepest.max(now);
            }
            b'}' | b']' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_inside_strings_are_not_nesting() {
        let flat = format!("{{\"a\":\"{}\\\"{}\"}}", "[".repeat(100), "{".repeat(100));
        assert_eq!(check_depth(flat.as_bytes()), Ok(()));
        let wide = format!("[{}[]]", "[],".repeat(100));
        assert_eq!(check_depth(wide.as_bytes()), Ok(()));
    }

    #[test]
    fn the_thirty_third_level_is_rejected() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(check_depth(nested(32).as_bytes()), Ok(()));
        assert_eq!(
            check_depth(nested(33).as_bytes()),
            Err(Shape::TooDeep { limit: 32 })
        );
    }
}
