//! Custom endpoints from the README of `wechatpay-tower`, in front of stubs.

use http::Method;
use serde_json::json;
use wechatpay_core::{
    api::{Endpoint, Response},
    notify::Resource,
    testing::{DEMO_MCHID as MERCHANT, FakePlatform},
    types::{Fen, Sensitive},
};
use wechatpay_sandbox::StubResponse;
use wechatpay_tower::client::Outcome;

use crate::untyped::start;

include!("plain.rs");
include!("transfer.rs");

/// Lines of code: neither empty nor documentation.
fn lines(source: &str) -> usize {
    let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    source.lines().filter(code).count()
}

#[test]
fn the_readme_shows_the_own_endpoints_and_they_are_short() {
    let readme = include_str!("../../../../wechatpay-tower/README.md");
    let (plain, transfer) = (include_str!("plain.rs"), include_str!("transfer.rs"));
    assert!(readme.contains(plain) && readme.contains(transfer));
    println!(
        "plain: {} lines, transfer: {} lines",
        lines(plain),
        lines(transfer)
    );
    assert!(lines(plain) <= 10 && lines(transfer) <= 20);
}

#[tokio::test]
async fn a_plain_endpoint_gets_the_response_of_its_stub() {
    let (sandbox, client) = start().await;
    let stub = sandbox
        .stub(Method::POST, CompleteComplaint::TEMPLATE)
        .respond(204)
        .unwrap();
    let complete = CompleteComplaint::new("200201820200101080076610000".into(), "1900012181".into());
    client.call(&complete).await.unwrap();
    let request = &stub.requests()[0];
    assert_eq!(
        request.path_value("complaint_id"),
        Some("200201820200101080076610000")
    );
    assert_eq!(*request.json(), json!({ "complainted_mchid": "1900012181" }));
}

#[tokio::test]
async fn a_transfer_keeps_its_names_secret_and_ends_with_its_notification() {
    let (sandbox, client) = start().await;
    let stub = sandbox
        .stub(Method::POST, CreateTransfer::TEMPLATE)
        .sensitive("user_name")
        .respond_with(|request| {
            let number = request.json()["out_bill_no"].clone();
            StubResponse::json(
                200,
                json!({ "out_bill_no": number, "state": "ACCEPTED", "user_name": "张三" }),
            )
            .sensitive("user_name")
        })
        .unwrap();
    let transfer = |number: &str| {
        let text = |text: &str| text.to_owned();
        let (appid, openid) = (text("wxf636efh567hg4356"), text("o-MYE42l80oelYMDE34nYD456Xoy"));
        CreateTransfer::new(
            appid,
            text(number),
            openid,
            text("1000"),
            Fen::from(400),
            text("报销"),
        )
        .user_name("张三")
    };
    let made = client.call(&transfer("plfk2020042013")).await.unwrap();
    assert_eq!(made.state, "ACCEPTED");
    assert_eq!(
        client
            .signer()
            .decrypt(made.user_name.as_ref().unwrap())
            .unwrap()
            .as_str(),
        "张三"
    );
    assert_eq!(stub.requests()[0].decrypted("user_name").as_deref(), Some("张三"));
    drop(stub);

    // The response to another transfer is no response to this one.
    let (other, client) = start().await;
    other
        .stub(Method::POST, CreateTransfer::TEMPLATE)
        .respond_json(200, json!({ "out_bill_no": "another", "state": "ACCEPTED" }))
        .unwrap();
    let error = client.call(&transfer("plfk2020042014")).await.err().unwrap();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");

    let resource = json!({
        "mch_id": MERCHANT, "out_bill_no": "plfk2020042013", "state": "SUCCESS", "transfer_amount": 400,
    });
    let platform = FakePlatform::new();
    let receiver = platform.receiver();
    for (member, value, taken) in [
        ("remark", json!("报销"), true),
        ("transfer_amount", json!("4.00"), false),
        ("mch_id", json!("1999999999"), false),
    ] {
        let mut resource = resource.clone();
        resource[member] = value;
        let delivery = platform
            .delivery("MCHTRANSFER.BILL.FINISHED", "mch_payment", &resource)
            .build();
        let received = async {
            let pending = receiver.begin(&delivery.method, delivery.pairs())?;
            pending
                .ready()
                .await?
                .finish(delivery.body.clone())?
                .decode::<FinishedTransfer>()
        };
        match received.await {
            Ok(transfer) => {
                assert!(taken, "{member}");
                assert_eq!(
                    (transfer.mch_id.as_str(), transfer.transfer_amount),
                    (MERCHANT, Fen::from(400))
                );
                assert_eq!(
                    (transfer.out_bill_no.as_str(), transfer.state.as_str()),
                    ("plfk2020042013", "SUCCESS")
                );
            }
            Err(error) => assert!(!taken, "{member}: {error}"),
        }
    }
}
