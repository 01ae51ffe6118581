//! Bills and reconciling.

use wechatpay_axum::{
    WechatPay,
    api::{
        bills::{GetTradeBill, TarType},
        refunds::RefundStatus,
    },
    bills::{
        TradeBillReader,
        reconcile::{Reconciler, Record, RefundFamily, Report},
    },
    download::DownloadError,
    types::{BillDate, Fen, Mchid},
    watch::Watch,
};

use crate::shop::BoxError;

/// The shop's own records of a day.
///
/// # Errors
/// An amount that is none.
pub fn records() -> Result<Vec<Record>, BoxError> {
    let records = vec![
        Record::payment("ORDER-1", Fen::new(990)?),
        Record::refund("REFUND-1", Fen::new(100)?, &RefundStatus::Success),
    ];
    Ok(records)
}

/// Compares the trade bill of a day with the shop's own records.
///
/// # Errors
/// The call, the download, or a bill that is broken.
pub async fn reconcile(
    wechatpay: &WechatPay,
    date: BillDate,
    records: Vec<Record>,
) -> Result<Report, BoxError> {
    let mut comparer = Reconciler::new();
    comparer.extend(records);

    let request = GetTradeBill::new(date).tar_type(TarType::Gzip);
    let bill = match wechatpay.client().call(&request).await {
        Ok(bill) => bill,
        // A day without transactions has no bill.
        Err(error)
            if error
                .api()
                .is_some_and(|refusal| refusal.is("NO_STATEMENT_EXIST")) =>
        {
            return Ok(comparer.finish());
        }
        Err(error) => return Err(error.into()),
    };

    let read = |state: &mut (TradeBillReader, Reconciler), bytes: &[u8]| -> Result<(), DownloadError> {
        let (reader, comparer) = state;
        Ok(reader.feed(bytes, |row| comparer.row(row))?)
    };
    let download = wechatpay.client().download(&bill);
    let start = (TradeBillReader::new(), comparer);
    let (reader, comparer) = download.fold(start, read).await?;
    reader.finish()?; // the totals of the last row fit
    Ok(comparer.finish())
}

/// Saves the bill of a day.
///
/// # Errors
/// The call or the download.
pub async fn save(wechatpay: &WechatPay, date: BillDate) -> Result<(), BoxError> {
    let request = GetTradeBill::new(date).tar_type(TarType::Gzip);
    let bill = wechatpay.client().call(&request).await?;
    wechatpay.client().download(&bill).save_to("trade.csv").await?;
    Ok(())
}

/// Has the platform queried for what the bill has and the shop lacks.
///
/// # Errors
/// The store of the watch.
pub async fn recheck(watch: &Watch, report: &Report, merchant: Mchid) -> Result<(), BoxError> {
    for pending in report.to_recheck(&merchant, RefundFamily::Ecommerce) {
        watch.recheck(&pending).await?;
    }
    Ok(())
}
