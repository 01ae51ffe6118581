//! Uploads, of which only `meta` is signed, and the echo.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DemoKey},
};
use wechatpay_sandbox::{KeyMode, Lint, LintKind, MediaKind, RetrySchedule, Sandbox};

use crate::support::{Merchant, Reply, Shop, encrypted, form, meta, opened, post, post_as, refusal, sha256};

pub(crate) const PICTURE: &str = "/v3/merchant/media/upload";
const VIDEO: &str = "/v3/merchant/media/video_upload";
const ECHO: &str = "/v3/security/echo";

/// An upload as it should be.
pub(crate) async fn upload(merchant: &Merchant, path: &str, filename: &str, bytes: &[u8]) -> Reply {
    let meta = meta(filename, bytes);
    post(merchant, path, meta.as_bytes(), form(&meta, filename, bytes)).await
}

#[tokio::test]
async fn a_file_is_uploaded_with_its_meta_signed() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let bytes = b"\x89PNG\r\n\r\n--form-boundar\r\n and so on";
    for (path, filename, kind) in [
        (PICTURE, "licence.PNG", MediaKind::Picture),
        (PICTURE, "contract.pdf", MediaKind::Picture),
        (VIDEO, "shop.mp4", MediaKind::Video),
    ] {
        let reply = upload(&merchant, path, filename, bytes).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        merchant.verify(&reply).await.unwrap();
        let media_id = reply.json()["media_id"].as_str().unwrap().to_owned();
        assert_eq!(media_id.len(), 110);
        let media = sandbox.media().pop().unwrap();
        assert_eq!((media.media_id, media.kind), (media_id, kind));
        assert_eq!((media.filename.as_str(), media.size), (filename, bytes.len()));
        assert_eq!(media.sha256, sha256(bytes));
        assert_eq!(media.mchid, DEMO_MCHID);
    }
    assert_eq!(sandbox.counters().refused_signatures, 0);
}

#[tokio::test]
async fn who_signs_the_whole_form_is_told_so() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let body = form(&meta("a.png", b"1"), "a.png", b"1");
    let reply = post(&merchant, PICTURE, &body, body.clone()).await;
    assert_eq!(refusal(&reply), (401, "SIGN_ERROR".to_owned()));
    assert_eq!(
        reply.json()["detail"]["sandbox"]["cause"],
        "upload-whole-form-signed"
    );
    // What the response repeats is what should have been signed.
    let message = &reply.json()["detail"]["sign_information"];
    assert!(
        message["truncated_sign_message"]
            .as_str()
            .unwrap()
            .ends_with("\n{\"filena\n"),
        "{message}"
    );
    let reply = post(&merchant, PICTURE, b"", body).await;
    assert_eq!(reply.json()["detail"]["sandbox"]["cause"], "body-left-out");
    assert!(sandbox.media().is_empty());
    assert_eq!(sandbox.take_refusals().len(), 2);
}

