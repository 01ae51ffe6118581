//! Child processes: this test binary, started again in another role.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    process::{Child as Process, ChildStdout, Command, Stdio},
    time::Duration,
};

use wechatpay_core::idempotency::{IdempotencyError, Limits};
use wechatpay_stores::{RedisStore, postgres::InboxOptions};

use crate::{
    databases::{mariadb, sqlite},
    race,
    support::{Store, effect, payment, pool, store},
};

const PART: &str = "WECHATPAY_TEST_PART";
/// Prefix of the lines of a child among the output of the test harness.
const MARK: &str = "child says ";

/// A child process, killed when it is dropped.
pub(crate) struct Child {
    process: Process,
    lines: BufReader<ChildStdout>,
}

impl Child {
    /// Starts a child, which finds its parameters in the environment.
    pub(crate) fn start(part: &str, environment: &[(&str, impl AsRef<OsStr>)]) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([
                "child::the_child_process_of_other_tests",
                "--exact",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(PART, part)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// Waits for the next line of the child; `None` if it has ended.
    pub(crate) fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            // The harness prints its own words without an end of line before it.
            if let Some((_, said)) = line.split_once(MARK) {
                return Some(said.trim_end().to_owned());
            }
            line.clear();
        }
        None
    }

    /// Kills the child (-9) and waits for its end.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.process.id());
        assert!(
            Command::new("sh")
                .args(["-c", &command])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn say(what: &str) {
    println!("{MARK}{what}");
}

fn told(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// Does nothing unless this process was started as a child.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_child_process_of_other_tests() {
    match std::env::var(PART).as_deref() {
        Ok("race") => racer(store_of_this().await).await,
        Ok("transaction") => transaction().await,
        Ok("inbox") => inbox().await,
        Ok("inbox in transaction") => inbox_in_transaction().await,
        Ok(other) => panic!("no such part: {other}"),
        Err(_) => {}
    }
}

/// Opens the store that the parent named.
async fn store_of_this() -> Store {
    let url = told("URL");
    match told("DATABASE").as_str() {
        "postgres" => std::sync::Arc::new(store(&pool(&url).await, &told("SCHEMA"))),
        "mariadb" => {
            let pool = mariadb::Database::open(&url).await;
            std::sync::Arc::new(mariadb::store(&pool, &told("SCHEMA")))
        }
        "sqlite" => {
            let pool = sqlite::Database::open(&url).await;
            std::sync::Arc::new(sqlite::store(&pool, &told("SCHEMA")))
        }
        _ => {
            let store = RedisStore::connect(&url).await.unwrap();
            std::sync::Arc::new(store.timeout(Duration::from_secs(20)))
        }
    }
}

async fn racer(store: Store) {
    for winners in race::as_one_of_several(&store, &told("RUN")).await {
        say(&winners.to_string());
    }
}

/// Runs its effect in a transaction that it never commits.
async fn transaction() {
    let (url, schema) = (told("URL"), told("SCHEMA"));
    let limits = Limits::default()
        .deadline(Duration::from_secs(told("DEADLINE").parse().unwrap()))
        .budget(Duration::from_secs(120));
    let notification = payment("KILLED").await;
    // As long as it takes to be killed or stopped; not by sleeping in the runtime, so that no timer notices.
    let sleep = || std::thread::sleep(Duration::from_secs(told("SLEEP").parse().unwrap()));
    macro_rules! hold {
        ($pool:expr, $store:path, $effect:path) => {{
            let store = $store(&$pool, &schema);
            let handled = store.transactional(&notification, &limits, async |connection, context| {
                $effect(connection, &schema, "KILLED", context.fence().get()).await?;
                say("effect");
                sleep();
                Ok::<_, sqlx::Error>(())
            });
            handled.await
        }};
    }
    let outcome = match told("DATABASE").as_str() {
        "postgres" => hold!(pool(&url).await, store, effect),
        "mariadb" => hold!(
            mariadb::Database::open(&url).await,
            mariadb::store,
            mariadb::effect
        ),
        _ => hold!(sqlite::Database::open(&url).await, sqlite::store, sqlite::effect),
    };
    say(outcome.as_ref().map_or_else(IdempotencyError::code, |_| "done"));
}

fn short() -> InboxOptions {
    InboxOptions::default()
        .limits(Limits::default().lease(Duration::from_millis(1500)))
        .poll(Duration::from_millis(50))
}

/// Reports its work as a worker and holds it.
async fn inbox() {
    let inbox = store(&pool(&told("URL")).await, &told("SCHEMA"))
        .inbox()
        .options(short());
    let work = inbox.run(1, std::future::pending(), async |_, context| {
        say(&format!("working {}", context.fence()));
        // Its heartbeat is in this task, and sleeps along.
        std::thread::sleep(Duration::from_secs(told("SLEEP").parse().unwrap()));
        if told("AFTER") == "1" {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        say(if context.check().is_ok() {
            "still mine"
        } else {
            "lost"
        });
        Ok::<_, String>(())
    });
    tokio::select! {
        () = work => {}
        () = tokio::time::sleep(Duration::from_secs(60)) => {}
    }
}

/// Reports its work as a worker and holds it, with an effect in the transaction.
async fn inbox_in_transaction() {
    let (pool, schema) = (pool(&told("URL")).await, told("SCHEMA"));
    let inbox = store(&pool, &schema).inbox().options(short());
    inbox
        .run_in_transaction(1, std::future::pending(), |connection, notification, context| {
            let schema = schema.clone();
            Box::pin(async move {
                effect(connection, &schema, notification.id(), context.fence().get()).await?;
                say("effect");
                tokio::time::sleep(Duration::from_secs(60)).await;
                Ok::<_, sqlx::Error>(())
            })
        })
        .await;
}
