//! A shop's day, and its trade bill on the next morning.
//!
//! Orders, refunds and a closed order; the bill is downloaded, verified and compared with the shop's books.

use std::{path::Path, time::Duration};

use wechatpay_core::{
    api::{
        bills::{
            BillAccount, BillAlgorithm, BillFile, BillType, EncryptedBills, GetEcommerceFundFlowBill,
            GetFundFlowBill, GetSubMerchantFundFlowBill, GetTradeBill, TarType,
        },
        prepay::{NativePrepay, PartnerNativePrepay},
        refunds::{Apply, Query, RefundAmount, RefundStatus},
        transactions::{Close, QueryByOutTradeNo, TradeState},
    },
    bills::{
        FundFlowReader, FundFlowTotals, TradeBillReader, TradeTotals,
        reconcile::{DifferenceKind, Reconciler, Record, Report, Subject},
    },
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, FakePlatform},
    types::Fen,
    verify::Verifier,
};
use wechatpay_sandbox::{Buyer, Sandbox};
use wechatpay_tests::tools::scratch;
use wechatpay_tower::{
    Client,
    download::{Download, DownloadError},
    hyper::HyperTransport,
};

const MINUTE: Duration = Duration::from_secs(60);

pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    /// The shop's records of each response.
    pub(crate) books: Vec<Record>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let sandbox = Sandbox::builder()
            .pages(wechatpay_dashboard::pages)
            .manual_clock()
            .notify_enabled(false)
            .start()
            .await
            .unwrap();
        let platform = FakePlatform::new().clock(sandbox.core_clock());
        let client = Client::builder(platform.request_signer())
            .base_url(sandbox.base_url())
            .service(
                HyperTransport::new().unwrap(),
                Verifier::new(platform.key_store()).clock(sandbox.core_clock()),
            )
            .unwrap();
        Self {
            sandbox,
            client,
            books: Vec::new(),
        }
    }

    pub(crate) async fn place(&self, number: &str, total: i64) {
        let order = NativePrepay::new(
            DEMO_APPID.parse().unwrap(),
            DEMO_MCHID.parse().unwrap(),
            "茶, 绿茶",
            number.parse().unwrap(),
            "https://shop.example/wechatpay/notify",
            Fen::new(total).unwrap(),
        );
        self.client.call(&order).await.unwrap();
        self.pass().await;
    }

    pub(crate) async fn sell(&mut self, number: &str, total: i64) {
        self.place(number, total).await;
        self.sandbox.pay(number, Buyer::Alice).unwrap();
        let query = QueryByOutTradeNo::new(DEMO_MCHID.parse().unwrap(), number.parse().unwrap());
        let order = self.client.call(&query).await.unwrap();
        assert_eq!(order.trade_state, TradeState::Success);
        let paid = order.amount.as_ref().unwrap().total.unwrap();
        self.books.push(Record::payment(number, paid));
    }

    pub(crate) async fn give_back(&mut self, order: &str, total: i64, number: &str, amount: i64) {
        let amount = RefundAmount::cny(Fen::new(amount).unwrap(), Fen::new(total).unwrap());
        let order: wechatpay_core::types::OutTradeNo = order.parse().unwrap();
        let apply = Apply::new(order, number.parse().unwrap(), amount);
        self.client.call(&apply).await.unwrap();
        self.pass().await;
        // Accepted is not paid back: the query tells, as the notification does.
        let query = Query::new(number.parse().unwrap());
        let refund = self.client.call(&query).await.unwrap();
        assert_eq!(refund.status, RefundStatus::Success);
        self.books
            .push(Record::refund(number, refund.amount.refund, &refund.status));
    }

    async fn close(&mut self, number: &str, total: i64) {
        let close = Close::new(DEMO_MCHID.parse().unwrap(), number.parse().unwrap());
        self.client.call(&close).await.unwrap();
        self.books.push(Record::unpaid(number, Fen::new(total).unwrap()));
    }

    pub(crate) async fn pass(&self) {
        self.sandbox.clock().advance(MINUTE).await.unwrap();
    }

    async fn ask(&self) -> BillFile {
        let day = self.sandbox.clock().yesterday().parse().unwrap();
        let bill = GetTradeBill::new(day)
            .bill_type(BillType::All)
            .tar_type(TarType::Gzip);
        BillFile::clone(&*self.client.call(&bill).await.unwrap())
    }

    /// Asks, downloads, verifies, and compares with the books but for one number.
    pub(crate) async fn reconcile(&self, without: Option<&str>) -> (TradeTotals, Report) {
        let bill = self.ask().await;
        let mut comparer = Reconciler::new();
        let known = |record: &&Record| Some(record.number()) != without;
        comparer.extend(self.books.iter().filter(known).cloned());
        let (reader, comparer) = self
            .client
            .download(&bill)
            .fold((TradeBillReader::new(), comparer), |(reader, comparer), bytes| {
                Ok(reader.feed(bytes, |row| comparer.row(row))?)
            })
            .await
            .unwrap();
        (*reader.finish().unwrap().totals(), comparer.finish())
    }
}

