//! The pages, as HTML.

mod frame;
mod pay;
mod result;

use http::Uri;
use maud::{Markup, html};

pub(super) use frame::Frame;
pub(super) use pay::{initial, pay};
pub(super) use result::{not_payable, problem, result};

use super::words;
use crate::web::{Language, Text};
use wechatpay_sandbox::handle::engine::Engine;

/// A bare message.
pub(super) fn message(language: Language, title: Text, text: &str) -> Markup {
    let title = language.say(title);
    Frame::new(language, title).show(&html! {
        section class="outcome" {
            div class="mark warn" aria-hidden="true" { "!" }
            h1 { (title) }
            p class="quiet" { (text) }
        }
    })
}

/// The page at `/`.
pub(super) fn home(language: Language, engine: &Engine, uri: &Uri) -> Markup {
    Frame::new(language, "wechatpay-sandbox").at(uri).show(&html! {
        section class="outcome" {
            div class="mark good" aria-hidden="true" { "✓" }
            h1 { "wechatpay-sandbox" }
            p class="quiet" { (language.say(words::HOME_TEXT)) }
        }
        dl class="facts" {
            dt { "base_url" }
            dd { code { (engine.base_url) } }
            @for merchant in engine.world.merchants.iter() {
                dt { (language.say(words::MERCHANT)) }
                dd { (merchant.mchid) }
            }
        }
        div class="actions" {
            a class="button primary" href=(crate::pages::HOME) { (language.say(words::DASHBOARD)) }
            a class="button" href="/cashier/native" { (language.say(words::SCAN)) }
        }
    })
}

/// The camera of a phone, so to speak.
pub(super) fn scan(language: Language, uri: &Uri) -> Markup {
    let title = language.say(words::SCAN);
    Frame::new(language, title).at(uri).show(&html! {
        section class="sheet" {
            h1 { (title) }
            p class="quiet" { (language.say(words::SCAN_TEXT)) }
            form method="get" action="/cashier/native" class="stack" {
                label for="code_url" { "code_url" }
                input type="text" id="code_url" name="code_url" required autocomplete="off" spellcheck="false"
                    placeholder="weixin://wxpay/bizpayurl?pr=…";
                div class="actions" {
                    button type="submit" class="button primary" { (language.say(words::OPEN)) }
                }
            }
        }
    })
}
