//! `--state`: the sandbox goes on where it stood when it last ran.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use wechatpay_core::BoxError;

use tokio::time::{Instant, sleep};
use wechatpay_sandbox::{Sandbox, SandboxBuilder, Snapshot};

/// Longest time between an event and the saved file, unless saving takes longer.
const PAUSE: Duration = Duration::from_secs(2);
/// Saving takes at most every so many-th part of the time.
const SHARE: u32 = 10;

/// The file that the state is kept in.
pub(crate) struct StateFile {
    path: PathBuf,
    /// Two that write at once would take each other's draft.
    writing: Arc<Mutex<()>>,
    /// Locked as long as this lives: two processes would write over what the other has.
    _lock: File,
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
    /// Takes the file for this process alone, until it ends in whichever way.
    ///
    /// # Errors
    /// The file is taken by another process, or the file system refuses.
    pub(crate) fn open(path: PathBuf) -> Result<Self, BoxError> {
        match lock(&path) {
            Ok(lock) => Ok(Self {
                path,
                writing: Arc::default(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "{}: another sandbox that runs keeps its state in this file; stop that one, or give this one another file with --state",
                path.display()
            )
            .into()),
            Err(TryLockError::Error(error)) => Err(said(&path, &error).into()),
        }
    }

    /// The sandbox as it stood, if the file is there.
    pub(crate) fn load(&self, builder: SandboxBuilder) -> Result<SandboxBuilder, BoxError> {
        match Snapshot::read(&self.path) {
            Ok(Some(snapshot)) => Ok(builder.restore(snapshot)),
            Ok(None) => Ok(builder),
            Err(error) => Err(said(&self.path, &error).into()),
        }
    }

    /// Saves the file for the first time.
    ///
    /// The mark is for [`keep`](Self::keep). It is older than the saved state: later events may be missing, earlier
    /// ones are not.
    pub(crate) async fn begin(&self, sandbox: &Sandbox) -> Result<Mark, BoxError> {
        let mark = Mark::default().next(sandbox);
        self.save(sandbox).await?;
        Ok(mark)
    }

    /// Saves it whole or not at all.
    pub(crate) async fn save(&self, sandbox: &Sandbox) -> Result<(), BoxError> {
        let (sandbox, path, writing) = (sandbox.clone(), self.path.clone(), Arc::clone(&self.writing));
        // Writing takes a while once there is much.
        let saved = tokio::task::spawn_blocking(move || {
            let _alone = writing.lock().unwrap_or_else(PoisonError::into_inner);
            sandbox.snapshot().write(path)
        });
        saved.await?.map_err(|error| said(&self.path, &error).into())
    }

    /// Saves every two seconds if something happened. Never ends.
    ///
    /// A crash loses at most these two seconds.
    pub(crate) async fn keep(&self, sandbox: &Sandbox, mut saved: Mark) {
        let mut pause = PAUSE;
        let mut is_told = false;
        loop {
            sleep(pause).await;
            let next = saved.next(sandbox);
            if next == saved {
                continue;
            }
            let started = Instant::now();
            match self.save(sandbox).await {
                Ok(()) => (saved, is_told) = (next, false),
                Err(error) if !is_told => {
                    is_told = true;
                    eprintln!("error: the state is not saved: {error}");
                }
                Err(_) => {}
            }
            pause = PAUSE.max(started.elapsed().saturating_mul(SHARE));
        }
    }
}

/// Locks a file beside the state file, which is replaced at each save.
///
/// The lock file stays when the process ends, or two processes could lock one of this name each. Its content is empty;
/// the lock is the system's.
fn lock(path: &Path) -> Result<File, TryLockError> {
    let mut beside = OsString::from(path);
    beside.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside)
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

fn said(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