#[tokio::test]
async fn what_the_meta_says_must_be_true() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let bytes = b"some bytes";
    let good = meta("a.png", bytes);
    for (meta, filename, field) in [
        (meta("a.png", b"other bytes"), "a.png", "/sha256"),
        (
            good.to_uppercase()
                .replace("FILENAME", "filename")
                .replace("SHA256", "sha256")
                .replace("A.PNG", "a.png"),
            "a.png",
            "/sha256",
        ),
        (good.replace("}", ",\"size\":1}"), "a.png", "/size"),
        (json!({ "filename": "a.png" }).to_string(), "a.png", "/sha256"),
        (good.replace("a.png", "a.exe"), "a.exe", "/filename"),
        (good.replace("a.png", "a.mp4"), "a.mp4", "/filename"),
    ] {
        let reply = post(&merchant, PICTURE, meta.as_bytes(), form(&meta, filename, bytes)).await;
        assert_eq!(reply.code(), "PARAM_ERROR", "{meta}: {}", reply.text());
        assert_eq!(reply.json()["detail"]["sandbox"]["field"], field, "{meta}");
        merchant.verify(&reply).await.unwrap();
    }
    // Clients that give the file a fixed name are taken, with a lint.
    let reply = post(&merchant, PICTURE, good.as_bytes(), form(&good, "b.png", bytes)).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let lint = sandbox.take_lints().pop().unwrap();
    assert_eq!(lint.kind(), LintKind::UploadOtherFilename);
    let reply = upload(&merchant, PICTURE, "empty.png", b"").await;
    assert_eq!(reply.json()["detail"]["sandbox"]["field"], "file");
    // A form with one part, or with three.
    let meta = meta("a.png", bytes);
    let whole = String::from_utf8(form(&meta, "a.png", bytes)).unwrap();
    let (first, _) = whole
        .split_once("--form-boundary\r\nContent-Disposition: form-data; name=\"file\"")
        .unwrap();
    let one = format!("{first}--form-boundary--\r\n");
    let three = whole.replace(
        "--form-boundary--",
        "--form-boundary\r\nContent-Disposition: form-data; name=\"more\"\r\n\r\n1\r\n--form-boundary--",
    );
    for body in [one, three] {
        let reply = post(&merchant, PICTURE, meta.as_bytes(), body.into_bytes()).await;
        assert_eq!(
            refusal(&reply),
            (400, "INVALID_REQUEST".to_owned()),
            "{}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn parts_come_in_any_order_and_names_of_files_have_any_characters() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    for (filename, quoted) in [
        ("pic;1.png", "pic;1.png"),
        ("a\"b\\c.png", r#"a\"b\\c.png"#),
        ("营业 执照.png", "营业 执照.png"),
        ("name=meta; x.png", "name=meta; x.png"),
    ] {
        let meta = meta(filename, b"bytes");
        let meta_part = format!(
            "--b\r\nContent-Disposition: form-data; name=\"meta\";\r\nContent-Type: application/json\r\n\r\n{meta}\r\n"
        );
        let file_part = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{quoted}\"\r\n\r\nbytes\r\n"
        );
        for parts in [[&meta_part, &file_part], [&file_part, &meta_part]] {
            let body = format!("{}{}--b--\r\n", parts[0], parts[1]).into_bytes();
            for content_type in ["multipart/form-data; boundary=b", "multipart/form-data"] {
                let reply = post_as(&merchant, PICTURE, meta.as_bytes(), content_type, body.clone()).await;
                assert_eq!(
                    reply.status,
                    StatusCode::OK,
                    "{content_type} {filename}: {}",
                    reply.text()
                );
                assert_eq!(sandbox.media().pop().unwrap().filename, filename);
            }
        }
    }
    let kinds: Vec<LintKind> = sandbox.take_lints().iter().map(Lint::kind).collect();
    assert_eq!(kinds, [LintKind::UploadWithoutBoundary; 8]);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_why_its_signature_does_not_fit() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let meta = meta("a.png", b"1");
    let body = form(&meta, "a.png", b"1");
    for content_type in [
        "multipart/form-data; boundary=other",
        "application/json",
        "multipart/mixed; boundary=form-boundary",
    ] {
        let reply = post_as(&merchant, PICTURE, meta.as_bytes(), content_type, body.clone()).await;
        assert_eq!(refusal(&reply), (401, "SIGN_ERROR".to_owned()), "{content_type}");
        let sandbox = &reply.json()["detail"]["sandbox"];
        assert_eq!(sandbox["cause"], "upload-boundary-missing");
    }
    assert_eq!(sandbox.take_refusals().len(), 3);
}

