//! The tests that the guide shows, and its functions against the sandbox.

use std::time::Duration;

use axum::{Router, body::Body, routing::post};
use tower::ServiceExt as _;
use wechatpay_axum::{
    Ack, Confirmed, Expectation, Nack, Notification, NotificationLayer, WechatPay,
    api::transactions::Transaction,
    notify::Payee,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform, request},
    types::{Currency, Fen},
};
use wechatpay_guide::{
    keys, observe, order, receive, refund,
    shop::{BoxError, Order, Shop},
};
use wechatpay_sandbox::{Buyer, RetrySchedule, Sandbox};

async fn notified(paid: Notification<Transaction>) -> Result<Ack, Nack> {
    let _confirmed: Confirmed = paid.confirm(&expected().map_err(|_| Nack::failed())?)?;
    Ok(Ack)
}

/// Payments of `FakePlatform` are made to the demo sub-merchant.
fn expected() -> Result<Expectation, BoxError> {
    let payee = Payee::Partner {
        sp_appid: DEMO_APPID.parse()?,
        sp_mchid: DEMO_MCHID.parse()?,
        sub_mchid: DEMO_SUB_MCHID.parse()?,
    };
    Ok(Expectation::new(
        "ORDER-1".parse()?,
        payee,
        Fen::new(100)?,
        Currency::Cny,
    ))
}

#[tokio::test]
async fn only_the_right_payment_is_acknowledged() -> Result<(), BoxError> {
    let platform = FakePlatform::new();
    let app = Router::new()
        .route("/wechatpay/notify", post(notified))
        .route_layer(NotificationLayer::new(platform.receiver()));
    let send = |delivery| {
        let request = request::<Body>("/wechatpay/notify", delivery);
        app.clone().oneshot(request)
    };

    let genuine = platform.payment("ORDER-1", 100);
    assert_eq!(send(genuine.clone()).await?.status(), 204);

    let copy = genuine;
    assert_eq!(send(copy).await?.status(), 204);

    let wrong_amount = platform.payment("ORDER-1", 1);
    assert_eq!(send(wrong_amount).await?.status(), 403);

    let forged = platform.payment("ORDER-1", 100).with_body("{}");
    assert_eq!(send(forged).await?.status(), 401);

    let refund = platform.refund("ORDER-1", "REFUND-1", 100); // this route takes payments only
    assert_eq!(send(refund).await?.status(), 400);
    Ok(())
}

/// Starts the app of the guide on a free port; returns the shop and its `notify_url`.
async fn serve(sandbox: &Sandbox) -> Result<(Shop, String), BoxError> {
    let mut config = sandbox.config();
    config.sub_mchid = None; // a direct merchant
    let shop = Shop::new(WechatPay::new(&config.validate()?)?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let notify_url = format!("http://{}/wechatpay/notify", listener.local_addr()?);
    let app = receive::app(shop.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok((shop, notify_url))
}

#[tokio::test]
async fn an_order_is_paid_and_refunded() -> Result<(), BoxError> {
    let sandbox = Sandbox::builder().retry(RetrySchedule::fast()).start().await?;
    let (shop, notify_url) = serve(&sandbox).await?;
    let tea = Order {
        number: "ORDER-1".parse()?,
        total: Fen::new(990)?,
        description: "tea".into(),
    };
    shop.insert(tea.clone());

    let code_url = order::native(&shop.wechatpay, &tea, &notify_url).await?;
    assert!(code_url.starts_with("weixin://"));

    assert!(sandbox.pay("ORDER-1", Buyer::Bob).is_err()); // an empty purse
    sandbox.pay("ORDER-1", Buyer::Alice)?;
    sandbox
        .wait_acknowledged("ORDER-1", Duration::from_secs(10))
        .await?;
    assert_eq!(shop.notes(), ["ORDER-1 was paid"]);

    refund::refund(
        &shop.wechatpay,
        &tea,
        &notify_url,
        "REFUND-1".parse()?,
        Fen::new(100)?,
    )
    .await?;
    keys::self_test(&shop.wechatpay).await?;
    assert!(observe::ready(&shop.wechatpay));
    Ok(())
}
