//! All merchants: those that the sandbox started with, and those that came.

use std::sync::{Arc, Mutex, OnceLock};

use wechatpay_core::types::Appid;

use super::{lock, merchant::Merchant};

/// Nobody needs more; each is a link of a chain.
const CAPACITY: usize = 1_000;

/// All merchants; the demo merchant is the first. None ever goes, so whoever looks at one holds no lock.
pub(crate) struct Merchants {
    first: Vec<Arc<Merchant>>,
    added: Link,
    adding: Mutex<()>,
}

/// The rest of a list that only grows.
#[derive(Default)]
struct Link(OnceLock<Box<(Arc<Merchant>, Self)>>);

/// Why a merchant was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// There is one of this mchid.
    Known,
    /// There are too many.
    Full,
}

impl Merchants {
    pub(crate) fn new(merchants: Vec<Arc<Merchant>>) -> Self {
        Self {
            first: merchants,
            added: Link::default(),
            adding: Mutex::default(),
        }
    }

    /// One more.
    pub(crate) fn add(&self, merchant: Merchant) -> Result<&Arc<Merchant>, NotAdded> {
        let _adding = lock(&self.adding);
        if self.get(merchant.mchid.as_str()).is_some() {
            return Err(NotAdded::Known);
        }
        if self.iter().count() >= CAPACITY {
            return Err(NotAdded::Full);
        }
        let mut link = &self.added;
        while let Some(taken) = link.0.get() {
            link = &taken.1;
        }
        let (merchant, _) = &**link
            .0
            .get_or_init(|| Box::new((Arc::new(merchant), Link::default())));
        Ok(merchant)
    }

    pub(crate) fn get(&self, mchid: &str) -> Option<&Arc<Merchant>> {
        self.iter().find(|merchant| merchant.mchid == mchid)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Merchant>> {
        self.first.iter().chain(self.added())
    }

    /// Those that came.
    pub(crate) fn added(&self) -> impl Iterator<Item = &Arc<Merchant>> {
        let mut link = &self.added;
        std::iter::from_fn(move || {
            let (merchant, rest) = &**link.0.get()?;
            link = rest;
            Some(merchant)
        })
    }

    /// All apps of all merchants and their sub-merchants.
    pub(crate) fn appids(&self) -> impl Iterator<Item = Appid> {
        self.iter().flat_map(|merchant| {
            let of_subs = merchant.subs().into_iter().flat_map(|sub| sub.appids);
            merchant.appids.clone().into_iter().chain(of_subs)
        })
    }
}
