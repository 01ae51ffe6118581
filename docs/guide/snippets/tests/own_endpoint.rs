//! An endpoint of an app that depends on a framework crate only.

use wechatpay_axum::{
    Resource,
    api::{Endpoint, Idempotency, Response, open_enum},
    types::{Fen, Sensitive},
};

/// Transfers to a user.
#[derive(Clone, Endpoint)]
#[endpoint(POST, "/v3/fund-app/mch-transfer/transfer-bills", response = Transfer, idempotency = ByNumber, echo(out_bill_no))]
struct CreateTransfer {
    out_bill_no: String,
    transfer_amount: Fen,
    user_name: Option<Sensitive>,
}

#[derive(Response)]
struct Transfer {
    out_bill_no: String,
    state: State,
}

#[open_enum]
enum State {
    Success = "SUCCESS",
}

/// End of a transfer.
#[derive(Response, Resource)]
#[resource(event("MCHTRANSFER.BILL.FINISHED"), decides("out_bill_no", "state"))]
struct FinishedTransfer {
    out_bill_no: String,
    state: State,
}

#[test]
fn the_derives_need_no_dependency_but_the_framework_crate() {
    let manifest = include_str!("../Cargo.toml");
    assert!(!manifest.contains("wechatpay-core") && !manifest.contains("wechatpay-tower"));

    let transfer = CreateTransfer::new("BILL-1".into(), Fen::from(100)).user_name("张三");
    assert_eq!(transfer.idempotency(), Idempotency::ByNumber);
    let response: Transfer = serde_json::from_str(r#"{"out_bill_no":"BILL-1","state":"LATER"}"#).unwrap();
    transfer.check_echo(&response).unwrap();
    assert_eq!(response.state.as_str(), "LATER");
    let finished: FinishedTransfer =
        serde_json::from_str(r#"{"out_bill_no":"BILL-1","state":"SUCCESS"}"#).unwrap();
    assert_eq!(
        (finished.out_bill_no.as_str(), finished.state),
        ("BILL-1", State::Success)
    );
}
