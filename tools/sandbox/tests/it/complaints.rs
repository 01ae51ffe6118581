//! Complaints of payers: typed calls, notifications, pictures, refusals.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use wechatpay_core::{
    api::complaints::{
        Block, BlockType, ComplaintNotice, ComplaintState, Complete, CreateNotifyUrl, DeleteNotifyUrl, List,
        Message, NoticeAction, Query, QueryNotifyUrl, RefundAction, Reply, ReplyAtOnce, Text,
        UpdateNotifyUrl, UpdateRefundProgress,
        history::{self, OperateType},
        legacy,
    },
    crypto::default_provider,
    testing::{DEMO_MCHID, DEMO_SUB_MCHID, DemoKey},
    types::{Fen, Mchid},
};
use wechatpay_sandbox::{Buyer, ComplainError, RecordKind, RefundState, Sandbox};

use crate::{
    support::{Merchant, Shop, direct_order, form, meta, opened, partner_order, post, refusal, send},
    typed::Client,
};

const PATH: &str = "/v3/merchant-service";
const NUMBER: &str = "complained-1";

/// An order that was paid, and a complaint about it.
async fn complained(sandbox: &Sandbox, merchant: &Merchant, facts: Value) -> String {
    let reply = merchant
        .post("/v3/pay/transactions/native", &direct_order("native", NUMBER))
        .await;
    assert!(reply.status.is_success(), "{}", reply.text());
    let early = sandbox.complain(NUMBER, "没有收到货", facts.clone());
    assert_eq!(early, Err(ComplainError::NotPaid));
    sandbox.pay(NUMBER, Buyer::Alice).unwrap();
    sandbox.complain(NUMBER, "没有收到货", facts).unwrap().id
}

fn demo() -> Mchid {
    DEMO_MCHID.parse().unwrap()
}

fn today(sandbox: &Sandbox) -> String {
    sandbox.clock().today()
}

#[tokio::test]
async fn typed_calls_read_a_complaint_answer_it_and_complete_it() {
    let client = Client::start().await;
    let id = complained(&client.sandbox, &client.merchant, Value::Null).await;
    let day = today(&client.sandbox);
    let page = client.call(List::new(day.clone(), day.clone())).await;
    assert_eq!(
        (page.total_count, page.limit, page.offset),
        (Some(1), Some(10), Some(0))
    );
    let complaint = client.call(Query::new(id.clone())).await;
    let listed = &page.data[0];
    assert_eq!((&listed.complaint_id, &complaint.complaint_id), (&id, &id));
    assert_eq!(complaint.complaint_state, ComplaintState::Pending);
    assert_eq!(
        complaint.complaint_order_info[0]
            .out_trade_no
            .as_ref()
            .unwrap()
            .as_str(),
        NUMBER
    );
    assert_eq!(complaint.incoming_user_response, Some(true));
    assert!(complaint.payer_openid.is_some() && listed.payer_openid.is_none());
    // Only the merchant's key opens the number.
    let key = DemoKey::Merchant
        .load(default_provider().unwrap().as_ref())
        .unwrap();
    let sealed = complaint.payer_phone.as_ref().unwrap().as_str().to_owned();
    let sealed = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, sealed).unwrap();
    assert_eq!(&key.decrypt(&sealed).unwrap()[..], b"13800000000");

    client.call(Reply::new(id.clone(), demo(), "已补发")).await;
    client.call(Reply::new(id.clone(), demo(), "单号 123")).await;
    let complaint = client.call(Query::new(id.clone())).await;
    assert_eq!(complaint.complaint_state, ComplaintState::Processing);
    assert_eq!(complaint.incoming_user_response, Some(false));
    client.call(Complete::new(id.clone(), demo())).await;
    // A lost response: the same again changes nothing.
    client.call(Complete::new(id.clone(), demo())).await;
    let page = client.call(history::List::new(id.clone())).await;
    let kinds: Vec<OperateType> = page.data.iter().map(|entry| entry.operate_type.clone()).collect();
    assert_eq!(
        kinds,
        [
            OperateType::UserCreateComplaint,
            OperateType::MerchantResponse,
            OperateType::MerchantResponse,
            OperateType::MerchantConfirmComplete
        ]
    );
    assert_eq!(page.data[1].operate_details.as_ref().unwrap().as_str(), "已补发");
    let second = client
        .call(history::List::new(id.clone()).limit(1_u32).offset(2_u32))
        .await;
    assert_eq!((second.data.len(), second.total_count), (1, None));
    assert_eq!(second.data[0].log_id, page.data[2].log_id);

    // The payer is not content.
    let again = client
        .sandbox
        .complain(NUMBER, "还是没有收到", Value::Null)
        .unwrap();
    assert_eq!(
        (again.id.as_str(), again.state.as_str()),
        (id.as_str(), "PENDING")
    );
    let complaint = client.call(Query::new(id)).await;
    assert_eq!(complaint.user_complaint_times, Some(2));
    assert_eq!(complaint.complaint_detail.unwrap().as_str(), "还是没有收到");
}

