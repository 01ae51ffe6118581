//! A trade bill of any size, generated while it is served over a socket.
//!
//! `benches/bills.rs` measures with it, and `tests/bill_memory.rs` bounds the memory.

use std::{
    io::{self, Read, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
};

use wechatpay_core::{
    api::bills::BillFile,
    bills::{TradeBillReader, TradeTotals},
    crypto::Sha1,
    testing::FakePlatform,
    verify::Verifier,
};
use wechatpay_tower::{Client, download::DownloadError, hyper::HyperTransport};

const HEADER: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";
const SUMMARY: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n";

/// Number of distinct rows, which a longer bill repeats.
///
/// It packs no better for that, because gzip looks back only 32 KiB.
const BLOCK_ROWS: u64 = 1000;

/// Reader of a bill of `length` bytes, rounded up to whole blocks.
///
/// The text is the same every time.
pub(crate) struct BillText {
    block: Vec<u8>,
    /// Number of blocks.
    times: u64,
    summary: Vec<u8>,
    /// Current part: header, blocks or summary.
    part: u64,
    at: usize,
}

impl BillText {
    pub(crate) fn new(length: u64) -> Self {
        let (mut block, mut fen, mut seed) = (Vec::new(), 0, 1_u64);
        // Numbers that do not compress: Knuth's MMIX.
        let mut draw = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            seed >> 16
        };
        for row in 0..BLOCK_ROWS {
            let (payment, payer, price) = (draw(), draw(), 1 + draw() % 100_000);
            let (hour, minute, second, grams) = (row / 50, row % 60, row * 7 % 60, 50 * (1 + price % 5));
            let (yuan, cents) = (price / 100, price % 100);
            block.extend_from_slice(
                format!(
                    "`2024-01-31 {hour:02}:{minute:02}:{second:02},`wxd678efh567hg6787,`1900000001,`1900000109,`,`4200{payment:024},`ORDER-{row:08},`oUpF8u{payer:022x},`JSAPI,`SUCCESS,`OTHERS,`CNY,`{yuan}.{cents:02},`0.00,`0,`0,`0.00,`0.00,`,`,`桂花乌龙 {grams} 克, 铁盒,`自定义数据,`0.00000,`0.60%,`{yuan}.{cents:02},`0.00,`\r\n"
                )
                .as_bytes(),
            );
            fen += price;
        }
        let times = length.div_ceil(block.len() as u64);
        let (rows, fen) = (BLOCK_ROWS * times, fen * times);
        let (yuan, cents) = (fen / 100, fen % 100);
        let summary =
            format!("{SUMMARY}`{rows},`{yuan}.{cents:02},`0.00,`0.00,`0.00000,`{yuan}.{cents:02},`0.00\r\n");
        Self {
            block,
            times,
            summary: summary.into_bytes(),
            part: 0,
            at: 0,
        }
    }
}

impl Read for BillText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let part = match self.part {
                0 => HEADER.as_bytes(),
                part if part <= self.times => &self.block,
                part if part == self.times + 1 => &self.summary,
                _ => return Ok(0),
            };
            if self.at < part.len() {
                let taken = buffer.len().min(part.len() - self.at);
                buffer[..taken].copy_from_slice(&part[self.at..self.at + taken]);
                self.at += taken;
                return Ok(taken);
            }
            (self.part, self.at) = (self.part + 1, 0);
        }
    }
}

/// Serves one request after the other with `body`.
///
/// `length` is its length, if it is known.
pub(crate) fn serve<R: Read + Send>(
    body: impl Fn() -> io::Result<(R, Option<u64>)> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    fn response<R: Read>(
        mut stream: TcpStream,
        body: impl Fn() -> io::Result<(R, Option<u64>)>,
    ) -> io::Result<()> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let (mut body, length) = body()?;
        let length = length.map_or(String::new(), |length| format!("Content-Length: {length}\r\n"));
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n{length}\r\n")?;
        // Pieces as large as a gateway sends them.
        let mut piece = vec![0; 64 * 1024];
        loop {
            match body.read(&mut piece)? {
                0 => return Ok(()),
                taken => stream.write_all(&piece[..taken])?,
            }
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that goes away is its own affair.
            let _ = stream.and_then(|stream| response(stream, &body));
        }
    });
    Ok(address)
}

pub(crate) fn hex(digest: [u8; 20]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Computes digest and length of a text.
pub(crate) fn digest(mut text: impl Read) -> io::Result<(String, u64)> {
    let (mut digest, mut length) = (Sha1::new().map_err(io::Error::other)?, 0);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match text.read(&mut piece)? {
            0 => return Ok((hex(digest.finish()), length)),
            taken => {
                digest.update(&piece[..taken]);
                length += taken as u64;
            }
        }
    }
}

pub(crate) fn client(address: SocketAddr) -> Client {
    let platform = FakePlatform::new();
    Client::builder(platform.request_signer())
        .base_url(format!("http://{address}"))
        .service(
            HyperTransport::new().unwrap(),
            Verifier::new(platform.key_store()),
        )
        .unwrap()
}

/// Makes the bill as the platform announces it.
pub(crate) fn announced(address: SocketAddr, sha1: &str) -> BillFile {
    serde_json::from_value(serde_json::json!({
        "hash_type": "SHA1", "hash_value": sha1, "download_url": format!("http://{address}/v3/billdownload/file?token=x"),
    }))
    .unwrap()
}

/// Downloads, unpacks and hashes a bill, and parses every row.
pub(crate) async fn read(client: &Client, bill: &BillFile) -> Result<TradeTotals, DownloadError> {
    let reader = client
        .download(bill)
        .fold(TradeBillReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| Ok(()))
        })
        .await?;
    Ok(*reader.finish()?.totals())
}

/// Returns the peak memory of this process in KiB, if the kernel reports it.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
