//! Pay after service: typed calls, money that is collected once, notifications, authorisations, refusals.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        bills::BillAlgorithm,
        payscore::{
            AuthorizationNotice, AuthorizationState, Authorize, BillItem, Cancel, Collect, CollectionState,
            Complete, Create, CreateAndComplete, GetBill, Modify, OrderNotice, OrderState, OrderStep,
            PostPayment, Query, QueryAuthorizationByCode, QueryAuthorizationByOpenid, Report, RiskFund,
            RiskFundName, SendPendingMessage, ServiceOrderNo, ServiceTime, SyncDetail, SyncType,
            TerminateAuthorizationByOpenid, TimeRange,
        },
    },
    testing::{DEMO_APPID, DEMO_MCHID},
    types::{Appid, Fen},
};
use wechatpay_sandbox::{Account, Buyer, RecordError, RecordKind, Sandbox};

use crate::{
    support::{Merchant, Shop, opened, refusal},
    typed::Client,
};

const SETTLED: Duration = Duration::from_secs(3);
const SERVICE: &str = "2002000000000558128851361561536";
const PATH: &str = "/v3/payscore/serviceorder";

fn appid() -> Appid {
    DEMO_APPID.parse().unwrap()
}

fn number() -> ServiceOrderNo {
    "BORROW-0001".parse().unwrap()
}

fn fen(fen: u32) -> Fen {
    Fen::from(fen)
}

fn create(notify_url: &str) -> Create {
    Create::new(
        number(),
        appid(),
        SERVICE,
        "某某充电宝",
        TimeRange::new("OnAccept"),
        RiskFund::new(RiskFundName::Deposit, fen(9_900)),
        notify_url,
    )
}

fn complete(total: u32) -> Complete {
    let items = vec![
        PostPayment::new("租借费用")
            .amount(fen(total))
            .description("两小时"),
    ];
    Complete::new(number(), appid(), SERVICE, items, fen(total))
}

fn query() -> Query {
    Query::new(SERVICE, appid()).out_order_no(number())
}

async fn passed(client: &Client) {
    client.sandbox.clock().advance(SETTLED).await.unwrap();
}

#[tokio::test]
async fn a_service_is_confirmed_completed_and_collected_once() {
    let client = Client::start().await;
    let url = "https://shop.example/notify";
    let created = client.call(create(url)).await;
    assert_eq!(created.state, OrderState::Created);
    assert_eq!(client.call(create(url)).await, created);
    passed(&client).await;
    let confirmed = client.call(query()).await;
    assert_eq!(
        (&confirmed.state, confirmed.state_description),
        (&OrderState::Doing, Some(OrderStep::UserConfirm))
    );
    assert!(confirmed.openid.is_some());

    let completed = client.call(complete(400)).await;
    assert_eq!(completed.state_description, Some(OrderStep::MerchantComplete));
    assert_eq!(client.call(complete(400)).await, completed);
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 0);
    let lower = vec![PostPayment::new("租借费用").amount(fen(300))];
    let modified = client
        .call(Modify::new(number(), appid(), SERVICE, lower, fen(300), "优惠"))
        .await;
    assert_eq!(modified.total_amount, Some(fen(300)));
    passed(&client).await;
    let paid = client.call(query()).await;
    assert!(paid.is_paid());
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 300);

    // It is paid; nothing collects it again.
    client.call(Collect::new(number())).await;
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 300);
    let settled = |to: &str| {
        client
            .sandbox
            .settle_record(RecordKind::ServiceOrder, number().as_str(), to, Value::Null)
    };
    assert!(matches!(settled("USER_PAID"), Err(RecordError::NoWay { .. })));
    let bill = format!(
        "/v3/payscore/merchant-bill?bill_date={}&service_id={SERVICE}&encryption_algorithm=AEAD_AES_256_GCM",
        client.sandbox.clock().today()
    );
    assert_eq!(refusal(&client.merchant.get(&bill).await).1, "STATEMENT_CREATING");
}

