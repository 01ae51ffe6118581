//! Events: each has its name, and those of families their type.

use std::collections::{BTreeMap, BTreeSet};

use wechatpay_core::{
    api::{
        abnormal_funds::Receipt,
        combined_deduction::{Signed, Terminated},
        complaints::ComplaintNotice,
        coupons::CouponUse,
        payscore::{AuthorizationNotice, OrderNotice},
        personal_receivers::SettleBatch,
        sub_merchant_recharge::{RechargeNotice, ReturnNotice},
        transfers::{Authorization, TransferNotice},
        violations::Violation,
    },
    notify::{AnyResource, EventType, Resource},
};

use super::{
    notifications::{Form, Tally, forms},
    platform::Platform,
};

/// Variants of [`AnyResource`] for events of typed families, by event and original type.
///
/// Others with a type are those of the families that are always compiled.
fn variant(form: &Form) -> &'static str {
    match (form.event.as_str(), form.original_type.as_str()) {
        ("TRANSACTION.SUCCESS" | "PROFITSHARING.SUCCESS" | "PROFITSHARING.RETURN", "profitsharing") => {
            "Sharing"
        }
        ("TRANSACTION.SUCCESS", _) if form.name.contains("(combined") => "Combined",
        ("TRANSACTION.SUCCESS", _) if !form.name.contains("(parking)") => "Transaction",
        ("MCHWITHDRAW.CHANGE", _) => "Withdrawal",
        ("SECURITY_ECHO.SUCCESS", _) => "Echo",
        ("MCHTRANSFER.BILL.FINISHED", _) => "Transfer",
        ("MCHTRANSFER.AUTHORIZATION.CONFIRMED" | "MCHTRANSFER.AUTHORIZATION.CLOSED", _) => {
            "TransferAuthorization"
        }
        ("ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS", _) => "AbnormalFunds",
        ("RECHARGE.SUCCESS" | "RECHARGE.CLOSED", _) => "Recharge",
        ("RECHARGE.FUND_RETURNED", _) => "RechargeReturn",
        ("SETTLEMENT.SUCCESS", _) => "Settlement",
        ("PAYSCORE.USER_CONFIRM" | "PAYSCORE.USER_PAID", _) => "PayscoreOrder",
        ("PAYSCORE.USER_OPEN_SERVICE" | "PAYSCORE.USER_CLOSE_SERVICE", _) => "PayscoreAuthorization",
        ("ECOMMERCE_ENTRUST.SIGN", _) => "DeductionSigned",
        ("ECOMMERCE_ENTRUST.TERMINATE", _) => "DeductionTerminated",
        ("COUPON.USE", _) => "CouponUse",
        ("COMPLAINT.CREATE" | "COMPLAINT.STATE_CHANGE", _) => "Complaint",
        ("VIOLATION.PUNISH" | "VIOLATION.INTERCEPT" | "VIOLATION.APPEAL", _) => "Violation",
        _ => "Other",
    }
}

/// Name of a variant, as `Debug` writes it.
fn name(resource: &AnyResource) -> String {
    let text = format!("{resource:?}");
    text.split('(').next().unwrap().to_owned()
}

#[test]
fn every_documented_event_has_a_name() {
    let events: BTreeSet<String> = forms().into_iter().map(|form| form.event).collect();
    assert_eq!(events.len(), 102);
    let unnamed: Vec<&String> = events
        .iter()
        .filter(|event| matches!(EventType::from(event.as_str()), EventType::Other(_)))
        .collect();
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

#[tokio::test]
async fn the_route_for_all_kinds_reads_the_events_of_typed_families_and_keeps_the_others() {
    let platform = Platform::new();
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    for form in forms() {
        // A page that lists the merchants of all modes is tested by type.
        if form.event.starts_with("REFUND.") || form.event.starts_with("PROFITSHARING.") {
            continue;
        }
        let (_, _, resource) = form.variants(&[]).remove(0);
        let taken = platform
            .notify(&form.event, &form.original_type, &resource)
            .await
            .unwrap();
        let any = taken.decode::<AnyResource>().unwrap().into_inner();
        assert_eq!(name(&any), variant(&form), "{}", form.name);
        if let AnyResource::Other(raw) = &any {
            assert_eq!(
                raw.parse::<serde_json::Value>().unwrap(),
                resource,
                "{}",
                form.name
            );
        }
        *read.entry(name(&any)).or_default() += 1;
    }
    println!("{read:#?}");
    assert_eq!(read.len(), 5 + 13 + 1);
}

/// Paths of deciding members as the tables write them, with the objects around them.
fn deciding<T: Resource>() -> Vec<String> {
    let mut all = Vec::new();
    for path in T::DECIDES {
        let path = path.replace("[]", "");
        let ends = path.match_indices('.').map(|(at, _)| at);
        all.extend(ends.chain([path.len()]).map(|end| path[..end].to_owned()));
    }
    all
}

async fn read<T: Resource + PartialEq>(tally: &mut Tally, platform: &Platform, form: &Form) {
    let deciding = deciding::<T>();
    let deciding: Vec<&str> = deciding.iter().map(String::as_str).collect();
    tally.read::<T>(platform, form, &deciding).await;
}

#[tokio::test]
async fn no_member_of_a_notification_of_a_family_is_lost_or_rejects_it_unless_it_decides() {
    let platform = Platform::new();
    let mut tally = Tally::default();
    for form in forms() {
        match variant(&form) {
            "Transfer" => read::<TransferNotice>(&mut tally, &platform, &form).await,
            "TransferAuthorization" => read::<Authorization>(&mut tally, &platform, &form).await,
            "AbnormalFunds" => read::<Receipt>(&mut tally, &platform, &form).await,
            "Recharge" => read::<RechargeNotice>(&mut tally, &platform, &form).await,
            "RechargeReturn" => read::<ReturnNotice>(&mut tally, &platform, &form).await,
            "Settlement" => read::<SettleBatch>(&mut tally, &platform, &form).await,
            "PayscoreOrder" => read::<OrderNotice>(&mut tally, &platform, &form).await,
            "PayscoreAuthorization" => read::<AuthorizationNotice>(&mut tally, &platform, &form).await,
            "DeductionSigned" => read::<Signed>(&mut tally, &platform, &form).await,
            "DeductionTerminated" => read::<Terminated>(&mut tally, &platform, &form).await,
            "CouponUse" => read::<CouponUse>(&mut tally, &platform, &form).await,
            "Complaint" => read::<ComplaintNotice>(&mut tally, &platform, &form).await,
            "Violation" => read::<Violation>(&mut tally, &platform, &form).await,
            _ => {}
        }
    }
    assert_eq!(tally.forms, 21);
    tally.finish("of families");
}
