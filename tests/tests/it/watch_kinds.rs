//! The watch over combined orders, shares, their returns and withdrawals, whose notifications are lost.

use std::{sync::Mutex, time::Duration};

use wechatpay_core::{
    api::{
        combine::{self, CombineAmount, SubOrder},
        funds::{AccountType, CalculateAmountType, Withdraw, WithdrawDayEndBalance, WithdrawForSub},
        prepay::{NativePrepay, PartnerNativePrepay, SettleInfo},
        profit_sharing::{
            self, ReceiverType,
            ecommerce::{AddReceiver, Receiver, RelationType, ReturnShare, Share},
        },
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, DemoKey},
    types::{
        ApiV3Key, CombineOutTradeNo, Fen, Mchid, OutOrderNo, OutReturnNo, TransactionId, WithdrawRequestNo,
    },
};
use wechatpay_sandbox::{
    Account, Buyer, MerchantKind, MerchantSpec, OrderState, Sandbox, ShareFailure, WithdrawalState,
};
use wechatpay_tower::watch::{End, Pending, PendingStore as _, Phase, Subject};

use crate::watch::{FIRST, HOUR, MINUTE, Shop, ended, merchant, number};

const RECEIVER: &str = "1900000110";
const OTHER_RECEIVER: &str = "1900000111";

fn sub() -> Mchid {
    DEMO_SUB_MCHID.parse().unwrap()
}

impl Shop {
    /// Registers a combined order of two, and places it.
    async fn combined(&self, name: &str, lifetime: Duration) -> Pending {
        let whole: CombineOutTradeNo = name.parse().unwrap();
        let pending = Pending::combined(merchant(), &whole).lifetime(lifetime);
        assert!(self.watch.register(&pending).await.unwrap());
        let sub_order = |name: &str, total: u32| {
            let amount = CombineAmount::cny(Fen::from(total));
            SubOrder::new(merchant(), "x", amount, number(name), "x").sub_mchid(sub())
        };
        let orders = vec![sub_order("ITEM-1", 30), sub_order("ITEM-2", 70)];
        let appid = DEMO_APPID.parse().unwrap();
        let order = combine::NativePrepay::new(appid, merchant(), whole, orders, self.notify_url.clone());
        self.wechatpay.client().call(&order).await.unwrap();
        pending
    }

    /// Places an order whose money is to be shared, pays it, and adds the receivers.
    async fn to_share(&self) -> TransactionId {
        let order = PartnerNativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            merchant(),
            sub(),
            "x",
            number("ORDER-1"),
            self.notify_url.clone(),
            Fen::from(10_000),
        );
        let order = order.settle_info(SettleInfo::profit_sharing());
        self.wechatpay.client().call(&order).await.unwrap();
        for receiver in [RECEIVER, OTHER_RECEIVER] {
            let add = AddReceiver::new(ReceiverType::MerchantId, receiver, RelationType::Supplier);
            self.wechatpay
                .client()
                .call(&add.name("某某有限公司"))
                .await
                .unwrap();
        }
        let paid = self.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
        paid.transaction_id.unwrap().parse().unwrap()
    }

    /// Registers a share and asks for it.
    async fn share(&self, payment: &TransactionId, name: &str, receivers: &[&str]) -> Pending {
        let share: OutOrderNo = name.parse().unwrap();
        let pending = Pending::ecommerce_share(merchant(), sub(), payment, &share);
        assert!(self.watch.register(&pending).await.unwrap());
        let receivers = receivers
            .iter()
            .map(|account| Receiver::new(ReceiverType::MerchantId, *account, Fen::from(100), "commission"));
        let share = Share::new(sub(), payment.clone(), share, receivers.collect(), false);
        self.wechatpay.client().call(&share).await.unwrap();
        pending
    }

    /// Looks every hour until it has its end.
    async fn end_of(&self, pending: &Pending) -> End {
        for _ in 0..100 {
            self.later(HOUR).await;
            if let Phase::Ended(end) = self.phase(&pending.key).await {
                return end;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} has no end", pending.key);
    }
}

