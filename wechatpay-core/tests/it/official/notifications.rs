//! Notifications: every documented one is accepted, and no typed member is lost.
//!
//! Each is tested with every optional member missing, `null` and empty.

use serde_json::Value;
use wechatpay_core::{
    api::{
        combine::CombinedTransaction, funds::WithdrawalNotice, profit_sharing::SharingNotice,
        refunds::RefundNotice, security::EchoNotice, transactions::Transaction,
    },
    notify::{AnyResource, Resource, VerifiedNotification},
};

use super::platform::Platform;
use crate::support::{
    json::changed,
    table::{Notification, Which, absent, document, notifications, places},
};

/// Members that name the merchant.
const MERCHANTS: [&str; 3] = ["mchid", "sp_mchid", "sub_mchid"];
const PAYMENT: [&str; 5] = [
    "out_trade_no",
    "transaction_id",
    "trade_state",
    "amount",
    "amount.total",
];
const COMBINED: [&str; 10] = [
    "combine_appid",
    "combine_mchid",
    "combine_out_trade_no",
    "sub_orders",
    "sub_orders.mchid",
    "sub_orders.out_trade_no",
    "sub_orders.trade_state",
    "sub_orders.transaction_id",
    "sub_orders.amount",
    "sub_orders.amount.total_amount",
];
const REFUND: [&str; 9] = [
    "out_trade_no",
    "transaction_id",
    "out_refund_no",
    "refund_id",
    "refund_status",
    "amount",
    "amount.total",
    "amount.refund",
    "individual_auth_id",
];
const SHARE: [&str; 7] = [
    "transaction_id",
    "order_id",
    "out_order_no",
    "receiver",
    "receiver.type",
    "receiver.account",
    "receiver.amount",
];
const WITHDRAWAL: [&str; 5] = [
    "status",
    "withdraw_id",
    "out_request_no",
    "amount",
    "total_amount",
];
const ECHO: [&str; 1] = ["echo_message"];

/// Members without which the object around them is left out, with the reason.
const LEFT_OUT: [(&str, &str, &str); 1] = [(
    "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS",
    "instruction.out_instruction_no",
    "an instruction is known by its number",
)];

#[derive(Default)]
pub(super) struct Tally {
    pub(super) forms: usize,
    documents: usize,
    rejected: Vec<String>,
    lost: Vec<String>,
    left_out: Vec<String>,
}

/// One form of a documented notification, with its variants.
pub(super) struct Form {
    pub(super) name: String,
    pub(super) event: String,
    pub(super) original_type: String,
    full: Value,
    /// Paths of all members, outer ones first, with their required flag.
    members: Vec<(String, bool)>,
}

impl Form {
    /// Returns every variant with the path of the changed member.
    ///
    /// The smallest variant has the required and the deciding members.
    pub(super) fn variants(&self, deciding: &[&str]) -> Vec<(&str, &'static str, Value)> {
        let mut sparse = self.full.clone();
        for (path, required) in &self.members {
            let decides = deciding.contains(&path.as_str()) || MERCHANTS.contains(&path.as_str());
            if !required && !decides {
                sparse = changed(&sparse, path, None);
            }
        }
        let whole = [("", "full", self.full.clone()), ("", "required only", sparse)];
        let parts = self.members.iter().flat_map(|(path, _)| {
            absent(&self.full, path)
                .into_iter()
                .map(|(how, variant)| (path.as_str(), how, variant))
        });
        whole.into_iter().chain(parts).collect()
    }

    /// Returns the form without these members.
    fn without(&self, mode: &str, names: &[&str]) -> Self {
        let mut full = self.full.clone();
        let mut members = self.members.clone();
        for name in names {
            full = changed(&full, name, None);
            members.retain(|(path, _)| path != name);
        }
        Self {
            name: format!("{} {mode}", self.name),
            event: self.event.clone(),
            original_type: self.original_type.clone(),
            full,
            members,
        }
    }
}

pub(super) fn forms() -> Vec<Form> {
    let form = |notification: Notification| Form {
        name: match &notification.form {
            Some(form) => format!("{} ({form})", notification.event),
            None => notification.event.clone(),
        },
        original_type: notification.original_type.unwrap_or_default(),
        full: document(&notification.members, Which::All),
        members: places(&notification.members)
            .into_iter()
            .map(|place| (place.path, place.required))
            .collect(),
        event: notification.event,
    };
    notifications().into_iter().map(form).collect()
}

