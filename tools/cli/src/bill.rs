//! `bill`: a bill, downloaded, verified, converted, compared.

use std::{
    fs,
    io::{self, IsTerminal as _, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};
use wechatpay_core::{
    BoxError,
    api::{
        Endpoint,
        bills::{BillFile, GetFundFlowBill, GetProfitSharingBill, GetTradeBill, TarType},
    },
    bills::{
        BillFormatError, FundFlowReader, Row, RowReader, TradeBillReader,
        reconcile::{Reconciler, Record},
    },
    types::{BillDate, Mchid},
};
use wechatpay_tower::{
    Client,
    download::{DownloadError, Progress},
};

use crate::account::Account;

/// Status of books that differ from the bill.
const DIFFERS: u8 = 1;
/// Code of a day without transactions.
const NO_BILL: &str = "NO_STATEMENT_EXIST";

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay bill 2026-11-30 > bill.csv
  wechatpay bill 2026-11-30 --kind fund-flow --to json --output flow.json
  wechatpay bill 2026-11-30 --books books.csv

Lines of the books: payment,NUMBER,FEN,paid|unpaid or refund,NUMBER,FEN,STATUS.

Exit status: 0 done, 1 the books differ or the bill cannot be had.";

/// Download and verify a bill, convert it, compare it with your books
///
/// The bill of a day is there from ten o'clock of the next day, Beijing time. Nothing is written before its digest and
/// its totals are right.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Bill {
    /// Day in Beijing, YYYY-MM-DD
    date: BillDate,

    /// Which bill
    #[arg(long, value_enum, default_value_t = Kind::Trade)]
    kind: Kind,

    /// A sub-merchant of the partner
    #[arg(long, value_name = "MCHID")]
    sub_mchid: Option<Mchid>,

    /// Format of the rows
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    to: Format,

    /// File to write; default: the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Compare with these books and print the differences, not the bill
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    books: Option<PathBuf>,

    #[command(flatten)]
    account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Payments and refunds
    Trade,
    /// Movements of the account
    FundFlow,
    /// Profit sharing
    ProfitSharing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Without the backticks of the original
    Csv,
    /// A list of objects
    Json,
    /// As the platform wrote it
    Original,
}

impl Bill {
    pub(crate) async fn run(self) -> Result<ExitCode, BoxError> {
        let records = self.records()?;
        if records.is_some() && self.kind != Kind::Trade {
            return Err("--books goes with --kind trade".into());
        }
        let wechatpay = self.account.wechatpay()?;
        let client = wechatpay.client();
        let file = match self.kind {
            Kind::Trade => {
                let mut get = GetTradeBill::new(self.date).tar_type(TarType::Gzip);
                get.sub_mchid.clone_from(&self.sub_mchid);
                asked(client, &get).await?
            }
            Kind::FundFlow => {
                let mut get = GetFundFlowBill::new(self.date).tar_type(TarType::Gzip);
                get.sub_mchid.clone_from(&self.sub_mchid);
                asked(client, &get).await?
            }
            Kind::ProfitSharing => {
                let mut get = GetProfitSharingBill::new(self.date).tar_type(TarType::Gzip);
                get.sub_mchid.clone_from(&self.sub_mchid);
                asked(client, &get).await?
            }
        };
        let folder = tempfile::tempdir()?;
        let original = folder.path().join("bill");
        match &file {
            Some(file) => download(client, file, &original).await?,
            None => eprintln!("no bill of {}: nothing happened on this day", self.date),
        }
        let original = file.is_some().then_some(original.as_path());
        match records {
            Some(records) => compare(original, records),
            None => self.write(original).map(|()| ExitCode::SUCCESS),
        }
    }

    fn records(&self) -> Result<Option<Vec<Record>>, BoxError> {
        let Some(path) = &self.books else {
            return Ok(None);
        };
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines = (1..).zip(text.lines().map(str::trim));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let records: Result<Vec<Record>, String> = lines
            .map(|(number, line)| {
                line.parse()
                    .map_err(|error| format!("{}, line {number}: {error}", path.display()))
            })
            .collect();
        Ok(Some(records?))
    }

