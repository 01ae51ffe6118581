//! Receiving notifications: the order of the checks, the answer of each, and what a handler gets to see.

use std::{
    collections::BTreeSet,
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    api::{refunds::RefundNotice, transactions::Transaction},
    keys::{KeyError, KeyFuture, KeyHealth, KeyStore, PinnedKeys, PlatformKey},
    notify::{
        Ack, AnyResource, Confirmed, DEFAULT_BODY_LIMIT, EventType, Expectation, MerchantReceivers, Mismatch,
        Notification, NotificationError, NotificationReceiver, Payee, Refusal, VerifiedNotification,
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, DeliveryBuilder, DemoKey, FakePlatform},
    types::{ApiV3Key, Currency, Fen, KeyId},
    verify::VerifyError,
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const ORDER: &str = "1217752501201407033233368018";
/// Stands wherever an error could pick up something that must not be shown.
const CANARY: &str = "CANARY";

/// A platform and a receiver that trusts it.
struct Rig {
    name: &'static str,
    platform: FakePlatform,
    receiver: NotificationReceiver,
}

fn rigs() -> Vec<Rig> {
    let rig = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider).clock(Clock::fixed(NOW));
        let receiver = platform.receiver();
        Rig {
            name,
            platform,
            receiver,
        }
    };
    providers().into_iter().map(rig).collect()
}

async fn receive(
    receiver: &NotificationReceiver,
    delivery: &Delivery,
) -> Result<VerifiedNotification, NotificationError> {
    let pending = receiver.begin(&delivery.method, delivery.pairs())?;
    let ready = pending.ready().await?;
    ready.finish(delivery.body.clone())
}

async fn payment(
    receiver: &NotificationReceiver,
    delivery: &Delivery,
) -> Result<Notification<Transaction>, NotificationError> {
    receive(receiver, delivery).await?.decode()
}

/// Display and Debug of an error and of everything behind it.
fn all_text(error: &(dyn Error + 'static)) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(" {cause} {cause:?}"));
        next = cause.source();
    }
    text
}

impl Rig {
    /// A payment in which everything that is nobody's business says so.
    fn canary_resource(&self) -> Value {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        resource["payer"]["sp_openid"] = json!(format!("o{CANARY}"));
        resource["attach"] = json!(CANARY);
        resource["added_later"] = json!(CANARY);
        resource
    }

    fn builder(&self) -> DeliveryBuilder {
        self.platform
            .payment_builder(ORDER, 100)
            .plaintext(self.canary_resource().to_string())
            .header_nonce(&format!("{CANARY}nonce"))
            .envelope("summary", json!(CANARY))
    }

    fn with_resource(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut resource = self.canary_resource();
        change(&mut resource);
        self.builder().plaintext(resource.to_string()).build()
    }

    fn with_text(&self, plaintext: impl Into<Vec<u8>>) -> Delivery {
        self.builder().plaintext(plaintext).build()
    }

    fn genuine(&self) -> Delivery {
        self.builder().build()
    }

    fn certificate(&self, not_after: i64) -> PlatformKey {
        let mut spec = self.platform.certificate_spec(DemoKey::Platform1, &[0xAB, 0xCD]);
        spec.not_after = not_after;
        self.platform.platform_key(&self.platform.issue(&spec))
    }

    /// Delivers, and holds what must hold of any refusal.
    async fn refusal(&self, case: &str, delivery: &Delivery) -> NotificationError {
        self.refusal_of(&self.receiver, case, delivery).await
    }

    async fn refusal_of(
        &self,
        receiver: &NotificationReceiver,
        case: &str,
        delivery: &Delivery,
    ) -> NotificationError {
        let before: u64 = receiver.counters().iter().map(|(_, count)| count).sum();
        let accepted = receiver.counters().get("accepted");
        let outcome = payment(receiver, delivery).await;
        let error = match outcome {
            Err(error) => error,
            Ok(_) => panic!("{}: {case} was accepted", self.name),
        };
        let code = error.code();
        assert!(!error.status().is_success(), "{}: {case}", self.name);
        assert!(
            !all_text(&error).contains(CANARY),
            "{}: {case} shows what it may not: {}",
            self.name,
            all_text(&error)
        );
        let refusal = Refusal::from(&error);
        assert_eq!(refusal.status(), error.status(), "{}: {case}", self.name);
        let body: Value = serde_json::from_str(refusal.body()).unwrap();
        assert_eq!(body["code"], "FAIL", "{}: {case}", self.name);
        assert_eq!(
            refusal.content_type(),
            "application/json",
            "{}: {case}",
            self.name
        );
        // Counted once by its kind; what was verified and then did not decode has been counted as accepted too.
        let newly_accepted = receiver.counters().get("accepted") - accepted;
        let after: u64 = receiver.counters().iter().map(|(_, count)| count).sum();
        assert_eq!(
            after - before,
            1 + newly_accepted,
            "{}: {case}: {code} was not counted",
            self.name
        );
        assert!(
            receiver.counters().get(code) > 0,
            "{}: {case}: {code} was not counted",
            self.name
        );
        error
    }

    async fn expect(&self, status: u16, code: &str, cases: Vec<(&str, Delivery)>) {
        for (case, delivery) in cases {
            let error = self.refusal(case, &delivery).await;
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (status, code),
                "{}: {case}: {error}",
                self.name
            );
        }
    }

    async fn accept(&self, cases: Vec<(&str, Delivery)>) {
        for (case, delivery) in cases {
            let outcome = payment(&self.receiver, &delivery).await;
            assert!(outcome.is_ok(), "{}: {case}: {}", self.name, outcome.unwrap_err());
        }
    }
}

// The steps, one by one.

