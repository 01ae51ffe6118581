//! Grammars of ids.

use wechatpay_core::types::{
    Appid, Mchid, Openid, OutRefundNo, OutTradeNo, PrepayId, RefundId, TransactionId,
};

use super::{APPID, MCHID, OPENID};

#[test]
fn each_id_is_parsed_by_its_grammar() {
    fn check<T: std::str::FromStr>(name: &str, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(text.parse::<T>().is_ok(), "{name}: {text:?}");
        }
        for text in bad.iter().chain(&["", " ", "a b", "x\n", "支付", "a\0"]) {
            assert!(text.parse::<T>().is_err(), "{name}: {text:?}");
        }
    }
    let n = |length: usize| "9".repeat(length);
    check::<Mchid>("mchid", &["1", MCHID, &n(32)], &[&n(33), "19000A", "-1", "１９"]);
    check::<Appid>("appid", &[APPID, "a-_B", &n(32)], &[&n(33), "wx/1", "wx\"1"]);
    check::<Openid>("openid", &[OPENID, "o", &n(128)], &[&n(129)]);
    check::<OutTradeNo>(
        "out_trade_no",
        &["123456", "a_b-c*", &n(32)],
        &["12345", &n(33), "a|bcdef", "a@bcdef"],
    );
    check::<TransactionId>("transaction_id", &["4", &n(32)], &[&n(33), "4-2"]);
    check::<PrepayId>("prepay_id", &["wx1", &n(64)], &[&n(65)]);
    check::<OutRefundNo>("out_refund_no", &["1", "a_b-c*d@e|f", &n(64)], &[&n(65), "a/b"]);
    check::<RefundId>("refund_id", &["5", &n(32)], &[&n(33)]);
}

#[test]
fn a_received_id_is_visible_text_of_limited_length_and_is_sent_unchanged() {
    for text in ["\"a|b\"", "\"1217752501201407033233368018\""] {
        let id: OutTradeNo = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), text);
    }
    for bad in [
        "\"\"",
        "\"a b\"",
        "\"支付\"",
        "1",
        "null",
        "[]",
        &format!("\"{}\"", "9".repeat(65)),
    ] {
        assert!(serde_json::from_str::<OutTradeNo>(bad).is_err(), "{bad}");
    }
    assert!(
        serde_json::from_str::<Mchid>("\"x1\"").is_ok(),
        "lenient in what comes"
    );
}
