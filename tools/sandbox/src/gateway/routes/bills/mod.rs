//! Bills: asked for, made of what happened, given out for a short while.

mod ask;
pub(crate) mod csv;
mod download;
mod flow;
mod sealed;
mod trade;

use http::Method;

pub(crate) use ask::{day, give_out, nothing, wants_gzip};
pub use download::Files;

use crate::gateway::{Answer, Refusal, call::Call, routes::sharing};
use crate::{
    gateway::Gateway,
    world::{clock::Day, funds::ledger::Account},
};

/// A bill as its file, at any time.
///
/// `None` if nothing happened on that day, or the kind does not exist.
pub fn bill_text(gateway: &Gateway, mchid: &str, kind: &str, day: Day) -> Option<String> {
    match kind {
        "ALL" | "SUCCESS" | "REFUND" => trade::Bill {
            mchid,
            sub_mchid: None,
            bill_type: kind,
            day,
        }
        .text(gateway, None),
        account => flow::text(gateway, mchid, Account::from_name(account)?, day),
    }
}

/// An endpoint about bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Trade,
    FundFlow,
    SubMerchantFundFlow,
    EcommerceFundFlow,
    ProfitSharing,
    Download,
}

impl Route {
    pub(crate) fn find(method: &Method, segments: &[&str]) -> Option<Self> {
        if method != Method::GET {
            return None;
        }
        match segments {
            ["v3", "bill", "tradebill"] => Some(Self::Trade),
            ["v3", "bill", "fundflowbill"] => Some(Self::FundFlow),
            ["v3", "bill", "sub-merchant-fundflowbill"] => Some(Self::SubMerchantFundFlow),
            ["v3", "ecommerce", "bill", "fundflowbill"] => Some(Self::EcommerceFundFlow),
            ["v3", "profitsharing", "bills"] => Some(Self::ProfitSharing),
            ["v3", "billdownload", "file"] => Some(Self::Download),
            _ => None,
        }
    }

    pub(crate) fn answer(self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        match self {
            Self::Trade => trade::ask(call),
            Self::FundFlow => flow::ask(call),
            Self::SubMerchantFundFlow => sealed::of_sub_merchant(call),
            Self::EcommerceFundFlow => sealed::of_all(call),
            Self::ProfitSharing => sharing::bill(call),
            Self::Download => download::download(call),
        }
    }
}
