use super::*;

fn said(english: &str) -> String {
    say(Language::Chinese, english).into_owned()
}

#[test]
fn sentences_are_found_with_what_is_in_their_gaps() {
    for (english, chinese) in [
        ("lost on the way", "途中丢失"),
        (
            "NOT_ENOUGH: 40 fen of the order are left to refund",
            "NOT_ENOUGH：订单还可退款 40 分",
        ),
        (
            "/amount/total: required and missing",
            "/amount/total：必填字段缺失",
        ),
        (
            "certificate 5157F0 of merchant 1900000001",
            "商户 1900000001 的证书 5157F0",
        ),
        (
            "old: 401; ahead: no response in time; goods handed over once",
            "过期：401；超前：超时未应答；发货一次",
        ),
        (
            "200, no response in time, 200; goods not handed over",
            "200，超时未应答，200；未发货",
        ),
        (
            "not sent: https needs the feature tls of wechatpay-sandbox",
            "未发送：https 需要启用 wechatpay-sandbox 的 tls 特性",
        ),
        (
            "strict: notify-url-has-query: notify_url has a query, which the platform does not allow",
            "严格模式：notify-url-has-query：notify_url 带有查询参数，微信支付不允许",
        ),
        ("timestamp: 401; nonce: 401", "timestamp: 401; nonce: 401"),
        ("what nobody ever said", "what nobody ever said"),
        ("", ""),
    ] {
        assert_eq!(said(english), chinese);
        assert_eq!(say(Language::English, english), english);
    }
}

#[test]
fn what_the_doctor_advises_is_found_in_its_own_words() {
    let mut mistakes = Mistake::all();
    let (first, second) = (
        mistakes.next().unwrap().remedy(),
        mistakes.next().unwrap().remedy(),
    );
    let fact = Fact::all().next().unwrap().text();
    let english = format!(
        "SIGN_ERROR: probably {} (line 2); probably {}; {}",
        first.en, second.en, fact.en
    );
    let chinese = format!(
        "SIGN_ERROR：很可能：{}（第 2 行）；很可能：{}；{}",
        first.zh, second.zh, fact.zh
    );
    assert_eq!(said(&english), chinese);
    for text in Mistake::all()
        .map(|mistake| mistake.remedy())
        .chain(Fact::all().map(|fact| fact.text()))
    {
        assert_eq!(said(text.en), text.zh);
    }
}

#[test]
fn looking_ends_however_a_text_is_made() {
    for text in [
        "probably ".repeat(200),
        "a; b, ".repeat(300),
        "old: ".repeat(300),
        "x is no fault; ".repeat(9),
        "a (".repeat(400) + &")".repeat(400),
    ] {
        said(&text);
    }
}

#[test]
fn a_pattern_and_its_translation_have_the_same_gaps() {
    for word in TABLES.iter().copied().flatten() {
        let gaps = word.en.matches(GAP).count();
        assert_eq!(word.zh.matches('{').count(), gaps, "{}", word.en);
        let filling: Vec<String> = (0..gaps).map(|gap| format!("<{gap}>")).collect();
        let filled = filled(word.zh, &filling);
        assert!(filling.iter().all(|gap| filled.contains(gap)), "{filled}");
        assert!(!word.zh.is_ascii(), "{}", word.en);
    }
}
