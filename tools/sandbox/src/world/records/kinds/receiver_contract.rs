//! Contracts with persons who receive money on a platform (个人收款方).
//!
//! The authorisation id of the person is the platform's number of the contract.

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    records::{
        machine::{Machine, Step, next, step},
        state::{Record, RecordKind},
    },
};

/// The person has not signed yet: a name of ours, which nobody is told.
pub(crate) const PREPARED: &str = "PREPARED";
pub(crate) const AUTHORIZED: &str = "AUTHORIZED";
const UNAUTHORIZED: &str = "UNAUTHORIZED";

/// Life of an access to the verified name, in seconds.
///
/// No page says how long it is.
const ACCESS_SECONDS: i64 = 7_200;

const STEPS: &[Step] = &[
    next(PREPARED, AUTHORIZED),
    step(PREPARED, UNAUTHORIZED),
    step(AUTHORIZED, UNAUTHORIZED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).times(&[(AUTHORIZED, "signed_time")]);

/// The contract behind an authorisation id of this merchant, whatever its state.
pub(crate) fn of(world: &World, mchid: &str, auth_id: &str) -> Option<Record> {
    let contract = world.records.get_by_id(RecordKind::ReceiverContract, auth_id)?;
    (contract.key.mchid == mchid).then_some(contract)
}

/// A contract as the query by its number tells it.
pub(crate) fn view(contract: &Record) -> Value {
    let mut json = authorization(contract);
    if json.contains_key("individual_auth_id") {
        json.extend(contract.members(&["individual_openid", "signed_time"]));
    }
    if contract.state == AUTHORIZED
        && let Some(token) = contract.text("/access_token")
    {
        let end = contract.updated_at.saturating_add(ACCESS_SECONDS);
        json.insert(
            "real_name_auth_result".to_owned(),
            json!({
                "scope": "pay_realname",
                "access_token": token,
                "access_token_expire_time": rfc3339(end),
            }),
        );
    }
    Value::Object(json)
}

/// The state of a contract, with the authorisation id if the person ever signed.
pub(crate) fn authorization(contract: &Record) -> Map<String, Value> {
    let state = match contract.state.as_str() {
        AUTHORIZED => AUTHORIZED,
        _ => UNAUTHORIZED,
    };
    let mut json = Map::new();
    json.insert("auth_state".to_owned(), json!(state));
    if contract.text("/signed_time").is_some() {
        json.insert("individual_auth_id".to_owned(), json!(contract.id));
    }
    json
}
