//! Health check of a Redis that keeps leases.

use std::collections::HashMap;

use wechatpay_core::idempotency::StoreHealth;

/// Facts about a Redis, from `INFO` and `CONFIG GET`.
///
/// Managed services forbid `CONFIG GET`, and some forbid both.
#[derive(Debug, Default)]
pub(super) struct Facts(HashMap<String, String>);

impl Facts {
    /// Adds the lines of `INFO`.
    pub(super) fn info(&mut self, text: &str) {
        let pairs = text.lines().filter_map(|line| line.split_once(':'));
        self.0
            .extend(pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())));
    }

    /// Adds one setting, which takes precedence over `INFO`.
    pub(super) fn setting(&mut self, name: &str, value: &str) {
        self.0.insert(format!("config:{name}"), value.to_owned());
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns a warning for each setting that should be changed.
    pub(super) fn judge(&self) -> StoreHealth {
        let mut health = StoreHealth::good();
        let policy = self
            .get("config:maxmemory-policy")
            .or(self.get("maxmemory_policy"));
        match policy {
            Some("noeviction") => {}
            Some(policy) => {
                health = health.warning(format!(
                    "Redis evicts (maxmemory-policy {policy}): when memory is short it forgets completed notifications, and \
                     repeats are handled again; set noeviction"
                ));
            }
            None => {
                health = health.warning(
                    "Redis does not tell its maxmemory-policy: set noeviction, or completed notifications may be forgotten",
                );
            }
        }
        match self.get("evicted_keys") {
            None | Some("0") => {}
            Some(count) => {
                health = health.warning(format!(
                    "Redis has evicted {count} keys since it started; leases may be among them"
                ));
            }
        }
        let append_only =
            self.get("config:appendonly") == Some("yes") || self.get("aof_enabled") == Some("1");
        let snapshots = self.get("config:save").map(|save| !save.is_empty());
        if !append_only {
            health = health.warning(match snapshots {
                Some(false) => {
                    "Redis keeps nothing on disk (appendonly no, save \"\"): after a restart repeats are handled again"
                }
                _ => "Redis has no append-only file (appendonly no): a restart forgets everything after the last snapshot",
            });
        } else if matches!(self.get("config:appendfsync"), Some("everysec" | "no")) {
            health = health.warning(
                "Redis syncs its append-only file after it responds (appendfsync is not always): a crash of its machine \
                 forgets up to the last second",
            );
        }
        if self.get("role") == Some("slave") {
            health = health.warning("this Redis is a replica: no lease can be acquired on it");
        }
        health
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(info: &str, settings: &[(&str, &str)]) -> Vec<String> {
        let mut facts = Facts::default();
        facts.info(info);
        for (name, value) in settings {
            facts.setting(name, value);
        }
        facts.judge().warnings
    }

    #[test]
    fn a_durable_redis_causes_no_warning() {
        let info =
            "# Memory\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\nrole:master\r\nevicted_keys:0\r\n";
        assert!(warnings(info, &[]).is_empty());
        assert!(warnings(info, &[("appendfsync", "always"), ("save", "")]).is_empty());
    }

    #[test]
    fn each_risky_setting_causes_a_warning() {
        let good = "maxmemory_policy:noeviction\naof_enabled:1\nrole:master\n";
        for (info, settings, named) in [
            (good, &[("maxmemory-policy", "allkeys-lru")][..], "allkeys-lru"),
            (
                "maxmemory_policy:volatile-ttl\naof_enabled:1",
                &[],
                "volatile-ttl",
            ),
            ("aof_enabled:1", &[], "does not tell"),
            (
                "maxmemory_policy:noeviction\nevicted_keys:7\naof_enabled:1",
                &[],
                "evicted 7",
            ),
            (
                "maxmemory_policy:noeviction\naof_enabled:0",
                &[("save", "")],
                "keeps nothing",
            ),
            (
                "maxmemory_policy:noeviction\naof_enabled:0",
                &[("save", "3600 1")],
                "last snapshot",
            ),
            (good, &[("appendfsync", "everysec")], "last second"),
            (
                "maxmemory_policy:noeviction\naof_enabled:1\nrole:slave",
                &[],
                "replica",
            ),
        ] {
            let warnings = warnings(info, settings);
            assert!(
                warnings.len() == 1 && warnings[0].contains(named),
                "{named}: {warnings:?}"
            );
        }
    }
}
