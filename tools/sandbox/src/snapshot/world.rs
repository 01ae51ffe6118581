//! State of a sandbox in a snapshot, table by table.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use wechatpay_core::types::Mchid;

use super::RestoreError;
use crate::{
    faults::SavedFaults,
    handle::shared::{Shared, Totals},
    notify::SavedNotifications,
    platform::{CertificateSet, SavedKeys},
    world::{
        applyments::state::SavedApplyments,
        clock::{Day, Planned},
        funds::ledger::SavedLedger,
        lints::{Lint, LintKind},
        lock,
        media::state::Media,
        merchants::{
            change::{MerchantChange, MerchantError},
            document::MerchantSpec,
            table::RestoredMerchants,
        },
        orders::state::{Order, OrderKey},
        random::SavedIds,
        refunds::state::Refund,
        settlement::state::SavedSettlements,
        sharing::table::SavedShares,
        subsidies::state::OfOrder,
        withdrawals::state::Withdrawal,
    },
};

/// Everything that a sandbox learned since it started.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    pub(super) orders: Vec<Order>,
    pub(super) refunds: Vec<Refund>,
    pub(super) shares: SavedShares,
    pub(super) subsidies: Vec<(OrderKey, OfOrder)>,
    pub(super) applyments: SavedApplyments,
    /// Those that came after the start.
    pub(super) merchants: Vec<MerchantSpec>,
    /// All changes of merchants since they were added.
    pub(super) merchant_changes: Vec<(Mchid, MerchantChange)>,
    settlements: SavedSettlements,
    pub(super) withdrawals: Vec<Withdrawal>,
    pub(super) ledger: SavedLedger,
    // `null` if there is none, but it stands there.
    #[serde(deserialize_with = "Option::deserialize")]
    newest_bill_day: Option<Day>,
    pub(super) media: Vec<Media>,
    refund_funds: bool,
    notify_enabled: bool,
    pub(super) notifications: SavedNotifications,
    pub(super) agenda: Vec<Planned>,
    faults: SavedFaults,
    pub(super) lints: Vec<Lint>,
    /// The kinds of lints that were told.
    told: Vec<LintKind>,
    keys: SavedKeys,
    ids: SavedIds,
    /// Requests whose random numbers were given out.
    arrivals: u64,
    /// Requests that were recorded.
    requests: u64,
    totals: SavedTotals,
}

/// As of [`Totals`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedTotals {
    refused_signatures: u64,
    certificate_downloads: u64,
    prepays: u64,
    payments: u64,
    refunds: u64,
    attempts: u64,
}

impl World {
    /// To be called while nothing else is under way.
    pub(super) fn of(shared: &Shared) -> Self {
        // Each part is named, so that whoever adds one has to decide whether a snapshot holds it.
        let Shared {
            settings: _,
            clock: _,
            wire_clock: _,
            agenda,
            turning: _,
            ids,
            secrets: _,
            arrivals,
            base_url: _,
            merchants,
            platform,
            orders,
            refunds,
            shares,
            subsidies,
            applyments,
            settlements,
            withdrawals,
            ledger,
            newest_bill_day,
            bill_files: _,
            media,
            refund_funds,
            requests,
            nonces: _,
            notifications,
            notify_enabled,
            pages: _,
            faults,
            totals,
            lints,
            told,
            events: _,
            working: _,
            stopping: _,
            // Of a test, and some are functions.
            stubs: _,
        } = shared;
        let mut told: Vec<LintKind> = lock(told).iter().copied().collect();
        told.sort_by_key(|kind| kind.as_str());
        Self {
            orders: orders.all(),
            refunds: refunds.all(),
            shares: shares.saved(),
            subsidies: subsidies.saved(),
            applyments: applyments.saved(),
            merchants: merchants.added().map(MerchantSpec::from).collect(),
            merchant_changes: merchants.changes().collect(),
            settlements: settlements.saved(),
            withdrawals: withdrawals.all(),
            ledger: ledger.saved(),
            newest_bill_day: *lock(newest_bill_day),
            media: media.all(),
            refund_funds: refund_funds.load(Ordering::Relaxed),
            notify_enabled: notify_enabled.load(Ordering::Relaxed),
            notifications: notifications.saved(),
            agenda: agenda.saved(),
            faults: faults.saved(),
            lints: lints.all(),
            told,
            keys: platform.saved(),
            ids: ids.saved(),
            arrivals: arrivals.load(Ordering::Relaxed),
            requests: requests.count(),
            totals: SavedTotals::of(totals),
        }
    }