    /// Writes the rows. A file appears when it is complete.
    fn write(&self, original: Option<&Path>) -> Result<(), BoxError> {
        let Some(path) = &self.output else {
            let mut out = io::stdout().lock();
            return self.convert(original, &mut out);
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        self.convert(original, &mut new)?;
        new.persist(path)
            .map_err(|error| format!("{}: {}", path.display(), error.error))?;
        Ok(())
    }

    fn convert(&self, original: Option<&Path>, out: &mut dyn Write) -> Result<(), BoxError> {
        let Some(original) = original else {
            if self.to == Format::Json {
                writeln!(out, "[]")?;
            }
            return Ok(());
        };
        if self.to == Format::Original {
            io::copy(&mut fs::File::open(original)?, out)?;
            return Ok(());
        }
        let mut rows: Box<dyn Rows + '_> = match self.to {
            Format::Json => Box::new(Json { out, is_first: true }),
            _ => Box::new(Csv {
                out: csv::Writer::from_writer(out),
                has_header: false,
            }),
        };
        match self.kind {
            Kind::Trade => {
                let mut reader = TradeBillReader::new();
                each(original, |bytes| reader.feed(bytes, |row| rows.row(row.row())))?;
                reader.finish()?;
            }
            Kind::FundFlow => {
                let mut reader = FundFlowReader::new();
                each(original, |bytes| reader.feed(bytes, |row| rows.row(row.row())))?;
                reader.finish()?;
            }
            Kind::ProfitSharing => {
                let mut reader = RowReader::new();
                each(original, |bytes| reader.feed(bytes, |row| rows.row(&row)))?;
                reader.finish()?;
            }
        }
        rows.end()
    }
}

/// Asks for a bill; a day without transactions has none.
async fn asked<E: Endpoint<Response = BillFile>>(
    client: &Client,
    get: &E,
) -> Result<Option<BillFile>, BoxError> {
    match client.call(get).await {
        Ok(file) => Ok(Some(file.into_inner())),
        Err(error) if error.api().is_some_and(|refusal| refusal.is(NO_BILL)) => Ok(None),
        Err(error) => Err(Box::new(error)),
    }
}

async fn download(client: &Client, file: &BillFile, to: &Path) -> Result<(), BoxError> {
    let bar = if io::stderr().is_terminal() {
        ProgressBar::new(0).with_style(ProgressStyle::with_template(
            "{spinner} {bytes}/{total_bytes} {wide_bar} {bytes_per_sec}",
        )?)
    } else {
        ProgressBar::hidden()
    };
    client
        .download(file)
        .progress(|progress: Progress| {
            if let Some(expected) = progress.expected {
                bar.set_length(expected);
            }
            bar.set_position(progress.received);
        })
        .save_to(to)
        .await?;
    bar.finish_and_clear();
    Ok(())
}

fn compare(original: Option<&Path>, records: Vec<Record>) -> Result<ExitCode, BoxError> {
    let mut reconciler = Reconciler::new();
    reconciler.extend(records);
    if let Some(original) = original {
        let mut reader = TradeBillReader::new();
        each(original, |bytes| {
            reader.feed(bytes, |row| Ok::<_, Failed>(reconciler.row(row)?))
        })?;
        reader.finish()?;
    }
    let report = reconciler.finish();
    print!("{report}");
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DIFFERS)
    })
}

/// Why the rows could not be read or written.
#[derive(Debug)]
struct Failed(BoxError);

impl From<BillFormatError> for Failed {
    fn from(error: BillFormatError) -> Self {
        Self(error.into())
    }
}

impl From<DownloadError> for Failed {
    fn from(error: DownloadError) -> Self {
        Self(error.into())
    }
}

/// Feeds a file in pieces.
fn each(path: &Path, mut feed: impl FnMut(&[u8]) -> Result<(), Failed>) -> Result<(), BoxError> {
    use io::Read as _;

    let mut file = fs::File::open(path)?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        feed(piece.get(..length).unwrap_or_default()).map_err(|failed| failed.0)?;
    }
}

/// A format of rows.
trait Rows {
    fn row(&mut self, row: &Row<'_>) -> Result<(), Failed>;
    fn end(self: Box<Self>) -> Result<(), BoxError>;
}

struct Csv<'a> {
    out: csv::Writer<&'a mut dyn Write>,
    has_header: bool,
}

impl Rows for Csv<'_> {
    fn row(&mut self, row: &Row<'_>) -> Result<(), Failed> {
        let failed = |error: csv::Error| Failed(error.into());
        if !self.has_header {
            self.has_header = true;
            let names = row.iter().map(|(name, _)| name);
            self.out.write_record(names).map_err(failed)?;
        }
        let values = row.iter().map(|(_, value)| value);
        self.out.write_record(values).map_err(failed)
    }

    fn end(mut self: Box<Self>) -> Result<(), BoxError> {
        Ok(self.out.flush()?)
    }
}

struct Json<'a> {
    out: &'a mut dyn Write,
    is_first: bool,
}

impl Rows for Json<'_> {
    fn row(&mut self, row: &Row<'_>) -> Result<(), Failed> {
        let object: Map<String, Value> = row
            .iter()
            .map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())))
            .collect();
        let start = if self.is_first { "[\n" } else { ",\n" };
        self.is_first = false;
        write!(self.out, "{start}{}", Value::Object(object)).map_err(|error| Failed(error.into()))
    }

    fn end(self: Box<Self>) -> Result<(), BoxError> {
        let end = if self.is_first { "[]" } else { "\n]" };
        writeln!(self.out, "{end}")?;
        Ok(())
    }
}