#[tokio::test]
async fn a_service_is_paid_in_another_way_revoked_or_free() {
    let client = Client::start().await;
    let url = "https://shop.example/notify";
    client.call(create(url)).await;
    passed(&client).await;
    client.call(complete(400)).await;
    let detail = SyncDetail::new("20091225091210");
    let reported = client
        .call(Report::new(
            number(),
            appid(),
            SERVICE,
            SyncType::OrderPaid,
            detail,
        ))
        .await;
    assert!(reported.is_paid());
    let collection = reported.collection.as_ref();
    let detail = collection.and_then(|collection| collection.details.first());
    let paid = detail.and_then(|detail| detail.paid_time).unwrap();
    assert!(paid.to_string().starts_with("2009-12-25T09:12:10"), "{paid}");
    assert_eq!(
        client.sandbox.balance(DEMO_MCHID, Account::Basic),
        0,
        "the money came elsewhere"
    );

    let mut second = create(url);
    second.out_order_no = "BORROW-0002".parse().unwrap();
    client.call(second.clone()).await;
    let cancel = Cancel::new(second.out_order_no.clone(), appid(), SERVICE, "用户离开");
    client.call(cancel.clone()).await;
    client.call(cancel).await;
    passed(&client).await;
    let revoked = client
        .call(Query::new(SERVICE, appid()).out_order_no(second.out_order_no))
        .await;
    assert_eq!(revoked.state, OrderState::Revoked);

    let direct = CreateAndComplete::new(
        "BORROW-0003".parse().unwrap(),
        appid(),
        SERVICE,
        ServiceTime::default(),
    );
    let free = client.call(direct.clone()).await;
    assert_eq!(free.state, OrderState::Done);
    let mut paid = direct;
    paid.out_order_no = "BORROW-0004".parse().unwrap();
    let paid = paid.post_payments(vec![BillItem::default().name("打车费").amount(fen(50))]);
    client.call(paid).await;
    passed(&client).await;
    assert_eq!(client.sandbox.balance(DEMO_MCHID, Account::Basic), 50);
}

#[tokio::test]
async fn a_user_authorises_a_service_and_ends_it() {
    let client = Client::start().await;
    let code: wechatpay_core::api::payscore::AuthorizationCode = "AUTH-1".parse().unwrap();
    let ask = Authorize::new(SERVICE, appid(), code.clone());
    client.call(ask.clone()).await;
    client.call(ask).await;
    let by_code = async || {
        client
            .call(QueryAuthorizationByCode::new(code.clone(), SERVICE))
            .await
    };
    assert_eq!(
        by_code().await.authorization_state,
        AuthorizationState::UnboundUser
    );
    passed(&client).await;
    let given = by_code().await;
    assert_eq!(given.authorization_state, AuthorizationState::Available);
    let openid = given.openid.clone().unwrap();
    let by_openid = client
        .call(QueryAuthorizationByOpenid::new(openid.clone(), SERVICE, appid()))
        .await;
    assert_eq!(by_openid.authorization_code, given.authorization_code);

    // Who authorised it confirms no order.
    let silent = create("https://shop.example/notify")
        .openid(openid.clone())
        .need_user_confirm(false);
    assert_eq!(client.call(silent).await.state, OrderState::Doing);
    let items = vec![BillItem::default().name("租借费用").amount(fen(400))];
    client
        .call(SendPendingMessage::new(
            number(),
            SERVICE,
            items,
            fen(400),
            "20261225091210",
        ))
        .await;
    client
        .call(TerminateAuthorizationByOpenid::new(
            openid,
            SERVICE,
            appid(),
            "用户要求",
        ))
        .await;
    assert_eq!(
        by_code().await.authorization_state,
        AuthorizationState::Unavailable
    );
}

#[tokio::test]
async fn the_merchant_is_told_of_confirmation_payment_and_authorisation() {
    let sandbox = Sandbox::builder().manual_clock().start().await.unwrap();
    let merchant = Merchant::new(&sandbox);
    let shop = Shop::start(|_, _| 204).await;
    let post = async |path: &str, body: &Value| {
        let reply = merchant.post(path, body).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    };
    post(PATH, &serde_json::to_value(create(&shop.url)).unwrap()).await;
    let permission = json!({
        "service_id": SERVICE, "appid": DEMO_APPID, "authorization_code": "AUTH-1", "notify_url": shop.url,
    });
    post("/v3/payscore/permissions", &permission).await;
    sandbox.clock().advance(SETTLED).await.unwrap();
    let body = serde_json::to_value(complete(400)).unwrap();
    post(&format!("{PATH}/{}/complete", number()), &body).await;
    sandbox.clock().advance(SETTLED).await.unwrap();
    shop.gets(3).await;
    let mut kinds = Vec::new();
    for arrival in shop.arrivals() {
        let verified = opened(&sandbox, &arrival).await;
        let kind = verified.event_type().to_string();
        match kind.as_str() {
            "PAYSCORE.USER_OPEN_SERVICE" => {
                let notice: AuthorizationNotice = serde_json::from_str(verified.plaintext()).unwrap();
                let alice = Buyer::Alice.openid(DEMO_APPID);
                assert_eq!(notice.openid.unwrap().as_str(), alice);
            }
            _ => {
                let notice: OrderNotice = serde_json::from_str(verified.plaintext()).unwrap();
                assert_eq!(notice.is_paid(), kind == "PAYSCORE.USER_PAID");
                let is_collected = notice
                    .collection
                    .is_some_and(|collection| collection.state == CollectionState::UserPaid);
                assert_eq!(is_collected, kind == "PAYSCORE.USER_PAID");
            }
        }
        kinds.push(kind);
    }
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "PAYSCORE.USER_CONFIRM",
            "PAYSCORE.USER_OPEN_SERVICE",
            "PAYSCORE.USER_PAID"
        ]
    );
}

