//! Merchants that change while orders flow: settings, and API certificates that are registered and revoked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use http_body_util::Full;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    crypto::default_provider,
    sign::{LocalSigner, RequestSigner},
    testing::{
        DEMO_API_V3_KEY, DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey, private_key_pem, public_key_pem,
    },
    types::{ApiV3Key, Appid, Mchid, PrepayId, SerialNumber},
};
use wechatpay_sandbox::{
    Buyer, DEMO_MERCHANT_SERIAL, EventKind, MerchantCertificate, MerchantChange, MerchantError, MerchantSpec,
    RestoreError, RetrySchedule, Sandbox, Snapshot, Verdict,
};

use crate::support::{
    Browser, Merchant, Reply, SHORT, Shop, bytes_of, direct_order, opened_with, partner_order, refusal, send,
    until,
};

const NATIVE: &str = "/v3/pay/transactions/native";
const NEW_SERIAL: &str = "4F31";
const NEW_APPID: &str = "wx0123456789abcdef";
const NEW_KEY: &str = "AfterDemoApiV3Key0123456789abcde";

async fn call(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Reply {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("{}/_sandbox/api{path}", sandbox.base_url()))
        .header("content-type", "application/json")
        .body(Full::new(body.to_string().into()))
        .unwrap();
    send(request).await
}

async fn change(sandbox: &Sandbox, body: &Value) -> Reply {
    call(sandbox, "PATCH", &format!("/merchants/{DEMO_MCHID}"), body).await
}

fn certs(mchid: &str) -> String {
    format!("/merchants/{mchid}/certs")
}

