//! `--state`: the sandbox goes on where it stood when it last ran.

use std::{
    error::Error,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};
use wechatpay_sandbox::{Sandbox, SandboxBuilder, Snapshot};

/// What happened is in the file after this time at the latest, unless saving takes so long itself that it would do nothing else.
const PAUSE: Duration = Duration::from_secs(2);
/// Saving takes at most every so many-th part of the time.
const SHARE: u32 = 10;

/// The file that the state is kept in.
pub(crate) struct StateFile {
    path: PathBuf,
    /// Two that write at once would take each other's draft.
    writing: Arc<Mutex<()>>,
}

/// Something that changes with the state: the newest event, and where a manual clock stands.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Mark {
    event: u64,
    clock: Option<i64>,
}

impl Mark {
    fn next(self, sandbox: &Sandbox) -> Self {
        let events = sandbox.events_after(self.event);
        let clock = sandbox.clock();
        Self {
            event: events.last().map_or(self.event, |event| event.id),
            clock: clock.is_manual().then(|| clock.now()),
        }
    }
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            writing: Arc::default(),
        }
    }

    /// The sandbox as it stood, if the file is there.
    pub(crate) fn load(&self, builder: SandboxBuilder) -> Result<SandboxBuilder, Box<dyn Error>> {
        match Snapshot::read(&self.path) {
            Ok(Some(snapshot)) => Ok(builder.restore(snapshot)),
            Ok(None) => Ok(builder),
            Err(error) => Err(self.said(&error).into()),
        }
    }

    /// Saves it whole or not at all. The mark is older than what is saved: what comes after it may be missing, nothing before.
    pub(crate) async fn save(&self, sandbox: &Sandbox) -> Result<Mark, Box<dyn Error>> {
        let mark = Mark::default().next(sandbox);
        let (sandbox, path, writing) = (sandbox.clone(), self.path.clone(), Arc::clone(&self.writing));
        // Writing takes a while once there is much.
        let saved = tokio::task::spawn_blocking(move || {
            let _alone = writing.lock().unwrap_or_else(PoisonError::into_inner);
            sandbox.snapshot().write(path)
        });
        saved.await?.map_err(|error| self.said(&error))?;
        Ok(mark)
    }

    /// Saves it every two seconds, if something happened since it was saved, so that a crash costs no more than these. Never ends.
    pub(crate) async fn keep(&self, sandbox: &Sandbox, mut saved: Mark) {
        let mut pause = PAUSE;
        let mut is_told = false;
        loop {
            sleep(pause).await;
            if saved.next(sandbox) == saved {
                continue;
            }
            let started = Instant::now();
            match self.save(sandbox).await {
                Ok(mark) => (saved, is_told) = (mark, false),
                Err(error) if !is_told => {
                    is_told = true;
                    eprintln!("error: the state is not saved: {error}");
                }
                Err(_) => {}
            }
            pause = PAUSE.max(started.elapsed().saturating_mul(SHARE));
        }
    }

    fn said(&self, error: &io::Error) -> String {
        format!("{}: {error}", self.path.display())
    }
}
