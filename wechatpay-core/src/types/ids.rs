//! Business numbers and account ids with their documented grammars.
//!
//! The grammars follow the WeChat Pay pages of prepay, query and refund, and the data conventions of API v3.

use super::string_id::{string_id, visible};

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(allowed)
}

string_id! {
    /// Merchant id (商户号): 1 to 32 digits; 8 to 10 in practice.
    pub struct Mchid("mchid", max = 32, |text| {
        if text.is_empty() || text.len() > 32 {
            Err("must have 1 to 32 digits")
        } else if !all(text, |byte| byte.is_ascii_digit()) {
            Err("must have digits only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// App id (公众号, 小程序 or 开放平台 appid): 1 to 32 letters, digits, `_`, `-`.
    pub struct Appid("appid", max = 32, |text| {
        if text.is_empty() || text.len() > 32 {
            Err("must have 1 to 32 characters")
        } else if !all(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            Err("may have letters, digits, `_` and `-` only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// Openid of a payer under one appid: 1 to 128 visible characters.
    ///
    /// Personal data: `Debug` does not print it.
    pub struct Openid("openid", max = 128, |text| {
        if text.len() > 128 {
            Err("must have at most 128 characters")
        } else if !visible(text) {
            Err("must be visible ASCII")
        } else {
            Ok(())
        }
    });
    redacted
}

string_id! {
    /// Merchant's order number (商户订单号): 6 to 32 of `[0-9A-Za-z_*-]`.
    ///
    /// Unique per calling merchant, all its sub-merchants included. Newer pages also allow the vertical bar, older ones
    /// do not, so `parse` accepts only what all of them accept.
    pub struct OutTradeNo("out_trade_no", max = 64, |text| {
        if text.len() < 6 || text.len() > 32 {
            Err("must have 6 to 32 characters")
        } else if !all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b'-')) {
            Err("may have letters, digits, `_`, `-` and `*` only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// WeChat Pay's transaction id (微信支付订单号): at most 32 letters and digits.
    pub struct TransactionId("transaction_id", max = 32, |text| {
        if text.len() > 32 {
            Err("must have at most 32 characters")
        } else if !all(text, |byte| byte.is_ascii_alphanumeric()) || text.is_empty() {
            Err("must have letters and digits only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// Prepay session id (预支付交易会话标识), valid for two hours: at most 64 visible characters.
    pub struct PrepayId("prepay_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// Merchant's refund number (商户退款单号): 1 to 64 of `[0-9A-Za-z_*@|-]`.
    ///
    /// The same number is the same refund.
    pub struct OutRefundNo("out_refund_no", max = 64, merchant_number);
}

string_id! {
    /// WeChat Pay's refund number (微信支付退款单号): at most 32 visible characters.
    pub struct RefundId("refund_id", max = 32, |text| {
        platform_number(text, 32, "must have at most 32 characters")
    });
}

/// Checks a merchant number of a refund, share or return: 1 to 64 of `[0-9A-Za-z_*@|-]`.
fn merchant_number(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > 64 {
        Err("must have 1 to 64 characters")
    } else if !all(text, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b'-' | b'@' | b'|')
    }) {
        Err("may have letters, digits, `_`, `-`, `*`, `@` and `|` only")
    } else {
        Ok(())
    }
}

/// Checks a merchant's number: letters and digits, up to `max`.
pub(crate) fn plain_number(text: &str, max: usize, wrong_length: &'static str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > max {
        Err(wrong_length)
    } else if !all(text, |byte| byte.is_ascii_alphanumeric()) {
        Err("may have letters and digits only")
    } else {
        Ok(())
    }
}

/// Checks a WeChat Pay number: visible characters, up to `max`.
pub(crate) fn platform_number(text: &str, max: usize, too_long: &'static str) -> Result<(), &'static str> {
    if text.len() > max {
        Err(too_long)
    } else if !visible(text) {
        Err("must be visible ASCII")
    } else if matches!(text, "." | "..") {
        // HTTP clients would resolve it as a path segment.
        Err("must not be `.` or `..`")
    } else {
        Ok(())
    }
}

string_id! {
    /// Merchant's number of a combined order (合单商户订单号): 6 to 32 of `[0-9A-Za-z_*-]`.
    ///
    /// Unique per initiator. Older pages allow two characters, newer ones do not, so `parse` accepts only what all of
    /// them accept.
    pub struct CombineOutTradeNo("combine_out_trade_no", max = 64, |text| {
        if text.len() < 6 || text.len() > 32 {
            Err("must have 6 to 32 characters")
        } else if !all(text, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b'-')) {
            Err("may have letters, digits, `_`, `-` and `*` only")
        } else {
            Ok(())
        }
    });
}

string_id! {
    /// WeChat Pay's number of a combined order (合单微信支付订单号): at most 32 visible characters.
    pub struct CombineTransactionId("combine_transaction_id", max = 32, |text| {
        platform_number(text, 32, "must have at most 32 characters")
    });
}

string_id! {
    /// Merchant's number of a share (商户分账单号): 1 to 64 of `[0-9A-Za-z_*@|-]`.
    ///
    /// Also of the call that ends sharing, and of a subsidy's return (商户补差回退单号). The same number is the same
    /// share; each needs its own.
    pub struct OutOrderNo("out_order_no", max = 64, merchant_number);
}

string_id! {
    /// Merchant's number of a share's return (商户回退单号): 1 to 64 of `[0-9A-Za-z_*@|-]`.
    ///
    /// The same number is the same return.
    pub struct OutReturnNo("out_return_no", max = 64, merchant_number);
}

string_id! {
    /// WeChat Pay's number of a share (微信分账单号): at most 64 visible characters.
    pub struct SharingOrderId("order_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a share's return (微信回退单号): at most 64 visible characters.
    ///
    /// On the wire it is `return_no` in the e-commerce family and `return_id` in the other.
    pub struct SharingReturnId("return_no", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// WeChat Pay's number of an advance's return (微信回退单号): at most 32 visible characters.
    pub struct AdvanceReturnId("advance_return_id", max = 32, |text| {
        platform_number(text, 32, "must have at most 32 characters")
    });
}

string_id! {
    /// Merchant's number of a subsidy (商户补差单号): 1 to 64 of `[0-9A-Za-z_*@|-]`.
    pub struct OutSubsidyNo("out_subsidy_no", max = 64, merchant_number);
}

string_id! {
    /// WeChat Pay's number of a subsidy (微信补差单号): at most 64 visible characters.
    pub struct SubsidyId("subsidy_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a subsidy's return (微信补差回退单号): at most 64 visible characters.
    pub struct SubsidyRefundId("subsidy_refund_id", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

string_id! {
    /// Merchant's withdrawal number (商户提现单号, `out_request_no`): 1 to 32 letters and digits.
    ///
    /// The same number is the same withdrawal.
    pub struct WithdrawRequestNo("out_request_no", max = 64, |text| {
        plain_number(text, 32, "must have 1 to 32 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a withdrawal (微信支付提现单号): at most 128 visible characters.
    pub struct WithdrawId("withdraw_id", max = 128, |text| {
        platform_number(text, 128, "must have at most 128 characters")
    });
}

string_id! {
    /// Merchant's application number (业务申请编号, `out_request_no`): 1 to 124 visible characters.
    ///
    /// The same number is the same application: a rejected one is submitted again under it.
    pub struct ApplymentRequestNo("out_request_no", max = 124, |text| {
        platform_number(text, 124, "must have at most 124 characters")
    });
}

string_id! {
    /// WeChat Pay's number of a settlement account change (修改结算账户申请单号): at most 64 characters.
    ///
    /// Visible ASCII only.
    pub struct SettlementApplicationNo("application_no", max = 64, |text| {
        platform_number(text, 64, "must have at most 64 characters")
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_numbers_are_parsed_by_the_documented_grammar() {
        for good in [
            "ORDER1",
            "1217752501201407033233368018",
            "a_b-c*d",
            &"9".repeat(32),
        ] {
            assert_eq!(OutTradeNo::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "short",
            &"9".repeat(33),
            "with space",
            "bar|bar",
            "line\nfeed",
            "中文订单号",
        ] {
            assert!(OutTradeNo::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn received_ids_are_read_leniently_but_never_with_blanks() {
        assert!(serde_json::from_str::<OutTradeNo>("\"ab|c\"").is_ok());
        assert!(serde_json::from_str::<OutTradeNo>("\"a b\"").is_err());
        assert!(serde_json::from_str::<OutTradeNo>("\"\"").is_err());
        assert!(serde_json::from_str::<Mchid>("\"1900000001\\n\"").is_err());
    }

    #[test]
    fn debug_shows_business_numbers_and_hides_payers() {
        assert_eq!(
            format!("{:?}", Mchid::parse("1900000001").unwrap()),
            "Mchid(1900000001)"
        );
        assert_eq!(
            format!("{:?}", Openid::parse("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o").unwrap()),
            "Openid(..)"
        );
    }

    #[test]
    fn an_error_names_the_rule_and_not_the_text() {
        let error = Openid::parse("o secret").unwrap_err();
        assert_eq!(error.to_string(), "not a valid openid: must be visible ASCII");
    }
}
