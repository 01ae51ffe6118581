//! Employees who may recharge a sub-merchant with a code (可扫码充值员工).

use serde_json::{Value, json};

use crate::world::{
    clock::rfc3339,
    records::{
        machine::{Machine, Step, step},
        state::Record,
    },
};

pub(crate) const EFFECTIVE: &str = "EFFECTIVE";
pub(crate) const DELETED: &str = "DELETED";

/// Who was deleted may come back.
const STEPS: &[Step] = &[step(EFFECTIVE, DELETED), step(DELETED, EFFECTIVE)];

pub(crate) const MACHINE: Machine = Machine::new(STEPS);

/// An employee as the platform sees one.
pub(crate) fn view(employee: &Record) -> Value {
    let mut json = employee.members(&["sub_mchid", "sp_openid"]);
    for (name, value) in [
        ("state", json!(employee.state)),
        ("create_time", json!(rfc3339(employee.created_at))),
        ("update_time", json!(rfc3339(employee.updated_at))),
    ] {
        json.insert(name.to_owned(), value);
    }
    Value::Object(json)
}
