//! Runs the cases.

use std::{sync::Arc, time::Duration};

use http::Uri;
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use wechatpay_core::types::KeyId;

use super::{
    Acceptance, AcceptanceError, AcceptanceReport, Case, CaseResult, Observation, Outcome, SkipReason,
    forge::{Delivery, Notice},
    payment::{Payment, set},
    seen::Seen,
    shop::{Effects, Orders},
    wire::Wire,
};
use crate::{
    handle::engine::Engine,
    language::Text,
    notify::Sender,
    platform::SigningKey,
    world::{merchants::state::Merchant, orders::timeline::Step},
};

/// An effect may come a little after the acknowledgement, where a queue lies between.
const EFFECT_PATIENCE: Duration = Duration::from_secs(5);
/// And a second one a little after the first.
const EFFECT_SETTLES: Duration = Duration::from_millis(300);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Time limit of a slowly sent body.
const DRIP_PATIENCE: Duration = Duration::from_secs(10);
const HUGE: usize = 2 * 1024 * 1024;
const COPIES: usize = 20;
const SIX_MINUTES: i64 = 360;

pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine,
    pub(super) merchant: Arc<Merchant>,
    pub(super) uri: Uri,
    pub(super) wire: Wire<'a>,
    pub(super) orders: Option<Orders>,
    effects: Option<Effects>,
    query_within: Option<Duration>,
    /// Keys that the platform signs with.
    keys: Vec<SigningKey>,
    /// The first case's order and notification, for the cases that repeat it.
    first: Option<(String, Notice)>,
    /// True if the run uses unpaid orders that the shop placed before.
    ///
    /// This is the case when no order address was given and such orders exist.
    pub(super) takes_seen_orders: bool,
    /// True if genuine payments are acknowledged. Without that, being refused proves nothing.
    works: bool,
    /// Refusal of a genuine notification of a made-up order, if its signature was accepted.
    unknown_order: Option<Seen>,
}

/// Result of a case and the observation behind it.
struct Finding {
    outcome: Outcome,
    seen: Observation,
}

type Found = Result<Finding, AcceptanceError>;

impl Finding {
    fn judged(is_good: bool, seen: Observation) -> Self {
        Self {
            outcome: if is_good { Outcome::Passed } else { Outcome::Failed },
            seen,
        }
    }

    fn skipped(why: SkipReason) -> Self {
        Self {
            outcome: Outcome::Skipped(why),
            seen: Observation::default(),
        }
    }
}

pub(super) async fn run(acceptance: Acceptance) -> Result<AcceptanceReport, AcceptanceError> {
    let engine = Arc::clone(&acceptance.engine);
    let merchant = engine
        .world
        .merchants
        .get(&acceptance.mchid)
        .ok_or_else(|| AcceptanceError::UnknownMerchant(acceptance.mchid.clone()))?;
    let sender = if acceptance.ca.is_empty() {
        engine.notifier.notifications.sender.clone()
    } else {
        let roots = [engine.roots.as_str(), acceptance.ca.as_str()].concat();
        Sender::new(&roots).map_err(|_| AcceptanceError::Ca)?
    };
    let wire = Wire {
        engine: &engine,
        sender,
        deadline: acceptance.deadline,
    };
    let mut run = Run {
        uri: wire.judged(&acceptance.url)?,
        keys: engine.platform.keys(),
        engine: &engine,
        merchant,
        wire,
        orders: acceptance.orders,
        effects: acceptance.effects,
        query_within: acceptance.query_within,
        first: None,
        takes_seen_orders: false,
        works: false,
        unknown_order: None,
    };
    run.takes_seen_orders = run.orders.is_none() && run.seen_order().is_some();
    let mut results = Vec::new();
    for case in acceptance.cases {
        let started = Instant::now();
        let finding = run.case(case).await?;
        results.push(CaseResult {
            case,
            outcome: finding.outcome,
            seen: finding.seen,
            took: started.elapsed(),
        });
    }
    Ok(AcceptanceReport {
        url: acceptance.url,
        results,
    })
}

