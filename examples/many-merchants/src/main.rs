//! One axum application for many merchants: `cargo run -p many-merchants`.
//!
//! Each merchant has a client, a receiver and platform keys of its own, built when it is first needed. The path of a
//! notification names the merchant, and what is for another is refused. The run sells for three merchants against a sandbox
//! in certificate mode, and then shows what happens to a notification that goes to the wrong one.

mod merchants;
mod routes;

use std::{error::Error, time::Duration};

use tokio::net::TcpListener;
use wechatpay_axum::Merchants;
use wechatpay_core::{
    api::prepay::NativePrepay,
    types::{Appid, Fen, Mchid, OutTradeNo},
};
use wechatpay_sandbox::{AttemptOutcome, Buyer, KeyMode, RetrySchedule, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder()
        .keys(KeyMode::Certificate)
        .retry(RetrySchedule::none())
        .merchant(merchants::tea_house()?)
        .merchant(merchants::book_shop()?)
        .start()
        .await?;
    let merchants = merchants::directory(&sandbox);

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let app = routes::router(merchants.receivers().clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    println!("app      {base_url}\ngateway  {}\n", sandbox.base_url());

    for (number, mchid) in (1..).zip(merchants::ALL) {
        let order = OutTradeNo::parse(&format!("ORDER-{number}"))?;
        let response = sell(
            &sandbox,
            &merchants,
            mchid,
            &order,
            &format!("{base_url}/notify/{mchid}"),
        )
        .await?;
        println!("merchant {mchid}  order {order}  notified on its own path       {response}");
    }

    // Genuine and for the first merchant, but sent to where the second one listens: its APIv3 key does not open it. (Where both
    // have the same key, the merchant inside is another, and the response is 403.)
    let [first, second, _] = merchants::ALL;
    let stray = OutTradeNo::parse("ORDER-9")?;
    let response = sell(
        &sandbox,
        &merchants,
        first,
        &stray,
        &format!("{base_url}/notify/{second}"),
    )
    .await?;
    println!("merchant {first}  order {stray}  notified on {second}'s path  {response}");
    Ok(())
}

/// Places an order for a merchant, pays it, and reports the notification's response.
async fn sell(
    sandbox: &Sandbox,
    merchants: &Merchants,
    mchid: &str,
    number: &OutTradeNo,
    notify_url: &str,
) -> Result<AttemptOutcome, Box<dyn Error>> {
    let wechatpay = merchants.get(&Mchid::parse(mchid)?)?;
    let appid: Appid = wechatpay
        .settings()
        .appid
        .clone()
        .ok_or("the merchant has no app")?;
    let order = NativePrepay::new(
        appid,
        Mchid::parse(mchid)?,
        "Something good",
        number.clone(),
        notify_url,
        Fen::new(990)?,
    );
    wechatpay.client().call(&order).await?;
    sandbox.pay(number.as_str(), Buyer::Alice)?;
    loop {
        let attempt = sandbox
            .notifications_of(number.as_str())
            .into_iter()
            .find_map(|sent| sent.attempts.into_iter().next());
        if let Some(attempt) = attempt {
            return Ok(attempt.outcome);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
