//! Limitations of sub-merchants, and the papers that end them.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::limitations::{
        DueDiligence, DueDiligenceState as State, Form, LimitedFunction, MaterialItem, Query,
        QueryDueDiligence, RecoverWay, Rejection, SubmitDueDiligence, UploadedFile,
    },
    testing::{DEMO_SUB_MCHID, DemoKey},
    types::Mchid,
};
use wechatpay_sandbox::{RecordError, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Reply, encrypted, form, post, refusal, sha256, with_second_merchant},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const DILIGENCE: &str = "/v3/mch-operation-manage/enhanced-due-diligence";
const NUMBER: &str = "440300199001010000";

fn sub() -> Mchid {
    DEMO_SUB_MCHID.parse().unwrap()
}

async fn asked(client: &Client, id: &str) -> DueDiligence {
    client.call(QueryDueDiligence::new(id, sub())).await
}

/// Answers to the items, in their order.
fn answers(asked: &DueDiligence, values: &[&str]) -> Vec<MaterialItem> {
    let template = asked.submission_template.as_ref().unwrap();
    let items = Form::read(template.as_str()).unwrap().record_fields;
    items
        .iter()
        .zip(values)
        .map(|(item, value)| item.answer(*value))
        .collect()
}

async fn upload(merchant: &Merchant, id: &str, item: i64, sub_mchid: &str) -> Reply {
    let bytes = b"\x89PNG and so on";
    let meta = json!({
        "file_name": "shop.png", "file_digest": sha256(bytes), "sub_mchid": sub_mchid, "item_id": item,
    })
    .to_string();
    let body = form(&meta, "shop.png", bytes);
    // The part has another name.
    let (from, to) = (&b"name=\"file\""[..], &b"name=\"due_diligence_file\""[..]);
    let at = body.windows(from.len()).position(|part| part == from).unwrap();
    let body = [&body[..at], to, &body[at + from.len()..]].concat();
    post(
        merchant,
        &format!("{DILIGENCE}/{id}/upload"),
        meta.as_bytes(),
        body,
    )
    .await
}

#[tokio::test]
async fn limitations_in_force_are_told_with_the_way_out() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let none = client.call(Query::new(sub())).await;
    assert!(none.limited_functions.is_empty() && none.recovery_specifications.is_empty());
    let first = sandbox.limit_sub_merchant(DEMO_SUB_MCHID, Value::Null).unwrap();
    let facts = json!({ "relate_limitations": ["NO_REFUND", "NO_PAYMENT"], "recover_way": "NEW_WAY" });
    sandbox.limit_sub_merchant(DEMO_SUB_MCHID, facts).unwrap();
    let both = client.call(Query::new(sub())).await;
    assert_eq!(
        both.limited_functions,
        [
            LimitedFunction::Payment,
            LimitedFunction::Withdrawal,
            LimitedFunction::Refund
        ]
    );
    let way = |number: usize| both.recovery_specifications[number].recover_way.clone();
    assert_eq!(way(0), Some(RecoverWay::SubmitInformationForAppeal));
    assert_eq!(way(1).map(|way| way.to_string()).as_deref(), Some("NEW_WAY"));
    sandbox
        .settle_record(RecordKind::Limitation, &first.key.number, "LIFTED", Value::Null)
        .unwrap();
    let left = client.call(Query::new(sub())).await;
    assert_eq!(left.recovery_specifications.len(), 1);
    let stranger = sandbox.limit_sub_merchant("1900000110", Value::Null);
    assert_eq!(stranger.err(), Some(RecordError::NoSuchSubMerchant));
    let path = "/v3/mch-operation-manage/merchant-limitations/sub-mchid/1900000110";
    let refused = client.merchant.get(path).await;
    assert_eq!(refusal(&refused), (403, "NO_AUTH".to_owned()));
}

