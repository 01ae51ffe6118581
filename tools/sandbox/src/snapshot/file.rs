//! Files that only their owner can read.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Writes a file that only its owner can read, whole or not at all.
pub(crate) fn write_private(directory: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let path = directory.join(name);
    let prefix = format!(".{name}.");
    // On Unix its permissions are 0600 unless others are asked for.
    let mut draft = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(".draft")
        .tempfile_in(directory)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    draft.persist(&path)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_private_file_is_whole_or_not_there() {
        let directory = tempfile::tempdir().unwrap();
        let names = || {
            let entries = fs::read_dir(directory.path()).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        // One that others may read is replaced by one that they may not.
        fs::write(directory.path().join("key.pem"), "old and longer").unwrap();
        let path = write_private(directory.path(), "key.pem", "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // Where it cannot be put in place nothing is left of it.
        fs::create_dir(directory.path().join("taken")).unwrap();
        write_private(directory.path(), "taken", "new").unwrap_err();
        assert_eq!(names(), ["key.pem", "taken"]);
    }
}
