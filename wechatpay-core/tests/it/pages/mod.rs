//! Types against the tables of the pages: members of requests, variants of responses.
//!
//! The families that are features. `official` compares the others.

mod applyment4sub;
mod code_pay;
mod combined_deduction;
mod complaints;
mod coupons;
mod deposits;
mod ecommerce_transfers;
mod limitations;
mod payscore;
mod personal_receivers;
mod smaller;
mod sub_merchant_closing;
mod sub_merchant_recharge;
mod transfers;

use std::{any::type_name, collections::BTreeSet};

use serde::de::DeserializeOwned;
use wechatpay_core::api::Endpoint;

use crate::support::{
    json::{paths, paths_of},
    table::{Member, Operation, Which, absent, document, operations, places},
};

/// Members of responses that no type has, with the reason.
const UNREAD: [(&str, &str, &str); 0] = [];

/// Operations of a family that have no type yet.
struct Family(Vec<Operation>);

impl Family {
    fn read(text: &str) -> Self {
        Self(operations(text))
    }

    /// Compares a request in which every member is set, and the documents of its response.
    fn check<E: Endpoint>(&mut self, request: &E)
    where
        E::Response: PartialEq + 'static,
    {
        let found = self
            .0
            .iter()
            .position(|operation| operation.method == E::METHOD.as_str() && operation.path == E::TEMPLATE);
        let found = found.unwrap_or_else(|| panic!("no page has {} {}", E::METHOD, E::TEMPLATE));
        let operation = self.0.swap_remove(found);
        let sent = request.body().map(|body| serde_json::to_value(body).unwrap());
        let encrypted: Vec<String> = sent.iter().flat_map(|body| paths_of(body, "QUJD")).collect();
        let of_the_table: BTreeSet<String> = operation.encrypted().into_iter().collect();
        assert_eq!(
            encrypted.into_iter().collect::<BTreeSet<_>>(),
            of_the_table,
            "encrypted in {}",
            E::TEMPLATE
        );
        let sent: BTreeSet<String> = sent.iter().flat_map(paths).collect();
        assert_eq!(sent, members(&operation, "json"), "body of {}", E::TEMPLATE);
        let path = request.path().to_string();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let query: BTreeSet<String> = query.map(|(name, _)| name.to_owned()).collect();
        assert_eq!(query, members(&operation, "query"), "query of {}", E::TEMPLATE);
        match operation.response.is_empty() {
            false => read_all::<E::Response>(&operation.response, E::TEMPLATE),
            true => assert_eq!(type_name::<E::Response>(), "()", "{}", E::TEMPLATE),
        }
    }

    /// Fails if an operation of the family was not compared.
    fn end(self) {
        let rest: Vec<_> = self.0.iter().map(|operation| &operation.path).collect();
        assert!(rest.is_empty(), "without a type: {rest:#?}");
    }
}

/// Members of a part of a request. Those of the path stand beside the parts.
fn members(operation: &Operation, part: &str) -> BTreeSet<String> {
    let places = places(operation.part(part));
    places.into_iter().map(|place| place.path).collect()
}

/// Reads every document that the table allows.
///
/// Each member of the table must be a member of the type.
fn read_all<T: DeserializeOwned + PartialEq>(members: &[Member], of: &str) {
    let read = |what: &str, document: serde_json::Value| {
        let read = serde_json::from_str::<T>(&document.to_string());
        read.unwrap_or_else(|error| panic!("{of}, {what}: {error}"))
    };
    let whole = document(members, Which::All);
    let all = read("whole", whole.clone());
    read("required only", document(members, Which::Required));
    let mut unread = Vec::new();
    for place in places(members) {
        let path = place.path;
        for (how, variant) in absent(&whole, &path) {
            if !place.required {
                let without = read(&format!("{path} {how}"), variant);
                if how == "missing" && without == all {
                    unread.push(path.clone());
                }
            } else if how == "missing" {
                // It may decide, and then nothing is read.
                let without = serde_json::from_str::<T>(&variant.to_string());
                if without.is_ok_and(|without| without == all) {
                    unread.push(path.clone());
                }
            }
        }
    }
    unread.retain(|path| !UNREAD.iter().any(|(at, member, _)| *at == of && member == path));
    assert!(unread.is_empty(), "{of}: no member of the type is {unread:#?}");
}
