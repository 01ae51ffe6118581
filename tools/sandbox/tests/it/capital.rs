//! Banks, branches and areas for an application form.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::testing::DEMO_PUBLIC_KEY_ID;
use wechatpay_sandbox::Sandbox;

use crate::support::{Merchant, encrypted, refusal, send};

const BASE: &str = "/v3/capital/capitallhh";

async fn start() -> (Sandbox, Merchant) {
    let sandbox = Sandbox::builder().lenient().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    (sandbox, merchant)
}

async fn get(merchant: &Merchant, path: &str) -> Value {
    let reply = merchant.get(&format!("{BASE}{path}")).await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    merchant.verify(&reply).await.unwrap();
    reply.json()
}

#[tokio::test]
async fn a_form_finds_the_branch_of_a_bank_by_province_and_city() {
    let (_sandbox, merchant) = start().await;
    let provinces = get(&merchant, "/areas/provinces").await;
    assert_eq!(
        provinces["total_count"],
        json!(provinces["data"].as_array().unwrap().len())
    );
    let code = &provinces["data"][1]["province_code"];
    let cities = get(&merchant, &format!("/areas/provinces/{code}/cities")).await;
    let city = &cities["data"][0];
    let banks = get(&merchant, "/banks/corporate-banking?limit=200").await;
    let bank = &banks["data"][0]["bank_alias_code"];
    let path = format!(
        "/banks/{}/branches?city_code={}&limit=2",
        bank.as_str().unwrap(),
        city["city_code"]
    );
    let branches = get(&merchant, &path).await;
    assert_eq!(
        (&branches["count"], &branches["total_count"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(branches["bank_alias_code"], *bank);
    let name = branches["data"][0]["bank_branch_name"].as_str().unwrap();
    assert!(name.contains(city["city_name"].as_str().unwrap()), "{name}");
}

#[tokio::test]
async fn a_list_is_read_page_by_page_by_its_links() {
    let (_sandbox, merchant) = start().await;
    let all = get(&merchant, "/banks/personal-banking?limit=200").await;
    let mut path = format!("{BASE}/banks/personal-banking?limit=4");
    let mut found = Vec::new();
    loop {
        let reply = merchant.get(&path).await.json();
        found.extend(reply["data"].as_array().unwrap().clone());
        match reply["links"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(Value::Array(found), all["data"]);
    let companies = get(&merchant, "/banks/corporate-banking?limit=1").await;
    assert!(companies["total_count"].as_u64() > all["total_count"].as_u64());
}

#[tokio::test]
async fn a_card_number_comes_encrypted() {
    let (_sandbox, merchant) = start().await;
    for (card, bank) in [
        ("6225880000000000", json!("招商银行")),
        ("9999000000000000", Value::Null),
    ] {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("account_number", &encrypted(card))
            .finish();
        let target = format!("{BASE}/banks/search-banks-by-bank-account?{query}");
        let asking = Merchant::new(&_sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
        let request = asking.request(Method::GET, &target, b"").await;
        let reply = send(request).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        assert_eq!(reply.json()["data"][0]["bank_alias"], bank);
    }
    let plain = format!("{BASE}/banks/search-banks-by-bank-account?account_number=6225880000000000");
    assert_eq!(merchant.get(&plain).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn unknown_codes_and_bad_pages_are_refused() {
    let (_sandbox, merchant) = start().await;
    for (path, status, code) in [
        ("/areas/provinces/99/cities", 404, "RESOURCE_NOT_EXISTS"),
        (
            "/banks/1/branches?city_code=10&limit=1",
            404,
            "RESOURCE_NOT_EXISTS",
        ),
        (
            "/banks/1000009547/branches?city_code=1&limit=1",
            404,
            "RESOURCE_NOT_EXISTS",
        ),
        ("/banks/corporate-banking", 400, "PARAM_ERROR"),
        ("/banks/corporate-banking?limit=0", 400, "PARAM_ERROR"),
        ("/banks/corporate-banking?limit=201", 400, "PARAM_ERROR"),
        ("/banks/corporate-banking?limit=1&offset=-1", 400, "PARAM_ERROR"),
    ] {
        let reply = merchant.get(&format!("{BASE}{path}")).await;
        assert_eq!(refusal(&reply), (status, code.to_owned()), "{path}");
    }
}
