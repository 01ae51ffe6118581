//! Open pages: what stands behind a page's token.

use crate::web::{Language, Recent};
use wechatpay_sandbox::world::{
    orders::{key::OrderKey, scene::Scene, state::PayError},
    random::Ids,
};

/// A page that a buyer looks at.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) order: OrderKey,
    pub(super) scene: Scene,
    /// The return address.
    pub(super) back: Option<String>,
    /// A return address was given and not allowed.
    pub(super) back_refused: bool,
    /// The origin of the page that holds this one in a frame.
    pub(super) opener: Option<String>,
    pub(super) language: Language,
    pub(super) outcome: Option<Outcome>,
}

/// The buyer's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Paid,
    Cancelled,
    Left,
    Failed(PayError),
}

#[derive(Default)]
pub(crate) struct Pages(Recent<Page>);

impl Pages {
    /// Keeps a page and gives it a token that nobody can guess.
    pub(super) fn open(&self, page: Page, ids: &Ids) -> String {
        let token = ids.token();
        self.0.put(token.clone(), page);
        token
    }

    pub(super) fn get(&self, token: &str) -> Option<Page> {
        self.0.with(token, |page| page.clone())
    }

    pub(super) fn finish(&self, token: &str, outcome: Outcome) {
        self.0.with(token, |page| page.outcome = Some(outcome));
    }
}
