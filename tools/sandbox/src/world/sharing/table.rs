//! All receivers, shares and returns, and how each is found.

use std::{collections::HashMap, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::{
    kept::Kept,
    lock,
    orders::key::OrderKey,
    sharing::state::{Receiver, Share, ShareKey, ShareResult, ShareReturn},
};

/// More receivers, shares or returns than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Shares of one order.
pub(crate) const MAX_PER_ORDER: usize = 50;

/// Why a share or a return was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShareRefusal {
    /// The number exists with other values.
    Differs,
    /// More than is left.
    TooMuch {
        /// Amount left, in fen.
        left: i64,
    },
    /// More than fifty.
    TooMany,
    /// No receiver of the share is meant.
    NoReceiver,
}

#[derive(Default)]
pub(crate) struct Shares(Mutex<Table>);

/// All of it, as a snapshot has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedShares {
    receivers: Vec<Receiver>,
    pub(crate) shares: Vec<Share>,
    pub(crate) returns: Vec<ShareReturn>,
}

#[derive(Default)]
struct Table {
    receivers: Kept<Receiver, (), CAPACITY>,
    shares: Kept<ShareKey, Share, CAPACITY>,
    by_id: HashMap<String, ShareKey>,
    by_order: HashMap<OrderKey, Vec<ShareKey>>,
    returns: Kept<ShareKey, ShareReturn, CAPACITY>,
}

impl Shares {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    pub(crate) fn saved(&self) -> SavedShares {
        let receivers = lock(&self.0).receivers.keys().cloned().collect();
        SavedShares {
            receivers,
            shares: self.all(),
            returns: self.all_returns(),
        }
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: SavedShares) {
        let mut table = Table {
            receivers: saved
                .receivers
                .into_iter()
                .map(|receiver| (receiver, ()))
                .collect(),
            ..Table::default()
        };
        for share in saved.shares {
            table.put(share);
        }
        for returned in saved.returns {
            table.returns.insert(returned.key.clone(), returned);
        }
        *lock(&self.0) = table;
    }

    pub(crate) fn add_receiver(&self, receiver: Receiver) {
        lock(&self.0).receivers.insert(receiver, ());
    }

    /// Says whether it was there.
    pub(crate) fn delete_receiver(&self, receiver: &Receiver) -> bool {
        lock(&self.0).receivers.remove(receiver).is_some()
    }

    pub(crate) fn has_receiver(&self, receiver: &Receiver) -> bool {
        lock(&self.0).receivers.get(receiver).is_some()
    }

    /// The share that has this number, if a call with these values may repeat it.
    pub(crate) fn repeated(&self, draft: &Share) -> Result<Option<Share>, ShareRefusal> {
        match lock(&self.0).shares.get(&draft.key) {
            None => Ok(None),
            Some(known) if known.order == draft.order && known.request == draft.request => {
                Ok(Some(known.clone()))
            }
            Some(_) => Err(ShareRefusal::Differs),
        }
    }

    /// Keeps a new share that takes at most `left` of its order.
    ///
    /// `left` receives the amount of the order's other shares, and returns the rest.
    pub(crate) fn add(&self, share: Share, left: impl FnOnce(i64) -> i64) -> Result<Share, ShareRefusal> {
        let mut table = lock(&self.0);
        if table.shares.get(&share.key).is_some() {
            return Err(ShareRefusal::Differs);
        }
        let of_order = table.by_order.get(&share.order).map_or(0, Vec::len);
        if of_order >= MAX_PER_ORDER {
            return Err(ShareRefusal::TooMany);
        }
        let left = left(table.amount_of(&share.order));
        if share.amount() > left {
            return Err(ShareRefusal::TooMuch { left });
        }
        table.put(share.clone());
        Ok(share)
    }

    pub(crate) fn get(&self, key: &ShareKey) -> Option<Share> {
        lock(&self.0).shares.get(key).cloned()
    }

    pub(crate) fn key_of_id(&self, order_id: &str) -> Option<ShareKey> {
        lock(&self.0).by_id.get(order_id).cloned()
    }

    /// Reads or changes one share.
    pub(crate) fn change<T>(&self, key: &ShareKey, change: impl FnOnce(&mut Share) -> T) -> Option<T> {
        lock(&self.0).shares.get_mut(key).map(change)
    }

    /// Those of an order, the oldest first.
    pub(crate) fn of_order(&self, order: &OrderKey) -> Vec<Share> {
        lock(&self.0).of_order(order).cloned().collect()
    }

    /// Amount of an order that receivers got or will get.
    pub(crate) fn amount_of(&self, order: &OrderKey) -> i64 {
        lock(&self.0).amount_of(order)
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Share> {
        let table = lock(&self.0);
        table.shares.values().cloned().collect()
    }

    /// Accepts a return, or finds the one that the call repeats.
    pub(crate) fn give_back(&self, draft: ShareReturn) -> Result<(ShareReturn, bool), ShareRefusal> {
        let mut table = lock(&self.0);
        if let Some(known) = table.returns.get(&draft.key) {
            return if known.share == draft.share && known.request == draft.request {
                Ok((known.clone(), false))
            } else {
                Err(ShareRefusal::Differs)
            };
        }
        let detail = table
            .shares
            .get_mut(&draft.share)
            .and_then(|share| {
                share.details.iter_mut().find(|detail| {
                    detail.receiver.kind == "MERCHANT_ID"
                        && detail.receiver.account == draft.return_mchid
                        && detail.result == ShareResult::Success
                })
            })
            .ok_or(ShareRefusal::NoReceiver)?;
        let left = detail.amount.saturating_sub(detail.returned);
        if draft.amount > left {
            return Err(ShareRefusal::TooMuch { left });
        }
        detail.returned = detail.returned.saturating_add(draft.amount);
        table.returns.insert(draft.key.clone(), draft.clone());
        Ok((draft, true))
    }

    pub(crate) fn get_return(&self, key: &ShareKey) -> Option<ShareReturn> {
        lock(&self.0).returns.get(key).cloned()
    }

    /// Reads or changes one return.
    pub(crate) fn change_return<T>(
        &self,
        key: &ShareKey,
        change: impl FnOnce(&mut ShareReturn) -> T,
    ) -> Option<T> {
        lock(&self.0).returns.get_mut(key).map(change)
    }

    /// Copies of all returns, the oldest first.
    pub(crate) fn all_returns(&self) -> Vec<ShareReturn> {
        let table = lock(&self.0);
        table.returns.values().cloned().collect()
    }
}

impl Table {
    fn of_order(&self, order: &OrderKey) -> impl Iterator<Item = &Share> {
        self.by_order
            .get(order)
            .into_iter()
            .flatten()
            .filter_map(|key| self.shares.get(key))
    }

    fn amount_of(&self, order: &OrderKey) -> i64 {
        self.of_order(order).map(Share::amount).sum()
    }

    fn put(&mut self, share: Share) {
        let key = share.key.clone();
        self.by_id.insert(share.order_id.clone(), key.clone());
        self.by_order
            .entry(share.order.clone())
            .or_default()
            .push(key.clone());
        if let Some(oldest) = self.shares.insert(key, share) {
            self.forget(&oldest);
        }
    }

    /// Removes the indices of one that is not kept any more.
    fn forget(&mut self, share: &Share) {
        self.by_id.remove(&share.order_id);
        if let Some(keys) = self.by_order.get_mut(&share.order) {
            keys.retain(|key| *key != share.key);
            if keys.is_empty() {
                self.by_order.remove(&share.order);
            }
        }
    }
}
