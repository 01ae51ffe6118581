//! Contracts by which a platform deducts combined orders (电商合单委托代扣协议).

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    orders::buyer::Buyer,
    records::{
        machine::{Machine, Notice, Step, next, step},
        state::Record,
    },
};

/// The user has not signed yet: a name of ours, which nobody is told.
pub(crate) const PREPARED: &str = "PREPARED";
pub(crate) const SIGNED: &str = "SIGNED";
pub(crate) const TERMINATED: &str = "TERMINATED";

/// Life of a contract in seconds: a year.
///
/// No page says how long it is.
const LIFE: i64 = 365 * 24 * 3600;

const STEPS: &[Step] = &[next(PREPARED, SIGNED), step(SIGNED, TERMINATED)];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(SIGNED, SIGNED_TIME), (TERMINATED, TERMINATED_TIME)])
    .notice(notice);

const SIGNED_TIME: &str = "contract_signed_time";
const TERMINATED_TIME: &str = "contract_terminated_time";

/// The user who signed: the one whose openid was set by hand, or Alice.
pub(crate) fn payer(contract: &Record) -> Buyer {
    let appid = contract.text("/appid").unwrap_or_default();
    let openid = contract.text("/openid");
    let mut buyers = Buyer::ALL.into_iter();
    let known = buyers.find(|buyer| openid.as_deref() == Some(&*buyer.openid(&appid)));
    known.unwrap_or(Buyer::Alice)
}

fn openid(contract: &Record) -> String {
    let appid = contract.text("/appid").unwrap_or_default();
    let openid = contract.text("/openid");
    openid.unwrap_or_else(|| Buyer::Alice.openid(&appid))
}

fn notice(_: &World, contract: &Record) -> Option<Notice> {
    let (event_type, summary) = match contract.state.as_str() {
        SIGNED => ("ECOMMERCE_ENTRUST.SIGN", "委托代扣签约成功"),
        TERMINATED => ("ECOMMERCE_ENTRUST.TERMINATE", "委托代扣解约成功"),
        _ => return None,
    };
    let mut resource = contract.members(&["appid", "plan_id", "out_contract_code", "attach"]);
    for (name, value) in [
        ("mchid", json!(contract.key.mchid)),
        ("contract_id", json!(contract.id)),
        ("openid", json!(openid(contract))),
        ("operate_time", json!(rfc3339(contract.updated_at))),
    ] {
        resource.insert(name.to_owned(), value);
    }
    match contract.state.as_str() {
        SIGNED => resource.insert("contract_expired_time".to_owned(), json!(expiry(contract))),
        _ => resource.insert("contract_termination_mode".to_owned(), json!(mode(contract))),
    };
    Some(Notice {
        event_type,
        original_type: "ecommerce_entrust",
        summary,
        notify_url: contract.text("/notify_url")?,
        resource: Value::Object(resource),
    })
}

fn expiry(contract: &Record) -> String {
    rfc3339(contract.created_at.saturating_add(LIFE))
}

/// Who ended it: the platform by a call, or else the user.
fn mode(contract: &Record) -> &'static str {
    if contract.text("/contract_termination_remark").is_some() {
        "MCH_API_TERMINATE"
    } else {
        "USER_TERMINATE"
    }
}

/// A contract as the query tells it.
pub(crate) fn view(contract: &Record) -> Map<String, Value> {
    let mut json = contract.members(&[
        "appid",
        "plan_id",
        "out_contract_code",
        "contract_display_account",
        SIGNED_TIME,
    ]);
    for (name, value) in [
        ("mchid", json!(contract.key.mchid)),
        ("contract_id", json!(contract.id)),
        ("contract_state", json!(contract.state)),
        ("openid", json!(openid(contract))),
        ("contract_expired_time", json!(expiry(contract))),
    ] {
        json.insert(name.to_owned(), value);
    }
    if contract.state == TERMINATED {
        let remark = contract.text("/contract_termination_remark");
        json.insert(
            "contract_terminate_info".to_owned(),
            json!({
                "contract_termination_mode": mode(contract),
                "contract_terminated_time": contract.text(&format!("/{TERMINATED_TIME}")),
                "contract_termination_remark": remark.unwrap_or_else(|| "用户解约".to_owned()),
            }),
        );
    }
    json
}
