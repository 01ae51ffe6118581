//! Payments that only the bill knows reach the handler that takes notifications.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use wechatpay_core::{
    api::{
        combine::{CombineAmount, CombinedState, NativePrepay, SubOrder},
        refunds::{Apply, RefundAmount},
        transactions::TradeState,
    },
    bills::reconcile::{Difference, Record, RefundFamily},
    idempotency::{IdempotencyError, IdempotencyStore, Limits, MemoryStore, handle},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID},
    types::{CombineOutTradeNo, Fen, Mchid, OutTradeNo},
};
use wechatpay_sandbox::Buyer;
use wechatpay_tower::watch::{
    End, Entry, MemoryPendingStore, News, Pending, PendingStore as _, Phase, Subject, Watch,
};

use crate::bill_day::Shop;

/// The one handler of all sources: it writes the shop's books.
async fn learn(
    store: &Arc<dyn IdempotencyStore>,
    books: &Mutex<Vec<Record>>,
    news: News,
) -> Result<(), IdempotencyError<Infallible>> {
    let event = news.event().clone();
    let limits = Limits::default();
    let handled = handle(store, &event, &limits, async |_context| {
        let record = match news.subject() {
            Subject::Combined(whole) if whole.state() == CombinedState::Paid => {
                let paid = whole.sub_orders.iter().map(|order| {
                    let total = order.amount.as_ref().unwrap().total_amount.unwrap();
                    Record::payment(order.out_trade_no.as_str(), total)
                });
                books.lock().unwrap().extend(paid);
                return Ok(());
            }
            Subject::Payment(payment) if payment.trade_state == TradeState::Success => {
                let total = payment.amount.as_ref().unwrap().total.unwrap();
                Record::payment(payment.out_trade_no.as_str(), total)
            }
            Subject::Refund(refund) => {
                Record::refund(refund.out_refund_no.as_str(), refund.refund, &refund.status)
            }
            other => panic!("{other:?}"),
        };
        books.lock().unwrap().push(record);
        Ok(())
    });
    handled.await.map(drop)
}

#[tokio::test]
async fn what_only_the_bill_knows_reaches_the_handler_once_and_the_next_bill_matches() {
    let mut shop = Shop::open().await;
    shop.sell("ORDER-0001", 990).await;
    // The shop forgets this order, and a refund of the other: registered nowhere, and no notification came.
    shop.place("ORDER-0002", 4500).await;
    shop.sandbox.pay("ORDER-0002", Buyer::Alice).unwrap();
    let order: OutTradeNo = "ORDER-0001".parse().unwrap();
    let amount = RefundAmount::cny(Fen::from(300), Fen::from(990));
    let apply = Apply::new(order, "REFUND-0001".parse().unwrap(), amount);
    shop.client.call(&apply).await.unwrap();
    shop.pass().await;
    shop.sandbox.clock().next_day_at("10:05").await.unwrap();

    let store: Arc<dyn IdempotencyStore> = Arc::new(MemoryStore::new());
    let watch = Watch::new(shop.client.clone(), Arc::new(MemoryPendingStore::new()));
    let (_, report) = shop.reconcile(None).await;
    let merchant: Mchid = DEMO_MCHID.parse().unwrap();
    let found: Vec<_> = report.to_recheck(&merchant, RefundFamily::Ordinary).collect();
    let keys: Vec<String> = found.iter().map(|pending| pending.key.to_string()).collect();
    assert_eq!(
        keys,
        [
            format!("{DEMO_MCHID}/order/ORDER-0002"),
            format!("{DEMO_MCHID}/refund/REFUND-0001")
        ]
    );

    let books = Mutex::new(Vec::new());
    // Whoever reconciles twice in a row asks twice, and the handler runs once.
    for known in [false, true] {
        for pending in &found {
            assert_eq!(watch.recheck(pending).await.unwrap(), known);
        }
        let looks = watch.run_due(async |news| learn(&store, &books, news).await);
        assert_eq!(looks.await.unwrap(), 2);
    }
    let learned = books.into_inner().unwrap();
    assert_eq!(learned.len(), 2, "{learned:?}");

    shop.books.extend(learned);
    let (_, report) = shop.reconcile(None).await;
    let states: Vec<&Difference> = report.differences().iter().collect();
    assert!(report.is_clean(), "{states:?}");
    assert_eq!(report.to_recheck(&merchant, RefundFamily::Ordinary).count(), 0);
}

#[tokio::test]
async fn a_sub_order_that_only_the_bill_knows_needs_a_look_which_says_what_to_do() {
    let mut shop = Shop::open().await;
    let merchant: Mchid = DEMO_MCHID.parse().unwrap();
    let whole: CombineOutTradeNo = "WHOLE-1".parse().unwrap();
    let sub_order = |name: &str, total: u32| {
        let amount = CombineAmount::cny(Fen::from(total));
        let sub: Mchid = DEMO_SUB_MCHID.parse().unwrap();
        SubOrder::new(merchant.clone(), "x", amount, name.parse().unwrap(), "x").sub_mchid(sub)
    };
    let orders = vec![sub_order("ITEM-1", 30), sub_order("ITEM-2", 70)];
    let appid = DEMO_APPID.parse().unwrap();
    let url = "https://shop.example/wechatpay/notify";
    let order = NativePrepay::new(appid, merchant.clone(), whole.clone(), orders, url);
    shop.client.call(&order).await.unwrap();
    shop.sandbox.pay("WHOLE-1", Buyer::Alice).unwrap();
    shop.sandbox.clock().next_day_at("10:05").await.unwrap();

    let store: Arc<dyn IdempotencyStore> = Arc::new(MemoryStore::new());
    let pending_store = MemoryPendingStore::new();
    let watch = Watch::new(shop.client.clone(), Arc::new(pending_store.clone()));
    let books = Mutex::new(Vec::new());
    let look = async || {
        let looks = watch.run_due(async |news| learn(&store, &books, news).await);
        looks.await.unwrap()
    };
    let (_, report) = shop.reconcile(None).await;
    let found: Vec<_> = report.to_recheck(&merchant, RefundFamily::Ecommerce).collect();
    for pending in &found {
        watch.recheck(pending).await.unwrap();
    }
    assert_eq!((found.len(), look().await), (2, 2));
    let listed = pending_store.need_look(10).await.unwrap();
    assert_eq!(listed.len(), 2);
    for difference in report.differences() {
        let is_it = |entry: &&Entry| entry.key.number() == &*difference.number;
        let note = listed.iter().find(is_it).unwrap().note.as_deref().unwrap();
        let payment = difference.transaction_id.as_ref().unwrap();
        assert!(note.contains(payment.as_str()), "{note}");
        assert!(note.contains("sub-order of a combined order"), "{note}");
        assert!(note.contains("recheck Pending::combined"), "{note}");
    }
    assert!(books.lock().unwrap().is_empty());

    // A person does what the note says.
    let combined = Pending::combined(merchant.clone(), &whole);
    watch.recheck(&combined).await.unwrap();
    assert_eq!(look().await, 1);
    for pending in &found {
        let note = "part of WHOLE-1";
        watch.give_up(&pending.key, note).await.unwrap();
        let entry = pending_store.entry(&pending.key).await.unwrap().unwrap();
        assert_eq!(entry.phase, Phase::Ended(End::Closed));
    }
    assert!(pending_store.need_look(10).await.unwrap().is_empty());
    shop.books.extend(books.into_inner().unwrap());
    let (_, report) = shop.reconcile(None).await;
    assert!(report.is_clean(), "{report}");
}
