//! PgBouncer for tests.

use std::{fs, io, net::TcpStream};

use super::{
    PostgresServer,
    process::{Folder, Process, find, free_port, unprivileged, wait_until},
};

/// PgBouncer in transaction mode in front of a PostgreSQL.
///
/// It has few connections of its own, so each transaction of a client may run on another one.
#[derive(Debug)]
pub struct PgBouncer {
    process: Process,
    port: u16,
    _folder: Folder,
}

impl PgBouncer {
    /// Starts a pooler with `connections` to the server.
    ///
    /// # Errors
    /// Returns an error if the program is not installed or does not start.
    pub fn start(server: &PostgresServer, connections: u32) -> io::Result<Self> {
        let program = find("pgbouncer", &[])?;
        let folder = Folder::new("pgbouncer")?;
        let port = free_port()?;
        let file = folder.0.join("pgbouncer.ini");
        fs::write(
            &file,
            format!(
                "[databases]\npostgres = host=127.0.0.1 port={server} dbname=postgres user=postgres\n\
                 [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
                 pool_mode = transaction\ndefault_pool_size = {connections}\nserver_round_robin = 1\n\
                 ignore_startup_parameters = extra_float_digits\n",
                server = server.port(),
            ),
        )?;
        folder.give_away()?;
        let log = folder.0.join("log");
        let mut command = unprivileged(&program);
        command.arg(&file).current_dir(&folder.0);
        let mut process = Process::start(command, &log)?;
        let ready = wait_until(|| match process.has_ended() {
            true => Err(io::Error::other("it ended")),
            false => Ok(TcpStream::connect(("127.0.0.1", port)).is_ok()),
        });
        ready.map_err(|error| {
            let _ = process.end("KILL");
            let text = fs::read_to_string(&log).unwrap_or_default();
            io::Error::other(format!("pgbouncer does not start ({error}): {text}"))
        })?;
        Ok(Self {
            process,
            port,
            _folder: folder,
        })
    }

    /// Returns the URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.end("KILL");
    }
}
