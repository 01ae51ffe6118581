//! `Display` of the report as a table.

use std::fmt;

use super::{Difference, Report, Tally};
use crate::types::Fen;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<9}{:>9}{:>16}{:>21}{:>21}{:>16}{:>15}{:>12}",
            "",
            "matched",
            "yuan",
            "missing in the shop",
            "missing in the bill",
            "amount differs",
            "state differs",
            "duplicates"
        )?;
        tally(f, "payments", self.payments())?;
        tally(f, "refunds", self.refunds())?;
        if self.is_clean() {
            return f.write_str("\nNo differences.\n");
        }
        writeln!(
            f,
            "\n{:<21}{:<9}{:<34}{:>12}{:>12}{:>10}",
            "difference", "", "number", "shop", "bill", "line"
        )?;
        for difference in self.differences() {
            row(f, difference)?;
        }
        if self.unnamed() > 0 {
            writeln!(f, "and {} more", self.unnamed())?;
        }
        Ok(())
    }
}

fn tally(f: &mut fmt::Formatter<'_>, name: &str, tally: &Tally) -> fmt::Result {
    writeln!(
        f,
        "{name:<9}{:>9}{:>16}{:>21}{:>21}{:>16}{:>15}{:>12}",
        tally.matched,
        tally.matched_amount,
        tally.missing_here,
        tally.missing_there,
        tally.amount_differs,
        tally.state_differs,
        tally.duplicates
    )
}

fn row(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let amount = |amount: Option<Fen>| amount.map_or_else(|| "-".to_owned(), |fen| fen.yuan().to_string());
    writeln!(
        f,
        "{:<21}{:<9}{:<34}{:>12}{:>12}{:>10}",
        difference.kind,
        difference.subject,
        difference.number,
        amount(difference.here),
        amount(difference.there),
        difference
            .line
            .map_or_else(|| "-".to_owned(), |line| line.to_string())
    )
}
