//! A minute and a half of the soak for each store at the same time.
//!
//! The same program as `cargo run -p wechatpay-tests --bin soak`.

use std::time::Duration;

use wechatpay_tests::soak::{Options, Report, Store, run};

/// Runs a soak with few payments, but long enough for every kind of failure.
async fn soaked(store: Store) -> Report {
    let mut options = Options::new(store, 500, 20_261_124);
    options.spread = Duration::from_secs(60);
    options.trouble_every = Duration::from_secs(2);
    let report = run(&options).await;
    println!("{report}");
    assert!(report.is_clean(), "{report}");
    assert!(report.by_query >= report.dropped, "{report}");
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_delivered_twice_in_any_store() {
    // One test, so that they run at the same time however few threads the tests have.
    let (memory, redis, postgres, mariadb, sqlite) = tokio::join!(
        soaked(Store::Memory),
        soaked(Store::Redis),
        soaked(Store::Postgres),
        soaked(Store::Mariadb),
        soaked(Store::Sqlite),
    );
    assert!(memory.troubles.is_empty());
    for report in [redis, postgres, mariadb, sqlite] {
        assert!(!report.troubles.is_empty(), "{report}");
        assert!(report.dropped > 100, "{report}");
        // Whatever was undone left no trace: not one was handled twice.
        assert!(
            report.repeats == 0 || report.options.store == Store::Redis,
            "{report}"
        );
    }
}
