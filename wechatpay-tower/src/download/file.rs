//! Files that appear only when they are complete.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
};

use tempfile::TempPath;

use super::{DownloadError, SavedFile};

/// Size of one read or write in a blocking thread.
const BLOCK: usize = 1024 * 1024;

/// Temporary file, which is removed unless it gets its final name.
pub(super) struct FileWriter {
    path: TempPath,
    file: Option<File>,
    block: Vec<u8>,
    length: u64,
}

impl FileWriter {
    /// Creates a file in this directory that only its owner can read.
    pub(super) async fn create(directory: &Path) -> io::Result<Self> {
        let directory = directory.to_owned();
        let (file, path) = blocking(move || create_new(&directory)).await?;
        Ok(Self {
            path,
            file: Some(file),
            block: Vec::with_capacity(BLOCK),
            length: 0,
        })
    }

    pub(super) async fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.length = self
            .length
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        while !bytes.is_empty() {
            let free = BLOCK.saturating_sub(self.block.len());
            let (now, later) = bytes.split_at_checked(free).unwrap_or((bytes, &[]));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() >= BLOCK {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        let (mut file, mut block) = (self.take()?, std::mem::take(&mut self.block));
        let written = blocking(move || {
            file.write_all(&block)?;
            block.clear();
            Ok((file, block))
        });
        let (file, block) = written.await?;
        (self.file, self.block) = (Some(file), block);
        Ok(())
    }

    fn take(&mut self) -> io::Result<File> {
        self.file
            .take()
            .ok_or_else(|| io::Error::other("an earlier write failed"))
    }

    /// Gives the file its final name and returns it.
    pub(super) async fn finish(self, target: &Path, overwrite: bool) -> Result<SavedFile, DownloadError> {
        let length = self.length;
        match self.persist(target, overwrite).await {
            Ok(()) => Ok(SavedFile::new(target.to_owned(), length)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(DownloadError::Exists),
            Err(error) => Err(error.into()),
        }
    }

    /// Syncs the file and renames it in one step.
    ///
    /// The step completes or not, even if the future is dropped meanwhile.
    async fn persist(mut self, target: &Path, overwrite: bool) -> io::Result<()> {
        self.flush().await?;
        let (file, path, target) = (self.take()?, self.path, target.to_owned());
        blocking(move || {
            file.sync_all()?;
            give_name(path, &target, overwrite)?;
            sync_directory(&target)
        })
        .await
    }

    /// Returns a reader from the start, which removes the file when it is dropped.
    pub(super) async fn rewind(mut self) -> io::Result<FileReader> {
        self.flush().await?;
        let mut file = self.take()?;
        let file = blocking(move || {
            file.rewind()?;
            Ok(file)
        });
        Ok(FileReader {
            _path: self.path,
            file: Some(file.await?),
            block: vec![0; BLOCK],
        })
    }
}

/// Reader of a temporary file, block by block.
pub(super) struct FileReader {
    _path: TempPath,
    file: Option<File>,
    block: Vec<u8>,
}

impl FileReader {
    /// Returns the next block; empty at the end.
    pub(super) async fn next(&mut self) -> io::Result<&mut [u8]> {
        let mut file = self
            .file
            .take()
            .ok_or_else(|| io::Error::other("an earlier read failed"))?;
        let mut block = std::mem::take(&mut self.block);
        let read = blocking(move || {
            let mut length = 0;
            while let Some(free) = block.get_mut(length..).filter(|free| !free.is_empty()) {
                match file.read(free) {
                    Ok(0) => break,
                    Ok(read) => length = length.saturating_add(read),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            Ok((file, block, length))
        });
        let (file, block, length) = read.await?;
        (self.file, self.block) = (Some(file), block);
        Ok(self.block.get_mut(..length).unwrap_or_default())
    }
}

/// Returns the directory of a file.
pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// Returns an error early if the name is taken.
///
/// The check at the end of the download decides.
pub(super) fn check_free(path: &Path, overwrite: bool) -> Result<(), DownloadError> {
    if !overwrite && path.symlink_metadata().is_ok() {
        return Err(DownloadError::Exists);
    }
    Ok(())
}

/// Creates a file with a path that removes it on drop.
///
/// The caller may be gone when this returns.
fn create_new(directory: &Path) -> io::Result<(File, TempPath)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".wechatpay-").suffix(".part");
    // On Unix the permissions are 0600 by default.
    Ok(builder.tempfile_in(directory)?.into_parts())
}

fn give_name(path: TempPath, target: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        return path.persist(target).map_err(io::Error::from);
    }
    match path.persist_noclobber(target) {
        Ok(()) => Ok(()),
        Err(exists) if exists.error.kind() == io::ErrorKind::AlreadyExists => Err(exists.error),
        // The file system has neither links nor an exclusive rename: check, then rename.
        Err(_) if target.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(failed) => failed.path.persist(target).map_err(io::Error::from),
    }
}

/// Syncs the directory, so that the name is durable too.
fn sync_directory(target: &Path) -> io::Result<()> {
    if cfg!(unix)
        && let Some(directory) = target.parent()
    {
        let directory = if directory.as_os_str().is_empty() {
            Path::new(".")
        } else {
            directory
        };
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| io::Error::other("the runtime is shutting down"))?
}
