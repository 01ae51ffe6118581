//! Files that exist when they are complete.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    path::Path,
};

use tempfile::TempPath;

use super::{DownloadError, SavedFile};

/// What is written or read at once, in a thread that may block.
const BLOCK: usize = 1024 * 1024;

/// A temporary file that is written block by block, and removed unless it is given its name.
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

    /// Gives the file its name, and gives it out.
    pub(super) async fn finish(self, target: &Path, overwrite: bool) -> Result<SavedFile, DownloadError> {
        let length = self.length;
        match self.persist(target, overwrite).await {
            Ok(()) => Ok(SavedFile::new(target.to_owned(), length)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(DownloadError::Exists),
            Err(error) => Err(error.into()),
        }
    }

    /// Syncs the file and gives it its name, in one step.
    ///
    /// The step is taken or not, even when the future is dropped meanwhile.
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

    /// From the beginning again, for reading. The file goes when the reader does.
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

/// Reads a temporary file block by block.
pub(super) struct FileReader {
    _path: TempPath,
    file: Option<File>,
    block: Vec<u8>,
}

impl FileReader {
    /// The next block; empty at the end.
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

/// The directory of a file.
pub(super) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    }
}

/// Refuses a name that is taken: better now than after a gigabyte. What counts is the look at the end.
pub(super) fn check_free(path: &Path, overwrite: bool) -> Result<(), DownloadError> {
    if !overwrite && path.symlink_metadata().is_ok() {
        return Err(DownloadError::Exists);
    }
    Ok(())
}

/// The path comes with the file and removes it when dropped: nobody may be waiting any more for what this gives back.
fn create_new(directory: &Path) -> io::Result<(File, TempPath)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".wechatpay-").suffix(".part");
    // On Unix its permissions are 0600 unless others are asked for.
    Ok(builder.tempfile_in(directory)?.into_parts())
}

fn give_name(path: TempPath, target: &Path, overwrite: bool) -> io::Result<()> {
    if overwrite {
        return path.persist(target).map_err(io::Error::from);
    }
    match path.persist_noclobber(target) {
        Ok(()) => Ok(()),
        Err(exists) if exists.error.kind() == io::ErrorKind::AlreadyExists => Err(exists.error),
        // A file system with neither links nor an exclusive rename: look, then rename.
        Err(_) if target.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(failed) => failed.path.persist(target).map_err(io::Error::from),
    }
}

/// The name is as durable as the file.
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
