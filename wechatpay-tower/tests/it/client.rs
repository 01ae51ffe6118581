//! The typed client: requests, accepted responses, and unknown outcomes.

use std::time::Duration;

use crate::support::{Gateway, add_signature, response, signed};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use wechatpay_core::{
    api::{
        Endpoint, Path, Response,
        certificates::ListCertificates,
        prepay::{IdentityType, NativePrepay, PartnerJsapiPrepay, PartnerPayer, PayerIdentity},
        transactions::{self, Close, QueryByOutTradeNo},
    },
    crypto::EncryptError,
    keys::PinnedKeys,
    sign::Authorization,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_PUBLIC_KEY_ID, DEMO_SUB_MCHID, DemoKey, FakePlatform},
    types::{Fen, Sensitive, SensitiveFields, SensitiveVisitor},
    verify::{Verifier, VerifyError},
};
use wechatpay_tower::{
    CallError, Client, Error, MaybeBuffered, NotSent, RequestBody,
    client::{Outcome, UnknownCause},
};

fn native() -> NativePrepay {
    NativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        "Image形象店",
        "ORDER-0001".parse().unwrap(),
        "https://shop.example/notify",
        Fen::from(100),
    )
}

fn query() -> QueryByOutTradeNo {
    QueryByOutTradeNo::new(DEMO_MCHID.parse().unwrap(), "ORDER-0001".parse().unwrap())
}

const UNPAID: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900000001","out_trade_no":"ORDER-0001","trade_state":"NOTPAY","trade_state_desc":"订单未支付"}"#;

#[tokio::test]
async fn a_request_is_signed_over_the_bytes_that_are_sent() {
    let gateway = Gateway::signed(200, r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#);
    let reply = gateway.client().call(&native()).await.unwrap();
    assert_eq!(reply.code_url, "weixin://wxpay/bizpayurl?pr=1");
    assert_eq!(reply.key_id().as_str(), DEMO_PUBLIC_KEY_ID);

    let requests = gateway.requests();
    let sent = &requests[0];
    assert_eq!(
        sent.uri,
        "https://api.mch.weixin.qq.com/v3/pay/transactions/native"
    );
    assert_eq!(sent.headers["content-type"], "application/json");
    assert_eq!(sent.headers["accept"], "application/json");
    assert!(
        sent.headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("wechatpay-rust/")
    );
    assert_eq!(sent.headers["wechatpay-serial"], DEMO_PUBLIC_KEY_ID);
    assert!(sent.headers["authorization"].is_sensitive());

    let authorization = Authorization::parse(sent.headers["authorization"].to_str().unwrap()).unwrap();
    let message = [
        "POST\n/v3/pay/transactions/native\n".as_bytes(),
        authorization.timestamp.as_bytes(),
        b"\n",
        authorization.nonce.as_bytes(),
        b"\n",
        &sent.body,
        b"\n",
    ];
    let platform = &gateway.platform;
    let key = platform
        .provider()
        .public_key(platform.demo_key(DemoKey::Merchant).public_key_info())
        .unwrap();
    let signature = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        &authorization.signature,
    )
    .unwrap();
    key.verify(&message, &signature).unwrap();
}

#[tokio::test]
async fn a_get_has_no_body_and_signs_its_query() {
    let gateway = Gateway::signed(200, UNPAID);
    gateway.client().call(&query()).await.unwrap();
    let sent = &gateway.requests()[0];
    assert_eq!(
        sent.uri.path_and_query().unwrap(),
        "/v3/pay/transactions/out-trade-no/ORDER-0001?mchid=1900000001"
    );
    assert!(sent.body.is_empty() && !sent.headers.contains_key("content-type"));
}

