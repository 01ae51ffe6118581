//! A Redis of a test's own.

use std::{
    fs, io,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::PathBuf,
    time::Duration,
};

use super::process::{Folder, Process, as_we_are, find, free_port, wait_until};

/// A `redis-server` on a free port. Killed when it is dropped.
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

/// One that forgets nothing: each write is on the disk before it is answered.
const DURABLE: [(&str, &str); 4] = [
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("save", ""),
    ("maxmemory-policy", "noeviction"),
];

impl RedisServer {
    /// Starts one that syncs every write and evicts nothing.
    ///
    /// # Errors
    /// The program is not installed, or does not start; its log is in the message.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&[])
    }

    /// Starts one with settings of yours, which come after those of [`start`](Self::start).
    ///
    /// # Errors
    /// As [`start`](Self::start).
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

    /// Starts a replica of it.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_replica(&self) -> io::Result<Self> {
        Self::start_with(&[("replicaof", &format!("127.0.0.1 {}", self.port))])
    }

    /// Its address, for a client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it in order.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn stop(&mut self) -> io::Result<()> {
        self.process.end("TERM")
    }

    /// Kills it (-9).
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn kill(&mut self) -> io::Result<()> {
        self.process.end("KILL")
    }

    /// Starts it again on the same port with the same files; ends it before if it runs.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop()?;
        self.process = launch(&self.program, &self.folder, self.port, &self.settings)?;
        Ok(())
    }

    /// Stops it where it is (SIGSTOP): connections stay open and nothing is answered.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn pause(&self) -> io::Result<()> {
        self.process.signal("STOP")
    }

    /// Lets it go on (SIGCONT).
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn resume(&self) -> io::Result<()> {
        self.process.signal("CONT")
    }

    /// Cuts the connections of all clients.
    ///
    /// # Errors
    /// It does not respond.
    pub fn cut_connections(&self) -> io::Result<()> {
        self.command("CLIENT KILL TYPE normal SKIPME yes").map(drop)
    }

    /// Sends a command of plain words and gives back the first line of the response.
    ///
    /// # Errors
    /// It does not respond.
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
            // The one setting of several words.
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
