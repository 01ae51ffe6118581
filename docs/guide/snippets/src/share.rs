//! Sharing profits.

use wechatpay_axum::{
    WechatPay,
    api::{
        prepay::{NativePrepay, SettleInfo},
        profit_sharing::{
            AddReceiver, QueryShare, Receiver, ReceiverType, RelationType, Share, ShareResult, Unfreeze,
        },
    },
    types::{Fen, OutOrderNo, TransactionId},
};

use crate::shop::BoxError;

/// Freezes the money of an order for sharing.
#[must_use]
pub fn to_be_shared(prepay: NativePrepay) -> NativePrepay {
    prepay.settle_info(SettleInfo::profit_sharing())
}

/// Adds a merchant as a receiver, once.
///
/// # Errors
/// The settings or the call.
pub async fn add_receiver(wechatpay: &WechatPay, mchid: &str, name: &str) -> Result<(), BoxError> {
    let ids = wechatpay.settings().direct()?;
    let (kind, relation) = (ReceiverType::MerchantId, RelationType::Supplier);
    let add = AddReceiver::new(ids.appid, kind, mchid, relation).name(name); // travels encrypted; the client does it
    wechatpay.client().call(&add).await?;
    Ok(())
}

/// Gives a part of a payment to a merchant.
///
/// # Errors
/// The call.
pub async fn share(
    wechatpay: &WechatPay,
    payment: TransactionId,
    number: OutOrderNo,
    receiver: &str,
    amount: Fen,
) -> Result<(), BoxError> {
    let receiver = Receiver::new(ReceiverType::MerchantId, receiver, amount, "佣金");
    let share = Share::new(payment, number, vec![receiver], false);
    wechatpay.client().call(&share).await?;
    Ok(())
}

/// Queries a share; true once every receiver has its part.
///
/// # Errors
/// The call.
pub async fn is_shared(
    wechatpay: &WechatPay,
    payment: TransactionId,
    number: OutOrderNo,
) -> Result<bool, BoxError> {
    let share = wechatpay.client().call(&QueryShare::new(number, payment)).await?;
    let mut results = share.receivers.iter().map(|receiver| &receiver.result);
    Ok(results.all(|result| *result == ShareResult::Success))
}

/// Releases the rest of a payment.
///
/// # Errors
/// The call.
pub async fn release(
    wechatpay: &WechatPay,
    payment: TransactionId,
    number: OutOrderNo,
) -> Result<(), BoxError> {
    wechatpay
        .client()
        .call(&Unfreeze::new(payment, number, "分账完成"))
        .await?;
    Ok(())
}
