//! A message as a command for a shell.

use std::fmt::Write as _;

use http::{
    HeaderMap,
    header::{CONTENT_LENGTH, HOST},
};

use super::header_names;

/// A `curl` command that sends these bytes to `url`.
///
/// A body that is no text must be in a file `body`.
pub(crate) fn curl(method: &str, url: &str, headers: &HeaderMap, body: &[u8]) -> String {
    let mut command = format!("curl -i -X {method} {}", quoted(url));
    for (name, value) in headers {
        // curl writes these itself.
        if *name == HOST || *name == CONTENT_LENGTH {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        let header = format!("{}: {value}", header_names::written(name));
        // Writing to a string does not fail.
        let _ = write!(command, " \\\n  -H {}", quoted(&header));
    }
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(body) => {
            let _ = write!(command, " \\\n  --data-raw {}", quoted(body));
        }
        Err(_) => command.push_str(" \\\n  --data-binary @body"),
    }
    command
}

/// In single quotes, which a shell takes as they are.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;

    use super::*;

    #[test]
    fn a_shell_takes_quoted_text_as_it_is() {
        assert_eq!(quoted("it's $HOME"), "'it'\\''s $HOME'");
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, "a".parse().unwrap());
        headers.insert(HOST, "b".parse().unwrap());
        assert_eq!(
            curl("POST", "http://h/p?a=1", &headers, b"{}"),
            "curl -i -X POST 'http://h/p?a=1' \\\n  -H 'Authorization: a' \\\n  --data-raw '{}'"
        );
        assert!(curl("PUT", "http://h/", &headers, b"\xff").ends_with("--data-binary @body"));
    }
}
