//! An endpoint as data: its method and path, its fields, and the function that responds.

use http::Method;
use percent_encoding::percent_decode_str;
use wechatpay_doctor::Text;

use crate::gateway::{
    Answer, Refusal,
    call::Call,
    validate::{Field, Fields, parties},
};

/// Responds to a call of an endpoint.
pub(super) type Respond = fn(&mut Call<'_>, &PathValues) -> Result<Answer, Refusal>;

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

impl Verb {
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }
}

/// An endpoint that the gateway emulates.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(super) verb: Verb,
    /// A segment in braces takes any value.
    pub(super) path: &'static str,
    /// Purpose, for people.
    pub(super) title: Text,
    pub(crate) fields: Fields,
    /// The body is a form with a file.
    pub(super) is_upload: bool,
    respond: Respond,
}

impl Endpoint {
    const fn new(
        verb: Verb,
        path: &'static str,
        (english, chinese): (&'static str, &'static str),
        respond: Respond,
    ) -> Self {
        Self {
            verb,
            path,
            title: Text::new(english, chinese),
            fields: Fields {
                body: &[],
                required: &[],
                optional: &[],
            },
            is_upload: false,
            respond,
        }
    }

    pub(super) const fn get(
        path: &'static str,
        title: (&'static str, &'static str),
        respond: Respond,
    ) -> Self {
        Self::new(Verb::Get, path, title, respond)
    }

    pub(super) const fn post(
        path: &'static str,
        title: (&'static str, &'static str),
        respond: Respond,
    ) -> Self {
        Self::new(Verb::Post, path, title, respond)
    }

    pub(super) const fn put(
        path: &'static str,
        title: (&'static str, &'static str),
        respond: Respond,
    ) -> Self {
        Self::new(Verb::Put, path, title, respond)
    }

    pub(super) const fn delete(
        path: &'static str,
        title: (&'static str, &'static str),
        respond: Respond,
    ) -> Self {
        Self::new(Verb::Delete, path, title, respond)
    }

    /// With a form that has a file instead of a body in JSON.
    pub(super) const fn upload(self) -> Self {
        Self {
            is_upload: true,
            ..self
        }
    }

    /// With a body of these tables.
    pub(super) const fn body(self, body: &'static [&'static [Field]]) -> Self {
        Self {
            fields: Fields { body, ..self.fields },
            ..self
        }
    }

    /// With these query parameters.
    pub(super) const fn query(
        self,
        required: &'static [&'static str],
        optional: &'static [&'static str],
    ) -> Self {
        Self {
            fields: Fields {
                required,
                optional,
                ..self.fields
            },
            ..self
        }
    }

    /// The values of the path, if the request is for this endpoint.
    pub(super) fn matches(&self, method: &Method, path: &str) -> Option<PathValues> {
        if self.verb.method() != *method {
            return None;
        }
        let mut values = Vec::new();
        let (mut own, mut given) = (self.path.split('/'), path.split('/'));
        loop {
            match (own.next(), given.next()) {
                (None, None) => return Some(PathValues(values)),
                (Some(own), Some(given)) => {
                    let name = own.strip_prefix('{').and_then(|own| own.strip_suffix('}'));
                    match name {
                        Some(name) => values.push((name, decoded(given)?)),
                        None if own == given => {}
                        None => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

/// Values of the segments in braces.
#[derive(Debug)]
pub(crate) struct PathValues(Vec<(&'static str, String)>);

impl PathValues {
    /// The value of a segment, by its name in the path.
    pub(super) fn get(&self, name: &str) -> &str {
        let value = self.0.iter().find(|(known, _)| *known == name);
        value.map_or("", |(_, value)| value.as_str())
    }
}

/// Endpoints with a check that comes before any of them.
pub(crate) struct Family {
    pub(super) endpoints: &'static [Endpoint],
    /// Returns an error for callers that may not use the family.
    pub(super) check: fn(&Call<'_>, &PathValues) -> Result<(), Refusal>,
    /// Errors of older families are spelt otherwise.
    pub(super) spelling: fn(Refusal) -> Refusal,
}

impl Family {
    pub(super) const fn new(endpoints: &'static [Endpoint]) -> Self {
        Self {
            endpoints,
            check: |_, _| Ok(()),
            spelling: |refusal| refusal,
        }
    }

    /// Refuses callers that have no sub-merchants.
    pub(super) const fn for_partners(self) -> Self {
        Self {
            check: |call, _| parties::partner(call.merchant),
            ..self
        }
    }

    /// Refuses callers that are no e-commerce platform.
    pub(super) const fn for_platforms(self) -> Self {
        Self {
            check: |call, _| parties::platform(call.merchant),
            ..self
        }
    }
}

/// The endpoint of a request, with its family and the values of its path.
pub(crate) struct Found {
    pub(crate) endpoint: &'static Endpoint,
    family: &'static Family,
    values: PathValues,
}

impl Found {
    pub(super) fn new(family: &'static Family, method: &Method, path: &str) -> Option<Self> {
        let mut endpoints = family.endpoints.iter();
        endpoints.find_map(|endpoint| {
            Some(Self {
                values: endpoint.matches(method, path)?,
                endpoint,
                family,
            })
        })
    }

    /// Asks the endpoint.
    pub(crate) fn respond(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        (self.family.check)(call, &self.values)?;
        (self.endpoint.respond)(call, &self.values).map_err(self.family.spelling)
    }

    #[cfg(test)]
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name)
    }
}

/// A segment without percent-encoding; `None` for an empty one and for what is no text.
fn decoded(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}