fn revoke(mchid: &str, serial: &str) -> String {
    format!("/merchants/{mchid}/certs/{serial}/revoke")
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

fn last_event(sandbox: &Sandbox) -> String {
    sandbox.events_after(0).last().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_rotates_its_key_while_orders_flow() {
    let sandbox = crate::builder().notify_enabled(false).start().await.unwrap();
    let old = Merchant::new(&sandbox);
    let new = Merchant::with(&sandbox, DEMO_MCHID, NEW_SERIAL, DemoKey::OtherMerchant);
    let before = old.place("jsapi", "before").await;

    // Orders flow, by the old key until the shop changes over.
    let (has_new_key, ends) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let flow = {
        let (sandbox, has_new_key, ends) = (sandbox.clone(), Arc::clone(&has_new_key), Arc::clone(&ends));
        tokio::spawn(async move {
            let old = Merchant::new(&sandbox);
            let new = Merchant::with(&sandbox, DEMO_MCHID, NEW_SERIAL, DemoKey::OtherMerchant);
            let mut by_new = 0;
            for number in 0.. {
                let is_new = has_new_key.load(Ordering::SeqCst);
                let order = direct_order("native", &format!("flow-{number}"));
                let reply = if is_new { &new } else { &old }.post(NATIVE, &order).await;
                assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
                by_new += usize::from(is_new);
                if by_new > 2 && ends.load(Ordering::SeqCst) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    let certificate = json!({
        "serial_no": NEW_SERIAL, "private_key": private_key_pem(DemoKey::OtherMerchant.pkcs8()),
    });
    let reply = call(&sandbox, "POST", &certs(DEMO_MCHID), &certificate).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    assert_eq!(reply.json()["serial_no"], NEW_SERIAL);
    assert_eq!(
        reply.json()["serial_nos"],
        json!([DEMO_MERCHANT_SERIAL, NEW_SERIAL])
    );
    // Its settings sign with the new one; those of the merchant do when the old one is gone.
    let env = reply.json()["env"].to_string();
    assert!(
        env.contains(&format!("WECHATPAY_SERIAL_NO={NEW_SERIAL}")),
        "{env}"
    );
    assert_eq!(sandbox.config().serial_no.as_deref(), Some(DEMO_MERCHANT_SERIAL));
    has_new_key.store(true, Ordering::SeqCst);
    // One that was begun before may still be under way with the old key.
    let seen = sandbox.counters().prepays;
    until(|| flow.is_finished() || sandbox.counters().prepays >= seen + 2).await;
    let reply = call(
        &sandbox,
        "POST",
        &revoke(DEMO_MCHID, DEMO_MERCHANT_SERIAL),
        &json!({}),
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(reply.json()["serial_nos"], json!([NEW_SERIAL]));
    assert_eq!(reply.json()["revoked_serial_nos"], json!([DEMO_MERCHANT_SERIAL]));
    assert_eq!(sandbox.config().serial_no.as_deref(), Some(NEW_SERIAL));
    ends.store(true, Ordering::SeqCst);
    flow.await.unwrap();
    assert_eq!(sandbox.counters().refused_signatures, 0);

    // What the old one signs is refused, however right.
    let target = format!(
        "/v3/pay/partner/transactions/out-trade-no/before?sp_mchid={DEMO_MCHID}&sub_mchid={DEMO_SUB_MCHID}"
    );
    let reply = old.get(&target).await;
    assert_eq!(refusal(&reply), (401, "SIGN_ERROR".into()));
    assert!(!reply.is_signed());
    let detail = &reply.json()["detail"];
    assert_eq!(detail["field"], "serial_no");
    assert_eq!(detail["detail"]["issue"], "certificate revoked");
    assert_eq!(detail["sandbox"]["cause"], "certificate-revoked");
    assert!(detail["sandbox"]["hint"].as_str().unwrap().contains(NEW_SERIAL));
    let refused = sandbox.take_refusals();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].verdict, Verdict::CertificateRevoked);
    // The order of before is there for the new one, and a payment sheet opens with the new one alone.
    assert_eq!(new.get(&target).await.status, StatusCode::OK);
    let prepay_id = PrepayId::parse(before["prepay_id"].as_str().unwrap()).unwrap();
    for (merchant, status) in [(&old, 400), (&new, 200)] {
        let sheet = merchant
            .signer
            .jsapi(&Appid::parse(DEMO_APPID).unwrap(), &prepay_id)
            .await
            .unwrap();
        let sheet = serde_json::to_value(sheet).unwrap();
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in sheet.as_object().unwrap() {
            query.append_pair(key, value.as_str().unwrap());
        }
        let page = Browser::new(&sandbox)
            .get(&format!("/cashier/jsapi?{}", query.finish()))
            .await;
        assert_eq!(page.status.as_u16(), status, "{}", page.text());
    }
    // A request of before is signed anew with what is good now.
    let reply = call(&sandbox, "POST", "/requests/1/replay", &json!({})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    assert_eq!(sandbox.requests().last().unwrap().verdict, Verdict::Good);
    let page = Browser::new(&sandbox).get("/_sandbox/keys").await;
    assert!(page.text().contains("revoked"));
}

#[tokio::test]
async fn a_certificate_that_the_sandbox_makes_signs_at_once() {
    let sandbox = crate::builder().notify_enabled(false).start().await.unwrap();
    let reply = call(&sandbox, "POST", &certs(DEMO_MCHID), &json!({})).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    let made = serial(reply.json()["serial_no"].as_str().unwrap());
    assert!(last_event(&sandbox).contains(&format!(
        "merchant {DEMO_MCHID}: certificate {made} was registered"
    )));
    let config = sandbox.config_with(DEMO_MCHID, &made).unwrap();
    let pem = config.private_key.unwrap();
    let signer = LocalSigner::new(
        made.clone(),
        &pem.expose().into(),
        default_provider().unwrap().as_ref(),
    )
    .unwrap();
    let mut merchant = Merchant::new(&sandbox);
    merchant.signer = RequestSigner::new(Mchid::parse(DEMO_MCHID).unwrap(), Arc::new(signer));
    merchant.place("native", "demo-0001").await;

    // By its public key alone it is verified, and the sandbox has no settings that sign with it.
    let key = DemoKey::OtherMerchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let public = json!({ "serial_no": NEW_SERIAL, "public_key": public_key_pem(key.public_key_info()) });
    let reply = call(&sandbox, "POST", &certs(DEMO_MCHID), &public).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text());
    assert_eq!(
        (&reply.json()["serial_no"], &reply.json()["env"]),
        (&json!(NEW_SERIAL), &Value::Null)
    );
    assert!(sandbox.config_with(DEMO_MCHID, &serial(NEW_SERIAL)).is_none());
    let merchant = Merchant::with(&sandbox, DEMO_MCHID, NEW_SERIAL, DemoKey::OtherMerchant);
    merchant.place("native", "demo-0002").await;
}

#[tokio::test]
async fn settings_change_from_one_request_to_the_next() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = crate::builder().signtest(0.0).start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    merchant.place("native", "before").await;
    let body = json!({
        "name": "新店", "appids": [NEW_APPID], "api_v3_key": NEW_KEY, "share_notify_url": shop.url,
        "sub_merchants": [{ "mchid": "1900000777", "appids": [] }, { "mchid": DEMO_SUB_MCHID, "appids": [DEMO_APPID] }],
    });
    let reply = change(&sandbox, &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let shown = reply.json();
    assert_eq!(
        (&shown["name"], &shown["appids"]),
        (&json!("新店"), &json!([NEW_APPID]))
    );
    // Those that were there keep their place.
    assert_eq!(
        shown["sub_merchants"],
        json!([{ "mchid": DEMO_SUB_MCHID, "appids": [DEMO_APPID] }, { "mchid": "1900000777", "appids": [] }])
    );
    let event = last_event(&sandbox);
    for word in ["name", "appids", "sub-merchants", "share_notify_url", "APIv3 key"] {
        assert!(event.contains(word), "{word}: {event}");
    }
    assert!(!event.contains(NEW_KEY));
    let event = sandbox.events_after(0).pop().unwrap();
    assert!(matches!(&event.kind, EventKind::MerchantChanged { mchid, .. } if mchid == DEMO_MCHID));
    assert_eq!(sandbox.config().api_v3_key.unwrap().expose(), NEW_KEY);

    let mut order = partner_order("native", "after-0001");
    let path = "/v3/pay/partner/transactions/native";
    let reply = merchant.post(path, &order).await;
    assert_eq!(reply.code(), "APPID_MCHID_NOT_MATCH", "{}", reply.text());
    order["sp_appid"] = json!(NEW_APPID);
    order["sub_mchid"] = json!("1900000777");
    order["notify_url"] = json!(shop.url);
    let reply = merchant.post(path, &order).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.pay("after-0001", Buyer::Alice).unwrap();
    sandbox.wait_acknowledged("after-0001", SHORT).await.unwrap();
    let (_, resource) = opened_with(&sandbox, &shop.arrivals()[0], NEW_KEY).await;
    assert_eq!(resource["out_trade_no"], "after-0001");
    // An order of before goes on with the app that it was placed with.
    sandbox.pay("before", Buyer::Alice).unwrap();

    // What is not said stays, and null takes away.
    let reply = change(&sandbox, &json!({ "share_notify_url": null })).await;
    assert_eq!(reply.json()["name"], "新店");
    assert_eq!(last_event(&sandbox).matches("share_notify_url").count(), 1);
    assert_eq!(sandbox.config().api_v3_key.unwrap().expose(), NEW_KEY);
}

#[tokio::test]
async fn a_change_of_a_merchant_that_is_refused_changes_nothing() {
    let sandbox = crate::builder().start().await.unwrap();
    let key = private_key_pem(DemoKey::OtherMerchant.pkcs8());
    let one = format!("/merchants/{DEMO_MCHID}");
    let before = sandbox.snapshot().to_json();
    for (method, path, body, status, words) in [
        (
            "PATCH",
            "/merchants/1999999999".to_owned(),
            json!({ "name": "x" }),
            404,
            "nobody",
        ),
        ("PATCH", one.clone(), json!({}), 400, "nothing is to change"),
        (
            "PATCH",
            one.clone(),
            json!({ "mchid": "1900000009" }),
            400,
            "keeps its number",
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "kind": "direct" }),
            400,
            "keeps its kind",
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "certificates": [] }),
            400,
            "/certs registers one",
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "colour": "red" }),
            400,
            "unknown field",
        ),
        ("PATCH", one.clone(), json!({ "name": null }), 400, "null"),
        (
            "PATCH",
            one.clone(),
            json!({ "api_v3_key": "secret" }),
            400,
            "api_v3_key: ",
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "name": "x", "appids": [""] }),
            400,
            "appids[0]: ",
        ),
        (
            "PATCH",
            one.clone(),
            json!({ "name": "x", "sub_merchants": [{ "mchid": DEMO_MCHID }] }),
            400,
            "no sub-merchant of its own",
        ),
        ("POST", certs("1999999999"), json!({}), 404, "nobody"),
        (
            "POST",
            certs(DEMO_MCHID),
            json!({ "serial_no": "no hex" }),
            400,
            "serial_no: ",
        ),
        (
            "POST",
            certs(DEMO_MCHID),
            json!({ "serial_no": NEW_SERIAL, "private_key": "secret" }),
            400,
            "certificates: ",
        ),
        (
            "POST",
            certs(DEMO_MCHID),
            json!({ "private_key": key, "public_key": key }),
            400,
            "not both",
        ),
        (
            "POST",
            certs(DEMO_MCHID),
            json!({ "serial_no": DEMO_MERCHANT_SERIAL, "private_key": key }),
            409,
            "has a certificate of this serial",
        ),
        ("POST", revoke("1999999999", NEW_SERIAL), json!({}), 404, "nobody"),
        (
            "POST",
            revoke(DEMO_MCHID, NEW_SERIAL),
            json!({}),
            404,
            "no certificate",
        ),
        (
            "POST",
            revoke(DEMO_MCHID, "no-hex"),
            json!({}),
            404,
            "no certificate",
        ),
    ] {
        let reply = call(&sandbox, method, &path, &body).await;
        assert_eq!(reply.status.as_u16(), status, "{path} {body}: {}", reply.text());
        let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(words), "{path} {body}: {message}");
        assert!(!message.contains("secret"), "{message}");
    }
    let world = |json: &str| json.split_once("\"world\"").unwrap().1.to_owned();
    assert_eq!(world(&sandbox.snapshot().to_json()), world(&before));

    // Once is for good: it cannot be revoked again, and its serial is taken.
    let old = serial(DEMO_MERCHANT_SERIAL);
    sandbox.revoke_certificate(DEMO_MCHID, &old).unwrap();
    let twice = call(&sandbox, "POST", &revoke(DEMO_MCHID, old.as_str()), &json!({})).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text());
    let again = MerchantCertificate::demo_key(old.clone(), DemoKey::Merchant);
    assert!(matches!(
        sandbox.add_certificate(DEMO_MCHID, again),
        Err(MerchantError::CertificateTwice)
    ));
    // It was the last one, so nobody has settings that sign.
    assert!(sandbox.config_of(DEMO_MCHID).is_none());
    assert!(sandbox.config_with(DEMO_MCHID, &old).is_none());
    for number in 0..99 {
        let next = MerchantCertificate::demo_key(serial(&format!("AA{number:04}")), DemoKey::Merchant);
        sandbox.add_certificate(DEMO_MCHID, next).unwrap();
    }
    let one_more = MerchantCertificate::demo_key(serial(NEW_SERIAL), DemoKey::Merchant);
    assert!(matches!(
        sandbox.add_certificate(DEMO_MCHID, one_more),
        Err(MerchantError::TooManyCertificates)
    ));
}

