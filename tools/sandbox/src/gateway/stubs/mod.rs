//! Stubs: a test's responses to requests, for endpoints that are not emulated.
//!
//! 1. A request is read, and its signature and headers are checked, as for any endpoint.
//! 2. The oldest stub that fits its method and path, and may still respond, responds. It goes before an emulated endpoint.
//! 3. The response is signed, and faults spoil it, as any response.

pub(crate) mod dispatch;
mod error;
mod field;
mod request;
mod response;
mod template;

use std::{fmt, sync::Arc, sync::Mutex, time::Duration};

use http::Method;

pub use error::StubError;
pub use request::{StubFile, StubRequest};
pub use response::StubResponse;

pub(crate) use field::FieldPath;
pub(crate) use request::Source;
pub(crate) use response::PreparedBody;
pub(crate) use template::Template;

use crate::world::lock;

/// The largest number of stubs.
const CAPACITY: usize = 1_000;

/// Makes a response to a request.
type Function = dyn Fn(&StubRequest) -> StubResponse + Send + Sync;

/// Source of a stub's responses.
#[derive(Clone)]
pub enum Responder {
    /// The same response to each request.
    Fixed(StubResponse),
    /// A function of the test.
    Function(Arc<Function>),
}

/// A stub as it is asked for.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Method of the requests.
    pub method: Method,
    /// Pattern of the paths.
    pub template: Template,
    /// `None` is always.
    pub times: Option<u64>,
    pub(crate) delay: Duration,
    /// Fields of the request that must be encrypted where they are there.
    pub(crate) sensitive: Vec<FieldPath>,
    pub(crate) responder: Responder,
}

/// A stub that is in force.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number of the stub.
    pub id: u64,
    /// The stub as it was asked for.
    pub definition: Definition,
    /// Number of requests it responded to.
    pub responses: u64,
}

/// All stubs.
#[derive(Default)]
pub struct Stubs(Mutex<Table>);

debug_only!(Stubs {});

#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    count: u64,
}

impl Definition {
    /// Validates and creates a stub.
    pub fn new(
        method: Method,
        path: &str,
        times: Option<u64>,
        delay: Duration,
        sensitive: &[String],
        responder: Responder,
    ) -> Result<Self, StubError> {
        let is_used = [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ];
        if !is_used.contains(&method) {
            return Err(StubError::Method(method));
        }
        let template = Template::parse(path)?;
        if times == Some(0) {
            return Err(StubError::Times);
        }
        let sensitive = sensitive
            .iter()
            .map(|text| FieldPath::parse(text))
            .collect::<Result<_, _>>()?;
        if let Responder::Fixed(response) = &responder {
            response.check()?;
        }
        Ok(Self {
            method,
            template,
            times,
            delay,
            sensitive,
            responder,
        })
    }
}

impl Entry {
    fn is_spent(&self) -> bool {
        self.definition.times.is_some_and(|times| self.responses >= times)
    }

    fn fits(&self, method: &Method, path: &str) -> bool {
        self.definition.method == *method && self.definition.template.values(path).is_some()
    }
}

impl Stubs {
    /// Puts a stub into force and gives it its number.
    pub fn add(&self, definition: Definition) -> Result<u64, StubError> {
        let mut table = lock(&self.0);
        let hides = |entry: &&Entry| {
            let known = &entry.definition;
            known.times.is_none()
                && known.method == definition.method
                && known.template.covers(&definition.template)
        };
        if let Some(entry) = table.entries.iter().find(hides) {
            return Err(StubError::Hidden {
                id: entry.id,
                path: entry.definition.template.as_str().to_owned(),
            });
        }
        if table.entries.len() >= CAPACITY {
            return Err(StubError::Full);
        }
        table.count = table.count.saturating_add(1);
        let id = table.count;
        table.entries.push(Entry {
            id,
            definition,
            responses: 0,
        });
        Ok(id)
    }

