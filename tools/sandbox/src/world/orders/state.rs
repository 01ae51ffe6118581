//! One order: its states and its deadlines.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::world::{
    body::Body,
    orders::{
        buyer::Buyer,
        key::OrderKey,
        scene::{Family, Scene},
        timeline::{OrderSnapshot, Step, TimelineEntry},
    },
};

/// Lifetime of a `prepay_id` or `code_url`, in seconds.
const PREPAY_SECONDS: i64 = 2 * 3600;
/// Lifetime of an `h5_url`, in seconds.
const H5_SECONDS: i64 = 5 * 60;
/// An unpaid order is closed after this time, and no `time_expire` reaches further.
pub(crate) const ORDER_SECONDS: i64 = 7 * 24 * 3600;
/// A `time_expire` that is nearer than this is moved to it.
pub(crate) const MIN_EXPIRE_SECONDS: i64 = 60;

/// Sessions kept per order; of more, the oldest are lost.
const MAX_SESSIONS: usize = 100;
/// Maximum number of entries of a timeline.
const MAX_TIMELINE: usize = 500;

/// State of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderState {
    /// Not paid; failed attempts stay here.
    #[serde(rename = "NOTPAY")]
    NotPay,
    /// Paid.
    Success,
    /// Closed by the merchant, or by itself after seven days.
    Closed,
    /// Paid, with an accepted refund in any state.
    Refund,
    /// Reversed by the merchant, and the money returned if it was paid.
    ///
    /// Orders that are paid by code only, and [`Fault::PayThenReverse`](crate::Fault::PayThenReverse).
    Revoked,
    /// The buyer is typing a password. Orders that are paid by code only.
    #[serde(rename = "USERPAYING")]
    UserPaying,
    /// The payment failed for good. Orders that are paid by code only.
    #[serde(rename = "PAYERROR")]
    PayError,
}

impl OrderState {
    /// As `trade_state` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotPay => "NOTPAY",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Refund => "REFUND",
            Self::Revoked => "REVOKED",
            Self::UserPaying => "USERPAYING",
            Self::PayError => "PAYERROR",
        }
    }

    /// As `trade_state_desc` words it.
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::NotPay => "订单未支付",
            Self::Success => "支付成功",
            Self::Closed => "订单已关闭",
            Self::Refund => "转入退款",
            Self::Revoked => "已撤销",
            Self::UserPaying => "用户支付中",
            Self::PayError => "支付失败",
        }
    }
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an order was not paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PayError {
    /// There is no such order.
    #[error("there is no such order")]
    NoSuchOrder,
    /// It is paid already.
    #[error("the order is paid already")]
    AlreadyPaid,
    /// It is closed.
    #[error("the order is closed")]
    Closed,
    /// Its last payable moment is over.
    #[error("the last moment to pay the order is over")]
    Expired,
    /// The buyer has not enough money.
    #[error("not enough money")]
    NotEnough,
    /// Risk control stopped the payment.
    #[error("stopped by risk control")]
    Blocked,
}

/// Why an order was not placed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PlaceRefusal {
    /// It is paid.
    Paid,
    /// It is closed, or its last payable moment is over.
    Closed,
    /// The number exists with other parameters.
    Differs,
    /// An item has the number of another order.
    NumberUsed(String),
    /// The payer's code paid another order.
    CodeUsed,
}

/// Why an order was not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseRefusal {
    /// The order does not exist.
    NoSuchOrder,
    /// It is paid.
    Paid,
    /// It is paid by code: such an order is reversed.
    ByCode,
}

/// Why an order was not reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReverseRefusal {
    /// The order does not exist.
    NoSuchOrder,
    /// It is not paid by code.
    NotByCode,
    /// It was paid more than seven days ago.
    TooOld,
    /// A refund was accepted.
    Refunded,
}

/// Effect of a reversal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reversal {
    /// The order was over already.
    Repeated,
    /// It was not paid, and can no longer be.
    Unpaid,
    /// Its money goes back.
    Returned,
}

/// One `prepay_id` and its data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The `prepay_id`.
    pub prepay_id: String,
    /// Code behind `pr=`, for Native orders.
    pub code: Option<String>,
    /// Code behind `package=`, for H5 orders.
    pub package: Option<String>,
    pub(crate) created_at: i64,
}

/// Why a session cannot be paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionProblem {
    /// The id is unknown.
    Unknown,
    /// Too old.
    Expired,
    /// The order was placed again, and a Native code dies with that.
    Superseded,
}

/// The payee in partner mode.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubParty {
    /// Number of the sub-merchant.
    pub mchid: String,
    /// App of the sub-merchant.
    pub appid: Option<String>,
}

/// Facts of a payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payment {
    /// Transaction id of the platform.
    pub transaction_id: String,
    /// Time of the payment, in Unix seconds.
    pub at: i64,
    /// Payer.
    pub buyer: Buyer,
    /// When it was reversed and the money returned, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reversed_at: Option<i64>,
}