#[tokio::test]
async fn a_combined_payment_is_found_by_a_query_and_its_notification_is_a_repeat() {
    let shop = Shop::start().await;
    let pending = shop.combined("WHOLE-1", HOUR).await;
    shop.sandbox.pay("WHOLE-1", Buyer::Alice).unwrap();
    assert_eq!(shop.later(FIRST).await, 1);
    assert_eq!(shop.phase(&pending.key).await, ended(End::Paid));
    shop.notified("WHOLE-1").await;
    assert_eq!(shop.taken(), ["combined/WHOLE-1/SUCCESS"]);
    assert_eq!(shop.later(HOUR).await, 0);
}

#[tokio::test]
async fn the_notification_of_a_combined_payment_ends_its_watch_without_a_query() {
    let shop = Shop::start().await;
    let pending = shop.combined("WHOLE-1", HOUR).await;
    shop.sandbox.pay("WHOLE-1", Buyer::Alice).unwrap();
    shop.notified("WHOLE-1").await;
    let requests = shop.requests();
    assert_eq!(shop.later(HOUR).await, 0);
    assert_eq!(
        (shop.requests(), shop.phase(&pending.key).await),
        (requests, ended(End::Paid))
    );
    assert_eq!(shop.taken(), ["combined/WHOLE-1/SUCCESS"]);
}

#[tokio::test]
async fn a_combined_order_that_nobody_pays_is_closed_with_all_of_its_orders() {
    let shop = Shop::start().await;
    let pending = shop.combined("WHOLE-1", 10 * MINUTE).await;
    for _ in 0..10 {
        assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
        shop.later(MINUTE).await;
    }
    assert_eq!(shop.phase(&pending.key).await, Phase::Closing);
    shop.later(MINUTE).await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::Closed));
    for order in ["WHOLE-1", "ITEM-1", "ITEM-2"] {
        assert_eq!(shop.sandbox.order(order).unwrap().state, OrderState::Closed);
    }
    assert_eq!(shop.taken(), ["combined/WHOLE-1/CLOSED"]);
}

#[tokio::test]
async fn a_combined_order_that_is_paid_in_part_needs_a_look() {
    let shop = Shop::start().await;
    let pending = shop.combined("WHOLE-1", HOUR).await;
    shop.sandbox.pay("WHOLE-1", Buyer::Alice).unwrap();
    shop.sandbox.force_order("ITEM-2", OrderState::Closed).unwrap();
    shop.later(FIRST).await;
    assert_eq!(shop.phase(&pending.key).await, ended(End::NeedsLook));
    let listed = shop.pending.need_look(10).await.unwrap();
    assert!(listed[0].note.as_ref().unwrap().contains("paid in part"));
    assert_eq!(shop.taken(), ["combined/WHOLE-1/MIXED"]);
}

#[tokio::test]
async fn a_share_and_its_return_are_found_by_queries_and_a_receiver_that_got_nothing_is_seen() {
    let shop = Shop::start().await;
    let payment = shop.to_share().await;
    let good = shop.share(&payment, "SHARE-1", &[RECEIVER]).await;
    let bad = shop.share(&payment, "SHARE-2", &[RECEIVER, OTHER_RECEIVER]).await;
    shop.sandbox
        .fail_share("SHARE-2", OTHER_RECEIVER, ShareFailure::AccountAbnormal);
    assert_eq!(shop.later(FIRST).await, 2);
    assert_eq!(shop.phase(&bad.key).await, Phase::Watching);
    assert_eq!(shop.end_of(&good).await, End::Finished);

    let unpaid = Mutex::new(Vec::new());
    shop.watch.recheck(&bad).await.unwrap();
    let looked = shop.watch.run_due(async |news| {
        if let Subject::EcommerceShare(share) = news.subject() {
            let names = share.unpaid().filter_map(|one| one.receiver_account.as_ref());
            unpaid
                .lock()
                .unwrap()
                .extend(names.map(|name| name.as_str().to_owned()));
        }
        shop.learn(news).await.map(drop)
    });
    assert_eq!(looked.await.unwrap(), 1);
    assert_eq!(unpaid.into_inner().unwrap(), [OTHER_RECEIVER]);
    assert_eq!(shop.phase(&bad.key).await, ended(End::Failed));

    let (share, back): (OutOrderNo, OutReturnNo) = ("SHARE-1".parse().unwrap(), "BACK-1".parse().unwrap());
    let pending = Pending::ecommerce_share_return(merchant(), sub(), &share, &back);
    shop.watch.register(&pending).await.unwrap();
    let back = ReturnShare::new(sub(), share, back, RECEIVER.parse().unwrap(), Fen::from(100), "x");
    shop.wechatpay.client().call(&back).await.unwrap();
    assert_eq!(shop.end_of(&pending).await, End::Finished);
    let mut taken = shop.taken();
    taken.sort();
    assert_eq!(
        taken,
        [
            "share-return/BACK-1/SUCCESS",
            "share/SHARE-1/FINISHED",
            "share/SHARE-2/FINISHED"
        ]
    );
}

