//! Making, reading, syncing and closing orders.

use crate::support::{Bench, Scripted, body, incoming};
use serde_json::{Value, json};

#[tokio::test]
async fn jsapi_gives_what_the_bridge_takes() {
    let bench = Bench::new();
    let order =
        json!({"scene": "jsapi", "total": 990, "description": "书签", "openid": "oPayer", "attach": "a1"});
    let reply = bench.create(&order).await;
    assert_eq!(reply.status, 201);
    let created = body(&reply);
    assert_eq!(
        (&created["scene"], &created["total"]),
        (&json!("jsapi"), &json!(990))
    );
    let invoke = created["invoke"].as_object().unwrap();
    let mut names: Vec<_> = invoke.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"]
    );
    assert_eq!(
        invoke["package"],
        "prepay_id=wx261153585405162d4d02642eabe7000000"
    );
    let sent = bench.gateway.last();
    assert_eq!(sent.target, "/v3/pay/partner/transactions/jsapi");
    assert_eq!(sent.body["payer"], json!({"sp_openid": "oPayer"}));
    assert_eq!(sent.body["attach"], "a1");
    assert_eq!(sent.body["amount"], json!({"total": 990, "currency": "CNY"}));
    assert_eq!(sent.body["out_trade_no"], created["out_trade_no"]);
    assert_eq!(sent.body["notify_url"], "http://127.0.0.1:3000/wechatpay/notify");
}

#[tokio::test]
async fn app_gives_the_fields_of_a_pay_req() {
    let bench = Bench::new();
    let reply = bench
        .create(&json!({"scene": "app", "total": 1, "description": "茶"}))
        .await;
    let created = body(&reply);
    let mut names: Vec<_> = created["invoke"].as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "appid",
            "noncestr",
            "package",
            "partnerid",
            "prepayid",
            "sign",
            "timestamp"
        ]
    );
    assert_eq!(created["invoke"]["package"], "Sign=WXPay");
    assert_eq!(created["invoke"]["partnerid"], "1900000001");
}

#[tokio::test]
async fn h5_comes_back_to_the_order() {
    let bench = Bench::new();
    let created = body(
        &bench
            .create(&json!({"scene": "h5", "total": 1, "description": "茶"}))
            .await,
    );
    let number = created["out_trade_no"].as_str().unwrap();
    assert_eq!(
        created["invoke"]["h5_url"],
        format!(
            "http://127.0.0.1:8640/cashier/h5?prepay_id=wx1&package=2&redirect_url=http%3A%2F%2F127.0.0.1%3A3000%2F%3Forder%3D{number}"
        )
    );
    let scene = &bench.gateway.last().body["scene_info"];
    assert_eq!(scene["payer_client_ip"], "127.0.0.1");
    assert_eq!(scene["h5_info"]["type"], "Android");

    let order = json!({"scene": "h5", "total": 1, "description": "茶", "payer_client_ip": "203.0.113.9"});
    assert_eq!(bench.create(&order).await.status, 201);
    assert_eq!(
        bench.gateway.last().body["scene_info"]["payer_client_ip"],
        "203.0.113.9"
    );
}

#[tokio::test]
async fn native_gives_the_code_and_its_picture() {
    let bench = Bench::new();
    let created = body(
        &bench
            .create(&json!({"scene": "native", "total": 1, "description": "茶"}))
            .await,
    );
    assert_eq!(
        created["invoke"]["code_url"],
        "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"
    );
    assert!(created["invoke"]["qr_svg"].as_str().unwrap().contains("<svg"));
}

#[tokio::test]
async fn a_new_order_is_unpaid_and_nobody_learned_of_a_payment() {
    let bench = Bench::new();
    let number = bench.order("native", 1234).await;
    assert_eq!(
        bench.state(&number).await,
        json!({"out_trade_no": number, "status": "NOTPAY", "total": 1234, "refunded": 0, "learned_by": null, "transaction_id": null, "fulfilled": 0})
    );
    assert!((6..=32).contains(&number.len()));
}

#[tokio::test]
async fn bad_input_is_refused_and_not_sent() {
    let bench = Bench::new();
    for text in [
        "",
        "{",
        "[]",
        r#"{"scene":"h5"}"#,
        r#"{"scene":"wap","total":1,"description":"x"}"#,
        r#"{"scene":"h5","total":0,"description":"x"}"#,
        r#"{"scene":"h5","total":1.5,"description":"x"}"#,
        r#"{"scene":"h5","total":1,"description":""}"#,
        r#"{"scene":"h5","total":1,"description":"x","payer_client_ip":"nowhere"}"#,
    ] {
        let reply = bench.create_text(text).await;
        assert_eq!(reply.status, 400, "{text}");
        let error = body(&reply);
        assert_eq!(error["code"], "PARAM_ERROR");
        assert!(error["message"].is_string());
    }
    let form = shop::Incoming {
        content_type: Some("text/plain"),
        ..incoming("{}")
    };
    assert_eq!(bench.shop.create_order(form).await.status, 415);
    assert!(bench.gateway.seen().is_empty());
}