/// An order, with everything that happened to it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    /// Key of the order.
    pub key: OrderKey,
    pub(crate) family: Family,
    /// Scene of the payment.
    pub scene: Scene,
    /// App of the order.
    pub appid: String,
    /// The payee, in partner mode.
    pub sub: Option<SubParty>,
    /// The body without null and empty keys, compared with a repeated call.
    pub(crate) request: Body,
    /// Description of the goods.
    pub description: String,
    pub(crate) attach: Option<String>,
    /// Address of notifications; empty for an order that is paid by code.
    pub notify_url: String,
    /// Amount in fen.
    pub total: i64,
    pub(crate) device_id: Option<String>,
    /// `openid` or `sp_openid` of a JSAPI order.
    pub openid: Option<String>,
    /// `sub_openid` of a JSAPI order.
    pub sub_openid: Option<String>,
    /// Time of creation, in Unix seconds.
    pub created_at: i64,
    /// The last moment it can be paid; it does not close then.
    pub expires_at: i64,
    /// State of the order.
    pub state: OrderState,
    /// All `prepay_id`s, the oldest first; none of an order that is paid by code.
    pub sessions: Vec<Session>,
    /// The payment, once paid.
    pub payment: Option<Payment>,
    /// True if the money is frozen until it is shared.
    pub(crate) profit_sharing: bool,
    /// True if the rest was released.
    pub(crate) sharing_finished: bool,
    /// The planned subsidy of the platform, in fen.
    pub(crate) subsidy_amount: Option<i64>,
    /// The combined order that this is an item of.
    pub combination: Option<OrderKey>,
    /// The items of a combined order.
    pub items: Vec<OrderKey>,
    /// Steps so far.
    pub timeline: Vec<TimelineEntry>,
}

debug_only!(Order {
    key,
    scene,
    total,
    state
});

impl Order {
    /// The authorisation of the person that is paid, if the order pays one.
    pub(crate) fn payee_auth_id(&self) -> Option<String> {
        self.request.text("/individual_auth_id")
    }

    /// The code that the payer showed, if the order is paid by one.
    pub(crate) fn auth_code(&self) -> Option<String> {
        (self.scene == Scene::CodePay)
            .then(|| self.request.text("/payer/auth_code"))
            .flatten()
    }

    /// Closes an unpaid order that has got too old. Says whether it did.
    pub(crate) fn settle(&mut self, now: i64) -> bool {
        let is_over = self.is_open() && now > self.created_at.saturating_add(ORDER_SECONDS);
        if is_over {
            self.state = OrderState::Closed;
            self.note(now, Step::Closed);
        }
        is_over
    }

    /// Returns true if it is neither paid nor over.
    pub fn is_open(&self) -> bool {
        matches!(self.state, OrderState::NotPay | OrderState::UserPaying)
    }

    /// The same call again: a fresh session for an unpaid order with the same parameters.
    ///
    /// Returns the session that was lost, if there were too many.
    pub(crate) fn place_again(
        &mut self,
        draft: &Self,
        session: Option<Session>,
        now: i64,
    ) -> Result<Option<Session>, PlaceRefusal> {
        self.settle(now);
        match self.payable(now) {
            Err(PayError::AlreadyPaid) => return Err(PlaceRefusal::Paid),
            Err(_) => return Err(PlaceRefusal::Closed),
            Ok(()) => {}
        }
        if self.family != draft.family || self.scene != draft.scene || self.request != draft.request {
            return Err(PlaceRefusal::Differs);
        }
        let lost = (self.sessions.len() >= MAX_SESSIONS).then(|| self.sessions.remove(0));
        self.sessions.extend(session);
        self.note(now, Step::PlacedAgain);
        Ok(lost)
    }

    /// Closes it, if it is not paid.
    pub(crate) fn close(&mut self, now: i64) -> Result<(), CloseRefusal> {
        self.settle(now);
        if self.scene.is_charged() {
            return Err(CloseRefusal::ByCode);
        }
        match self.state {
            OrderState::Success | OrderState::Refund => Err(CloseRefusal::Paid),
            OrderState::Closed | OrderState::Revoked => Ok(()),
            OrderState::NotPay | OrderState::UserPaying | OrderState::PayError => {
                self.state = OrderState::Closed;
                self.note(now, Step::Closed);
                Ok(())
            }
        }
    }

    /// Reverses an order that is paid by code. Reversing it again changes nothing.
    pub(crate) fn reverse(&mut self, now: i64) -> Result<Reversal, ReverseRefusal> {
        self.settle(now);
        if !self.scene.is_charged() {
            return Err(ReverseRefusal::NotByCode);
        }
        let payment = match self.state {
            OrderState::Revoked | OrderState::Closed => return Ok(Reversal::Repeated),
            OrderState::Refund => return Err(ReverseRefusal::Refunded),
            OrderState::Success => self.payment.as_mut(),
            OrderState::NotPay | OrderState::UserPaying | OrderState::PayError => None,
        };
        let reversal = match payment {
            Some(payment) if now > payment.at.saturating_add(ORDER_SECONDS) => {
                return Err(ReverseRefusal::TooOld);
            }
            Some(payment) => {
                payment.reversed_at = Some(now);
                Reversal::Returned
            }
            None => Reversal::Unpaid,
        };
        self.state = OrderState::Revoked;
        self.note(now, Step::Reversed);
        Ok(reversal)
    }

