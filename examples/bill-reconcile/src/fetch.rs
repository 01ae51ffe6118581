//! The bill: asked for, downloaded, verified, compared.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use wechatpay_core::{
    BoxError,
    api::bills::{GetTradeBill, TarType},
    bills::{
        TradeBillReader, TradeTotals,
        reconcile::{Reconciler, Record, Report},
    },
    types::BillDate,
};
use wechatpay_tower::{
    Client,
    download::{DownloadError, Progress},
};

/// Totals of the bill, and the differences.
///
/// A day without transactions has no bill, and so no totals.
pub(crate) async fn reconcile(
    client: &Client,
    date: BillDate,
    records: Vec<Record>,
    save: Option<&Path>,
) -> Result<(Option<TradeTotals>, Report), BoxError> {
    let mut comparer = Reconciler::new();
    comparer.extend(records);
    let bill = match client
        .call(&GetTradeBill::new(date).tar_type(TarType::Gzip))
        .await
    {
        Ok(bill) => bill,
        Err(error)
            if error
                .api()
                .is_some_and(|refusal| refusal.is("NO_STATEMENT_EXIST")) =>
        {
            return Ok((None, comparer.finish()));
        }
        Err(error) => return Err(error.into()),
    };

    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(
        "{spinner} {bytes}/{total_bytes} {wide_bar} {bytes_per_sec} {msg}",
    )?);
    let download = client.download(&bill).progress(|progress| show(&bar, progress));
    // Both are given out only when the digest was right, and the reader ends well only when its totals are.
    let mut state = (TradeBillReader::new(), comparer);
    match save {
        None => state = download.fold(state, read).await?,
        Some(path) => download
            .save_to(path)
            .await?
            .read(|bytes| read(&mut state, bytes))?,
    }
    bar.finish_and_clear();
    let (reader, comparer) = state;
    Ok((Some(*reader.finish()?.totals()), comparer.finish()))
}

fn read((reader, comparer): &mut (TradeBillReader, Reconciler), bytes: &[u8]) -> Result<(), DownloadError> {
    Ok(reader.feed(bytes, |row| comparer.row(row))?)
}

fn show(bar: &ProgressBar, progress: Progress) {
    if let Some(expected) = progress.expected {
        bar.set_length(expected);
    }
    bar.set_position(progress.received);
    bar.set_message(format!("({} unpacked)", indicatif::HumanBytes(progress.unpacked)));
}