#[tokio::test]
async fn a_payer_is_made_up_for_the_sandbox_only() {
    let order = json!({"scene": "jsapi", "total": 1, "description": "茶"});
    let bench = Bench::new();
    assert_eq!(bench.create(&order).await.status, 201);
    assert!(bench.gateway.last().body["payer"]["sp_openid"].is_string());

    let bench = Bench::in_public();
    let reply = bench.create(&order).await;
    assert_eq!(reply.status, 400);
    assert!(body(&reply)["message"].as_str().unwrap().contains("openid"));
    assert!(bench.gateway.seen().is_empty());
}

#[tokio::test]
async fn in_public_the_buyer_comes_back_to_the_public_name() {
    let bench = Bench::in_public();
    assert_eq!(bench.shop.notify_url(), "https://shop.example/wechatpay/notify");
    let created = body(
        &bench
            .create(&json!({"scene": "h5", "total": 1, "description": "茶"}))
            .await,
    );
    let h5_url = created["invoke"]["h5_url"].as_str().unwrap();
    assert!(
        h5_url.contains("redirect_url=https%3A%2F%2Fshop.example%2F%3Forder%3D"),
        "{h5_url}"
    );
}

#[tokio::test]
async fn a_refusal_of_the_gateway_is_502_with_its_code_and_request_id() {
    let bench = Bench::new();
    bench.gateway.next(Scripted::refusal(400, "PARAM_ERROR"));
    let reply = bench
        .create(&json!({"scene": "native", "total": 1, "description": "茶"}))
        .await;
    assert_eq!(reply.status, 502);
    let error = body(&reply);
    assert_eq!(error["code"], "PARAM_ERROR");
    assert_eq!(error["message"], "因为");
    assert_eq!(error["request_id"], "08F78BB6B20610EE-268435461");
    // The gateway has no such order, and said so with its signature.
    let number = error["out_trade_no"].as_str().unwrap();
    assert_eq!(bench.state(number).await["status"], "CLOSED");
}

