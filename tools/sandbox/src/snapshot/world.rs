//! State of a sandbox in a snapshot, table by table.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use wechatpay_core::types::Mchid;

use super::{
    error::{FlawKind, RestoreError},
    sources::Sources,
};
use crate::{
    faults::FaultTable,
    notify::SavedNotifications,
    platform::{CertificateSet, SavedKeys},
    world::{
        self as domain,
        applyments::state::SavedApplyments,
        clock::{Day, Planned},
        funds::ledger::SavedLedger,
        lints::{Lint, LintKind},
        media::state::Media,
        merchants::{
            change::MerchantChange, document::MerchantSpec, error::MerchantError, table::RestoredMerchants,
        },
        orders::{key::OrderKey, state::Order},
        random::SavedIds,
        records::state::Record,
        refunds::state::Refund,
        settlement::state::SettlementTable,
        sharing::table::SavedShares,
        subsidies::state::OfOrder,
        withdrawals::state::Withdrawal,
    },
};

/// Everything that a sandbox learned since it started.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct World {
    pub orders: Vec<Order>,
    pub refunds: Vec<Refund>,
    pub(super) shares: SavedShares,
    pub(super) subsidies: Vec<(OrderKey, OfOrder)>,
    pub(super) applyments: SavedApplyments,
    /// Those that came after the start.
    pub merchants: Vec<MerchantSpec>,
    /// All changes of merchants since they were added.
    pub(super) merchant_changes: Vec<(Mchid, MerchantChange)>,
    settlements: SettlementTable,
    pub(super) withdrawals: Vec<Withdrawal>,
    pub(super) records: Vec<Record>,
    pub(super) ledger: SavedLedger,
    // `null` if there is none, but it stands there.
    #[serde(deserialize_with = "Option::deserialize")]
    newest_bill_day: Option<Day>,
    pub(super) media: Vec<Media>,
    refund_funds: bool,
    notify_enabled: bool,
    pub(super) notifications: SavedNotifications,
    pub(super) agenda: Vec<Planned>,
    faults: FaultTable,
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

/// Numbers that only grow.
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
    pub(super) fn of(sources: &Sources<'_>) -> Self {
        let Sources {
            world,
            platform,
            faults,
            notifier,
            gateway,
            ..
        } = *sources;
        // Each part is named, so that whoever adds one has to decide whether a snapshot holds it.
        let domain::World {
            rules: _,
            clock: _,
            agenda,
            ids,
            secrets: _,
            provider: _,
            merchants,
            orders,
            refunds,
            shares,
            subsidies,
            applyments,
            settlements,
            withdrawals,
            records,
            funds,
            media,
            lints,
            counts: _,
            ..
        } = world;
        let notifications = &notifier.notifications;
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
            records: records.all(),
            ledger: funds.ledger.saved(),
            newest_bill_day: funds.newest_bill_day(),
            media: media.all(),
            refund_funds: funds.has_for_refunds(),
            notify_enabled: notifier.is_enabled(),
            notifications: notifications.saved(),
            agenda: agenda.saved(),
            faults: faults.saved(),
            lints: lints.all(),
            told: lints.told(),
            keys: platform.saved(),
            ids: ids.saved(),
            arrivals: gateway.arrivals.load(Ordering::Relaxed),
            requests: gateway.requests.count(),
            totals: SavedTotals::of(sources),
        }
    }

    /// The certificates of the platform, issued again.
    pub(super) fn certificates(&self, sources: &Sources<'_>) -> Result<CertificateSet, RestoreError> {
        let broken = |_| FlawKind::Certificates.into();
        sources.platform.certificates_of(&self.keys).map_err(broken)
    }

    /// The merchants that are not here yet, and the changes of all.
    pub(super) fn merchants(&self, sources: &Sources<'_>) -> Result<RestoredMerchants, RestoreError> {
        let (provider, secrets) = (sources.platform.provider(), &sources.world.secrets);
        let unread = || RestoreError::from(FlawKind::Key);
        let missing = self.merchants.iter();
        let missing = missing.filter(|spec| sources.world.merchants.get(spec.mchid.as_str()).is_none());
        let came = missing.map(|spec| spec.clone().build(provider, secrets).map_err(|_| unread()));
        let changes = self.merchant_changes.iter().map(|(mchid, changes)| {
            let changes = changes.clone().load(provider, secrets);
            Ok((mchid.clone(), changes.map_err(|_| unread())?))
        });
        let restored = sources.world.merchants.restored(
            came.collect::<Result<_, _>>()?,
            changes.collect::<Result<_, RestoreError>>()?,
        );
        restored.map_err(|error: MerchantError| {
            FlawKind::Merchant {
                problem: error.to_string(),
            }
            .into()
        })
    }

    /// To be called while nothing else is under way. It cannot fail.
    pub(super) fn restore(
        self,
        sources: &Sources<'_>,
        merchants: RestoredMerchants,
        certificates: CertificateSet,
        elapsed: Duration,
    ) {
        sources.world.merchants.restore(merchants);
        sources.world.orders.restore(self.orders);
        sources.world.refunds.restore(self.refunds);
        sources.world.shares.restore(self.shares);
        sources.world.subsidies.restore(self.subsidies);
        sources.world.applyments.restore(self.applyments);
        sources.world.settlements.restore(self.settlements);
        sources.world.withdrawals.restore(self.withdrawals);
        sources.world.records.restore(self.records);
        sources.world.funds.ledger.restore(self.ledger);
        sources.world.funds.set_newest_bill_day(self.newest_bill_day);
        sources.world.media.restore(self.media);
        sources.world.funds.set_for_refunds(self.refund_funds);
        sources
            .notifier
            .is_enabled
            .store(self.notify_enabled, Ordering::Relaxed);
        sources.notifier.notifications.restore(self.notifications);
        sources.world.agenda.restore(self.agenda, elapsed);
        sources.faults.restore(self.faults);
        sources.world.lints.restore(self.lints, self.told);
        sources.platform.restore(&self.keys, certificates);
        sources.world.ids.restore(&self.ids);
        sources.gateway.arrivals.store(self.arrivals, Ordering::Relaxed);
        sources.gateway.requests.count_from(self.requests);
        self.totals.restore(sources);
    }
}

impl SavedTotals {
    fn of(sources: &Sources<'_>) -> Self {
        let read = |total: &AtomicU64| total.load(Ordering::Relaxed);
        let counts = &sources.world.counts;
        Self {
            refused_signatures: read(&sources.gateway.refused_signatures),
            certificate_downloads: read(&sources.gateway.certificate_downloads),
            prepays: read(&counts.prepays),
            payments: read(&counts.payments),
            refunds: read(&counts.refunds),
            attempts: read(&sources.notifier.attempts),
        }
    }

    fn restore(&self, sources: &Sources<'_>) {
        let counts = &sources.world.counts;
        for (total, value) in [
            (&sources.gateway.refused_signatures, self.refused_signatures),
            (&sources.gateway.certificate_downloads, self.certificate_downloads),
            (&counts.prepays, self.prepays),
            (&counts.payments, self.payments),
            (&counts.refunds, self.refunds),
            (&sources.notifier.attempts, self.attempts),
        ] {
            total.store(value, Ordering::Relaxed);
        }
    }
}
