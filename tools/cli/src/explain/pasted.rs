//! Messages as people paste them.

use std::borrow::Cow;

/// A message in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message<'a> {
    pub(super) start: Start,
    headers: Vec<(String, String)>,
    pub(super) body: Cow<'a, str>,
}

/// The kind of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Signed by a merchant.
    Request { method: String, target: String },
    /// Signed by the platform: a response or a notification.
    Signed,
}

impl Message<'_> {
    /// The value of a header, whatever its case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a curl command or the text of HTTP.
pub(super) fn read(text: &str) -> Result<Message<'_>, String> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err("there is no message: paste a curl command or an HTTP message".to_owned());
    }
    if trimmed.starts_with("curl ") {
        curl(trimmed)
    } else {
        http(trimmed)
    }
}

/// Method and target of a URL or path.
fn request(method: &str, url: &str) -> Start {
    let target = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/")),
        None => url,
    };
    Start::Request {
        method: method.to_ascii_uppercase(),
        target: target.to_owned(),
    }
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

fn curl(text: &str) -> Result<Message<'_>, String> {
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let words = shlex::split(&text).ok_or("the curl command has a quote without its end")?;
    let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} has no value"));
        match word.as_str() {
            "-X" | "--request" => method = Some(value()?),
            "-H" | "--header" => headers.extend(header(&value()?)),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                let text = value()?;
                if text.starts_with('@') && word != "--data-raw" {
                    return Err(format!(
                        "put the content of {} into the command",
                        text.trim_start_matches('@')
                    ));
                }
                body = Some(text);
            }
            "--url" => url = Some(value()?),
            "-A" | "--user-agent" | "-o" | "--output" | "-m" | "--max-time" | "--connect-timeout" | "-u"
            | "--user" => drop(value()?),
            flag if flag.starts_with('-') => {}
            _ => url = Some(word),
        }
    }
    let url = url.ok_or("the curl command has no URL")?;
    let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
    Ok(Message {
        start: request(&method, &url),
        headers,
        body: body.unwrap_or_default().into(),
    })
}

fn http(text: &str) -> Result<Message<'_>, String> {
    let (head, body) = match text.split_once("\r\n\r\n") {
        Some(parts) => parts,
        None => text.split_once("\n\n").unwrap_or((text, "")),
    };
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut words = first.split_whitespace();
    let start = match (words.next(), words.next()) {
        (Some(version), _) if version.starts_with("HTTP/") => Start::Signed,
        (Some(method), Some(target)) if !method.contains(':') => request(method, target),
        _ => {
            headers.extend(header(first));
            Start::Signed
        }
    };
    headers.extend(lines.filter_map(header));
    let has = |name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    // A notification is a request too; what tells is who signed it.
    let start = if has("wechatpay-signature") {
        Start::Signed
    } else {
        start
    };
    if start == Start::Signed && !has("wechatpay-signature") {
        return Err(
            "the message has neither Authorization nor Wechatpay-Signature: paste the first line, all headers, an empty line and the body".to_owned(),
        );
    }
    // A text file ends with a line end that was not sent. JSON never needs it.
    let body = match body.strip_suffix('\n') {
        Some(json) if json.ends_with('}') || json.ends_with(']') => json,
        _ => body,
    };
    Ok(Message {
        start,
        headers,
        body: body.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(method: &str, target: &str) -> Start {
        Start::Request {
            method: method.into(),
            target: target.into(),
        }
    }

    #[test]
    fn a_curl_command_over_several_lines_is_read() {
        let message = read(
            "curl -sS -X POST 'https://api.mch.weixin.qq.com/v3/pay/x?a=1' \\\n  -H 'Authorization: W x=\"1\"' \\\n  --data-raw '{\"a\": 1}'\n",
        )
        .unwrap();
        assert_eq!(message.start, start("POST", "/v3/pay/x?a=1"));
        assert_eq!(message.header("authorization"), Some("W x=\"1\""));
        assert_eq!(message.body, "{\"a\": 1}");
        assert_eq!(read("curl https://h/v3/y").unwrap().start, start("GET", "/v3/y"));
    }

    #[test]
    fn the_text_of_http_is_read_with_either_line_end() {
        for end in ["\n", "\r\n"] {
            let text = ["POST /v3/x HTTP/1.1", "Host: h", "Authorization: W", "", "{}"].join(end);
            let message = read(&text).unwrap();
            assert_eq!(message.start, start("POST", "/v3/x"));
            assert_eq!((message.header("HOST"), &*message.body), (Some("h"), "{}"));
        }
        let notification = read("POST /notify HTTP/1.1\nWechatpay-Signature: s\n\n{}\n").unwrap();
        assert_eq!((notification.start, &*notification.body), (Start::Signed, "{}"));
        assert_eq!(read("Wechatpay-Signature: s\n\n{}").unwrap().start, Start::Signed);
    }

    #[test]
    fn what_is_no_message_is_named() {
        for (text, words) in [
            ("", "no message"),
            ("curl -X", "-X has no value"),
            ("curl 'https://h", "a quote without its end"),
            ("curl -H 'a: b'", "has no URL"),
            (
                "curl -d @order.json https://h/v3",
                "put the content of order.json",
            ),
            ("HTTP/1.1 200 OK\n\n{}", "neither Authorization nor"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