/// A day with an order refunded twice, a paid one, and a closed one.
///
/// The clock stands at five past ten of the next day.
async fn day() -> Shop {
    let mut shop = Shop::open().await;
    shop.sell("ORDER-0001", 990).await;
    shop.sell("ORDER-0002", 4500).await;
    shop.place("ORDER-0003", 1280).await;
    shop.give_back("ORDER-0001", 990, "REFUND-0001", 300).await;
    shop.give_back("ORDER-0001", 990, "REFUND-0002", 690).await;
    for _ in 0..5 {
        shop.pass().await;
    }
    shop.close("ORDER-0003", 1280).await;
    shop.sandbox.clock().next_day_at("10:05").await.unwrap();
    shop
}

#[tokio::test]
async fn a_day_is_reconciled_and_what_is_missing_is_named() {
    let shop = day().await;
    let (totals, report) = shop.reconcile(None).await;
    println!("{report}");
    assert!(report.is_clean());
    assert_eq!(totals.count, 4, "two payments and two refunds");
    assert_eq!(
        (totals.order.fen(), totals.requested_refund.fen()),
        (Fen::new(5490).ok(), Fen::new(990).ok())
    );
    assert_eq!((report.payments().matched, report.refunds().matched), (2, 2));

    for (lost, subject, amount) in [
        ("ORDER-0002", Subject::Payment, 4500),
        ("REFUND-0001", Subject::Refund, 300),
    ] {
        let (_, report) = shop.reconcile(Some(lost)).await;
        println!("{report}");
        let [difference] = report.differences() else {
            panic!("{report}");
        };
        assert_eq!(difference.kind, DifferenceKind::MissingHere);
        assert_eq!((difference.subject, &*difference.number), (subject, lost));
        assert_eq!((difference.here, difference.there), (None, Fen::new(amount).ok()));
        assert!(report.to_string().contains(lost));
    }
    // An order that was closed is in no bill: not to know of it makes no difference.
    assert!(shop.reconcile(Some("ORDER-0003")).await.1.is_clean());
}

#[tokio::test]
async fn an_address_is_good_for_minutes_and_for_its_own_file() {
    let shop = day().await;
    let folder = scratch("bill-day");
    let left = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    let bill = shop.ask().await;
    let saved = shop
        .client
        .download(&bill)
        .save_to(folder.join("bill.csv"))
        .await
        .unwrap();
    let text = std::fs::read_to_string(saved.path()).unwrap();
    assert!(text.contains("`ORDER-0001,") && text.contains("`REFUND-0002,") && !text.contains("ORDER-0003"));
    assert_eq!(left(&folder), 1);

    for _ in 0..6 {
        shop.pass().await;
    }
    let expired = shop.client.download(&bill).save_to(folder.join("late.csv")).await;
    assert!(matches!(expired, Err(DownloadError::Expired(_))), "{expired:?}");
    assert_eq!(left(&folder), 1, "neither a file nor a part of one");
}

