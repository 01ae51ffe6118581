//! Payments by code: charge, query, reversal.

use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, sleep, timeout};
use wechatpay_core::{
    api::transactions::{TradeState, Transaction},
    notify::{Expectation, Mismatch},
    verify::Verified,
};

use super::{
    CodePay, CodePayError, CodePayment, NotPaid, StillUnknown, order,
    step::{Course, Over, Seen, Step},
};
use crate::{CallError, Client, client::Outcome};

/// Default time in which the payer can enter the password.
const PATIENCE: Duration = Duration::from_secs(45);
/// Interval between two queries that the pages recommend.
const INTERVAL: Duration = Duration::from_secs(5);
/// Default time after which a call gives up.
const LIMIT: Duration = Duration::from_secs(120);

/// Payments by code of one merchant. Cheap to clone.
///
/// See the [module](crate::code_pay) for the contract.
#[derive(Clone, Debug)]
pub struct CodePayments {
    client: Client,
    patience: Duration,
    interval: Duration,
    limit: Duration,
}

impl CodePayments {
    /// Creates payments that are sent by this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            client,
            patience: PATIENCE,
            interval: INTERVAL,
            limit: LIMIT,
        }
    }

    /// Sets the time in which the payer can enter the password. Default: 45 s.
    ///
    /// After it the order is reversed, but not earlier than 15 s after the charge.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sets the interval between two queries. Default: 5 s, as the pages recommend.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the time after which a call gives up with [`StillUnknown`]. Default: 2 minutes.
    ///
    /// It counts from the start of the call. Take more than the patience and more than a minute, or an order that is not
    /// paid stays unknown.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Charges a payer's code, and returns when it is known whether the order is paid.
    ///
    /// # Errors
    /// See [`CodePayError`]. After [`StillUnknown`] call [`settle`](Self::settle).
    ///
    /// # Cancel safety
    /// Dropping the future leaves the order in any state: call [`settle`](Self::settle) for it.
    pub async fn pay<P: CodePay>(&self, pay: &P) -> Result<CodePayment, CodePayError> {
        let expected = pay.expectation().ok_or(CodePayError::NoApp)?;
        let mut run = Run::new(self, &expected, self.patience, false);
        match self.client.call(pay).await {
            Ok(order) if is_paid(&order) && order::is_complete(&order, expected.payee()) => {
                return run.paid(order);
            }
            // What has an end is queried at once, because a query compares every member.
            Ok(order) if !is_open(&order.trade_state) => {}
            Ok(order) => {
                run.state = Some(order.trade_state.clone());
                run.wait(self.interval).await;
            }
            Err(error) => match error.outcome() {
                Outcome::NotSent => return Ok(CodePayment::NotPaid(NotPaid::NotSent(Box::new(error)))),
                Outcome::Refused => {
                    run.course.is_refused = true;
                    run.refused = Some(Box::new(error));
                }
                Outcome::Unknown => {
                    run.charge = Some(error);
                    run.wait(self.interval).await;
                }
            },
        }
        run.end().await
    }

    /// Continues the payment of an order after a crash, a dropped call or [`StillUnknown`].
    ///
    /// Queries the order, and reverses it if it is not paid. Charges nothing. An order that is paid takes two queries,
    /// because a reversal of the earlier call may still be on its way; one that the platform does not know takes a
    /// minute.
    ///
    /// # Errors
    /// See [`CodePayError`]. After [`StillUnknown`] call it again.
    ///
    /// # Cancel safety
    /// As of [`pay`](Self::pay).
    pub async fn settle(&self, order: &Expectation) -> Result<CodePayment, CodePayError> {
        Run::new(self, order, Duration::ZERO, true).end().await
    }
}

/// One call for one order.
struct Run<'a> {
    payments: &'a CodePayments,
    expected: &'a Expectation,
    started: Instant,
    course: Course,
    /// Refusal of the charge.
    refused: Option<Box<CallError>>,
    /// Error of the charge without a usable response.
    charge: Option<CallError>,
    /// Latest error of a query or a reversal.
    latest: Option<CallError>,
    /// State at the latest query.
    state: Option<TradeState>,
}

impl<'a> Run<'a> {
    fn new(
        payments: &'a CodePayments,
        expected: &'a Expectation,
        patience: Duration,
        is_resumed: bool,
    ) -> Self {
        Self {
            payments,
            expected,
            started: Instant::now(),
            course: Course::new(patience, payments.interval, is_resumed),
            refused: None,
            charge: None,
            latest: None,
            state: None,
        }
    }

