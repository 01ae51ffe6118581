//! Profit sharing: the family of e-commerce platforms and the ordinary one.
//!
//! Both do the same with different field names.

mod amounts;
pub(super) mod bill;
mod fields;
mod finish;
mod hints;
mod named;
mod query;
mod receivers;
mod returns;
mod share;

use serde_json::Value;

use super::endpoint::{Endpoint, Family};
use crate::gateway::{Received, Refusal, codes};
use crate::world::sharing::state::ShareFamily;
use hints::SharingHint;

/// Of e-commerce platforms.
pub(super) static ECOMMERCE: Family = Family {
    check: |call, _| {
        if call.merchant.is_platform() {
            Ok(())
        } else {
            Err(Refusal::new(codes::NO_SHARING).hint(SharingHint::PlatformsOnly))
        }
    },
    ..Family::new(&[
        Endpoint::post("/v3/ecommerce/profitsharing/receivers/add", ADD, |call, _| {
            receivers::add(call, ShareFamily::Ecommerce)
        })
        .body(&[fields::ADD_ECOMMERCE_RECEIVER]),
        Endpoint::post(
            "/v3/ecommerce/profitsharing/receivers/delete",
            DELETE,
            |call, _| receivers::delete(call),
        )
        .body(&[fields::DELETE_ECOMMERCE_RECEIVER]),
        Endpoint::post("/v3/ecommerce/profitsharing/orders", SHARE, |call, _| {
            share::share(call, ShareFamily::Ecommerce)
        })
        .body(&[fields::ECOMMERCE_SHARE]),
        Endpoint::get("/v3/ecommerce/profitsharing/orders", QUERY, |call, _| {
            query::query(call, None)
        })
        .query(&["sub_mchid", "transaction_id", "out_order_no"], &[]),
        Endpoint::post("/v3/ecommerce/profitsharing/returnorders", RETURN, |call, _| {
            returns::give_back(call, ShareFamily::Ecommerce)
        })
        .body(&[fields::ECOMMERCE_RETURN]),
        Endpoint::get(
            "/v3/ecommerce/profitsharing/returnorders",
            QUERY_RETURN,
            |call, _| returns::query(call, None),
        )
        .query(&["sub_mchid", "out_return_no"], &["order_id", "out_order_no"]),
        Endpoint::post("/v3/ecommerce/profitsharing/finish-order", FINISH, |call, _| {
            finish::finish(call, ShareFamily::Ecommerce)
        })
        .body(&[fields::FINISH_SHARING]),
        Endpoint::get(
            "/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts",
            AMOUNTS,
            |call, path| amounts::amounts(call, ShareFamily::Ecommerce, path.get("transaction_id")),
        ),
    ])
};

/// Of everyone else: platforms share the money of their sub-merchants with their own family.
pub(super) static ORDINARY: Family = Family {
    check: |call, path| {
        let names_sub = names_sub(call.received) || !path.get("sub_mchid").is_empty();
        if call.merchant.is_platform() && names_sub {
            Err(Refusal::new(codes::NO_SHARING).hint(SharingHint::OtherFamily))
        } else {
            Ok(())
        }
    },
    ..Family::new(&[
        Endpoint::post("/v3/profitsharing/receivers/add", ADD, |call, _| {
            receivers::add(call, ShareFamily::Ordinary)
        })
        .body(&[fields::ADD_RECEIVER]),
        Endpoint::post("/v3/profitsharing/receivers/delete", DELETE, |call, _| {
            receivers::delete(call)
        })
        .body(&[fields::DELETE_RECEIVER]),
        Endpoint::post("/v3/profitsharing/orders", SHARE, |call, _| {
            share::share(call, ShareFamily::Ordinary)
        })
        .body(&[fields::SHARE]),
        Endpoint::post("/v3/profitsharing/orders/unfreeze", FINISH, |call, _| {
            finish::finish(call, ShareFamily::Ordinary)
        })
        .body(&[fields::UNFREEZE]),
        Endpoint::get("/v3/profitsharing/orders/{out_order_no}", QUERY, |call, path| {
            query::query(call, Some(path.get("out_order_no")))
        })
        .query(&["transaction_id"], &["sub_mchid"]),
        Endpoint::post("/v3/profitsharing/return-orders", RETURN, |call, _| {
            returns::give_back(call, ShareFamily::Ordinary)
        })
        .body(&[fields::RETURN]),
        Endpoint::get(
            "/v3/profitsharing/return-orders/{out_return_no}",
            QUERY_RETURN,
            |call, path| returns::query(call, Some(path.get("out_return_no"))),
        )
        .query(&["out_order_no"], &["sub_mchid"]),
        Endpoint::get(
            "/v3/profitsharing/transactions/{transaction_id}/amounts",
            AMOUNTS,
            |call, path| amounts::amounts(call, ShareFamily::Ordinary, path.get("transaction_id")),
        ),
        Endpoint::get(
            "/v3/profitsharing/merchant-configs/{sub_mchid}",
            ("Query the maximum share", "查询最大分账比例"),
            |call, path| amounts::max_ratio(call, path.get("sub_mchid")),
        ),
    ])
};

const ADD: (&str, &str) = ("Add a receiver", "添加分账接收方");
const DELETE: (&str, &str) = ("Delete a receiver", "删除分账接收方");
const SHARE: (&str, &str) = ("Share the profit", "请求分账");
const QUERY: (&str, &str) = ("Query a share", "查询分账结果");
const RETURN: (&str, &str) = ("Take a share back", "请求分账回退");
const QUERY_RETURN: (&str, &str) = ("Query the return of a share", "查询分账回退结果");
const FINISH: (&str, &str) = ("Release the rest", "完结分账");
const AMOUNTS: (&str, &str) = ("Query the amount left to share", "查询剩余待分金额");

/// Returns true if the request names a sub-merchant, whatever else is wrong with it.
fn names_sub(received: &Received) -> bool {
    let body = serde_json::from_slice::<Value>(&received.body);
    body.is_ok_and(|body| body.get("sub_mchid").is_some())
        || form_urlencoded::parse(received.query().as_bytes()).any(|(key, _)| key == "sub_mchid")
}
