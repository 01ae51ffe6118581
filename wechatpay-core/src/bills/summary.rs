//! Summary row of a bill.

use super::{BillAmount, BillFormatError, BillProblem, header::position};

/// Totals that a bill states in its last row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    line: u64,
    names: Vec<Box<str>>,
    values: Vec<Box<str>>,
}

impl Summary {
    pub(super) fn new(names: Vec<Box<str>>) -> Self {
        Self {
            names,
            ..Self::default()
        }
    }

    pub(super) fn fill(&mut self, line: u64, values: Vec<Box<str>>) -> Result<(), BillFormatError> {
        if values.len() != self.names.len() {
            let (expected, found) = (self.names.len(), values.len());
            return Err(BillFormatError::new(
                line,
                BillProblem::Fields { expected, found },
            ));
        }
        (self.line, self.values) = (line, values);
        Ok(())
    }

    /// Returns the value of a column; `None` if it does not exist.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.values.get(position(&self.names, column)?).map(AsRef::as_ref)
    }

    /// Returns every column with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names
            .iter()
            .map(AsRef::as_ref)
            .zip(self.values.iter().map(AsRef::as_ref))
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Compares a sum with the first of these columns that exists.
    pub(super) fn check_amount(&self, columns: &[&str], computed: BillAmount) -> Result<(), BillFormatError> {
        self.check(columns, |text| {
            let stated: BillAmount = text.parse().map_err(|_| BillProblem::Amount)?;
            if stated == computed {
                Ok(())
            } else {
                Err(BillProblem::Total { stated, computed })
            }
        })
    }

    /// Compares a number of rows; some bills write it as `20.0`.
    pub(super) fn check_count(&self, columns: &[&str], computed: u64) -> Result<(), BillFormatError> {
        self.check(columns, |text| {
            let digits = text.split_once('.').map_or(text, |(whole, zeros)| {
                if zeros.bytes().all(|byte| byte == b'0') {
                    whole
                } else {
                    ""
                }
            });
            let stated: u64 = digits.parse().map_err(|_| BillProblem::Count)?;
            if stated == computed {
                Ok(())
            } else {
                Err(BillProblem::Rows { stated, computed })
            }
        })
    }

    fn check(
        &self,
        columns: &[&str],
        check: impl FnOnce(&str) -> Result<(), BillProblem>,
    ) -> Result<(), BillFormatError> {
        let Some((column, text)) = columns
            .iter()
            .find_map(|column| Some((column, self.get(column)?)))
        else {
            return Ok(());
        };
        check(text).map_err(|problem| BillFormatError::at(self.line, column, problem))
    }
}