/// Every row of a fund-flow bill, once its digest and its totals are right.
async fn flow(download: Download<'_>) -> FundFlowTotals {
    let reader = download
        .fold(FundFlowReader::new(), |reader, bytes| {
            reader.feed(bytes, |_| Ok(()))
        })
        .await
        .unwrap();
    *reader.finish().unwrap().totals()
}

/// The only part of an encrypted bill.
///
/// Its ciphertext stays in the folder until its tag was checked.
async fn sealed(shop: &Shop, bills: &EncryptedBills, folder: &Path) -> FundFlowTotals {
    let [part] = bills.parts().unwrap()[..] else {
        panic!("a small bill has one part");
    };
    flow(shop.client.download_part(part).temp_dir(folder)).await
}

#[tokio::test]
async fn every_kind_of_bill_is_downloaded_and_adds_up() {
    let mut shop = Shop::open().await;
    shop.sell("ORDER-0001", 990).await;
    shop.give_back("ORDER-0001", 990, "REFUND-0001", 300).await;
    let order = PartnerNativePrepay::new(
        DEMO_APPID.parse().unwrap(),
        DEMO_MCHID.parse().unwrap(),
        DEMO_SUB_MCHID.parse().unwrap(),
        "茶, 绿茶",
        "ORDER-0002".parse().unwrap(),
        "https://shop.example/wechatpay/notify",
        Fen::from(500),
    );
    shop.client.call(&order).await.unwrap();
    shop.sandbox.pay("ORDER-0002", Buyer::Alice).unwrap();
    shop.sandbox.clock().next_day_at("10:05").await.unwrap();
    let day = || shop.sandbox.clock().yesterday().parse().unwrap();
    let folder = scratch("bill-kinds");

    for packed in [false, true] {
        for (kind, rows) in [(BillType::All, 3), (BillType::Success, 2), (BillType::Refund, 1)] {
            let mut bill = GetTradeBill::new(day()).bill_type(kind);
            if packed {
                bill = bill.tar_type(TarType::Gzip);
            }
            let bill = shop.client.call(&bill).await.unwrap();
            let reader = shop
                .client
                .download(&bill)
                .fold(TradeBillReader::new(), |reader, bytes| {
                    reader.feed(bytes, |_| Ok(()))
                })
                .await
                .unwrap();
            assert_eq!(reader.finish().unwrap().totals().count, rows);
        }

        // What moved on the merchant's own account: 9.90 and its fee, and 3.00 less the fee that came back.
        let mut bill = GetFundFlowBill::new(day());
        if packed {
            bill = bill.tar_type(TarType::Gzip);
        }
        let bill = shop.client.call(&bill).await.unwrap();
        let totals = flow(shop.client.download(&bill)).await;
        assert_eq!(
            (totals.income.fen(), totals.expense.fen()),
            (Fen::new(990).ok(), Fen::new(304).ok())
        );

        // And on its sub-merchant's, encrypted for the merchant: 5.00 and its fee.
        let (sub, aes) = (DEMO_SUB_MCHID.parse().unwrap(), BillAlgorithm::Aes256Gcm);
        let mut bill = GetSubMerchantFundFlowBill::new(sub, day(), BillAccount::Basic, aes.clone());
        if packed {
            bill = bill.tar_type(TarType::Gzip);
        }
        let bills = shop.client.call(&bill).await.unwrap();
        let totals = sealed(&shop, &bills, &folder).await;
        assert_eq!(
            (totals.income.fen(), totals.expense.fen()),
            (Fen::new(500).ok(), Fen::new(3).ok())
        );

        let mut bill = GetEcommerceFundFlowBill::new(day(), BillAccount::All, aes);
        if packed {
            bill = bill.tar_type(TarType::Gzip);
        }
        let bills = shop.client.call(&bill).await.unwrap();
        assert_eq!(sealed(&shop, &bills, &folder).await, totals);
    }
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        0,
        "no ciphertext is left"
    );
}