#[tokio::test]
async fn a_merchant_has_one_notification_url() {
    let client = Client::start().await;
    let (first, other) = ("https://shop.example/complaints", "https://shop.example/other");
    let missing = client
        .merchant
        .get(&format!("{PATH}/complaint-notifications"))
        .await;
    assert_eq!(refusal(&missing), (400, "RESOURCE_NOT_EXISTS".to_owned()));
    let created = client.call(CreateNotifyUrl::new(first)).await;
    assert_eq!(created, client.call(CreateNotifyUrl::new(first)).await);
    let refused = client
        .merchant
        .post(
            &format!("{PATH}/complaint-notifications"),
            &json!({ "url": other }),
        )
        .await;
    assert_eq!(refusal(&refused), (400, "RESOURCE_ALREADY_EXISTS".to_owned()));
    client.call(UpdateNotifyUrl::new(other)).await;
    let queried = client.call(QueryNotifyUrl::new()).await;
    assert_eq!(
        (queried.url.as_deref(), queried.mchid),
        (Some(other), Some(demo()))
    );
    client.call(DeleteNotifyUrl::new()).await;
    client.call(DeleteNotifyUrl::new()).await;
    let gone = client
        .merchant
        .request(
            Method::PUT,
            &format!("{PATH}/complaint-notifications"),
            json!({ "url": first }).to_string().as_bytes(),
        )
        .await;
    assert_eq!(
        refusal(&send(gone).await),
        (400, "RESOURCE_NOT_EXISTS".to_owned())
    );
    assert_eq!(client.call(CreateNotifyUrl::new(first)).await, created);
}

#[tokio::test]
async fn the_merchant_is_told_what_happened_and_nothing_without_a_url() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let id = complained(&sandbox, &merchant, Value::Null).await;
    sandbox.clock().run_until_idle().await.unwrap();
    let before = sandbox.notifications().len();
    let reply = merchant
        .post(
            &format!("{PATH}/complaint-notifications"),
            &json!({ "url": shop.url }),
        )
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    sandbox.complain(NUMBER, "还是没有收到", Value::Null).unwrap();
    let reply = merchant
        .post(
            &format!("{PATH}/complaints-v2/{id}/response"),
            &json!({ "complainted_mchid": DEMO_MCHID, "response_content": "已补发" }),
        )
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{}", reply.text());
    let step = json!({ "step": { "action_type": "USER_RESPONSE", "operate_details": "谢谢" } });
    sandbox
        .settle_record(RecordKind::Complaint, &id, "PROCESSING", step)
        .unwrap();
    // By hand and without a word: nobody is told.
    sandbox
        .settle_record(RecordKind::Complaint, &id, "PROCESSED", Value::Null)
        .unwrap();
    shop.gets(3).await;
    let mut told = Vec::new();
    for arrival in shop.arrivals() {
        let verified = opened(&sandbox, &arrival).await;
        assert_eq!(verified.event_type().to_string(), "COMPLAINT.STATE_CHANGE");
        let notice: ComplaintNotice = serde_json::from_str(verified.plaintext()).unwrap();
        assert_eq!(notice.complaint_id, id);
        told.push(notice.action_type);
    }
    told.sort_by_key(ToString::to_string);
    assert_eq!(
        told,
        [
            NoticeAction::ContinueComplaint,
            NoticeAction::MerchantResponse,
            NoticeAction::UserResponse
        ]
    );
    assert_eq!(sandbox.notifications().len(), before + 3);
}

