//! Combined orders.

use wechatpay_axum::{
    Ack, Nack, Notification, WechatPay,
    api::combine::{CombineAmount, CombinePayer, CombinedTransaction, JsapiPrepay, SubOrder},
    notify::{CombinedExpectation, SubOrderExpectation},
    sign::JsapiParameters,
    types::{CombineOutTradeNo, Currency, Mchid, Openid},
};

use crate::shop::{BoxError, Order};

/// Orders for several sub-merchants at once.
///
/// # Errors
/// The settings or the call.
pub async fn order(
    wechatpay: &WechatPay,
    number: CombineOutTradeNo,
    orders: &[(Mchid, Order)],
    notify_url: &str,
    openid: Openid,
) -> Result<JsapiParameters, BoxError> {
    let ids = wechatpay.settings().partner()?;
    let sub_orders = orders
        .iter()
        .map(|(sub_mchid, order)| {
            SubOrder::new(
                ids.sp_mchid.clone(),
                "cart", // attach
                CombineAmount::cny(order.total),
                order.number.clone(),
                &order.description,
            )
            .sub_mchid(sub_mchid.clone())
        })
        .collect();
    let prepay = JsapiPrepay::new(
        ids.sp_appid.clone(),
        ids.sp_mchid,
        number,
        sub_orders,
        notify_url,
        CombinePayer::openid(openid),
    );
    let session = wechatpay.client().call(&prepay).await?;
    Ok(wechatpay
        .signer()
        .jsapi(&ids.sp_appid, &session.prepay_id)
        .await?)
}

/// Builds the expectation of a combined payment.
///
/// # Errors
/// The settings.
pub fn expected(
    wechatpay: &WechatPay,
    number: CombineOutTradeNo,
    orders: &[(Mchid, Order)],
) -> Result<CombinedExpectation, BoxError> {
    let ids = wechatpay.settings().partner()?;
    let mut expected = CombinedExpectation::new(number, ids.sp_appid, ids.sp_mchid.clone());
    for (sub_mchid, order) in orders {
        expected = expected.sub_order(SubOrderExpectation::partner(
            order.number.clone(),
            ids.sp_mchid.clone(),
            sub_mchid.clone(),
            order.total,
            Currency::Cny,
        ));
    }
    Ok(expected)
}

/// Handles the notification of a combined payment.
///
/// # Errors
/// A payment that is not the orders'.
pub fn paid(
    notification: Notification<CombinedTransaction>,
    expected: &CombinedExpectation,
) -> Result<Ack, Nack> {
    let confirmed = notification.confirm(expected)?;
    for order in confirmed.sub_orders() {
        println!("{}: {} yuan", order.out_trade_no(), order.total().yuan());
        // Keep `order.transaction_id()`: refunds and sharing need it.
    }
    Ok(Ack)
}
