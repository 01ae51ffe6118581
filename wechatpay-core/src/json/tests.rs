use serde::Deserialize;
use serde_json::Value;

use super::*;

#[derive(Debug, Deserialize, PartialEq)]
struct Order {
    number: String,
    amount: Option<Amount>,
    #[serde(default)]
    parts: Vec<Part>,
    attach: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Amount {
    total: Option<u64>,
    paid: Option<u64>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Part {
    id: String,
    count: Option<u32>,
}

const DECIDES: Deciding = Deciding::Refuse(&["number", "amount.total"]);

fn order(text: &str) -> Read<Order> {
    read(text, DECIDES).unwrap()
}

fn refusal(text: &str) -> String {
    read::<Order>(text, DECIDES).unwrap_err().to_string()
}

#[test]
fn a_matching_text_is_read_as_it_is() {
    let read = order(r#"{"number":"A","amount":{"total":1,"paid":2},"parts":[{"id":"x"}],"more":{}}"#);
    assert_eq!(read.unread, [""; 0]);
    assert_eq!(read.value.amount.unwrap().paid, Some(2));
}

#[test]
fn a_side_member_that_does_not_fit_is_absent_and_named() {
    for (member, unread) in [
        (r#""amount":{"total":1,"paid":-1}"#, "amount.paid"),
        (r#""amount":{"total":1,"paid":[]}"#, "amount.paid"),
        (r#""amount":{"total":1,"paid":1,"paid":1}"#, "amount.paid"),
        (r#""attach":{"x":1}"#, "attach"),
        (r#""attach":"a","attach":"b""#, "attach"),
        (r#""parts":7"#, "parts"),
        (r#""parts":[{"id":"x"},{"count":1},null]"#, "parts[1]"),
        (r#""parts":[{"id":"x","count":"many"}]"#, "parts[0].count"),
        (r#""parts":[["x",1]]"#, "parts[0]"),
    ] {
        let read = order(&format!(r#"{{"number":"A",{member}}}"#));
        assert_eq!(read.unread, [unread], "{member}");
        assert_eq!(read.value.number, "A");
    }
}

#[test]
fn null_and_an_empty_text_are_absent_and_not_named() {
    let read = order(r#"{"number":"A","amount":{"total":1,"paid":""},"parts":null,"attach":null}"#);
    assert_eq!(read.unread, [""; 0]);
}

#[test]
fn a_number_is_read_from_text_and_a_text_from_a_number() {
    let read = order(r#"{"number":"A","amount":{"total":1,"paid":" 2 "},"attach":7,"parts":[{"id":12}]}"#);
    assert_eq!(read.unread, [""; 0]);
    assert_eq!(read.value.amount.unwrap().paid, Some(2));
    assert_eq!(read.value.attach.as_deref(), Some("7"));
    assert_eq!(read.value.parts.first().unwrap().id, "12");
}

#[test]
fn a_deciding_member_rejects_and_is_named() {
    for (text, message) in [
        (r#"{"amount":{}}"#, "`number` is missing"),
        (
            r#"{"number":1}"#,
            "`number` has another JSON type or form than expected",
        ),
        (r#"{"number":"A","number":"A"}"#, "`number` stands twice"),
        (
            r#"{"number":"A","amount":{"total":"1"}}"#,
            "`amount.total` has another JSON type or form than expected",
        ),
        (
            r#"{"number":"A","amount":{"total":1,"total":1}}"#,
            "`amount.total` stands twice",
        ),
        (
            r#"{"number":"A","amount":[1,1]}"#,
            "`amount` has another JSON type or form than expected",
        ),
        (r#"[]"#, "the JSON text as a whole has another type than expected"),
        ("{\n \"number\": nil}", "the text is not JSON (line 2, column 12)"),
        (r#"{"number":"A"}}"#, "the text is not JSON (line 1, column 15)"),
    ] {
        assert_eq!(refusal(text), message, "{text}");
    }
}

#[test]
fn in_a_response_a_deciding_member_is_absent_but_never_respelled() {
    const RESPONSE: Deciding = Deciding::AsWritten(&["amount.total"]);
    let read = read::<Order>(r#"{"number":5,"amount":{"total":"1","paid":"1"}}"#, RESPONSE).unwrap();
    assert_eq!(read.unread, ["amount.total"]);
    assert_eq!(read.value.number, "5");
    let amount = read.value.amount.unwrap();
    assert_eq!((amount.total, amount.paid), (None, Some(1)));
    let error = super::read::<Order>(r#"{"number":"a","number":"b"}"#, RESPONSE).unwrap_err();
    assert_eq!(
        (error.path(), error.to_string()),
        ("number", "`number` stands twice".to_owned())
    );
}

#[test]
fn the_deepest_fault_behind_a_missing_member_is_named() {
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[expect(dead_code, reason = "only its shape matters")]
        inner: Inner,
    }
    #[derive(Debug, Deserialize)]
    struct Inner {
        #[expect(dead_code, reason = "only its shape matters")]
        id: u64,
    }
    for (text, message) in [
        (
            r#"{"inner":{"id":"x"}}"#,
            "`inner.id` has another JSON type or form than expected",
        ),
        (r#"{"inner":{"id":null}}"#, "`inner.id` is missing"),
        (r#"{"inner":{}}"#, "`inner.id` is missing"),
        (r#"{"inner":{"id":1,"id":1}}"#, "`inner.id` stands twice"),
        (r#"{"inner":null}"#, "`inner` is missing"),
        (r#"{}"#, "`inner` is missing"),
    ] {
        let error = read::<Outer>(text, Deciding::AsWritten(&[])).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn half_a_surrogate_is_a_replacement_character() {
    for (text, read_as) in [
        (r"\ud83d", "\u{FFFD}"),
        (r"a\ud83db", "a\u{FFFD}b"),
        (r"\ude00", "\u{FFFD}"),
        (r"\ud83d\ud83d\ude00", "\u{FFFD}😀"),
        (r"\ud83d\n", "\u{FFFD}\n"),
        (r"\ud83d\u4e2d", "\u{FFFD}中"),
    ] {
        let read = order(&format!(r#"{{"number":"A","attach":"{text}"}}"#));
        assert_eq!(read.value.attach.as_deref(), Some(read_as), "{text}");
        assert_eq!(read.unread, [""; 0]);
    }
}

#[test]
fn the_parser_takes_what_serde_json_takes_and_nothing_else() {
    for text in [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1.5e+3",
        "1E2",
        "\"\\u4e2d\\/\"",
        "[]",
        "{}",
        "[1,[2],{\"a\":[]}]",
        " { \"a\" : 1 , \"b\" : \"\" } ",
        "",
        " ",
        "nul",
        "truex",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "-",
        "NaN",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{,}",
        "{\"a\":1,}",
        "{a:1}",
        "1 2",
        "\u{FEFF}1",
        "[",
        "{",
        "\"",
        "\\",
        "1\0",
    ] {
        let ours = Tree::parse(text).is_ok();
        assert_eq!(ours, serde_json::from_str::<Value>(text).is_ok(), "{text:?}");
    }
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(Tree::parse(&nested(120)).is_ok());
    assert!(Tree::parse(&nested(1_000_000)).is_err());
}

#[test]
fn the_work_on_a_text_with_many_faults_is_bounded() {
    let parts = vec![r#"{"id":"x","count":"many"}"#; 20_000].join(",");
    let read = order(&format!(r#"{{"number":"A","parts":[{parts}]}}"#));
    assert_eq!(read.unread, ["parts"]);
    assert_eq!(read.value.parts, []);
}

#[test]
fn order_blanks_and_escapes_do_not_matter_to_the_canonical_form() {
    let one = r#"{ "b": [1, 2.50, {"y":null,"x":true}], "a": "\u4e2d\/文" }"#;
    let other = "{\"a\":\"中/文\",\"b\":[1,2.50,{\"x\":true,\"y\":null}]}";
    assert_eq!(canonical(one).unwrap(), other);
    assert_eq!(canonical(other).unwrap(), other);
    let texts: String = (0..0x80_u8).map(char::from).chain("中😀\u{7f}".chars()).collect();
    let quoted = serde_json::to_string(&texts).unwrap();
    assert_eq!(canonical(&quoted).unwrap(), quoted);
}

#[test]
fn different_texts_have_different_canonical_forms() {
    for (one, other) in [
        ("{\"a\":1}", "{\"a\":\"1\"}"),
        ("{\"a\":[1,2]}", "{\"a\":[2,1]}"),
        ("{\"a\":99999999999999999999}", "{\"a\":99999999999999999998}"),
        ("{\"a\":null}", "{}"),
        ("{\"a\":\"b c\"}", "{\"a\":\"bc\"}"),
        ("{\"a\":1,\"a\":2}", "{\"a\":2}"),
    ] {
        assert_ne!(
            canonical(one).unwrap(),
            canonical(other).unwrap(),
            "{one} {other}"
        );
    }
}