impl Tally {
    /// Checks that the route for all kinds accepts this form.
    async fn take(&mut self, platform: &Platform, form: &Form) {
        self.forms += 1;
        for (path, how, resource) in form.variants(&[]) {
            self.documents += 1;
            let taken = platform.notify(&form.event, &form.original_type, &resource).await;
            if let Err(error) = taken.and_then(VerifiedNotification::decode::<AnyResource>) {
                self.rejected
                    .push(format!("{}: {path} {how}: {error}", form.name));
            }
        }
    }

    /// Checks that a typed route accepts every variant that keeps deciding members.
    pub(super) async fn read<T: Resource + PartialEq>(
        &mut self,
        platform: &Platform,
        form: &Form,
        deciding: &[&str],
    ) {
        self.forms += 1;
        let mut whole = None;
        for (path, how, resource) in form.variants(deciding) {
            self.documents += 1;
            let taken = platform.notify(&form.event, &form.original_type, &resource).await;
            let read = taken.and_then(VerifiedNotification::decode::<T>);
            match read {
                Ok(read) => {
                    // Nothing is left out because something else is missing.
                    let excused = LEFT_OUT
                        .iter()
                        .any(|(event, at, _)| *event == form.event && *at == path);
                    if !read.unread().is_empty() && how != "empty" && !excused {
                        self.left_out
                            .push(format!("{}: {path} {how}: {:?}", form.name, read.unread()));
                    }
                    let read = read.into_inner();
                    match how {
                        "full" => whole = Some(read),
                        "missing" if whole.as_ref() == Some(&read) => {
                            self.lost.push(format!("{}: {path}", form.name));
                        }
                        _ => {}
                    }
                }
                Err(_) if deciding.contains(&path) || MERCHANTS.contains(&path) => {}
                Err(error) => self
                    .rejected
                    .push(format!("{}: {path} {how}: {error}", form.name)),
            }
        }
    }

    pub(super) fn finish(self, what: &str) {
        println!(
            "notifications, {what}: {} forms, {} documents, {} rejected, {} members lost",
            self.forms,
            self.documents,
            self.rejected.len(),
            self.lost.len(),
        );
        assert!(self.rejected.is_empty(), "rejected: {:#?}", self.rejected);
        assert!(self.lost.is_empty(), "lost: {:#?}", self.lost);
        assert!(self.left_out.is_empty(), "left out: {:#?}", self.left_out);
    }
}

#[tokio::test]
async fn every_documented_notification_is_accepted_by_the_route_for_all_kinds() {
    let platform = Platform::new();
    let mut tally = Tally::default();
    for form in forms() {
        tally.take(&platform, &form).await;
    }
    tally.finish("any type");
}

#[tokio::test]
async fn no_member_of_a_typed_notification_is_lost_or_rejects_it_unless_it_decides() {
    let platform = Platform::new();
    let mut tally = Tally::default();
    for form in forms() {
        // Pages that describe all modes at once list the merchants of all of them.
        let direct = || form.without("direct", &["sp_mchid", "sub_mchid", "individual_auth_id"]);
        let partner = || form.without("partner", &["mchid", "individual_auth_id"]);
        let person = || form.without("to a person", &["mchid", "sub_mchid"]);
        match (form.event.as_str(), form.original_type.as_str()) {
            ("TRANSACTION.SUCCESS", "profitsharing") => {
                tally.read::<SharingNotice>(&platform, &form, &SHARE).await;
            }
            ("TRANSACTION.SUCCESS", _) if form.name.contains("(parking)") => {}
            ("TRANSACTION.SUCCESS", _) if form.name.contains("(combined") => {
                tally
                    .read::<CombinedTransaction>(&platform, &form, &COMBINED)
                    .await;
            }
            ("TRANSACTION.SUCCESS", _) => {
                tally.read::<Transaction>(&platform, &form, &PAYMENT).await;
            }
            ("REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED", _) => {
                for form in [direct(), partner(), person()] {
                    tally.read::<RefundNotice>(&platform, &form, &REFUND).await;
                }
            }
            ("PROFITSHARING.SUCCESS" | "PROFITSHARING.RETURN", _) => {
                for form in [direct(), partner()] {
                    tally.read::<SharingNotice>(&platform, &form, &SHARE).await;
                }
            }
            ("MCHWITHDRAW.CHANGE", _) => {
                tally
                    .read::<WithdrawalNotice>(&platform, &form, &WITHDRAWAL)
                    .await;
            }
            ("SECURITY_ECHO.SUCCESS", _) => {
                tally.read::<EchoNotice>(&platform, &form, &ECHO).await;
            }
            _ => {}
        }
    }
    assert_eq!(tally.forms, 3 + 1 + 3 * 3 + 2 * 2 + 3 + 1);
    tally.finish("by type");
}
