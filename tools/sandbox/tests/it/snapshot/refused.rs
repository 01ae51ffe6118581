//! Documents that cannot be restored change nothing.

use serde_json::{Value, json};
use wechatpay_core::{
    testing::{DEMO_MCHID, DemoKey},
    types::SerialNumber,
};
use wechatpay_sandbox::{MerchantSpec, RestoreError, Snapshot};

use super::{DAY, builder, document, everything, shop};

#[tokio::test]
async fn what_cannot_be_restored_changes_nothing() {
    let shop = shop().await;
    let sandbox = builder(&shop).seed(7).start().await.unwrap();
    everything(&sandbox, &shop).await;
    let taken = sandbox.snapshot();
    let whole = document(&taken);
    let read = |value: &Value| Snapshot::from_json(value.to_string().as_bytes());
    let refused = |value: &Value| -> RestoreError {
        let error = match read(value) {
            Ok(snapshot) => sandbox.restore(&snapshot).unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(document(&sandbox.snapshot()), whole);
        assert!(!error.to_string().contains("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"));
        error
    };
    // Each table may be missing, or something else.
    for name in whole["world"].as_object().unwrap().keys() {
        let mut less = whole.clone();
        less["world"].as_object_mut().unwrap().remove(name);
        let error = refused(&less).to_string();
        assert!(error.contains(&format!("missing field `{name}`")), "{error}");
        let mut other = whole.clone();
        other["world"][name] = json!("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
        assert!(matches!(refused(&other), RestoreError::Malformed(_)), "{name}");
    }
    let changed = |pointer: &str, value: Value| {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed
    };
    let version = refused(&changed("/version", json!(5)));
    assert_eq!(version, RestoreError::Version { found: 5 });
    let merchant = refused(&changed(&format!("/owner/merchants/{DEMO_MCHID}"), json!("00")));
    assert_eq!(
        merchant.to_string(),
        "the snapshot is of other merchants: 1900000001 is unknown here or has other keys"
    );
    let keys = refused(&changed("/owner/keys", json!("public-key")));
    assert_eq!(
        keys.to_string(),
        "the snapshot is of a sandbox with other keys: public-key, and here mixed"
    );
    let first = whole["world"]["orders"][0].clone();
    assert_eq!(
        refused(&changed("/world/orders/1", first)).to_string(),
        "the snapshot is broken: one order stands there twice"
    );
    for (pointer, value) in [
        ("/world/refunds/0/amount", json!(i64::MAX)),
        ("/world/orders/0/total", json!(-1)),
        ("/world/withdrawals/0/amount", json!(i64::MIN)),
        ("/world/records/0/amount", json!(i64::MIN)),
    ] {
        assert!(
            matches!(refused(&changed(pointer, value)), RestoreError::Broken(_)),
            "{pointer}"
        );
    }
    let json = taken.to_json();
    for cut in [0, 1, json.len() / 2, json.len() - 1] {
        // Not in the middle of a character.
        let cut = json.floor_char_boundary(cut);
        assert!(Snapshot::from_json(&json.as_bytes()[..cut]).is_err(), "{cut}");
    }
    // A merchant more is no harm, one that is missing is.
    let more = MerchantSpec::new(
        wechatpay_core::types::Mchid::parse("1900000003").unwrap(),
        wechatpay_core::types::ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap(),
    )
    .demo_key(SerialNumber::parse("4F2F").unwrap(), DemoKey::OtherMerchant);
    let other = builder(&shop).merchant(more).start().await.unwrap();
    assert_eq!(other.restore(&taken), Ok(()));
    let back = builder(&shop).start().await.unwrap();
    assert!(matches!(
        back.restore(&other.snapshot()),
        Err(RestoreError::Merchant { mchid }) if mchid == "1900000003"
    ));
    // Time belongs to one world at a time.
    let turn = sandbox.clock();
    let (turned, restored) = tokio::join!(turn.advance(DAY), async {
        tokio::task::yield_now().await;
        sandbox.restore(&taken)
    });
    assert_eq!((turned.is_ok(), restored), (true, Err(RestoreError::Turning)));
}