impl Run<'_> {
    async fn case(&mut self, case: Case) -> Found {
        let needs_a_working_one = matches!(
            case,
            Case::Repeated | Case::AtOnce | Case::Unknown | Case::RefundFirst | Case::BothKeys
        );
        if needs_a_working_one && !self.works {
            return Ok(Finding::skipped(SkipReason::Unpaid));
        }
        match case {
            Case::Genuine => self.genuine().await,
            Case::Stranger => self.stranger().await,
            Case::Repeated => self.repeated().await,
            Case::AtOnce => self.at_once().await,
            Case::Probe => self.probe().await,
            Case::ChangedBody => self.changed_body().await,
            Case::OtherKey => self.other_key().await,
            Case::OtherTime => self.other_time().await,
            Case::MissingHeaders => self.missing_headers().await,
            Case::OtherApiV3Key => self.other_api_v3_key().await,
            Case::OtherAmount => self.other_amount().await,
            Case::OtherPayee => self.other_payee().await,
            Case::Unknown => self.unknown().await,
            Case::RefundFirst => self.refund_first().await,
            Case::BothKeys => self.both_keys().await,
            Case::Bodies => self.bodies().await,
            Case::Unheard => self.unheard().await,
        }
    }

    // Cases

    async fn genuine(&mut self) -> Found {
        let Some(paid) = self.paid_order().await? else {
            return Ok(Finding::skipped(SkipReason::NoOrderLeft));
        };
        let is_known = paid.is_known;
        let notice = self.payment(paid.transaction)?;
        let seen = self.send(&notice).await?;
        if let Seen::Broken(cause) = &seen {
            return Err(AcceptanceError::Unreachable {
                url: self.uri.to_string(),
                cause: cause.clone(),
            });
        }
        let times = self.effect(&paid.out_trade_no, 1).await;
        self.works = seen.is_acknowledged();
        let is_unknown = !is_known && self.accepts_signature(&notice, &seen).await?;
        self.first = Some((paid.out_trade_no, notice));
        if is_unknown {
            self.unknown_order = Some(seen.clone());
            return Ok(Finding {
                seen: Observation::of([seen]),
                ..Finding::skipped(SkipReason::UnknownOrder)
            });
        }
        let is_good = seen.is_acknowledged() && times.is_none_or(|times| times == 1);
        Ok(Finding::judged(is_good, Observation::of([seen]).goods(times)))
    }

    /// Returns true if the signature of a refused notification was accepted.
    ///
    /// Forgeries of the same notification are sent: a receiver that checks signatures refuses them with a 4xx, and with another
    /// status than the genuine one.
    async fn accepts_signature(&self, notice: &Notice, seen: &Seen) -> Result<bool, AcceptanceError> {
        let is_refused = seen.is(|status| status.is_client_error() || status.is_server_error());
        if !is_refused || seen.is(|status| *status == http::StatusCode::UNAUTHORIZED) {
            return Ok(false);
        }
        let mut foreign = notice.clone();
        foreign.key = self.engine.platform.foreign_key(&notice.key);
        for forged in [
            notice.as_probe(self.engine).await?,
            notice.made(self.engine).await?.changed(),
            foreign.made(self.engine).await?,
        ] {
            let forged = self.deliver(forged).await;
            if !forged.is(http::StatusCode::is_client_error) || forged.status() == seen.status() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns true if a refusal may be for the made-up order, and so proves nothing.
    fn is_for_unknown_order(&self, payment_is_known: bool, seen: &Seen) -> bool {
        match &self.unknown_order {
            Some(refused) => !payment_is_known && refused.status() == seen.status(),
            None => !payment_is_known && self.takes_seen_orders && !seen.is_success(),
        }
    }

    /// Tries a notification about an order unknown to the shop.
    ///
    /// The first case shows this too; a separate delivery keeps the results apart.
    async fn stranger(&self) -> Found {
        let Some((_, notice)) = &self.first else {
            return Ok(Finding::skipped(SkipReason::NothingGenuine));
        };
        let seen = self.send(notice).await?;
        // With its signature accepted, it came as far as the shop's own code.
        let is_turned_away = self.unknown_order.is_none()
            && seen.is(|status| status.is_redirection() || matches!(status.as_u16(), 401 | 403));
        Ok(Finding::judged(!is_turned_away, Observation::of([seen])))
    }

    async fn repeated(&self) -> Found {
        let Some((number, notice)) = &self.first else {
            return Ok(Finding::skipped(SkipReason::NothingGenuine));
        };
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(self.send(notice).await?);
        }
        let times = self.effect(number, 1).await;
        let is_good = seen.iter().all(Seen::is_acknowledged) && times.is_none_or(|times| times == 1);
        Ok(Finding::judged(is_good, Observation::of(seen).goods(times)))
    }

    async fn at_once(&self) -> Found {
        let Some(paid) = self.paid_order().await? else {
            return Ok(Finding::skipped(SkipReason::NoOrderLeft));
        };
        let notice = self.payment(paid.transaction)?;
        let mut deliveries = Vec::new();
        for _ in 0..COPIES {
            deliveries.push(notice.made(self.engine).await?);
        }
        let mut sending = JoinSet::new();
        for Delivery { headers, body } in deliveries {
            let (sender, uri, deadline) = (self.wire.sender.clone(), self.uri.clone(), self.wire.deadline);
            sending.spawn(async move { super::wire::deliver(&sender, &uri, headers, body, deadline).await });
        }
        let seen = sending.join_all().await;
        let last = self.send(&notice).await?;
        let times = self.effect(&paid.out_trade_no, 1).await;
        let come_again = |seen: &Seen| seen.is(|status| matches!(status.as_u16(), 409 | 429 | 503));
        let acknowledged = seen.iter().filter(|seen| seen.is_acknowledged()).count();
        let told = seen.iter().filter(|seen| come_again(seen)).count();
        let is_good = acknowledged > 0
            && acknowledged.saturating_add(told) == seen.len()
            && last.is_acknowledged()
            && times.is_none_or(|times| times == 1);
        let others = seen.len().saturating_sub(acknowledged).saturating_sub(told);
        let seen = Observation::at_once(acknowledged, told, others, last);
        Ok(Finding::judged(is_good, seen.goods(times)))
    }

    async fn probe(&self) -> Found {
        let order = self.unpaid_order().await?;
        let notice = self.payment(order.transaction)?;
        let seen = self.deliver(notice.as_probe(self.engine).await?).await;
        self.refused(&order.out_trade_no, !seen.is_success(), Observation::of([seen]))
            .await
    }

    async fn changed_body(&self) -> Found {
        let order = self.unpaid_order().await?;
        let notice = self.payment(order.transaction)?;
        let seen = self.deliver(notice.made(self.engine).await?.changed()).await;
        self.refused(&order.out_trade_no, !seen.is_success(), Observation::of([seen]))
            .await
    }

    async fn other_key(&self) -> Found {
        let order = self.unpaid_order().await?;
        let mut notice = self.payment(order.transaction)?;
        let unknown = self.deliver(notice.with_unknown_serial(self.engine).await?).await;
        notice.key = self.engine.platform.foreign_key(&notice.key);
        let foreign = self.send(&notice).await?;
        let is_good = !unknown.is_success() && !foreign.is_success();
        let seen = Observation::default()
            .and(Text::new("an unknown serial", "未知序列号"), unknown)
            .and(
                Text::new("a stranger's key under a known one", "以已知序列号用陌生密钥签名"),
                foreign,
            );
        self.refused(&order.out_trade_no, is_good, seen).await
    }

    async fn other_time(&self) -> Found {
        let order = self.unpaid_order().await?;
        let mut notice = self.payment(order.transaction)?;
        notice.skew = -SIX_MINUTES;
        let old = self.send(&notice).await?;
        notice.skew = SIX_MINUTES;
        let early = self.send(&notice).await?;
        let is_good = !old.is_success() && !early.is_success();
        let seen = Observation::default()
            .and(Text::new("old", "过期"), old)
            .and(Text::new("ahead", "超前"), early);
        self.refused(&order.out_trade_no, is_good, seen).await
    }

    async fn missing_headers(&self) -> Found {
        let order = self.unpaid_order().await?;
        let notice = self.payment(order.transaction)?;
        let mut is_good = true;
        let mut all = Observation::default();
        for header in ["timestamp", "nonce", "serial", "signature"] {
            let delivery = notice
                .made(self.engine)
                .await?
                .without(&format!("wechatpay-{header}"));
            let seen = self.deliver(delivery).await;
            is_good &= seen.is(http::StatusCode::is_client_error);
            all = all.and(Text::new(header, header), seen);
        }
        self.refused(&order.out_trade_no, is_good, all).await
    }

    async fn other_api_v3_key(&self) -> Found {
        let order = self.unpaid_order().await?;
        let is_known = order.is_known;
        let mut notice = self.payment(order.transaction)?;
        notice.aead = self
            .engine
            .platform
            .foreign_aead()
            .ok_or(AcceptanceError::Cryptography)?;
        let seen = self.send(&notice).await?;
        if self.is_for_unknown_order(is_known, &seen) {
            return Ok(self.unjudged());
        }
        self.refused(&order.out_trade_no, !seen.is_success(), Observation::of([seen]))
            .await
    }

    async fn other_amount(&self) -> Found {
        let mut paid = self.unpaid_order().await?;
        let less = paid.total.saturating_sub(1);
        set(&mut paid.transaction, &["amount", "total"], json!(less));
        set(&mut paid.transaction, &["amount", "payer_total"], json!(less));
        self.contradiction(vec![(Text::new("one fen less", "少一分"), paid)])
            .await
    }

    async fn other_payee(&self) -> Found {
        let mut payee = self.unpaid_order().await?;
        let is_partner = payee.transaction.get("sub_mchid").is_some();
        let mut app = self.unpaid_order().await?;
        let (merchant_key, app_key) = if is_partner {
            ("sub_mchid", "sp_appid")
        } else {
            ("mchid", "appid")
        };
        set(&mut payee.transaction, &[merchant_key], json!("1999999999"));
        set(&mut app.transaction, &[app_key], json!("wx0000000000000000"));
        let mut all = vec![
            (Text::new("another payee", "其他收款方"), payee),
            (Text::new("another app", "其他 appid"), app),
        ];
        if is_partner {
            let mut platform = self.unpaid_order().await?;
            set(&mut platform.transaction, &["sp_mchid"], json!("1999999998"));
            all.push((Text::new("another platform", "其他服务商"), platform));
        }
        self.contradiction(all).await
    }

    async fn unknown(&self) -> Found {
        let (Some(paid), Some(second), Some(third)) = (
            self.paid_order().await?,
            self.paid_order().await?,
            self.paid_order().await?,
        ) else {
            return Ok(Finding::skipped(SkipReason::NoOrderLeft));
        };
        let mut kind = self.payment(paid.transaction)?;
        kind.event_type = "SANDBOX.ADDED_LATER";
        kind.original_type = "added_later";
        let kind = self.send(&kind).await?;

        let mut paid = second;
        set(
            &mut paid.transaction,
            &["added_later"],
            json!({"deep": [1, null]}),
        );
        let mut field = self.payment(paid.transaction)?;
        field.extra = Some(("added_later", json!(["x"])));
        let field = self.send(&field).await?;

        let mut paid = third;
        set(&mut paid.transaction, &["trade_type"], json!("ADDED_LATER"));
        set(&mut paid.transaction, &["bank_type"], json!("ADDED_LATER_DEBIT"));
        let value = self.send(&self.payment(paid.transaction)?).await?;

        let is_good = kind.is_meant() && field.is_acknowledged() && value.is_acknowledged();
        let seen = Observation::default()
            .and(Text::new("kind", "事件类型"), kind)
            .and(Text::new("field", "字段"), field)
            .and(Text::new("value", "取值"), value);
        Ok(Finding::judged(is_good, seen))
    }

    async fn refund_first(&self) -> Found {
        let Some(paid) = self.paid_order().await? else {
            return Ok(Finding::skipped(SkipReason::NoOrderLeft));
        };
        let refund = Notice::refund(self.engine, &self.merchant, self.key()?, self.refund(&paid));
        let refunded = self.send(&refund).await?;
        let payment = self.send(&self.payment(paid.transaction)?).await?;
        // Whether refunded goods go out is the shop's to decide; twice is never right.
        let times = self.effect(&paid.out_trade_no, 0).await;
        let is_good = refunded.is_meant() && payment.is_meant() && times.is_none_or(|times| times <= 1);
        let seen = Observation::default()
            .and(Text::new("refund", "退款"), refunded)
            .and(Text::new("payment", "支付"), payment);
        Ok(Finding::judged(is_good, seen.goods(times)))
    }

    async fn both_keys(&self) -> Found {
        if self.keys.len() < 2 {
            return Ok(Finding::skipped(SkipReason::OneKindOfKey));
        }
        let mut is_good = true;
        let mut all = Observation::default();
        for key in self.keys.iter().chain(&self.keys) {
            let Some(paid) = self.paid_order().await? else {
                return Ok(Finding::skipped(SkipReason::NoOrderLeft));
            };
            let mut notice = self.payment(paid.transaction)?;
            notice.key = key.clone();
            let seen = self.send(&notice).await?;
            is_good &= seen.is_acknowledged();
            let kind = match key.id {
                KeyId::PublicKey(_) => Text::new("public key", "公钥"),
                KeyId::Certificate(_) => Text::new("certificate", "证书"),
            };
            all = all.and(kind, seen);
        }
        Ok(Finding::judged(is_good, all))
    }

    async fn bodies(&self) -> Found {
        let paid = self.unpaid_order().await?;
        let mut notice = self.payment(paid.transaction)?;
        let small = notice.made(self.engine).await?;
        notice.extra = Some(("padding", json!("x".repeat(HUGE))));
        let huge = self.send(&notice).await?;
        let slow = self
            .wire
            .drip(&self.uri, &small.headers, &small.body, DRIP_PATIENCE)
            .await;
        // A connection that is closed on a body too long is a refusal too.
        let is_good =
            !huge.is_success() && huge != Seen::TooLate && slow != Seen::TooLate && !slow.is_success();
        let seen = Observation::default()
            .and(Text::new("2 MiB", "2 MiB"), huge)
            .and(Text::new("dripping", "缓慢发送"), slow);
        Ok(Finding::judged(is_good, seen))
    }

    async fn unheard(&self) -> Found {
        let (Some(patience), Some(_)) = (self.query_within, &self.orders) else {
            return Ok(Finding::skipped(SkipReason::NoQueryTime));
        };
        let Some(paid) = self.paid_order().await? else {
            return Ok(Finding::skipped(SkipReason::NoOrderLeft));
        };
        let key = self.order_key(&paid.out_trade_no);
        let started = Instant::now();
        loop {
            let is_queried = self.engine.world.orders.change(&key, |order| {
                order.timeline.iter().any(|entry| entry.step == Step::Queried)
            });
            if is_queried == Some(true) {
                let times = self.effect(&paid.out_trade_no, 1).await;
                let seen = Observation::queried(started.elapsed().as_secs_f64());
                let is_good = times.is_none_or(|times| times == 1);
                return Ok(Finding::judged(is_good, seen.goods(times)));
            }
            if started.elapsed() >= patience {
                return Ok(Finding::judged(
                    false,
                    Observation::not_queried(patience.as_secs()),
                ));
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    // What cases are made of

    /// Forged, so it must change nothing either.
    async fn refused(&self, out_trade_no: &str, is_refused: bool, seen: Observation) -> Found {
        let times = self.effect(out_trade_no, 0).await;
        let is_good = is_refused && times.is_none_or(|times| times == 0);
        let shown = times.filter(|times| *times > 0);
        Ok(Finding::judged(is_good, seen.goods(shown)))
    }

    /// Genuine to the last bit, and about something else than the shop's order.
    async fn contradiction(&self, all: Vec<(Text, Payment)>) -> Found {
        let mut shown = Observation::default();
        let mut is_good = true;
        let mut is_open = false;
        for (what, paid) in all {
            let seen = self.send(&self.payment(paid.transaction)?).await?;
            if self.is_for_unknown_order(paid.is_known, &seen) {
                return Ok(self.unjudged());
            }
            let times = self.effect(&paid.out_trade_no, 0).await;
            match times {
                Some(times) => is_good &= times == 0,
                None => is_open |= seen.is_success(),
            }
            shown = shown.and(what, seen).goods(times);
        }
        if is_good && is_open {
            return Ok(Finding::skipped(SkipReason::NoEffect));
        }
        Ok(Finding::judged(is_good, shown))
    }

    /// A refusal proves nothing without an order that the shop knows.
    fn unjudged(&self) -> Finding {
        Finding::skipped(if self.takes_seen_orders {
            SkipReason::NoOrderLeft
        } else {
            SkipReason::UnknownOrder
        })
    }

    fn key(&self) -> Result<SigningKey, AcceptanceError> {
        self.keys.first().cloned().ok_or(AcceptanceError::Cryptography)
    }

    fn payment(&self, transaction: Value) -> Result<Notice, AcceptanceError> {
        Ok(Notice::payment(
            self.engine,
            &self.merchant,
            self.key()?,
            transaction,
        ))
    }

    async fn send(&self, notice: &Notice) -> Result<Seen, AcceptanceError> {
        Ok(self.deliver(notice.made(self.engine).await?).await)
    }

    async fn deliver(&self, Delivery { headers, body }: Delivery) -> Seen {
        super::wire::deliver(&self.wire.sender, &self.uri, headers, body, self.wire.deadline).await
    }

    /// Number of deliveries, once it reaches `wanted` or no longer changes.
    async fn effect(&self, out_trade_no: &str, wanted: u64) -> Option<u64> {
        let effects = self.effects.as_ref()?;
        let started = Instant::now();
        while effects.of(&self.wire, out_trade_no).await? < wanted && started.elapsed() < EFFECT_PATIENCE {
            sleep(LOOK_AGAIN).await;
        }
        sleep(EFFECT_SETTLES).await;
        effects.of(&self.wire, out_trade_no).await
    }
}