    /// Adds a step to the timeline.
    pub fn note(&mut self, at: i64, step: Step) {
        // A client that polls for hours must not fill the memory.
        let is_repeated =
            step == Step::Queried && self.timeline.iter().any(|entry| entry.step == Step::Queried);
        let is_full = self.timeline.len() >= MAX_TIMELINE && self.state == OrderState::NotPay;
        if !is_repeated && !is_full {
            if self.timeline.is_empty() {
                // Most orders have few steps, and a vector would begin with places for four.
                self.timeline.reserve_exact(1);
            }
            self.timeline.push(TimelineEntry { at, step });
        }
    }

    /// Returns true if the order can be paid at all.
    pub fn payable(&self, now: i64) -> Result<(), PayError> {
        match self.state {
            OrderState::Success | OrderState::Refund => Err(PayError::AlreadyPaid),
            OrderState::Closed | OrderState::Revoked | OrderState::PayError => Err(PayError::Closed),
            OrderState::NotPay | OrderState::UserPaying if now > self.expires_at => Err(PayError::Expired),
            OrderState::NotPay | OrderState::UserPaying => Ok(()),
        }
    }

    /// Pays it, or notes why not.
    pub(crate) fn pay(&mut self, now: i64, buyer: Buyer, transaction_id: String) -> Result<(), PayError> {
        self.settle(now);
        self.payable(now)?;
        let outcome = match buyer {
            Buyer::Alice => Ok(()),
            Buyer::Bob => Err(PayError::NotEnough),
            Buyer::Carol => Err(PayError::Blocked),
        };
        if let Err(reason) = outcome {
            self.note(now, Step::PaymentFailed { buyer, reason });
            return Err(reason);
        }
        self.paid(now, buyer, transaction_id);
        Ok(())
    }

    /// It was paid, by itself or as an item.
    pub(crate) fn paid(&mut self, now: i64, buyer: Buyer, transaction_id: String) {
        self.state = OrderState::Success;
        self.payment = Some(Payment {
            transaction_id,
            at: now,
            buyer,
            reversed_at: None,
        });
        self.note(now, Step::Paid { buyer });
    }

    /// The session that a cashier page names, if it can still be paid with.
    pub fn session(&self, now: i64, is_it: impl Fn(&Session) -> bool) -> Result<&Session, SessionProblem> {
        let index = self
            .sessions
            .iter()
            .position(is_it)
            .ok_or(SessionProblem::Unknown)?;
        let session = self.sessions.get(index).ok_or(SessionProblem::Unknown)?;
        let life = match self.scene {
            Scene::H5 => H5_SECONDS,
            Scene::Jsapi | Scene::App | Scene::Native | Scene::CodePay | Scene::Deduction => PREPAY_SECONDS,
        };
        if self.scene == Scene::Native && index.saturating_add(1) != self.sessions.len() {
            return Err(SessionProblem::Superseded);
        }
        if now > session.created_at.saturating_add(life) {
            return Err(SessionProblem::Expired);
        }
        Ok(session)
    }

    /// The payer's ids: those of the request, or those of the buyer.
    pub(crate) fn payer_openids(&self) -> (Option<String>, Option<String>) {
        let Some(payment) = &self.payment else {
            return (None, None);
        };
        if self.openid.is_some() || self.sub_openid.is_some() {
            return (self.openid.clone(), self.sub_openid.clone());
        }
        let sub_openid = self
            .sub
            .as_ref()
            .and_then(|sub| sub.appid.as_deref())
            .map(|appid| payment.buyer.openid(appid));
        // The app of a partner may be missing if the order is paid by code.
        let openid = (!self.appid.is_empty()).then(|| payment.buyer.openid(&self.appid));
        (openid, sub_openid)
    }

    /// The order for tests.
    pub fn snapshot(&self) -> OrderSnapshot {
        OrderSnapshot {
            mchid: self.key.mchid.clone(),
            out_trade_no: self.key.out_trade_no.clone(),
            scene: self.scene,
            state: self.state,
            description: self.description.clone(),
            total: self.total,
            transaction_id: self
                .payment
                .as_ref()
                .map(|payment| payment.transaction_id.clone()),
            prepay_id: self.sessions.last().map(|session| session.prepay_id.clone()),
            paid_by: self.payment.as_ref().map(|payment| payment.buyer),
            notify_url: self.notify_url.clone(),
            combine_out_trade_no: self.combination.as_ref().map(|key| key.out_trade_no.clone()),
            items: self.items.iter().map(|key| key.out_trade_no.clone()).collect(),
            timeline: self.timeline.clone(),
        }
    }
}
