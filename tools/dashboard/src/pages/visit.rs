//! Context of one visit to a page.

use std::{convert::Infallible, fmt::Write as _};

use axum::extract::FromRequestParts;
use http::{Uri, request::Parts};

use super::{
    Desk, HOME,
    outcome::{DONE, OF},
};
use crate::web::{Language, Query};
use wechatpay_sandbox::handle::engine::Engine;

pub(super) struct Visit {
    pub(super) desk: Desk,
    pub(super) uri: Uri,
    pub(super) query: Query,
    pub(super) language: Language,
}

impl FromRequestParts<Desk> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Infallible> {
        let query = Query::of(&parts.uri);
        Ok(Self {
            language: query.language(&desk.engine, &parts.headers, None),
            desk: desk.clone(),
            uri: parts.uri.clone(),
            query,
        })
    }
}

impl Visit {
    pub(super) fn engine(&self) -> &Engine {
        &self.desk.engine
    }

    pub(super) fn now(&self) -> i64 {
        self.engine().world.clock.now()
    }

    /// The text in the visitor's language.
    pub(super) const fn pick<'a>(&self, english: &'a str, chinese: &'a str) -> &'a str {
        self.language.pick(english, chinese)
    }

    /// The address of a page of the dashboard, in the language that was asked for.
    pub(super) fn to(&self, path: &str) -> String {
        let mut url = format!("{HOME}{path}");
        if self.query.get("lang").is_some() {
            let separator = if url.contains('?') { '&' } else { '?' };
            // Writing to a string does not fail.
            let _ = write!(url, "{separator}lang={}", self.language.tag());
        }
        url
    }

    /// The address of this page, to come back to.
    pub(super) fn here(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()) {
            if key != DONE && key != OF {
                query.append_pair(&key, &value);
            }
        }
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{separator}{query}", self.uri.path())
    }
}