    /// Queries and reverses the order until it has an end.
    async fn end(mut self) -> Result<CodePayment, CodePayError> {
        while !self.left().is_zero() {
            let (seen, found) = self.look().await?;
            let step = self.course.step(seen, self.started.elapsed());
            match (step, found) {
                (Step::Paid | Step::Mismatch, Some(order)) => return self.paid(order),
                // A decision about an order follows from a query that found it.
                (Step::Paid | Step::Mismatch, None) => self.wait(self.payments.interval).await,
                (Step::Over(over), _) => return Ok(CodePayment::NotPaid(self.not_paid(over))),
                (Step::Reverse, _) => self.reverse().await,
                (Step::Wait(pause), _) => self.wait(pause).await,
            }
        }
        Err(CodePayError::StillUnknown(Box::new(StillUnknown {
            out_trade_no: self.expected.out_trade_no().clone(),
            charge: self.charge,
            latest: self.latest,
            state: self.state,
        })))
    }

    /// Queries the order, and compares it with the expected one unless it is paid.
    async fn look(&mut self) -> Result<(Seen, Option<Verified<Transaction>>), CodePayError> {
        let query = order::query(&self.payments.client, self.expected);
        let order = match timeout(self.left(), query).await {
            Ok(Ok(order)) => order,
            Ok(Err(error)) if is_missing(&error) => {
                (self.latest, self.state) = (None, None);
                return Ok((Seen::Missing, None));
            }
            Ok(Err(error)) => {
                self.latest = Some(error);
                return Ok((Seen::Unclear, None));
            }
            Err(_) => return Ok((Seen::Unclear, None)),
        };
        self.latest = None;
        self.state = Some(order.trade_state.clone());
        let seen = match &order.trade_state {
            TradeState::Success => Seen::Paid,
            TradeState::Refund => Seen::Refunded,
            TradeState::PayError => Seen::Over(Over::Failed),
            TradeState::Closed => Seen::Over(Over::Closed),
            TradeState::Revoked => Seen::Over(Over::Reversed),
            state if is_open(state) => Seen::Open,
            _ => Seen::Unclear,
        };
        // Never reverse, and never report as over, what is somebody else's order.
        if matches!(seen, Seen::Open | Seen::Over(_))
            && let Err(mismatch) = self.expected.check(order.clone())
            && !mismatch.is_only_unpaid()
        {
            return Err(self.mismatch(mismatch));
        }
        Ok((seen, Some(order)))
    }

    async fn reverse(&mut self) {
        tracing::info!(
            target: "wechatpay::code_pay",
            out_trade_no = %self.expected.out_trade_no(),
            "the order is not paid in time and is reversed"
        );
        // Whatever becomes of it: it may be carried out from now on.
        let was_reversed = std::mem::replace(&mut self.course.may_be_reversed, true);
        let reversal = order::reverse(&self.payments.client, self.expected);
        match timeout(self.left(), reversal).await {
            Ok(Ok(_)) => self.course.is_answered = true,
            Ok(Err(error)) => {
                if error.outcome() != Outcome::Unknown {
                    self.course.may_be_reversed = was_reversed;
                }
                self.course.is_answered |= is_missing(&error);
                self.latest = Some(error);
            }
            Err(_) => {}
        }
        self.course.reversed_at = Some(self.started.elapsed());
    }

    /// Compares a payment with the expected one.
    fn paid(self, order: Verified<Transaction>) -> Result<CodePayment, CodePayError> {
        let paid = match self.expected.check(order) {
            Ok(paid) => Box::new(paid),
            Err(mismatch) => return Err(self.mismatch(mismatch)),
        };
        match self.refused {
            Some(refused) => Err(CodePayError::AlreadyPaid { paid, refused }),
            None => Ok(CodePayment::Paid(paid)),
        }
    }

    fn mismatch(&self, mismatch: Mismatch) -> CodePayError {
        CodePayError::Mismatch {
            out_trade_no: self.expected.out_trade_no().clone(),
            mismatch,
        }
    }

    fn not_paid(self, over: Over) -> NotPaid {
        let refused = self.refused;
        match (over, refused) {
            (Over::Refused, Some(error)) => NotPaid::Refused(error),
            (Over::Refused, None) | (Over::NeverArrived, _) => NotPaid::NeverArrived,
            (Over::Closed, _) => NotPaid::Closed,
            (Over::Failed, refused) => NotPaid::Failed { refused },
            (Over::Reversed, refused) => NotPaid::Reversed { refused },
        }
    }

    fn left(&self) -> Duration {
        self.payments.limit.saturating_sub(self.started.elapsed())
    }

    async fn wait(&self, pause: Duration) {
        sleep(pause.min(self.left())).await;
    }
}

fn is_paid(order: &Transaction) -> bool {
    order.trade_state == TradeState::Success
}

/// Returns `true` for the states of an order that may still be paid.
fn is_open(state: &TradeState) -> bool {
    matches!(
        state,
        TradeState::NotPay | TradeState::UserPaying | TradeState::Accept
    )
}

/// Returns `true` if the platform knows no such order.
fn is_missing(error: &CallError) -> bool {
    error.outcome() == Outcome::Refused
        && error
            .api()
            .is_some_and(|api| api.status() == StatusCode::NOT_FOUND && api.is("ORDER_NOT_EXIST"))
}
