//! Yesterday's trade bill against the shop's own books: `cargo run -p bill-reconcile`.
//!
//! Without any `WECHATPAY_…` it plays a day of a shop in a sandbox and reconciles that. With them, `--books` and `--date`
//! it fetches the bill of a day of yours and compares it with a file of what you believe happened.

mod books;
mod demo;
mod fetch;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use wechatpay_core::{
    BoxError, Config,
    bills::reconcile::{Record, Report},
    types::BillDate,
};
use wechatpay_tower::{Client, WechatPay};

/// Reconciles the trade bill of a day with the shop's orders and refunds.
///
/// Fetches the bill and verifies it first.
///
/// Exit status: 0 both agree, 1 they differ, 2 it could not be found out.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The shop's books: lines `payment,NUMBER,FEN,paid|unpaid` and `refund,NUMBER,FEN,STATUS`
    #[arg(long, value_name = "FILE", requires = "date")]
    books: Option<PathBuf>,

    /// Day of the bill in Beijing; available from ten o'clock of the next day
    #[arg(long, value_name = "YYYY-MM-DD", requires = "books")]
    date: Option<BillDate>,

    /// Keep the bill under this name, unpacked; it must not exist
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

    /// Omit an order or refund from the shop's books, to see how it is found
    #[arg(long, value_name = "NUMBER")]
    forget: Vec<String>,

    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(report) if report.is_clean() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("bill-reconcile: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  because: {error}");
                source = error.source();
            }
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Report, BoxError> {
    match (&arguments.books, arguments.date) {
        (Some(books), Some(date)) => {
            let wechatpay = WechatPay::new(&Config::from_env()?.validate()?)?;
            let _refresh = wechatpay.spawn_refresh();
            let records = books::read(books)?;
            reconcile(arguments, wechatpay.client(), date, records).await
        }
        _ if Config::is_in_env() => {
            Err("WECHATPAY_… is set: give --books and --date, or unset it to see a played day".into())
        }
        _ => {
            let day = demo::play().await?;
            reconcile(arguments, &day.client, day.date, day.records).await
        }
    }
}

async fn reconcile(
    arguments: &Arguments,
    client: &Client,
    date: BillDate,
    mut records: Vec<Record>,
) -> Result<Report, BoxError> {
    records.retain(|record| !arguments.forget.iter().any(|number| number == record.number()));
    let (totals, report) = fetch::reconcile(client, date, records, arguments.save.as_deref()).await?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        match totals {
            Some(totals) => println!(
                "trade bill of {date}: {} rows, digest and totals are right\n",
                totals.count
            ),
            None => println!("no bill of {date}: nothing was paid or refunded\n"),
        }
        print!("{report}");
    }
    Ok(report)
}
