//! Notifications for other merchants, apps and sub-merchants.

use std::sync::Arc;

use serde_json::json;
use wechatpay_core::{
    Clock,
    keys::PinnedKeys,
    notify::{NotificationError, NotificationReceiver},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey},
    types::KeyId,
};

use super::{NOW, ORDER, payment, rigs};

#[tokio::test]
async fn a_notification_for_another_merchant_is_403_even_under_the_same_keys() {
    for rig in rigs() {
        let other = rig.platform.clone().mchid("1900000002".parse().unwrap());
        // Same platform key and, at worst, the same APIv3 key.
        let delivery = other.payment(ORDER, 100);
        assert!(
            payment(&other.receiver(), &delivery).await.is_ok(),
            "{}",
            rig.name
        );
        rig.expect(
            403,
            "wrong_merchant",
            vec![
                ("another provider", delivery),
                (
                    "another merchant",
                    rig.with_resource(|resource| {
                        *resource =
                            json!({ "mchid": "1900000002", "out_trade_no": ORDER, "trade_state": "SUCCESS" });
                    }),
                ),
                (
                    "another initiator",
                    rig.with_resource(|resource| {
                        *resource = json!({ "combine_mchid": "1900000002", "combine_out_trade_no": ORDER });
                    }),
                ),
                (
                    "a contradiction",
                    rig.with_resource(|resource| resource["mchid"] = json!("1900000002")),
                ),
                (
                    "a lookalike",
                    rig.with_resource(|resource| resource["sp_mchid"] = json!("01900000001")),
                ),
                (
                    "a longer one",
                    rig.with_resource(|resource| resource["sp_mchid"] = json!("19000000010")),
                ),
            ],
        )
        .await;
        let error = rig.rejection("again", &other.payment(ORDER, 100)).await;
        assert!(error.is_alarm(), "{}", rig.name);
        assert!(
            matches!(error, NotificationError::WrongMerchant { field: "sp_mchid" }),
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn keys_of_two_merchants_are_never_combined() {
    for rig in rigs() {
        let id: KeyId = "ABCD".parse().unwrap();
        let receiver = NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            rig.platform.api_v3_key().clone(),
            Arc::new(PinnedKeys::new([rig.certificate(NOW + 1)])),
        )
        .provider(Arc::clone(rig.platform.provider()))
        .clock(Clock::fixed(NOW))
        .build()
        .unwrap();
        let own = rig
            .builder()
            .signed_by(id, rig.platform.demo_key(DemoKey::Platform1))
            .build();
        let others = rig.genuine();
        assert!(payment(&receiver, &own).await.is_ok(), "{}", rig.name);
        assert_eq!(
            rig.rejection_of(&receiver, "theirs", &others).await.code(),
            "key_unknown",
            "{}",
            rig.name
        );
        assert_eq!(
            rig.rejection("ours", &own).await.code(),
            "key_unknown",
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn apps_and_sub_merchants_that_are_not_listed_are_403() {
    for rig in rigs() {
        let receiver = rig
            .platform
            .receiver_builder()
            .appid(DEMO_APPID.parse().unwrap())
            .appid("wx2421b1c4370ec43b".parse().unwrap())
            .sub_mchid(DEMO_SUB_MCHID.parse().unwrap())
            .sub_mchid("1900000110".parse().unwrap())
            .build()
            .unwrap();
        let listed = rig.with_resource(|resource| {
            resource["sp_appid"] = json!("wx2421b1c4370ec43b");
            resource["sub_mchid"] = json!("1900000110");
            resource["sub_appid"] = json!("wxNotListedButTheirOwn");
        });
        for delivery in [rig.genuine(), listed] {
            assert!(payment(&receiver, &delivery).await.is_ok(), "{}", rig.name);
        }
        let direct = |appid: &'static str| {
            rig.with_resource(move |resource| {
                *resource = json!({ "mchid": DEMO_MCHID, "appid": appid, "out_trade_no": ORDER });
            })
        };
        for (field, delivery) in [
            ("sp_appid", rig.with_resource(|resource| resource["sp_appid"] = json!("wxOther"))),
            ("appid", direct("wxOther")),
            ("combine_appid", rig.with_resource(|resource| {
                *resource = json!({ "combine_mchid": DEMO_MCHID, "combine_appid": "wxOther", "combine_out_trade_no": ORDER });
            })),
            ("sub_mchid", rig.with_resource(|resource| resource["sub_mchid"] = json!("1900000999"))),
        ] {
            let error = rig.rejection_of(&receiver, field, &delivery).await;
            assert!(
                matches!(error, NotificationError::WrongMerchant { field: differs } if differs == field),
                "{}: {field}: {error:?}",
                rig.name
            );
        }
        // Without lists any app and any sub-merchant of the provider passes.
        let any = rig.with_resource(|resource| {
            resource["sp_appid"] = json!("wxOther");
            resource["sub_mchid"] = json!("1900000999");
        });
        assert!(payment(&rig.receiver, &any).await.is_ok(), "{}", rig.name);
    }
}
