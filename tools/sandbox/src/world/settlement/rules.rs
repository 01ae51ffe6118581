//! Changes of a sub-merchant's account, which take effect after a while.

use super::state::Change;
use crate::world::{
    World,
    clock::{Day, Due},
};

/// Changes of a sub-merchant's account in a day.
const MAX_PER_DAY: usize = 5;

/// Accepts an application for another account, unless there are too many on that day.
pub(crate) fn apply(world: &World, application_no: &str, change: Change) -> bool {
    let today = Day::of(change.created_at).start();
    let is_accepted = world
        .settlements
        .apply(application_no.to_owned(), change, today, MAX_PER_DAY);
    if is_accepted {
        let due = Due::ChangeSettlement(application_no.to_owned());
        world.agenda.after(world.rules.settle_delay, due);
    }
    is_accepted
}
