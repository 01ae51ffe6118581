//! Bills: when they are there, what is in them, how they are given out.

use std::{io::Read as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    bills::{BillFormatError, FundFlowReader, TradeBillReader},
    crypto::{Sha1, default_provider},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey},
    types::{ApiV3Key, Fen},
};
use wechatpay_sandbox::{Account, Buyer, EventKind, LintKind, RefundState, Sandbox};

use crate::support::{Merchant, Reply, direct_order, partner_order, refusal, send, with_second_merchant};

const DATE: &str = "2026-01-05";
const TRADE: &str = "/v3/bill/tradebill";
const FLOW: &str = "/v3/bill/fundflowbill";
const MINUTE: Duration = Duration::from_secs(60);

/// A day with a paid order in each family, two refunds, and an unpaid order.
async fn day(strict: bool) -> (Sandbox, Merchant) {
    let sandbox = with_second_merchant(Sandbox::builder())
        .manual_clock()
        .notify_enabled(false)
        .strict(strict)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    let notify_url = json!("https://shop.example.com/notify");
    let mut order = partner_order("jsapi", "partner-1");
    order["notify_url"] = notify_url.clone();
    order["description"] = json!("茶, 绿茶");
    order["attach"] = json!("第一行\n第二行");
    order["scene_info"] = json!({ "payer_client_ip": "203.0.113.7", "device_id": "013467007045764" });
    for (path, order) in [
        ("/v3/pay/partner/transactions/jsapi", order),
        ("/v3/pay/transactions/native", direct_order("native", "direct-1")),
        ("/v3/pay/transactions/native", direct_order("native", "unpaid-1")),
    ] {
        let mut order = order;
        order["notify_url"] = notify_url.clone();
        let reply = merchant.post(path, &order).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
    sandbox.pay("partner-1", Buyer::Alice).unwrap();
    sandbox.clock().advance(MINUTE).await.unwrap();
    sandbox.pay("direct-1", Buyer::Alice).unwrap();
    for (number, amount) in [("refund-1", 300), ("refund-2", 690)] {
        sandbox.clock().advance(MINUTE).await.unwrap();
        let refund = json!({
            "sub_mchid": DEMO_SUB_MCHID, "sp_appid": DEMO_APPID, "out_trade_no": "partner-1",
            "out_refund_no": number, "amount": { "refund": amount, "total": 990 },
        });
        let reply = merchant.post("/v3/ecommerce/refunds/apply", &refund).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    }
    sandbox.settle_refund("refund-2", RefundState::Abnormal).unwrap();
    sandbox.clock().advance(MINUTE).await.unwrap();
    (sandbox, merchant)
}

async fn next_day() -> (Sandbox, Merchant) {
    let (sandbox, merchant) = day(false).await;
    sandbox.clock().next_day_at("10:00").await.unwrap();
    (sandbox, merchant)
}

/// Asks for a bill and downloads it, packed if that was asked for.
async fn fetch(merchant: &Merchant, target: &str) -> (Value, Bytes) {
    let reply = merchant.get(target).await;
    assert_eq!(reply.status, StatusCode::OK, "{target}: {}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let response = reply.json();
    let url = response["download_url"].as_str().unwrap();
    let file = download(merchant, url).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    (response, file.body)
}

async fn download(merchant: &Merchant, url: &str) -> Reply {
    merchant.get(url.strip_prefix(&merchant.base_url).unwrap()).await
}

fn sha1(text: &[u8]) -> String {
    let mut digest = Sha1::new().unwrap();
    digest.update(text);
    digest.finish().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unpacked(file: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut text).unwrap();
    text
}

/// Numbers, state and amounts of each row, by the client's reader of trade bills.
fn trade(text: &[u8]) -> Vec<[String; 6]> {
    let mut bill = TradeBillReader::new();
    let mut rows = Vec::new();
    bill.feed(text, |row| {
        rows.push([
            row.out_trade_no().to_owned(),
            row.out_refund_no().unwrap_or_default().to_owned(),
            row.trade_state().as_str().to_owned(),
            row.refund_status().unwrap_or_default().to_owned(),
            row.get("订单金额").unwrap().to_owned(),
            row.get("申请退款金额").unwrap_or_default().to_owned(),
        ]);
        Ok::<_, BillFormatError>(())
    })
    .unwrap();
    // The reader compares the sums with the summary.
    bill.finish().unwrap();
    rows
}

#[tokio::test]
async fn a_bill_is_there_from_ten_o_clock_of_the_next_day() {
    let (sandbox, merchant) = day(false).await;
    let clock = sandbox.clock();
    let target = format!("{TRADE}?bill_date={DATE}");
    let creating = (400, "STATEMENT_CREATING".to_owned());
    assert_eq!(refusal(&merchant.get(&target).await), creating);
    let turn = clock.next_day_at("09:59").await.unwrap();
    assert!(
        !turn
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::BillsReady { .. }))
    );
    let reply = merchant.get(&target).await;
    assert_eq!(refusal(&reply), creating);
    merchant.verify(&reply).await.unwrap();
    assert!(sandbox.requests().pop().unwrap().has_lint(LintKind::BillTooEarly));
    let turn = clock.advance(MINUTE).await.unwrap();
    assert_eq!(
        turn.events.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["10:00:00  ***  bills of 2026-01-05 are ready"]
    );
    assert_eq!(merchant.get(&target).await.status, StatusCode::OK);

    let invalid = (400, "INVALID_REQUEST".to_owned());
    for (date, expected) in [
        ("2026-01-04", (400, "NO_STATEMENT_EXIST".to_owned())),
        ("2026-01-06", creating),
        ("2026-01-07", invalid.clone()),
        ("2025-10-05", invalid),
        ("2025-10-06", (400, "NO_STATEMENT_EXIST".to_owned())),
        ("20260105", (400, "PARAM_ERROR".to_owned())),
        ("", (400, "PARAM_ERROR".to_owned())),
    ] {
        let reply = merchant.get(&format!("{TRADE}?bill_date={date}")).await;
        assert_eq!(refusal(&reply), expected, "{date}");
    }
}

