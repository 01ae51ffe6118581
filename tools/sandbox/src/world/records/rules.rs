//! Life of a record: it is opened, takes steps, and ends.

use serde_json::{Value, json};

use super::{
    kinds::machine,
    machine::Follow,
    state::{Record, RecordError, RecordKey, RecordSnapshot},
};
use crate::world::{
    Event, World,
    clock::{Due, rfc3339},
};

/// Opens a record. Its number stands for no other one.
pub(crate) fn open(world: &World, draft: Record) -> Record {
    let (record, is_new) = world.records.add(draft);
    if is_new {
        entered(world, &record);
    }
    record
}

/// Gives a record its next state, with facts that come with it.
///
/// The fact `step` belongs to this step alone: the next one brings its own, or has none.
pub(crate) fn go(world: &World, key: &RecordKey, to: &str, facts: Value) -> Result<Record, RecordError> {
    let now = world.clock.now();
    let changed = world.records.change(key, |record| {
        let Some(step) = machine(key.kind).step(&record.state, to) else {
            return Err(RecordError::NoWay {
                from: record.state.clone(),
                to: to.to_owned(),
            });
        };
        step.to.clone_into(&mut record.state);
        let times = machine(key.kind).times.iter();
        for (_, fact) in times.filter(|(state, _)| *state == to) {
            record.facts.extend(json!({ (*fact): rfc3339(now) }));
        }
        record.facts.extend(json!({ "step": null }));
        record.facts.extend(facts);
        record.updated_at = now;
        Ok(record.clone())
    });
    let record = changed.ok_or(RecordError::NoSuchRecord)??;
    entered(world, &record);
    Ok(record)
}

/// The same by hand.
///
/// # Errors
/// [`RecordError`], and nothing has changed.
pub fn settle(world: &World, key: &RecordKey, to: &str, facts: Value) -> Result<RecordSnapshot, RecordError> {
    go(world, key, to, facts).map(|record| record.snapshot())
}

/// Takes the step that was planned in a state.
///
/// A record that left the state meanwhile stays.
pub(crate) fn proceed(world: &World, key: &RecordKey, from: &str) {
    let is_there = world.records.get(key).is_some_and(|record| record.state == from);
    if let Some(step) = machine(key.kind).next(from).filter(|_| is_there) {
        // A step that was taken by hand in this moment stays.
        let _ = go(world, key, step.to, Value::Null);
    }
}

fn entered(world: &World, record: &Record) {
    let machine = machine(record.key.kind);
    (machine.entered)(world, record);
    if machine.next(&record.state).is_some() {
        let (key, from) = (record.key.clone(), record.state.clone());
        world
            .agenda
            .after(world.rules.settle_delay, Due::Proceed { key, from });
    }
    world.tell(&Event::Record(record));
    for follow in (machine.follows)(world, record) {
        match follow {
            Follow::Open(draft) => {
                open(world, draft);
            }
            Follow::Go { key, to, facts } => {
                // One that cannot take the step has taken another one.
                let _ = go(world, &key, &to, facts);
            }
        }
    }
}
