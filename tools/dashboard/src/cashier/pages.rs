//! Open pages: what stands behind a page's token.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use crate::web::Language;
use wechatpay_sandbox::world::{
    lock,
    orders::{key::OrderKey, scene::Scene, state::PayError},
    random::Ids,
};

/// More pages than any session opens; the oldest stop working.
const CAPACITY: usize = 10_000;

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
pub(crate) struct Pages(Mutex<Open>);

#[derive(Default)]
struct Open {
    pages: HashMap<String, Page>,
    age: VecDeque<String>,
}

impl Pages {
    /// Keeps a page and gives it a token that nobody can guess.
    pub(super) fn open(&self, page: Page, ids: &Ids) -> String {
        let token = ids.token();
        let mut open = lock(&self.0);
        open.pages.insert(token.clone(), page);
        open.age.push_back(token.clone());
        if open.age.len() > CAPACITY
            && let Some(oldest) = open.age.pop_front()
        {
            open.pages.remove(&oldest);
        }
        token
    }

    pub(super) fn get(&self, token: &str) -> Option<Page> {
        lock(&self.0).pages.get(token).cloned()
    }

    pub(super) fn finish(&self, token: &str, outcome: Outcome) {
        if let Some(page) = lock(&self.0).pages.get_mut(token) {
            page.outcome = Some(outcome);
        }
    }
}