#[tokio::test]
async fn the_trade_bill_tells_payments_and_refunds_in_the_documented_form() {
    let (sandbox, merchant) = next_day().await;
    let (response, file) = fetch(&merchant, &format!("{TRADE}?bill_date={DATE}&bill_type=ALL")).await;
    assert_eq!(response["hash_type"], "SHA1");
    assert_eq!(response["hash_value"], sha1(&file));
    let text = String::from_utf8(file.to_vec()).unwrap();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 4 + 2 + 1, "{text}");
    assert_eq!(
        lines[0],
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
    );
    let order = sandbox.order("partner-1").unwrap();
    let transaction_id = order.transaction_id.unwrap();
    assert_eq!(
        lines[1],
        format!(
            "`2026-01-05 09:00:00,`{DEMO_APPID},`{DEMO_MCHID},`{DEMO_SUB_MCHID},`013467007045764,`{transaction_id},`partner-1,`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`9.90,`0.00,`0,`0,`0.00,`0.00,`,`,`茶, 绿茶,`第一行 第二行,`0.06000,`0.60%,`9.90,`0.00,`"
        )
    );
    let refund = sandbox.refund("refund-1").unwrap();
    assert_eq!(
        lines[3],
        format!(
            "`2026-01-05 09:02:00,`{DEMO_APPID},`{DEMO_MCHID},`{DEMO_SUB_MCHID},`013467007045764,`{transaction_id},`partner-1,`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`{},`refund-1,`3.00,`0.00,`ORIGINAL,`SUCCESS,`茶, 绿茶,`第一行 第二行,`-0.02000,`0.60%,`0.00,`3.00,`",
            refund.refund_id
        )
    );
    // A direct merchant has no sub-merchant, and the fee of a whole refund is the whole fee.
    assert!(lines[2].starts_with(&format!(
        "`2026-01-05 09:01:00,`{DEMO_APPID},`{DEMO_MCHID},`0,`,`4200"
    )));
    assert!(
        lines[4].contains("`CHANGE,") && lines[4].contains("`-0.04000,"),
        "{}",
        lines[4]
    );
    assert_eq!(
        lines[5],
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    );
    assert_eq!(lines[6], "`4,`19.80,`9.90,`0.00,`0.06000,`19.80,`9.90");
    assert_eq!(lines[7], "");
    assert_eq!(trade(&file).len(), 4);
    // Asked for again it is the same file.
    assert_eq!(
        fetch(&merchant, &format!("{TRADE}?bill_date={DATE}")).await.1,
        file
    );
}

