//! Account balances.

use serde_json::json;

use super::hints::FundHint;
use crate::gateway::hints::Conflict;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Issue, Location, parameters::Parameters, parties},
    },
    world::{clock::Day, funds::ledger::Account, withdrawals},
};

/// End-of-day balances are kept so long.
const DAYS: i64 = 90;

/// Handles `GET /v3/ecommerce/fund/balance/{sub_mchid}`.
pub(super) fn of_sub(call: &mut Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    permitted(call, sub_mchid)?;
    let parameters = call.parameters()?;
    let account = account_of(&parameters, &["BASIC", "FEES", "OPERATION", "DEPOSIT"])?;
    Ok(present(call, Some(sub_mchid), account))
}

/// Handles `GET /v3/ecommerce/fund/enddaybalance/{sub_mchid}`.
pub(super) fn of_sub_at_day_end(call: &mut Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    permitted(call, sub_mchid)?;
    let parameters = call.parameters()?;
    let account = account_of(&parameters, &["BASIC", "DEPOSIT"])?;
    at_day_end(call, Some(sub_mchid), account, &parameters)
}

/// Handles `GET /v3/merchant/fund/balance/{account_type}`.
pub(super) fn own(call: &mut Call<'_>, account: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let account = own_account(account)?;
    Ok(present(call, None, account))
}

/// Handles `GET /v3/merchant/fund/dayendbalance/{account_type}`.
pub(super) fn own_at_day_end(call: &mut Call<'_>, account: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let account = own_account(account)?;
    at_day_end(call, None, account, &parameters)
}

fn present(call: &Call<'_>, sub_mchid: Option<&str>, account: Account) -> Answer {
    let (world, owner) = (
        &call.gateway.world,
        sub_mchid.unwrap_or(call.merchant.mchid.as_str()),
    );
    let available = withdrawals::available(world, owner, account);
    answer(
        sub_mchid,
        account,
        available,
        withdrawals::frozen(world, owner, account),
    )
}

fn at_day_end(
    call: &Call<'_>,
    sub_mchid: Option<&str>,
    account: Account,
    parameters: &Parameters,
) -> Result<Answer, Refusal> {
    let day = day(call, parameters)?;
    let owner = sub_mchid.unwrap_or(call.merchant.mchid.as_str());
    let ledger = &call.gateway.world.funds.ledger;
    Ok(answer(
        sub_mchid,
        account,
        ledger.balance_after(owner, account, day),
        0,
    ))
}

fn permitted(call: &Call<'_>, sub_mchid: &str) -> Result<(), Refusal> {
    parties::platform(call.merchant)?;
    parties::known_sub(call.merchant, sub_mchid).map(|_| ())
}

fn account_of(parameters: &Parameters, names: &'static [&'static str]) -> Result<Account, Refusal> {
    let name = parameters.one_of("account_type", names)?;
    Ok(name.and_then(Account::from_name).unwrap_or(Account::Basic))
}

fn own_account(name: &str) -> Result<Account, Refusal> {
    Account::from_name(name)
        .filter(|account| *account != Account::Deposit)
        .ok_or_else(|| {
            Refusal::new(codes::PARAMETER)
                .issue(Location::Path, "account_type", json!(name), Issue::Unlisted)
                .hint(FundHint::NoAccount)
        })
}

/// A day that is over, and whose balances are counted.
fn day(call: &Call<'_>, parameters: &Parameters) -> Result<Day, Refusal> {
    let text = parameters.need("date");
    let day: Day = text.parse().map_err(|_| {
        Refusal::new(codes::PARAMETER)
            .field(Location::Query, "date", json!(text), Conflict::NoDate)
            .hint(FundHint::NoDate)
    })?;
    let today = Day::of(call.now());
    let is_counted = call.now() >= day.next().at(10, 0);
    if day < today && is_counted && day >= today.days_ago(DAYS) {
        return Ok(day);
    }
    Err(Refusal::new(codes::INVALID_REQUEST)
        .field(Location::Query, "date", json!(text), Conflict::NoBalance)
        .hint(FundHint::NoBalance))
}

fn answer(sub_mchid: Option<&str>, account: Account, available: i64, pending: i64) -> Answer {
    let mut json = json!({ "available_amount": available, "pending_amount": pending });
    if let (Some(object), Some(sub_mchid)) = (json.as_object_mut(), sub_mchid) {
        object.insert("sub_mchid".to_owned(), json!(sub_mchid));
        object.insert("account_type".to_owned(), json!(account.as_str()));
    }
    Answer::Json(json.to_string().into())
}