#[tokio::test]
async fn a_refund_is_decided_once_and_its_money_completes_the_complaint() {
    let client = Client::start().await;
    let facts = json!({ "apply_refund_amount": 300 });
    let id = complained(&client.sandbox, &client.merchant, facts).await;
    let complaint = client.call(Query::new(id.clone())).await;
    assert_eq!(complaint.apply_refund_amount, Some(Fen::from(300_u32)));
    let path = format!("{PATH}/complaints-v2/{id}/update-refund-progress");
    let no_reason = client.merchant.post(&path, &json!({ "action": "REJECT" })).await;
    assert_eq!(refusal(&no_reason), (400, "PARAM_ERROR".to_owned()));
    client
        .call(UpdateRefundProgress::new(id.clone(), RefundAction::Approve).launch_refund_day(1_u32))
        .await;
    let second = json!({ "action": "REJECT", "reject_reason": "已发货" });
    let second = client.merchant.post(&path, &second).await;
    assert_eq!(refusal(&second), (400, "INVALID_REQUEST".to_owned()));
    let refund = json!({
        "out_trade_no": NUMBER, "out_refund_no": "r-1",
        "amount": { "refund": 300, "total": 990, "currency": "CNY" },
    });
    client.merchant.post("/v3/refund/domestic/refunds", &refund).await;
    let complaint = client.call(Query::new(id.clone())).await;
    assert_eq!(complaint.complaint_state, ComplaintState::Processing);
    client.sandbox.settle_refund("r-1", RefundState::Success).unwrap();
    let complaint = client.call(Query::new(id.clone())).await;
    assert_eq!(
        (complaint.complaint_state, complaint.complaint_full_refunded),
        (ComplaintState::Processed, Some(false))
    );

    // The rest comes back without being asked for.
    client.sandbox.complain(NUMBER, "还有运费", Value::Null).unwrap();
    let refund = json!({
        "out_trade_no": NUMBER, "out_refund_no": "r-2",
        "amount": { "refund": 690, "total": 990, "currency": "CNY" },
    });
    client
        .sandbox
        .clock()
        .advance(Duration::from_mins(2))
        .await
        .unwrap();
    client.merchant.post("/v3/refund/domestic/refunds", &refund).await;
    client.sandbox.settle_refund("r-2", RefundState::Success).unwrap();
    let complaint = client.call(Query::new(id.clone())).await;
    assert_eq!(
        (complaint.complaint_state, complaint.complaint_full_refunded),
        (ComplaintState::Pending, Some(true))
    );
    let entries = client.call(history::List::new(id)).await.data;
    assert_eq!(
        entries.last().unwrap().operate_type,
        OperateType::ComplaintFullRefundedSystemMessage
    );
}

#[tokio::test]
async fn an_immediate_reply_is_sent_once_under_its_number() {
    let client = Client::start().await;
    let facts = json!({ "need_immediate_service": true });
    let id = complained(&client.sandbox, &client.merchant, facts).await;
    let message = |text: &str| {
        let block = Block::new()
            .block_type(BlockType::Text)
            .text(Text::new().text(text));
        Message::new().blocks(vec![block])
    };
    let reply = || ReplyAtOnce::new(id.clone(), demo(), message("您好"), "550e8400");
    let first = client.call(reply()).await;
    assert!(first.log_id.is_some());
    assert_eq!(client.call(reply()).await, first);
    let other = serde_json::to_value(message("再见")).unwrap();
    let other = json!({ "complainted_mchid": DEMO_MCHID, "message": other, "idempotent_id": "550e8400" });
    let path = format!("{PATH}/complaints-v2/{id}/response-immediate-service");
    let other = client.merchant.post(&path, &other).await;
    assert_eq!(refusal(&other), (400, "INVALID_REQUEST".to_owned()));
    let entries = client.call(history::List::new(id.clone())).await.data;
    assert_eq!(entries.len(), 2);
    assert_eq!(Some(&entries[1].log_id), first.log_id.as_ref());
    let block = &entries[1].normal_message.as_ref().unwrap().blocks[0];
    assert_eq!(
        block.text.as_ref().unwrap().text.as_ref().unwrap().as_str(),
        "您好"
    );
    let complaint = client.call(Query::new(id)).await;
    assert_eq!(complaint.complaint_state, ComplaintState::Processing);
}

