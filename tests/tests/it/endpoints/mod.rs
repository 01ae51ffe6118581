//! Table of all endpoints: types, support by the sandbox. The READMEs have its sums.
//!
//! Each documented endpoint has a type. `cargo test -p wechatpay-tests --test it endpoints -- --nocapture` prints the
//! table; `WRITE_README=1` before it writes the sums into the READMEs.

mod documented;
mod fidelity;
mod sums;
mod typed;

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use tower::{Service as _, ServiceBuilder, ServiceExt as _};
use wechatpay_sandbox::Sandbox;
use wechatpay_tests::tools::workspace;
use wechatpay_tower::{SignLayer, hyper::HyperTransport, sign::AllowedHosts};

use self::{
    documented::documented,
    fidelity::Levels,
    sums::{FAMILIES, Sums},
    typed::{Typed, all_typed, others},
};

/// A path in which each parameter is something.
fn filled(template: &str) -> String {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        path.push_str(before);
        path.push('1');
        rest = behind.split_once('}').map_or("", |(_, behind)| behind);
    }
    path + rest
}

/// Returns true if the sandbox emulates the endpoint.
///
/// It refuses an empty request with 501 if it does not, and otherwise with another status.
async fn emulated(sandbox: &Sandbox, typed: &Typed) -> bool {
    let settings = sandbox.config().validate().unwrap();
    let transport = HyperTransport::new().unwrap();
    let hosts = AllowedHosts::platform().and(sandbox.address().to_string().parse().unwrap());
    let mut client = ServiceBuilder::new()
        .layer(SignLayer::new(settings.request_signer()).hosts(hosts))
        .service(transport);
    let request = Request::builder()
        .method(Method::from_bytes(typed.method.as_bytes()).unwrap())
        .uri(format!("{}{}", sandbox.base_url(), filled(typed.template)))
        .header("accept", "application/json")
        .header("user-agent", "wechatpay-tests")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::new()))
        .unwrap();
    let response = client.ready().await.unwrap().call(request).await.unwrap();
    assert!(
        response.status() != 401,
        "{}: the request was signed",
        typed.template
    );
    response.status() != 501
}

#[tokio::test]
async fn the_readmes_have_the_sums_of_the_types_and_of_the_sandbox() {
    let sandbox = Sandbox::builder()
        .pages(wechatpay_dashboard::pages)
        .start()
        .await
        .unwrap();
    let levels = Levels::read();
    let mut sums = Sums::default();
    let mut unrated = Vec::new();
    println!("| typed call | endpoint | sandbox |");
    println!("|---|---|---|");
    for typed in all_typed() {
        let mut level = None;
        if emulated(&sandbox, &typed).await {
            level = levels.of(&typed.method, typed.template);
            if level.is_none() {
                unrated.push(format!("{} {}", typed.method, typed.template));
            }
        }
        println!(
            "| {} | {} {} | {} |",
            typed.call,
            typed.method,
            typed.template,
            level.unwrap_or("no"),
        );
        sums.add(typed.family(), level);
    }
    assert!(
        unrated.is_empty(),
        "the endpoints in the README of the sandbox lack {unrated:#?}"
    );
    sums.compare();
}

#[test]
fn each_documented_endpoint_has_one_typed_call() {
    let typed = all_typed();
    let endpoints: BTreeSet<(String, String)> = typed
        .iter()
        .map(|typed| (typed.method.clone(), typed.template.to_owned()))
        .collect();
    assert_eq!(endpoints.len(), typed.len());
    let documented = documented();
    let without: Vec<_> = documented.difference(&endpoints).collect();
    assert!(without.is_empty(), "no type has {without:#?}");
    let beyond: Vec<_> = endpoints.difference(&documented).collect();
    assert!(beyond.is_empty(), "no page has {beyond:#?}");
    let names: BTreeSet<&str> = typed.iter().map(|typed| typed.call.as_str()).collect();
    assert_eq!(names.len(), typed.len());
}

/// Number of types below a folder that are endpoints.
fn derived(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => derived(&path),
            false => {
                let text = std::fs::read_to_string(path).unwrap();
                text.lines()
                    .filter(|line| line.starts_with("#[endpoint("))
                    .count()
            }
        })
        .sum()
}

#[test]
fn no_type_is_missing_in_the_table() {
    assert_eq!(
        derived(&workspace().join("wechatpay-core/src/api")) + others().len(),
        all_typed().len()
    );
    let families: BTreeSet<String> = all_typed()
        .iter()
        .map(|typed| typed.family().to_owned())
        .collect();
    let titled: BTreeSet<String> = FAMILIES.iter().map(|(family, ..)| (*family).to_owned()).collect();
    assert_eq!(families, titled, "families with a title");
}
