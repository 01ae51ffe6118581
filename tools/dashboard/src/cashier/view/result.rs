//! The result page.

use http::Uri;
use maud::{Markup, html};

use super::{
    frame::Frame,
    pay::{big, facts},
};
use crate::{
    cashier::{
        pages::{Outcome, Page},
        words,
    },
    web::{Language, Text, with_parameter, yuan},
};
use wechatpay_sandbox::world::orders::{
    scene::Scene,
    state::{Order, PayError},
};

/// Seconds after which a page around this one is told that the buyer paid.
const TELL_AFTER: u32 = 3;

pub(in crate::cashier) fn result(
    language: Language,
    uri: &Uri,
    order: &Order,
    page: &Page,
    outcome: Outcome,
    token: &str,
) -> Markup {
    match outcome {
        Outcome::Paid => paid(language, uri, order, page),
        Outcome::Cancelled => cancelled(language, uri, page),
        Outcome::Left => left(language, uri, page),
        Outcome::Failed(error) => failed(language, uri, page, error, token),
    }
}

fn paid(language: Language, uri: &Uri, order: &Order, page: &Page) -> Markup {
    let title = language.say(words::PAID);
    let back = back(page, "0");
    Frame::new(language, title)
        .at(uri)
        .of(page)
        .then_to(back.as_deref())
        .tells(page.opener.as_deref(), "ok", Some(TELL_AFTER))
        .show(&html! {
            section class="outcome" {
                div class="mark good" aria-hidden="true" { "✓" }
                h1 { (title) }
                (big(&yuan(order.total)))
                p class="quiet" { (language.say(words::PAID_TEXT)) }
            }
            (facts(language, order))
            (code_for_app(language, page, "0"))
            (ways_on(language, page, back.as_deref(), "ok"))
        })
}

fn cancelled(language: Language, uri: &Uri, page: &Page) -> Markup {
    let title = language.say(words::CANCELLED);
    let back = back(page, "-2");
    Frame::new(language, title)
        .at(uri)
        .of(page)
        .then_to(back.as_deref())
        .tells(page.opener.as_deref(), "cancel", Some(0))
        .show(&html! {
            section class="outcome" {
                div class="mark calm" aria-hidden="true" { "–" }
                h1 { (title) }
                p class="quiet" { (language.say(words::CANCELLED_TEXT)) }
            }
            (code_for_app(language, page, "-2"))
            (ways_on(language, page, back.as_deref(), "cancel"))
        })
}

fn left(language: Language, uri: &Uri, page: &Page) -> Markup {
    let title = language.say(words::LEFT);
    Frame::new(language, title).at(uri).of(page).show(&html! {
        section class="outcome" {
            div class="mark calm" aria-hidden="true" { "×" }
            h1 { (title) }
            p class="quiet" { (language.say(words::LEFT_TEXT)) }
            p class="quiet" { (language.say(words::CLOSE_THIS)) }
        }
    })
}

fn failed(language: Language, uri: &Uri, page: &Page, error: PayError, token: &str) -> Markup {
    if !matches!(error, PayError::NotEnough | PayError::Blocked) {
        return not_payable(language, uri, error, page);
    }
    let (title, text) = words::pay_error(error);
    let title = language.say(title);
    let back = back(page, "-1");
    Frame::new(language, title)
        .at(uri)
        .of(page)
        .tells(page.opener.as_deref(), "cancel", None)
        .show(&html! {
            section class="outcome" {
                div class="mark bad" aria-hidden="true" { "!" }
                h1 { (title) }
                p class="quiet" { (language.say(text)) }
            }
            div class="actions" {
                a class="button primary" href={ "/cashier/again?page=" (token) "&lang=" (language.tag()) } {
                    (language.say(words::TRY_AGAIN))
                }
                (way_back(language, page, back.as_deref(), "cancel", false))
            }
            (note_refused(language, page))
        })
}

/// There is nothing to pay: paid already, closed, expired.
pub(in crate::cashier) fn not_payable(language: Language, uri: &Uri, error: PayError, page: &Page) -> Markup {
    let (title, text) = words::pay_error(error);
    let title = language.say(title);
    let back = back(page, "-1");
    let mark = if error == PayError::AlreadyPaid {
        ("good", "✓")
    } else {
        ("warn", "!")
    };
    Frame::new(language, title)
        .at(uri)
        .of(page)
        .tells(page.opener.as_deref(), "fail", None)
        .show(&html! {
            section class="outcome" {
                div class={ "mark " (mark.0) } aria-hidden="true" { (mark.1) }
                h1 { (title) }
                p class="quiet" { (language.say(text)) }
            }
            (ways_on(language, page, back.as_deref(), "fail"))
        })
}

/// The page for a wrong or old link, or a wrong signature.
pub(in crate::cashier) fn problem(
    language: Language,
    uri: &Uri,
    title: Text,
    text: &str,
    opener: Option<&str>,
    back: Option<&str>,
) -> Markup {
    let title = language.say(title);
    Frame::new(language, title)
        .at(uri)
        .tells(opener, "fail", None)
        .because(text)
        .show(&html! {
            section class="outcome" {
                div class="mark warn" aria-hidden="true" { "!" }
                h1 { (title) }
                p class="explain" { (text) }
            }
            div class="actions" {
                @if opener.is_some() {
                    button type="button" class="button primary" data-send="fail" {
                        (language.say(words::CLOSE))
                    }
                }
                @if let Some(url) = back {
                    a class="button primary" href=(url) { (language.say(words::BACK_TO_APP)) }
                }
            }
        })
}

/// The return address, with the code that an app would get.
fn back(page: &Page, error_code: &str) -> Option<String> {
    let url = page.back.as_deref()?;
    Some(if page.scene == Scene::App {
        with_parameter(url, "errCode", error_code)
    } else {
        url.to_owned()
    })
}

fn code_for_app(language: Language, page: &Page, error_code: &str) -> Markup {
    html! {
        @if page.scene == Scene::App {
            dl class="facts" {
                dt { (language.say(words::RESULT_CODE)) }
                dd { code { "errCode " (error_code) } }
            }
        }
    }
}

fn ways_on(language: Language, page: &Page, back: Option<&str>, result: &str) -> Markup {
    html! {
        div class="actions" {
            (way_back(language, page, back, result, true))
        }
        @if back.is_some() && result != "fail" {
            p class="quiet center" { (language.say(words::BACK_SOON)) }
        } @else if back.is_none() && page.opener.is_none() {
            p class="quiet center" { (language.say(words::CLOSE_THIS)) }
        }
        (note_refused(language, page))
    }
}

fn way_back(language: Language, page: &Page, back: Option<&str>, result: &str, is_primary: bool) -> Markup {
    let class = if is_primary { "button primary" } else { "button" };
    let to_app = page.scene == Scene::App;
    html! {
        @if page.opener.is_some() {
            button type="button" class=(class) data-send=(result) {
                (language.say(if result == "ok" { words::DONE } else { words::CLOSE }))
            }
        }
        @if let Some(url) = back {
            a class=(class) href=(url) {
                (language.say(if to_app { words::BACK_TO_APP } else { words::BACK_TO_SHOP }))
            }
        }
    }
}

fn note_refused(language: Language, page: &Page) -> Markup {
    html! {
        @if page.back_refused {
            p class="explain" { (language.say(words::REDIRECT_REFUSED)) }
        }
    }
}
