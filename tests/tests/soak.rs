//! Three minutes of the soak: the same program as `cargo run -p wechatpay-tests --bin soak`, for each store at the same time.

use std::time::Duration;

use wechatpay_tests::soak::{Options, Report, Store, run};

/// Few notifications, for the other tests' sake, and yet long enough for every kind of trouble several times.
async fn soaked(store: Store, notifications: usize) -> Report {
    let mut options = Options::new(store, notifications, 20_261_124);
    options.spread = Duration::from_secs(150);
    options.trouble_every = Duration::from_secs(2);
    let report = run(&options).await;
    println!("{report}");
    assert!(report.is_clean(), "{report}");
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_shop_in_memory() {
    let report = soaked(Store::Memory, 1_500).await;
    assert!(report.troubles.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_shops_on_redis_that_are_killed() {
    let report = soaked(Store::Redis, 1_500).await;
    assert!(!report.troubles.is_empty(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_shops_on_postgresql_that_are_killed() {
    let report = soaked(Store::Postgres, 1_500).await;
    assert!(!report.troubles.is_empty(), "{report}");
    // Whatever was undone left no trace: not one was handled twice.
    assert_eq!(report.repeats, 0);
}
