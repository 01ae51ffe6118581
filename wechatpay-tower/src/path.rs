//! Paths of endpoints without a type.

use std::fmt;

use wechatpay_core::api::Path;

use crate::CallError;

/// A path with `{placeholders}`, and their values.
#[derive(Clone)]
pub(crate) struct PathTemplate {
    template: &'static str,
    values: Vec<(&'static str, String)>,
}

impl PathTemplate {
    pub(crate) fn new(template: &'static str) -> Self {
        Self {
            template,
            values: Vec::new(),
        }
    }

    pub(crate) fn value(&mut self, name: &'static str, value: String) {
        self.values.push((name, value));
    }

    /// Returns the path with its placeholders, for logs and errors.
    pub(crate) fn template(&self) -> &'static str {
        self.template
    }

    /// Returns the percent-encoded path, in which each value stays one segment.
    pub(crate) fn fill(&self) -> Result<Path, CallError> {
        let is_plain = self.template.bytes().all(|byte| byte.is_ascii_graphic());
        let Some(rest) = self
            .template
            .strip_prefix('/')
            .filter(|rest| is_plain && !rest.contains(['?', '#']))
        else {
            return Err(CallError::Request(
                "the path does not start with a slash, or has a query",
            ));
        };
        let (mut path, mut used) = (Path::new(""), 0_usize);
        for segment in rest.split('/') {
            let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            let Some(name) = name else {
                path = path.segment(segment);
                continue;
            };
            let mut values = self.values.iter().filter(|(known, _)| *known == name);
            path = match (values.next(), values.next()) {
                (Some((_, value)), None) if !value.is_empty() => path.segment(value),
                (Some(_), None) => return Err(CallError::Request("a value of the path is empty")),
                (Some(_), Some(_)) => {
                    return Err(CallError::Request("a placeholder of the path has two values"));
                }
                (None, _) => return Err(CallError::Request("a placeholder of the path has no value")),
            };
            used = used.saturating_add(1);
        }
        if used == self.values.len() {
            Ok(path)
        } else {
            Err(CallError::Request("the path has no placeholder for a value"))
        }
    }
}

/// Writes no values, because they may be ids of persons.
impl fmt::Debug for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.template)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &'static str, values: &[(&'static str, &str)]) -> Result<String, String> {
        let mut path = PathTemplate::new(template);
        for (name, value) in values {
            path.value(name, (*value).to_owned());
        }
        path.fill()
            .map(|path| path.as_str().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_stays_in_its_segment() {
        let image = "/v3/merchant-service/images/{media_id}";
        assert_eq!(
            filled(image, &[("media_id", "../a?b=c/d")]).unwrap(),
            "/v3/merchant-service/images/..%2Fa%3Fb%3Dc%2Fd"
        );
        assert_eq!(
            filled("/v3/a/{b}/c/{d}/", &[("d", "2"), ("b", "1")]).unwrap(),
            "/v3/a/1/c/2/"
        );
        for (template, values, words) in [
            (image, &[][..], "has no value"),
            (image, &[("media_id", "")], "is empty"),
            (image, &[("media_id", "1"), ("media_id", "2")], "two values"),
            (
                image,
                &[("media_id", "1"), ("other", "2")],
                "no placeholder for a value",
            ),
            ("v3/a", &[], "does not start with a slash"),
            ("https://evil.example/a", &[], "does not start with a slash"),
            ("/v3/a?b=c", &[], "has a query"),
            ("/v3/a b", &[], "does not start"),
        ] {
            let error = filled(template, values).unwrap_err();
            assert!(error.contains(words), "{template}: {error}");
        }
        assert_eq!(filled("//evil.example/a", &[]).unwrap(), "//evil.example/a");
    }
}