#[tokio::test]
async fn payments_and_refunds_have_bills_of_their_own() {
    let (_sandbox, merchant) = next_day().await;
    let target = format!("{TRADE}?bill_date={DATE}&bill_type=");
    let (_, success) = fetch(&merchant, &format!("{target}SUCCESS")).await;
    let numbers: Vec<[String; 6]> = trade(&success);
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers[0][0], "partner-1");
    let (_, refunds) = fetch(&merchant, &format!("{target}REFUND")).await;
    let rows = trade(&refunds);
    assert_eq!(
        rows[0][1..5],
        ["refund-1", "REFUND", "SUCCESS", "0.00"].map(str::to_owned)
    );
    assert_eq!(rows[1][1..4], ["refund-2", "REFUND", "CHANGE"].map(str::to_owned));
    let text = String::from_utf8(refunds.to_vec()).unwrap();
    // Here the first column is the time of the payment.
    assert!(
        text.contains("\r\n`2026-01-05 09:00:00,")
            && text.contains("`2026-01-05 09:02:00,`2026-01-05 09:02:03,")
    );
    for (query, expected) in [("RECHARGE_REFUND", "NO_STATEMENT_EXIST"), ("all", "PARAM_ERROR")] {
        assert_eq!(merchant.get(&format!("{target}{query}")).await.code(), expected);
    }
}

#[tokio::test]
async fn a_bill_is_of_one_sub_merchant_or_of_all() {
    let (_sandbox, merchant) = next_day().await;
    let target = format!("{TRADE}?bill_date={DATE}&sub_mchid=");
    let (_, file) = fetch(&merchant, &format!("{target}{DEMO_SUB_MCHID}")).await;
    assert!(trade(&file).iter().all(|row| row[0] == "partner-1"));
    let reply = merchant.get(&format!("{target}1900000110")).await;
    assert_eq!(refusal(&reply), (403, "NO_AUTH".to_owned()));
    // Another merchant had no business that day.
    let other = Merchant::with(&_sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    let reply = other.get(&format!("{TRADE}?bill_date={DATE}")).await;
    assert_eq!(refusal(&reply), (400, "NO_STATEMENT_EXIST".to_owned()));
}

#[tokio::test]
async fn a_bill_is_a_snapshot_of_nine_o_clock() {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .notify_enabled(false)
        .settle_delay(Duration::MAX)
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox);
    merchant
        .post("/v3/pay/transactions/native", &direct_order("native", "direct-1"))
        .await;
    sandbox.pay("direct-1", Buyer::Alice).unwrap();
    for number in ["refund-1", "refund-2"] {
        let refund = json!({
            "out_trade_no": "direct-1", "out_refund_no": number,
            "amount": { "refund": 100, "total": 990, "currency": "CNY" },
        });
        merchant.post("/v3/refund/domestic/refunds", &refund).await;
    }
    let clock = sandbox.clock();
    clock.next_day_at("08:59").await.unwrap();
    sandbox.settle_refund("refund-1", RefundState::Closed).unwrap();
    clock.advance(2 * MINUTE).await.unwrap();
    sandbox.settle_refund("refund-2", RefundState::Success).unwrap();
    clock.advance(60 * MINUTE).await.unwrap();
    let (_, file) = fetch(&merchant, &format!("{TRADE}?bill_date={DATE}")).await;
    let states: Vec<String> = trade(&file).into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(states, ["", "FAIL", "PROCESSING"]);
}

#[tokio::test]
async fn a_packed_bill_has_the_digest_of_the_plain_one() {
    let (_sandbox, merchant) = next_day().await;
    let (plain_response, plain) = fetch(&merchant, &format!("{TRADE}?bill_date={DATE}")).await;
    let (response, packed) = fetch(&merchant, &format!("{TRADE}?bill_date={DATE}&tar_type=GZIP")).await;
    assert_eq!(response["hash_value"], plain_response["hash_value"]);
    assert_eq!(packed[..2], [0x1f, 0x8b]);
    assert_eq!(unpacked(&packed), plain);
    let reply = merchant
        .get(&format!("{TRADE}?bill_date={DATE}&tar_type=ZIP"))
        .await;
    assert_eq!(reply.code(), "PARAM_ERROR");
}

