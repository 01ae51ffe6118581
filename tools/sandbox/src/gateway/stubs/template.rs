//! Paths with placeholders.

use percent_encoding::percent_decode_str;

use super::StubError;
use crate::language::Text;

/// A path whose `{placeholders}` match one segment each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// A literal segment.
    Literal(String),
    Placeholder(String),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, StubError> {
        let bad = |problem| StubError::Path {
            path: text.to_owned(),
            problem,
        };
        let Some(path) = text.strip_prefix("/v3/").filter(|path| !path.is_empty()) else {
            return Err(bad(Text::new("it begins with /v3/", "应以 /v3/ 开头")));
        };
        if text.contains(['?', '#']) {
            return Err(bad(Text::new(
                "it has no query and no fragment; a stub takes any query",
                "不能带查询参数和片段；桩接受任何查询参数",
            )));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(bad(Text::new(
                "it is written as it is sent, percent-encoded and without blanks",
                "应与发送时一致：百分号编码，不含空格",
            )));
        }
        let mut segments = vec![Segment::Literal("v3".to_owned())];
        let mut rest = path.split('/').peekable();
        while let Some(segment) = rest.next() {
            let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            let segment = match name {
                Some(name) if is_name(name) => Segment::Placeholder(name.to_owned()),
                None if !segment.contains(['{', '}']) => Segment::Literal(segment.to_owned()),
                _ => {
                    return Err(bad(Text::new(
                        "a placeholder is a whole segment, like {out_trade_no}",
                        "占位符须是完整的一段，如 {out_trade_no}",
                    )));
                }
            };
            match &segment {
                Segment::Literal(literal) if matches!(literal.as_str(), "." | "..") => {
                    return Err(bad(Text::new("a segment is not . or ..", "路径段不能是 . 或 ..")));
                }
                // A slash at the end belongs to the path.
                Segment::Literal(literal) if literal.is_empty() && rest.peek().is_some() => {
                    return Err(bad(Text::new("a segment is empty", "有空的路径段")));
                }
                Segment::Placeholder(_) if segments.contains(&segment) => {
                    return Err(bad(Text::new("a placeholder is there twice", "占位符重复出现")));
                }
                _ => segments.push(segment),
            }
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Names and values of the placeholders in a path, `None` if it is another path.
    pub(crate) fn values(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let mut values = Vec::new();
        for wanted in &self.segments {
            let segment = segments.next()?;
            match wanted {
                Segment::Literal(literal) if literal == segment => {}
                Segment::Literal(_) => return None,
                Segment::Placeholder(name) => {
                    let value = percent_decode_str(segment).decode_utf8().ok()?;
                    if value.is_empty() {
                        return None;
                    }
                    values.push((name.clone(), value.into_owned()));
                }
            }
        }
        segments.next().is_none().then_some(values)
    }

    /// Returns true if each path of the other template is one of this.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|pair| match pair {
                (Segment::Placeholder(_), Segment::Placeholder(_)) => true,
                (Segment::Placeholder(_), Segment::Literal(literal)) => !literal.is_empty(),
                (Segment::Literal(one), Segment::Literal(two)) => one == two,
                (Segment::Literal(_), Segment::Placeholder(_)) => false,
            })
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_one_segment() {
        let template = Template::parse("/v3/complaints-v2/{complaint_id}/complete").unwrap();
        let values = template.values("/v3/complaints-v2/a%7Cb/complete").unwrap();
        assert_eq!(values, [("complaint_id".to_owned(), "a|b".to_owned())]);
        for other in [
            "/v3/complaints-v2/1/complete/",
            "/v3/complaints-v2/1/2/complete",
            "/v3/complaints-v2//complete",
            "/v3/complaints-v2/%FF/complete",
            "/v3/complaints-v2/1",
            "v3/complaints-v2/1/complete",
            "",
        ] {
            assert_eq!(template.values(other), None, "{other}");
        }
        let slash = Template::parse("/v3/ecommerce/applyments/").unwrap();
        assert!(slash.values("/v3/ecommerce/applyments/").is_some());
        assert!(slash.values("/v3/ecommerce/applyments").is_none());
        // A placeholder stands for no empty segment.
        assert!(
            !Template::parse("/v3/ecommerce/{a}")
                .unwrap()
                .covers(&Template::parse("/v3/ecommerce/").unwrap())
        );
    }

    #[test]
    fn what_is_no_path_is_refused_with_the_rule() {
        for (path, words) in [
            ("", "begins with /v3/"),
            ("/v3/", "begins with /v3/"),
            ("v3/a", "begins with /v3/"),
            ("/_sandbox/api", "begins with /v3/"),
            ("https://api.mch.weixin.qq.com/v3/a", "begins with /v3/"),
            ("/v3/a?b=c", "no query"),
            ("/v3/a#b", "no fragment"),
            ("/v3/a b", "percent-encoded"),
            ("/v3/名", "percent-encoded"),
            ("/v3/a/x{id}", "whole segment"),
            ("/v3/a/{id", "whole segment"),
            ("/v3/a/{}", "whole segment"),
            ("/v3/a/{a-b}", "whole segment"),
            ("/v3/a/**/}", "whole segment"),
            ("/v3/a//b", "empty"),
            ("/v3/a/../b", ". or .."),
            ("/v3/{a}/{a}", "twice"),
        ] {
            let error = Template::parse(path).unwrap_err().to_string();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}
