//! Patterns of paths and of kinds of events.

/// Returns true if a path matches.
///
/// `*` stands for one segment, `**` for all that follow, none included.
pub(super) fn path(pattern: &str, path: &str) -> bool {
    segments(
        &mut pattern.trim_matches('/').split('/'),
        &mut path.trim_start_matches('/').split('/'),
    )
}

fn segments<'a>(pattern: &mut dyn Iterator<Item = &'a str>, path: &mut dyn Iterator<Item = &'a str>) -> bool {
    loop {
        match (pattern.next(), path.next()) {
            (None, None) | (Some("**"), _) => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(segment)) if wanted == segment => {}
            _ => return false,
        }
    }
}

/// Returns true if a kind of event fits: `*` at the end stands for anything.
pub(super) fn event(pattern: &str, event: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => event.starts_with(start),
        None => pattern == event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_segment_by_segment() {
        for (pattern, fitting, other) in [
            ("/v3/refund/**", "/v3/refund/domestic/refunds", "/v3/refunds"),
            ("/v3/refund/**", "/v3/refund", "/v3"),
            ("**", "/v3/certificates", ""),
            ("/v3/pay/*/id", "/v3/pay/x/id", "/v3/pay/x/y/id"),
            ("/v3/certificates", "/v3/certificates", "/v3/certificates/x"),
        ] {
            assert!(path(pattern, fitting), "{pattern} {fitting}");
            assert!(other.is_empty() || !path(pattern, other), "{pattern} {other}");
        }
    }

    #[test]
    fn events_fit_by_their_beginning() {
        assert!(event("REFUND.*", "REFUND.SUCCESS"));
        assert!(event("*", "REFUND.SUCCESS"));
        assert!(event("REFUND.SUCCESS", "REFUND.SUCCESS"));
        assert!(!event("REFUND", "REFUND.SUCCESS"));
    }
}
