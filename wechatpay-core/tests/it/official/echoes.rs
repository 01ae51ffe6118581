//! Echoes: members that each response must repeat.
//!
//! `cargo test … --test it official::echoes -- --nocapture` prints the table.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wechatpay_core::{
    api::{Endpoint, funds, profit_sharing},
    types::{Fen, Sensitive},
};

use super::{operations, responses::OTHERS};
use crate::support::{
    json::changed,
    requests::RequestVisitor,
    table::{Operation, Which, document, places},
};

/// Echoed members of one endpoint.
struct Echo {
    method: &'static str,
    template: &'static str,
    /// Members that are compared and required.
    must: &'static [&'static str],
    /// Members that are compared if present.
    may: &'static [&'static str],
}

const fn get(template: &'static str, must: &'static [&'static str], may: &'static [&'static str]) -> Echo {
    Echo {
        method: "GET",
        template,
        must,
        may,
    }
}

const fn post(template: &'static str, must: &'static [&'static str], may: &'static [&'static str]) -> Echo {
    Echo {
        method: "POST",
        template,
        must,
        may,
    }
}

/// Every typed endpoint; members missing from a request are not compared.
#[rustfmt::skip]
const ECHOES: &[Echo] = &[
    // Orders.
    post("/v3/pay/transactions/app", &[], &[]),
    post("/v3/pay/transactions/app-with-contract", &[], &[]),
    post("/v3/pay/transactions/h5", &[], &[]),
    post("/v3/pay/transactions/jsapi", &[], &[]),
    post("/v3/pay/transactions/jsapi-with-contract", &[], &[]),
    post("/v3/pay/transactions/native", &[], &[]),
    get("/v3/pay/transactions/out-trade-no/{out_trade_no}", &["out_trade_no", "mchid"], &[]),
    get("/v3/pay/transactions/id/{transaction_id}", &["transaction_id", "mchid"], &[]),
    post("/v3/pay/transactions/out-trade-no/{out_trade_no}/close", &[], &[]),
    post("/v3/pay/partner/transactions/app", &[], &[]),
    post("/v3/pay/partner/transactions/app-with-contract", &[], &[]),
    post("/v3/pay/partner/transactions/h5", &[], &[]),
    post("/v3/pay/partner/transactions/jsapi", &[], &[]),
    post("/v3/pay/partner/transactions/jsapi-with-contract", &[], &[]),
    post("/v3/pay/partner/transactions/native", &[], &[]),
    get("/v3/pay/partner/transactions/out-trade-no/{out_trade_no}", &["out_trade_no", "sp_mchid", "sub_mchid"], &[]),
    get("/v3/pay/partner/transactions/id/{transaction_id}", &["transaction_id", "sp_mchid", "sub_mchid"], &[]),
    post("/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close", &[], &[]),
    // Combined orders.
    post("/v3/combine-transactions/app", &[], &[]),
    post("/v3/combine-transactions/h5", &[], &[]),
    post("/v3/combine-transactions/jsapi", &[], &[]),
    post("/v3/combine-transactions/miniprogram", &[], &[]),
    post("/v3/combine-transactions/native", &[], &[]),
    get("/v3/combine-transactions/out-trade-no/{combine_out_trade_no}", &["combine_out_trade_no"], &[]),
    get("/v3/combine-transactions/id/{combine_transaction_id}", &["combine_transaction_id"], &[]),
    post("/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close", &[], &[]),
    // Refunds.
    post("/v3/refund/domestic/refunds", &["out_refund_no", "transaction_id", "out_trade_no", "amount.refund"], &[]),
    get("/v3/refund/domestic/refunds/{out_refund_no}", &["out_refund_no"], &[]),
    post("/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund", &["refund_id", "out_refund_no"], &[]),
    post("/v3/ecommerce/refunds/apply", &["out_refund_no", "amount.refund"], &[]),
    get("/v3/ecommerce/refunds/id/{refund_id}", &["refund_id"], &[]),
    get("/v3/ecommerce/refunds/out-refund-no/{out_refund_no}", &["out_refund_no"], &[]),
    post("/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund", &["refund_id", "out_refund_no"], &[]),
    post("/v3/ecommerce/refunds/{refund_id}/return-advance", &["refund_id"], &[]),
    get("/v3/ecommerce/refunds/{refund_id}/return-advance", &["refund_id"], &[]),
    // Profit sharing.
    post("/v3/profitsharing/orders", &["transaction_id", "out_order_no"], &["sub_mchid"]),
    get("/v3/profitsharing/orders/{out_order_no}", &["out_order_no", "transaction_id"], &["sub_mchid"]),
    post("/v3/profitsharing/orders/unfreeze", &["transaction_id", "out_order_no"], &["sub_mchid"]),
    post("/v3/profitsharing/return-orders", &["out_return_no", "return_mchid"], &["sub_mchid", "amount", "order_id", "out_order_no"]),
    get("/v3/profitsharing/return-orders/{out_return_no}", &["out_return_no"], &["out_order_no", "sub_mchid"]),
    get("/v3/profitsharing/transactions/{transaction_id}/amounts", &["transaction_id"], &[]),
    get("/v3/profitsharing/merchant-configs/{sub_mchid}", &[], &["sub_mchid"]),
    post("/v3/profitsharing/receivers/add", &["type", "account"], &["sub_mchid"]),
    post("/v3/profitsharing/receivers/delete", &["type", "account"], &["sub_mchid"]),
    post("/v3/ecommerce/profitsharing/orders", &["sub_mchid", "transaction_id", "out_order_no"], &[]),
    get("/v3/ecommerce/profitsharing/orders", &["sub_mchid", "transaction_id", "out_order_no"], &[]),
    post("/v3/ecommerce/profitsharing/finish-order", &[], &["sub_mchid", "transaction_id", "out_order_no"]),
    get("/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts", &["transaction_id"], &[]),
    post("/v3/ecommerce/profitsharing/returnorders", &["sub_mchid", "out_return_no", "return_mchid"], &["amount", "order_id", "out_order_no"]),
    get("/v3/ecommerce/profitsharing/returnorders", &["sub_mchid", "out_return_no"], &["order_id", "out_order_no"]),
    post("/v3/ecommerce/profitsharing/receivers/add", &[], &["type", "account"]),
    post("/v3/ecommerce/profitsharing/receivers/delete", &[], &["type", "account"]),
    post("/v3/ecommerce/profitsharing/after-sales-orders", &["sub_mchid", "transaction_id"], &["amount"]),
    get("/v3/ecommerce/profitsharing/after-sales-orders", &["sub_mchid"], &[]),
    // Subsidies.
    post("/v3/ecommerce/subsidies/create", &["sub_mchid", "transaction_id"], &["amount", "out_subsidy_no"]),
    post("/v3/ecommerce/subsidies/return", &["sub_mchid", "out_order_no", "transaction_id"], &["amount", "refund_id", "subsidy_id"]),
    post("/v3/ecommerce/subsidies/cancel", &["sub_mchid", "transaction_id"], &[]),
    // Balances and withdrawals.
    get("/v3/ecommerce/fund/balance/{sub_mchid}", &["sub_mchid"], &["account_type"]),
    get("/v3/ecommerce/fund/enddaybalance/{sub_mchid}", &["sub_mchid"], &["account_type"]),
    get("/v3/merchant/fund/balance/{account_type}", &[], &[]),
    get("/v3/merchant/fund/dayendbalance/{account_type}", &[], &[]),
    post("/v3/ecommerce/fund/withdraw", &["sub_mchid", "out_request_no"], &[]),
    post("/v3/merchant/fund/withdraw", &[], &["out_request_no"]),
    get("/v3/ecommerce/fund/withdraw/out-request-no/{out_request_no}", &["out_request_no"], &["sub_mchid"]),
    get("/v3/ecommerce/fund/withdraw/{withdraw_id}", &["withdraw_id"], &["sub_mchid"]),
    get("/v3/merchant/fund/withdraw/out-request-no/{out_request_no}", &["out_request_no"], &[]),
    get("/v3/merchant/fund/withdraw/withdraw-id/{withdraw_id}", &["withdraw_id"], &[]),
    post("/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw", &["out_request_no"], &["sub_mchid"]),
    get("/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{out_request_no}", &["out_request_no"], &["sub_mchid"]),
    // Bills and certificates: they repeat nothing.
    get("/v3/bill/tradebill", &[], &[]),
    get("/v3/bill/fundflowbill", &[], &[]),
    get("/v3/profitsharing/bills", &[], &[]),
    get("/v3/merchant/fund/withdraw/bill-type/{bill_type}", &[], &[]),
    get("/v3/bill/sub-merchant-fundflowbill", &[], &[]),
    get("/v3/ecommerce/bill/fundflowbill", &[], &[]),
    get("/v3/certificates", &[], &[]),
    // Onboarding and settlement.
    post("/v3/ecommerce/applyments/", &["out_request_no"], &[]),
    post("/v3/ecommerce/applyments/submit-account-hosting-applyment", &["out_request_no"], &[]),
    post("/v3/ecommerce/applyments/submit-sign-verify-info", &["applyment_id"], &[]),
    get("/v3/ecommerce/applyments/{applyment_id}", &["applyment_id"], &[]),
    get("/v3/ecommerce/applyments/out-request-no/{out_request_no}", &["out_request_no"], &[]),
    post("/v3/ecommerce/applyments/{applyment_id}/revoke", &["applyment_id"], &[]),
    post("/v3/ecommerce/applyments/out-request-no/{out_request_no}/revoke", &["out_request_no"], &[]),
    post("/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement", &[], &[]),
    get("/v3/apply4sub/sub_merchants/{sub_mchid}/settlement", &[], &[]),
    get("/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}", &[], &[]),
    // The self-test.
    post("/v3/security/echo", &["echo_message"], &[]),
];

/// Returns the value of a member in body, path or query of a request.
fn sent_value<E: Endpoint>(request: &E, member: &str) -> Option<Value> {
    if let Some(body) = request.body() {
        let body = serde_json::to_value(&body).unwrap();
        let found = member.split('.').try_fold(&body, |value, key| value.get(key));
        if let Some(found) = found {
            return Some(found.clone());
        }
    }
    let path = request.path();
    let (path, query) = path.as_str().split_once('?').unwrap_or((path.as_str(), ""));
    let placeholder = format!("{{{member}}}");
    let segment = E::TEMPLATE
        .split('/')
        .zip(path.split('/'))
        .find_map(|(template, segment)| (template == placeholder).then_some(segment));
    let parameter = || {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(member)?.strip_prefix('='))
    };
    segment.or_else(parameter).map(|text| json!(text))
}

/// Compares the table with each request.
struct Checked {
    operations: Vec<Operation>,
    endpoints: BTreeSet<(&'static str, &'static str)>,
    compared: BTreeSet<(&'static str, &'static str, &'static str)>,
}

impl RequestVisitor for Checked {
    fn visit<E: Endpoint + 'static>(&mut self, mut request: E) {
        let name = format!("{} {}", E::METHOD, E::TEMPLATE);
        request
            .visit_sensitive(&mut |field| {
                *field = Sensitive::cipher("YWJj");
                Ok(())
            })
            .unwrap();
        let echo = ECHOES
            .iter()
            .find(|echo| echo.method == E::METHOD.as_str() && echo.template == E::TEMPLATE)
            .unwrap_or_else(|| panic!("{name} is not in the table of echoes"));
        let operation = self
            .operations
            .iter()
            .find(|operation| operation.method == E::METHOD.as_str() && operation.path == E::TEMPLATE)
            .unwrap_or_else(|| panic!("{name} is not in the official table"));
        self.endpoints.insert((echo.method, echo.template));
        if operation.response.is_empty() {
            assert!(
                echo.must.is_empty() && echo.may.is_empty(),
                "{name} has no response"
            );
            return;
        }

        // A response that repeats all that the request says.
        let listed = || echo.must.iter().chain(echo.may).copied();
        let full = document(&operation.response, Which::All);
        let full = listed().fold(full, |full, member| match sent_value(&request, member) {
            Some(value) => changed(&full, member, Some(value)),
            None => full,
        });
        let mismatch = |response: &Value| match serde_json::from_value::<E::Response>(response.clone()) {
            Ok(response) => Ok(request.check_echo(&response).err().map(|error| error.field())),
            Err(_) => Err("unreadable"),
        };
        assert_eq!(mismatch(&full), Ok(None), "{name}");

        let documented: Vec<String> = places(&operation.response)
            .into_iter()
            .map(|place| place.path)
            .collect();
        let added = listed().filter(|member| documented.iter().all(|path| path != member));
        for path in documented.iter().map(String::as_str).chain(added) {
            let other = match path.split('.').try_fold(&full, |value, key| match value {
                Value::Array(entries) => entries.first()?.get(key),
                value => value.get(key),
            }) {
                Some(Value::String(_)) => json!("1987654321"),
                Some(Value::Number(_)) => json!(987_654_321),
                _ => continue,
            };
            let swapped = mismatch(&changed(&full, path, Some(other)));
            let missing = mismatch(&changed(&full, path, None));
            let Some(member) =
                listed().find(|member| *member == path && sent_value(&request, member).is_some())
            else {
                assert!(matches!(swapped, Ok(None) | Err(_)), "{name}: {path} is compared");
                continue;
            };
            self.compared.insert((echo.method, echo.template, member));
            assert_eq!(swapped, Ok(Some(member)), "{name}: another {member}");
            if echo.must.contains(&member) {
                assert!(
                    missing == Ok(Some(member)) || missing == Err("unreadable"),
                    "{name}: without {member}: {missing:?}"
                );
            } else {
                assert_eq!(missing, Ok(None), "{name}: without {member}");
            }
        }
    }
}

/// Checks requests without the optional members that a response would repeat.
fn sparse(checked: &mut Checked) {
    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
        text.parse().unwrap()
    }
    let receiver = || {
        profit_sharing::Receiver::new(
            profit_sharing::ReceiverType::MerchantId,
            "1900000109",
            Fen::from(1),
            "x",
        )
    };
    checked.visit(profit_sharing::Share::new(
        id("42"),
        id("S1"),
        vec![receiver()],
        true,
    ));
    checked.visit(profit_sharing::QueryShare::new(id("S1"), id("42")));
    checked.visit(profit_sharing::Unfreeze::new(id("42"), id("S1"), "x"));
    checked.visit(profit_sharing::QueryReturn::new(id("R1"), id("S1")));
    checked.visit(profit_sharing::ecommerce::QueryReturn::new(
        id("1900000109"),
        id("R1"),
    ));
    checked.visit(profit_sharing::ecommerce::QueryAfterSalesOrder::new(id(
        "1900000109",
    )));
    checked.visit(funds::QuerySubBalance::new(id("1900000109")));
    checked.visit(funds::QuerySubDayEndBalance::new(
        id("1900000109"),
        id("2024-01-31"),
    ));
}

#[test]
fn a_response_to_another_request_is_detected_at_every_endpoint() {
    let mut checked = Checked {
        operations: operations(),
        endpoints: BTreeSet::new(),
        compared: BTreeSet::new(),
    };
    checked.visit_all();
    sparse(&mut checked);

    for operation in &checked.operations {
        let name = (operation.method.as_str(), operation.path.as_str());
        let without_type = OTHERS.iter().any(|(method, path, _)| (*method, *path) == name);
        assert!(
            checked.endpoints.contains(&name) || without_type,
            "{} {} is not compared",
            name.0,
            name.1
        );
    }
    for Echo {
        method,
        template,
        must,
        may,
    } in ECHOES
    {
        assert!(
            checked.endpoints.contains(&(method, template)),
            "{method} {template} is no endpoint"
        );
        for member in must.iter().chain(*may) {
            assert!(
                checked.compared.contains(&(method, template, member)),
                "{method} {template}: {member} is never compared"
            );
        }
        println!("{method:4} {template}: must repeat {must:?}, may leave out {may:?}");
    }
    println!(
        "{} endpoints, {} members",
        checked.endpoints.len(),
        checked.compared.len()
    );
}
