//! The bank accounts of sub-merchants (结算账户).

mod fields;
mod hints;

use serde_json::{Map, Value, json};

use super::endpoint::{Endpoint, Family};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{parties, sensitive},
};
use crate::world::{
    clock::rfc3339,
    settlement::{
        self,
        state::{BankAccount, Change},
    },
};
use hints::SettlementHint;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
        ("Change the bank account", "修改结算账户"),
        |call, path| modify(call, path.get("sub_mchid")),
    )
    .body(&[fields::MODIFY_SETTLEMENT]),
    Endpoint::get(
        "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement",
        ("Query the bank account", "查询结算账户"),
        |call, path| query(call, path.get("sub_mchid")),
    )
    .query(&[], &["account_number_rule"]),
    Endpoint::get(
        "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}",
        ("Query the change of the bank account", "查询结算账户修改申请状态"),
        |call, path| application(call, path.get("sub_mchid"), path.get("application_no")),
    )
    .query(&[], &["account_number_rule"]),
]);

fn modify(call: &mut Call<'_>, sub: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub)?;
    let body = call.body()?;
    let text = |key: &str| body.text(&format!("/{key}")).map(str::to_owned);
    let open = |pointer: &str| sensitive::open(call.gateway, call.received, &body, pointer);
    let account = BankAccount {
        account_type: text("account_type").unwrap_or_default(),
        account_bank: text("account_bank").unwrap_or_default(),
        bank_name: text("bank_name"),
        bank_branch_id: text("bank_branch_id"),
        account_number: open("/account_number")?,
        account_name: match body.text("/account_name") {
            Some(_) => Some(open("/account_name")?),
            None => None,
        },
    };
    let number = call.ids.application_no(call.now());
    let change = Change {
        sub_mchid: sub.to_owned(),
        account,
        created_at: call.now(),
        finished_at: None,
    };
    if !settlement::apply(&call.gateway.world, &number, change) {
        return Err(Refusal::new(codes::FREQUENCY_LIMITED).hint(SettlementHint::TooManyChanges));
    }
    Ok(Answer::Json(
        json!({ "application_no": number }).to_string().into(),
    ))
}

fn query(call: &mut Call<'_>, sub: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub)?;
    let parameters = call.parameters()?;
    let rule = rule(&parameters)?;
    let account = call
        .gateway
        .world
        .settlements
        .account(sub)
        .unwrap_or_else(first_account);
    let mut json = shown(&account, rule);
    json.insert("verify_result".to_owned(), json!("VERIFY_SUCCESS"));
    Ok(Answer::Json(Value::Object(json).to_string().into()))
}

fn application(call: &mut Call<'_>, sub: &str, number: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub)?;
    let parameters = call.parameters()?;
    let rule = rule(&parameters)?;
    let change = call
        .gateway
        .world
        .settlements
        .change(number)
        .filter(|change| change.sub_mchid == sub)
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_APPLYMENT))?;
    let mut json = shown(&change.account, rule);
    let name = change.account.account_name.as_deref().unwrap_or("*");
    json.insert("account_name".to_owned(), json!(masked_name(name)));
    let result = match change.finished_at {
        Some(at) => {
            json.insert("verify_finish_time".to_owned(), json!(rfc3339(at)));
            "AUDIT_SUCCESS"
        }
        None => "AUDITING",
    };
    json.insert("verify_result".to_owned(), json!(result));
    Ok(Answer::Json(Value::Object(json).to_string().into()))
}

/// Rules for masking a number.
#[derive(Clone, Copy)]
enum Rule {
    /// The first and the last two digits.
    V1,
    /// The last four digits.
    V2,
}

fn rule(parameters: &crate::gateway::validate::parameters::Parameters) -> Result<Rule, Refusal> {
    let rules = &["ACCOUNT_NUMBER_RULE_MASK_V1", "ACCOUNT_NUMBER_RULE_MASK_V2"];
    Ok(match parameters.one_of("account_number_rule", rules)? {
        Some("ACCOUNT_NUMBER_RULE_MASK_V2") => Rule::V2,
        _ => Rule::V1,
    })
}

fn shown(account: &BankAccount, rule: Rule) -> Map<String, Value> {
    let mut json = Map::new();
    json.insert("account_type".to_owned(), json!(account.account_type));
    json.insert("account_bank".to_owned(), json!(account.account_bank));
    for (key, value) in [
        ("bank_name", &account.bank_name),
        ("bank_branch_id", &account.bank_branch_id),
    ] {
        if let Some(value) = value {
            json.insert(key.to_owned(), json!(value));
        }
    }
    json.insert(
        "account_number".to_owned(),
        json!(masked(&account.account_number, rule)),
    );
    json
}

fn masked(number: &str, rule: Rule) -> String {
    let (first, last) = match rule {
        Rule::V1 => (2, 2),
        Rule::V2 => (0, 4),
    };
    let length = number.chars().count();
    number
        .chars()
        .enumerate()
        .map(|(index, digit)| {
            let is_shown = index < first || index.saturating_add(last) >= length;
            if is_shown { digit } else { '*' }
        })
        .collect()
}

/// The last character of a name.
fn masked_name(name: &str) -> String {
    let last = name.chars().count().saturating_sub(1);
    name.chars()
        .enumerate()
        .map(|(index, character)| if index == last { character } else { '*' })
        .collect()
}

/// The initial account of sub-merchants that exist from the start.
fn first_account() -> BankAccount {
    BankAccount {
        account_type: "ACCOUNT_TYPE_BUSINESS".to_owned(),
        account_bank: "工商银行".to_owned(),
        bank_name: None,
        bank_branch_id: None,
        account_number: "6222000000000078".to_owned(),
        account_name: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_masked() {
        assert_eq!(masked("6222000000000078", Rule::V1), "62************78");
        assert_eq!(masked("6222000000000078", Rule::V2), "************0078");
        assert_eq!(masked_name("张三丰"), "**丰");
        assert_eq!(masked_name(""), "");
    }
}
