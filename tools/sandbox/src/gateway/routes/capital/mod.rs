//! Banks, branches and areas for an application form (银行组件).

mod data;
mod hints;

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family, PathValues};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{
        parameters::{Page, Parameters},
        sensitive,
    },
};
use data::{BANKS, Bank, PROVINCES};
use hints::CapitalHint;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/capital/capitallhh/banks/corporate-banking",
        ("List banks for companies", "查询支持对公业务的银行列表"),
        |call, _| banks(call, |_| true),
    )
    .query(&["limit"], &["offset"]),
    Endpoint::get(
        "/v3/capital/capitallhh/banks/personal-banking",
        ("List banks for persons", "查询支持个人业务的银行列表"),
        |call, _| banks(call, |bank| bank.card_prefix.is_some()),
    )
    .query(&["limit"], &["offset"]),
    Endpoint::get(
        "/v3/capital/capitallhh/banks/search-banks-by-bank-account",
        ("Find the bank of a card", "获取对私银行卡号开户银行"),
        |call, _| bank_of_card(call),
    )
    .query(&["account_number"], &[]),
    Endpoint::get(
        "/v3/capital/capitallhh/banks/{bank_alias_code}/branches",
        ("List branches", "查询支行列表"),
        branches,
    )
    .query(&["city_code", "limit"], &["offset"]),
    Endpoint::get(
        "/v3/capital/capitallhh/areas/provinces",
        ("List provinces", "查询省份列表"),
        |call, _| provinces(call),
    ),
    Endpoint::get(
        "/v3/capital/capitallhh/areas/provinces/{province_code}/cities",
        ("List cities", "查询城市列表"),
        cities,
    ),
]);

/// Entries of a page at most.
const MAX_LIMIT: usize = 200;

fn banks(call: &Call<'_>, is_wanted: fn(&Bank) -> bool) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let banks: Vec<Value> = BANKS.iter().filter(|bank| is_wanted(bank)).map(shown).collect();
    page(call, &parameters, banks, &[])
}

/// The bank of a card, whose number comes encrypted.
///
/// Cards of unknown banks have an empty list.
fn bank_of_card(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let number = sensitive::open_parameter(call.gateway, call.received, &parameters, "account_number")?;
    let bank = BANKS
        .iter()
        .find(|bank| bank.card_prefix.is_some_and(|prefix| number.starts_with(prefix)));
    let banks: Vec<Value> = bank.into_iter().map(shown).collect();
    Ok(json_of(&json!({ "total_count": banks.len(), "data": banks })))
}

fn branches(call: &mut Call<'_>, path: &PathValues) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let code = path.get("bank_alias_code");
    let bank = BANKS.iter().find(|bank| bank.alias_code == code);
    let bank = bank.ok_or_else(|| {
        none(CapitalHint::Bank {
            code: code.to_owned(),
        })
    })?;
    let city = parameters.number("city_code")?.unwrap_or_default();
    let mut cities = PROVINCES.iter().flat_map(|province| province.cities);
    let (_, city) = cities
        .find(|(code, _)| *code == city)
        .ok_or_else(|| none(CapitalHint::City { code: city }))?;
    let branches = (1..=data::BRANCHES)
        .map(|number| {
            json!({
                "bank_branch_name": format!("{}{city}第{number}支行", bank.name),
                "bank_branch_id": format!("{}{number:06}", bank.branch_prefix),
            })
        })
        .collect();
    page(
        call,
        &parameters,
        branches,
        &[
            ("account_bank", json!(bank.account_bank)),
            ("account_bank_code", json!(bank.code)),
            ("bank_alias", json!(bank.name)),
            ("bank_alias_code", json!(bank.alias_code)),
        ],
    )
}

fn provinces(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.parameters()?;
    let provinces: Vec<Value> = PROVINCES
        .iter()
        .map(|province| json!({ "province_name": province.name, "province_code": province.code }))
        .collect();
    Ok(json_of(
        &json!({ "total_count": provinces.len(), "data": provinces }),
    ))
}

fn cities(call: &mut Call<'_>, path: &PathValues) -> Result<Answer, Refusal> {
    call.parameters()?;
    let code = path.get("province_code");
    let province = PROVINCES
        .iter()
        .find(|province| province.code.to_string() == code);
    let province = province.ok_or_else(|| {
        none(CapitalHint::Province {
            code: code.to_owned(),
        })
    })?;
    let cities: Vec<Value> = province
        .cities
        .iter()
        .map(|(code, name)| json!({ "city_name": name, "city_code": code }))
        .collect();
    Ok(json_of(&json!({ "total_count": cities.len(), "data": cities })))
}

fn shown(bank: &Bank) -> Value {
    json!({
        "bank_alias": bank.name,
        "bank_alias_code": bank.alias_code,
        "account_bank": bank.account_bank,
        "account_bank_code": bank.code,
        "need_bank_branch": bank.needs_branch,
    })
}

/// One page of a list, with links to itself and its neighbours.
fn page(
    call: &Call<'_>,
    parameters: &Parameters,
    entries: Vec<Value>,
    more: &[(&str, Value)],
) -> Result<Answer, Refusal> {
    let page = parameters.page(MAX_LIMIT, MAX_LIMIT)?;
    let Page { offset, limit } = page;
    let total = entries.len();
    let data = page.of(entries);
    let link = |offset: usize| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(call.received.query().as_bytes()) {
            if name != "offset" {
                query.append_pair(&name, &value);
            }
        }
        query.append_pair("offset", &offset.to_string());
        format!("{}?{}", call.received.path(), query.finish())
    };
    let end = offset.saturating_add(limit);
    let mut links = json!({ "self": link(offset) });
    let mut json = json!({ "total_count": total, "count": data.len(), "data": data, "offset": offset });
    if let (Some(links), Some(json)) = (links.as_object_mut(), json.as_object_mut()) {
        if end < total {
            links.insert("next".to_owned(), json!(link(end)));
        }
        if offset > 0 {
            links.insert("prev".to_owned(), json!(link(offset.saturating_sub(limit))));
        }
        json.insert("links".to_owned(), json!(links));
        json.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
    }
    Ok(json_of(&json))
}

fn none(hint: CapitalHint) -> Refusal {
    Refusal::new(codes::RESOURCE_NOT_EXISTS).hint(hint)
}

fn json_of(json: &Value) -> Answer {
    Answer::Json(json.to_string().into())
}
