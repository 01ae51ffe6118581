//! Payment scenes, and the endpoints that order in them.

use serde::{Deserialize, Serialize};

/// Scene of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scene {
    /// In WeChat's browser or a mini program.
    Jsapi,
    /// In an app.
    App,
    /// In a mobile browser.
    H5,
    /// By scanning a code.
    Native,
    /// By a code that the payer shows (付款码支付).
    CodePay,
    /// By a contract, without the payer (委托代扣).
    Deduction,
}

impl Scene {
    /// Returns true if the merchant charges the payer, and may take the charge back.
    pub(crate) const fn is_charged(self) -> bool {
        matches!(self, Self::CodePay | Self::Deduction)
    }
}

impl Scene {
    /// The last segment of the path that orders.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi",
            Self::App => "app",
            Self::H5 => "h5",
            Self::Native => "native",
            Self::CodePay => "codepay",
            Self::Deduction => "deduction",
        }
    }

    /// As `trade_type` spells it.
    pub(crate) const fn trade_type(self) -> &'static str {
        match self {
            Self::Jsapi => "JSAPI",
            Self::App => "APP",
            Self::H5 => "MWEB",
            Self::Native => "NATIVE",
            Self::CodePay => "MICROPAY",
            Self::Deduction => "PAP",
        }
    }
}

/// Which of the two families of endpoints an order belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Family {
    /// `/v3/pay/transactions`.
    Direct,
    /// `/v3/pay/partner/transactions`.
    Partner,
}
