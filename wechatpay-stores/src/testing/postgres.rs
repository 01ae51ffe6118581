//! PostgreSQL for tests.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::process::{Folder, Process, find, free_port, run, signal, unprivileged, wait_until};

/// PostgreSQL with an empty cluster on a free port, stopped when it is dropped.
///
/// ```no_run
/// use wechatpay_stores::{PostgresStore, testing::PostgresServer};
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let server = PostgresServer::start()?;
/// let store = PostgresStore::new(sqlx::PgPool::connect(&server.url()).await?);
/// store.migrate().await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PostgresServer {
    process: Process,
    port: u16,
    programs: PathBuf,
    settings: Vec<(String, String)>,
    folder: Folder,
}

impl PostgresServer {
    /// Starts a server that syncs every commit.
    ///
    /// # Errors
    /// Returns an error if the programs are not installed or the server does not start. The message contains its log.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with further settings, for instance `("fsync", "off")`.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn start_with(settings: &[(&str, &str)]) -> io::Result<Self> {
        let programs = programs()?;
        let folder = Folder::new("postgres")?;
        folder.give_away()?;
        let data = folder.0.join("data");
        run(unprivileged(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .current_dir(&folder.0))?;
        let port = free_port()?;
        let settings: Vec<(String, String)> = settings
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let process = launch(&programs, &folder, port, &settings)?;
        Ok(Self {
            process,
            port,
            programs,
            settings,
            folder,
        })
    }

    /// Returns the URL of the superuser in the database `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Returns the port on which the server listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Shuts the server down and closes all its connections.
    ///
    /// # Errors
    /// Returns an error if the signal could not be sent.
    pub fn stop(&mut self) -> io::Result<()> {
        self.process.end("INT")
    }

    /// Kills all processes of the server (-9), as a machine failure would.
    ///
    /// # Errors
    /// Returns an error if the signal could not be sent.
    pub fn kill(&mut self) -> io::Result<()> {
        let children = self.process.children();
        self.process.end("KILL")?;
        for &child in &children {
            // It may have ended by itself.
            let _ = signal(child, "KILL");
        }
        wait_until(|| {
            Ok(!children
                .iter()
                .any(|child| Path::new(&format!("/proc/{child}/exe")).exists()))
        })
    }

    /// Starts the server again on the same port with the same files.
    ///
    /// A running server is stopped first.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop()?;
        self.process = launch(&self.programs, &self.folder, self.port, &self.settings)?;
        Ok(())
    }

    /// Suspends all processes of the server (SIGSTOP).
    ///
    /// Connections stay open and receive no response.
    ///
    /// # Errors
    /// Returns an error if the signal could not be sent.
    pub fn pause(&self) -> io::Result<()> {
        self.process.signal("STOP")?;
        self.each_child("STOP");
        Ok(())
    }

    /// Resumes the server (SIGCONT).
    ///
    /// # Errors
    /// Returns an error if the signal could not be sent.
    pub fn resume(&self) -> io::Result<()> {
        self.each_child("CONT");
        self.process.signal("CONT")
    }

    fn each_child(&self, name: &str) {
        for child in self.process.children() {
            // It may have ended meanwhile.
            let _ = signal(child, name);
        }
    }

    /// Closes the connections of all clients.
    ///
    /// # Errors
    /// Currently none; a connection that ended by itself counts as closed.
    pub fn cut_connections(&self) -> io::Result<()> {
        for child in self.process.children() {
            let command = fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
            // The title of a process that serves a client contains the client's address.
            if String::from_utf8_lossy(&command).contains(" 127.0.0.1(") {
                let _ = signal(child, "TERM");
            }
        }
        Ok(())
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // SIGQUIT stops it at once and lets it release its shared memory.
        let _ = self.process.end("QUIT");
    }
}

/// Finds the folder with the programs of the newest installed version.
fn programs() -> io::Result<PathBuf> {
    let version = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    };
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    versions.sort_by_key(version);
    let folders: Vec<PathBuf> = versions.iter().rev().map(|path| path.join("bin")).collect();
    let postgres = find("postgres", &folders)?;
    find("initdb", &folders)?;
    Ok(postgres.parent().map(Path::to_owned).unwrap_or_default())
}

fn launch(programs: &Path, folder: &Folder, port: u16, settings: &[(String, String)]) -> io::Result<Process> {
    let log = folder.0.join("log");
    let port = port.to_string();
    let mut command = unprivileged(&programs.join("postgres"));
    command
        .current_dir(&folder.0)
        .arg("-D")
        .arg(folder.0.join("data"));
    for (name, value) in [
        ("listen_addresses", "127.0.0.1"),
        ("port", &port),
        ("unix_socket_directories", ""),
        ("shared_buffers", "32MB"),
        ("max_connections", "200"),
        ("log_min_messages", "fatal"),
    ] {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    let mut process = Process::start(command, &log)?;
    let ready = wait_until(|| match process.has_ended() {
        true => Err(io::Error::other("it ended")),
        false => {
            let mut look = unprivileged(&programs.join("pg_isready"));
            Ok(run(look.args(["-q", "-h", "127.0.0.1", "-p", &port])).is_ok())
        }
    });
    ready.map_err(|error| {
        let _ = process.end("QUIT");
        let text = fs::read_to_string(&log).unwrap_or_default();
        io::Error::other(format!("postgres does not start ({error}): {text}"))
    })?;
    Ok(process)
}
