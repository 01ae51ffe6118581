//! Coupons that were sent to users.

use serde_json::{Value, json};
use wechatpay_core::types::DateTime;

use super::{
    super::records::{self, Opening},
    hints::CouponHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, parties},
    },
    world::records::{
        kinds::{
            coupon::{SENT, view},
            coupon_stock::{RUNNING, goods, rule},
        },
        state::{Record, RecordKind},
    },
};

const KIND: RecordKind = RecordKind::Coupon;
/// Entries of a page, if the query does not say, and at most.
const LIMIT: usize = 20;

pub(super) fn send(call: &mut Call<'_>, openid: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let creator = body.text("/stock_creator_mchid").unwrap_or_default();
    is_own(call, creator)?;
    let appid = body.text("/appid").unwrap_or_default();
    parties::app(call.merchant, "appid", appid)?;
    parties::openid_of(call.gateway, openid, appid, call.notes)?;
    let stock_id = body.text("/stock_id").unwrap_or_default().to_owned();
    let stock = records::find_by_id(call, RecordKind::CouponStock, &stock_id)?;
    let (value, minimum) = worth(&stock, &body)?;
    let mut request = body.value.clone();
    if let Some(request) = request.as_object_mut() {
        request.insert("openid".to_owned(), json!(openid));
    }
    let opening = Opening {
        kind: KIND,
        number: body.text("/out_request_no").unwrap_or_default().to_owned(),
        id: call.ids.long_id("98", call.now()),
        amount: value,
        state: SENT,
        request,
        facts: json!({
            "coupon_name": stock.text("/stock_name"),
            "description": stock.text("/pattern_info/description").unwrap_or_default(),
            "available_begin_time": stock.text("/available_begin_time"),
            "available_end_time": stock.text("/available_end_time"),
            "no_cash": stock.value("/no_cash"),
            "singleitem": !goods(&stock).is_empty(),
            "normal_coupon_information": { "coupon_amount": value, "transaction_minimum": minimum },
        }),
    };
    let coupon = records::open(call, opening, || may_send(call, &stock, openid, value))?;
    Ok(Answer::json(&json!({ "coupon_id": coupon.id })))
}

/// Refuses a stock of another merchant: here each gives out its own.
pub(super) fn is_own(call: &Call<'_>, creator: &str) -> Result<(), Refusal> {
    if call.merchant.mchid == creator {
        Ok(())
    } else {
        Err(records::none(RecordKind::CouponStock))
    }
}

/// The second of a time of a page.
pub(super) fn seconds(time: Option<String>) -> Option<i64> {
    let time: DateTime = time?.parse().ok()?;
    Some(time.unix_seconds())
}

/// Value and minimum of a coupon: those of the stock, or those of the request.
fn worth(stock: &Record, body: &Checked) -> Result<(i64, i64), Refusal> {
    let of_stock = |name: &str| {
        let pointer = format!("/coupon_use_rule/fixed_normal_coupon/{name}");
        stock.value(&pointer).and_then(|value| value.as_i64())
    };
    let given = [body.integer("/coupon_value"), body.integer("/coupon_minimum")];
    match (of_stock("coupon_amount"), of_stock("transaction_minimum"), given) {
        (Some(value), Some(minimum), [None, None]) => Ok((value, minimum)),
        (None, None, [value, minimum]) => Ok((value.unwrap_or(1), minimum.unwrap_or(1))),
        _ => Err(Refusal::new(codes::PARAMETER).hint(CouponHint::ValueOfRandomOnly)),
    }
}

/// Refuses what the stock, its budget or the limit of a user does not allow.
fn may_send(call: &Call<'_>, stock: &Record, openid: &str, value: i64) -> Result<(), Refusal> {
    if stock.state != RUNNING {
        let state = stock.state.clone();
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(CouponHint::NotRunning { state }));
    }
    let [begin, end] =
        ["/available_begin_time", "/available_end_time"].map(|pointer| seconds(stock.text(pointer)));
    let is_over = end.is_some_and(|end| call.now() > end);
    if is_over || begin.is_some_and(|begin| call.now() < begin) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(CouponHint::NotInTime));
    }
    let sent = of_stock(call, &stock.id);
    let count = |coupons: usize| i64::try_from(coupons).unwrap_or(i64::MAX);
    let max = rule(stock, "max_coupons");
    if count(sent.len()) >= max {
        return Err(Refusal::new(codes::RULE_LIMIT).hint(CouponHint::NoneLeft { max }));
    }
    let spent = sent
        .iter()
        .map(|coupon| coupon.amount)
        .fold(0, i64::saturating_add);
    let left = rule(stock, "max_amount").saturating_sub(spent);
    if value > left {
        return Err(Refusal::new(codes::NOT_ENOUGH).hint(CouponHint::NoBudget { left }));
    }
    let of_user = sent
        .iter()
        .filter(|coupon| coupon.text("/openid").as_deref() == Some(openid));
    let max = rule(stock, "max_coupons_per_user");
    if count(of_user.count()) >= max {
        return Err(Refusal::new(codes::RULE_LIMIT).hint(CouponHint::UserHasAll { max }));
    }
    Ok(())
}

/// All coupons of a stock, the oldest first.
pub(super) fn of_stock(call: &Call<'_>, stock_id: &str) -> Vec<Record> {
    call.gateway.world.records.filtered(|coupon| {
        coupon.key.kind == KIND
            && call.merchant.mchid == coupon.key.mchid.as_str()
            && coupon.text("/stock_id").as_deref() == Some(stock_id)
    })
}

pub(super) fn query(call: &mut Call<'_>, openid: &str, coupon_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let coupon = records::find_by_id(call, KIND, coupon_id)?;
    if coupon.text("/openid").as_deref() != Some(openid) {
        return Err(records::none(KIND));
    }
    Ok(Answer::json(&Value::Object(view(&coupon))))
}

pub(super) fn list(call: &mut Call<'_>, openid: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let page = parameters.page(LIMIT, LIMIT)?;
    let status = parameters.one_of("status", &["SENDED", "USED"])?;
    for mchid in ["creator_mchid", "sender_mchid", "available_mchid"] {
        if let Some(given) = parameters.get(mchid) {
            is_own(call, given)?;
        }
    }
    let stock_id = parameters.get("stock_id");
    let coupons = call.gateway.world.records.filtered(|coupon| {
        coupon.key.kind == KIND
            && call.merchant.mchid == coupon.key.mchid.as_str()
            && coupon.text("/openid").as_deref() == Some(openid)
            && status.is_none_or(|status| coupon.state == status)
            && stock_id.is_none_or(|id| coupon.text("/stock_id").as_deref() == Some(id))
    });
    let total = coupons.len();
    let data: Vec<Value> = page
        .of(coupons)
        .iter()
        .map(|coupon| Value::Object(view(coupon)))
        .collect();
    Ok(Answer::json(&json!({
        "total_count": total, "offset": page.offset, "limit": page.limit, "data": data,
    })))
}