/// The merchants of a snapshot.
fn merchants(snapshot: &Snapshot) -> [Value; 3] {
    let snapshot: Value = serde_json::from_str(&snapshot.to_json()).unwrap();
    ["/owner", "/world/merchants", "/world/merchant_changes"]
        .map(|part| snapshot.pointer(part).unwrap().clone())
}

/// A merchant from the start and one that came later have changed in every way.
fn changed(sandbox: &Sandbox, late: &str) {
    let key = ApiV3Key::parse(DEMO_API_V3_KEY).unwrap();
    let late_spec =
        MerchantSpec::new(Mchid::parse(late).unwrap(), key).demo_key(serial("4F2F"), DemoKey::OtherMerchant);
    sandbox.add_merchant(late_spec).unwrap();
    for (mchid, old) in [(DEMO_MCHID, DEMO_MERCHANT_SERIAL), (late, "4F2F")] {
        let change = MerchantChange::new()
            .name("新店")
            .appids([
                Appid::parse(DEMO_APPID).unwrap(),
                Appid::parse(NEW_APPID).unwrap(),
            ])
            .sub_merchant(Mchid::parse("1900000777").unwrap(), [])
            .sub_merchant(Mchid::parse(DEMO_SUB_MCHID).unwrap(), [])
            .share_notify_url("http://127.0.0.1:9/shares")
            .api_v3_key(ApiV3Key::parse(NEW_KEY).unwrap());
        assert!(!format!("{change:?}").contains(NEW_KEY));
        sandbox.change_merchant(mchid, change).unwrap();
        let certificate = MerchantCertificate::demo_key(serial(NEW_SERIAL), DemoKey::Stranger);
        sandbox.add_certificate(mchid, certificate).unwrap();
        sandbox.revoke_certificate(mchid, &serial(old)).unwrap();
    }
}

