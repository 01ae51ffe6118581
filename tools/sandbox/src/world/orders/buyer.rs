//! The buyers at the cashier.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A test buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Buyer {
    /// Pays.
    Alice,
    /// Has an empty wallet: the payment fails and the order stays unpaid.
    Bob,
    /// Is blocked by risk control: the payment fails and the order stays unpaid.
    Carol,
}

impl Buyer {
    /// All of them, in the order of the cashier.
    pub const ALL: [Self; 3] = [Self::Alice, Self::Bob, Self::Carol];

    /// The name in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alice => "alice",
            Self::Bob => "bob",
            Self::Carol => "carol",
        }
    }

    /// The buyer of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|buyer| buyer.as_str() == name)
    }

    /// The buyer's openid for one app: stable, and different for each app.
    ///
    /// ```
    /// use wechatpay_sandbox::Buyer;
    ///
    /// let openid = Buyer::Alice.openid("wxd678efh567hg6787");
    /// assert_eq!(openid.len(), 28);
    /// assert_ne!(openid, Buyer::Alice.openid("wx0000000000000000"));
    /// ```
    #[must_use]
    pub fn openid(self, appid: &str) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        // FNV-1a: no secret, only well spread and the same on every machine.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut mix = |byte: u8| {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            hash
        };
        for byte in appid.bytes().chain([b'/']).chain(self.as_str().bytes()) {
            mix(byte);
        }
        let mut openid = String::from("o");
        for round in 0..27 {
            let index = (mix(round) >> 58) as usize;
            openid.extend(ALPHABET.get(index).map(|byte| char::from(*byte)));
        }
        openid
    }
}

impl fmt::Display for Buyer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openids_are_stable_and_differ_by_app_and_buyer() {
        assert_eq!(Buyer::Alice.openid("wx1"), Buyer::Alice.openid("wx1"));
        assert_ne!(Buyer::Alice.openid("wx1"), Buyer::Bob.openid("wx1"));
        assert_ne!(Buyer::Alice.openid("wx1"), Buyer::Alice.openid("wx2"));
        assert_eq!(Buyer::from_name("carol"), Some(Buyer::Carol));
        assert_eq!(Buyer::from_name("mallory"), None);
    }
}