#[tokio::test]
async fn pictures_are_uploaded_for_a_reply_and_downloaded_as_they_are() {
    let client = Client::start().await;
    let id = complained(&client.sandbox, &client.merchant, Value::Null).await;
    let picture = b"\x89PNG\r\n\x1a\nparcel";
    let upload = async |name: &str, bytes: &[u8]| {
        let signed = meta(name, bytes);
        let body = form(&signed, name, bytes);
        post(
            &client.merchant,
            &format!("{PATH}/images/upload"),
            signed.as_bytes(),
            body,
        )
        .await
    };
    assert_eq!(upload("a.pdf", picture).await.code(), "PARAM_ERROR");
    assert_eq!(
        upload("a.png", &vec![0; 2 * 1024 * 1024 + 1]).await.code(),
        "PARAM_ERROR"
    );
    let media_id = upload("a.png", picture).await.json()["media_id"].clone();
    let media_id = media_id.as_str().unwrap().to_owned();
    let reply = Reply::new(id.clone(), demo(), "见图").response_images(vec![media_id.clone()]);
    client.call(reply).await;
    let unknown = json!({
        "complainted_mchid": DEMO_MCHID, "response_content": "见图", "response_images": ["unknown"],
    });
    let path = format!("{PATH}/complaints-v2/{id}/response");
    assert_eq!(client.merchant.post(&path, &unknown).await.code(), "PARAM_ERROR");
    let entries = client.call(history::List::new(id.clone())).await.data;
    let mut urls = entries[1].complaint_media_list.clone().unwrap().media_url;
    assert!(urls[0].ends_with(&media_id));
    urls.extend(
        client.call(Query::new(id)).await.complaint_media_list[0]
            .media_url
            .clone(),
    );
    for (url, wanted) in urls.iter().zip([&picture[..], &b"\x89PNG"[..]]) {
        let path = url.strip_prefix(client.sandbox.base_url()).unwrap();
        let reply = client.merchant.get(path).await;
        assert!(reply.status == StatusCode::OK && !reply.is_signed(), "{path}");
        assert_eq!(reply.header("content-type"), "image/png");
        assert!(reply.body.starts_with(wanted));
    }
    let none = client.merchant.get(&format!("{PATH}/images/none")).await;
    assert_eq!(refusal(&none), (404, "RESOURCE_NOT_EXISTS".to_owned()));
}

#[tokio::test]
async fn the_older_interface_names_a_complaint_by_its_transaction() {
    let client = Client::start().await;
    let id = complained(&client.sandbox, &client.merchant, Value::Null).await;
    let day = today(&client.sandbox);
    let page = client.call(legacy::List::new(day.clone(), day)).await;
    let transaction = page.data[0].transaction_id.clone();
    let complaint = client.call(legacy::Query::new(transaction.clone())).await;
    assert_eq!(
        complaint.complaint_state,
        Some(legacy::ComplaintState::PayerComplained)
    );
    let feedback = legacy::Feedback::new(transaction.clone(), demo(), "已补发").launch_confirm_process(true);
    client.call(feedback).await;
    let history = client.call(legacy::ListHistory::new(transaction)).await;
    let kinds = history.complaint_negotiation_history;
    assert_eq!(
        kinds
            .iter()
            .map(|entry| entry.operate_type.clone())
            .collect::<Vec<_>>(),
        [
            legacy::OperateType::UserCreateComplaint,
            legacy::OperateType::MerchantResponse,
            legacy::OperateType::MerchantLaunchConfirmProcess
        ]
    );
    assert_eq!(client.sandbox.records(RecordKind::Complaint)[0].id, id);
    assert_eq!(
        client.sandbox.records(RecordKind::Complaint)[0].state,
        "PROCESSED"
    );
}

