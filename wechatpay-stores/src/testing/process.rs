//! Child processes that die with their parent.

use std::{
    fs, io,
    net::TcpListener,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// User for PostgreSQL and PgBouncer, which refuse to run as root.
const UNPRIVILEGED: &str = "postgres";
/// User for MariaDB, which refuses to run as root too.
pub(super) const MYSQL_USER: &str = "mysql";
/// Longest time for a server to start or stop, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes the error for a program that is not installed, with the remedy.
pub(super) fn missing(program: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!(
            "{program} is not installed: run scripts/install-test-tools, or install the package that has it"
        ),
    )
}

/// Finds a program.
pub(super) fn find(program: &str, also_in: &[PathBuf]) -> io::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    also_in
        .iter()
        .cloned()
        .chain(std::env::split_paths(&path))
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .ok_or_else(|| missing(program))
}

/// Returns a port on which nobody listens at this moment.
pub(super) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Makes a command that never runs as root.
///
/// It runs as the user of the test, or as [`UNPRIVILEGED`] if that user is root.
pub(super) fn unprivileged(program: &Path) -> Command {
    unprivileged_as(UNPRIVILEGED, program)
}

/// Makes a command that runs as `user` instead of root.
pub(super) fn unprivileged_as(user: &str, program: &Path) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0);
    let mut command = Command::new("setpriv");
    if is_root {
        command.args([
            format!("--reuid={user}"),
            format!("--regid={user}"),
            "--init-groups".to_owned(),
        ]);
    }
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Makes a command that runs as the user of the test.
pub(super) fn as_we_are(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Folder that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// Creates a folder in the system's directory for temporary files.
    pub(super) fn new(what: &str) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wechatpay-{what}-{}-{number}", std::process::id());
        sweep(what);
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    /// Makes the user that [`unprivileged`] runs as the owner.
    pub(super) fn give_away(&self) -> io::Result<()> {
        self.give_away_to(UNPRIVILEGED)
    }

    /// Makes `user` the owner if this process runs as root.
    pub(super) fn give_away_to(&self, user: &str) -> io::Result<()> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(());
        }
        run(Command::new("chown")
            .arg("-R")
            .arg(format!("{user}:"))
            .arg(&self.0))
    }
}

/// Removes the folders of killed processes and of one that had this process id.
fn sweep(what: &str) {
    static FIRST: std::sync::Once = std::sync::Once::new();
    FIRST.call_once(|| {
        let prefix = "wechatpay-";
        for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let owner = name.to_str().and_then(|name| {
                let mut parts = name.strip_prefix(prefix)?.split('-');
                let kind = parts.next()?;
                let owner = parts.next()?.parse::<u32>().ok()?;
                ["redis", "postgres", "pgbouncer", "mariadb", what]
                    .contains(&kind)
                    .then_some(owner)
            });
            let gone = |owner| owner == std::process::id() || !Path::new(&format!("/proc/{owner}")).exists();
            if owner.is_some_and(gone) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    });
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command) -> io::Result<()> {
    output(command).map(drop)
}

/// Runs a command to its end and returns its output.
pub(super) fn output(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(io::Error::other(format!(
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        ))),
    }
}

/// Sends a signal by its name.
pub(super) fn signal(pid: u32, name: &str) -> io::Result<()> {
    run(Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]))
}

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    pid: u32,
    ended: Arc<AtomicBool>,
    waiter: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts a program and appends its output to a file.
    pub(super) fn start(mut command: Command, log: &Path) -> io::Result<Self> {
        let log = fs::File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let ended = Arc::new(AtomicBool::new(false));
        let (tell, told) = mpsc::channel();
        // A separate thread: the system kills the child when the *thread* that started it ends, and the thread of a test
        // may end long before the server.
        let waiter = thread::spawn({
            let ended = Arc::clone(&ended);
            move || match command.spawn() {
                Ok(mut child) => {
                    let _ = tell.send(Ok(child.id()));
                    let _ = child.wait();
                    ended.store(true, Ordering::SeqCst);
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                }
            }
        });
        let pid = told
            .recv()
            .map_err(|_| io::Error::other("the starting thread died"))??;
        Ok(Self {
            pid,
            ended,
            waiter: Some(waiter),
        })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Sends a signal, unless the program has ended.
    pub(super) fn signal(&self, name: &str) -> io::Result<()> {
        match self.has_ended() {
            true => Ok(()),
            false => signal(self.pid, name),
        }
    }

    /// Returns the ids of the direct child processes.
    pub(super) fn children(&self) -> Vec<u32> {
        let file = format!("/proc/{0}/task/{0}/children", self.pid);
        let text = fs::read_to_string(file).unwrap_or_default();
        text.split_whitespace()
            .filter_map(|pid| pid.parse().ok())
            .collect()
    }

    /// Sends a signal and waits for the end; kills after [`PATIENCE`].
    pub(super) fn end(&mut self, name: &str) -> io::Result<()> {
        self.signal(name)?;
        if wait_until(|| Ok(self.has_ended())).is_err() {
            self.signal("KILL")?;
        }
        if let Some(waiter) = self.waiter.take() {
            let _ = waiter.join();
        }
        Ok(())
    }
}

/// Polls `condition` until it holds or [`PATIENCE`] has passed.
pub(super) fn wait_until(mut condition: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let start = Instant::now();
    loop {
        if condition()? {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it takes too long"));
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Defines the methods by which a test controls a server of one process.
macro_rules! controls {
    ($Server:ty) => {
        impl $Server {
            /// Returns the port on which the server listens.
            #[must_use]
            pub fn port(&self) -> u16 {
                self.port
            }

            /// Shuts the server down.
            ///
            /// # Errors
            /// Returns an error if the signal could not be sent.
            pub fn stop(&mut self) -> io::Result<()> {
                self.process.end("TERM")
            }

            /// Kills the server (-9).
            ///
            /// # Errors
            /// Returns an error if the signal could not be sent.
            pub fn kill(&mut self) -> io::Result<()> {
                self.process.end("KILL")
            }

            /// Suspends the server (SIGSTOP).
            ///
            /// Connections stay open and receive no response.
            ///
            /// # Errors
            /// Returns an error if the signal could not be sent.
            pub fn pause(&self) -> io::Result<()> {
                self.process.signal("STOP")
            }

            /// Resumes the server (SIGCONT).
            ///
            /// # Errors
            /// Returns an error if the signal could not be sent.
            pub fn resume(&self) -> io::Result<()> {
                self.process.signal("CONT")
            }
        }
    };
}
pub(super) use controls;
