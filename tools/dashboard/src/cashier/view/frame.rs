//! Common parts of all pages: head, ribbon, footer.

use http::Uri;
use maud::{DOCTYPE, Markup, html};

use crate::{
    cashier::{pages::Page, words},
    pages,
    web::{Language, in_language},
};

/// A page without its content.
pub(in crate::cashier) struct Frame<'a> {
    language: Language,
    title: &'a str,
    uri: Option<&'a Uri>,
    refresh: Option<&'a str>,
    opener: Option<&'a str>,
    result: Option<&'a str>,
    detail: Option<&'a str>,
    auto: Option<u32>,
    watch: Option<String>,
}

impl<'a> Frame<'a> {
    pub(in crate::cashier) fn new(language: Language, title: &'a str) -> Self {
        Self {
            language,
            title,
            uri: None,
            refresh: None,
            opener: None,
            result: None,
            detail: None,
            auto: None,
            watch: None,
        }
    }

    /// Links to the dashboard's page of this order.
    pub(super) fn of(self, page: &Page) -> Self {
        let shop = page.back.as_deref().or(page.opener.as_deref());
        Self {
            watch: Some(pages::order_page(&page.order, self.language, shop)),
            ..self
        }
    }

    /// The address of the page, for the link to the other language.
    pub(in crate::cashier) fn at(self, uri: &'a Uri) -> Self {
        Self {
            uri: Some(uri),
            ..self
        }
    }

    /// Goes there by itself after five seconds.
    pub(super) fn then_to(self, url: Option<&'a str>) -> Self {
        Self { refresh: url, ..self }
    }

    /// Reports the result to the opener, after `auto` seconds or on a button.
    pub(super) fn tells(self, opener: Option<&'a str>, result: &'a str, auto: Option<u32>) -> Self {
        Self {
            opener,
            result: Some(result),
            auto,
            ..self
        }
    }

    /// Tells this along with it.
    pub(super) fn because(self, detail: &'a str) -> Self {
        Self {
            detail: Some(detail),
            ..self
        }
    }

    pub(in crate::cashier) fn show(&self, content: &Markup) -> Markup {
        let language = self.language;
        let auto = self.auto.map(|seconds| seconds.to_string());
        html! {
            (DOCTYPE)
            html lang=(language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    @if let Some(url) = self.refresh {
                        meta http-equiv="refresh" content={ "5; url=" (url) };
                    }
                    title { (self.title) " · Sandbox" }
                    link rel="stylesheet" href="/cashier/cashier.css";
                    link rel="icon" type="image/svg+xml" href="/cashier/icon.svg";
                    script src="/cashier/cashier.js" defer {}
                }
                body data-opener=[self.opener] data-result=[self.result] data-detail=[self.detail] data-auto=[auto] {
                    p class="ribbon" { span { (language.say(words::RIBBON)) } }
                    main {
                        @if let Some(uri) = self.uri {
                            @let other = language.other();
                            nav {
                                a href=(in_language(uri, other)) hreflang=(other.tag()) lang=(other.tag()) {
                                    (match other { Language::Chinese => "中文", Language::English => "English" })
                                }
                            }
                        }
                        (content)
                    }
                    footer {
                        @if let Some(url) = &self.watch {
                            p { a href=(url) target="_blank" rel="noopener" { (language.say(words::WATCH)) " →" } }
                        }
                        p { (language.say(words::AFFILIATION)) }
                    }
                }
            }
        }
    }
}
