//! Payments that only the bill knows reach the handler that takes notifications.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use wechatpay_core::{
    api::{
        refunds::{Apply, RefundAmount},
        transactions::TradeState,
    },
    bills::reconcile::{Difference, Record, RefundFamily},
    idempotency::{IdempotencyError, IdempotencyStore, Limits, MemoryStore, handle},
    testing::DEMO_MCHID,
    types::{Fen, Mchid, OutTradeNo},
};
use wechatpay_sandbox::Buyer;
use wechatpay_tower::watch::{MemoryPendingStore, News, Subject, Watch};

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
