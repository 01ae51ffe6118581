//! The tests that the guide shows, and its functions against the sandbox.

use std::time::Duration;

use axum::{Router, body::Body, routing::post};
use tower::ServiceExt as _;
use wechatpay_axum::{
    Ack, Confirmed, Expectation, Nack, Notification, NotificationLayer, WechatPay,
    api::{combine::QueryByOutTradeNo, prepay::NativePrepay, transactions::Transaction},
    bills::reconcile::Record,
    notify::Payee,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform, request},
    types::{BillDate, Currency, Fen, Mchid},
};
use wechatpay_guide::{
    bills, combine, keys, observe, order, receive, refund, share,
    shop::{BoxError, Order, Shop},
};
use wechatpay_sandbox::{Buyer, RetrySchedule, Sandbox};

const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

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

/// Starts the app of the guide on a free port.
///
/// Returns the shop and its `notify_url`.
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

#[tokio::test]
async fn the_four_scenes_give_what_the_client_needs() -> Result<(), BoxError> {
    let sandbox = Sandbox::builder().start().await?;
    let (shop, notify_url) = serve(&sandbox).await?;
    let wechatpay = &shop.wechatpay;
    let order = |number: &str| -> Result<Order, BoxError> {
        Ok(Order {
            number: number.parse()?,
            total: Fen::new(990)?,
            description: "tea".into(),
        })
    };
    let openid = || OPENID.parse();

    let sheet = order::jsapi(wechatpay, &order("JSAPI-1")?, &notify_url, openid()?).await?;
    assert!(sheet.package.starts_with("prepay_id="));
    let sheet = order::app(wechatpay, &order("APP-01")?, &notify_url).await?;
    assert_eq!(sheet.package, "Sign=WXPay");
    let page = order::h5(wechatpay, &order("H5-001")?, &notify_url, "203.0.113.7").await?;
    assert!(page.contains("&redirect_url=https%3A%2F%2F"));

    let unpaid = order("JSAPI-1")?;
    assert!(order::query(wechatpay, &unpaid).await?.is_none());
    order::close(wechatpay, &unpaid).await?;
    sandbox.take_lints(); // it was closed within five minutes
    Ok(())
}

#[tokio::test]
async fn a_paid_order_is_shared_and_reconciled() -> Result<(), BoxError> {
    let sandbox = Sandbox::builder().manual_clock().start().await?;
    let (shop, notify_url) = serve(&sandbox).await?;
    let wechatpay = &shop.wechatpay;
    let tea = Order {
        number: "ORDER-1".parse()?,
        total: Fen::new(990)?,
        description: "tea".into(),
    };
    shop.insert(tea.clone());
    let ids = wechatpay.settings().direct()?;
    let prepay = NativePrepay::new(
        ids.appid,
        ids.mchid,
        &tea.description,
        tea.number.clone(),
        &notify_url,
        tea.total,
    );
    wechatpay.client().call(&share::to_be_shared(prepay)).await?;
    sandbox.pay("ORDER-1", Buyer::Alice)?;
    let paid = order::query(wechatpay, &tea).await?.ok_or("it is paid")?;
    let payment = paid.transaction_id();

    sandbox.clock().advance(Duration::from_secs(120)).await?;
    share::add_receiver(wechatpay, "1900000201", "Tea House").await?;
    let number = || "SHARE-1".parse();
    share::share(wechatpay, payment.clone(), number()?, "1900000201", Fen::new(90)?).await?;
    sandbox.clock().advance(Duration::from_secs(60)).await?;
    assert!(share::is_shared(wechatpay, payment.clone(), number()?).await?);
    share::release(wechatpay, payment.clone(), "RELEASE-1".parse()?).await?;

    sandbox.clock().next_day_at("10:05").await?;
    let date: BillDate = sandbox.clock().yesterday().parse()?;
    let books = vec![Record::payment("ORDER-1", tea.total)];
    let report = bills::reconcile(wechatpay, date, books).await?;
    assert!(report.is_clean(), "{report}");
    let report = bills::reconcile(wechatpay, date, bills::records()?).await?;
    assert!(!report.is_clean());
    Ok(())
}

#[tokio::test]
async fn a_service_provider_orders_and_combines() -> Result<(), BoxError> {
    let sandbox = Sandbox::builder().start().await?;
    let wechatpay = WechatPay::new(&sandbox.config().validate()?)?;
    let notify_url = "http://127.0.0.1:1/wechatpay/notify";
    let sub_mchid = || DEMO_SUB_MCHID.parse::<Mchid>();
    let order = |number: &str| -> Result<Order, BoxError> {
        Ok(Order {
            number: number.parse()?,
            total: Fen::new(100)?,
            description: "tea".into(),
        })
    };
    let tea = order("ORDER-1")?;
    order::partner_jsapi(&wechatpay, &tea, notify_url, sub_mchid()?, OPENID.parse()?).await?;
    sandbox.pay("ORDER-1", Buyer::Alice)?;
    let number = "REFUND-1".parse()?;
    refund::ecommerce_refund(&wechatpay, &tea, sub_mchid()?, number, Fen::new(1)?).await?;

    let cart = [
        (sub_mchid()?, order("ITEM-01")?),
        (sub_mchid()?, order("ITEM-02")?),
    ];
    let number = || "COMBINED-1".parse();
    combine::order(&wechatpay, number()?, &cart, notify_url, OPENID.parse()?).await?;
    sandbox.pay("COMBINED-1", Buyer::Alice)?;
    let query = QueryByOutTradeNo::new(number()?);
    let paid = wechatpay.client().call(&query).await?;
    let confirmed = paid.confirm(&combine::expected(&wechatpay, number()?, &cart)?)?;
    assert_eq!(confirmed.sub_orders().len(), 2);
    Ok(())
}