#[tokio::test]
async fn files_have_their_sizes() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    const MIB: usize = 1024 * 1024;
    for (path, filename, size, status) in [
        (PICTURE, "a.jpg", 5 * MIB, StatusCode::OK),
        (PICTURE, "a.jpg", 5 * MIB + 1, StatusCode::BAD_REQUEST),
        (PICTURE, "a.pdf", 7 * MIB + MIB / 2, StatusCode::OK),
        (VIDEO, "a.mov", 5 * MIB + 1, StatusCode::BAD_REQUEST),
        (PICTURE, "a.pdf", 9 * MIB, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let reply = upload(&merchant, path, filename, &vec![7; size]).await;
        assert_eq!(reply.status, status, "{filename} {size}");
    }
}

#[tokio::test]
async fn the_echo_goes_both_ways_encrypted_and_comes_by_notification_too() {
    let shop = Shop::start(|_, _| 204).await;
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(DEMO_PUBLIC_KEY_ID);
    let body = json!({
        "echo_message": "hello", "encrypted_echo_message": encrypted("张三"), "notify_url": shop.url,
    });
    let reply = merchant.post(ECHO, &body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let decrypt = |text: &Value| {
        let key = DemoKey::Merchant
            .load(default_provider().unwrap().as_ref())
            .unwrap();
        let plain = key
            .decrypt(&STANDARD.decode(text.as_str().unwrap()).unwrap())
            .unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    };
    assert_eq!(reply.json()["echo_message"], "hello");
    assert_eq!(decrypt(&reply.json()["encrypted_echo_message"]), "张三");

    sandbox.clock().run_until_idle().await.unwrap();
    let arrival = shop.arrivals().pop().unwrap();
    let envelope: Value = serde_json::from_slice(&arrival.body).unwrap();
    assert_eq!(envelope["resource"]["associated_data"], "");
    let verified = opened(&sandbox, &arrival).await;
    assert_eq!(verified.event_type().to_string(), "SECURITY_ECHO.SUCCESS");
    assert_eq!(verified.original_type(), Some("security"));
    let resource: Value = serde_json::from_str(verified.plaintext()).unwrap();
    assert_eq!(resource["echo_message"], "hello");
    assert_eq!(decrypt(&resource["encrypt_echo_message"]), "张三");
    assert_eq!(sandbox.notifications()[0].out_trade_no, "");
    assert_eq!(sandbox.notifications()[0].subject, "hello");
}

#[tokio::test]
async fn the_echo_wants_to_know_which_key_it_is_about() {
    let sandbox = Sandbox::builder()
        .keys(KeyMode::Mixed)
        .retry(RetrySchedule::none())
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    let body = json!({ "echo_message": "hello" });
    let reply = merchant.post(ECHO, &body).await;
    assert_eq!(refusal(&reply), (400, "PARAM_ERROR".to_owned()));
    assert_eq!(reply.json()["detail"]["sandbox"]["location"], "header");
    let stranger = merchant
        .clone()
        .asks_for("PUB_KEY_ID_0000000000000000000000000000000000");
    assert_eq!(stranger.post(ECHO, &body).await.code(), "PARAM_ERROR");
    let merchant = merchant.asks_for(DEMO_PUBLIC_KEY_ID);
    let reply = merchant.post(ECHO, &body).await;
    assert_eq!(reply.json(), body);
    // Plain text where ciphertext belongs, and a key that was not announced.
    let certificate = sandbox.rotation().listed()[0].clone();
    for (merchant, value) in [
        (merchant.clone(), json!("张三")),
        (
            merchant.clone().asks_for(certificate.as_str()),
            json!(encrypted("张三")),
        ),
    ] {
        let body = json!({ "echo_message": "hello", "encrypted_echo_message": value });
        let reply = merchant.post(ECHO, &body).await;
        assert_eq!(refusal(&reply), (400, "PARAM_ERROR".to_owned()));
        assert_eq!(
            reply.json()["detail"]["sandbox"]["field"],
            "/encrypted_echo_message"
        );
        assert!(!reply.text().contains("张三"));
    }
}
