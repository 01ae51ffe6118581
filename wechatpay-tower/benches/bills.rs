//! A trade bill of 1 GiB: downloaded, unpacked, hashed and parsed.
//!
//! The baseline is flate2 and SHA-1 alone, on the same gzipped file.
//!
//! `cargo bench -p wechatpay-tower --features hyper --bench bills [-- MIB]`
//!
//! One process makes the file, one serves it over loopback, and each measurement runs in another, which reports its
//! CPU time and its peak memory. Rounds are interleaved; the ratio is the median of the ratios of the rounds.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark"
)]

#[path = "support/bill.rs"]
mod bill;

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use cpu_time::ProcessTime;
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

const ROUNDS: usize = 5;
const MIB: f64 = 1024.0 * 1024.0;
/// Memory limit for reading a bill of any size.
const MOST_KIB: f64 = 64.0 * 1024.0;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|text| text != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["make", path, length] => make(Path::new(path), length.parse().unwrap()).unwrap(),
        ["serve", path] => serve(path).unwrap(),
        [what @ ("bare" | "hash" | "rows" | "save"), path, address, sha1] => {
            measure(what, path, address, sha1);
        }
        [] => compare(1024),
        [mib] => compare(mib.parse().unwrap()),
        _ => panic!("cargo bench -p wechatpay-tower --features hyper --bench bills [-- MIB]"),
    }
}

fn compare(mib: u64) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bill-{mib}.csv.gz"));
    let text = path.to_str().unwrap();
    let made = run(&["make", text, &(mib << 20).to_string()]);
    let (sha1, plain) = made.trim().split_once(' ').unwrap();
    let plain: f64 = plain.parse().unwrap();
    let packed = std::fs::metadata(&path).unwrap().len() as f64;
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["serve", text])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();

    let candidates = [
        ("bare", "flate2 and SHA-1 of the file, nothing else"),
        ("hash", "downloaded, unpacked, hashed"),
        ("rows", "downloaded, unpacked, hashed, rows parsed and added up"),
        ("save", "downloaded, unpacked, hashed, saved and synced"),
    ];
    let mut seen = vec![Vec::new(); candidates.len()];
    for round in 0..ROUNDS {
        for offset in 0..candidates.len() {
            let index = (round + offset) % candidates.len();
            let line = run(&[candidates[index].0, text, address.trim(), sha1]);
            let figures: Vec<f64> = line
                .split_whitespace()
                .map(|text| text.parse().unwrap())
                .collect();
            seen[index].push([figures[0], figures[1], figures[2], figures[3]]);
        }
    }
    println!(
        "\na trade bill of {:.0} MiB, {:.0} rows, {:.0} MiB packed ({:.1} to 1); {ROUNDS} rounds, medians",
        plain / MIB,
        median(seen[2].iter().map(|figures| figures[3]).collect()),
        packed / MIB,
        plain / packed
    );
    println!(
        "  {:<56}{:>7}{:>8}{:>8}{:>8}{:>10}",
        "", "CPU s", "MiB/s", "wall s", "ratio", "peak MiB"
    );
    for (index, (_, name)) in candidates.iter().enumerate() {
        let of = |figure: usize| median(seen[index].iter().map(|figures| figures[figure]).collect());
        let ratio = median(
            seen[index]
                .iter()
                .zip(&seen[0])
                .map(|(mine, bare)| mine[0] / bare[0])
                .collect(),
        );
        println!(
            "  {name:<56}{:>7.2}{:>8.0}{:>8.2}{ratio:>8.2}{:>10.1}",
            of(0),
            plain / MIB / of(0),
            of(1),
            of(2) / 1024.0
        );
        let most = seen[index].iter().map(|figures| figures[2]).fold(0.0, f64::max);
        assert!(most < MOST_KIB, "{name}: {most} KiB");
    }
    server.kill().unwrap();
    server.wait().unwrap();
    std::fs::remove_file(&path).unwrap();
}

/// Runs this program with other arguments and returns its output.
fn run(arguments: &[&str]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Writes the packed bill and prints digest and length of the plain one.
fn make(path: &Path, length: u64) -> io::Result<()> {
    let (sha1, plain) = bill::digest(bill::BillText::new(length))?;
    let mut packer = GzEncoder::new(File::create(path)?, Compression::default());
    io::copy(&mut bill::BillText::new(length), &mut packer)?;
    packer.finish()?.flush()?;
    println!("{sha1} {plain}");
    Ok(())
}

/// Serves the file until the input ends.
fn serve(path: &str) -> io::Result<()> {
    let path = path.to_owned();
    let address = bill::serve(move || {
        let file = File::open(&path)?;
        let length = file.metadata()?.len();
        Ok((file, Some(length)))
    })?;
    println!("{address}");
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

/// Prints CPU seconds, seconds, peak memory in KiB, and rows.
fn measure(what: &str, path: &str, address: &str, sha1: &str) {
    let address = address.parse().unwrap();
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let mut rows = 0;
    if what == "bare" {
        let (found, _) = bill::digest(MultiGzDecoder::new(File::open(path).unwrap())).unwrap();
        assert_eq!(found, sha1);
    } else {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let client = bill::client(address);
            let bill = bill::announced(address, sha1);
            match what {
                "hash" => client.download(&bill).fold((), |(), _| Ok(())).await.unwrap(),
                "rows" => rows = bill::read(&client, &bill).await.unwrap().count,
                _ => {
                    let target = format!("{path}.{}", std::process::id());
                    let saved = client.download(&bill).save_to(&target).await.unwrap();
                    std::fs::remove_file(saved.path()).unwrap();
                }
            }
        });
    }
    let (cpu, wall) = (cpu.elapsed().as_secs_f64(), wall.elapsed().as_secs_f64());
    println!("{cpu} {wall} {} {rows}", bill::peak_memory().unwrap_or(0));
}
