//! Whose snapshot it is: keys and merchants, by their fingerprints.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{error::RestoreError, sources::Sources};
use crate::{
    platform::KeyMode,
    world::merchants::{document::MerchantSpec, state::Merchant},
};

/// Keys and merchants that a snapshot depends on and does not contain.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    keys: KeyMode,
    /// By mchid.
    merchants: BTreeMap<String, String>,
}

impl Owner {
    pub(super) fn of(sources: &Sources<'_>) -> Self {
        // As they came: what changed since then is in the snapshot.
        let merchants = sources.world.merchants.originals();
        Self {
            keys: sources.platform.mode(),
            merchants: merchants
                .map(|merchant| (merchant.mchid.as_str().to_owned(), fingerprint(sources, merchant)))
                .collect(),
        }
    }

    /// Checks that this sandbox has the same keys and all merchants of the snapshot.
    ///
    /// Merchants that the snapshot contains are exempt. The sandbox may have more.
    pub(super) fn check(&self, sources: &Sources<'_>, brought: &[MerchantSpec]) -> Result<(), RestoreError> {
        let own = Self::of(sources);
        if self.keys != own.keys {
            return Err(RestoreError::KeyMode {
                theirs: self.keys.as_str().to_owned(),
                ours: own.keys.as_str().to_owned(),
            });
        }
        let is_brought = |mchid: &str| brought.iter().any(|spec| spec.mchid == mchid);
        let other = self
            .merchants
            .iter()
            .find(|(mchid, fingerprint)| match own.merchants.get(*mchid) {
                Some(own) => own != *fingerprint,
                None => !is_brought(mchid),
            });
        match other {
            Some((mchid, _)) => Err(RestoreError::Merchant { mchid: mchid.clone() }),
            None => Ok(()),
        }
    }
}

/// The digest of a merchant's keys, from which nobody learns them.
fn fingerprint(sources: &Sources<'_>, merchant: &Merchant) -> String {
    let provider = sources.platform.provider();
    let hex = |digest: [u8; 32]| base16ct::lower::encode_string(&digest);
    // Digests of digests, so that it does not matter where the one ends and the next begins.
    let mut parts = hex(provider.sha256(merchant.mchid.as_str().as_bytes()));
    parts.push_str(&hex(provider.sha256(merchant.api_v3_key.expose())));
    for key in &merchant.keys {
        // Whatever zeros it was given with: it is the same certificate.
        let number = key.serial.as_str().trim_start_matches('0');
        parts.push_str(&hex(provider.sha256(number.as_bytes())));
        parts.push_str(&hex(provider.sha256(&key.public_key_info)));
    }
    hex(provider.sha256(parts.as_bytes()))
}
