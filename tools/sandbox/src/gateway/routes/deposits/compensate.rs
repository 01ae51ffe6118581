//! Compensations: opened, found, cancelled.

use serde_json::{Map, Value, json};

use super::{
    contract,
    hints::DepositHint,
    way::{Receiver, Source, Way},
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        routes::records::{self, Opening},
        validate::{self, Checked, Location, parties},
    },
    world::{
        clock::rfc3339,
        funds::ledger::Account,
        orders::state::Order,
        records::{
            kinds::compensation::{self, ACCEPTED, CANCELING, CANCELLED, CLOSED, SUCCESS, WAIT},
            state::{Record, RecordKind},
        },
    },
};

const KIND: RecordKind = RecordKind::Compensation;

/// A compensation as a path names it.
pub(super) enum Name<'a> {
    ByNumber(&'a str),
    ById(&'a str),
}

/// Handles requests that pay at once.
pub(super) fn pay(call: &mut Call<'_>, way: &Way) -> Result<Answer, Refusal> {
    let bill = open(call, way, ACCEPTED)?;
    Ok(Answer::json(&Value::Object(view(&bill))))
}

/// Handles requests that lock the money until the payer of the order confirms.
pub(super) fn prepare(call: &mut Call<'_>, way: &Way) -> Result<Answer, Refusal> {
    let bill = open(call, way, WAIT)?;
    if matches!(bill.state.as_str(), SUCCESS | CLOSED | CANCELLED) {
        let state = bill.state;
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(DepositHint::Ended { state }));
    }
    let mut json = bill.members(&["sub_mchid", "package_info"]);
    put(&mut json, "out_bill_no", json!(bill.key.number));
    put(&mut json, "bill_id", json!(bill.id));
    put(&mut json, "accept_time", json!(rfc3339(bill.created_at)));
    Ok(Answer::json(&Value::Object(json)))
}

/// Handles the queries.
pub(super) fn query(call: &Call<'_>, way: &Way, name: &Name<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let bill = find(call, way, name)?;
    let facts = [
        ("sub_mchid", bill.text("/sub_mchid")),
        ("sponsor_mchid", Some(compensation::sponsor(&bill))),
        ("business_type", bill.text("/business_type")),
    ];
    for (name, fact) in facts {
        if parameters
            .get(name)
            .is_some_and(|asked| fact.as_deref() != Some(asked))
        {
            return Err(records::none(KIND));
        }
    }
    let mut json = view(&bill);
    if matches!(bill.state.as_str(), CLOSED | CANCELLED) {
        let mut end = bill.members(&["close_reason"]);
        put(&mut end, way.end, json!(rfc3339(bill.updated_at)));
        put(&mut json, "close_info", Value::Object(end));
    }
    Ok(Answer::json(&Value::Object(json)))
}

/// Handles cancellations, which are certain only later.
pub(super) fn cancel(
    call: &Call<'_>,
    way: &Way,
    number: &str,
    sub_mchid: Option<&str>,
) -> Result<Answer, Refusal> {
    let mut bill = find(call, way, &Name::ByNumber(number))?;
    if sub_mchid.is_some() && bill.text("/sub_mchid").as_deref() != sub_mchid {
        return Err(records::none(KIND));
    }
    if bill.state != CANCELLED {
        let facts = json!({ "cancel_accept_time": rfc3339(call.now()) });
        bill = records::go(call, bill, CANCELING, facts)?;
    }
    let mut json = bill.members(&["sub_mchid", "cancel_accept_time"]);
    put(&mut json, "out_bill_no", json!(bill.key.number));
    put(&mut json, "bill_id", json!(bill.id));
    put(&mut json, "state", json!(bill.state));
    Ok(Answer::json(&Value::Object(json)))
}

fn find(call: &Call<'_>, way: &Way, name: &Name<'_>) -> Result<Record, Refusal> {
    let bill = match name {
        Name::ByNumber(number) => records::find(call, KIND, number)?,
        Name::ById(id) => records::find_by_id(call, KIND, id)?,
    };
    if bill.text("/way").as_deref() == Some(way.name) {
        Ok(bill)
    } else {
        Err(records::none(KIND))
    }
}

fn open(call: &mut Call<'_>, way: &Way, state: &'static str) -> Result<Record, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    let order = order(call, &body)?;
    users_view(call, &body)?;
    let mut facts = Map::new();
    if state == WAIT {
        put(&mut facts, "package_info", json!(call.ids.package_info()));
    }
    if way.receiver == Receiver::Merchant {
        put(&mut facts, "payee", json!(merchant(call, &body)?));
    } else if order.is_none() && body.text("/receiver/user_info/sp_openid").is_none() {
        return Err(no_receiver("/receiver/transaction_info"));
    }
    let (payer, account) = payer(call, way.source, &body, order.as_ref())?;
    put(&mut facts, "account", json!(account.as_str()));
    if way.source != Source::Platform {
        put(&mut facts, "sub_mchid", json!(payer));
    }
    let amount = body.integer("/amount").ok_or_else(Refusal::system_error)?;
    let number = body.text("/out_bill_no").unwrap_or_default().to_owned();
    let mut request = body.value;
    // A number stands for one way.
    if let Some(request) = request.as_object_mut() {
        put(request, "way", json!(way.name));
        put(request, "begins", json!(state));
    }
    let opening = Opening {
        kind: KIND,
        number,
        id: call.ids.long_id("1330", call.now()),
        amount,
        state,
        request,
        facts: Value::Object(facts),
    };
    records::open(call, opening, || {
        records::has_money(call, &payer, account, amount)
    })
}

