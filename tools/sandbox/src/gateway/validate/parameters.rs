//! Query parameters.

use serde_json::json;

use crate::gateway::hints::FieldHint;
use crate::gateway::{
    Refusal, codes,
    validate::{Issue, Location},
};

/// The documented parameters of a query, each at most once and not empty.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(&'static str, String)>);

impl Parameters {
    pub(crate) fn read(
        query: &str,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, Refusal> {
        let hint = || {
            let names: Vec<String> = required.iter().chain(optional).map(ToString::to_string).collect();
            if names.is_empty() {
                FieldHint::NoParameters
            } else {
                FieldHint::Parameters { names }
            }
        };
        let mut values: Vec<(&'static str, String)> = Vec::new();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            let known = required.iter().chain(optional).find(|name| **name == key);
            let Some(name) = known else {
                return Err(Refusal::new(codes::PARAMETER_EXTRA)
                    .issue(Location::Query, &key, json!(value), Issue::Unknown)
                    .hint(hint()));
            };
            values.retain(|(known, _)| known != name);
            if !value.is_empty() {
                values.push((name, value.into_owned()));
            }
        }
        let parameters = Self(values);
        match required.iter().find(|name| parameters.get(name).is_none()) {
            Some(name) => Err(Refusal::new(codes::PARAMETER)
                .missing(Location::Query, name)
                .hint(hint())),
            None => Ok(parameters),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that was required.
    pub(crate) fn need(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// A parameter that is a number without a sign.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<usize>, Refusal> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value.parse().map(Some).map_err(|_| {
            Refusal::new(codes::PARAMETER)
                .issue(Location::Query, name, json!(value), Issue::Unlisted)
                .hint(FieldHint::NoNumber { name })
        })
    }

    /// The part of a list that `offset` and `limit` ask for.
    ///
    /// The limit is 1 to `max`.
    pub(crate) fn page(&self, default: usize, max: usize) -> Result<Page, Refusal> {
        let offset = self.number("offset")?.unwrap_or_default();
        let limit = self.number("limit")?.unwrap_or(default);
        if (1..=max).contains(&limit) {
            return Ok(Page { offset, limit });
        }
        Err(Refusal::new(codes::PARAMETER)
            .issue(Location::Query, "limit", json!(limit), Issue::Unlisted)
            .hint(FieldHint::Limit { max }))
    }

    /// A parameter that is one of these words.
    pub(crate) fn one_of(
        &self,
        name: &'static str,
        words: &'static [&'static str],
    ) -> Result<Option<&'static str>, Refusal> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match words.iter().find(|word| **word == value) {
            Some(word) => Ok(Some(word)),
            None => Err(Refusal::new(codes::PARAMETER)
                .issue(Location::Query, name, json!(value), Issue::Unlisted)
                .hint(FieldHint::OneOf {
                    name,
                    values: words.iter().map(ToString::to_string).collect(),
                })),
        }
    }
}

/// Part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

impl Page {
    /// The entries of the part.
    pub(crate) fn of<T>(self, entries: Vec<T>) -> Vec<T> {
        entries.into_iter().skip(self.offset).take(self.limit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_and_complete() {
        let read = |query| Parameters::read(query, &["a"], &["b"]);
        let parameters = read("a=1&b=%E4%B8%AD").unwrap();
        assert_eq!(parameters.need("a"), "1");
        assert_eq!(parameters.get("b"), Some("中"));
        assert_eq!(read("a=1").unwrap().get("b"), None);
        for bad in ["", "a=", "b=1", "a=1&c=2", "a=1&a="] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(Parameters::read("x=1", &[], &[]).is_err());
    }

    #[test]
    fn a_page_has_bounds() {
        let page = |query| {
            let parameters = Parameters::read(query, &[], &["limit", "offset"]).unwrap();
            let page = parameters.page(2, 3).ok()?;
            Some(page.of(vec![1, 2, 3, 4, 5]))
        };
        assert_eq!(page("").unwrap(), [1, 2]);
        assert_eq!(page("offset=3&limit=3").unwrap(), [4, 5]);
        assert!(page("offset=9").unwrap().is_empty());
        for bad in ["limit=0", "limit=4", "limit=x", "offset=-1"] {
            assert!(page(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn words_are_those_of_the_list() {
        let parameters = Parameters::read("type=ALL", &[], &["type", "other"]).unwrap();
        assert_eq!(parameters.one_of("type", &["ALL", "NONE"]).unwrap(), Some("ALL"));
        assert_eq!(parameters.one_of("other", &["ALL"]).unwrap(), None);
        assert!(parameters.one_of("type", &["NONE"]).is_err());
    }
}
