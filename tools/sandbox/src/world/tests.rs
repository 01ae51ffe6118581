//! A world without HTTP, for the tests of its rooms.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use wechatpay_core::{
    crypto::default_provider,
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
};

use super::{
    Event, Rules, World,
    clock::{Agenda, MANUAL_START, Manual, Moment, Next, Source},
    funds::ledger::Account,
    lock,
    merchants::{document::MerchantSpec, table::Merchants},
    orders::{
        self,
        buyer::Buyer,
        key::OrderKey,
        scene::{Family, Scene},
        state::{Order, OrderState, Session, SubParty},
    },
    random::Ids,
    schedule,
};

/// Time until refunds and the like succeed.
pub(super) const SETTLED: Duration = Duration::from_secs(60);

/// The demo merchant's world, with a clock that is turned by hand.
pub(super) struct TestWorld {
    world: World,
    manual: Manual,
    told: Arc<Mutex<Vec<String>>>,
}

impl Deref for TestWorld {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl TestWorld {
    pub(super) fn new() -> Self {
        let provider = default_provider().unwrap();
        let manual = Manual::new(MANUAL_START);
        let demo = MerchantSpec::demo(false).unwrap();
        let demo = demo.build(provider.as_ref(), &Ids::from_seed(1)).unwrap();
        let world = World::new(
            Rules {
                settle_delay: SETTLED,
                max_share_ratio: 3_000,
            },
            manual.clock(),
            Agenda::new(Source::Manual(manual.clone())),
            Ids::from_seed(2),
            Ids::from_seed(3),
            provider,
            Merchants::new(vec![demo]),
        );
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&told);
        world.set_listeners(vec![Box::new(move |_, event| {
            lock(&listener).extend(in_words(event));
        })]);
        Self { world, manual, told }
    }

    /// Turns the clock, and carries out what is due on the way.
    pub(super) fn pass(&self, span: Duration) {
        let end = Moment::of_second(self.clock.now()).after(span);
        loop {
            while let Next::Do(ticket, due) = self.agenda.next() {
                schedule::carry_out(self, due);
                self.agenda.done(ticket, None);
            }
            match self.agenda.next_moment() {
                Some(next) if next <= end => self.manual.turn_to(next),
                _ => break,
            }
        }
        self.manual.turn_to(end);
    }

    /// An order of the demo merchant, not placed yet.
    pub(super) fn order(&self, number: &str, total: i64) -> Order {
        let now = self.clock.now();
        Order {
            key: OrderKey::order(DEMO_MCHID, number),
            family: Family::Direct,
            scene: Scene::Native,
            appid: String::new(),
            sub: None,
            request: json!({}).into(),
            description: String::new(),
            attach: None,
            notify_url: String::new(),
            total,
            device_id: None,
            openid: None,
            sub_openid: None,
            created_at: now,
            expires_at: now + 86_400,
            state: OrderState::NotPay,
            sessions: vec![Session {
                prepay_id: format!("prepay-{number}"),
                code: None,
                package: None,
                created_at: now,
            }],
            payment: None,
            profit_sharing: false,
            sharing_finished: false,
            subsidy_amount: None,
            combination: None,
            items: Vec::new(),
            timeline: Vec::new(),
        }
    }

    /// The same of the demo sub-merchant, with profit sharing.
    pub(super) fn order_of_sub(&self, number: &str, total: i64) -> Order {
        Order {
            sub: Some(SubParty {
                mchid: DEMO_SUB_MCHID.to_owned(),
                appid: None,
            }),
            profit_sharing: true,
            ..self.order(number, total)
        }
    }

    /// The order once it is placed and paid.
    pub(super) fn paid(&self, order: Order) -> Order {
        let (key, now) = (order.key.clone(), self.clock.now());
        self.orders.place(vec![order], now).unwrap();
        orders::pay(self, &key, Buyer::Alice, None).unwrap();
        self.orders.get(&key, now).unwrap()
    }

    pub(super) fn balance(&self, owner: &str) -> i64 {
        self.funds.ledger.balance(owner, Account::Basic)
    }

    /// Events since the last call, except payments.
    pub(super) fn told(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.told))
    }
}

fn in_words(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Refund(refund) => format!("refund {}", refund.state),
        Event::Share { detail, .. } => format!("share {}", detail.result),
        Event::ShareReturned { returned, .. } => format!("return {}", returned.result),
        Event::Withdrawal(withdrawal) => format!("withdrawal {}", withdrawal.state),
        Event::Record(record) => format!("{} {}", record.key.kind, record.state),
        Event::Applyment(applyment) => format!("applyment {}", applyment.state),
        Event::Expired(key) => format!("expired {}", key.out_trade_no),
        _ => return None,
    })
}