    /// The certificates of the platform, issued again.
    pub(super) fn certificates(&self, shared: &Shared) -> Result<CertificateSet, RestoreError> {
        let broken = |_| RestoreError::Broken("its platform certificates cannot be issued".to_owned());
        shared
            .platform
            .certificates_of(&self.keys, shared.clocks())
            .map_err(broken)
    }

    /// The merchants that are not here yet, and the changes of all.
    pub(super) fn merchants(&self, shared: &Shared) -> Result<RestoredMerchants, RestoreError> {
        let (provider, secrets) = (shared.platform.provider(), &shared.secrets);
        let unread = || RestoreError::Broken("a key of a merchant cannot be read".to_owned());
        let missing = self.merchants.iter();
        let missing = missing.filter(|spec| shared.merchants.get(spec.mchid.as_str()).is_none());
        let came = missing.map(|spec| spec.clone().build(provider, secrets).map_err(|_| unread()));
        let changes = self.merchant_changes.iter().map(|(mchid, changes)| {
            let changes = changes.clone().load(provider, secrets);
            Ok((mchid.clone(), changes.map_err(|_| unread())?))
        });
        let restored = shared.merchants.restored(
            came.collect::<Result<_, _>>()?,
            changes.collect::<Result<_, RestoreError>>()?,
        );
        restored.map_err(|error: MerchantError| RestoreError::Broken(error.to_string()))
    }

    /// To be called while nothing else is under way. It cannot fail.
    pub(super) fn restore(
        self,
        shared: &Shared,
        merchants: RestoredMerchants,
        certificates: CertificateSet,
        elapsed: Duration,
    ) {
        shared.merchants.restore(merchants);
        shared.orders.restore(self.orders);
        shared.refunds.restore(self.refunds);
        shared.shares.restore(self.shares);
        shared.subsidies.restore(self.subsidies);
        shared.applyments.restore(self.applyments);
        shared.settlements.restore(self.settlements);
        shared.withdrawals.restore(self.withdrawals);
        shared.ledger.restore(self.ledger);
        *lock(&shared.newest_bill_day) = self.newest_bill_day;
        shared.media.restore(self.media);
        shared.refund_funds.store(self.refund_funds, Ordering::Relaxed);
        shared
            .notify_enabled
            .store(self.notify_enabled, Ordering::Relaxed);
        shared.notifications.restore(self.notifications);
        shared.agenda.restore(self.agenda, elapsed);
        shared.faults.restore(self.faults);
        shared.lints.restore(self.lints);
        *lock(&shared.told) = self.told.into_iter().collect();
        shared.platform.restore(&self.keys, certificates);
        shared.ids.restore(&self.ids);
        shared.arrivals.store(self.arrivals, Ordering::Relaxed);
        shared.requests.count_from(self.requests);
        self.totals.restore(&shared.totals);
    }
}

impl SavedTotals {
    fn of(totals: &Totals) -> Self {
        let read = |total: &AtomicU64| total.load(Ordering::Relaxed);
        Self {
            refused_signatures: read(&totals.refused_signatures),
            certificate_downloads: read(&totals.certificate_downloads),
            prepays: read(&totals.prepays),
            payments: read(&totals.payments),
            refunds: read(&totals.refunds),
            attempts: read(&totals.attempts),
        }
    }

    fn restore(&self, totals: &Totals) {
        for (total, value) in [
            (&totals.refused_signatures, self.refused_signatures),
            (&totals.certificate_downloads, self.certificate_downloads),
            (&totals.prepays, self.prepays),
            (&totals.payments, self.payments),
            (&totals.refunds, self.refunds),
            (&totals.attempts, self.attempts),
        ] {
            total.store(value, Ordering::Relaxed);
        }
    }
}
