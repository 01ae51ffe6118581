//! Error bodies, request ids and the list of certificates.

use serde_json::json;
use wechatpay_core::api::{ErrorBody, RequestId, certificates};

use super::read;

#[test]
fn an_error_body_is_read_with_any_members_missing() {
    for (text, code, message) in [
        (
            r#"{"code":"PARAM_ERROR","message":"参数错误"}"#,
            "PARAM_ERROR",
            "参数错误",
        ),
        (r#"{"code":"PARAM_ERROR"}"#, "PARAM_ERROR", ""),
        (
            r#"{"code":"PARAM_ERROR","message":null,"detail":null}"#,
            "PARAM_ERROR",
            "",
        ),
        ("{}", "", ""),
        (
            r#"{"code":"X","message":"y","detail":"free text","added_later":1}"#,
            "X",
            "y",
        ),
    ] {
        let body: ErrorBody = serde_json::from_str(text).unwrap();
        assert_eq!(
            (body.code.as_str(), body.message.as_str()),
            (code, message),
            "{text}"
        );
        assert!(body.is(code), "{text}");
    }
    let body: ErrorBody = serde_json::from_str(
        r#"{"code":"PARAM_ERROR","message":"x","detail":{"location":"body","value":1,"field":"/amount/total","issue":"too small"}}"#,
    )
    .unwrap();
    assert_eq!(
        (body.field(), body.issue()),
        (Some("/amount/total"), Some("too small"))
    );
    for (ours, theirs) in [
        ("NO_AUTH", "NOAUTH"),
        ("NOTENOUGH", "NOT_ENOUGH"),
        ("SYSTEM_ERROR", "SYSTEMERROR"),
        ("RESOURCE_NOT_EXISTS", "RESOURCE_NOT_EXISTS"),
    ] {
        let body: ErrorBody = serde_json::from_str(&format!("{{\"code\":\"{theirs}\"}}")).unwrap();
        assert!(body.is(ours), "{ours} {theirs}");
    }
    for no_body in ["", "<html>502</html>", "[]1", "\"text\""] {
        assert!(serde_json::from_str::<ErrorBody>(no_body).is_err(), "{no_body}");
    }
}

#[test]
fn a_request_id_is_sanitised_and_may_contain_a_gateway_code() {
    let id = RequestId::new("08F78BB6\r\nB206 支付10EE-268498688");
    assert_eq!(id.as_str(), "08F78BB6B20610EE-268498688");
    let code = id.gateway_code().unwrap();
    assert_eq!(
        (code.get(), code.meaning()),
        (268_498_688, Some("same number with other parameters"))
    );
    assert_eq!(RequestId::new("x-1").gateway_code().unwrap().meaning(), None);
    for none in ["", "x", "x-0", "x-", "x-y", "x-99999999999999999999999"] {
        assert_eq!(RequestId::new(none).gateway_code(), None, "{none}");
    }
    assert_eq!(RequestId::new(&"9".repeat(1000)).as_str().len(), 128);
}

#[test]
fn the_list_of_certificates_is_read_still_encrypted() {
    let list: certificates::CertificateList = read(&json!({ "data": [{
        "serial_no": "00abcdef", "effective_time": "2018-06-08T10:34:56+08:00", "expire_time": "2028-06-08T10:34:56Z",
        "encrypt_certificate": { "algorithm": "AEAD_AES_256_GCM", "nonce": "61f9c719728a", "ciphertext": "sRvt" },
    }] }));
    let entry = &list.data[0];
    assert_eq!(entry.serial_no.as_str(), "00ABCDEF");
    assert_eq!(
        entry.expire_time.unwrap().to_string(),
        "2028-06-08T18:34:56+08:00"
    );
    assert_eq!(entry.encrypt_certificate.associated_data, None);
    assert_eq!(entry.encrypt_certificate.nonce, "61f9c719728a");
}