#[tokio::test]
async fn a_snapshot_brings_along_what_changed() {
    const LATE: &str = "1900000003";
    let start = || {
        crate::builder()
            .lenient()
            .manual_clock()
            .notify_enabled(false)
            .start()
    };
    let sandbox = start().await.unwrap();
    let plain = sandbox.snapshot();
    assert!(plain.to_json().contains("\"merchant_changes\":[]"));
    changed(&sandbox, LATE);
    let taken = sandbox.snapshot();
    let shown = call(&sandbox, "GET", "/merchants", &Value::Null).await.json();
    for secret in ["api_v3_key", "AnotherDemoApiV3Key", "PRIVATE KEY"] {
        assert!(!shown.to_string().contains(secret), "{shown}");
    }

    let other = start().await.unwrap();
    other.restore(&taken).unwrap();
    assert_eq!(merchants(&other.snapshot()), merchants(&taken));
    assert_eq!(
        call(&other, "GET", "/merchants", &Value::Null).await.json(),
        shown
    );
    for mchid in [DEMO_MCHID, LATE] {
        let config = other.config_of(mchid).unwrap();
        assert_eq!(config.serial_no.as_deref(), Some(NEW_SERIAL));
        assert_eq!(config.api_v3_key.as_ref().unwrap().expose(), NEW_KEY);
        let key_of = |config: wechatpay_core::Config| config.private_key.unwrap().expose().to_owned();
        assert_eq!(key_of(config), key_of(sandbox.config_of(mchid).unwrap()));
    }
    let new = Merchant::with(&other, DEMO_MCHID, NEW_SERIAL, DemoKey::Stranger);
    new.place("native", "demo-0001").await;
    assert_eq!(
        Merchant::new(&other).get("/v3/certificates").await.code(),
        "SIGN_ERROR"
    );

    // What changes after the snapshot is undone, here and there, as often as one likes.
    for sandbox in [&sandbox, &other] {
        for mchid in [DEMO_MCHID, LATE] {
            let change = MerchantChange::new().name("y").no_share_notify_url();
            sandbox.change_merchant(mchid, change).unwrap();
            sandbox.revoke_certificate(mchid, &serial(NEW_SERIAL)).unwrap();
        }
        sandbox.restore(&taken).unwrap();
        assert_eq!(merchants(&sandbox.snapshot()), merchants(&taken));
    }
    // One of before them undoes them all.
    sandbox.restore(&plain).unwrap();
    assert_eq!(sandbox.config().serial_no.as_deref(), Some(DEMO_MERCHANT_SERIAL));
    Merchant::new(&sandbox).place("native", "demo-0002").await;
    // A reset leaves merchants as they are.
    sandbox.restore(&taken).unwrap();
    sandbox.reset();
    assert_eq!(sandbox.config().serial_no.as_deref(), Some(NEW_SERIAL));

    // Written by hand, and wrong: then nothing changes.
    let broken: Vec<String> = vec![
        taken.to_json().replace(NEW_KEY, "short"),
        taken
            .to_json()
            .replace("\"revoked\":[\"4F2F\"]", "\"revoked\":[\"no hex\"]"),
        taken.to_json().replace(
            &format!("\"merchant_changes\":[[\"{DEMO_MCHID}\""),
            &format!("\"merchant_changes\":[[\"{LATE}\""),
        ),
    ];
    for json in broken {
        assert_ne!(json, taken.to_json());
        let read = Snapshot::from_json(json.as_bytes());
        let error = read.and_then(|broken| other.restore(&broken)).unwrap_err();
        let is_said = matches!(error, RestoreError::Malformed(_) | RestoreError::Broken(_));
        assert!(is_said && !error.to_string().contains("short"), "{error}");
    }
    assert_eq!(merchants(&other.snapshot()), merchants(&taken));
}

#[tokio::test]
async fn a_change_takes_none_of_the_random_numbers_that_a_seed_fixes() {
    let mut all = Vec::new();
    for is_changed in [false, true] {
        let sandbox = crate::builder()
            .seed(7)
            .manual_clock()
            .wire_clock(Clock::fixed(1_767_574_800))
            .retry(RetrySchedule::none())
            .notify_enabled(false)
            .start()
            .await
            .unwrap();
        let merchant = Merchant::new(&sandbox);
        let mut bytes = Vec::new();
        for number in ["demo-0001", "demo-0002"] {
            let reply = merchant.post(NATIVE, &direct_order("native", number)).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
            bytes.push(bytes_of(&reply.headers, &reply.body));
            sandbox.pay(number, Buyer::Alice).unwrap();
            bytes.push((sandbox.order(number).unwrap().transaction_id.unwrap(), reply.body));
            if is_changed {
                // Keys, serials, settings.
                call(&sandbox, "POST", &certs(DEMO_MCHID), &json!({})).await;
                change(&sandbox, &json!({ "name": number })).await;
            }
        }
        all.push(bytes);
    }
    assert_eq!(all[0], all[1]);
}
