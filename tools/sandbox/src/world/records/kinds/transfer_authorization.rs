//! Authorisations of platforms to transfer from a sub-merchant (二级商户商家转账授权).
//!
//! No page lists the states: their names are ours.

use serde_json::{Value, json};

use crate::world::{
    clock::rfc3339,
    records::{
        machine::{Machine, Step, next},
        state::Record,
    },
};

pub(crate) const ACCEPTED: &str = "ACCEPTED";
pub(crate) const AUTHORIZED: &str = "AUTHORIZED";

const STEPS: &[Step] = &[next(ACCEPTED, AUTHORIZED)];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).times(&[(AUTHORIZED, "authorize_time")]);

/// An authorisation as its request and queries tell it.
pub(crate) fn view(authorization: &Record) -> Value {
    let mut json = json!({
        "sub_mchid": authorization.key.number,
        "authorization_state": authorization.state,
        "accept_time": rfc3339(authorization.created_at),
    });
    if let Some(json) = json.as_object_mut() {
        json.extend(authorization.members(&["authorize_time"]));
    }
    json
}
