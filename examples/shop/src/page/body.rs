//! The document.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use super::assets::{SCRIPT, STYLE};
use crate::{
    catalogue::{CATALOGUE, Product},
    order::Scene,
    texts::{Language, ScriptTexts, Texts},
};

/// Data for the page's script.
#[derive(Serialize)]
struct ScriptData<'a> {
    /// The gateway, if it is a sandbox on this machine.
    sandbox: Option<&'a str>,
    locale: &'a str,
    texts: &'a ScriptTexts,
}

/// A sun that is half down.
const MARK: PreEscaped<&str> = PreEscaped(
    r#"<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><circle cx="16" cy="16" r="15" fill="none" stroke="currentColor" stroke-width="2"/><path d="M5 17a11 11 0 0 0 22 0z" fill="currentColor"/></svg>"#,
);

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='14' fill='none' stroke='%23b4432c' stroke-width='3'/%3E%3Cpath d='M5 17a11 11 0 0 0 22 0z' fill='%23b4432c'/%3E%3C/svg%3E";

pub(super) fn document(language: Language, sandbox: Option<&str>) -> Markup {
    let texts = language.texts();
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (texts.title) }
                link rel="icon" href=(ICON);
                link rel="stylesheet" href={ "/assets/" (STYLE.name()) };
                @if let Some(sandbox) = sandbox {
                    // In WeChat the browser brings the bridge; here the sandbox does.
                    script src={ (sandbox) "/js/wx-bridge.js" } defer {}
                }
                script src={ "/assets/" (SCRIPT.name()) } defer {}
            }
            body {
                a.skip href="#side" { (texts.skip) }
                (header(texts, language))
                @if let Some(sandbox) = sandbox {
                    p.demo {
                        span.demo-dot aria-hidden="true" {}
                        span {
                            (texts.sandbox) " "
                            a #watch data-testid="watch" href={ (sandbox) "/_sandbox?lang=" (language.as_str()) }
                                target="_blank" rel="noreferrer" { (texts.watch) " →" }
                        }
                    }
                }
                main {
                    section.shelf aria-labelledby="headline" {
                        div.intro {
                            h1 #headline { (texts.headline) }
                            p { (texts.lead) }
                        }
                        fieldset.products {
                            legend.visually-hidden { (texts.pick) }
                            @for (index, product) in CATALOGUE.iter().enumerate() {
                                (card(product, language, index == 0))
                            }
                        }
                    }
                    aside #side tabindex="-1" {
                        (checkout(texts))
                        (order_panel(texts))
                        noscript { p.error { (texts.no_script) } }
                    }
                }
                footer { p { (texts.not_affiliated) } }
                // On a telephone the checkout is below the shelf; this leads to it while it is out of sight.
                a.bar #bar href="#side" hidden {
                    span.bar-choice { span #bar-name {} span.bar-price { span.yuan { "¥" } span #bar-price {} } }
                    span.bar-go { (texts.checkout) }
                }
                script #data type="application/json" { (data(language, sandbox)) }
            }
        }
    }
}

fn header(texts: &Texts, language: Language) -> Markup {
    html! {
        header.top {
            a.brand href="/" { (MARK) span { (texts.shop) } }
            nav.languages aria-label=(texts.language_switch) {
                @for other in Language::ALL {
                    a href={ "?lang=" (other.as_str()) } lang=(other.tag()) data-lang=(other.as_str())
                        aria-current=[(other == language).then_some("true")] {
                        @match other {
                            Language::Chinese => { "中文" }
                            Language::English => { "English" }
                        }
                    }
                }
            }
        }
    }
}

fn card(product: &Product, language: Language, checked: bool) -> Markup {
    let (name, note) = match language {
        Language::Chinese => product.zh,
        Language::English => product.en,
    };
    let price = product.price();
    html! {
        label.product data-testid="product" data-product=(product.id) {
            input.visually-hidden type="radio" name="product" value=(product.id) checked[checked] form="checkout"
                data-name=(name) data-fen=(price.get());
            span.art.{ "art-" (product.id) } { (PreEscaped(product.art)) }
            span.product-text {
                span.product-name { (name) }
                span.product-note { (note) }
                span.price { span.yuan { "¥" } (price.yuan()) }
            }
            span.tick aria-hidden="true" { (TICK) }
        }
    }
}

const TICK: PreEscaped<&str> = PreEscaped(
    r#"<svg viewBox="0 0 16 16" focusable="false"><path d="M3.5 8.5l3 3 6-7" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>"#,
);

