//! The page on which the buyer pays.

use http::Uri;
use maud::{Markup, html};

use super::frame::Frame;
use crate::{
    cashier::{pages::Page, words},
    web::{Language, merchant_name, yuan},
};
use wechatpay_sandbox::{
    handle::engine::Engine,
    world::orders::{buyer::Buyer, scene::Scene, state::Order},
};

/// Bytes of an amount that fits the width of a phone in large letters: `¥99,999.00`.
const LONG_AMOUNT: usize = 11;

pub(in crate::cashier) fn pay(
    language: Language,
    uri: &Uri,
    engine: &Engine,
    order: &Order,
    page: &Page,
    token: &str,
) -> Markup {
    let say = |word| language.say(word);
    let amount = yuan(order.total);
    let shop = engine
        .world
        .merchants
        .get(&order.key.mchid)
        .map_or_else(String::new, |merchant| {
            merchant_name(language, &merchant).to_owned()
        });
    let likely = likely_buyer(order);
    let title = format!("{} {amount}", say(words::PAY));
    Frame::new(language, &title)
        .at(uri)
        .of(page)
        .tells(page.opener.as_deref(), "cancel", None)
        .show(&html! {
            header class="bill" {
                p class="quiet" { (say(words::PAY_TO)) }
                p class="shop" { (shop) }
                (big(&amount))
                p class="goods" { (order.description) }
            }
            (facts(language, order))
            form method="post" action="/cashier/act" {
                input type="hidden" name="page" value=(token);
                fieldset {
                    legend { (say(words::WHO_PAYS)) }
                    @for buyer in Buyer::ALL {
                        label class="buyer" {
                            input type="radio" name="buyer" value=(buyer.as_str()) checked[buyer == likely];
                            span class={ "face " (buyer.as_str()) } aria-hidden="true" {
                                (initial(buyer))
                            }
                            span class="who" {
                                strong { (say(words::buyer_name(buyer))) }
                                span class="quiet" { (say(words::buyer_note(buyer))) }
                            }
                            span class="tick" aria-hidden="true" {}
                        }
                    }
                }
                div class="actions" {
                    button type="submit" name="action" value="pay" class="button primary" {
                        (say(words::PAY)) " " (amount)
                    }
                    button type="submit" name="action" value="cancel" class="button" { (say(words::CANCEL)) }
                    @if order.scene != Scene::Jsapi {
                        button type="submit" name="action" value="leave" class="link" { (say(words::LEAVE)) }
                    }
                }
            }
        })
}

/// The numbers of the order.
pub(super) fn facts(language: Language, order: &Order) -> Markup {
    let say = |word| language.say(word);
    html! {
        dl class="facts" {
            dt { (say(words::ORDER_NUMBER)) }
            dd class="id" { (order.key.out_trade_no) }
            dt { (say(words::MERCHANT)) }
            dd { (order.key.mchid) }
            @if let Some(sub) = &order.sub {
                dt { (say(words::SUB_MERCHANT)) }
                dd { (sub.mchid) }
            }
            dt { (say(words::SCENE)) }
            dd { (scene_name(order.scene)) }
            @if let Some(payment) = &order.payment {
                dt { (say(words::TRANSACTION)) }
                dd class="id" { (payment.transaction_id) }
            }
        }
    }
}

/// An amount in large letters on one line, smaller if it has many digits.
pub(super) fn big(amount: &str) -> Markup {
    let class = if amount.len() > LONG_AMOUNT {
        "amount long"
    } else {
        "amount"
    };
    html! { p class=(class) { (amount) } }
}

const fn scene_name(scene: Scene) -> &'static str {
    match scene {
        Scene::Jsapi => "JSAPI",
        Scene::App => "APP",
        Scene::H5 => "H5",
        Scene::Native => "Native",
        Scene::CodePay => "MICROPAY",
        Scene::Deduction => "PAP",
    }
}

pub(in crate::cashier) const fn initial(buyer: Buyer) -> &'static str {
    match buyer {
        Buyer::Alice => "A",
        Buyer::Bob => "B",
        Buyer::Carol => "C",
    }
}

/// Whose openid the order names; else the one who can pay.
fn likely_buyer(order: &Order) -> Buyer {
    let is_named = |buyer: &Buyer| {
        let own = buyer.openid(&order.appid);
        let below_sub = order
            .sub
            .as_ref()
            .and_then(|sub| sub.appid.as_deref())
            .map(|appid| buyer.openid(appid));
        order.openid.as_ref() == Some(&own) || (below_sub.is_some() && order.sub_openid == below_sub)
    };
    Buyer::ALL.into_iter().find(is_named).unwrap_or(Buyer::Alice)
}