#[tokio::test]
async fn a_partner_sees_complaints_about_its_sub_merchants() {
    let client = Client::start().await;
    let order = partner_order("native", "partner-1");
    client
        .merchant
        .post("/v3/pay/partner/transactions/native", &order)
        .await;
    client.sandbox.pay("partner-1", Buyer::Alice).unwrap();
    let id = client
        .sandbox
        .complain("partner-1", "没有收到货", Value::Null)
        .unwrap()
        .id;
    let day = today(&client.sandbox);
    let sub: Mchid = DEMO_SUB_MCHID.parse().unwrap();
    let of = |mchid: &Mchid| List::new(day.clone(), day.clone()).complainted_mchid(mchid.clone());
    assert_eq!(client.call(of(&sub)).await.data[0].complaint_id, id);
    assert!(client.call(of(&demo())).await.data.is_empty());
    client.call(Complete::new(id, sub)).await;
}

#[tokio::test]
async fn wrong_requests_are_refused_and_change_nothing() {
    let client = Client::start().await;
    let id = complained(&client.sandbox, &client.merchant, Value::Null).await;
    for (query, code) in [
        ("begin_date=2026-01-01", "PARAM_ERROR"),
        ("begin_date=2026-01-02&end_date=2026-01-01", "PARAM_ERROR"),
        ("begin_date=2026-01-01&end_date=2026-02-01", "PARAM_ERROR"),
        ("begin_date=20260101&end_date=20260101", "PARAM_ERROR"),
        (
            "begin_date=2026-01-01&end_date=2026-01-01&limit=51",
            "PARAM_ERROR",
        ),
        (
            "begin_date=2026-01-01&end_date=2026-01-01&complainted_mchid=1900000999",
            "NO_AUTH",
        ),
    ] {
        let reply = client
            .merchant
            .get(&format!("{PATH}/complaints-v2?{query}"))
            .await;
        assert_eq!(reply.code(), code, "{query}");
    }
    let one = format!("{PATH}/complaints-v2/{id}");
    let replied = json!({ "complainted_mchid": DEMO_MCHID, "response_content": "已补发" });
    let with = |key: &str, value: Value| {
        let mut body = replied.clone();
        body[key] = value;
        body
    };
    for (path, body, wanted) in [
        (
            "/response",
            with("complainted_mchid", json!(DEMO_SUB_MCHID)),
            (403, "NO_AUTH"),
        ),
        (
            "/response",
            with("jump_url", json!("https://shop.example/")),
            (400, "PARAM_ERROR"),
        ),
        (
            "/response",
            with("response_content", json!("长".repeat(501))),
            (400, "PARAM_ERROR"),
        ),
        (
            "/update-refund-progress",
            json!({ "action": "APPROVE" }),
            (400, "INVALID_REQUEST"),
        ),
        (
            "/response-immediate-service",
            json!({ "complainted_mchid": DEMO_MCHID, "idempotent_id": "1", "message": {} }),
            (400, "INVALID_REQUEST"),
        ),
    ] {
        let reply = client.merchant.post(&format!("{one}{path}"), &body).await;
        assert_eq!(
            refusal(&reply),
            (wanted.0, wanted.1.to_owned()),
            "{path} {}",
            reply.text()
        );
    }
    let none = client.merchant.get(&format!("{PATH}/complaints-v2/1")).await;
    assert_eq!(refusal(&none), (404, "RESOURCE_NOT_EXISTS".to_owned()));
    assert_eq!(client.call(history::List::new(id.clone())).await.data.len(), 1);
    client.call(Complete::new(id, demo())).await;
    let late = client.merchant.post(&format!("{one}/response"), &replied).await;
    assert_eq!(refusal(&late), (400, "INVALID_REQUEST".to_owned()));
}
