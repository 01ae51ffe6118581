//! The sequence diagram as an SVG file, for a report, a chat or a README.

use std::fmt::Write as _;

use axum::{body::Body, response::Response};
use http::{
    HeaderValue,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use maud::{Markup, Render as _, html};

use super::{
    Visit,
    orders::is_about,
    sequence::{self, Lane, Row},
};
use crate::web::Language;
use wechatpay_sandbox::{journal::Event, world::random::beijing_time_of_day};

/// Messages in one picture.
const SHOWN: usize = 200;
const WIDTH: u32 = 900;
const SHOP: u32 = 200;
const GATEWAY: u32 = 560;
const BUYER: u32 = 800;
/// Top of the first message, and height of each.
const TOP: u32 = 76;
const STEP: u32 = 58;
/// Maximum width of a text between two lifelines; a Chinese character counts two.
const MAX_TEXT: usize = 48;

/// `GET /_sandbox/sequence.svg[?order=]`.
pub(super) async fn sequence(visit: Visit) -> Response {
    let number = visit.query.get("order");
    let is_wanted =
        |event: &Event| sequence::is_shown(event) && number.is_none_or(|number| is_about(event, number));
    let events = visit.engine().journal.log.latest(SHOWN, is_wanted);
    let mut response = Response::new(Body::from(draw(visit.language, &events)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'"),
    );
    response
}

/// The events from top to bottom, the oldest first.
fn draw(language: Language, events: &[Event]) -> String {
    let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
    let height = TOP
        .saturating_add(count.max(1).saturating_mul(STEP))
        .saturating_add(20);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"system-ui, -apple-system, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif\" \
         font-size=\"14\" fill=\"#2b2420\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fffdf9\"/>\n"
    );
    for (x, name, ink) in [
        (SHOP, language.pick("Shop", "商户"), "#2d5b85"),
        (GATEWAY, language.pick("Gateway", "网关"), "#a8442a"),
        (BUYER, language.pick("Buyer", "买家"), "#2f6b3f"),
    ] {
        let left = x.saturating_sub(48);
        let bottom = height.saturating_sub(12);
        // Writing to a string does not fail.
        let _ = writeln!(
            picture,
            "<path d=\"M{x} 44V{bottom}\" stroke=\"#d9cbb3\"/>\n<rect x=\"{left}\" y=\"14\" width=\"96\" height=\"30\" rx=\"15\" fill=\"{ink}\"/>\n\
             <text x=\"{x}\" y=\"34\" text-anchor=\"middle\" fill=\"#ffffff\" font-weight=\"600\">{name}</text>"
        );
    }
    for (index, event) in (0_u32..).zip(events) {
        let y = TOP.saturating_add(index.saturating_mul(STEP));
        picture.push_str(&message(y, event, &sequence::row(language, event)).into_string());
        picture.push('\n');
    }
    if events.is_empty() {
        let text = language.pick("Nothing yet.", "还没有消息。");
        let _ = writeln!(
            picture,
            "<text x=\"{}\" y=\"{TOP}\" text-anchor=\"middle\" fill=\"#6f6257\">{text}</text>",
            SHOP.midpoint(GATEWAY)
        );
    }
    picture.push_str("</svg>\n");
    picture
}

fn message(y: u32, event: &Event, row: &Row) -> Markup {
    let (from, to) = match row.lane {
        Lane::ShopToGateway => (SHOP, GATEWAY),
        Lane::GatewayToShop => (GATEWAY, SHOP),
        Lane::BuyerToGateway => (BUYER, GATEWAY),
        Lane::Gateway => (GATEWAY, GATEWAY),
    };
    let ink = ink(row.tone);
    let line = y.saturating_add(22);
    let back = y.saturating_add(38);
    let middle = match row.lane {
        Lane::BuyerToGateway => GATEWAY.midpoint(BUYER),
        Lane::Gateway => GATEWAY,
        _ => SHOP.midpoint(GATEWAY),
    };
    let faults: Vec<String> = row.faults.iter().map(|fault| format!("⚡ {fault}")).collect();
    let title = shortened(&format!("{} {}", row.title, faults.join(" ")));
    html! {
        g {
            title { (row.title) @if let Some(detail) = &row.detail { " – " (detail) } }
            text x="14" y=(y.saturating_add(14)) font-size="12" fill="#6f6257" { (beijing_time_of_day(event.at)) }
            text x=(middle) y=(y.saturating_add(14)) text-anchor="middle" font-weight="600" fill=(ink)
                stroke="#fffdf9" stroke-width="5" paint-order="stroke" { (title) }
            @if from != to {
                path d=(arrow(from, to, line)) fill="none" stroke=(ink) stroke-width="1.8" {}
            } @else {
                circle cx=(GATEWAY) cy=(line) r="4" fill=(ink) {}
            }
            @if let Some((tone, reply)) = &row.reply {
                path d=(arrow(to, from, back)) fill="none" stroke=(self::ink(tone)) stroke-width="1.4" stroke-dasharray="4 3" {}
                text x=(middle) y=(back.saturating_add(13)) text-anchor="middle" font-size="12" fill=(self::ink(tone))
                    stroke="#fffdf9" stroke-width="4" paint-order="stroke" { (shortened(reply)) }
            }
        }
    }
    .render()
}

/// A line with its point.
fn arrow(from: u32, to: u32, y: u32) -> String {
    let (tip, tail) = if to > from {
        (to.saturating_sub(2), to.saturating_sub(9))
    } else {
        (to.saturating_add(2), to.saturating_add(9))
    };
    let (above, below) = (y.saturating_sub(4), y.saturating_add(4));
    format!("M{from} {y}H{tip}M{tail} {above}L{tip} {y}L{tail} {below}")
}

fn ink(tone: &str) -> &'static str {
    match tone {
        "good" => "#2f6b3f",
        "warn" => "#8a5a00",
        "bad" => "#a3262b",
        "info" => "#2d5b85",
        "calm" => "#6f6257",
        _ => "#2b2420",
    }
}

/// Shortens a text to the space between two lifelines.
fn shortened(text: &str) -> String {
    let mut room = MAX_TEXT;
    let mut short = String::new();
    for letter in text.trim().chars() {
        let width = if u32::from(letter) < 0x2e80 { 1 } else { 2 };
        match room.checked_sub(width) {
            Some(left) => room = left,
            None => {
                short.push('…');
                break;
            }
        }
        short.push(letter);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_wide_is_cut_between_letters() {
        assert_eq!(shortened(" 下单 "), "下单");
        assert_eq!(shortened(&"x".repeat(60)).chars().count(), MAX_TEXT + 1);
        assert_eq!(shortened(&"单".repeat(60)).chars().count(), MAX_TEXT / 2 + 1);
    }
}
