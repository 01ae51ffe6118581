//! Ordering in four scenes, querying and closing.

use wechatpay_axum::{
    Confirmed, WechatPay,
    api::{
        code_pay::{Amount, Pay, Payer, SceneInfo, StoreInfo},
        prepay::{
            AppPrepay, DirectPayer, H5Info, H5Prepay, H5Scene, H5Type, JsapiPrepay, NativePrepay,
            PartnerJsapiPrepay, PartnerPayer,
        },
        transactions::{Close, QueryByOutTradeNo},
    },
    client::Outcome,
    code_pay::{CodePayment, CodePayments},
    sign::{AppParameters, JsapiParameters, h5_url_with_redirect},
    types::{Mchid, Openid},
};

use crate::shop::{BoxError, Order};

/// Orders in a page inside WeChat.
///
/// # Errors
/// The settings or the call.
pub async fn jsapi(
    wechatpay: &WechatPay,
    order: &Order,
    notify_url: &str,
    openid: Openid,
) -> Result<JsapiParameters, BoxError> {
    let ids = wechatpay.settings().direct()?;
    let prepay = JsapiPrepay::new(
        ids.appid.clone(),
        ids.mchid,
        &order.description,
        order.number.clone(),
        notify_url,
        order.total,
        DirectPayer::openid(openid),
    );
    let session = wechatpay.client().call(&prepay).await?;
    Ok(wechatpay.signer().jsapi(&ids.appid, &session.prepay_id).await?)
}

/// Orders for a sub-merchant.
///
/// # Errors
/// The settings or the call.
pub async fn partner_jsapi(
    wechatpay: &WechatPay,
    order: &Order,
    notify_url: &str,
    sub_mchid: Mchid,
    openid: Openid,
) -> Result<JsapiParameters, BoxError> {
    let ids = wechatpay.settings().partner()?;
    let prepay = PartnerJsapiPrepay::new(
        ids.sp_appid.clone(),
        ids.sp_mchid,
        sub_mchid,
        &order.description,
        order.number.clone(),
        notify_url,
        order.total,
        PartnerPayer::sp_openid(openid),
    );
    let session = wechatpay.client().call(&prepay).await?;
    Ok(wechatpay
        .signer()
        .jsapi(&ids.sp_appid, &session.prepay_id)
        .await?)
}

/// Orders in an app.
///
/// # Errors
/// The settings or the call.
pub async fn app(wechatpay: &WechatPay, order: &Order, notify_url: &str) -> Result<AppParameters, BoxError> {
    let ids = wechatpay.settings().direct()?;
    let prepay = AppPrepay::new(
        ids.appid.clone(),
        ids.mchid,
        &order.description,
        order.number.clone(),
        notify_url,
        order.total,
    );
    let session = wechatpay.client().call(&prepay).await?;
    Ok(wechatpay.signer().app(&ids.appid, &session.prepay_id).await?)
}

/// Orders in a mobile browser outside WeChat.
///
/// # Errors
/// The settings or the call.
pub async fn h5(
    wechatpay: &WechatPay,
    order: &Order,
    notify_url: &str,
    payer_ip: &str,
) -> Result<String, BoxError> {
    let ids = wechatpay.settings().direct()?;
    let prepay = H5Prepay::new(
        ids.appid,
        ids.mchid,
        &order.description,
        order.number.clone(),
        notify_url,
        order.total,
        H5Scene::new(payer_ip, H5Info::new(H5Type::Wap)),
    );
    let page = wechatpay.client().call(&prepay).await?;
    let back = format!("https://shop.example/orders/{}", order.number);
    Ok(h5_url_with_redirect(&page.h5_url, &back)?)
}

/// Orders with a code to scan.
///
/// # Errors
/// The settings or the call.
pub async fn native(wechatpay: &WechatPay, order: &Order, notify_url: &str) -> Result<String, BoxError> {
    let ids = wechatpay.settings().direct()?;
    let prepay = NativePrepay::new(
        ids.appid,
        ids.mchid,
        &order.description,
        order.number.clone(),
        notify_url,
        order.total,
    );
    match wechatpay.client().call(&prepay).await {
        Ok(code) => Ok(code.code_url.clone()),
        // The order may exist. Repeat the same request later, or query by `out_trade_no`.
        Err(error) if error.outcome() == Outcome::Unknown => Err(error.into()),
        // Nothing was ordered.
        Err(error) => Err(error.into()),
    }
}

/// Charges the code that a payer shows.
///
/// # Errors
/// The settings, or an order whose payment is unknown or another one.
pub async fn by_code(
    wechatpay: &WechatPay,
    order: &Order,
    scanned: &str,
) -> Result<Option<Confirmed>, BoxError> {
    let ids = wechatpay.settings().direct()?;
    let pay = Pay::new(
        ids.appid,
        ids.mchid,
        &order.description,
        order.number.clone(),
        Payer::new(scanned),
        Amount::new(order.total),
        SceneInfo::new(StoreInfo::new().out_id("SHOP-1")),
    );
    let payments = CodePayments::new(wechatpay.client().clone());
    match payments.pay(&pay).await {
        // Number, payee, app and amount are compared: hand the goods over.
        Ok(CodePayment::Paid(paid)) => Ok(Some(*paid)),
        // Nothing was charged, or the money goes back.
        Ok(CodePayment::NotPaid(_)) => Ok(None),
        // `StillUnknown`: neither goods nor another code, but `settle` until it returns.
        Err(error) => Err(error.into()),
    }
}

/// Queries an order, and returns the payment if it is paid.
///
/// # Errors
/// The settings, the call, or a payment that is not the order's.
pub async fn query(wechatpay: &WechatPay, order: &Order) -> Result<Option<Confirmed>, BoxError> {
    let mchid = wechatpay.settings().mchid.clone();
    let query = QueryByOutTradeNo::new(mchid, order.number.clone());
    let transaction = wechatpay.client().call(&query).await?;
    let expected = wechatpay.expectation(order.number.clone(), order.total)?;
    match transaction.confirm(&expected) {
        Ok(confirmed) => Ok(Some(confirmed)),
        Err(mismatch) if mismatch.is_only_unpaid() => Ok(None),
        Err(mismatch) => Err(mismatch.into()),
    }
}

/// Closes an order that is not paid.
///
/// # Errors
/// The call.
pub async fn close(wechatpay: &WechatPay, order: &Order) -> Result<(), BoxError> {
    let mchid = wechatpay.settings().mchid.clone();
    wechatpay
        .client()
        .call(&Close::new(mchid, order.number.clone()))
        .await?;
    Ok(())
}