#[tokio::test]
async fn an_order_whose_outcome_is_unknown_stays_open_and_can_be_synced() {
    let order = json!({"scene": "native", "total": 100, "description": "茶"});
    // How often it is sent: asking again does not help against a stranger's 401.
    let troubles: [(fn() -> Scripted, usize); 3] = [
        (|| Scripted::ok(json!({"code_url": "weixin://x"})).unsigned(), 3),
        (|| Scripted::refusal(500, "SYSTEM_ERROR"), 3),
        (|| Scripted::refusal(401, "SIGN_ERROR").unsigned(), 1),
    ];
    for (trouble, times) in troubles {
        let bench = Bench::new();
        bench.gateway.trouble(trouble);
        let reply = bench.create(&order).await;
        bench.gateway.well();
        assert_eq!(reply.status, 502);
        let error = body(&reply);
        let number = error["out_trade_no"].as_str().unwrap().to_owned();
        let sent = bench.gateway.seen();
        assert_eq!(sent.len(), times, "{}", error["code"]);
        assert!(sent.iter().all(|request| request.body["out_trade_no"] == number));
        assert_eq!(bench.state(&number).await["status"], "NOTPAY");

        let paid = bench.platform.payment_resource(&number, 100);
        bench.gateway.next(Scripted::ok(paid));
        let synced = bench.shop.sync_order(&number).await;
        assert_eq!(body(&synced)["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn a_lost_response_says_that_the_outcome_is_unknown() {
    let bench = Bench::new();
    bench
        .gateway
        .trouble(|| Scripted::ok(json!({"code_url": "weixin://x"})).unsigned());
    let reply = bench
        .create(&json!({"scene": "native", "total": 1, "description": "茶"}))
        .await;
    assert_eq!(body(&reply)["code"], "OUTCOME_UNKNOWN");
    assert_eq!(body(&reply)["request_id"], Value::Null);
}

#[tokio::test]
async fn unknown_orders_are_404() {
    let bench = Bench::new();
    for number in ["20240101000000abcdefghijkl", "x", "../../etc", "订单"] {
        assert_eq!(bench.shop.order(number).await.status, 404);
        assert_eq!(bench.shop.receipt(number).await.status, 404);
        assert_eq!(bench.shop.sync_order(number).await.status, 404);
        assert_eq!(bench.shop.close_order(number).await.status, 404);
        assert_eq!(bench.refund(number, 1).await.status, 404);
    }
    assert!(bench.gateway.seen().is_empty());
}

fn unpaid(number: &str, state: &str) -> Value {
    json!({
        "sp_appid": "wxd678efh567hg6787", "sp_mchid": "1900000001", "sub_mchid": "1900000109",
        "out_trade_no": number, "trade_state": state, "trade_state_desc": "订单未支付",
    })
}

#[tokio::test]
async fn sync_applies_a_payment_like_a_notification() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    bench.gateway.next(Scripted::ok(unpaid(&number, "NOTPAY")));
    assert_eq!(body(&bench.shop.sync_order(&number).await)["status"], "NOTPAY");

    bench
        .gateway
        .next(Scripted::ok(bench.platform.payment_resource(&number, 100)));
    let reply = bench.shop.sync_order(&number).await;
    assert_eq!(
        body(&reply),
        json!({"out_trade_no": number, "status": "SUCCESS", "total": 100, "refunded": 0,
            "learned_by": "query", "transaction_id": "4200001234202401011234567890", "fulfilled": 1})
    );
    let sent = bench.gateway.last();
    assert_eq!(sent.method, "GET");
    assert_eq!(
        sent.target,
        format!(
            "/v3/pay/partner/transactions/out-trade-no/{number}?sp_mchid=1900000001&sub_mchid=1900000109"
        )
    );

    // The notification comes after all: acknowledged, and nothing is handed over again.
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    assert_eq!(bench.state(&number).await["fulfilled"], 1);
}

#[tokio::test]
async fn sync_rejects_another_amount() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    bench
        .gateway
        .next(Scripted::ok(bench.platform.payment_resource(&number, 1)));
    let reply = bench.shop.sync_order(&number).await;
    assert_eq!(reply.status, 502);
    assert_eq!(body(&reply)["code"], "PAYMENT_CONTRADICTS_ORDER");
    assert_eq!(bench.state(&number).await["status"], "NOTPAY");
}

#[tokio::test]
async fn sync_takes_over_what_the_gateway_says_of_an_unpaid_order() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    bench.gateway.next(Scripted::ok(unpaid(&number, "CLOSED")));
    assert_eq!(body(&bench.shop.sync_order(&number).await)["status"], "CLOSED");

    let number = bench.order("native", 100).await;
    let mut refunded = bench.platform.payment_resource(&number, 100);
    refunded["trade_state"] = json!("REFUND");
    bench.gateway.next(Scripted::ok(refunded));
    let synced = body(&bench.shop.sync_order(&number).await);
    assert_eq!(
        (&synced["status"], &synced["fulfilled"]),
        (&json!("REFUND"), &json!(0))
    );

    let number = bench.order("native", 100).await;
    let reply = bench.shop.sync_order(&number).await;
    assert_eq!(
        (reply.status, body(&reply)["code"].clone()),
        (502, json!("ORDER_NOT_EXIST"))
    );
    assert_eq!(bench.state(&number).await["status"], "NOTPAY");
}

#[tokio::test]
async fn close_closes_at_the_gateway_and_twice_is_once() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    assert_eq!(body(&bench.shop.close_order(&number).await)["status"], "CLOSED");
    let sent = bench.gateway.last();
    assert_eq!(
        sent.target,
        format!("/v3/pay/partner/transactions/out-trade-no/{number}/close")
    );
    assert_eq!(
        sent.body,
        json!({"sp_mchid": "1900000001", "sub_mchid": "1900000109"})
    );
    assert_eq!(body(&bench.shop.close_order(&number).await)["status"], "CLOSED");
    assert_eq!(bench.gateway.seen().len(), 2);
}

#[tokio::test]
async fn a_paid_order_is_not_closed() {
    let bench = Bench::new();
    let number = bench.paid_order(100).await;
    assert_eq!(bench.shop.close_order(&number).await.status, 409);
    assert_eq!(bench.state(&number).await["status"], "SUCCESS");

    // Paid at the gateway while the shop does not know it yet.
    let number = bench.order("native", 100).await;
    bench.gateway.next(Scripted::refusal(400, "ORDERPAID"));
    let reply = bench.shop.close_order(&number).await;
    assert_eq!(
        (reply.status, body(&reply)["code"].clone()),
        (502, json!("ORDERPAID"))
    );
    assert_eq!(bench.state(&number).await["status"], "NOTPAY");
}

#[tokio::test]
async fn a_payment_of_an_order_closed_a_moment_before_is_not_lost() {
    let bench = Bench::new();
    let number = bench.order("native", 100).await;
    assert_eq!(bench.shop.close_order(&number).await.status, 200);
    bench.deliver(bench.platform.payment(&number, 100)).await.unwrap();
    let state = bench.state(&number).await;
    assert_eq!(
        (&state["status"], &state["fulfilled"]),
        (&json!("SUCCESS"), &json!(1))
    );
}

#[tokio::test]
async fn readyz_is_200_with_a_key_and_a_store() {
    let bench = Bench::new();
    assert_eq!(bench.shop.healthz().status, 200);
    assert_eq!(bench.shop.readyz().await.status, 200);
}
