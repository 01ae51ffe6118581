//! A sandbox as one JSON document, and a sandbox made of one.

mod check;
mod error;
mod file;
mod lock;
mod sources;
mod upgrade;
mod world;

use std::{fmt, fs, io, path::Path};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::journal::EventKind;
pub use error::{Flaw, RestoreError};
pub(crate) use file::write_private;
use lock::Owner;
pub(crate) use sources::Sources;
use upgrade::VERSION;
use world::World;

/// The complete state of a sandbox at one moment, from [`Sandbox::snapshot`](crate::Sandbox::snapshot).
///
/// It has orders and all that depends on them, money, notifications with their attempts, scheduled events, faults,
/// findings, counters, the state of the platform's certificates, and that of the random numbers. Work under way is
/// saved as scheduled.
///
/// It is JSON, by serde, with a `version` field; its form is ours and changes with the version. It holds what shops sent,
/// payers' data included, and what ids will be given out, so keep it as you keep the rest of a test's data. `Debug` shows
/// none of it.
///
/// Not in it are the requests and events so far, [stubs](crate::Sandbox::stub), pages that are open at the cashier, bills that wait to be downloaded, nonces that
/// were used, and all that the builder says: addresses, merchants, keys, retry schedule and the like are those of the sandbox
/// that it is restored in. Merchants that [came later](crate::Sandbox::add_merchant) are in it, with their keys, and so is what
/// [changed](crate::Sandbox::change_merchant) of any: other settings, certificates that it registered or revoked.
#[derive(Clone, Serialize)]
pub struct Snapshot(Box<Document>);

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u64,
    /// When it was taken, in microseconds of Unix time by the sandbox's clock.
    now_us: i64,
    owner: Owner,
    world: World,
}

/// The beginning of a document, before its content.
#[derive(Deserialize)]
struct Beginning {
    version: u64,
}

impl Snapshot {
    /// Reads the JSON that [`to_json`](Self::to_json) wrote, in this release or an earlier one.
    ///
    /// # Errors
    /// [`RestoreError::Version`], [`RestoreError::Malformed`]. They say where, and not what stands there.
    pub fn from_json(json: &[u8]) -> Result<Self, RestoreError> {
        let malformed =
            |error: serde_json::Error| RestoreError::Malformed(without_quotes(&error.to_string()));
        let Beginning { version } = serde_json::from_slice(json).map_err(malformed)?;
        let document = match version {
            VERSION => serde_json::from_slice(json),
            upgrade::OLDEST..VERSION => serde_json::from_slice(json).and_then(|mut document| {
                upgrade::upgrade(&mut document, version);
                serde_json::from_value(document)
            }),
            found => return Err(RestoreError::Version { found }),
        };
        document.map(Self).map_err(malformed)
    }

    /// The document as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Keys are texts and nothing refuses to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When it was taken, in Unix seconds by the sandbox's clock.
    #[must_use]
    pub fn taken_at(&self) -> i64 {
        self.0.now_us.div_euclid(1_000_000)
    }

    /// Writes it to a file that only its owner reads, whole or not at all.
    ///
    /// # Errors
    /// An error of the file system.
    pub fn write(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
        let directory = path.parent().filter(|parent| *parent != Path::new(""));
        write_private(directory.unwrap_or(Path::new(".")), name, &self.to_json()).map(drop)
    }

    /// Reads a file; `None` if it does not exist.
    ///
    /// # Errors
    /// An error of the file system, or one of kind [`InvalidData`](io::ErrorKind::InvalidData) from
    /// [`from_json`](Self::from_json).
    pub fn read(path: impl AsRef<Path>) -> io::Result<Option<Self>> {
        let json = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            json => json?,
        };
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        Self::from_json(&json).map(Some).map_err(invalid)
    }

    pub(crate) fn take(sources: &Sources<'_>) -> Self {
        sources.world.alone(|| {
            Self(Box::new(Document {
                version: VERSION,
                now_us: sources.world.agenda.source().unix_micros(&sources.world.clock),
                owner: Owner::of(sources),
                world: World::of(sources),
            }))
        })
    }

    /// Restores the sandbox, or changes nothing.
    pub(crate) fn restore(self, sources: &Sources<'_>) -> Result<(), RestoreError> {
        let Document {
            now_us, owner, world, ..
        } = *self.0;
        owner.check(sources, &world.merchants)?;
        check::sound(&world)?;
        let source = sources.world.agenda.source();
        if !source.can_catch_up(now_us, &sources.world.clock) {
            let behind = now_us
                .div_euclid(1_000_000)
                .saturating_sub(sources.world.clock.now());
            return Err(RestoreError::Clock {
                seconds: behind.unsigned_abs(),
            });
        }
        let certificates = world.certificates(sources)?;
        let merchants = world.merchants(sources)?;
        // Whoever turns the clock would turn it to a time of another world.
        let _hand = sources.turning.try_lock().map_err(|_| RestoreError::Turning)?;
        sources.world.alone(|| {
            let elapsed = source.catch_up(now_us, &sources.world.clock);
            world.restore(sources, merchants, certificates, elapsed);
        });
        sources.journal.tell(EventKind::Restored {
            taken_at: now_us.div_euclid(1_000_000),
        });
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Value::deserialize(deserializer)?;
        Self::from_json(document.to_string().as_bytes()).map_err(D::Error::custom)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.0.version)
            .field("taken_at", &self.taken_at())
            .finish_non_exhaustive()
    }
}

/// Removes quoted text, which may be anyone's data.
fn without_quotes(text: &str) -> String {
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            let (before, rest) = text.split_at(first);
            let after = rest.get(last.saturating_sub(first)..).unwrap_or_default();
            format!("{before}\"…{after}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where_and_not_what() {
        assert_eq!(
            without_quotes(r#"invalid type: string "a \"payer\"", expected u64 at line 1 column 7"#),
            "invalid type: string \"…\", expected u64 at line 1 column 7"
        );
        for plain in ["missing field `world`", "one \" only", ""] {
            assert_eq!(without_quotes(plain), plain);
        }
        for (json, words) in [
            ("", "this is no snapshot of a sandbox: EOF"),
            ("[]", "this is no snapshot of a sandbox: "),
            ("{}", "missing field `version`"),
            (r#"{"version":1}"#, "missing field `now_us`"),
            (r#"{"version":4}"#, "missing field `now_us`"),
            (
                r#"{"version":5,"world":7}"#,
                "the snapshot is of version 5; this sandbox reads versions 1 to 4: restore it with the release",
            ),
            (r#"{"version":0}"#, "the snapshot is of version 0;"),
            (r#"{"version":1,"x":0}"#, "unknown field `x`"),
            (r#"{"version":4,"x":0}"#, "unknown field `x`"),
        ] {
            let error = Snapshot::from_json(json.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(words), "{json}: {error}");
        }
        let error = serde_json::from_str::<Snapshot>(r#"{"version":5}"#).unwrap_err();
        assert!(
            error.to_string().starts_with("the snapshot is of version 5;"),
            "{error}"
        );
    }
}
