//! A direct merchant (直连商户) places an order, waits for the payment and refunds it.
use std::{error::Error, time::Duration, time::UNIX_EPOCH};

use wechatpay_tower::WechatPay;
use wechatpay_tower::api::{prepay::NativePrepay, transactions::QueryByOutTradeNo};
use wechatpay_tower::api::{refunds::Apply, refunds::RefundAmount};
use wechatpay_tower::types::{Fen, OutTradeNo};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let wechatpay = WechatPay::from_env()?;
    let _refresh = wechatpay.spawn_refresh(); // keeps platform certificates up to date
    let client = wechatpay.client();
    let ids = wechatpay.settings().direct()?;

    let number: OutTradeNo = format!("TEA{}", UNIX_EPOCH.elapsed()?.as_millis()).parse()?;
    let order = wechatpay.expectation(number.clone(), Fen::from(990))?;
    let (mchid, url) = (ids.mchid.clone(), "https://shop.example/wechatpay/notify");
    let prepay = NativePrepay::new(ids.appid, mchid, "Tea", number.clone(), url, Fen::from(990));
    let response = client.call(&prepay).await?; // signed, sent, verified, then parsed
    println!("order {number}, to be shown as a QR code: {}", response.code_url);

    let query = QueryByOutTradeNo::new(ids.mchid, number.clone());
    let paid = loop {
        match client.call(&query).await?.confirm(&order) {
            Ok(paid) => break paid, // number, payee, app, amount and currency are right
            Err(mismatch) if mismatch.is_only_unpaid() => tokio::time::sleep(Duration::from_secs(5)).await,
            Err(mismatch) => return Err(mismatch.into()),
        }
    };
    println!("{number} is paid: {} yuan", paid.total().yuan());

    // Repeating the refund number never refunds twice.
    let all = RefundAmount::cny(paid.total(), paid.total());
    let refund = Apply::new(number.clone(), format!("R-{number}").parse()?, all);
    println!("R-{number}: {}", client.call(&refund).await?.status);
    Ok(())
}
