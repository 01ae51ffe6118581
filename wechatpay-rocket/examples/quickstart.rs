//! A direct merchant (直连商户) sells a pot of tea for 9.90 yuan and refunds it.
use std::{error::Error, time::UNIX_EPOCH};

use rocket::{State, http::Status, post, response::status::Custom, routes};
use wechatpay_rocket::api::{prepay::NativePrepay, refunds::Apply, refunds::RefundAmount};
use wechatpay_rocket::{
    Ack, AnyNotification, AnyResource, Expectation, Nack, Notification, NotificationFairing,
};
use wechatpay_rocket::{WechatPay, types::Fen, types::OutTradeNo};

struct Shop {
    order: Expectation, // in your shop: looked up in the database by `paid.out_trade_no`
    refund: Apply,
}

/// Runs for notifications that were verified and decrypted. The platform repeats them until `Ack`.
#[post("/wechatpay/notify", data = "<it>")]
async fn notified(shop: &State<Shop>, it: Notification<AnyResource>) -> Result<Ack, Nack> {
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
#[post("/refund")]
async fn refund(shop: &State<Shop>, wechatpay: &State<WechatPay>) -> Result<String, Custom<String>> {
    let response = wechatpay.client().call(&shop.refund).await;
    let accepted = response.map_err(|error| Custom(Status::BadGateway, error.to_string()))?;
    Ok(accepted.status.to_string())
}

#[rocket::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let wechatpay = WechatPay::from_env()?;
    let number: OutTradeNo = format!("TEA{}", UNIX_EPOCH.elapsed()?.as_millis()).parse()?;
    let order = wechatpay.expectation(number.clone(), Fen::from(990))?;
    let ids = wechatpay.settings().direct()?;
    let url = "http://127.0.0.1:3000/wechatpay/notify";
    let prepay = NativePrepay::new(ids.appid, ids.mchid, "Tea", number.clone(), url, Fen::from(990));
    let response = wechatpay.client().call(&prepay).await?;
    println!("order {number}, to be shown as a QR code: {}", response.code_url);
    let all = RefundAmount::cny(Fen::from(990), Fen::from(990));
    let refund = Apply::new(number.clone(), format!("R-{number}").parse()?, all);
    let config = rocket::Config::figment().merge(("port", 3000));
    rocket::custom(config)
        .attach(NotificationFairing::new(wechatpay)) // also keeps platform certificates up to date
        .manage(Shop { order, refund })
        .mount("/", routes![notified, refund])
        .launch()
        .await?;
    Ok(())
}
