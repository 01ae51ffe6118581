//! `cargo run --release -p wechatpay-tests --bin soak -- --store postgres`

use std::{process::ExitCode, str::FromStr, time::Duration};

use wechatpay_tests::soak::{Options, Store, run};

const HELP: &str = "\
Notifications against shops that are killed, and whether one was lost or handled twice

Usage: soak [OPTIONS]

  --store NAME           memory, redis or postgres [default: postgres]
  --notifications N      how many, each with an id of its own [default: 100000]
  --seed N               decides what is sent and what goes wrong [default: 1]
  --shops N              how many share the store [default: 3; 1 with memory]
  --minutes N            spread over at least so many minutes [default: 0]
  --at-most N            stop sending after so many minutes, and report what was sent
  --shop PATH            the shop's program [default: axum-shop, built if it is not]
  --help                 this text

Servers and shops are started on free ports and ended with it. Exit status: 0 when the table ends with `clean`.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let options = match read(&arguments) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("soak: {problem}; see --help");
            return ExitCode::from(2);
        }
    };
    let report = run(&options).await;
    println!("{report}");
    ExitCode::from(u8::from(!report.is_clean()))
}

/// Nothing when help was asked for.
fn read(arguments: &[String]) -> Result<Option<Options>, String> {
    let mut store = Store::Postgres;
    let mut rest = Vec::new();
    let mut words = arguments.iter();
    while let Some(name) = words.next() {
        if ["--help", "-h"].contains(&name.as_str()) {
            return Ok(None);
        }
        let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--store" => store = Store::from_name(value).ok_or("no such store")?,
            _ => rest.push((name.as_str(), value)),
        }
    }
    let mut options = Options::new(store, 100_000, 1);
    options.bar = true;
    for (name, value) in rest {
        match name {
            "--notifications" => options.notifications = number(name, value)?,
            "--seed" => options.seed = number(name, value)?,
            "--shops" if store == Store::Memory => return Err("memory is one shop's own".to_owned()),
            "--shops" => options.shops = number::<usize>(name, value)?.max(1),
            "--minutes" => options.spread = Duration::from_secs(number::<u64>(name, value)? * 60),
            "--at-most" => options.at_most = Some(Duration::from_secs(number::<u64>(name, value)? * 60)),
            "--shop" => options.program = Some(value.into()),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(Some(options))
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} needs a number"))
}
