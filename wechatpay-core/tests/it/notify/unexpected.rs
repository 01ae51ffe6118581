//! Genuine notifications of another kind, and those of API v2.

use serde_json::{Value, json};
use wechatpay_core::{
    notify::{AnyResource, Nack},
    testing::DEMO_MCHID,
};

use super::{ORDER, payment, receive, rigs};

#[tokio::test]
async fn an_unknown_kind_is_passed_on_verbatim() {
    for rig in rigs() {
        let text = "{\"withdraw_id\" : \"1\",\t\"amount\":12345678901234567890, \"x\":1.50}";
        let delivery = rig
            .platform
            .delivery("BRAND.NEW", "brand_new", &Value::Null)
            .plaintext(text)
            .build();
        let got = receive(&rig.receiver, &delivery).await.unwrap();
        assert_eq!(got.event_type().as_str(), "BRAND.NEW", "{}", rig.name);
        let any = got.decode::<AnyResource>().unwrap();
        let AnyResource::Other(raw) = any.resource() else {
            panic!("{}: {any:?}", rig.name);
        };
        assert_eq!(raw.json(), text, "{}", rig.name);

        for text in [
            "[null,null,null,null,null,null,null,null]",
            "[]",
            "null",
            "7",
            "\"x\"",
        ] {
            let delivery = rig
                .platform
                .delivery("BRAND.NEW", "brand_new", &Value::Null)
                .plaintext(text)
                .build();
            let error = receive(&rig.receiver, &delivery).await.unwrap_err();
            assert_eq!(error.code(), "payload_malformed", "{}: {text}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_resource_of_another_kind_is_named_and_not_malformed() {
    for rig in rigs() {
        let refund = rig.platform.refund(ORDER, "R1", 100);
        let error = payment(&rig.receiver, &refund).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "REFUND.SUCCESS is genuine, but this route takes Transaction; take AnyResource or add a route"
        );
        assert_eq!(error.status(), 400);
        assert!(!Nack::from(&error).body().contains("malformed"));

        let sharing = rig
            .platform
            .delivery(
                "TRANSACTION.SUCCESS",
                "profitsharing",
                &json!({ "mchid": DEMO_MCHID }),
            )
            .build();
        let error = payment(&rig.receiver, &sharing).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("TRANSACTION.SUCCESS of profitsharing is genuine"),
            "{error}"
        );
        let combined = json!({ "combine_mchid": DEMO_MCHID, "combine_out_trade_no": ORDER });
        let combined = rig
            .platform
            .delivery("TRANSACTION.SUCCESS", "transaction", &combined)
            .build();
        let error = payment(&rig.receiver, &combined).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("TRANSACTION.SUCCESS of a combined order is genuine"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn xml_of_api_v2_is_rejected_as_api_v2() {
    for rig in rigs() {
        for content_type in ["text/xml", "application/xml; charset=utf-8", "TEXT/XML"] {
            let v2 = rig.genuine().with_header("Content-Type", content_type);
            let error = rig.rejection(content_type, &v2).await;
            assert_eq!((error.status().as_u16(), error.code()), (415, "media_type"));
            assert!(error.to_string().starts_with("this is API v2 (XML)"), "{error}");
        }
    }
}
