//! The bills: which days have one, what is in it, and the file itself.

use std::collections::BTreeSet;

use axum::{body::Body, response::Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use maud::{Markup, html};
use wechatpay_core::testing::DEMO_MCHID;

use super::{Visit, frame::Tab, not_found, parts, reconcile};
use wechatpay_sandbox::{
    gateway::{bill_text, has_bill},
    world::clock::Day,
};

/// Days that are listed.
const SHOWN: usize = 31;
/// Rows of a bill that are shown; the file has all of them.
const ROWS: usize = 200;
/// When the bills of a day are there, on the next day.
const READY_HOUR: i8 = 10;

const TRADE: [&str; 3] = ["ALL", "SUCCESS", "REFUND"];
const FUNDS: [&str; 3] = ["BASIC", "OPERATION", "FEES"];

pub(super) async fn bills(visit: Visit) -> Response {
    let chosen = Chosen::of(&visit);
    let days = days(&visit, chosen.mchid);
    visit.page(
        Some(Tab::Bills),
        visit.pick("Bills", "账单"),
        &html! {
            (merchants(&visit, chosen.mchid))
            @if days.is_empty() {
                (parts::empty(
                    visit.pick(
                        "Nothing was paid or given back yet. A bill has the payments and refunds of one day in Beijing.",
                        "还没有支付或退款。账单包含一个北京日内的支付与退款。",
                    ),
                    &html! {},
                ))
            } @else {
                (table_of_days(&visit, chosen.mchid, &days))
            }
            @if let Some(day) = chosen.day { (preview(&visit, &chosen, day)) }
            (reconcile::form(&visit, chosen.mchid, chosen.day.or(days.first().copied())))
        },
    )
}

/// The file, as a client downloads it.
pub(super) async fn file(visit: Visit) -> Response {
    let chosen = Chosen::of(&visit);
    let text = chosen.day.and_then(|day| {
        Some((
            day,
            bill_text(&visit.engine().gateway, chosen.mchid, chosen.kind, day)?,
        ))
    });
    let Some((day, text)) = text else {
        return not_found(&visit);
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = format!(
        "attachment; filename=\"{}-{day}-{}.csv\"",
        chosen.mchid, chosen.kind
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

/// Which bill the address names.
struct Chosen<'a> {
    mchid: &'a str,
    kind: &'a str,
    day: Option<Day>,
}

impl<'a> Chosen<'a> {
    fn of(visit: &'a Visit) -> Self {
        let query = &visit.query;
        let known = |mchid: &&str| visit.engine().world.merchants.get(mchid).is_some();
        let kind = query.get("kind").unwrap_or("ALL");
        Self {
            mchid: query.get("mchid").filter(known).unwrap_or(DEMO_MCHID),
            kind: TRADE
                .into_iter()
                .chain(FUNDS)
                .find(|known| *known == kind)
                .unwrap_or("ALL"),
            day: query.get("date").and_then(|date| date.parse().ok()),
        }
    }
}

/// The days on which something happened, the newest first.
fn days(visit: &Visit, mchid: &str) -> Vec<Day> {
    let world = &visit.engine().world;
    let mut days = BTreeSet::from_iter(world.orders.days(mchid, SHOWN));
    days.extend(world.refunds.days(mchid, SHOWN));
    days.into_iter().rev().take(SHOWN).collect()
}

fn merchants(visit: &Visit, chosen: &str) -> Markup {
    let all: Vec<&str> = visit
        .engine()
        .world
        .merchants
        .originals()
        .map(|merchant| merchant.mchid.as_str())
        .collect();
    html! {
        @if all.len() > 1 {
            form class="filter" method="get" {
                @let options: Vec<(&str, &str)> = all.iter().map(|mchid| (*mchid, *mchid)).collect();
                (parts::select("mchid", visit.pick("Merchant", "商户号"), Some(chosen), &options))
                button type="submit" class="button" { (visit.pick("Show", "查看")) }
            }
        }
    }
}

fn address(visit: &Visit, path: &str, mchid: &str, day: Day, kind: &str) -> String {
    visit.to(&format!("{path}?mchid={mchid}&date={day}&kind={kind}"))
}

fn table_of_days(visit: &Visit, mchid: &str, days: &[Day]) -> Markup {
    let now = visit.now();
    html! {
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { (visit.pick("Day", "日期")) }
                        th { (visit.pick("Trade bill", "交易账单")) }
                        th { (visit.pick("Fund bill", "资金账单")) }
                        th { (visit.pick("For clients", "客户端可下载")) }
                    }
                }
                tbody {
                    @for day in days {
                        @let ready_at = day.next().at(READY_HOUR, 0);
                        tr {
                            td class="main" { strong { (day) } }
                            td data-label=(visit.pick("Trade bill", "交易账单")) { (links(visit, mchid, *day, &TRADE)) }
                            td data-label=(visit.pick("Fund bill", "资金账单")) { (links(visit, mchid, *day, &FUNDS)) }
                            td data-label=(visit.pick("For clients", "客户端可下载")) {
                                @if now >= ready_at { (parts::chip("good", visit.pick("ready", "已生成"))) }
                                @else { span class="quiet" { (visit.pick("from ", "")) (parts::time(ready_at, now)) (visit.pick("", " 起")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn links(visit: &Visit, mchid: &str, day: Day, kinds: &[&str]) -> Markup {
    html! {
        span class="links" {
            @for kind in kinds {
                @if has_bill(&visit.engine().gateway, mchid, kind, day) {
                    a href={ (address(visit, "/bills", mchid, day, kind)) "#bill" } { (kind) }
                } @else {
                    span class="quiet" { (kind) }
                }
            }
        }
    }
}

fn preview(visit: &Visit, chosen: &Chosen<'_>, day: Day) -> Markup {
    let Some(text) = bill_text(&visit.engine().gateway, chosen.mchid, chosen.kind, day) else {
        return parts::empty(
            visit.pick(
                "There is no such bill: nothing happened.",
                "没有这份账单：当日无交易。",
            ),
            &html! {},
        );
    };
    let lines: Vec<Vec<String>> = text.lines().map(cells).collect();
    html! {
        section aria-labelledby="bill" {
            h2 id="bill" { (day) " · " (chosen.kind) }
            div class="actions" {
                a class="button primary" download href=(address(visit, "/bills/file", chosen.mchid, day, chosen.kind)) {
                    (visit.pick("Download", "下载")) " CSV"
                }
                span class="quiet" { (parts::count(visit, text.len(), "byte", "bytes", "字节")) }
            }
            div class="card flush wide" tabindex="0" role="region" aria-labelledby="bill" {
                table class="sheet" {
                    @for line in lines.iter().take(ROWS) {
                        // Only headers are without back-ticks.
                        tr { @for cell in line { @match cell.strip_prefix('`') {
                            Some(cell) => td { (cell) },
                            None => th { (cell) },
                        } } }
                    }
                }
            }
            @if lines.len() > ROWS { p class="quiet" { "… " (lines.len()) } }
        }
    }
}

/// Splits a line into cells.
///
/// A comma without a back-tick behind it belongs to the cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim_start_matches('\u{feff}');
    if line.starts_with('`') {
        line.split(",`")
            .map(|cell| format!("`{}", cell.trim_start_matches('`')))
            .collect()
    } else {
        line.split(',').map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_stays_in_its_cell() {
        assert_eq!(cells("\u{feff}编号,名称"), ["编号", "名称"]);
        assert_eq!(cells("`1,`a, b,`¥"), ["`1", "`a, b", "`¥"]);
    }
}