#[tokio::test]
async fn a_genuine_payment_reaches_the_handler_as_what_it_is() {
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
async fn only_a_post_of_json_in_plain_bytes_is_looked_at() {
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
async fn a_body_longer_than_the_limit_is_refused_by_its_declared_length_and_by_counting() {
    for rig in rigs() {
        assert_eq!(rig.receiver.body_limit(), DEFAULT_BODY_LIMIT, "{}", rig.name);
        let limit = rig.genuine().body.len();
        let receiver = rig.platform.receiver_builder().body_limit(limit).build().unwrap();
        let mut exact = rig.genuine().with_header("Content-Length", limit.to_string());
        assert!(payment(&receiver, &exact).await.is_ok(), "{}", rig.name);
        for declared in [limit + 1, usize::MAX] {
            let delivery = exact.clone().with_header("Content-Length", declared.to_string());
            let error = rig.refusal_of(&receiver, "declared", &delivery).await;
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
            .refusal_of(&receiver, "counted", &exact.with_body(longer))
            .await;
        assert_eq!(
            (error.status().as_u16(), error.code()),
            (413, "too_large"),
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_the_signature_the_answer_is_the_same() {
    for rig in rigs() {
        let genuine = || rig.genuine();
        let stranger = rig.platform.demo_key(DemoKey::Stranger);
        let public_key: KeyId = FakePlatform::public_key_id().into();
        let certificate = rig.certificate(NOW - 301);
        let expired_key = rig.platform.demo_key(DemoKey::Platform1);
        let receiver = NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            rig.platform.api_v3_key().clone(),
            Arc::new(PinnedKeys::new([rig.platform.pinned_public_key(), certificate])),
        )
        .provider(Arc::clone(rig.platform.provider()))
        .clock(Clock::fixed(NOW))
        .build()
        .unwrap();
        let cases = [
            ("header_missing", genuine().without_header("Wechatpay-Nonce")),
            ("header_missing", genuine().without_header("Wechatpay-Signature")),
            (
                "header_duplicate",
                genuine().and_header("Wechatpay-Serial", CANARY),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Timestamp", CANARY),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Nonce", format!("{CANARY}\n")),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Serial", format!("{CANARY}!")),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Signature", format!("{CANARY}!")),
            ),
            (
                "algorithm_unsupported",
                genuine().with_header("Wechatpay-Signature-Type", CANARY),
            ),
            ("too_old", rig.builder().signed_at(NOW - 301).build()),
            ("too_new", rig.builder().signed_at(NOW + 301).build()),
            (
                "probe",
                genuine().with_header("Wechatpay-Signature", format!("WECHATPAY/SIGNTEST/{CANARY}")),
            ),
            ("key_unknown", genuine().with_header("Wechatpay-Serial", "ABCDEF")),
            (
                "key_unknown",
                genuine().with_header("Wechatpay-Serial", "PUB_KEY_ID_0000"),
            ),
            (
                "key_expired",
                rig.builder()
                    .signed_by("ABCD".parse().unwrap(), expired_key)
                    .build(),
            ),
            (
                "signature_invalid",
                rig.builder().signed_by(public_key, stranger).build(),
            ),
            (
                "signature_invalid",
                genuine().with_body(genuine().body.to_ascii_uppercase()),
            ),
            ("signature_invalid", genuine().with_body("")),
        ];
        let mut answers = BTreeSet::new();
        for (code, delivery) in cases {
            let error = rig.refusal_of(&receiver, code, &delivery).await;
            assert_eq!(error.code(), code, "{}", rig.name);
            let refusal = Refusal::from(&error);
            answers.insert((refusal.status().as_u16(), refusal.content_type(), refusal.body()));
        }
        assert_eq!(answers.len(), 1, "{}: {answers:?}", rig.name);
        assert_eq!(answers.first().unwrap().0, 401, "{}", rig.name);
    }
}

/// A store that cannot be reached.
#[derive(Debug)]
struct Unreachable(Option<Arc<PlatformKey>>);

impl KeyStore for Unreachable {
    fn get(&self, _id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.0.clone()
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        KeyFuture::new(async { Err(KeyError::StillRefreshing) })
    }

    fn announced(&self) -> Option<KeyId> {
        None
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        None
    }

    fn is_refresh_failing(&self) -> bool {
        true
    }

    fn health(&self) -> KeyHealth {
        KeyHealth::default()
    }
}

#[tokio::test]
async fn keys_that_cannot_be_had_just_now_are_503_and_retryable() {
    for rig in rigs() {
        let expired = Some(Arc::new(rig.certificate(NOW - 301)));
        for (store, code) in [
            (Unreachable(None), "key_unavailable"),
            (Unreachable(expired), "key_expired"),
        ] {
            let receiver = NotificationReceiver::builder(
                DEMO_MCHID.parse().unwrap(),
                rig.platform.api_v3_key().clone(),
                Arc::new(store),
            )
            .provider(Arc::clone(rig.platform.provider()))
            .clock(Clock::fixed(NOW))
            .build()
            .unwrap();
            let error = rig.refusal_of(&receiver, code, &rig.genuine()).await;
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (503, code),
                "{}",
                rig.name
            );
            assert!(error.is_retryable(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn an_envelope_that_is_not_what_it_should_be_is_400() {
    for rig in rigs() {
        let body = |text: &str| rig.builder().body(text.to_owned()).build();
        let genuine = String::from_utf8(rig.genuine().body.to_vec()).unwrap();
        let envelope: Value = serde_json::from_str(&genuine).unwrap();
        let without = |path: &str| {
            let mut envelope = envelope.clone();
            let (parent, key) = path.rsplit_once('/').unwrap();
            envelope
                .pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            body(&envelope.to_string())
        };
        let with = |path: &str, value: Value| {
            let mut envelope = envelope.clone();
            *envelope.pointer_mut(path).unwrap() = value;
            body(&envelope.to_string())
        };
        let twice = |key: &str| body(&genuine.replacen('{', &format!("{{\"{key}\":\"x\","), 1));
        let resource = &envelope["resource"];
        let as_list = json!([
            envelope["id"],
            envelope["create_time"],
            envelope["event_type"],
            envelope["resource_type"],
            envelope["summary"],
            resource,
        ]);
        let resource_as_list = json!([
            resource["algorithm"],
            resource["ciphertext"],
            resource["nonce"],
            resource["associated_data"],
            resource["original_type"],
        ]);
        let mut not_utf8 = genuine.clone().into_bytes();
        let at = genuine.find(CANARY).unwrap();
        not_utf8[at] = 0xFF;
        let deep = |levels: usize| {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            body(&genuine.replacen('{', &format!("{{\"added_later\":{nested},"), 1))
        };
        rig.expect(
            400,
            "envelope_malformed",
            vec![
                ("nothing", body("")),
                ("no JSON", body(CANARY)),
                ("HTML", body("<html></html>")),
                ("null", body("null")),
                ("a list", body("[]")),
                ("a list of the right values", body(&as_list.to_string())),
                ("a string", body(&format!("\"{CANARY}\""))),
                ("an empty object", body("{}")),
                ("half", body(&genuine[..genuine.len() / 2])),
                ("two documents", body(&format!("{genuine}{genuine}"))),
                ("text behind it", body(&format!("{genuine} {CANARY}"))),
                ("a byte order mark", body(&format!("\u{FEFF}{genuine}"))),
                ("not UTF-8", rig.builder().body(not_utf8).build()),
                ("too deep", deep(32)),
                ("absurdly deep", deep(60_000)),
                ("without id", without("/id")),
                ("without event_type", without("/event_type")),
                ("without resource", without("/resource")),
                ("without algorithm", without("/resource/algorithm")),
                ("without ciphertext", without("/resource/ciphertext")),
                ("without nonce", without("/resource/nonce")),
                ("id null", with("/id", Value::Null)),
                ("id empty", with("/id", json!(""))),
                ("id of 65 characters", with("/id", json!("x".repeat(65)))),
                ("id with a blank", with("/id", json!("a b"))),
                ("id with a line end", with("/id", json!("a\nb"))),
                ("id in Chinese", with("/id", json!("支付"))),
                ("id a number", with("/id", json!(1))),
                ("event_type empty", with("/event_type", json!(""))),
                ("event_type with a line end", with("/event_type", json!("A\nB"))),
                ("event_type endless", with("/event_type", json!("A".repeat(65)))),
                (
                    "another resource_type",
                    with("/resource_type", json!("plain-resource")),
                ),
                ("resource_type a number", with("/resource_type", json!(1))),
                ("resource null", with("/resource", Value::Null)),
                ("resource a string", with("/resource", json!(CANARY))),
                ("resource a list", with("/resource", resource_as_list)),
                (
                    "original_type a number",
                    with("/resource/original_type", json!(1)),
                ),
                ("id twice", twice("id")),
                ("event_type twice", twice("event_type")),
                ("resource twice", twice("resource")),
            ],
        )
        .await;
        rig.accept(vec![
            ("in another order", {
                let mut members: Vec<_> = envelope.as_object().unwrap().iter().collect();
                members.reverse();
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", json!(key)))
                    .collect();
                body(&format!("{{{}}}", members.join(",")))
            }),
            (
                "with escapes and blanks",
                body(&format!(
                    " \n{}\t",
                    genuine.replace("/", "\\/").replace("id", "\\u0069d")
                )),
            ),
            ("without create_time", without("/create_time")),
            ("create_time no time", with("/create_time", json!(CANARY))),
            ("create_time an object", with("/create_time", json!({}))),
            ("create_time twice", twice("create_time")),
            ("summary a list", with("/summary", json!([]))),
            ("without summary", without("/summary")),
            ("without resource_type", without("/resource_type")),
            ("with more members", with("/summary", json!("x"))),
            ("as deep as allowed", deep(31)),
            (
                "an unknown member twice",
                body(&genuine.replacen('{', "{\"x\":1,\"x\":2,", 1)),
            ),
        ])
        .await;
    }
}

// T14 to T17: the sealed resource.

#[tokio::test]
async fn a_ciphertext_is_canonical_base64_and_longer_than_its_tag() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let sealed = rig.platform.seal(
            nonce,
            "transaction",
            rig.canary_resource().to_string().into_bytes(),
        );
        let sound = STANDARD.encode(&sealed);
        let sealed_as =
            |ciphertext: String| rig.builder().resource_nonce(nonce).ciphertext(ciphertext).build();
        rig.accept(vec![("as it should be", sealed_as(sound.clone()))])
            .await;
        // A plaintext whose length leaves bits over in base64.
        let one_over = rig.platform.seal(nonce, "transaction", b"{} ".to_vec());
        let with_bits = STANDARD.encode(&one_over);
        let trailing_bits = {
            let stem = with_bits.trim_end_matches('=');
            let last = char::from(stem.as_bytes()[stem.len() - 1] + 1);
            format!(
                "{}{last}{}",
                &stem[..stem.len() - 1],
                "=".repeat(with_bits.len() - stem.len())
            )
        };
        assert!(with_bits.ends_with('='), "the length must leave bits over");
        let mut cases: Vec<(&str, Delivery)> = vec![
            ("empty", sealed_as(String::new())),
            ("with a line end", sealed_as(format!("{sound}\n"))),
            (
                "with a blank",
                sealed_as(format!("{} {}", &sound[..40], &sound[40..])),
            ),
            (
                "in lines of 76",
                sealed_as(format!("{}\r\n{}", &sound[..76], &sound[76..])),
            ),
            ("with the other alphabet", sealed_as(format!("-_{}", &sound[2..]))),
            (
                "without padding",
                sealed_as(with_bits.trim_end_matches('=').to_owned()),
            ),
            ("with bits left over", sealed_as(trailing_bits)),
            ("with too much padding", sealed_as(format!("{sound}===="))),
            ("in hexadecimal with a colon", sealed_as("AB:CD".to_owned())),
            ("text", sealed_as(CANARY.repeat(10) + "!")),
        ];
        // Some ciphers read such a text as a shorter tag over nothing.
        let tag_of_nothing = rig.platform.seal(nonce, "transaction", Vec::new());
        for length in 1..=16 {
            cases.push((
                "a cut tag over nothing",
                sealed_as(STANDARD.encode(&tag_of_nothing[..length])),
            ));
        }
        rig.expect(400, "envelope_malformed", cases).await;
    }
}

#[tokio::test]
async fn a_resource_that_does_not_open_is_500_and_an_alarm() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let sealed = rig.platform.seal(
            nonce,
            "transaction",
            rig.canary_resource().to_string().into_bytes(),
        );
        let bent = |place: usize| {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            rig.builder()
                .resource_nonce(nonce)
                .ciphertext(STANDARD.encode(bent))
                .build()
        };
        let as_is = rig
            .builder()
            .resource_nonce(nonce)
            .ciphertext(STANDARD.encode(&sealed));
        let cut = STANDARD.encode(&sealed[..sealed.len() - 1]);
        let mut no_tag = sealed.clone();
        let tag_at = no_tag.len() - 16;
        no_tag[tag_at..].fill(0);
        rig.expect(
            500,
            "decrypt_failed",
            vec![
                ("the first bit changed", bent(0)),
                ("the tag changed", bent(sealed.len() - 1)),
                (
                    "a tag of zeros",
                    rig.builder()
                        .resource_nonce(nonce)
                        .ciphertext(STANDARD.encode(no_tag))
                        .build(),
                ),
                (
                    "the last byte missing",
                    rig.builder().resource_nonce(nonce).ciphertext(cut).build(),
                ),
                (
                    "another nonce",
                    as_is.clone().resource_nonce("0123456789ac").build(),
                ),
                (
                    "another associated_data",
                    as_is.clone().associated_data(json!("refund")).build(),
                ),
                ("no associated_data", as_is.associated_data(Value::Null).build()),
            ],
        )
        .await;
        let other_key = NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            ApiV3Key::parse("AnotherApiV3KeyAnotherApiV3Key12").unwrap(),
            rig.platform.key_store(),
        )
        .provider(Arc::clone(rig.platform.provider()))
        .clock(Clock::fixed(NOW))
        .build()
        .unwrap();
        let error = rig.refusal_of(&other_key, "another key", &rig.genuine()).await;
        assert_eq!(
            (error.status().as_u16(), error.is_alarm()),
            (500, true),
            "{}",
            rig.name
        );
        assert!(!error.is_retryable(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_resource_nonce_has_twelve_bytes() {
    for rig in rigs() {
        let sound = STANDARD.encode([7; 40]);
        let nonces = [
            "",
            "0",
            "0123456789a",
            "0123456789abc",
            "0123456789abcdef",
            "零一二三",
            "零一二三四五六七八九十百",
        ];
        for nonce in nonces {
            let delivery = rig.builder().resource_nonce(nonce).ciphertext(&sound).build();
            let error = rig.refusal(nonce, &delivery).await;
            let expected = if nonce.len() == 12 {
                "decrypt_failed"
            } else {
                "envelope_malformed"
            };
            assert_eq!(error.code(), expected, "{}: {nonce:?}", rig.name);
        }
    }
}

#[tokio::test]
async fn associated_data_may_be_missing_null_or_empty_and_must_be_text() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let plaintext = || rig.canary_resource().to_string().into_bytes();
        let bare = STANDARD.encode(rig.platform.seal(nonce, "", plaintext()));
        let chinese = STANDARD.encode(rig.platform.seal(nonce, "支付", plaintext()));
        let sealed = |ciphertext: &str, associated_data: Value| {
            let builder = rig.builder().resource_nonce(nonce).ciphertext(ciphertext);
            let delivery = builder.clone().associated_data(json!("x")).build();
            let mut envelope: Value = serde_json::from_slice(&delivery.body).unwrap();
            envelope["resource"]["associated_data"] = associated_data;
            builder.body(envelope.to_string()).build()
        };
        rig.accept(vec![
            (
                "missing",
                rig.builder()
                    .resource_nonce(nonce)
                    .ciphertext(&bare)
                    .associated_data(Value::Null)
                    .build(),
            ),
            ("null", sealed(&bare, Value::Null)),
            ("empty", sealed(&bare, json!(""))),
            ("in Chinese", sealed(&chinese, json!("支付"))),
        ])
        .await;
        rig.expect(
            400,
            "envelope_malformed",
            vec![
                ("a number", sealed(&bare, json!(1))),
                ("false", sealed(&bare, json!(false))),
                ("an object", sealed(&bare, json!({}))),
                ("a list", sealed(&bare, json!([]))),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn no_other_algorithm_is_tried() {
    for rig in rigs() {
        let algorithms = [
            "",
            "AEAD_SM4_GCM",
            "aead_aes_256_gcm",
            "AES_256_GCM",
            "AEAD_AES_256_GCM ",
            "none",
        ];
        let cases = algorithms.map(|algorithm| (algorithm, rig.builder().algorithm(algorithm).build()));
        rig.expect(400, "resource_algorithm_unsupported", cases.into())
            .await;
    }
}

// T18: the decrypted text.

#[tokio::test]
async fn a_resource_that_is_not_one_json_object_is_400() {
    for rig in rigs() {
        let genuine = rig.canary_resource().to_string();
        let twice = |key: &str, value: Value| {
            rig.with_text(genuine.replacen('{', &format!("{{\"{key}\":{value},"), 1))
        };
        let deep = |levels: usize| {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            rig.with_text(genuine.replacen('{', &format!("{{\"deep\":{nested},"), 1))
        };
        let mut not_utf8 = genuine.clone().into_bytes();
        not_utf8[genuine.find(CANARY).unwrap()] = 0xFF;
        rig.expect(
            400,
            "payload_malformed",
            vec![
                ("no JSON", rig.with_text(CANARY)),
                ("NaN", rig.with_text("NaN")),
                ("null", rig.with_text("null")),
                ("a number", rig.with_text("1")),
                ("a string", rig.with_text(format!("\"{CANARY}\""))),
                ("a list", rig.with_text(format!("[{genuine}]"))),
                (
                    "a list of nulls",
                    rig.with_text("[null,null,null,null,null,null,null,null]"),
                ),
                ("an empty object", rig.with_text("{}")),
                ("half", rig.with_text(&genuine[..genuine.len() / 2])),
                ("two documents", rig.with_text(format!("{genuine}{genuine}"))),
                ("text behind it", rig.with_text(format!("{genuine}{CANARY}"))),
                ("a byte order mark", rig.with_text(format!("\u{FEFF}{genuine}"))),
                ("not UTF-8", rig.with_text(not_utf8)),
                ("a NUL behind it", rig.with_text(format!("{genuine}\0"))),
                ("too deep", deep(32)),
                ("absurdly deep", deep(60_000)),
                ("out_trade_no twice", twice("out_trade_no", json!(ORDER))),
                ("trade_state twice", twice("trade_state", json!("SUCCESS"))),
                ("amount twice", twice("amount", json!({ "total": 1 }))),
                ("sp_mchid twice", twice("sp_mchid", json!(DEMO_MCHID))),
            ],
        )
        .await;
        rig.accept(vec![
            ("as deep as allowed", deep(31)),
            ("an unknown member twice", twice("added_later", json!(CANARY))),
            ("payer twice", twice("payer", json!({}))),
            ("with blanks", rig.with_text(format!("\n {genuine} \n"))),
        ])
        .await;
    }
}

#[tokio::test]
async fn money_is_a_non_negative_integer_in_the_json_too() {
    for rig in rigs() {
        let genuine = rig.canary_resource().to_string();
        assert!(genuine.contains("\"total\":100"));
        let total =
            |text: &str| rig.with_text(genuine.replacen("\"total\":100", &format!("\"total\":{text}"), 1));
        let bad = [
            "1.0",
            "100.00",
            "1e2",
            "1E2",
            "-1",
            "-0.0",
            "\"100\"",
            "null",
            "true",
            "[]",
            "{}",
            "9223372036854775808",
            "99999999999999999999",
            "1e400",
            "NaN",
            "Infinity",
            "0x64",
            "0100",
            "+100",
            "",
        ];
        rig.expect(
            400,
            "payload_malformed",
            bad.map(|text| (text, total(text))).into(),
        )
        .await;
        rig.accept(
            ["0", "1", "9223372036854775807"]
                .map(|text| (text, total(text)))
                .into(),
        )
        .await;
    }
}

#[tokio::test]
async fn a_payment_without_what_every_payment_has_is_400() {
    for rig in rigs() {
        let without = |key: &'static str| {
            let delivery = rig.with_resource(|resource| {
                resource.as_object_mut().unwrap().remove(key);
            });
            (key, delivery)
        };
        let keys = [
            "out_trade_no",
            "trade_state",
            "transaction_id",
            "amount",
            "sub_mchid",
            "sp_mchid",
        ];
        rig.expect(400, "payload_malformed", keys.map(without).into())
            .await;
        rig.expect(
            400,
            "payload_malformed",
            vec![
                (
                    "sp_mchid beside mchid",
                    rig.with_resource(|resource| resource["mchid"] = json!(DEMO_MCHID)),
                ),
                (
                    "an empty amount",
                    rig.with_resource(|resource| resource["amount"] = json!({})),
                ),
                (
                    "an empty transaction_id",
                    rig.with_resource(|resource| resource["transaction_id"] = json!("")),
                ),
                (
                    "an order number with a blank",
                    rig.with_resource(|resource| resource["out_trade_no"] = json!("a b")),
                ),
                (
                    "a mchid that is a number",
                    rig.with_resource(|resource| resource["sp_mchid"] = json!(1_900_000_001)),
                ),
            ],
        )
        .await;
        rig.accept(vec![
            without("attach"),
            without("payer"),
            without("scene_info"),
            without("bank_type"),
            without("success_time"),
            without("trade_type"),
            without("trade_state_desc"),
            (
                "empty strings",
                rig.with_resource(|resource| {
                    for key in [
                        "attach",
                        "bank_type",
                        "success_time",
                        "trade_type",
                        "sub_appid",
                        "mchid",
                        "appid",
                    ] {
                        resource[key] = json!("");
                    }
                }),
            ),
            (
                "nulls",
                rig.with_resource(|resource| {
                    for key in [
                        "attach",
                        "payer",
                        "scene_info",
                        "promotion_detail",
                        "mchid",
                        "appid",
                        "trade_state_desc",
                    ] {
                        resource[key] = Value::Null;
                    }
                }),
            ),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_refund_names_a_merchant_like_a_payment_does() {
    for rig in rigs() {
        let genuine = json!({
            "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "transaction_id": "42",
            "out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS",
            "amount": { "total": 1, "refund": 1, "payer_total": 1, "payer_refund": 1 },
        });
        let decode = async |change: &dyn Fn(&mut Value)| {
            let mut resource = genuine.clone();
            change(&mut resource);
            let delivery = rig
                .platform
                .delivery("REFUND.SUCCESS", "refund", &resource)
                .build();
            let refund = receive(&rig.receiver, &delivery)
                .await?
                .decode::<RefundNotice>()?;
            Ok::<_, NotificationError>(refund.into_inner())
        };
        assert!(decode(&|_| {}).await.is_ok(), "{}", rig.name);
        let direct = |resource: &mut Value| {
            resource
                .as_object_mut()
                .unwrap()
                .retain(|key, _| !key.ends_with("p_mchid") && key != "sub_mchid");
            resource["mchid"] = json!(DEMO_MCHID);
        };
        assert!(decode(&direct).await.is_ok(), "{}", rig.name);
        let without = |key: &'static str| {
            move |resource: &mut Value| drop(resource.as_object_mut().unwrap().remove(key))
        };
        let both = |resource: &mut Value| resource["mchid"] = json!(DEMO_MCHID);
        let changes: [&dyn Fn(&mut Value); 4] = [
            &without("sp_mchid"),
            &without("sub_mchid"),
            &without("refund_status"),
            &both,
        ];
        for change in changes {
            let error = decode(change).await.unwrap_err();
            assert_eq!(error.code(), "payload_malformed", "{}", rig.name);
        }
    }
}

// The order of the steps.

#[tokio::test]
async fn of_several_flaws_the_first_in_the_fixed_order_is_answered() {
    type Break = fn(Delivery) -> Delivery;
    let breaks: [(&str, Break); 10] = [
        ("method", |delivery| delivery.with_method("GET")),
        ("media_type", |delivery| {
            delivery.with_header("Content-Type", "text/plain")
        }),
        ("encoding", |delivery| {
            delivery.with_header("Content-Encoding", "gzip")
        }),
        ("too_large", |delivery| {
            delivery.with_header("Content-Length", "999999999")
        }),
        ("header_missing", |delivery| {
            delivery.without_header("Wechatpay-Nonce")
        }),
        ("algorithm_unsupported", |delivery| {
            delivery.with_header("Wechatpay-Signature-Type", "none")
        }),
        ("too_old", |delivery| {
            delivery.with_header("Wechatpay-Timestamp", (NOW - 400).to_string())
        }),
        ("probe", |delivery| {
            delivery.with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x")
        }),
        ("key_unknown", |delivery| {
            delivery.with_header("Wechatpay-Serial", "ABCDEF")
        }),
        ("signature_invalid", |delivery| {
            let body = [&delivery.body[..], b" "].concat();
            delivery.with_body(body)
        }),
    ];
    for rig in rigs() {
        // Flaws inside, each of which the ones before it hide.
        let sealed = |associated_data: &str, plaintext: &str| {
            STANDARD.encode(
                rig.platform
                    .seal("0123456789ab", associated_data, plaintext.as_bytes().to_vec()),
            )
        };
        let foreign = rig
            .canary_resource()
            .to_string()
            .replace(DEMO_MCHID, "1900000002");
        let broken = format!("{foreign}}}");
        let builder = |ciphertext: String| {
            rig.builder()
                .resource_nonce("0123456789ab")
                .ciphertext(ciphertext)
        };
        let inner = [
            (
                "envelope_malformed",
                builder(sealed("refund", &broken))
                    .algorithm("none")
                    .envelope("id", json!("")),
            ),
            (
                "resource_algorithm_unsupported",
                builder(sealed("refund", &broken)).algorithm("none"),
            ),
            ("decrypt_failed", builder(sealed("refund", &broken))),
            ("payload_malformed", builder(sealed("transaction", &broken))),
            (
                "wrong_merchant",
                builder(sealed("transaction", &foreign)).event_type("REFUND.SUCCESS"),
            ),
        ];
        for (code, delivery) in inner {
            let error = rig.refusal(code, &delivery.build()).await;
            assert_eq!(error.code(), code, "{}", rig.name);
        }
        let all_inner = builder(sealed("refund", &broken))
            .algorithm("none")
            .envelope("id", json!(""))
            .build();
        for first in 0..breaks.len() {
            let delivery = breaks[first..]
                .iter()
                .fold(all_inner.clone(), |delivery, (_, bend)| bend(delivery));
            let error = rig.refusal(breaks[first].0, &delivery).await;
            assert_eq!(error.code(), breaks[first].0, "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn everything_up_to_the_key_is_decided_before_the_body_is_read() {
    for rig in rigs() {
        let delivery = rig.genuine();
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        let ready = pending.ready().await.unwrap();
        assert_eq!(ready.receiver().mchid().as_str(), DEMO_MCHID, "{}", rig.name);
        // Only now does the body come into play.
        assert!(ready.finish(delivery.body.clone()).is_ok(), "{}", rig.name);
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        assert!(
            pending.finish(delivery.body.clone()).await.is_ok(),
            "{}",
            rig.name
        );
    }
}

#[test]
fn what_an_adapter_finds_itself_has_its_answer_too() {
    let io = || Box::from("connection reset");
    let cases: [(NotificationError, u16, &str, bool); 5] = [
        (NotificationError::TooLarge { limit: 1 }, 413, "too_large", false),
        (NotificationError::BodyTimeout, 408, "body_timeout", true),
        (NotificationError::BodyAborted(io()), 400, "body_aborted", true),
        (
            NotificationError::Unhandled {
                event_type: "X".into(),
            },
            500,
            "unhandled",
            false,
        ),
        (
            NotificationError::TypeMismatch {
                event_type: "X".into(),
                takes: "Transaction",
            },
            400,
            "type_mismatch",
            false,
        ),
    ];
    for rig in rigs() {
        for (error, status, code, retryable) in &cases {
            assert_eq!((error.status().as_u16(), error.code()), (*status, *code));
            assert_eq!(error.is_retryable(), *retryable, "{code}");
            rig.receiver.refused(error);
            assert_eq!(
                rig.receiver.counters().get(code),
                1,
                "{}: {code} is not counted",
                rig.name
            );
        }
        assert_eq!(rig.receiver.counters().get("accepted"), 0, "{}", rig.name);
        assert_eq!(rig.receiver.counters().get("no such kind"), 0, "{}", rig.name);
    }
}

#[test]
fn the_refusals_that_a_handler_may_give_are_never_a_success() {
    for (refusal, status) in [
        (Refusal::failed(), 500),
        (Refusal::unavailable(), 503),
        (Refusal::in_progress(), 409),
        (Refusal::contradicted(), 403),
    ] {
        assert_eq!(refusal.status(), status);
        assert!(refusal.body().starts_with("{\"code\":\"FAIL\","));
    }
}

// T19: kinds; the cross product of all of them is in `notify_kinds.rs`.

#[tokio::test]
async fn an_unknown_kind_is_given_on_word_for_word() {
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
async fn a_mismatch_is_counted_although_the_notification_was_genuine() {
    for rig in rigs() {
        let refund = rig.platform.refund(ORDER, "R1", 100);
        let error = payment(&rig.receiver, &refund).await.unwrap_err();
        assert_eq!(
            (error.status().as_u16(), error.code()),
            (400, "type_mismatch"),
            "{}",
            rig.name
        );
        assert_eq!(rig.receiver.counters().get("type_mismatch"), 1, "{}", rig.name);
    }
}

// T20: other people's notifications.

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
        let error = rig.refusal("again", &other.payment(ORDER, 100)).await;
        assert!(error.is_alarm(), "{}", rig.name);
        assert!(
            matches!(error, NotificationError::WrongMerchant { field: "sp_mchid" }),
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn keys_of_two_merchants_are_never_one_ring() {
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
            rig.refusal_of(&receiver, "theirs", &others).await.code(),
            "key_unknown",
            "{}",
            rig.name
        );
        assert_eq!(
            rig.refusal("ours", &own).await.code(),
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
            let error = rig.refusal_of(&receiver, field, &delivery).await;
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

#[test]
fn a_directory_builds_one_receiver_per_merchant_and_knows_no_others() {
    for rig in rigs() {
        let built = Arc::new(AtomicUsize::new(0));
        let directory = MerchantReceivers::lazy({
            let (built, platform) = (Arc::clone(&built), rig.platform.clone());
            move |mchid| {
                built.fetch_add(1, Ordering::Relaxed);
                match mchid.as_str() {
                    "1900000001" | "1900000002" => Some(platform.clone().mchid(mchid.clone()).receiver()),
                    // A mistake of the application: it must not answer for somebody else.
                    "1900000003" => Some(platform.receiver()),
                    _ => None,
                }
            }
        });
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    for mchid in ["1900000001", "1900000002"] {
                        assert_eq!(directory.get(mchid).unwrap().mchid().as_str(), mchid);
                    }
                });
            }
        });
        assert_eq!(built.load(Ordering::Relaxed), 2, "{}", rig.name);
        for unknown in ["1900000003", "1900000004", "", "../1900000001", "01900000001"] {
            let error = directory.get(unknown).unwrap_err();
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (404, "unknown_merchant"),
                "{}: {unknown}",
                rig.name
            );
        }
        directory.remove(&"1900000001".parse().unwrap());
        assert!(directory.get("1900000001").is_ok(), "{}", rig.name);
    }
}

// T21: the order.

fn partner() -> Payee {
    Payee::Partner {
        sp_appid: DEMO_APPID.parse().unwrap(),
        sp_mchid: DEMO_MCHID.parse().unwrap(),
        sub_mchid: DEMO_SUB_MCHID.parse().unwrap(),
    }
}

fn direct() -> Payee {
    Payee::Direct {
        appid: DEMO_APPID.parse().unwrap(),
        mchid: DEMO_MCHID.parse().unwrap(),
    }
}

fn expectation(payee: Payee) -> Expectation {
    Expectation::new(ORDER.parse().unwrap(), payee, Fen::from(100), Currency::Cny)
}

impl Rig {
    async fn check(&self, payee: Payee, change: impl FnOnce(&mut Value)) -> Result<Confirmed, Mismatch> {
        let mut resource = self.canary_resource();
        if matches!(payee, Payee::Direct { .. }) {
            let members = resource.as_object_mut().unwrap();
            members.retain(|key, _| !key.starts_with("sp_") && !key.starts_with("sub_"));
            members.insert("appid".into(), json!(DEMO_APPID));
            members.insert("mchid".into(), json!(DEMO_MCHID));
        }
        change(&mut resource);
        let delivery = self.builder().plaintext(resource.to_string()).build();
        payment(&self.receiver, &delivery)
            .await
            .unwrap()
            .expect(&expectation(payee))
    }
}

#[tokio::test]
async fn a_payment_of_the_order_is_confirmed_with_its_number_and_total() {
    for rig in rigs() {
        for payee in [partner(), direct()] {
            let confirmed = rig.check(payee, |_| {}).await.unwrap();
            assert_eq!(
                confirmed.transaction_id(),
                &"4200001234202401011234567890",
                "{}",
                rig.name
            );
            assert_eq!(confirmed.total(), Fen::from(100), "{}", rig.name);
            assert_eq!(confirmed.out_trade_no, ORDER, "{}", rig.name);
            assert!(
                !format!("{confirmed:?}").contains(CANARY),
                "{}: {confirmed:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn each_field_that_differs_from_the_order_is_named() {
    type Change = fn(&mut Value);
    let both: [(&[&str], Change); 8] = [
        (&["out_trade_no"], |paid| {
            paid["out_trade_no"] = json!("ANOTHER-ORDER");
        }),
        (&["amount.total"], |paid| paid["amount"]["total"] = json!(99)),
        (&["amount.total"], |paid| paid["amount"]["total"] = json!(101)),
        (&["amount.total"], |paid| {
            // A coupon lowers what the payer gives, never what the order costs.
            paid["amount"]["total"] = json!(1);
            paid["amount"]["payer_total"] = json!(100);
        }),
        (&["amount.currency"], |paid| {
            paid["amount"]["currency"] = json!("USD");
        }),
        (&["trade_state"], |paid| paid["trade_state"] = json!("REFUND")),
        (&["trade_state"], |paid| paid["trade_state"] = json!("BRAND_NEW")),
        (&["trade_state", "out_trade_no", "amount.total"], |paid| {
            paid["trade_state"] = json!("CLOSED");
            paid["out_trade_no"] = json!("ANOTHER-ORDER");
            paid["amount"]["total"] = json!(1);
        }),
    ];
    let partners: [(&[&str], Change); 2] = [
        (&["sp_appid"], |paid| paid["sp_appid"] = json!("wxOther")),
        (&["sub_mchid"], |paid| paid["sub_mchid"] = json!("1900000999")),
    ];
    let directs: [(&[&str], Change); 1] = [(&["appid"], |paid| paid["appid"] = json!("wxOther"))];
    for rig in rigs() {
        let partners = both.iter().chain(&partners).map(|case| (partner(), case));
        let directs = both.iter().chain(&directs).map(|case| (direct(), case));
        for (payee, (fields, change)) in partners.chain(directs) {
            let mismatch = rig.check(payee, change).await.unwrap_err();
            assert_eq!(mismatch.fields(), *fields, "{}", rig.name);
            assert!(
                mismatch.to_string().contains(fields[0]),
                "{}: {mismatch}",
                rig.name
            );
            assert!(!all_text(&mismatch).contains(CANARY), "{}", rig.name);
        }
        let coupon: Change = |paid| paid["amount"]["payer_total"] = json!(1);
        let no_currency: Change = |paid| drop(paid["amount"].as_object_mut().unwrap().remove("currency"));
        for change in [coupon, no_currency] {
            assert!(rig.check(partner(), change).await.is_ok(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_partners_payment_is_not_a_direct_one_and_the_reverse() {
    for rig in rigs() {
        let delivered = payment(&rig.receiver, &rig.genuine()).await.unwrap();
        let mismatch = delivered.expect(&expectation(direct())).unwrap_err();
        assert_eq!(mismatch.fields(), ["appid", "mchid", "sp_mchid"], "{}", rig.name);
        assert!(!mismatch.is_only_unpaid(), "{}", rig.name);
        let direct_payment = rig.with_resource(|resource| {
            let members = resource.as_object_mut().unwrap();
            members.retain(|key, _| !key.starts_with("sp_") && !key.starts_with("sub_"));
            members.insert("appid".into(), json!(DEMO_APPID));
            members.insert("mchid".into(), json!(DEMO_MCHID));
        });
        let delivered = payment(&rig.receiver, &direct_payment).await.unwrap();
        let mismatch = delivered.expect(&expectation(partner())).unwrap_err();
        assert_eq!(
            mismatch.fields(),
            ["sp_appid", "sp_mchid", "sub_mchid", "mchid"],
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn a_queried_order_that_is_not_paid_yet_says_so() {
    for rig in rigs() {
        let query = async |order: Value| {
            let body = order.to_string();
            let headers = rig.platform.sign(body.as_bytes());
            let pairs = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_slice()));
            let keyed = rig.receiver.verifier().begin(pairs).unwrap().key().await.unwrap();
            let order = keyed.verify(body.into()).unwrap().json::<Transaction>().unwrap();
            order.expect(&expectation(partner()))
        };
        let unpaid = json!({
            "sp_appid": DEMO_APPID, "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER,
            "trade_state": "NOTPAY", "trade_state_desc": "未支付",
        });
        let mismatch = query(unpaid.clone()).await.unwrap_err();
        assert!(mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        let mut other = unpaid.clone();
        other["out_trade_no"] = json!("ANOTHER-ORDER");
        assert!(!query(other).await.unwrap_err().is_only_unpaid(), "{}", rig.name);
        assert!(query(rig.canary_resource()).await.is_ok(), "{}", rig.name);
        // What is there and differs is a difference, whatever the state.
        for state in ["NOTPAY", "CLOSED", "USERPAYING", "PAYERROR", "ACCEPT", "REVOKED"] {
            let mut order = unpaid.clone();
            order["trade_state"] = json!(state);
            let only_unpaid = async |amount: Value| {
                let mut order = order.clone();
                order["amount"] = amount;
                query(order).await.unwrap_err().is_only_unpaid()
            };
            assert!(
                query(order.clone()).await.unwrap_err().is_only_unpaid(),
                "{state}"
            );
            assert!(
                only_unpaid(json!({"total": 100, "currency": "CNY", "payer_currency": "CNY"})).await,
                "{state}"
            );
            assert!(only_unpaid(json!({"total": 100})).await, "{state}");
            assert!(
                !only_unpaid(json!({"total": 1, "currency": "CNY"})).await,
                "{state}"
            );
            assert!(
                !only_unpaid(json!({"total": 100, "currency": "USD"})).await,
                "{state}"
            );
            assert!(!only_unpaid(json!({"currency": "USD"})).await, "{state}");
        }
        // What is given back was paid, and of a state that nobody knows nothing is known.
        for (state, total) in [("REFUND", 100), ("REFUND", 1), ("SOMETHING_NEW", 100)] {
            let mut order = rig.canary_resource();
            order["trade_state"] = json!(state);
            order["amount"]["total"] = json!(total);
            let mismatch = query(order).await.unwrap_err();
            assert!(!mismatch.is_only_unpaid(), "{}: {state} {mismatch}", rig.name);
            assert!(mismatch.fields().contains(&"trade_state"), "{mismatch}");
        }
        let mut without_number = rig.canary_resource();
        without_number["transaction_id"] = json!("");
        let mismatch = query(without_number).await.unwrap_err();
        assert_eq!(mismatch.fields(), ["transaction_id"], "{}", rig.name);
        assert!(!mismatch.is_only_unpaid(), "{}", rig.name);
    }
}

// T35: nothing slips out.

#[tokio::test]
async fn what_was_received_does_not_show_what_is_in_it() {
    for rig in rigs() {
        let delivery = rig.genuine();
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        let mut shown = format!("{:?} {pending:?} ", rig.receiver);
        let lookup = pending.ready();
        shown.push_str(&format!("{lookup:?} "));
        let ready = lookup.await.unwrap();
        shown.push_str(&format!("{ready:?} "));
        let verified = ready.finish(delivery.body.clone()).unwrap();
        shown.push_str(&format!("{verified:?} "));
        let any = verified.clone().decode::<AnyResource>().unwrap();
        shown.push_str(&format!("{any:?} "));
        let paid = verified.decode::<Transaction>().unwrap();
        shown.push_str(&format!("{paid:?} {:?}", paid.clone().into_verified()));
        assert!(!shown.contains(CANARY), "{}: {shown}", rig.name);
        assert!(
            !shown.contains(
                rig.platform
                    .api_v3_key()
                    .expose()
                    .escape_ascii()
                    .to_string()
                    .as_str()
            )
        );
        assert!(shown.contains("TransactionSuccess"), "{}: {shown}", rig.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_platform_seals_and_signs_nothing_panics_and_no_text_shows(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        plaintext in "[\\{\\}\\[\\]\",:0-9a-z\\\\ \u{0}\u{FF}]{0,60}",
        nonce in "[a-z]{10,14}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for rig in rigs() {
            let raw = rig.builder().body(body.clone()).build();
            let sealed = rig.with_text(plaintext.clone());
            let odd = rig.builder().resource_nonce(&nonce).ciphertext(STANDARD.encode(&body)).build();
            for delivery in [raw, sealed, odd] {
                let outcome = runtime.block_on(payment(&rig.receiver, &delivery));
                prop_assert!(outcome.is_err());
            }
        }
    }
}

#[test]
fn every_kind_of_refusal_has_a_counter() {
    let id: KeyId = "AB".parse().unwrap();
    let shape = || wechatpay_core::notify::Shape::NotUtf8;
    let header = wechatpay_core::verify::SignatureHeader::Nonce;
    let verify = [
        VerifyError::HeaderMissing(header),
        VerifyError::HeaderDuplicate(header),
        VerifyError::HeaderMalformed {
            header,
            problem: "bent",
        },
        VerifyError::AlgorithmUnsupported,
        VerifyError::TooOld { seconds: 301 },
        VerifyError::TooNew { seconds: 301 },
        VerifyError::Probe,
        VerifyError::KeyUnknown { id: id.clone() },
        VerifyError::KeyUnavailable {
            id: id.clone(),
            source: KeyError::StillRefreshing,
        },
        VerifyError::KeyExpired {
            id: id.clone(),
            refresh_failing: false,
        },
        VerifyError::SignatureInvalid { id },
    ];
    let kind = || "X".to_owned();
    let others = [
        NotificationError::Method,
        NotificationError::MediaType,
        NotificationError::Encoding,
        NotificationError::TooLarge { limit: 1 },
        NotificationError::UnknownMerchant,
        NotificationError::BodyTimeout,
        NotificationError::BodyAborted("reset".into()),
        NotificationError::EnvelopeMalformed(shape()),
        NotificationError::AlgorithmUnsupported,
        NotificationError::DecryptFailed,
        NotificationError::PayloadMalformed(shape()),
        NotificationError::TypeMismatch {
            event_type: kind(),
            takes: "Transaction",
        },
        NotificationError::WrongMerchant { field: "mchid" },
        NotificationError::Unhandled { event_type: kind() },
    ];
    for rig in rigs() {
        let counters = rig.receiver.counters();
        let names: Vec<&str> = counters.iter().map(|(name, _)| name).collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "{}", rig.name);
        let mut seen = BTreeSet::from(["accepted"]);
        for error in &verify {
            // Responses of the API use these names, too.
            assert!(seen.insert(error.code()), "{}", error.code());
        }
        for error in &others {
            assert!(seen.insert(error.code()), "{}", error.code());
            rig.receiver.refused(error);
            assert_eq!(counters.get(error.code()), 1, "{}", error.code());
        }
        assert_eq!(seen, unique, "{}", rig.name);
        // XML of API v2 is a media type like any other to those who count.
        rig.receiver.refused(&NotificationError::ApiV2);
        assert_eq!(counters.get("media_type"), 2);
        let total: u64 = counters.iter().map(|(_, count)| count).sum();
        assert_eq!(total, 15);
    }
    for error in verify {
        let code = error.code();
        assert_eq!(NotificationError::from(error).code(), code);
    }
}

#[test]
fn a_message_that_was_verified_and_then_refused_is_an_alarm() {
    let shape = || wechatpay_core::notify::Shape::NotUtf8;
    let alarms = [
        NotificationError::EnvelopeMalformed(shape()),
        NotificationError::AlgorithmUnsupported,
        NotificationError::DecryptFailed,
        NotificationError::PayloadMalformed(shape()),
        NotificationError::TypeMismatch {
            event_type: "X".into(),
            takes: "Transaction",
        },
        NotificationError::WrongMerchant { field: "mchid" },
        NotificationError::Unhandled {
            event_type: "X".into(),
        },
    ];
    for error in alarms {
        assert!(error.is_alarm(), "{error}");
    }
    // Anybody can cause these.
    for error in [
        NotificationError::Method,
        NotificationError::ApiV2,
        NotificationError::UnknownMerchant,
        NotificationError::BodyTimeout,
        NotificationError::from(VerifyError::Probe),
    ] {
        assert!(!error.is_alarm(), "{error}");
    }
}

#[tokio::test]
async fn another_kind_is_named_and_is_not_called_malformed() {
    for rig in rigs() {
        let refund = rig.platform.refund(ORDER, "R1", 100);
        let error = payment(&rig.receiver, &refund).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "REFUND.SUCCESS is genuine, but this route takes Transaction; take AnyResource or add a route"
        );
        assert_eq!(error.status(), 400);
        assert!(!Refusal::from(&error).body().contains("malformed"));

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
async fn xml_of_api_v2_is_refused_as_such() {
    for rig in rigs() {
        for content_type in ["text/xml", "application/xml; charset=utf-8", "TEXT/XML"] {
            let v2 = rig.genuine().with_header("Content-Type", content_type);
            let error = rig.refusal(content_type, &v2).await;
            assert_eq!((error.status().as_u16(), error.code()), (415, "media_type"));
            assert!(error.to_string().starts_with("this is API v2 (XML)"), "{error}");
        }
    }
}

#[tokio::test]
async fn the_skew_of_what_is_refused_for_its_time_can_be_seen() {
    for rig in rigs() {
        let at = |now| {
            rig.platform
                .receiver_builder()
                .clock(Clock::fixed(now))
                .build()
                .unwrap()
        };
        for (skew, code) in [(600, "too_old"), (-3600, "too_new")] {
            let receiver = at(NOW + skew);
            assert_eq!(receiver.verifier().refused_clock_skew(), None);
            let error = rig.refusal_of(&receiver, code, &rig.genuine()).await;
            assert_eq!(error.code(), code);
            assert_eq!(receiver.verifier().refused_clock_skew(), Some(skew));
            let seconds = skew.unsigned_abs();
            let side = if skew > 0 { "ahead" } else { "behind" };
            assert!(
                error
                    .to_string()
                    .contains(&format!("seems to be {seconds} s {side}")),
                "{error}"
            );
        }
        // A replay is refused the same way; the next genuine message takes the suspicion back.
        let old = rig.builder().signed_at(NOW - 400).build();
        assert_eq!(rig.refusal("a replay", &old).await.code(), "too_old");
        assert_eq!(rig.receiver.verifier().refused_clock_skew(), Some(400));
        receive(&rig.receiver, &rig.genuine()).await.unwrap();
        assert_eq!(rig.receiver.verifier().refused_clock_skew(), None);
        assert_eq!(rig.receiver.verifier().clock_skew(), 0);
    }
}

// Many merchants: what is checked before one is looked up, and what is remembered.

/// Sends a delivery through a directory, to the merchant that its path would name.
async fn through(
    directory: &MerchantReceivers,
    delivery: &Delivery,
    mchid: &str,
) -> Result<VerifiedNotification, NotificationError> {
    let pending = directory.begin(&delivery.method, delivery.pairs())?;
    pending.of(Some(mchid)).await?.finish(delivery.body.clone()).await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_looked_up_for_a_request_that_its_headers_refuse() {
    for rig in rigs() {
        let built = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&built);
        let directory = MerchantReceivers::lazy(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            None
        })
        .clock(Clock::fixed(NOW));
        let genuine = rig.genuine();
        let bare = Delivery {
            headers: Vec::new(),
            ..genuine.clone()
        };
        let refused = [
            ("method", genuine.clone().with_method("GET")),
            ("media_type", bare),
            (
                "media_type",
                genuine.clone().with_header("Content-Type", "text/xml"),
            ),
            (
                "encoding",
                genuine.clone().with_header("Content-Encoding", "gzip"),
            ),
            (
                "too_large",
                genuine.clone().with_header("Content-Length", "262145"),
            ),
            (
                "header_missing",
                genuine.clone().without_header("Wechatpay-Nonce"),
            ),
            (
                "header_duplicate",
                genuine.clone().and_header("Wechatpay-Serial", "AB"),
            ),
            ("too_old", rig.builder().signed_at(NOW - 301).build()),
            ("too_new", rig.builder().signed_at(NOW + 301).build()),
            (
                "probe",
                genuine
                    .clone()
                    .with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/abc"),
            ),
        ];
        for (code, delivery) in refused {
            let before = directory.counters().get(code);
            let error = through(&directory, &delivery, DEMO_MCHID).await.unwrap_err();
            let alone = receive(&rig.receiver, &delivery).await.unwrap_err();
            assert_eq!((error.code(), error.to_string()), (code, alone.to_string()));
            assert_eq!(error.status(), alone.status());
            assert_eq!(directory.counters().get(code), before + 1);
        }
        assert_eq!(built.load(Ordering::Relaxed), 0, "{}", rig.name);
        assert_eq!(directory.refused_clock_skew(), Some(-301));

        // Headers in order: looked up once in five seconds, and counted each time.
        for _ in 0..200 {
            let error = through(&directory, &genuine, DEMO_MCHID).await.unwrap_err();
            assert_eq!(error.code(), "unknown_merchant");
        }
        assert_eq!(directory.counters().get("unknown_merchant"), 200);
        assert_eq!(built.load(Ordering::Relaxed), 1, "{}", rig.name);
        tokio::time::advance(std::time::Duration::from_secs(5)).await;
        assert!(through(&directory, &genuine, DEMO_MCHID).await.is_err());
        assert_eq!(built.load(Ordering::Relaxed), 2, "{}", rig.name);
        // Somebody added the merchant: `remove` forgets that it was unknown.
        directory.remove(&DEMO_MCHID.parse().unwrap());
        assert!(through(&directory, &genuine, DEMO_MCHID).await.is_err());
        assert_eq!(built.load(Ordering::Relaxed), 3, "{}", rig.name);
        for nobody in ["", "not-a-merchant", "../1900000001"] {
            assert_eq!(
                through(&directory, &genuine, nobody).await.unwrap_err().code(),
                "unknown_merchant"
            );
        }
        assert_eq!(built.load(Ordering::Relaxed), 3, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_directory_takes_what_its_receivers_take() {
    for rig in rigs() {
        // Clock and limit are the receivers'.
        let receiver = rig
            .platform
            .receiver_builder()
            .body_limit(400_000)
            .build()
            .unwrap();
        let directory = MerchantReceivers::new([receiver]);
        let long = rig
            .builder()
            .envelope("summary", json!("x".repeat(300_000)))
            .build();
        let length = long.body.len().to_string();
        let long = long.with_header("Content-Length", length);
        assert!(through(&directory, &long, DEMO_MCHID).await.is_ok());
        assert_eq!(directory.get(DEMO_MCHID).unwrap().counters().get("accepted"), 1);
        let forged = rig.genuine().with_body("{}");
        let error = through(&directory, &forged, DEMO_MCHID).await.unwrap_err();
        assert_eq!(error.code(), "signature_invalid");
        let of_the_directory: u64 = directory.counters().iter().map(|(_, count)| count).sum();
        assert_eq!(of_the_directory, 0, "the receiver counts it");
    }
}

/// A directory whose builds wait until they are let go, and give a receiver with the limit that was set when they began.
struct SlowDirectory {
    directory: MerchantReceivers,
    limit: Arc<AtomicUsize>,
    begun: std::sync::mpsc::Receiver<()>,
    go: std::sync::mpsc::Sender<()>,
}

fn slow_directory(platform: &FakePlatform) -> SlowDirectory {
    let (began, begun) = std::sync::mpsc::channel();
    let (go, wait) = std::sync::mpsc::channel();
    let wait = std::sync::Mutex::new(wait);
    let limit = Arc::new(AtomicUsize::new(111_111));
    let (platform, setting) = (platform.clone(), Arc::clone(&limit));
    let directory = MerchantReceivers::lazy(move |_| {
        let limit = setting.load(Ordering::SeqCst);
        began.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        platform.receiver_builder().body_limit(limit).build().ok()
    })
    .clock(Clock::fixed(NOW));
    SlowDirectory {
        directory,
        limit,
        begun,
        go,
    }
}

#[tokio::test]
async fn a_removal_wins_over_a_build_that_is_under_way() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let of_blocking = slow.directory.clone();
        let waiting = std::thread::spawn(move || of_blocking.get(DEMO_MCHID).unwrap().body_limit());
        slow.begun.recv().unwrap();
        let of_async = slow.directory.clone();
        let also_waiting = tokio::spawn(async move { of_async.find(DEMO_MCHID).await.unwrap().body_limit() });
        tokio::task::yield_now().await;
        slow.limit.store(222_222, Ordering::SeqCst);
        slow.directory.remove(&DEMO_MCHID.parse().unwrap());
        slow.go.send(()).unwrap();
        slow.go.send(()).unwrap();
        // Neither whoever built it nor whoever waited sees the old settings, and nobody who comes later does.
        assert_eq!(also_waiting.await.unwrap(), 222_222, "{}", rig.name);
        assert_eq!(waiting.join().unwrap(), 222_222, "{}", rig.name);
        let later = slow.directory.find(DEMO_MCHID).await.unwrap();
        assert_eq!(later.body_limit(), 222_222, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_receiver_that_is_inserted_wins_over_a_build_that_is_under_way() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let of_blocking = slow.directory.clone();
        let waiting = std::thread::spawn(move || of_blocking.get(DEMO_MCHID).unwrap().body_limit());
        slow.begun.recv().unwrap();
        let inserted = rig.platform.receiver_builder().body_limit(333_333).build();
        slow.directory.insert(inserted.unwrap());
        slow.go.send(()).unwrap();
        assert_eq!(waiting.join().unwrap(), 333_333, "{}", rig.name);
        assert_eq!(slow.directory.get(DEMO_MCHID).unwrap().body_limit(), 333_333);
    }
}

/// On a runtime of one thread: were the thread blocked, nobody could let the build go.
#[tokio::test]
async fn a_build_blocks_no_thread_of_the_runtime() {
    for rig in rigs() {
        let slow = slow_directory(&rig.platform);
        let mut lookups = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (directory, delivery) = (slow.directory.clone(), rig.genuine());
            lookups.spawn(async move { through(&directory, &delivery, DEMO_MCHID).await.is_ok() });
        }
        // One that gives up does not stop the build that the others wait for.
        let impatient = slow.directory.clone();
        let impatient = tokio::spawn(async move { impatient.find(DEMO_MCHID).await.is_ok() });
        tokio::task::yield_now().await;
        impatient.abort();
        slow.go.send(()).unwrap();
        while let Some(accepted) = lookups.join_next().await {
            assert!(accepted.unwrap(), "{}", rig.name);
        }
        assert_eq!(slow.begun.try_iter().count(), 1, "{}: one build", rig.name);
        assert_eq!(slow.directory.counters().get("unknown_merchant"), 0);
    }
}

#[tokio::test]
async fn a_build_that_panics_refuses_and_keeps_nobody_waiting() {
    let rig = rigs().remove(0);
    let directory =
        MerchantReceivers::lazy(|_| panic!("a mistake of the application")).clock(Clock::fixed(NOW));
    for _ in 0..2 {
        let error = through(&directory, &rig.genuine(), DEMO_MCHID).await.unwrap_err();
        assert_eq!(error.code(), "unknown_merchant");
    }
}