#[tokio::test]
async fn wrong_services_are_refused() {
    let client = Client::start().await;
    let url = "https://shop.example/notify";
    let good = serde_json::to_value(create(url)).unwrap();
    let with = |name: &str, value: Value| {
        let mut wrong = good.clone();
        wrong[name] = value;
        wrong
    };
    let refused = async |path: &str, body: &Value| refusal(&client.merchant.post(path, body).await);
    for (wrong, status, word) in [
        (
            with("appid", json!("wx0000000000000000")),
            400,
            "APPID_MCHID_NOT_MATCH",
        ),
        (
            with("risk_fund", json!({ "name": "OTHER", "amount": 1 })),
            400,
            "PARAM_ERROR",
        ),
        (with("out_order_no", json!("a b")), 400, "PARAM_ERROR"),
        (
            with("time_range", json!({ "end_time": "OnAccept" })),
            400,
            "PARAM_ERROR",
        ),
        (with("need_user_confirm", json!(false)), 400, "PARAM_ERROR"),
        (with("no_such_field", json!(1)), 400, "PARAM_ERROR"),
    ] {
        assert_eq!(refused(PATH, &wrong).await, (status, word.to_owned()), "{wrong}");
    }
    let mut silent = with("need_user_confirm", json!(false));
    silent["openid"] = json!(Buyer::Alice.openid(DEMO_APPID));
    assert_eq!(refused(PATH, &silent).await, (403, "NO_AUTH".to_owned()));

    client.call(create(url)).await;
    assert_eq!(
        refused(PATH, &with("attach", json!("other"))).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    let path = format!("{PATH}/{}/complete", number());
    let body = |total: u32| serde_json::to_value(complete(total)).unwrap();
    // Not confirmed yet.
    assert_eq!(
        refused(&path, &body(400)).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    passed(&client).await;
    let mut sum = body(400);
    sum["total_amount"] = json!(401);
    assert_eq!(refused(&path, &sum).await, (400, "PARAM_ERROR".to_owned()));
    let mut service = body(400);
    service["service_id"] = json!("other");
    assert_eq!(
        refused(&path, &service).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    assert_eq!(
        refused(&path, &body(9_901)).await,
        (400, "INVALID_REQUEST".to_owned()),
        "above the risk"
    );
    let modify = format!("{PATH}/{}/modify", number());
    let mut lowered = body(400);
    lowered["reason"] = json!("优惠");
    assert_eq!(
        refused(&modify, &lowered).await,
        (400, "INVALID_REQUEST".to_owned()),
        "not completed"
    );
    for items in [json!([{ "amount": 400 }]), Value::Null] {
        let mut wrong = body(400);
        wrong["post_payments"] = items;
        assert_eq!(
            refused(&path, &wrong).await,
            (400, "PARAM_ERROR".to_owned()),
            "{wrong}"
        );
    }
    client.call(complete(400)).await;
    assert_eq!(
        refused(&path, &body(300)).await,
        (400, "INVALID_REQUEST".to_owned())
    );
    let mut more = body(500);
    more["reason"] = json!("加价");
    assert_eq!(refused(&modify, &more).await, (400, "INVALID_REQUEST".to_owned()));
    let cancel = json!({ "appid": DEMO_APPID, "service_id": SERVICE, "reason": "x" });
    let cancelled = refused(&format!("{PATH}/{}/cancel", number()), &cancel).await;
    assert_eq!(cancelled, (400, "INVALID_REQUEST".to_owned()));
    let unknown = format!("{PATH}?service_id={SERVICE}&appid={DEMO_APPID}&out_order_no=none");
    assert_eq!(refusal(&client.merchant.get(&unknown).await).0, 404);
    let neither = format!("{PATH}?service_id={SERVICE}&appid={DEMO_APPID}");
    assert_eq!(refusal(&client.merchant.get(&neither).await).0, 400);
}

#[tokio::test]
async fn the_bill_of_a_service_is_sealed() {
    let client = Client::start().await;
    client.call(create("https://shop.example/notify")).await;
    passed(&client).await;
    client.call(complete(400)).await;
    passed(&client).await;
    let day = client.sandbox.clock().today();
    client.sandbox.clock().next_day_at("10:05").await.unwrap();
    let get = GetBill::new(day.parse().unwrap(), SERVICE, BillAlgorithm::Aes256Gcm);
    let bills = client.call(get).await;
    assert_eq!(bills.download_bill_count, 1);
}
