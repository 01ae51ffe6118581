//! Persons who receive money on a platform (个人收款方): contracts and settlements.
//!
//! Their orders are [combined orders](super::combine).

mod contracts;
pub(super) mod hints;
mod settle;

use super::endpoint::{Endpoint, Family, Respond};
use crate::gateway::validate::Field;

pub(super) static FAMILY: Family = Family::new(&[
    prepare(
        "/v3/ecommerce/individual-contracts/pre-entrust-sign/mini-program",
        &[contracts::PREPARE, contracts::PERSON],
        |call, _| contracts::prepare(call),
    ),
    prepare(
        "/v3/ecommerce/individual-contracts/pre-entrust-sign/app",
        &[contracts::PREPARE],
        |call, _| contracts::prepare(call),
    ),
    prepare(
        "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
        &[contracts::PREPARE, contracts::PERSON, contracts::IDENTITY],
        |call, _| contracts::prepare_verified(call),
    ),
    prepare(
        "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/app",
        &[contracts::PREPARE, contracts::IDENTITY],
        |call, _| contracts::prepare_verified(call),
    ),
    Endpoint::get(
        "/v3/ecommerce/individual-contracts/{openid}",
        ("Query the authorisation of a person", "查询个人收款方授权结果"),
        |call, path| contracts::of_person(call, path.get("openid")),
    )
    .query(&["appid", "permission_type"], &[]),
    Endpoint::get(
        "/v3/ecommerce/individual-contracts/out-contract-code/{out_contract_code}",
        ("Query a contract with a person", "根据业务申请单号查签约信息"),
        |call, path| contracts::query(call, path.get("out_contract_code")),
    )
    .query(&["appid"], &[]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/settle/prepay-settle-orders",
        ("Settle orders to a person", "个人收款-申请批量结算"),
        |call, _| settle::settle(call),
    )
    .body(&[settle::SETTLE]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}",
        ("Query a batch of settlements", "个人收款-查询批量结算信息"),
        |call, path| settle::query(call, path.get("settle_batch_no")),
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/settle/prepay-settle-orders/{settle_batch_no}/apply-abnormal-settle",
        (
            "Instruct where the money of an abnormal batch goes",
            "个人收款-申请异常结算批次单处理",
        ),
        |call, path| settle::apply_abnormal(call, path.get("settle_batch_no")),
    )
    .body(&[settle::APPLY_ABNORMAL]),
])
.for_platforms();

const fn prepare(path: &'static str, body: &'static [&'static [Field]], respond: Respond) -> Endpoint {
    Endpoint::post(
        path,
        ("Prepare a contract with a person", "个人收款方预签约"),
        respond,
    )
    .body(body)
}
