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

use super::operations;
use crate::support::{
    json::{paths, paths_of},
    requests::RequestVisitor,
    table::{Operation, places},
};

/// Members that can be set and do not stand on the page, with the reason.
const BEYOND: [(&[&str], &[&str], &str); 9] = [
    (
        &["/v3/ecommerce/applyments/"],
        &[
            "contact_info.contact_id_doc_period_begin",
            "contact_info.contact_id_doc_period_end",
            "ubo_info_list.ubo_id_doc_period_begin",
            "ubo_info_list.ubo_id_doc_period_end",
        ],
        "names of the form for account hosting, which has the same parts",
    ),
    (
        &["/v3/ecommerce/applyments/submit-account-hosting-applyment"],
        &["account_info.bank_address_code", "owner"],
        "members of the ordinary form, which has the same parts",
    ),
    (
        &["/v3/combine-transactions/app"],
        &["combine_payer_info.openid", "combine_payer_info.sub_openid"],
        "the payer of JSAPI, which is the same part",
    ),
    (
        &[
            "/v3/combine-transactions/app",
            "/v3/combine-transactions/jsapi",
            "/v3/combine-transactions/h5",
            "/v3/combine-transactions/native",
        ],
        &["sub_orders.order_service_type"],
        "the page of the mini program has it for payments to persons",
    ),
    (
        &[
            "/v3/combine-transactions/jsapi",
            "/v3/combine-transactions/h5",
            "/v3/combine-transactions/native",
        ],
        &["sub_orders.individual_auth_id", "sub_orders.individual_name"],
        "the page of APP has them for payments to persons",
    ),
    (
        &["/v3/combine-transactions/h5", "/v3/combine-transactions/native"],
        &["sub_orders.detail", "sub_orders.profit_sharing"],
        "the sub-order of JSAPI and APP, which is the same part and says so",
    ),
    (
        &[
            "/v3/combine-transactions/jsapi",
            "/v3/combine-transactions/h5",
            "/v3/combine-transactions/native",
        ],
        &["trade_scenario"],
        "an older page has it for all scenes",
    ),
    (
        &[
            "/v3/pay/transactions/app",
            "/v3/pay/transactions/h5",
            "/v3/pay/transactions/jsapi",
            "/v3/pay/transactions/native",
        ],
        &["settle_info.subsidy_amount"],
        "the settlement of a partner's order, which is the same part",
    ),
    (
        &["/v3/apply4sub/sub_merchants/{sub_mchid}/settlement"],
        &["account_number_rule"],
        "the page of an application has it for the same number",
    ),
];

/// Content of a request.
#[derive(Default)]
struct Sent {
    /// Members of the body and parameters of the query.
    members: BTreeSet<String>,
    /// Encrypted members.
    encrypted: BTreeSet<String>,
}

/// Requests by method and template.
#[derive(Default)]
struct SentMembers(BTreeMap<(String, &'static str), Sent>);

impl RequestVisitor for SentMembers {
    fn visit<E: Endpoint + 'static>(&mut self, mut request: E) {
        let sent = self.0.entry((E::METHOD.to_string(), E::TEMPLATE)).or_default();
        request
            .visit_sensitive(&mut |field| {
                *field = Sensitive::cipher("YWJj");
                Ok(())
            })
            .unwrap();
        if let Some(body) = request.body() {
            let body = serde_json::to_value(&body).unwrap();
            sent.members.extend(paths(&body));
            sent.encrypted.extend(paths_of(&body, "YWJj"));
        }
        let path = request.path();
        if let Some((_, query)) = path.as_str().split_once('?') {
            sent.members.extend(
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(key, _)| key.to_owned()),
            );
        }
    }
}

/// Returns the listed members of body and query.
///
/// Those of the path stand in the path.
fn listed(operation: &Operation) -> BTreeSet<String> {
    let in_the_path = |path: &str| operation.path.contains(&format!("{{{path}}}"));
    let parts = ["json", "query"].map(|part| places(operation.part(part)));
    parts
        .into_iter()
        .flatten()
        .map(|place| place.path)
        .filter(|path| !in_the_path(path))
        .collect()
}

#[test]
fn every_documented_member_of_a_request_can_be_set() {
    let mut sent = SentMembers::default();
    sent.visit_all();
    let (mut members, mut missing, mut beyond) = (0, Vec::new(), Vec::new());
    for operation in operations() {
        let key = |(method, template): &&(String, &'static str)| {
            *method == operation.method && *template == operation.path
        };
        let Some(known) = sent.0.keys().find(key).and_then(|key| sent.0.get(key)) else {
            continue;
        };
        let listed = listed(&operation);
        members += listed.len();
        let name = |path: &String| format!("{} {}: {path}", operation.method, operation.path);
        missing.extend(listed.difference(&known.members).map(name));
        let excused = |path: &&String| {
            let mut all = BEYOND.iter();
            all.any(|(operations, members, _)| {
                operations.contains(&operation.path.as_str()) && members.contains(&path.as_str())
            })
        };
        beyond.extend(
            known
                .members
                .difference(&listed)
                .filter(|path| !excused(path))
                .map(name),
        );
        let encrypted: BTreeSet<String> = operation.encrypted().into_iter().collect();
        assert_eq!(
            known.encrypted, encrypted,
            "{} {}",
            operation.method, operation.path
        );
        assert_eq!(
            encrypted.is_empty(),
            !operation.names_a_key(),
            "Wechatpay-Serial of {} {}",
            operation.method,
            operation.path
        );
    }
    println!(
        "requests: {} operations, {members} members, {} that cannot be set, {} beyond the pages",
        sent.0.len(),
        missing.len(),
        beyond.len(),
    );
    assert_eq!(sent.0.len() + super::responses::OTHERS.len(), operations().len());
    assert!(missing.is_empty(), "missing: {missing:#?}");
    assert!(beyond.is_empty(), "beyond the pages: {beyond:#?}");
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