#[tokio::test]
async fn a_response_without_a_body_is_verified_too() {
    let close = Close::new(DEMO_MCHID.parse().unwrap(), "ORDER-0001".parse().unwrap());
    Gateway::signed(204, "").client().call(&close).await.unwrap();
    let error = Gateway::unsigned(204, "")
        .client()
        .call(&close)
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_response_that_fails_verification_after_a_post_is_an_unknown_outcome() {
    type Break = fn(&FakePlatform) -> Response<Full<Bytes>>;
    const BODY: &str = r#"{"code_url":"weixin://wxpay/bizpayurl?pr=1"}"#;
    let broken: [(&str, Break); 6] = [
        ("unsigned", |_| response(200, BODY)),
        ("other body", |platform| {
            let mut reply = response(200, BODY);
            add_signature(&mut reply, platform.sign(b"{}"));
            reply
        }),
        ("stranger's key", |platform| {
            let mut reply = response(200, BODY);
            let (id, _) = platform.signing_key();
            let stranger = platform.demo_key(DemoKey::Stranger);
            let now = platform.now().to_string();
            add_signature(
                &mut reply,
                FakePlatform::sign_with(&id, stranger.as_ref(), &now, "n", BODY.as_bytes()),
            );
            reply
        }),
        ("stale", |platform| {
            let mut reply = response(200, BODY);
            let (id, key) = platform.signing_key();
            let stale = (platform.now() - 301).to_string();
            add_signature(
                &mut reply,
                FakePlatform::sign_with(&id, key.as_ref(), &stale, "n", BODY.as_bytes()),
            );
            reply
        }),
        ("probe", |platform| {
            let mut reply = signed(platform, 200, BODY);
            reply
                .headers_mut()
                .insert("wechatpay-signature", "WECHATPAY/SIGNTEST/x".parse().unwrap());
            reply
        }),
        ("compressed", |platform| {
            let mut reply = signed(platform, 200, BODY);
            reply
                .headers_mut()
                .insert("content-encoding", "gzip".parse().unwrap());
            reply
        }),
    ];
    for (name, make) in broken {
        let gateway = Gateway::new(move |platform, _| make(platform));
        let error = gateway.client().call(&native()).await.unwrap_err();
        assert!(
            matches!(
                error,
                CallError::OutcomeUnknown {
                    cause: UnknownCause::Layer(_),
                    ..
                }
            ),
            "{name}: {error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown, "{name}");

        // A reading call changes nothing, and says so.
        let error = gateway.client().call(&query()).await.unwrap_err();
        assert!(matches!(error, CallError::Read { .. }), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn only_a_signed_refusal_is_authentic() {
    const BODY: &str = r#"{"code":"ORDER_NOT_EXIST","message":"订单不存在"}"#;
    let error = Gateway::signed(404, BODY)
        .client()
        .call(&query())
        .await
        .unwrap_err();
    let api = error.api().unwrap();
    assert!(api.is_authentic() && api.is("ORDERNOTEXIST"));
    assert_eq!(error.outcome(), Outcome::Refused);
    assert_eq!(
        api.to_string(),
        "refused with 404 ORDER_NOT_EXIST: 订单不存在 [Request-ID 08F78BB6B20610EE-268512771: order not found]"
    );

    let error = Gateway::unsigned(404, BODY)
        .client()
        .call(&native())
        .await
        .unwrap_err();
    assert!(!error.api().unwrap().is_authentic());
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.api().unwrap().to_string().ends_with("(unsigned)"));

    // A forged signature does not make it authentic, and does not hide it either.
    let forged = Gateway::new(|platform, _| {
        let mut reply = response(403, BODY);
        add_signature(&mut reply, platform.sign(b"another body"));
        reply
    });
    let error = forged.client().call(&native()).await.unwrap_err();
    assert!(
        error
            .api()
            .is_some_and(|api| !api.is_authentic() && api.status() == 403)
    );
}

#[tokio::test]
async fn a_page_of_a_gateway_in_between_is_kept_for_a_person_to_read() {
    let error = Gateway::unsigned(502, "<html>Bad Gateway</html>")
        .client()
        .call(&native())
        .await
        .unwrap_err();
    let api = error.api().unwrap();
    assert_eq!(api.snippet(), Some("<html>Bad Gateway</html>"));
    assert!(error.is_retryable());
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_2xx_with_the_envelope_of_an_error_is_an_error() {
    let error = Gateway::signed(200, r#"{"code":"SYSTEM_ERROR","message":"x"}"#)
        .client()
        .call(&native())
        .await
        .unwrap_err();
    assert!(error.api().unwrap().is("SYSTEM_ERROR"));
    let error = Gateway::signed(200, r#"{"unexpected":true}"#)
        .client()
        .call(&native())
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        CallError::OutcomeUnknown {
            cause: UnknownCause::Malformed(_),
            ..
        }
    ));
}

#[tokio::test]
async fn a_response_to_another_request_is_not_returned() {
    let swapped = r#"{"appid":"wxd678efh567hg6787","mchid":"1900000001","out_trade_no":"ORDER-0002","trade_state":"NOTPAY"}"#;
    let error = Gateway::signed(200, swapped)
        .client()
        .call(&query())
        .await
        .unwrap_err();
    let CallError::Read {
        cause: UnknownCause::OtherRequest(mismatch),
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(mismatch.field(), "out_trade_no");

    let other_merchant = transactions::PartnerQueryByOutTradeNo::new(
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        "ORDER-0001".parse().unwrap(),
    );
    let body = r#"{"sp_mchid":"1900000001","sub_mchid":"1900000999","out_trade_no":"ORDER-0001","trade_state":"NOTPAY"}"#;
    let error = Gateway::signed(200, body)
        .client()
        .call(&other_merchant)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        CallError::Read {
            cause: UnknownCause::OtherRequest(_),
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_response_in_time_has_an_unknown_outcome() {
    let platform = FakePlatform::new();
    let never = tower::service_fn(|_: Request<MaybeBuffered<RequestBody>>| {
        std::future::pending::<Result<Response<Full<Bytes>>, std::convert::Infallible>>()
    });
    let client = Client::builder(platform.request_signer())
        .timeout(Duration::from_secs(7))
        .service(never, Verifier::new(platform.key_store()))
        .unwrap();
    let error = client.call(&native()).await.unwrap_err();
    assert!(matches!(
        error,
        CallError::OutcomeUnknown {
            cause: UnknownCause::Timeout(_),
            ..
        }
    ));
}

#[tokio::test]
async fn a_connection_that_failed_is_not_sent_and_any_other_failure_is_unknown() {
    let platform = FakePlatform::new();
    let client = |error: fn() -> tower::BoxError| {
        let service = tower::service_fn(move |_: Request<MaybeBuffered<RequestBody>>| {
            std::future::ready(Err::<Response<Full<Bytes>>, _>(error()))
        });
        Client::builder(platform.request_signer())
            .service(service, Verifier::new(platform.key_store()))
            .unwrap()
    };
    let error = client(|| NotSent("refused".into()).into())
        .call(&native())
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let error = client(|| "reset by peer".into())
        .call(&native())
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    // All of it in one line, and nothing of it twice for whoever prints the causes too.
    assert_eq!(
        error.to_string(),
        "POST /v3/pay/transactions/native was sent and its outcome is unknown (3 attempts): the HTTP service failed: \
         reset by peer; an earlier attempt may have taken effect; query by your own number before anything else"
    );
    assert!(std::error::Error::source(&error).is_none());
}

#[tokio::test]
async fn nothing_is_signed_for_an_unlisted_host() {
    let platform = FakePlatform::new();
    for base in ["http://api.mch.weixin.qq.com", "http://gateway.example"] {
        let gateway = Gateway::signed(200, UNPAID);
        let client = Client::builder(platform.request_signer())
            .base_url(base)
            .service(
                gateway.service::<MaybeBuffered<RequestBody>>(),
                Verifier::new(platform.key_store()),
            )
            .unwrap();
        let error = client.call(&query()).await.unwrap_err();
        assert!(
            matches!(
                error,
                CallError::NotSent {
                    source: Error::HostNotAllowed { .. },
                    ..
                }
            ),
            "{base}: {error:?}"
        );
        assert!(gateway.requests().is_empty());
    }
    for base in ["not a url", "https://host/path", "/v3"] {
        let built = Client::builder(platform.request_signer()).base_url(base).service(
            Gateway::signed(200, "").service::<MaybeBuffered<RequestBody>>(),
            Verifier::new(platform.key_store()),
        );
        assert!(built.is_err(), "{base}");
    }
}

#[tokio::test]
async fn sensitive_fields_are_encrypted_with_the_key_that_is_announced() {
    let gateway = Gateway::signed(200, r#"{"prepay_id":"wx1"}"#);
    let identity = PayerIdentity::new(IdentityType::IdCard, "430102199003071234", "张三");
    let payer = PartnerPayer::sp_openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".parse().unwrap()).identity(identity);
    let order = PartnerJsapiPrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        "x",
        "ORDER-0001".parse().unwrap(),
        "https://shop.example/notify",
        Fen::from(1),
        payer,
    );
    gateway.client().call(&order).await.unwrap();
    let sent = &gateway.requests()[0];
    assert_eq!(sent.headers["wechatpay-serial"], DEMO_PUBLIC_KEY_ID);
    let text = std::str::from_utf8(&sent.body).unwrap();
    assert!(!text.contains("430102199003071234") && !text.contains("张三"));
    let body: serde_json::Value = serde_json::from_slice(&sent.body).unwrap();
    let ciphertext = body["payer"]["identity"]["name"].as_str().unwrap();
    let ciphertext = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, ciphertext).unwrap();
    let plain = gateway
        .platform
        .demo_key(DemoKey::PublicKey)
        .decrypt(&ciphertext)
        .unwrap();
    assert_eq!(plain.as_slice(), "张三".as_bytes());

    // Without a key nothing leaves.
    let platform = &gateway.platform;
    let no_keys = std::sync::Arc::new(PinnedKeys::new(Vec::<wechatpay_core::keys::PlatformKey>::new()));
    let client = Client::builder(platform.request_signer())
        .service(
            gateway.service::<MaybeBuffered<RequestBody>>(),
            Verifier::new(no_keys),
        )
        .unwrap();
    let error = client.call(&order).await.unwrap_err();
    assert!(matches!(error, CallError::Encrypt(EncryptError::NoKey)));
    assert_eq!(gateway.requests().len(), 1);
}

/// A query with a sensitive parameter.
#[derive(Clone, Endpoint)]
#[endpoint(GET, "/v3/banks/of-card", response = Found)]
struct FindBank {
    account_number: Sensitive,
}

#[derive(Debug, PartialEq, Eq, Response)]
struct Found {
    bank: String,
}

#[tokio::test]
async fn a_sensitive_query_parameter_is_encrypted_before_the_request_is_signed() {
    let gateway = Gateway::signed(200, r#"{"bank":"icbc"}"#);
    let find = FindBank {
        account_number: Sensitive::plain("6222020200112233445"),
    };
    let found = gateway.client().call(&find).await.unwrap();
    assert_eq!(found.bank, "icbc");
    let sent = &gateway.requests()[0];
    assert_eq!(sent.headers["wechatpay-serial"], DEMO_PUBLIC_KEY_ID);
    let value = sent.uri.query().unwrap().strip_prefix("account_number=").unwrap();
    let value = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let ciphertext = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, value).unwrap();
    let key = gateway.platform.demo_key(DemoKey::PublicKey);
    let plain = key.decrypt(&ciphertext).unwrap();
    assert_eq!(plain.as_slice(), b"6222020200112233445");
}

/// An endpoint of a user, which may fail to declare its sensitive field.
#[derive(Clone, serde::Serialize)]
struct Own<const SAYS_SO: bool> {
    out_request_no: &'static str,
    bank_account: Sensitive,
}

impl<const SAYS_SO: bool> Endpoint for Own<SAYS_SO> {
    const METHOD: http::Method = http::Method::POST;
    const TEMPLATE: &'static str = "/v3/new-product/requests";
    type Body<'a> = &'a Self;
    type Response = serde_json::Value;

    fn path(&self) -> Path {
        Path::new("/v3/new-product/requests")
    }

    fn body(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<const SAYS_SO: bool> SensitiveFields for Own<SAYS_SO> {
    const SENSITIVE: bool = SAYS_SO;

    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.bank_account.visit_sensitive(f)
    }
}

#[tokio::test]
async fn an_undeclared_sensitive_field_is_not_sent_in_clear_text() {
    let gateway = Gateway::signed(200, r#"{"state":"ACCEPTED"}"#);
    let client = gateway.client();
    let bank_account = || Sensitive::plain("6222020200112233445");
    let out_request_no = "R-1";

    let forgotten = Own::<false> {
        out_request_no,
        bank_account: bank_account(),
    };
    let error = client.call(&forgotten).await.unwrap_err();
    assert!(matches!(error, CallError::Request(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(gateway.requests().is_empty() && !format!("{error:?}").contains("6222"));

    let own = Own::<true> {
        out_request_no,
        bank_account: bank_account(),
    };
    let reply = client.call(&own).await.unwrap();
    assert_eq!(reply["state"], "ACCEPTED");
    let sent = &gateway.requests()[0];
    assert!(!sent.body.windows(4).any(|text| text == b"6222"));
    assert_eq!(sent.headers["wechatpay-serial"], DEMO_PUBLIC_KEY_ID);
}

#[tokio::test]
async fn an_unknown_key_is_named_in_the_error() {
    let gateway = Gateway::new(|platform, _| {
        let mut reply = response(200, UNPAID);
        let key = platform.demo_key(DemoKey::Platform1);
        let id = "ABCDEF".parse().unwrap();
        let now = platform.now().to_string();
        add_signature(
            &mut reply,
            FakePlatform::sign_with(&id, key.as_ref(), &now, "n", UNPAID.as_bytes()),
        );
        reply
    });
    let error = gateway.client().call(&query()).await.unwrap_err();
    let CallError::Read {
        cause: UnknownCause::Layer(Error::Verify(VerifyError::KeyUnknown { id })),
        ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(id.as_str(), "ABCDEF");
}

#[tokio::test]
async fn certificates_can_be_listed_by_hand() {
    let body = r#"{"data":[{"serial_no":"5157F09EFDC096DE15EBE81A47057A7232F1B8E1","effective_time":"2018-06-08T10:34:56+08:00","expire_time":"2028-06-08T10:34:56+08:00","encrypt_certificate":{"algorithm":"AEAD_AES_256_GCM","nonce":"61f9c719728a","ciphertext":"eA=="}}]}"#;
    let list = Gateway::signed(200, body)
        .client()
        .call(&ListCertificates::new())
        .await
        .unwrap();
    assert_eq!(
        list.data[0].serial_no.as_str(),
        "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
    );
    assert_eq!(list.data[0].encrypt_certificate.associated_data, None);
}

#[test]
fn handles_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Client>();
    shared::<wechatpay_tower::WechatPay>();
    fn sendable<T: Send>(_: T) {}
    let gateway = Gateway::signed(200, UNPAID);
    let client = gateway.client();
    sendable(client.call(&query()));
}

/// `{error}` shows a refusal in one line, without its causes.
#[tokio::test]
async fn a_refusal_is_displayed_in_one_line() {
    let error = Gateway::signed(400, r#"{"code":"ORDERPAID","message":"订单已支付"}"#)
        .client()
        .call(&Close::new(
            DEMO_MCHID.parse().unwrap(),
            "ORDER-0001".parse().unwrap(),
        ))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close was refused: 400 ORDERPAID: 订单已支付 \
         [Request-ID 08F78BB6B20610EE-268512771: order not found]"
    );
    assert!(std::error::Error::source(&error).is_none());
    let debug = format!("{error:?}");
    for part in [
        "POST",
        "/close",
        "400",
        "ORDERPAID",
        "订单已支付",
        "08F78BB6B20610EE",
    ] {
        assert!(debug.contains(part), "{part} in {debug}");
    }
    for (status, body, shown) in [
        (
            401,
            r#"{"code":"SIGN_ERROR","message":"签名错误","detail":{"detail":{"issue":"sign not match"},"field":"signature"}}"#,
            "was refused: 401 SIGN_ERROR: 签名错误 (field signature: sign not match) [",
        ),
        (
            404,
            r#"{"message":"no Route matched with those values"}"#,
            "was refused: 404: no Route matched with those values [",
        ),
        (
            400,
            r#"{"error_code":"PARAM_ERROR","error_msg":"x"}"#,
            "was refused: 400 PARAM_ERROR: x [",
        ),
        (
            403,
            r#"{"code":403,"message":{"zh":"拒绝"}}"#,
            r#"was refused: 403 403: {"zh":"拒绝"} ["#,
        ),
        (
            404,
            "<html>\n<h1>Not Found</h1>\x1b[2J",
            "was refused: 404: <html> <h1>Not Found</h1>[2J [",
        ),
        (404, "", "was refused: 404 ["),
    ] {
        let error = Gateway::unsigned(status, body)
            .client()
            .call(&native())
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("POST /v3/pay/transactions/native ") && text.contains(shown),
            "{text}"
        );
        assert!(text.ends_with("(unsigned)"), "{text}");
    }
}

#[tokio::test]
async fn foreign_text_cannot_add_lines_to_a_log() {
    let body = "{\"code\":\"X\",\"message\":\"no\\n2026-11-30T00:00:00Z  INFO shop: order ORDER-0001 was paid\\u001b[2J\\u202e\"}";
    for body in [body, "no\r\n2026-11-30 INFO paid\u{1b}[2J\u{202e}"] {
        let error = Gateway::unsigned(403, body)
            .client()
            .call(&native())
            .await
            .unwrap_err();
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            error.api().unwrap().to_string(),
            format!("{:?}", error.api().unwrap()),
            error.api().unwrap().snippet().unwrap_or_default().to_owned(),
        ] {
            assert!(!shown.contains(['\n', '\r', '\u{1b}', '\u{202e}']), "{shown:?}");
        }
    }
}

/// The sandbox explains a refusal; from another sender the text would be a lure.
#[tokio::test]
async fn a_hint_is_shown_from_a_gateway_on_this_machine_only() {
    const BODY: &str = r#"{"code":"SIGN_ERROR","message":"签名错误","detail":{"field":"serial_no","sandbox":{"hint":"this merchant's is 5157F09E","see":"http://127.0.0.1:8640/_sandbox/x"}}}"#;
    let shown = |base: &'static str| async move {
        let gateway = Gateway::unsigned(401, BODY);
        let client = Client::builder(gateway.platform.request_signer())
            .base_url(base)
            .service(
                gateway.service::<MaybeBuffered<RequestBody>>(),
                Verifier::new(gateway.platform.key_store()),
            )
            .unwrap();
        client.call(&native()).await.unwrap_err().to_string()
    };
    for local in [
        "http://127.0.0.1:8640",
        "http://localhost:8640",
        "http://[::1]:8640",
    ] {
        let text = shown(local).await;
        assert!(
            text.ends_with(
                "; the sandbox says: this merchant's is 5157F09E (see http://127.0.0.1:8640/_sandbox/x)"
            ),
            "{text}"
        );
    }
    for base in ["https://api.mch.weixin.qq.com", "https://gateway.example"] {
        assert!(!shown(base).await.contains("5157F09E"), "{base}");
    }
}

#[tokio::test]
async fn an_accepted_request_keeps_its_body() {
    let error = Gateway::signed(202, r#"{"out_bill_no":"T1","openid":"oCANARY"}"#)
        .client()
        .call(&native())
        .await
        .unwrap_err();
    let api = error.api().unwrap();
    let body = api
        .verified_body()
        .unwrap()
        .clone()
        .json::<serde_json::Value>()
        .unwrap();
    assert_eq!(body["out_bill_no"], "T1");
    assert_eq!((error.outcome(), api.is_retryable()), (Outcome::Unknown, true));
    let text = format!("{error} {error:?}");
    assert!(text.contains("was accepted and is not done: 202"), "{text}");
    assert!(!text.contains("CANARY"), "a response may name a payer: {text}");
    // An unsigned one is no response at all.
    let unsigned = Gateway::unsigned(202, "{}")
        .client()
        .call(&native())
        .await
        .unwrap_err();
    assert!(unsigned.api().is_none() && unsigned.outcome() == Outcome::Unknown);
}

/// A request that is accepted and carried out later.
#[derive(Clone, Endpoint)]
#[endpoint(POST, "/v3/taken", response = Taken, echo(number), accepted)]
struct Take {
    number: String,
}

#[derive(Debug, Response)]
struct Taken {
    number: String,
    state: Option<String>,
}

#[tokio::test]
async fn an_endpoint_may_declare_202_as_its_success() {
    for status in [200, 202] {
        let gateway = Gateway::signed(status, r#"{"number":"T1","state":"ACCEPTED"}"#);
        let response = gateway.client().call(&Take::new("T1".into())).await.unwrap();
        assert_eq!(response.state.as_deref(), Some("ACCEPTED"));
    }
    // Of another request.
    let gateway = Gateway::signed(202, r#"{"number":"T2"}"#);
    let error = gateway.client().call(&Take::new("T1".into())).await.unwrap_err();
    assert!(
        matches!(
            error,
            CallError::OutcomeUnknown {
                cause: UnknownCause::OtherRequest(_),
                ..
            }
        ),
        "{error:?}"
    );
    // "Busy" is no success, and neither is what cannot be read.
    for body in [
        r#"{"code":"USERPAYING","message":"x","number":"T1"}"#,
        "",
        "<html>",
    ] {
        let error = Gateway::signed(202, body)
            .client()
            .call(&Take::new("T1".into()))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("POST /v3/taken was accepted and is not done: 202"),
            "{text}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(
            error.api().unwrap().verified_body().map(|body| body.len()),
            Some(body.len())
        );
    }
    let error = Gateway::unsigned(202, r#"{"number":"T1"}"#)
        .client()
        .call(&Take::new("T1".into()))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}
