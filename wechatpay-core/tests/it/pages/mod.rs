//! Types against the tables of the pages: members of requests, variants of responses.

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
mod table;
mod transfers;

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use wechatpay_core::api::Endpoint;

use self::table::{Member, Operation, documents, names, names_of, operations, resource};

/// Operations of a family that have no type yet.
struct Family(Vec<Operation>);

impl Family {
    fn read(text: &str) -> Self {
        Self(operations(text))
    }

    /// Compares a request in which every member is set, and the documents of its response.
    fn check<E: Endpoint>(&mut self, request: &E)
    where
        E::Response: 'static,
    {
        let found = self
            .0
            .iter()
            .position(|operation| operation.method == E::METHOD.as_str() && operation.path == E::TEMPLATE);
        let found = found.unwrap_or_else(|| panic!("no page has {} {}", E::METHOD, E::TEMPLATE));
        let operation = self.0.swap_remove(found);
        let sent = request.body().map(|body| serde_json::to_value(body).unwrap());
        let sent = sent.map(|body| names_of(&body, "")).unwrap_or_default();
        assert_eq!(sent, part(&operation, "json"), "body of {}", E::TEMPLATE);
        let path = request.path().to_string();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let query: BTreeSet<String> = query.map(|(name, _)| name.to_owned()).collect();
        assert_eq!(query, part(&operation, "query"), "query of {}", E::TEMPLATE);
        match &operation.response {
            Some(members) if !members.is_empty() => read_all::<E::Response>(members, E::TEMPLATE),
            _ => assert_eq!(std::any::type_name::<E::Response>(), "()", "{}", E::TEMPLATE),
        }
    }

    /// Fails if an operation of the family was not compared.
    fn end(self) {
        let rest: Vec<_> = self.0.iter().map(|operation| &operation.path).collect();
        assert!(rest.is_empty(), "without a type: {rest:#?}");
    }
}

/// Members of a part of a request. Those of the path stand beside the parts.
fn part(operation: &Operation, name: &str) -> BTreeSet<String> {
    let parts = operation.request.iter().filter(|part| part.name == name);
    parts.flat_map(|part| names(&part.fields, "")).collect()
}

/// Reads every document that the table allows.
fn read_all<T: DeserializeOwned>(members: &[Member], what: &str) {
    for (variant, document) in documents(members) {
        let read = serde_json::from_str::<T>(&document.to_string());
        assert!(read.is_ok(), "{what}, {variant}: {:?}", read.err());
    }
}

/// Reads every document of a notification.
fn read_event<T: DeserializeOwned>(event: &str) {
    read_all::<T>(&resource(event), event);
}
