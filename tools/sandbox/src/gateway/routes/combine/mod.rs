//! Combined orders: several items, one payment. The family spells its errors in the older way.

mod close;
mod place;
mod query;

use http::Method;

use crate::gateway::{Answer, Refusal, call::Call, codes, routes::decode};
use crate::world::orders::scene::Scene;

/// An endpoint below `/v3/combine-transactions`, with what its path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Place(Scene),
    ByNumber(String),
    ById(String),
    Close(String),
}

impl Route {
    pub(crate) fn find(method: &Method, rest: &[&str]) -> Option<Self> {
        match (method, rest) {
            (&Method::POST, [scene]) => Some(Self::Place(Scene::from_segment(scene)?)),
            (&Method::GET, ["id", id]) => Some(Self::ById(decode(id)?)),
            (&Method::GET, ["out-trade-no", number]) => Some(Self::ByNumber(decode(number)?)),
            (&Method::POST, ["out-trade-no", number, "close"]) => Some(Self::Close(decode(number)?)),
            _ => None,
        }
    }

    pub(crate) fn answer(&self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        let outcome = match self {
            Self::Place(scene) => place::place(call, *scene),
            Self::ByNumber(number) => query::by_number(call, number),
            Self::ById(id) => query::by_id(call, id),
            Self::Close(number) => close::close(call, number),
        };
        outcome.map_err(Refusal::in_old_spelling)
    }
}