#[tokio::test]
async fn papers_are_submitted_encrypted_turned_down_corrected_and_taken() {
    let client = Client::start().await;
    let sandbox = &client.sandbox;
    let id = sandbox
        .ask_due_diligence(DEMO_SUB_MCHID, Value::Null)
        .unwrap()
        .key
        .number;
    let diligence = asked(&client, &id).await;
    assert_eq!(diligence.due_diligence_state, State::Collecting);
    assert!(diligence.deadline_time.is_some() && diligence.submission_data.is_none());
    let file = upload(&client.merchant, &id, 100_003, DEMO_SUB_MCHID).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    let file: UploadedFile = serde_json::from_slice(&file.body).unwrap();

    let submit = |text: &str| {
        let papers = answers(&diligence, &[text, NUMBER, &file.file_id]);
        SubmitDueDiligence::new(id.clone(), sub(), papers)
    };
    let first = client.call(submit("餐饮")).await;
    assert_eq!(first.due_diligence_state, Some(State::Auditing));
    // The same papers, whose ciphertexts differ, are the same.
    assert_eq!(client.call(submit("餐饮")).await.submit_time, first.submit_time);
    let data = first.submission_data.unwrap();
    assert!(!data.as_str().contains(NUMBER) && data.as_str().contains("餐饮"));
    let facts = json!({ "reject_reason": json!({
        "audit_detail_by_item": [{ "item_id": 100_001, "audit_result": 2, "reject_reason_to_merchant": "不清楚" }],
    }).to_string() });
    sandbox
        .settle_record(
            RecordKind::DueDiligence,
            &id,
            "DUE_DILIGENCE_STATE_REJECTED",
            facts,
        )
        .unwrap();
    let rejected = asked(&client, &id).await;
    assert_eq!(rejected.due_diligence_state, State::Rejected);
    let reasons = Rejection::read(rejected.reject_reason.as_deref().unwrap()).unwrap();
    assert_eq!(reasons.audit_detail_by_item[0].item_id, Some(100_001));
    client.call(submit("早餐和午餐")).await;
    sandbox.clock().advance(SETTLED).await.unwrap();
    let finished = asked(&client, &id).await;
    assert_eq!(
        (finished.due_diligence_state, finished.reject_reason),
        (State::Finished, None)
    );
    assert!(finished.complete_time.is_some());
}

#[tokio::test]
async fn wrong_papers_are_refused_by_their_item() {
    let sandbox = with_second_merchant(Sandbox::builder().manual_clock().notify_enabled(false))
        .start()
        .await
        .unwrap();
    let merchant = Merchant::new(&sandbox).asks_for(wechatpay_core::testing::DEMO_PUBLIC_KEY_ID);
    let id = sandbox
        .ask_due_diligence(DEMO_SUB_MCHID, Value::Null)
        .unwrap()
        .key
        .number;
    let path = format!("{DILIGENCE}/{id}/submit");
    let body = |fields: Value| {
        let data = json!({ "record_fields": fields }).to_string();
        json!({ "sub_mchid": DEMO_SUB_MCHID, "submit_data": data })
    };
    let text = json!({ "item_id": "100001", "field_data": "餐饮" });
    let number = json!({ "item_id": "100002", "field_data": encrypted(NUMBER) });
    for wrong in [
        json!([text]),
        json!([text, { "item_id": "100002", "field_data": NUMBER }]),
        json!([text, number, { "item_id": "1", "field_data": "x" }]),
        json!([text, number, { "item_id": "100003", "field_data": "no file" }]),
        json!([number, { "item_id": "100001", "field_data": "长".repeat(513) }]),
        json!("none"),
    ] {
        let reply = merchant.post(&path, &body(wrong.clone())).await;
        assert_eq!(
            refusal(&reply),
            (400, "PARAM_ERROR".to_owned()),
            "{wrong}: {}",
            reply.text()
        );
        assert!(!reply.text().contains(NUMBER), "{}", reply.text());
    }
    assert_eq!(
        sandbox.records(RecordKind::DueDiligence)[0].state,
        "DUE_DILIGENCE_STATE_COLLECTING"
    );
    // Files of texts, of others, of nothing.
    assert_eq!(
        upload(&merchant, &id, 100_001, DEMO_SUB_MCHID).await.code(),
        "PARAM_ERROR"
    );
    assert_eq!(
        upload(&merchant, &id, 100_003, "1900000110").await.code(),
        "NO_AUTH"
    );
    assert_eq!(
        upload(&merchant, "1", 100_003, DEMO_SUB_MCHID).await.code(),
        "NOT_FOUND"
    );
    assert!(sandbox.media().is_empty());
    let other = Merchant::with(&sandbox, "1900000002", "4F2E", DemoKey::OtherMerchant);
    let query = format!("{DILIGENCE}/{id}?sub_mchid={DEMO_SUB_MCHID}");
    assert_eq!(refusal(&other.get(&query).await), (404, "NOT_FOUND".to_owned()));
    // Its time is over.
    let good = body(json!([text, number]));
    sandbox
        .settle_record(
            RecordKind::DueDiligence,
            &id,
            "DUE_DILIGENCE_STATE_EXPIRED",
            Value::Null,
        )
        .unwrap();
    let late = merchant.post(&path, &good).await;
    assert_eq!(refusal(&late), (400, "INVALID_REQUEST".to_owned()));
}
