//! MariaDB for tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::process::{
    Folder, MYSQL_USER, Process, controls, find, free_port, output, run, unprivileged_as, wait_until,
};

/// MariaDB with an empty database on a free port, killed when it is dropped.
///
/// ```no_run
/// use wechatpay_stores::{MySqlStore, testing::MariadbServer};
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let server = MariadbServer::start()?;
/// let store = MySqlStore::new(sqlx::MySqlPool::connect(&server.url()).await?);
/// store.migrate().await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct MariadbServer {
    process: Process,
    port: u16,
    settings: Vec<(String, String)>,
    folder: Folder,
}

controls!(MariadbServer);

impl MariadbServer {
    /// Starts a server that syncs every commit.
    ///
    /// # Errors
    /// Returns an error if the programs are not installed or the server does not start. The message contains its log.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with further settings, for instance `("innodb-flush-log-at-trx-commit", "2")`.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn start_with(settings: &[(&str, &str)]) -> io::Result<Self> {
        let install = find("mariadb-install-db", &[])?;
        let folder = Folder::new("mariadb")?;
        folder.give_away_to(MYSQL_USER)?;
        // The user `test` needs no password, and its database is there.
        let init = folder.0.join("init.sql");
        fs::write(
            &init,
            "CREATE DATABASE IF NOT EXISTS shop;\n\
             CREATE USER IF NOT EXISTS 'test'@'127.0.0.1';\n\
             GRANT ALL ON *.* TO 'test'@'127.0.0.1' WITH GRANT OPTION;\n",
        )?;
        run(unprivileged_as(MYSQL_USER, &install)
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .arg(format!("--datadir={}", folder.0.join("data").display()))
            .env("TMPDIR", &folder.0)
            .current_dir(&folder.0))?;
        let port = free_port()?;
        let settings: Vec<(String, String)> = settings
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let process = launch(&folder, port, &settings)?;
        Ok(Self {
            process,
            port,
            settings,
            folder,
        })
    }

    /// Returns the URL of the user `test`, who has all rights, in the database `shop`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("mysql://test@127.0.0.1:{}/shop", self.port)
    }

    /// Starts the server again on the same port with the same files.
    ///
    /// A running server is stopped first.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop()?;
        self.process = launch(&self.folder, self.port, &self.settings)?;
        Ok(())
    }
}

impl MariadbServer {
    /// Closes the connections of all clients.
    ///
    /// # Errors
    /// Returns an error if the server does not respond.
    pub fn cut_connections(&self) -> io::Result<()> {
        let list =
            "SELECT id FROM information_schema.processlist WHERE user = 'test' AND id <> CONNECTION_ID()";
        for id in ask(self.port, &self.folder.0, list)?.lines() {
            // It may have ended by itself.
            let _ = ask(self.port, &self.folder.0, &format!("KILL {id}"));
        }
        Ok(())
    }
}

impl Drop for MariadbServer {
    fn drop(&mut self) {
        let _ = self.process.end("KILL");
    }
}

fn launch(folder: &Folder, port: u16, settings: &[(String, String)]) -> io::Result<Process> {
    let program: PathBuf = find("mariadbd", &[])?;
    let log = folder.0.join("log");
    let mut command = unprivileged_as(MYSQL_USER, &program);
    command.current_dir(&folder.0).arg("--no-defaults");
    let path = |name: &str| folder.0.join(name).display().to_string();
    for (name, value) in [
        ("datadir", path("data")),
        ("tmpdir", folder.0.display().to_string()),
        ("socket", path("socket")),
        ("pid-file", path("pid")),
        ("init-file", path("init.sql")),
        ("bind-address", "127.0.0.1".to_owned()),
        ("port", port.to_string()),
        ("max-connections", "200".to_owned()),
        ("innodb-buffer-pool-size", "64M".to_owned()),
        ("innodb-flush-log-at-trx-commit", "1".to_owned()),
        // Otherwise each new connection asks for the name of its host.
        ("skip-name-resolve", "ON".to_owned()),
    ] {
        command.arg(format!("--{name}={value}"));
    }
    for (name, value) in settings {
        command.arg(format!("--{name}={value}"));
    }
    let mut process = Process::start(command, &log)?;
    let ready = wait_until(|| match process.has_ended() {
        true => Err(io::Error::other("it ended")),
        false => Ok(ask(port, &folder.0, "SELECT 1").is_ok()),
    });
    ready.map_err(|error| {
        let _ = process.end("KILL");
        let text = fs::read_to_string(&log).unwrap_or_default();
        io::Error::other(format!("mariadbd does not start ({error}): {text}"))
    })?;
    Ok(process)
}

/// Runs a statement as the user of the tests and returns its rows.
fn ask(port: u16, folder: &Path, sql: &str) -> io::Result<String> {
    let mut client = unprivileged_as(MYSQL_USER, &find("mariadb", &[])?);
    client.current_dir(folder).args([
        "--no-defaults",
        "--protocol=tcp",
        "--host=127.0.0.1",
        "--user=test",
        "--batch",
        "--skip-column-names",
        &format!("--port={port}"),
        "-e",
        sql,
    ]);
    output(&mut client)
}
