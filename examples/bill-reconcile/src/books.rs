//! The shop's books as a file.
//!
//! Yours are in a database; anything that yields [`Record`]s will do.

use std::{fs, path::Path};

use wechatpay_core::{BoxError, bills::reconcile::Record};

/// Reads a file of lines; empty ones and those that begin with `#` are skipped.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>, BoxError> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut records = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let record = line
            .parse()
            .map_err(|error| format!("{}, line {number}: {error}", path.display()))?;
        records.push(record);
    }
    Ok(records)
}
