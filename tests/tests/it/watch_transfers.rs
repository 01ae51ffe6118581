//! The watch over transfers to users: either source comes first, none is sent twice.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use wechatpay_core::{
    api::{
        ecommerce_transfers,
        transfers::{Cancel, Create, OutBillNo, ReportInfo},
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{Fen, Mchid},
};
use wechatpay_sandbox::{Account, Fault, RecordKind, Sandbox};
use wechatpay_tower::watch::{End, Entry, Pending, PendingStore as _, Phase};

use crate::watch::{FIRST, HOUR, Shop, ended, merchant};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn bill() -> OutBillNo {
    "T1".parse().unwrap()
}

/// A shop with money, at a sandbox whose users confirm nothing by themselves.
async fn shop() -> Arc<Shop> {
    let shop = Shop::of(Sandbox::builder().settle_delay(DAY), DEMO_MCHID).await;
    shop.sandbox.top_up(DEMO_MCHID, Account::Basic, Fen::from(10_000));
    shop
}

impl Shop {
    async fn create(&self) -> bool {
        let create = Create::new(
            DEMO_APPID.parse().unwrap(),
            bill(),
            "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap(),
            Fen::from(500),
            "有礼",
            "1000",
            vec![ReportInfo::new("活动名称", "新会员有礼")],
        );
        let create = create.notify_url(self.notify_url.clone());
        self.wechatpay.client().call(&create).await.is_ok()
    }

    /// Registers a transfer, and creates it.
    async fn transfer(&self) -> Pending {
        let pending = Pending::transfer(merchant(), &bill());
        assert!(self.watch.register(&pending).await.unwrap());
        assert!(self.create().await);
        pending
    }

    fn settle(&self, to: &str, reason: Option<&str>) {
        let facts = reason.map_or(Value::Null, |reason| json!({ "fail_reason": reason }));
        self.sandbox
            .settle_record(RecordKind::Transfer, "T1", to, facts)
            .unwrap();
    }

    fn transfers(&self) -> usize {
        self.sandbox.records(RecordKind::Transfer).len()
    }

    async fn entry(&self, pending: &Pending) -> Entry {
        self.pending.entry(&pending.key).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn the_notification_of_a_transfer_ends_its_watch_and_a_query_is_then_a_repeat() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    shop.settle("SUCCESS", None);
    shop.notified("T1").await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    let requests = shop.requests();
    assert_eq!((shop.later(HOUR).await, shop.requests()), (0, requests));
    assert!(shop.watch.recheck(&pending).await.unwrap());
    assert_eq!(shop.later(Duration::ZERO).await, 1);
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    assert_eq!(shop.taken(), ["transfer/T1/SUCCESS"]);
}

#[tokio::test]
async fn a_transfer_is_found_by_a_query_and_its_notification_is_a_repeat() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    for state in [None, Some("TRANSFERING")] {
        if let Some(state) = state {
            shop.settle(state, None);
        }
        assert_eq!(shop.later(HOUR).await, 1);
        assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    }
    shop.settle("SUCCESS", None);
    assert_eq!(shop.later(HOUR).await, 1);
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    shop.notified("T1").await;
    assert_eq!(shop.taken(), ["transfer/T1/SUCCESS"]);
}

#[tokio::test]
async fn a_transfer_is_cancelled_when_the_platform_is_certain_and_not_before() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    shop.wechatpay.client().call(&Cancel::new(bill())).await.unwrap();
    assert_eq!(shop.later(FIRST).await, 1);
    assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    shop.settle("CANCELLED", Some("MERCHANT_REJECT"));
    assert_eq!(shop.later(HOUR).await, 1);
    assert_eq!(shop.phase(&pending.key).await, ended(End::Closed));
    shop.notified("T1").await;
    assert_eq!(shop.taken(), ["transfer/T1/CANCELLED"]);
}

#[tokio::test]
async fn a_user_who_confirms_while_it_is_cancelled_has_the_money() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    shop.wechatpay.client().call(&Cancel::new(bill())).await.unwrap();
    shop.settle("SUCCESS", None);
    assert_eq!(shop.later(FIRST).await, 1);
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    assert_eq!(shop.taken(), ["transfer/T1/SUCCESS"]);
}

