//! `cargo run --release -p wechatpay-tests --bin soak -- --store postgres`

use std::{process::ExitCode, str::FromStr, time::Duration};

use wechatpay_tests::soak::{Options, Store, run};

const HELP: &str = "\
Payments at shops that are killed, and whether one was lost or handled twice

Of 30 % of the orders no notification ever arrives: their payments are found by query.

Usage: soak [OPTIONS]

  --store NAMES          of memory, redis, postgres, mariadb, sqlite, one after another
                         [default: postgres,mariadb,sqlite]
  --payments N           how many at each store [default: 100000]
  --seed N               decides what is sent and what goes wrong [default: 1]
  --shops N              how many share the store [default: 3; memory always has 1]
  --minutes N            spread over at least so many minutes [default: 0]
  --at-most N            stop selling after so many minutes, and report what was sold
  --trouble-every N      seconds between one failure and the next, at most [default: 4]
  --shop PATH            the shop's program [default: axum-shop, built if it is not]
  --help                 this text

Servers and shops are started on free ports and ended with it. Exit status: 0 when each table ends with `clean`.";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let soaks = match read(&arguments) {
        Ok(Some(soaks)) => soaks,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("soak: {problem}; see --help");
            return ExitCode::from(2);
        }
    };
    let mut is_clean = true;
    for options in soaks {
        let report = run(&options).await;
        println!("{report}");
        is_clean &= report.is_clean();
    }
    ExitCode::from(u8::from(!is_clean))
}

/// Returns the options of each soak, or nothing when help was asked for.
fn read(arguments: &[String]) -> Result<Option<Vec<Options>>, String> {
    let mut stores = vec![Store::Postgres, Store::Mariadb, Store::Sqlite];
    let mut options = Options::new(Store::Postgres, 100_000, 1);
    options.bar = true;
    let mut words = arguments.iter();
    while let Some(name) = words.next() {
        if ["--help", "-h"].contains(&name.as_str()) {
            return Ok(None);
        }
        let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--store" => {
                let names = value.split(',').map(Store::from_name);
                stores = names.collect::<Option<_>>().ok_or("no such store")?;
            }
            "--payments" => options.payments = number(name, value)?,
            "--seed" => options.seed = number(name, value)?,
            "--shops" => options.shops = number::<usize>(name, value)?.max(1),
            "--minutes" => options.spread = Duration::from_secs(number::<u64>(name, value)? * 60),
            "--at-most" => options.at_most = Some(Duration::from_secs(number::<u64>(name, value)? * 60)),
            "--trouble-every" => options.trouble_every = Duration::from_secs(number(name, value)?),
            "--shop" => options.program = Some(value.into()),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(Some(
        stores
            .into_iter()
            .map(|store| options.clone().of(store))
            .collect(),
    ))
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} needs a number"))
}
