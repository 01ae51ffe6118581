//! Deposits, claims and compensation (保证金、理赔、赔付).

mod compensate;
mod contract;
mod fields;
mod hints;
mod way;

use super::endpoint::{Endpoint, Family, PathValues};
use crate::gateway::{Answer, Refusal, call::Call};
use compensate::{Name, cancel, pay, prepare, query};
use way::{AFTER_SALES, CLAIM, DEDUCTION, FREIGHT, PLATFORM, PREMIUM, TO_MERCHANT, Way};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/compensate-bills",
        ("Compensate a payer", "请求赔付"),
        |call, _| pay(call, &PLATFORM),
    )
    .body(&[
        fields::BILL,
        fields::PAYER,
        fields::ORDER,
        fields::SPONSOR,
        fields::SCENE,
    ]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/pre-transfer",
        ("Lock a compensation", "请求赔付预下单"),
        |call, _| prepare(call, &PLATFORM),
    )
    .body(&[
        fields::BILL,
        fields::PAYER,
        fields::ORDER,
        fields::SPONSOR,
        fields::SCENE,
        fields::APP,
        fields::NOTIFY,
    ]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}/cancel",
        ("Cancel a compensation", "请求撤销赔付"),
        |call, path| cancel(call, &PLATFORM, path.get("out_bill_no"), None),
    ),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/out-bill-no/{out_bill_no}",
        QUERY,
        |call, path| by_number(call, path, &PLATFORM),
    ),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/compensate-bills/bill-id/{bill_id}",
        QUERY,
        |call, path| by_id(call, path, &PLATFORM),
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills",
        ("Compensate a sub-merchant", "赔付商家"),
        |call, _| pay(call, &TO_MERCHANT),
    )
    .body(&[fields::BILL, fields::COMPENSATED_MERCHANT, fields::SPONSOR]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/sub-mch-compensation-bills/{out_bill_no}",
        ("Query the compensation of a sub-merchant", "查询赔付商家的结果"),
        |call, path| by_number(call, path, &TO_MERCHANT),
    )
    .query(&[], &["sponsor_mchid"]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/transfer-bills",
        ("Deduct a deposit", "保证金赔付"),
        |call, _| pay(call, &DEDUCTION),
    )
    .body(&[
        fields::BILL,
        fields::PAYER_OR_MERCHANT,
        fields::DEDUCTION,
        fields::SUB_MERCHANT,
        fields::APP,
    ]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}",
        ("Query a deduction", "查询保证金赔付结果"),
        |call, path| by_number(call, path, &DEDUCTION),
    )
    .query(&[], &["business_type"]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/transfer-bills/bill-id/{bill_id}",
        ("Query a deduction", "查询保证金赔付结果"),
        |call, path| by_id(call, path, &DEDUCTION),
    )
    .query(&[], &["business_type"]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills",
        ("Compensate a payer from a deposit", "请求保证金售后赔付"),
        |call, _| pay(call, &AFTER_SALES),
    )
    .body(&[
        fields::BILL,
        fields::PAYER_OR_MERCHANT,
        fields::ORDER,
        fields::USER,
        fields::SUB_MERCHANT,
        fields::APP,
        fields::SUB_APP,
        fields::SCENE,
    ]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/out-bill-no/{out_bill_no}",
        ("Query a compensation from a deposit", "查询保证金售后赔付结果"),
        |call, path| by_number(call, path, &AFTER_SALES),
    )
    .query(&[], &["sub_mchid"]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-after-sales-compensation-bills/bill-id/{bill_id}",
        ("Query a compensation from a deposit", "查询保证金售后赔付结果"),
        |call, path| by_id(call, path, &AFTER_SALES),
    )
    .query(&[], &["sub_mchid"]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills",
        ("Compensate freight from a deposit", "发起保证金赔付用户运费"),
        |call, _| pay(call, &FREIGHT),
    )
    .body(&[
        fields::BILL,
        fields::ORDER,
        fields::USER,
        fields::SUB_MERCHANT,
        fields::APP,
        fields::SCENE,
    ]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-shipping-cost-compensation-bills/out-bill-no/{out_bill_no}",
        ("Query a compensation of freight", "查询保证金售后赔付运费结果"),
        |call, path| by_number(call, path, &FREIGHT),
    )
    .query(&[], &["sub_mchid"]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills",
        ("Pay a premium from a deposit", "发起保证金赔付保司保费"),
        |call, _| pay(call, &PREMIUM),
    )
    .body(&[fields::BILL, fields::INSURER, fields::SUB_MERCHANT, fields::APP]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/deposit-insurance-premiums-compensation-bills/{out_bill_no}",
        ("Query the payment of a premium", "查询保证金赔付保司保费结果"),
        |call, path| by_number(call, path, &PREMIUM),
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/insurance-compensation-contracts",
        ("Open claims for an insurer", "开通保险理赔功能"),
        |call, _| contract::open(call),
    )
    .body(&[fields::CONTRACT]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/insurance-compensation-contracts/sub-mchid/{sub_mchid}/check-opened",
        ("Query whether claims are open", "查询保险理赔功能开通状态"),
        |call, path| contract::check(call, path.get("sub_mchid")),
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills",
        ("Pay a claim", "请求保险理赔"),
        |call, _| pay(call, &CLAIM),
    )
    .body(&[
        fields::BILL,
        fields::PAYER_OR_MERCHANT,
        fields::ORDER,
        fields::SUB_MERCHANT,
    ]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/pre-transfer",
        ("Lock a claim", "请求保险理赔预下单"),
        |call, _| prepare(call, &CLAIM),
    )
    .body(&[
        fields::BILL,
        fields::PAYER_OR_MERCHANT,
        fields::ORDER,
        fields::SUB_MERCHANT,
        fields::NOTIFY,
    ]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}/cancel",
        ("Cancel a claim", "请求撤销保险理赔"),
        |call, path| {
            let body = call.body()?;
            cancel(call, &CLAIM, path.get("out_bill_no"), body.text("/sub_mchid"))
        },
    )
    .body(&[fields::SUB_MERCHANT]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/out-bill-no/{out_bill_no}",
        ("Query a claim", "查询保险理赔结果"),
        |call, path| by_number(call, path, &CLAIM),
    )
    .query(&[], &["sub_mchid"]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/mch-transfer/insurance-claim-bills/bill-id/{bill_id}",
        ("Query a claim", "查询保险理赔结果"),
        |call, path| by_id(call, path, &CLAIM),
    )
    .query(&[], &["sub_mchid"]),
])
.for_platforms();

const QUERY: (&str, &str) = ("Query a compensation", "查询赔付结果");

fn by_number(call: &Call<'_>, path: &PathValues, way: &Way) -> Result<Answer, Refusal> {
    query(call, way, &Name::ByNumber(path.get("out_bill_no")))
}

fn by_id(call: &Call<'_>, path: &PathValues, way: &Way) -> Result<Answer, Refusal> {
    query(call, way, &Name::ById(path.get("bill_id")))
}
