//! Snapshots of earlier releases are read.

use std::time::Duration;

use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_MCHID, DEMO_SUB_MCHID, DemoKey};
use wechatpay_sandbox::{Buyer, DEMO_MERCHANT_SERIAL, OrderState, RecordKind, RefundState, Snapshot};

use super::{NATIVE, builder, client, document, good, shop};
use crate::support::{Merchant, partner_order};

/// Everything of `everything`, and merchants that changed, as version 1 wrote it.
const VERSION_1: &str = include_str!("versions/1.json");

/// It differs by what there was no table for.
#[tokio::test]
async fn snapshots_of_versions_2_and_3_are_restored_without_and_with_transfers() {
    let shop = shop().await;
    let sandbox = builder(&shop).seed(7).start().await.unwrap();
    let mut earlier = document(&sandbox.snapshot());
    earlier["version"] = json!(2);
    earlier["world"].as_object_mut().unwrap().remove("records");
    sandbox.restore(&read(&earlier)).unwrap();
    assert!(sandbox.records(RecordKind::Transfer).is_empty());

    earlier["version"] = json!(3);
    let key = json!({ "mchid": DEMO_MCHID, "out_bill_no": "t1" });
    earlier["world"]["transfers"] = json!([{
        "key": key, "transfer_bill_no": "1330", "package_info": "package", "amount": 100,
        "request": { "openid": "o-1", "notify_url": shop.url }, "state": "TRANSFERING", "fail_reason": null,
        "created_at": 1, "updated_at": 2,
    }]);
    earlier["world"]["agenda"] = json!([{ "after_us": 1, "due": { "proceed-transfer": key } }]);
    sandbox.restore(&read(&earlier)).unwrap();
    let transfer = &sandbox.records(RecordKind::Transfer)[0];
    assert_eq!(
        (&*transfer.state, &*transfer.id, transfer.amount),
        ("TRANSFERING", "1330", 100)
    );
    sandbox.clock().advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(sandbox.records(RecordKind::Transfer)[0].state, "SUCCESS");
}

fn read(document: &Value) -> Snapshot {
    Snapshot::from_json(document.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_snapshot_of_version_1_is_restored() {
    let shop = shop().await;
    let sandbox = builder(&shop).seed(7).start().await.unwrap();
    let earlier = Snapshot::from_json(VERSION_1.as_bytes()).unwrap();
    sandbox.restore(&earlier).unwrap();
    // Taken again it is of the present version, and the same.
    let again = document(&sandbox.snapshot());
    assert_eq!(again["version"], 4);
    let written = serde_json::to_value(&earlier).unwrap();
    for (table, value) in written["world"].as_object().unwrap() {
        assert!(again["world"][table] == *value, "{table}");
    }
    let read: Snapshot = serde_json::from_str(VERSION_1).unwrap();
    assert_eq!(document(&read), written);

    assert_eq!(sandbox.order("refunded").unwrap().state, OrderState::Refund);
    assert_eq!(sandbox.refund("refund-2").unwrap().state, RefundState::Abnormal);
    // Merchants that came, their changes and their sub-merchants, the one of an application too.
    let changed = sandbox.config_of(DEMO_MCHID).unwrap();
    assert_eq!(changed.serial_no.as_deref(), Some("4F31"));
    assert!(sandbox.config_of("1900000004").is_some() && sandbox.config_of("1900000005").is_some());
    let mut new = Merchant::with(&sandbox, DEMO_MCHID, "4F31", DemoKey::Stranger);
    new.base_url = format!("http://{}", sandbox.address());
    for sub_mchid in [DEMO_SUB_MCHID, "1900000777", "1910000001"] {
        let mut order = partner_order("native", &format!("of-{sub_mchid}"));
        order["sub_mchid"] = json!(sub_mchid);
        good(&new, NATIVE, &order).await;
        sandbox.pay(&format!("of-{sub_mchid}"), Buyer::Alice).unwrap();
    }
    let old = client(&sandbox).get("/v3/certificates").await;
    assert_eq!(old.code(), "SIGN_ERROR", "{DEMO_MERCHANT_SERIAL} was revoked");
    sandbox.take_refusals();
}
