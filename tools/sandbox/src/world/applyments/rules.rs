//! Life of a sub-merchant's application, until the sub-merchant may sell.

use wechatpay_core::types::{Appid, Mchid};

use crate::world::{
    Event, World,
    applyments::state::{Applyment, ApplymentError, ApplymentKey, ApplymentState},
    merchants::document::SubMerchant,
    settlement::state::BankAccount,
};

/// Moves an application to another state.
///
/// A finished one becomes a sub-merchant that orders can name at once.
pub(crate) fn go(
    world: &World,
    key: &ApplymentKey,
    to: ApplymentState,
    reasons: &[(&str, &str)],
) -> Result<Applyment, ApplymentError> {
    let now = world.clock.now();
    let applyment = world
        .applyments
        .change(key, |applyment| {
            applyment.go(to, now)?;
            applyment.reasons = reasons
                .iter()
                .map(|(parameter, reason)| ((*parameter).to_owned(), (*reason).to_owned()))
                .collect();
            Ok(applyment.clone())
        })
        .ok_or(ApplymentError::NoSuchApplyment)??;
    let applyment = match to {
        ApplymentState::NeedSign | ApplymentState::Finish => with_sub_merchant(world, applyment),
        _ => applyment,
    };
    if to == ApplymentState::Finish {
        admit(world, &applyment);
    }
    tell(world, &applyment);
    Ok(applyment)
}

/// Tells everyone where an application stands.
pub(crate) fn tell(world: &World, applyment: &Applyment) {
    world.tell(&Event::Applyment(applyment));
}

fn with_sub_merchant(world: &World, applyment: Applyment) -> Applyment {
    if applyment.sub_mchid.is_some() {
        return applyment;
    }
    let mchid = world.applyments.next_sub_mchid();
    world
        .applyments
        .change(&applyment.key, |applyment| {
            applyment.sub_mchid.get_or_insert(mchid);
            applyment.clone()
        })
        .unwrap_or(applyment)
}

fn admit(world: &World, applyment: &Applyment) {
    let mchid = applyment
        .sub_mchid
        .as_deref()
        .and_then(|mchid| Mchid::parse(mchid).ok());
    if let Some(mchid) = mchid {
        let appids = applyment
            .sub_appid
            .iter()
            .filter_map(|appid| Appid::parse(appid).ok())
            .collect();
        world.settlements.set(mchid.as_str(), account(applyment));
        let sub = SubMerchant { mchid, appids };
        // Fails only for an unknown merchant, which has no applications.
        let _ = world.merchants.admit(&applyment.key.mchid, sub);
    }
}

/// The account that the application named is the first one of the sub-merchant.
fn account(applyment: &Applyment) -> BankAccount {
    // The two families name it differently.
    let text = |key: &str| {
        let places = ["account_info", "bank_account_info"];
        places
            .iter()
            .find_map(|place| applyment.request.text(&format!("/{place}/{key}")))
    };
    let account_type = match text("bank_account_type").as_deref() {
        Some("75" | "BANK_ACCOUNT_TYPE_PERSONAL") => "ACCOUNT_TYPE_PRIVATE",
        _ => "ACCOUNT_TYPE_BUSINESS",
    };
    BankAccount {
        account_type: account_type.to_owned(),
        account_bank: text("account_bank").unwrap_or_default(),
        bank_name: text("bank_name"),
        bank_branch_id: text("bank_branch_id"),
        account_number: applyment.account_number.clone(),
        account_name: Some(applyment.account_name.clone()),
    }
}
