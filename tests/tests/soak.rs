//! A minute and a half of the soak for each store at the same time.
//!
//! The same program as `cargo run -p wechatpay-tests --bin soak`.

use std::time::Duration;

use wechatpay_tests::soak::{Options, Report, Store, run};

/// Runs a soak with few notifications, but long enough for every kind of failure.
async fn soaked(store: Store, notifications: usize) -> Report {
    let mut options = Options::new(store, notifications, 20_261_124);
    options.spread = Duration::from_secs(80);
    options.trouble_every = Duration::from_secs(2);
    let report = run(&options).await;
    println!("{report}");
    assert!(report.is_clean(), "{report}");
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_delivered_twice_in_any_store() {
    // One test, so that they run at the same time however few threads the tests have.
    let (memory, redis, postgres) = tokio::join!(
        soaked(Store::Memory, 900),
        soaked(Store::Redis, 900),
        soaked(Store::Postgres, 900),
    );
    assert!(memory.troubles.is_empty());
    assert!(!redis.troubles.is_empty(), "{redis}");
    assert!(!postgres.troubles.is_empty(), "{postgres}");
    // Whatever was undone left no trace: not one was handled twice.
    assert_eq!(postgres.repeats, 0);
}
