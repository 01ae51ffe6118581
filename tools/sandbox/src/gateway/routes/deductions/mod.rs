//! Deduction of combined orders by contract (电商合单委托代扣).

mod contracts;
mod fields;
mod hints;
mod orders;

use super::endpoint::{Endpoint, Family};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign",
        ("Prepare a contract in an app", "APP方式预签约"),
        |call, _| contracts::prepare(call),
    )
    .body(&[fields::CONTRACT, fields::FROM_APP]),
    Endpoint::post(
        "/v3/ecommerce/combine-papay/contracts/pre-entrust-sign/mini-program",
        ("Prepare a contract in a mini program", "小程序方式预签约"),
        |call, _| contracts::prepare(call),
    )
    .body(&[fields::CONTRACT]),
    Endpoint::get(
        "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}",
        ("Query a contract of deduction", "通过商户协议号查询协议"),
        |call, path| contracts::query(call, path.get("plan_id"), path.get("out_contract_code")),
    ),
    Endpoint::post(
        "/v3/ecommerce/combine-papay/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}/terminate",
        ("End a contract of deduction", "商户协议号解约协议"),
        |call, path| contracts::terminate(call, path.get("plan_id"), path.get("out_contract_code")),
    )
    .body(&[fields::TERMINATE]),
    Endpoint::post(
        "/v3/ecommerce/combine-papay/transactions",
        ("Deduct a combined order", "电商合单委托代扣支付"),
        |call, _| orders::deduct(call),
    )
    .body(&[fields::DEDUCT]),
    Endpoint::get(
        "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}",
        ("Query a deducted order", "电商合单委托代扣查询订单"),
        |call, path| orders::query(call, path.get("combine_out_trade_no")),
    ),
    Endpoint::post(
        "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}/reverse",
        ("Reverse a deducted order", "电商合单委托代扣撤销订单"),
        |call, path| orders::reverse(call, path.get("combine_out_trade_no")),
    )
    .body(&[fields::REVERSE]),
])
.for_platforms();
