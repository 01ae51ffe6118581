//! A day's trade bill beside the shop's own books, as a table.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};
use maud::{Markup, html};
use wechatpay_core::{
    bills::{
        BillFormatError, TradeBillReader,
        reconcile::{Difference, DifferenceKind, Reconciler, Report, Subject, Tally},
    },
    types::Fen,
};

use super::{
    Visit,
    books::{self, Wrong},
    frame::Tab,
    parts,
};
use crate::web::{see_other, yuan};
use wechatpay_sandbox::{
    gateway::{bill_text, form_parts},
    world::clock::Day,
};

/// A hundred thousand records fit.
const MAX_FILE: usize = 8 * 1024 * 1024;
/// Differences that are shown; all are counted.
const NAMED: usize = 500;

/// The form on the page of the bills.
pub(super) fn form(visit: &Visit, mchid: &str, day: Option<Day>) -> Markup {
    let day = day.unwrap_or_else(|| Day::of(visit.now())).to_string();
    html! {
        section class="card" aria-labelledby="reconcile" {
            h2 id="reconcile" class="first" { (visit.pick("Reconcile with your books", "与商户账目对账")) }
            p class="quiet" {
                (visit.pick(
                    "A CSV file with a header: out_trade_no or out_refund_no, amount_fen or amount_yuan, and state if you like. It is compared and forgotten.",
                    "带表头的 CSV 文件：商户订单号或商户退款单号，金额（分）或金额（元），状态可选。文件只用于对账，不会保存。",
                ))
            }
            form method="post" enctype="multipart/form-data" action=(visit.to("/bills/reconcile")) {
                input type="hidden" name="mchid" value=(mchid);
                div class="fields" {
                    label {
                        span { (visit.pick("Day of the bill", "账单日期")) }
                        input type="date" name="date" value=(day) required;
                    }
                    label {
                        span { (visit.pick("Your books (CSV, UTF-8)", "商户账目（CSV，UTF-8）")) }
                        input type="file" name="books" accept=".csv,text/csv,text/plain" required;
                    }
                    button type="submit" class="button primary" { (visit.pick("Reconcile", "对账")) }
                }
            }
        }
    }
}

/// Somebody came by the address.
pub(super) async fn nothing(visit: Visit) -> Response {
    see_other(&visit.to("/bills"))
}

/// Content of the upload.
struct Upload {
    mchid: String,
    day: Day,
    books: Bytes,
}

pub(super) async fn reconcile(visit: Visit, headers: HeaderMap, body: Body) -> Response {
    let Ok(body) = Limited::new(body, MAX_FILE).collect().await else {
        let mut response = failed(
            &visit,
            visit.pick("The file is larger than 8 MiB.", "文件超过 8 MiB。"),
        );
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return response;
    };
    let Some(upload) = upload(&visit, &headers, &body.to_bytes()) else {
        return failed(
            &visit,
            visit.pick(
                "The form is broken, or it names no day or no merchant of this sandbox.",
                "表单不完整，或其中的日期、商户号无效。",
            ),
        );
    };
    let records = match books::read(&upload.books) {
        Ok(records) => records,
        Err(wrong) => return unreadable(&visit, &upload, &wrong),
    };
    let mut comparer = Reconciler::new().named(NAMED);
    comparer.extend(records);
    let bill = bill_text(&visit.engine().gateway, &upload.mchid, "ALL", upload.day);
    let report = match compared(comparer, bill.as_deref()) {
        Ok(report) => report,
        Err(error) => {
            let what = visit.pick(
                "The sandbox cannot read its own bill: ",
                "沙箱无法读取自己生成的账单：",
            );
            return failed(&visit, &format!("{what}{error}"));
        }
    };
    let content = html! {
        p class="headline" {
            strong { (upload.day) } " · " span class="id" { (upload.mchid) } " "
            @if report.is_clean() { (parts::chip("good", visit.pick("both agree", "完全一致"))) }
            @else { (parts::chip("bad", visit.pick("they differ", "存在差异"))) }
        }
        @if bill.is_none() {
            p class="told warn" { (visit.pick("There is no bill of this day: nothing was paid or refunded.", "当日没有账单：没有支付或退款。")) }
        }
        (tallies(&visit, &report))
        @if !report.is_clean() { (differences(&visit, &report)) }
        (form(&visit, &upload.mchid, Some(upload.day)))
    };
    page(&visit, &content)
}

fn compared(mut comparer: Reconciler, bill: Option<&str>) -> Result<Report, BillFormatError> {
    if let Some(bill) = bill {
        let mut reader = TradeBillReader::new();
        reader.feed(bill.as_bytes(), |row| comparer.row(row))?;
        reader.finish()?;
    }
    Ok(comparer.finish())
}

fn upload(visit: &Visit, headers: &HeaderMap, body: &Bytes) -> Option<Upload> {
    let parts = form_parts(headers.get(CONTENT_TYPE)?.to_str().ok()?, body)?;
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        std::str::from_utf8(&part.content).ok()
    };
    let merchant = visit.engine().world.merchants.get(text("mchid")?)?;
    Some(Upload {
        mchid: merchant.mchid.to_string(),
        day: text("date")?.parse().ok()?,
        books: parts.iter().find(|part| part.name == "books")?.content.clone(),
    })
}

