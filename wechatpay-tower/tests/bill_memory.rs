//! Reading a bill takes little memory, regardless of its length.
//!
//! It is a separate binary, because the peak is that of a process.
#![cfg(all(feature = "bills", feature = "hyper", target_os = "linux"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

#[path = "../benches/support/bill.rs"]
mod bill;

use flate2::{Compression, read::GzEncoder};

const MIB: u64 = 1024 * 1024;
/// Length of the bill, more than the memory limit.
const BILL: u64 = 72 * MIB;
const MOST_KIB: u64 = 64 * 1024;

#[tokio::test]
async fn a_bill_of_72_mib_is_read_in_less_than_64() {
    let (sha1, length) = bill::digest(bill::BillText::new(BILL)).unwrap();
    // Made and packed while it is sent; the little that takes counts too.
    let packed = || {
        Ok((
            GzEncoder::new(bill::BillText::new(BILL), Compression::fast()),
            None,
        ))
    };
    let address = bill::serve(packed).unwrap();
    let client = bill::client(address);
    let totals = bill::read(&client, &bill::announced(address, &sha1))
        .await
        .unwrap();
    assert!(length >= BILL && totals.count > BILL / 400);
    let peak = bill::peak_memory().unwrap();
    println!(
        "{length} bytes, {} rows; at most {peak} KiB of memory",
        totals.count
    );
    assert!(peak < MOST_KIB, "{peak} KiB");
}
