//! A day of a shop in a sandbox, and the morning after.

use std::time::Duration;

use wechatpay_core::{
    BoxError,
    api::{
        prepay::NativePrepay,
        refunds::{Apply, Query, RefundAmount},
        transactions::{Close, QueryByOutTradeNo, TradeState},
    },
    bills::reconcile::Record,
    types::{Appid, BillDate, Fen, Mchid, OutRefundNo, OutTradeNo},
};
use wechatpay_sandbox::{Buyer, Sandbox};
use wechatpay_tower::{Client, WechatPay};

/// Results of the demo's day.
pub(crate) struct Day {
    pub(crate) client: Client,
    pub(crate) date: BillDate,
    pub(crate) records: Vec<Record>,
    /// Serves the bill until it is dropped.
    _sandbox: Sandbox,
}

/// Plays a day: two paid orders, one of them refunded twice, and a closed one.
pub(crate) async fn play() -> Result<Day, BoxError> {
    let sandbox = Sandbox::builder()
        .manual_clock()
        .notify_enabled(false)
        .start()
        .await?;
    let shop = Shop::new(&sandbox)?;
    let clock = sandbox.clock();
    let minute = Duration::from_secs(60);

    for (number, total) in [("ORDER-0001", 990), ("ORDER-0002", 4_500), ("ORDER-0003", 1_280)] {
        shop.place(number, total).await?;
        clock.advance(minute).await?;
    }
    sandbox.pay("ORDER-0001", Buyer::Alice)?;
    sandbox.pay("ORDER-0002", Buyer::Alice)?;
    for (refund, amount) in [("REFUND-0001", 300), ("REFUND-0002", 690)] {
        shop.give_back(refund, amount).await?;
        clock.advance(minute).await?;
    }
    shop.close("ORDER-0003").await?;

    // What the shop believes is what the gateway told it.
    let mut records = Vec::new();
    for order in ["ORDER-0001", "ORDER-0002", "ORDER-0003"] {
        records.push(shop.order(order).await?);
    }
    for refund in ["REFUND-0001", "REFUND-0002"] {
        records.push(shop.refund(refund).await?);
    }
    clock.next_day_at("10:05").await?;
    Ok(Day {
        client: shop.client,
        date: clock.yesterday().parse()?,
        records,
        _sandbox: sandbox,
    })
}

struct Shop {
    client: Client,
    appid: Appid,
    mchid: Mchid,
}

impl Shop {
    /// The demo merchant.
    fn new(sandbox: &Sandbox) -> Result<Self, BoxError> {
        let settings = sandbox.config().validate()?;
        Ok(Self {
            client: WechatPay::new(&settings)?.client().clone(),
            appid: settings.appid.clone().ok_or("the demo merchant has an app")?,
            mchid: settings.mchid.clone(),
        })
    }

    async fn place(&self, number: &str, total: i64) -> Result<(), BoxError> {
        let order = NativePrepay::new(
            self.appid.clone(),
            self.mchid.clone(),
            "桂花乌龙 50 克",
            number.parse()?,
            "https://shop.example/wechatpay/notify",
            Fen::new(total)?,
        );
        self.client.call(&order).await?;
        Ok(())
    }

    async fn close(&self, number: &str) -> Result<(), BoxError> {
        let close = Close::new(self.mchid.clone(), number.parse()?);
        self.client.call(&close).await?;
        Ok(())
    }

    /// Gives a part of the first order back.
    async fn give_back(&self, number: &str, amount: i64) -> Result<(), BoxError> {
        let order: OutTradeNo = "ORDER-0001".parse()?;
        let number: OutRefundNo = number.parse()?;
        let amount = RefundAmount::cny(Fen::new(amount)?, Fen::new(990)?);
        self.client.call(&Apply::new(order, number, amount)).await?;
        Ok(())
    }

    async fn order(&self, number: &str) -> Result<Record, BoxError> {
        let query = QueryByOutTradeNo::new(self.mchid.clone(), number.parse()?);
        let order = self.client.call(&query).await?;
        let total = order.amount.as_ref().and_then(|amount| amount.total);
        Ok(match order.trade_state {
            TradeState::Success | TradeState::Refund => {
                Record::payment(number, total.ok_or("a paid order has an amount")?)
            }
            _ => Record::unpaid(number, total.unwrap_or_default()),
        })
    }

    async fn refund(&self, number: &str) -> Result<Record, BoxError> {
        let refund = self.client.call(&Query::new(number.parse()?)).await?;
        Ok(Record::refund(number, refund.amount.refund, &refund.status))
    }
}