/// Shares a payment in the ordinary family, takes a share back and releases the rest.
///
/// One receiver gets nothing.
async fn share_and_take_back(shop: &Shop, caller: &str, payment: TransactionId, sub: Option<Mchid>) {
    let client = shop.wechatpay.client();
    let caller_id: Mchid = caller.parse().unwrap();
    for receiver in [RECEIVER, OTHER_RECEIVER] {
        let mut add = profit_sharing::AddReceiver::new(
            DEMO_APPID.parse().unwrap(),
            ReceiverType::MerchantId,
            receiver,
            profit_sharing::RelationType::Partner,
        )
        .name("某某有限公司");
        add.sub_mchid = sub.clone();
        client.call(&add).await.unwrap();
    }
    let [good, bad, rest] =
        ["SHARE-1", "SHARE-2", "REST-1"].map(|number| number.parse::<OutOrderNo>().unwrap());
    let watched = |number| Pending::share(caller_id.clone(), sub.clone(), &payment, number);
    let [good_share, bad_share, release] = [watched(&good), watched(&bad), watched(&rest)];
    for (pending, number, receivers) in [
        (&good_share, &good, &[RECEIVER][..]),
        (&bad_share, &bad, &[RECEIVER, OTHER_RECEIVER]),
    ] {
        assert!(shop.watch.register(pending).await.unwrap());
        let receiver = |account: &&str| {
            let (kind, fen) = (ReceiverType::MerchantId, Fen::from(100));
            profit_sharing::Receiver::new(kind, *account, fen, "分账")
        };
        let receivers = receivers.iter().map(receiver).collect();
        let mut share = profit_sharing::Share::new(payment.clone(), number.clone(), receivers, false);
        share.sub_mchid = sub.clone();
        client.call(&share).await.unwrap();
    }
    assert!(
        shop.sandbox
            .fail_share_of(caller, "SHARE-2", OTHER_RECEIVER, ShareFailure::AccountAbnormal)
    );
    assert_eq!(shop.later(FIRST).await, 2);
    assert_eq!(shop.phase(&bad_share.key).await, Phase::Watching);
    assert_eq!(shop.end_of(&good_share).await, End::Finished);
    assert_eq!(shop.end_of(&bad_share).await, End::Failed);

    let back: OutReturnNo = "BACK-1".parse().unwrap();
    let returned = Pending::share_return(caller_id.clone(), sub.clone(), &good, &back);
    shop.watch.register(&returned).await.unwrap();
    let receiver = RECEIVER.parse().unwrap();
    let mut back = profit_sharing::ReturnShare::new(good, back, receiver, Fen::from(40), "退");
    back.sub_mchid = sub.clone();
    client.call(&back).await.unwrap();
    assert_eq!(shop.end_of(&returned).await, End::Finished);

    shop.watch.register(&release).await.unwrap();
    let mut unfreeze = profit_sharing::Unfreeze::new(payment, rest, "解冻");
    unfreeze.sub_mchid = sub;
    client.call(&unfreeze).await.unwrap();
    assert_eq!(shop.end_of(&release).await, End::Finished);

    let mut taken = shop.taken();
    taken.sort();
    assert_eq!(
        taken,
        [
            "share-return/BACK-1/SUCCESS",
            "share/REST-1/FINISHED",
            "share/SHARE-1/FINISHED",
            "share/SHARE-2/FINISHED",
        ]
    );
}

#[tokio::test]
async fn shares_and_returns_of_a_merchants_own_money_are_found_by_queries() {
    let shop = Shop::start().await;
    let order = NativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        merchant(),
        "x",
        number("ORDER-1"),
        shop.notify_url.clone(),
        Fen::from(10_000),
    );
    let order = order.settle_info(SettleInfo::profit_sharing());
    shop.wechatpay.client().call(&order).await.unwrap();
    let paid = shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    let payment = paid.transaction_id.unwrap().parse().unwrap();
    share_and_take_back(&shop, DEMO_MCHID, payment, None).await;
}

