//! Common parts of all pages: head, ribbon, navigation, footer.

use axum::response::Response;
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::{HOME, Visit, outcome, parts};
use crate::web::{Intruder, Language, in_language, respond};
use wechatpay_sandbox::world::{clock::Day, random::beijing_time_of_day};

/// A page of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Orders,
    Requests,
    Sign,
    Notifications,
    Faults,
    Keys,
    Bills,
    Clock,
    Acceptance,
    Connect,
}

impl Tab {
    const ALL: [Self; 11] = [
        Self::Overview,
        Self::Orders,
        Self::Requests,
        Self::Sign,
        Self::Notifications,
        Self::Faults,
        Self::Keys,
        Self::Bills,
        Self::Clock,
        Self::Acceptance,
        Self::Connect,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Orders => "/orders",
            Self::Requests => "/requests",
            Self::Sign => "/sign",
            Self::Notifications => "/notifications",
            Self::Faults => "/faults",
            Self::Keys => "/keys",
            Self::Bills => "/bills",
            Self::Clock => "/clock",
            Self::Acceptance => "/acceptance",
            Self::Connect => "/connect",
        }
    }

    const fn name(self, language: Language) -> &'static str {
        match self {
            Self::Overview => language.pick("Overview", "总览"),
            Self::Orders => language.pick("Orders", "订单"),
            Self::Requests => language.pick("Requests", "请求"),
            Self::Sign => language.pick("Sign lab", "签名"),
            Self::Notifications => language.pick("Notifications", "通知"),
            Self::Faults => language.pick("Faults", "故障"),
            Self::Keys => language.pick("Keys", "密钥"),
            Self::Bills => language.pick("Bills", "账单"),
            Self::Clock => language.pick("Clock", "时钟"),
            Self::Acceptance => language.pick("Acceptance", "验收"),
            Self::Connect => language.pick("Connect", "接入"),
        }
    }
}

impl Visit {
    /// A page. What is in it is fetched again whenever something happens.
    pub(super) fn page(&self, tab: Option<Tab>, title: &str, content: &Markup) -> Response {
        self.page_that(true, tab, title, content)
    }

    /// A page without live updates, because it holds typed text or the response to it.
    pub(super) fn still_page(&self, tab: Option<Tab>, title: &str, content: &Markup) -> Response {
        self.page_that(false, tab, title, content)
    }

    fn page_that(&self, is_live: bool, tab: Option<Tab>, title: &str, content: &Markup) -> Response {
        let live = is_live.then(|| format!("{HOME}/live"));
        let language = self.language;
        let other = language.other();
        let now = self.now();
        respond(
            StatusCode::OK,
            html! {
                (DOCTYPE)
                html lang=(language.tag()) {
                    (head(title))
                    body data-live=[live] {
                        a class="skip" href="#content" { (self.pick("Skip to the content", "跳到正文")) }
                        (ribbon(language))
                        header class="top" {
                            a class="brand" href=(self.to("")) {
                                (logo())
                                span { "sandbox" }
                            }
                            nav aria-label=(self.pick("Pages", "页面")) {
                                @for each in Tab::ALL {
                                    a href=(self.to(each.path())) aria-current=[(tab == Some(each)).then_some("page")] {
                                        (each.name(language))
                                    }
                                }
                            }
                            div class="side" {
                                span class="now" title=(self.pick("The sandbox's clock, in Beijing", "沙箱时钟（北京时间）")) {
                                    span class="pulse" aria-hidden="true" {}
                                    time { span class="date" { (Day::of(now)) " " } (beijing_time_of_day(now)) }
                                }
                                a href=(in_language(&self.uri, other)) hreflang=(other.tag()) lang=(other.tag()) {
                                    (match other { Language::Chinese => "中文", Language::English => "English" })
                                }
                            }
                        }
                        main id="content" {
                            h1 { (title) }
                            (outcome::told(self))
                            div id="live" { (content) }
                        }
                        footer { p { (parts::affiliation(language)) } }
                    }
                }
            },
        )
    }
}

/// The page for those who are not let in.
pub(super) fn refused(language: Language, intruder: Intruder) -> Markup {
    let text = match intruder {
        Intruder::ForeignHost => language.pick(
            "This address does not belong to the sandbox. Open it by 127.0.0.1 or localhost.",
            "该地址不属于沙箱，请通过 127.0.0.1 或 localhost 访问。",
        ),
        Intruder::CrossSite => language.pick(
            "The request came from another site. Only the dashboard's own buttons may do this.",
            "请求来自其他站点。只有控制台自己的按钮可以执行此操作。",
        ),
    };
    message(language, language.pick("Refused", "请求被拒绝"), text)
}

/// A bare message.
pub(super) fn message(language: Language, title: &str, text: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            (head(title))
            body {
                (ribbon(language))
                main id="content" {
                    h1 { (title) }
                    p class="card" { (text) }
                    p { a href=(HOME) { (language.pick("To the dashboard", "返回控制台")) } }
                }
            }
        }
    }
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { (title) " · Sandbox" }
            link rel="stylesheet" href={ (HOME) "/dashboard.css" };
            link rel="icon" type="image/svg+xml" href="/cashier/icon.svg";
            script src={ (HOME) "/dashboard.js" } defer {}
        }
    }
}

fn ribbon(language: Language) -> Markup {
    html! {
        p class="ribbon" {
            span { (language.pick("Sandbox — no real money moves", "沙箱环境 — 不产生真实扣款")) }
        }
    }
}

fn logo() -> Markup {
    html! {
        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path d="M3 7h14l-4-4M21 17H7l4 4" fill="none" stroke="currentColor" stroke-width="2.4"
                stroke-linecap="round" stroke-linejoin="round" {}
        }
    }
}
