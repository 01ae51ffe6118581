//! An order for the page, with its times and the source of the payment.

use serde::Serialize;
use wechatpay_core::types::{DateTime, Fen, OutRefundNo, OutTradeNo, TransactionId};

use crate::{
    order::{Heard, LearnedFrom, Order, OrderStatus, Scene},
    refund::RefundState,
    reply::Reply,
    shop::Shop,
};

#[derive(Serialize)]
struct Receipt<'a> {
    out_trade_no: &'a OutTradeNo,
    scene: Scene,
    description: &'a str,
    total: Fen,
    refunded: Fen,
    refundable: Fen,
    status: OrderStatus,
    created_at: DateTime,
    fulfilled: u32,
    payment: Option<ReceiptPayment<'a>>,
    refunds: Vec<ReceiptRefund<'a>>,
    heard: &'a [Heard],
}

#[derive(Serialize)]
struct ReceiptPayment<'a> {
    transaction_id: &'a TransactionId,
    learned_from: LearnedFrom,
    learned_at: DateTime,
}

#[derive(Serialize)]
struct ReceiptRefund<'a> {
    out_refund_no: &'a OutRefundNo,
    amount: Fen,
    state: RefundState,
}

impl Shop {
    /// `GET /orders/{out_trade_no}/receipt`: an order for the page.
    ///
    /// Programs read [`order`](Self::order).
    pub async fn receipt(&self, number: &str) -> Reply {
        match self.find(number).await {
            Ok(order) => receipt_reply(&order),
            Err(error) => error.into_reply(),
        }
    }
}

fn receipt_reply(order: &Order) -> Reply {
    Reply::json(
        200,
        &Receipt {
            out_trade_no: &order.out_trade_no,
            scene: order.scene,
            description: &order.description,
            total: order.total,
            refunded: order.refunded(),
            refundable: order.refundable(),
            status: order.status,
            created_at: order.created_at,
            fulfilled: order.fulfilled,
            payment: order.payment.as_ref().map(|payment| ReceiptPayment {
                transaction_id: &payment.transaction_id,
                learned_from: payment.learned_from,
                learned_at: payment.learned_at,
            }),
            refunds: order
                .refunds
                .iter()
                .map(|refund| ReceiptRefund {
                    out_refund_no: &refund.out_refund_no,
                    amount: refund.amount,
                    state: refund.state,
                })
                .collect(),
            heard: &order.heard,
        },
    )
}