    /// The oldest stub that may respond to such a request.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Entry> {
        let table = lock(&self.0);
        let mut entries = table.entries.iter();
        entries
            .find(|entry| !entry.is_spent() && entry.fits(method, path))
            .cloned()
    }

    /// Counts a response of a stub. Returns false if it may not respond any more.
    pub(crate) fn take(&self, id: u64) -> bool {
        let mut table = lock(&self.0);
        let entry = table.entries.iter_mut().find(|entry| entry.id == id);
        let Some(entry) = entry.filter(|entry| !entry.is_spent()) else {
            return false;
        };
        entry.responses = entry.responses.saturating_add(1);
        true
    }

    /// All stubs, the oldest first, those that will not respond any more included.
    pub fn all(&self) -> Vec<Entry> {
        lock(&self.0).entries.clone()
    }

    /// Removes a stub. Returns false if the number is unknown.
    pub fn remove(&self, id: u64) -> bool {
        let mut table = lock(&self.0);
        let before = table.entries.len();
        table.entries.retain(|entry| entry.id != id);
        table.entries.len() < before
    }

    /// Removes all stubs.
    pub fn clear(&self) {
        lock(&self.0).entries.clear();
    }
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(response) => f.debug_tuple("Fixed").field(response).finish(),
            Self::Function(_) => f.write_str("Function(..)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(path: &str, times: Option<u64>) -> Definition {
        let responder = Responder::Fixed(StubResponse::from(204));
        Definition::new(Method::POST, path, times, Duration::ZERO, &[], responder).unwrap()
    }

    #[test]
    fn the_oldest_stub_that_fits_responds_until_it_is_spent() {
        let stubs = Stubs::default();
        let first = stubs.add(definition("/v3/a/{id}", Some(2))).unwrap();
        let second = stubs.add(definition("/v3/a/{id}", None)).unwrap();
        let found = || stubs.find(&Method::POST, "/v3/a/1").map(|entry| entry.id);
        assert_eq!(found(), Some(first));
        assert!(stubs.take(first) && stubs.take(first) && !stubs.take(first));
        assert_eq!(found(), Some(second));
        assert!(stubs.find(&Method::GET, "/v3/a/1").is_none());
        assert!(stubs.find(&Method::POST, "/v3/a/1/2").is_none());
        assert!(stubs.remove(second) && !stubs.remove(second));
        assert_eq!(found(), None);
        assert_eq!(stubs.all().len(), 1);
        stubs.clear();
        assert!(stubs.all().is_empty());
    }

    #[test]
    fn a_stub_that_could_never_respond_is_refused() {
        let stubs = Stubs::default();
        let id = stubs.add(definition("/v3/a/{id}", None)).unwrap();
        for path in ["/v3/a/{other}", "/v3/a/1"] {
            assert_eq!(
                stubs.add(definition(path, Some(1))).unwrap_err(),
                StubError::Hidden {
                    id,
                    path: "/v3/a/{id}".into()
                }
            );
        }
        stubs.add(definition("/v3/{a}/1", None)).unwrap();
        stubs.add(definition("/v3/b", None)).unwrap();
    }

    #[test]
    fn stubs_do_not_fill_the_memory() {
        let stubs = Stubs::default();
        for number in 0..CAPACITY {
            stubs.add(definition(&format!("/v3/a/{number}"), None)).unwrap();
        }
        assert_eq!(stubs.add(definition("/v3/b", None)).unwrap_err(), StubError::Full);
    }

    #[test]
    fn what_cannot_be_a_stub_is_refused() {
        let new = |method, path, times, sensitive: &[String], response| {
            let responder = Responder::Fixed(response);
            Definition::new(method, path, times, Duration::ZERO, sensitive, responder).unwrap_err()
        };
        let empty = || StubResponse::from(204);
        assert_eq!(
            new(Method::OPTIONS, "/v3/a", None, &[], empty()),
            StubError::Method(Method::OPTIONS)
        );
        assert!(matches!(
            new(Method::GET, "/v2/a", None, &[], empty()),
            StubError::Path { .. }
        ));
        assert_eq!(new(Method::GET, "/v3/a", Some(0), &[], empty()), StubError::Times);
        assert_eq!(
            new(Method::GET, "/v3/a", None, &["a//b".into()], empty()),
            StubError::FieldPath("a//b".into())
        );
        assert_eq!(
            new(Method::GET, "/v3/a", None, &[], StubResponse::from(99)),
            StubError::Status(99)
        );
    }
}