fn page(visit: &Visit, content: &Markup) -> Response {
    let title = visit.pick("Reconciliation", "对账结果");
    visit.still_page(Some(Tab::Bills), title, content)
}

fn failed(visit: &Visit, text: &str) -> Response {
    let mut response = page(
        visit,
        &html! {
            p class="told bad" role="alert" { (text) }
            p { a class="button" href=(visit.to("/bills")) { (visit.pick("Back to the bills", "返回账单")) } }
        },
    );
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn unreadable(visit: &Visit, upload: &Upload, wrong: &Wrong) -> Response {
    let content = html! {
        p class="told bad" role="alert" {
            @if wrong.line > 0 {
                (visit.pick("Line ", "第 ")) (wrong.line) (visit.pick("", " 行"))
                @if !wrong.column.is_empty() { (visit.pick(", column ", "，列 ")) code { (wrong.column) } }
                (visit.pick(": ", "："))
            }
            (visit.language.say(wrong.text))
        }
        (form(visit, &upload.mchid, Some(upload.day)))
    };
    let mut response = page(visit, &content);
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn tallies(visit: &Visit, report: &Report) -> Markup {
    let column = |english, chinese| visit.pick(english, chinese);
    let names @ [matched, amounts, here, there, amount, state, twice] = [
        column("matched", "一致"),
        column("amount", "一致金额"),
        column("missing here", "商户缺单"),
        column("missing there", "账单缺单"),
        column("amount differs", "金额不一致"),
        column("state differs", "状态不一致"),
        column("duplicates", "重复"),
    ];
    let row = |subject, tally: &Tally| {
        let sum = tally.matched_amount.fen().map(|sum| yuan(sum.get()));
        html! {
            tr {
                td class="main" { strong { (subject_name(visit, subject)) } }
                td class="number" data-label=(matched) { (tally.matched) }
                td class="number" data-label=(amounts) { (sum.unwrap_or_default()) }
                td class="number" data-label=(here) { (tally.missing_here) }
                td class="number" data-label=(there) { (tally.missing_there) }
                td class="number" data-label=(amount) { (tally.amount_differs) }
                td class="number" data-label=(state) { (tally.state_differs) }
                td class="number" data-label=(twice) { (tally.duplicates) }
            }
        }
    };
    html! {
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { span class="visually-hidden" { (visit.pick("What", "类别")) } }
                        @for name in names { th class="number" { (name) } }
                    }
                }
                tbody {
                    (row(Subject::Payment, report.payments()))
                    (row(Subject::Refund, report.refunds()))
                }
            }
        }
    }
}

fn differences(visit: &Visit, report: &Report) -> Markup {
    html! {
        h2 { (visit.pick("Differences", "差异明细")) }
        div class="card flush" {
            table class="list" {
                thead {
                    tr {
                        th { (visit.pick("Number", "单号")) }
                        th { (visit.pick("What", "类别")) }
                        th { (visit.pick("Difference", "差异")) }
                        th class="number" { (visit.pick("Your books", "商户账目")) }
                        th class="number" { (visit.pick("Bill", "微信账单")) }
                        th class="number" { (visit.pick("Line of the bill", "账单行号")) }
                    }
                }
                tbody { @for difference in report.differences() { (difference_row(visit, difference)) } }
            }
        }
        @if report.unnamed() > 0 {
            p class="quiet" { (visit.pick("And ", "另有 ")) (report.unnamed()) (visit.pick(" more.", " 处差异未列出。")) }
        }
    }
}

fn difference_row(visit: &Visit, difference: &Difference) -> Markup {
    let amount = |amount: Option<Fen>| amount.map_or_else(|| "–".to_owned(), |amount| yuan(amount.get()));
    let (tone, kind) = difference_name(visit, difference.kind);
    html! {
        tr {
            td class="main" { span class="id" { (difference.number) } }
            td data-label=(visit.pick("What", "类别")) { (subject_name(visit, difference.subject)) }
            td data-label=(visit.pick("Difference", "差异")) { (parts::chip(tone, kind)) }
            td class="number" data-label=(visit.pick("Your books", "商户账目")) { (amount(difference.here)) }
            td class="number" data-label=(visit.pick("Bill", "微信账单")) { (amount(difference.there)) }
            td class="number quiet" data-label=(visit.pick("Line of the bill", "账单行号")) {
                @if let Some(line) = difference.line { (line) }
            }
        }
    }
}

fn subject_name(visit: &Visit, subject: Subject) -> &str {
    match subject {
        Subject::Payment => visit.pick("Payments", "支付"),
        Subject::Refund => visit.pick("Refunds", "退款"),
    }
}

fn difference_name(visit: &Visit, kind: DifferenceKind) -> (&'static str, &str) {
    match kind {
        DifferenceKind::MissingHere => ("bad", visit.pick("missing in your books", "商户缺单")),
        DifferenceKind::MissingThere => ("bad", visit.pick("missing in the bill", "账单缺单")),
        DifferenceKind::AmountDiffers => ("bad", visit.pick("amount differs", "金额不一致")),
        DifferenceKind::StateDiffers => ("warn", visit.pick("state differs", "状态不一致")),
        DifferenceKind::DuplicateHere => ("warn", visit.pick("twice in your books", "商户账目重复")),
        DifferenceKind::DuplicateThere => ("warn", visit.pick("twice in the bill", "账单重复")),
        _ => ("warn", visit.pick("differs", "不一致")),
    }
}