/// The order whose payer is compensated, if one is named.
fn order(call: &mut Call<'_>, body: &Checked) -> Result<Option<Order>, Refusal> {
    let Some(id) = body.text("/receiver/transaction_info/transaction_id") else {
        return Ok(None);
    };
    let order = call.order_of_transaction(id);
    let order = order.ok_or_else(|| Refusal::new(codes::NO_SUCH_ORDER).hint(DepositHint::NoPayment))?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    Ok(Some(order))
}

/// Apps, the user and the scene must go together.
fn users_view(call: &mut Call<'_>, body: &Checked) -> Result<(), Refusal> {
    if let Some(appid) = body.text("/sp_appid") {
        parties::app(call.merchant, "sp_appid", appid)?;
        if let Some(openid) = body.text("/receiver/user_info/sp_openid") {
            parties::openid_of(call.gateway, openid, appid, call.notes)?;
        }
    }
    if body.text("/user_recv_perception").is_some() && body.text("/transfer_scene_id").is_none() {
        return Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, "/transfer_scene_id")
            .hint(DepositHint::NoScene));
    }
    Ok(())
}

/// The merchant that receives the money: the caller, or one of its sub-merchants.
fn merchant(call: &Call<'_>, body: &Checked) -> Result<String, Refusal> {
    let names = ["/receiver/mch_info/mch_id", "/receiver/mch_info/mchid"];
    let mchid = names.iter().find_map(|name| body.text(name));
    let mchid = mchid.ok_or_else(|| no_receiver("/receiver/mch_info/mchid"))?;
    of_platform(call, mchid)?;
    Ok(mchid.to_owned())
}

/// The merchant that pays, and its account.
fn payer(
    call: &Call<'_>,
    source: Source,
    body: &Checked,
    order: Option<&Order>,
) -> Result<(String, Account), Refusal> {
    let named = body.text("/sub_mchid");
    match source {
        Source::Platform => {
            let sponsor = body
                .text("/sponsor_mchid")
                .unwrap_or(call.merchant.mchid.as_str());
            of_platform(call, sponsor)?;
            Ok((sponsor.to_owned(), Account::Operation))
        }
        Source::Deposit => {
            let seller = order.map(|order| order.sub.as_ref().map(|sub| sub.mchid.as_str()));
            if let (Some(seller), Some(named)) = (seller, named)
                && seller != Some(named)
            {
                return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(DepositHint::OtherSubMerchant));
            }
            let payer = named.or(seller.flatten()).ok_or_else(no_sub)?;
            parties::known_sub(call.merchant, payer)?;
            Ok((payer.to_owned(), Account::Deposit))
        }
        Source::Insurer => {
            let insurer = named.ok_or_else(no_sub)?;
            parties::known_sub(call.merchant, insurer)?;
            if contract::of(call, insurer).is_none() {
                return Err(Refusal::new(codes::NO_AUTH).hint(DepositHint::NotOpened));
            }
            Ok((insurer.to_owned(), Account::Operation))
        }
    }
}

fn of_platform(call: &Call<'_>, mchid: &str) -> Result<(), Refusal> {
    if call.merchant.mchid == mchid {
        return Ok(());
    }
    parties::known_sub(call.merchant, mchid).map(|_| ())
}

fn no_sub() -> Refusal {
    Refusal::new(codes::PARAMETER)
        .missing(Location::Body, "/sub_mchid")
        .hint(DepositHint::NoSubMerchant)
}

fn no_receiver(place: &str) -> Refusal {
    Refusal::new(codes::PARAMETER)
        .missing(Location::Body, place)
        .hint(DepositHint::NoReceiver)
}

/// A compensation as its request and its queries tell it.
fn view(bill: &Record) -> Map<String, Value> {
    let mut json = bill.members(&[
        "sub_mchid",
        "sub_appid",
        "sponsor_mchid",
        "business_type",
        "transfer_remark",
        "receiver_remark",
    ]);
    for (name, value) in [
        ("sp_mchid", json!(bill.key.mchid)),
        ("receiver_detail", json!({ "receiver": bill.value("/receiver") })),
        ("out_bill_no", json!(bill.key.number)),
        ("bill_id", json!(bill.id)),
        ("amount", json!(bill.amount)),
        ("state", json!(bill.state)),
        ("accept_time", json!(rfc3339(bill.created_at))),
    ] {
        put(&mut json, name, value);
    }
    if bill.state == SUCCESS {
        put(&mut json, "success_time", json!(rfc3339(bill.updated_at)));
    }
    json
}

fn put(json: &mut Map<String, Value>, name: &str, value: Value) {
    json.insert(name.to_owned(), value);
}