fn checkout(texts: &Texts) -> Markup {
    html! {
        form #checkout.card novalidate {
            h2 { (texts.checkout) }
            div.choice {
                p.choice-label { (texts.your_choice) }
                p.choice-name #choice-name { "\u{a0}" }
                p.choice-price { span.yuan { "¥" } span #choice-price { "\u{a0}" } }
            }
            fieldset.scenes {
                legend { (texts.how_to_pay) }
                @for (index, scene) in Scene::ALL.into_iter().enumerate() {
                    @let text = texts.scene(scene);
                    label.scene data-testid={ "scene-" (scene.as_str()) } {
                        input.visually-hidden type="radio" name="scene" value=(scene.as_str()) checked[index == 0];
                        (PreEscaped(scene_icon(scene)))
                        span.scene-name { (text.name) }
                        span.scene-hint { (text.hint) }
                    }
                }
            }
            button.button.primary #pay type="submit" data-testid="pay" disabled { "\u{a0}" }
            p.error #checkout-error role="alert" {}
        }
    }
}

fn scene_icon(scene: Scene) -> &'static str {
    match scene {
        Scene::H5 => {
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="6.5" y="2.5" width="11" height="19" rx="2.5"/><path d="M6.5 7h11M10.5 18.5h3"/></svg>"#
        }
        Scene::Jsapi => {
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="3" y="4" width="18" height="16" rx="2.5"/><path d="M3 8.5h18M10 12.5l-2.5 2.25L10 17M14 12.5l2.5 2.25L14 17"/></svg>"#
        }
        Scene::App => {
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect x="3.5" y="3.5" width="7" height="7" rx="2"/><rect x="13.5" y="3.5" width="7" height="7" rx="2"/><rect x="3.5" y="13.5" width="7" height="7" rx="2"/><path d="M17 14v6M14 17h6"/></svg>"#
        }
        Scene::Native => {
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M3.5 8V5.5a2 2 0 0 1 2-2H8M16 3.5h2.5a2 2 0 0 1 2 2V8M20.5 16v2.5a2 2 0 0 1-2 2H16M8 20.5H5.5a2 2 0 0 1-2-2V16M3.5 12h17"/></svg>"#
        }
    }
}

fn order_panel(texts: &Texts) -> Markup {
    html! {
        section #order.card hidden aria-labelledby="order-title" {
            h2.visually-hidden #order-title tabindex="-1" { (texts.order) }
            div.order-head {
                span.seal aria-hidden="true" { (TICK) }
                p.status #status data-testid="status" role="status" aria-live="polite" {}
                p.amount { span.yuan { "¥" } span #order-amount { "\u{a0}" } }
                p.order-what #order-what { "\u{a0}" }
                p.order-refunded #refunded data-testid="refunded" hidden {}
            }
            ol.steps {
                @for (step, name) in ["ordered", "paid", "handed"].into_iter().zip(texts.steps) {
                    li data-step=(step) { span.step-mark aria-hidden="true" { (TICK) } span { (name) } }
                }
            }
            div.act #act hidden {
                figure.code #code hidden { img #code-image alt=(texts.qr_alt) width="208" height="208"; }
                a.button.primary #cashier data-testid="cashier-link" href="#" hidden {}
                button.button.primary #again type="button" data-testid="open-payment" hidden {}
                p.hint #hint {}
            }
            p.proof #proof data-testid="proof" hidden {}
            dl.facts {
                div {
                    dt { (texts.order_number) }
                    dd { code #order-number data-testid="order-number" { "\u{a0}" }
                        button.copy type="button" data-copy="order-number" { (texts.copy) } }
                }
                div #transaction-row hidden {
                    dt { (texts.transaction) }
                    dd { code #transaction data-testid="transaction" {}
                        button.copy type="button" data-copy="transaction" { (texts.copy) } }
                }
                div #learned-row hidden {
                    dt { (texts.learned_at) }
                    dd { time #learned {} }
                }
            }
            details #invoke-box hidden { summary { (texts.invoke) } pre { code #invoke {} } }
            p.error #order-error role="alert" {}
            div.order-buttons {
                button.button #check type="button" data-testid="check" { (texts.check) }
                button.button #close type="button" data-testid="close" { (texts.close) }
                button.button #refund type="button" data-testid="refund" hidden {}
                button.button #another type="button" data-testid="another" hidden { (texts.another) }
            }
        }
    }
}

/// JSON that cannot end its script element early.
fn data(language: Language, sandbox: Option<&str>) -> PreEscaped<String> {
    let data = ScriptData {
        sandbox,
        locale: language.tag(),
        texts: &language.texts().script,
    };
    PreEscaped(
        serde_json::to_string(&data)
            .unwrap_or_default()
            .replace('<', "\\u003c"),
    )
}
