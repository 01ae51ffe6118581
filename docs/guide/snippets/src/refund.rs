//! Refunding.

use wechatpay_axum::{
    WechatPay,
    api::refunds::{self, Apply, Query, RefundAmount, RefundStatus, ecommerce},
    types::{Fen, Mchid, OutRefundNo},
};

use crate::shop::{BoxError, Order};

/// Refunds a part of an order.
///
/// # Errors
/// The call.
pub async fn refund(
    wechatpay: &WechatPay,
    order: &Order,
    notify_url: &str,
    number: OutRefundNo,
    amount: Fen,
) -> Result<RefundStatus, BoxError> {
    let amount = RefundAmount::cny(amount, order.total);
    let apply = Apply::new(order.number.clone(), number, amount)
        .reason("七天无理由退货")
        .notify_url(notify_url);
    let refund = wechatpay.client().call(&apply).await?;
    Ok(refund.status.clone())
}

/// Queries a refund.
///
/// # Errors
/// The call.
pub async fn query(wechatpay: &WechatPay, number: OutRefundNo) -> Result<RefundStatus, BoxError> {
    let refund = wechatpay.client().call(&Query::new(number)).await?;
    Ok(refund.status.clone())
}

/// Refunds as an e-commerce platform.
///
/// # Errors
/// The settings or the call.
pub async fn ecommerce_refund(
    wechatpay: &WechatPay,
    order: &Order,
    sub_mchid: Mchid,
    number: OutRefundNo,
    amount: Fen,
) -> Result<(), BoxError> {
    let ids = wechatpay.settings().partner()?;
    let apply = ecommerce::Apply::new(
        sub_mchid,
        ids.sp_appid,
        order.number.clone(),
        number,
        ecommerce::RefundAmount::cny(amount, order.total),
    );
    wechatpay.client().call(&apply).await?;
    Ok(())
}

/// Refunds as an ordinary service provider.
#[must_use]
pub fn service_provider(apply: refunds::Apply, sub_mchid: Mchid) -> refunds::Apply {
    apply.sub_mchid(sub_mchid)
}
