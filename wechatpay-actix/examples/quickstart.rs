//! A direct merchant (直连商户) sells a pot of tea for 9.90 yuan and refunds it.
use actix_web::{App, Error, HttpServer, error::ErrorBadGateway, web};
use wechatpay_actix::api::{prepay::NativePrepay, refunds::Apply, refunds::RefundAmount};
use wechatpay_actix::{
    Ack, AnyNotification, AnyResource, Expectation, Nack, Notification, NotificationMiddleware,
};
use wechatpay_actix::{WechatPay, types::Fen, types::OutTradeNo};

struct Shop {
    order: Expectation, // in your shop: looked up in the database by `paid.out_trade_no`
    refund: Apply,
}

/// Runs for notifications that were verified and decrypted. The platform repeats them until `Ack`.
async fn notified(shop: web::Data<Shop>, it: Notification<AnyResource>) -> Result<Ack, Nack> {
    match it.by_kind() {
        AnyNotification::Transaction(paid) => {
            let paid = paid.confirm(&shop.order)?; // number, payee, app, amount and currency are right
            println!("{} is paid: {} yuan", paid.out_trade_no, paid.total().yuan());
        }
        AnyNotification::Refund(refund) => println!("{}: {}", refund.out_refund_no, refund.refund_status),
        _ => return Err(Nack::failed()),
    }
    Ok(Ack)
}

/// Refunds the order. Repeating the refund number never refunds twice.
async fn refund(shop: web::Data<Shop>, wechatpay: web::Data<WechatPay>) -> Result<String, Error> {
    let response = wechatpay.client().call(&shop.refund).await;
    Ok(response.map_err(ErrorBadGateway)?.status.to_string())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init(); // shows why a notification was rejected
    let wechatpay = WechatPay::from_env()?;
    let number: OutTradeNo = format!("TEA{}", std::time::UNIX_EPOCH.elapsed()?.as_millis()).parse()?;
    let order = wechatpay.expectation(number.clone(), Fen::from(990))?;
    let ids = wechatpay.settings().direct()?;
    let url = "http://127.0.0.1:3000/wechatpay/notify";
    let prepay = NativePrepay::new(ids.appid, ids.mchid, "Tea", number.clone(), url, Fen::from(990));
    let response = wechatpay.client().call(&prepay).await?;
    println!("order {number}, to be shown as a QR code: {}", response.code_url);
    let all = RefundAmount::cny(Fen::from(990), Fen::from(990));
    let apply = Apply::new(number.clone(), format!("R-{number}").parse()?, all);
    let (data, shop) = (
        web::Data::new(wechatpay.clone()),
        web::Data::new(Shop { order, refund: apply }),
    );
    let verify = NotificationMiddleware::new(wechatpay.receiver().clone());
    let app = move || {
        let notify = web::resource("/wechatpay/notify").wrap(verify.clone());
        let app = App::new().app_data(shop.clone()).app_data(data.clone());
        app.service(notify.post(notified))
            .route("/refund", web::post().to(refund))
    };
    let server = HttpServer::new(app).bind("127.0.0.1:3000")?.run();
    Ok(wechatpay_actix::serve(server, &wechatpay).await?) // keeps platform certificates up to date
}
