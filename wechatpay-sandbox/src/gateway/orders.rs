//! Querying and closing orders.

use serde_json::json;

use super::{Answer, Notes, Received, Refusal, codes, fields, signature};
use crate::{
    shared::Shared,
    state::{
        lint::LintKind,
        merchant::Merchant,
        order::{Family, Order, OrderKey, OrderState, Scene},
        orders::CloseRefusal,
        snapshot::Step,
        transaction::transaction,
    },
};

/// Older pages ask for this age before an order is closed.
const MIN_CLOSE_AGE: i64 = 5 * 60;

/// How a query names its order.
pub(super) enum Number<'a> {
    /// By the platform's number.
    TransactionId(&'a str),
    /// By the merchant's number.
    OutTradeNo(&'a str),
}

/// Answers both queries of both families.
pub(super) fn query(
    shared: &Shared,
    merchant: &Merchant,
    received: &Received,
    family: Family,
    number: &Number<'_>,
    notes: &mut Notes,
) -> Result<Answer, Refusal> {
    if let Number::OutTradeNo(number) = number {
        notes.out_trade_no = Some((*number).to_owned());
    }
    let sub_mchid = match family {
        Family::Direct => {
            let [mchid] = parameters(received, ["mchid"])?;
            check_caller(merchant, &mchid, "mchid", notes)?;
            None
        }
        Family::Partner => {
            let [mchid, sub_mchid] = parameters(received, ["sp_mchid", "sub_mchid"])?;
            check_caller(merchant, &mchid, "sp_mchid", notes)?;
            Some(sub_mchid)
        }
    };
    let key = match number {
        Number::OutTradeNo(number) => Some(own_key(merchant, number)),
        Number::TransactionId(id) => shared
            .orders
            .key_of_transaction(id)
            .filter(|key| merchant.mchid == key.mchid.as_str()),
    };
    let order = key
        .and_then(|key| {
            shared.orders.change(&key, |order| {
                order.settle(notes.at);
                order.note(notes.at, Step::Queried);
                order.clone()
            })
        })
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    check_family(&order, family, sub_mchid.as_deref())?;
    notes.out_trade_no = Some(order.key.out_trade_no.clone());
    Ok(Answer::Json(transaction(&order).to_string().into()))
}

/// Answers `POST …/close`.
pub(super) fn close(
    shared: &Shared,
    merchant: &Merchant,
    received: &Received,
    family: Family,
    number: &str,
    notes: &mut Notes,
) -> Result<Answer, Refusal> {
    notes.out_trade_no = Some(number.to_owned());
    let (table, caller) = match family {
        Family::Direct => (fields::CLOSE_DIRECT, "mchid"),
        Family::Partner => (fields::CLOSE_PARTNER, "sp_mchid"),
    };
    // The scene is of no account: no row of these tables names one.
    let body = fields::check(&received.body, &[table], Scene::Native).map_err(fields::Problem::refusal)?;
    let mchid = body.text(&format!("/{caller}")).unwrap_or_default();
    check_caller(merchant, mchid, caller, notes)?;
    let key = own_key(merchant, number);
    let order = shared
        .orders
        .get(&key, notes.at)
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    check_family(&order, family, body.text("/sub_mchid"))?;
    let age = notes.at.saturating_sub(order.created_at);
    if order.state == OrderState::NotPay && age < MIN_CLOSE_AGE {
        notes.lint(
            LintKind::CloseTooSoon,
            format!("closed {age} s after it was placed; older pages ask for {MIN_CLOSE_AGE} s"),
        )?;
    }
    match shared.orders.close(&key, notes.at) {
        Ok(()) => Ok(Answer::Empty),
        Err(CloseRefusal::NoSuchOrder) => Err(Refusal::new(codes::ORDER_NOT_EXIST)),
        Err(CloseRefusal::Paid) => {
            Err(Refusal::new(codes::ORDER_PAID).hint("a paid order cannot be closed; refund it instead"))
        }
    }
}

fn own_key(merchant: &Merchant, out_trade_no: &str) -> OrderKey {
    OrderKey {
        mchid: merchant.mchid.as_str().to_owned(),
        out_trade_no: out_trade_no.to_owned(),
    }
}

fn check_caller(merchant: &Merchant, mchid: &str, field: &str, notes: &mut Notes) -> Result<(), Refusal> {
    if merchant.mchid == mchid {
        Ok(())
    } else {
        Err(signature::other_merchant(notes, field))
    }
}

/// An order is seen by the family it was placed with, and by its own sub-merchant.
fn check_family(order: &Order, family: Family, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    if order.family != family {
        let path = match order.family {
            Family::Direct => "/v3/pay/transactions",
            Family::Partner => "/v3/pay/partner/transactions",
        };
        return Err(Refusal::new(codes::ORDER_NOT_EXIST).hint(format!(
            "the order was placed with {path}; query and close it there too"
        )));
    }
    if order.sub.as_ref().map(|sub| sub.mchid.as_str()) != sub_mchid {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT)
            .hint("the order belongs to another sub-merchant of yours"));
    }
    Ok(())
}

/// Exactly these query parameters, each once.
fn parameters<const N: usize>(received: &Received, names: [&'static str; N]) -> Result<[String; N], Refusal> {
    let mut values = names.map(|_| None);
    for (key, value) in form_urlencoded::parse(received.query().as_bytes()) {
        let slot = names
            .iter()
            .position(|name| *name == key)
            .and_then(|index| values.get_mut(index));
        let Some(slot) = slot else {
            return Err(Refusal::new(codes::PARAMETER_EXTRA)
                .field("query", &key, json!(value), "unknown parameter")
                .hint(format!("the query parameters are {}", names.join(" and "))));
        };
        *slot = Some(value.into_owned()).filter(|value| !value.is_empty());
    }
    let missing = names.iter().zip(&values).find(|(_, value)| value.is_none());
    if let Some((name, _)) = missing {
        return Err(Refusal::new(codes::PARAMETER)
            .field("query", name, json!(null), "required and missing")
            .hint(format!("the query parameters are {}", names.join(" and "))));
    }
    Ok(values.map(Option::unwrap_or_default))
}