#[tokio::test]
async fn a_transfer_that_no_user_confirmed_in_time_fails_and_is_not_sent_again() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    for _ in 0..24 {
        shop.later(HOUR).await;
    }
    assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    shop.settle("FAIL", Some("OVERDUE_CLOSE"));
    shop.later(HOUR).await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Failed));
    assert_eq!(shop.taken(), ["transfer/T1/FAIL"]);
    let posts = shop
        .sandbox
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!((posts, shop.transfers()), (1, 1));
}

#[tokio::test]
async fn a_transfer_without_an_end_needs_a_look() {
    let shop = shop().await;
    let pending = shop.transfer().await;
    shop.later(Pending::LIFETIME).await;
    let entry = shop.entry(&pending).await;
    assert_eq!(entry.phase, ended(End::NeedsLook));
    assert!(entry.note.unwrap().contains("still in progress"));
    // It ends after all, and a person need not look any more.
    shop.settle("SUCCESS", None);
    shop.notified("T1").await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
}

#[tokio::test]
async fn a_transfer_whose_creation_was_lost_is_looked_for_and_found_under_its_own_number() {
    let shop = shop().await;
    let pending = Pending::transfer(merchant(), &bill());
    shop.watch.register(&pending).await.unwrap();
    shop.sandbox
        .fault(Fault::Status(500).on("POST /v3/fund-app/**").always());
    assert!(!shop.create().await);
    shop.later(FIRST).await;
    assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    shop.later(Pending::LIFETIME).await;
    let entry = shop.entry(&pending).await;
    assert_eq!(entry.phase, ended(End::NeedsLook));
    let note = entry.note.unwrap();
    assert!(note.contains("do not send it under another number"), "{note}");
    assert_eq!((shop.transfers(), shop.taken().len()), (0, 0));

    shop.sandbox.clear_faults();
    assert!(shop.create().await);
    shop.settle("SUCCESS", None);
    assert!(shop.watch.recheck(&pending).await.unwrap());
    shop.later(Duration::ZERO).await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    assert_eq!(shop.taken(), ["transfer/T1/SUCCESS"]);
}

#[tokio::test]
async fn a_transfer_of_a_sub_merchant_is_one_event_from_either_source() {
    let shop = shop().await;
    let sub: Mchid = DEMO_SUB_MCHID.parse().unwrap();
    let client = shop.wechatpay.client();
    let time = "2015-05-20T13:29:35+08:00".parse().unwrap();
    let agreement = ecommerce_transfers::Agreement::new("1", "20230101", "示例有限责任公司", time);
    let authorize = ecommerce_transfers::Authorize::new(sub.clone(), vec![agreement]);
    client.call(&authorize).await.unwrap();
    let settle = |kind, number: &str, to: &str| {
        let settled = shop.sandbox.settle_record(kind, number, to, Value::Null);
        settled.unwrap();
    };
    let authorization = RecordKind::EcommerceTransferAuthorization;
    settle(authorization, DEMO_SUB_MCHID, "AUTHORIZED");
    shop.sandbox
        .top_up(DEMO_SUB_MCHID, Account::Basic, Fen::from(1_000));
    let numbers = ["T1", "T2"];
    let pending =
        numbers.map(|number| Pending::ecommerce_transfer(merchant(), sub.clone(), &number.parse().unwrap()));
    for (number, pending) in numbers.iter().zip(&pending) {
        shop.watch.register(pending).await.unwrap();
        let create = ecommerce_transfers::Create::new(
            sub.clone(),
            DEMO_APPID.parse().unwrap(),
            number.parse().unwrap(),
            "1000",
            "o-MYE42l80oelYMDE34nYD456Xoy".parse().unwrap(),
            Fen::from(400),
            "有礼",
        );
        let create = create.notify_url(shop.notify_url.clone());
        client.call(&create).await.unwrap();
    }
    assert_eq!(shop.later(FIRST).await, 2);
    // The first is told before it is asked for, and the second after.
    settle(RecordKind::EcommerceTransfer, "T1", "SUCCESS");
    shop.notified("T1").await;
    settle(RecordKind::EcommerceTransfer, "T2", "SUCCESS");
    assert_eq!(shop.later(HOUR).await, 1);
    shop.notified("T2").await;
    for pending in &pending {
        assert_eq!(shop.phase(&pending.key).await, ended(End::Finished));
    }
    assert_eq!(shop.taken(), ["transfer/T1/SUCCESS", "transfer/T2/SUCCESS"]);
}