#[tokio::test]
async fn a_file_is_given_to_the_merchant_that_asked_signed_and_in_time() {
    let (sandbox, merchant) = next_day().await;
    let ask = async || {
        let reply = merchant
            .get(&format!("{TRADE}?bill_date={DATE}&tar_type=GZIP"))
            .await;
        reply.json()["download_url"].as_str().unwrap().to_owned()
    };
    let url = ask().await;
    let file = download(&merchant, &url).await;
    assert!(!file.is_signed());
    assert_eq!(file.header("content-type"), "application/x-gzip");
    assert_eq!(
        file.header("content-encoding"),
        "",
        "it is a gzip file, not a packed response"
    );

    // A browser that opens the address has no signature.
    let request = http::Request::get(&url)
        .body(http_body_util::Full::default())
        .unwrap();
    assert_eq!(refusal(&send(request).await), (401, "SIGN_ERROR".to_owned()));
    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    let reply = download(&other, &url).await;
    assert_eq!(refusal(&reply), (403, "NO_AUTH".to_owned()));
    other.verify(&reply).await.unwrap();

    sandbox.clock().advance(5 * MINUTE).await.unwrap();
    assert_eq!(download(&merchant, &url).await.status, StatusCode::OK);
    sandbox.clock().advance(Duration::from_secs(1)).await.unwrap();
    let reply = download(&merchant, &url).await;
    assert_eq!(refusal(&reply), (400, "INVALID_REQUEST".to_owned()));
    assert!(reply.text().contains("重新申请"), "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let unknown = merchant.get("/v3/billdownload/file?token=nobody-knows-it").await;
    assert_eq!(refusal(&unknown), (400, "INVALID_REQUEST".to_owned()));
    assert_eq!(merchant.get("/v3/billdownload/file").await.code(), "PARAM_ERROR");
    assert_eq!(download(&merchant, &ask().await).await.status, StatusCode::OK);
    assert!(!sandbox.take_refusals().is_empty());
}

#[tokio::test]
async fn an_address_of_a_strict_sandbox_lives_half_a_minute() {
    let (sandbox, merchant) = day(true).await;
    sandbox.clock().next_day_at("10:00").await.unwrap();
    let reply = merchant.get(&format!("{TRADE}?bill_date={DATE}")).await;
    let url = reply.json()["download_url"].as_str().unwrap().to_owned();
    sandbox.clock().advance(MINUTE / 2).await.unwrap();
    assert_eq!(download(&merchant, &url).await.status, StatusCode::OK);
    sandbox.clock().advance(Duration::from_secs(1)).await.unwrap();
    assert_eq!(download(&merchant, &url).await.code(), "INVALID_REQUEST");
}

#[tokio::test]
async fn the_fund_bill_tells_every_movement_of_an_account() {
    let (sandbox, merchant) = day(false).await;
    sandbox.top_up(DEMO_MCHID, Account::Operation, Fen::from(10_000));
    assert_eq!(sandbox.balance(DEMO_MCHID, Account::Basic), 984);
    // All went back to the payer, and the fee came back to the sub-merchant.
    assert_eq!(sandbox.balance(DEMO_SUB_MCHID, Account::Basic), 0);
    sandbox.clock().next_day_at("10:00").await.unwrap();
    let (response, file) = fetch(&merchant, &format!("{FLOW}?bill_date={DATE}")).await;
    assert_eq!(response["hash_value"], sha1(&file));
    let text = String::from_utf8(file.to_vec()).unwrap();
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
    assert_eq!(
        lines[0],
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
    );
    let id = sandbox.order("direct-1").unwrap().transaction_id.unwrap();
    assert!(
        lines[1].starts_with(&format!("`2026-01-05 09:01:00,`{id},`4200")),
        "{}",
        lines[1]
    );
    assert!(
        lines[1].ends_with(",`交易,`交易,`收入,`9.90,`9.90,`system,`,`direct-1"),
        "{}",
        lines[1]
    );
    assert!(
        lines[2].contains("`扣除交易手续费,`支出,`0.06,`9.84,"),
        "{}",
        lines[2]
    );
    assert_eq!(lines[4], "`2.0,`1.0,`9.90,`1.0,`0.06");
    let mut bill = FundFlowReader::new();
    bill.feed(&file, |_| Ok::<_, BillFormatError>(())).unwrap();
    bill.finish().unwrap();

    let (_, operation) = fetch(
        &merchant,
        &format!("{FLOW}?bill_date={DATE}&account_type=OPERATION"),
    )
    .await;
    assert!(
        String::from_utf8(operation.to_vec())
            .unwrap()
            .contains("`收入,`100.00,`100.00,")
    );
    let reply = merchant
        .get(&format!("{FLOW}?bill_date={DATE}&account_type=FEES"))
        .await;
    assert_eq!(reply.code(), "NO_STATEMENT_EXIST");
    let reply = merchant
        .get(&format!("{FLOW}?bill_date={DATE}&account_type=DEPOSIT"))
        .await;
    assert_eq!(reply.code(), "PARAM_ERROR");
}

/// Opens the one file of an encrypted bill as a merchant does.
async fn open(merchant: &Merchant, response: &Value) -> (String, Vec<u8>) {
    assert_eq!(response["download_bill_count"], 1);
    let entry = &response["download_bill_list"][0];
    assert_eq!(entry["bill_sequence"], 1);
    let provider = default_provider().unwrap();
    let key = DemoKey::Merchant.load(provider.as_ref()).unwrap();
    let key = key
        .decrypt(&STANDARD.decode(entry["encrypt_key"].as_str().unwrap()).unwrap())
        .unwrap();
    assert_eq!(key.len(), 32);
    let key = ApiV3Key::parse(std::str::from_utf8(&key).unwrap()).unwrap();
    let file = download(merchant, entry["download_url"].as_str().unwrap()).await;
    assert_eq!(file.status, StatusCode::OK);
    let plain = provider
        .aead(&key)
        .unwrap()
        .open(
            entry["nonce"].as_str().unwrap().as_bytes(),
            b"",
            file.body.to_vec(),
        )
        .unwrap();
    (entry["hash_value"].as_str().unwrap().to_owned(), plain.to_vec())
}

#[tokio::test]
async fn fund_bills_of_sub_merchants_are_encrypted_for_the_caller() {
    let (sandbox, merchant) = next_day().await;
    let target = format!(
        "/v3/bill/sub-merchant-fundflowbill?sub_mchid={DEMO_SUB_MCHID}&bill_date={DATE}&account_type=BASIC&algorithm=AEAD_AES_256_GCM"
    );
    let reply = merchant.get(&target).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    merchant.verify(&reply).await.unwrap();
    let (hash, plain) = open(&merchant, &reply.json()).await;
    assert_eq!(hash, sha1(&plain));
    let text = String::from_utf8(plain.clone()).unwrap();
    // 9.90 in, 0.06 fee, 3.00 and 6.90 out less the fee that came back.
    assert!(
        text.contains("`支出,`2.98,") && text.contains("退款总金额3.00元;含手续费0.02元"),
        "{text}"
    );
    assert!(text.ends_with("\r\n`4.0,`1.0,`9.90,`3.0,`9.90\r\n"), "{text}");
    let mut bill = FundFlowReader::new();
    bill.feed(&plain, |_| Ok::<_, BillFormatError>(())).unwrap();
    bill.finish().unwrap();
    // Packed first, sealed then; the digest is still of the plain file.
    let reply = merchant.get(&format!("{target}&tar_type=GZIP")).await;
    let (packed_hash, packed) = open(&merchant, &reply.json()).await;
    assert_eq!((packed_hash, unpacked(&packed)), (hash, plain));

    let all = format!(
        "/v3/ecommerce/bill/fundflowbill?bill_date={DATE}&account_type=ALL&algorithm=AEAD_AES_256_GCM"
    );
    let (_, plain) = open(&merchant, &merchant.get(&all).await.json()).await;
    let text = String::from_utf8(plain).unwrap();
    assert!(
        text.contains(&format!("\r\n`{DEMO_SUB_MCHID},`BASIC,`2026-01-05 09:00:00,")),
        "{text}"
    );
    assert!(!text.contains("direct-1"), "{text}");

    for (target, expected) in [
        (
            target.replace("AEAD_AES_256_GCM", "SM4_GCM"),
            (501, "SANDBOX_NOT_EMULATED"),
        ),
        (target.replace(DEMO_SUB_MCHID, "1900000110"), (403, "NO_AUTH")),
        (target.replace("BASIC", "DEPOSIT"), (400, "NO_STATEMENT_EXIST")),
        (
            target.replace("&algorithm=AEAD_AES_256_GCM", ""),
            (400, "PARAM_ERROR"),
        ),
        (all.replace("=ALL", "=BASIC"), (400, "PARAM_ERROR")),
    ] {
        let reply = merchant.get(&target).await;
        assert_eq!(refusal(&reply), (expected.0, expected.1.to_owned()), "{target}");
    }
    assert_eq!(sandbox.counters().refused_signatures, 0);
}
