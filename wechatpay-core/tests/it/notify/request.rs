//! Method, headers and body of a notification.

use serde_json::Value;
use wechatpay_core::{
    notify::{Ack, DEFAULT_BODY_LIMIT, EventType, NotificationError},
    testing::{DEMO_MCHID, FakePlatform},
    types::{Fen, KeyId},
};

use super::{CANARY, NOW, ORDER, payment, rigs};

#[tokio::test]
async fn a_genuine_payment_is_decoded_with_all_its_members() {
    for rig in rigs() {
        let delivery = rig.builder().id("EV-2018022511223320873").build();
        let paid = payment(&rig.receiver, &delivery).await.unwrap();
        assert_eq!(paid.id(), "EV-2018022511223320873", "{}", rig.name);
        assert_eq!(*paid.event_type(), EventType::TransactionSuccess, "{}", rig.name);
        assert_eq!(paid.out_trade_no, ORDER, "{}", rig.name);
        assert_eq!(
            paid.amount.as_ref().unwrap().total,
            Some(Fen::from(100)),
            "{}",
            rig.name
        );
        let notification = paid.notification();
        assert_eq!(notification.original_type(), Some("transaction"), "{}", rig.name);
        assert_eq!(notification.summary(), Some(CANARY), "{}", rig.name);
        assert_eq!(notification.receiver().as_str(), DEMO_MCHID, "{}", rig.name);
        assert_eq!(
            notification.key_id(),
            &KeyId::from(FakePlatform::public_key_id()),
            "{}",
            rig.name
        );
        let created = notification.create_time().unwrap().to_string();
        assert_eq!(created, "2018-06-08T10:34:56+08:00", "{}", rig.name);
        assert!(!notification.is_combined(), "{}", rig.name);
        let raw: Value = serde_json::from_str(notification.plaintext()).unwrap();
        assert_eq!(raw, rig.canary_resource(), "{}", rig.name);
        assert_eq!(Ack.status(), 204, "{}", rig.name);
        assert_eq!(rig.receiver.counters().get("accepted"), 1, "{}", rig.name);
        let verified = paid.into_verified();
        assert_eq!(verified.signed_at(), NOW, "{}", rig.name);
    }
}

#[tokio::test]
async fn only_a_post_of_unencoded_json_is_accepted() {
    for rig in rigs() {
        let genuine = || rig.genuine();
        let methods = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post", "POST ", ""];
        rig.expect(
            405,
            "method",
            methods
                .map(|method| (method, genuine().with_method(method)))
                .into(),
        )
        .await;

        let types = [
            "",
            "text/plain",
            "application/jsonx",
            "application/x-www-form-urlencoded",
            "application",
            "json",
            "text/json",
            "application/json, text/plain",
            "application /json",
            "multipart/form-data; boundary=x",
        ];
        let mut cases: Vec<_> = types
            .iter()
            .map(|kind| (*kind, genuine().with_header("Content-Type", *kind)))
            .collect();
        cases.push(("none", genuine().without_header("Content-Type")));
        cases.push(("two", genuine().and_header("content-type", "text/plain")));
        rig.expect(415, "media_type", cases).await;

        // T13: what is signed are the plain bytes, so nothing is ever decompressed.
        let encodings = [
            "gzip",
            "br",
            "zstd",
            "deflate",
            "compress",
            "x-gzip",
            "gzip, identity",
            "identity, gzip",
            "",
            "*",
        ];
        let mut cases: Vec<_> = encodings
            .iter()
            .map(|coding| (*coding, genuine().with_header("Content-Encoding", *coding)))
            .collect();
        cases.push((
            "two",
            genuine()
                .and_header("Content-Encoding", "identity")
                .and_header("Content-Encoding", "br"),
        ));
        rig.expect(415, "encoding", cases).await;

        rig.accept(vec![
            (
                "with a charset",
                genuine().with_header("Content-Type", "application/json; charset=utf-8"),
            ),
            (
                "without a blank",
                genuine().with_header("Content-Type", "application/json;charset=UTF-8"),
            ),
            (
                "in capitals",
                genuine().with_header("CONTENT-TYPE", "Application/JSON"),
            ),
            (
                "in plain bytes",
                genuine().with_header("Content-Encoding", "identity"),
            ),
            (
                "in PLAIN bytes",
                genuine().with_header("content-encoding", "Identity"),
            ),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_body_longer_than_the_limit_is_rejected_by_its_declared_length_and_by_counting() {
    for rig in rigs() {
        assert_eq!(rig.receiver.body_limit(), DEFAULT_BODY_LIMIT, "{}", rig.name);
        let limit = rig.genuine().body.len();
        let receiver = rig.platform.receiver_builder().body_limit(limit).build().unwrap();
        let mut exact = rig.genuine().with_header("Content-Length", limit.to_string());
        assert!(payment(&receiver, &exact).await.is_ok(), "{}", rig.name);
        for declared in [limit + 1, usize::MAX] {
            let delivery = exact.clone().with_header("Content-Length", declared.to_string());
            let error = rig.rejection_of(&receiver, "declared", &delivery).await;
            assert!(
                matches!(error, NotificationError::TooLarge { limit: named } if named == limit),
                "{}",
                rig.name
            );
            assert_eq!(error.status(), 413, "{}", rig.name);
        }
        exact.headers.retain(|(name, _)| name != "Content-Length");
        let longer = [&exact.body[..], b" "].concat();
        let error = rig
            .rejection_of(&receiver, "counted", &exact.with_body(longer))
            .await;
        assert_eq!(
            (error.status().as_u16(), error.code()),
            (413, "too_large"),
            "{}",
            rig.name
        );
    }
}
