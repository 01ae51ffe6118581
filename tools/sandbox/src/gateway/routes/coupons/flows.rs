//! Files about the uses and refunds of a stock.

use serde_json::{Value, json};

use super::{
    super::{bills, bills::csv, records},
    sent,
};
use crate::{
    gateway::{Answer, Refusal, call::Call},
    world::{
        clock::{Day, rfc3339},
        records::{kinds::coupon::USED, state::RecordKind},
    },
};

const HEADER: &[&str] = &[
    "批次id",
    "优惠id",
    "优惠类型",
    "优惠金额（元）",
    "使用时间",
    "消耗商户号",
];

pub(super) fn used(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let (text, _) = uses(call, stock_id, None)?;
    whole(call, text)
}

/// Coupons come back by command only.
///
/// Such a use is in no file any more.
pub(super) fn refunded(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    records::find_by_id(call, RecordKind::CouponStock, stock_id)?;
    whole(call, file(&[]))
}

pub(super) fn used_on_day(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let day = bills::day(call, &parameters)?;
    let (text, count) = uses(call, stock_id, Some(day))?;
    Ok(of_day(call, text, count, "stock_useflow"))
}

pub(super) fn refunded_on_day(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    bills::day(call, &parameters)?;
    records::find_by_id(call, RecordKind::CouponStock, stock_id)?;
    Ok(of_day(call, file(&[]), 0, "stock_refundflow"))
}

fn whole(call: &Call<'_>, text: String) -> Result<Answer, Refusal> {
    let (content, digest) = bills::finished(call, text);
    let url = bills::keep(call, content, false);
    Ok(Answer::json(
        &json!({ "url": url, "hash_type": "SHA1", "hash_value": digest }),
    ))
}

fn of_day(call: &Call<'_>, text: String, count: usize, name: &str) -> Answer {
    let (content, digest) = bills::finished(call, text);
    let url = bills::keep(call, content, false);
    let mut json = serde_json::Map::new();
    json.insert("url".to_owned(), json!(url));
    json.insert(format!("{name}_hash"), json!(digest));
    json.insert(format!("{name}_count"), json!(count.to_string()));
    Answer::json(&Value::Object(json))
}

/// The used coupons of a stock, of one day or of all.
fn uses(call: &Call<'_>, stock_id: &str, day: Option<Day>) -> Result<(String, usize), Refusal> {
    records::find_by_id(call, RecordKind::CouponStock, stock_id)?;
    let rows: Vec<Vec<String>> = sent::of_stock(call, stock_id)
        .iter()
        .filter(|coupon| coupon.state == USED && day.is_none_or(|day| Day::of(coupon.updated_at) == day))
        .map(|coupon| {
            vec![
                stock_id.to_owned(),
                coupon.id.clone(),
                "代金券".to_owned(),
                csv::fee(coupon.amount),
                rfc3339(coupon.updated_at),
                coupon
                    .text("/consume_mchid")
                    .unwrap_or_else(|| coupon.key.mchid.clone()),
            ]
        })
        .collect();
    Ok((file(&rows), rows.len()))
}

fn file(rows: &[Vec<String>]) -> String {
    csv::file(HEADER, rows, &["总条数"], &[rows.len().to_string()])
}