#[tokio::test]
async fn shares_and_returns_of_a_service_providers_merchant_are_found_by_queries() {
    const PROVIDER: &str = "1900000002";
    let sub: Mchid = "1900000201".parse().unwrap();
    let key = ApiV3Key::parse("AnotherDemoApiV3Key0123456789abc").unwrap();
    let provider = MerchantSpec::new(PROVIDER.parse().unwrap(), key)
        .kind(MerchantKind::ServiceProvider)
        .appid(DEMO_APPID.parse().unwrap())
        .sub_merchant(sub.clone(), [])
        .demo_key("4F2E".parse().unwrap(), DemoKey::OtherMerchant);
    let shop = Shop::of(Sandbox::builder().merchant(provider), PROVIDER).await;
    let order = PartnerNativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        PROVIDER.parse().unwrap(),
        sub.clone(),
        "x",
        number("ORDER-1"),
        shop.notify_url.clone(),
        Fen::from(10_000),
    );
    let order = order.settle_info(SettleInfo::profit_sharing());
    shop.wechatpay.client().call(&order).await.unwrap();
    let paid = shop.sandbox.pay("ORDER-1", Buyer::Alice).unwrap();
    let payment = paid.transaction_id.unwrap().parse().unwrap();
    share_and_take_back(&shop, PROVIDER, payment, Some(sub)).await;
}

#[tokio::test]
async fn withdrawals_are_found_by_queries_and_money_that_a_bank_returns_by_either_source() {
    let shop = Shop::start().await;
    let client = shop.wechatpay.client();
    let fen = Fen::from(500);
    for (owner, account) in [(DEMO_SUB_MCHID, Account::Basic), (DEMO_MCHID, Account::Operation)] {
        shop.sandbox.top_up(owner, account, Fen::from(10_000));
    }
    let numbers = ["W1", "W2", "W3"];
    let [first, second, third] = numbers.map(|number| number.parse::<WithdrawRequestNo>().unwrap());
    let of_sub = Pending::withdrawal(merchant(), Some(sub()), &first);
    let own = Pending::withdrawal(merchant(), None, &second);
    let of_day = Pending::day_end_withdrawal(merchant(), sub(), &third);
    for pending in [&of_sub, &own, &of_day] {
        assert!(shop.watch.register(pending).await.unwrap());
    }
    let url = shop.notify_url.clone();
    let withdraw = WithdrawForSub::new(sub(), first, fen).notify_url(url.clone());
    client.call(&withdraw).await.unwrap();
    let withdraw = Withdraw::new(second, fen, AccountType::Operation).notify_url(url);
    client.call(&withdraw).await.unwrap();
    let withdraw = WithdrawDayEndBalance::new(sub(), third, CalculateAmountType::AllowCurrentBalance);
    client.call(&withdraw).await.unwrap();
    assert_eq!(shop.later(FIRST).await, 3);
    for pending in [&of_sub, &own, &of_day] {
        assert_eq!(shop.phase(&pending.key).await, Phase::Watching);
    }
    for pending in [&of_sub, &own, &of_day] {
        assert_eq!(shop.end_of(pending).await, End::Finished);
    }
    shop.notified("W1").await;
    let known = [
        "withdrawal/W1/SUCCESS",
        "withdrawal/W2/SUCCESS",
        "withdrawal/W3/FINISHED",
    ];
    let mut taken = shop.taken();
    taken.sort();
    assert_eq!(taken, known);

    // The bank returns two of them. One notification comes, and the other is lost.
    for number in ["W1", "W2"] {
        shop.sandbox
            .settle_withdrawal(number, WithdrawalState::Refund, Some("退票"))
            .unwrap();
    }
    shop.notified("W1").await;
    assert_eq!(shop.phase(&of_sub.key).await, ended(End::Refunded));
    assert_eq!(shop.later(HOUR).await, 0);
    assert!(shop.watch.recheck(&own).await.unwrap());
    assert_eq!(shop.later(Duration::ZERO).await, 1);
    assert_eq!(shop.phase(&own.key).await, ended(End::Refunded));
    assert_eq!(
        shop.taken()[known.len()..],
        ["withdrawal/W1/REFUND", "withdrawal/W2/REFUND"]
    );
}
