//! Redis for tests.

use std::{
    fs, io,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::PathBuf,
    time::Duration,
};

use super::process::{Folder, Process, as_we_are, controls, find, free_port, wait_until};

/// Redis on a free port, killed when it is dropped.
///
/// ```no_run
/// use wechatpay_stores::{RedisStore, testing::RedisServer};
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let server = RedisServer::start()?;
/// let store = RedisStore::connect(&server.url()).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct RedisServer {
    process: Process,
    port: u16,
    program: PathBuf,
    settings: Vec<(String, String)>,
    folder: Folder,
}

/// Settings with which each write is on the disk before its response.
const DURABLE: [(&str, &str); 4] = [
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("save", ""),
    ("maxmemory-policy", "noeviction"),
];

controls!(RedisServer);

impl RedisServer {
    /// Starts a server that syncs every write and evicts nothing.
    ///
    /// # Errors
    /// Returns an error if the program is not installed or does not start. The message contains its log.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&[])
    }

    /// Starts a server with further settings, which override those of [`start`](Self::start).
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn start_with(settings: &[(&str, &str)]) -> io::Result<Self> {
        let program = find("redis-server", &[])?;
        let folder = Folder::new("redis")?;
        let port = free_port()?;
        let settings: Vec<(String, String)> = DURABLE
            .iter()
            .chain(settings)
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let process = launch(&program, &folder, port, &settings)?;
        Ok(Self {
            process,
            port,
            program,
            settings,
            folder,
        })
    }

    /// Starts a replica of this server.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn start_replica(&self) -> io::Result<Self> {
        Self::start_with(&[("replicaof", &format!("127.0.0.1 {}", self.port))])
    }

    /// Returns the URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Starts the server again on the same port with the same files.
    ///
    /// A running server is stopped first.
    ///
    /// # Errors
    /// Fails as [`start`](Self::start) does.
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop()?;
        self.process = launch(&self.program, &self.folder, self.port, &self.settings)?;
        Ok(())
    }

    /// Closes the connections of all clients.
    ///
    /// # Errors
    /// Returns an error if the server does not respond.
    pub fn cut_connections(&self) -> io::Result<()> {
        self.command("CLIENT KILL TYPE normal SKIPME yes").map(drop)
    }

    /// Sends a command of plain words and returns the first line of the response.
    ///
    /// # Errors
    /// Returns an error if the server does not respond.
    pub fn command(&self, words: &str) -> io::Result<String> {
        ask(self.port, words)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.end("KILL");
    }
}

fn ask(port: u16, words: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    writeln!(stream, "{words}\r")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn launch(
    program: &std::path::Path,
    folder: &Folder,
    port: u16,
    settings: &[(String, String)],
) -> io::Result<Process> {
    let log = folder.0.join("log");
    let mut command = as_we_are(program);
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--dir"])
        .arg(&folder.0)
        .args(["--protected-mode", "no"]);
    for (name, value) in settings {
        command.arg(format!("--{name}")).args(match name.as_str() {
            // The only setting of several words.
            "replicaof" => value.split(' ').map(ToOwned::to_owned).collect(),
            _ => vec![value.clone()],
        });
    }
    let mut process = Process::start(command, &log)?;
    let ready = wait_until(|| match process.has_ended() {
        true => Err(io::Error::other("it ended")),
        false => Ok(ask(port, "PING").is_ok_and(|response| response == "+PONG")),
    });
    ready.map_err(|error| {
        let _ = process.end("KILL");
        let text = fs::read_to_string(&log).unwrap_or_default();
        io::Error::other(format!("redis-server does not start ({error}): {text}"))
    })?;
    Ok(process)
}
