//! Money of records.

use super::state::Record;
use crate::world::{
    World,
    funds::{
        self,
        ledger::{Account, Movement},
    },
};

/// Books money of a record in the account of `owner`.
pub(crate) fn moved(
    world: &World,
    record: &Record,
    owner: &str,
    account: Account,
    amount: i64,
    name: &'static str,
    kind: &'static str,
) {
    funds::add(
        world,
        Movement {
            owner: owner.to_owned(),
            account,
            at: record.updated_at,
            amount,
            business_no: record.id.clone(),
            name: name.into(),
            kind: kind.into(),
            applicant: format!("{}API", record.key.mchid),
            note: note(record),
            voucher: record.key.number.clone(),
        },
    );
}

/// The note of the request, under the names that families give it.
fn note(record: &Record) -> String {
    let names = ["/transfer_remark", "/remark"];
    names
        .iter()
        .find_map(|name| record.text(name))
        .unwrap_or_default()
}
