//! RequestVisitor: every member on the pages can be set with our types.

use std::collections::{BTreeMap, BTreeSet};

use wechatpay_core::{
    api::{
        Endpoint,
        prepay::{H5Info, H5Scene, OrderDetail, OrderScene, StoreInfo},
        refunds::RefundSource,
    },
    types::Sensitive,
};

use super::table::{Member, operations, places};
use crate::support::{json::paths, requests::RequestVisitor};

/// Members that cannot be set, with the reason.
const UNSUPPORTED: [(&str, &str, &str); 0] = [];

/// Members set by the requests, by method and template.
///
/// Members of bodies and parameters of queries.
#[derive(Default)]
struct SentMembers(BTreeMap<(String, &'static str), BTreeSet<String>>);

impl RequestVisitor for SentMembers {
    fn visit<E: Endpoint + 'static>(&mut self, mut request: E) {
        request
            .visit_sensitive(&mut |field| {
                *field = Sensitive::cipher("YWJj");
                Ok(())
            })
            .unwrap();
        let sent = self.0.entry((E::METHOD.to_string(), E::TEMPLATE)).or_default();
        if let Some(body) = request.body() {
            sent.extend(paths(&serde_json::to_value(&body).unwrap()));
        }
        let path = request.path();
        if let Some((_, query)) = path.as_str().split_once('?') {
            sent.extend(
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(key, _)| key.to_owned()),
            );
        }
    }
}

/// Returns the listed members of a request: body, query and path.
fn listed(request: &[Member]) -> Vec<String> {
    let part = |part: &Member| match part.name.as_str() {
        "json" | "query" | "body" => places(&part.fields).into_iter().map(|place| place.path).collect(),
        name => vec![name.to_owned()],
    };
    request.iter().flat_map(part).collect()
}

#[test]
fn every_documented_member_of_a_request_can_be_set() {
    let mut sent = SentMembers::default();
    sent.visit_all();
    let mut members = 0;
    let mut missing = Vec::new();
    for operation in operations() {
        let key = |(method, template): &&(String, &'static str)| {
            *method == operation.method && *template == operation.path
        };
        let Some(known) = sent.0.keys().find(key).and_then(|key| sent.0.get(key)) else {
            continue;
        };
        for path in listed(&operation.request) {
            members += 1;
            let in_the_path = operation.path.contains(&format!("{{{path}}}"));
            let excused = UNSUPPORTED
                .iter()
                .any(|(of, at, _)| *of == operation.path && *at == path);
            if !known.contains(&path) && !in_the_path && !excused {
                missing.push(format!("{} {}: {path}", operation.method, operation.path));
            }
        }
    }
    println!(
        "requests: {} operations, {members} members, {} that cannot be set",
        sent.0.len(),
        missing.len(),
    );
    assert_eq!(sent.0.len() + super::responses::OTHERS.len(), operations().len());
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

#[test]
fn optional_members_of_a_request_part_can_be_omitted() {
    fn json(value: impl serde::Serialize) -> String {
        serde_json::to_string(&value).unwrap()
    }
    for part in [
        json(RefundSource::default()),
        json(OrderScene::default()),
        json(H5Scene::default()),
        json(H5Info::default()),
        json(StoreInfo::default()),
        json(OrderDetail::default()),
    ] {
        assert_eq!(part, "{}");
    }
}
