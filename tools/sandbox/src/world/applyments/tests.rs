use serde_json::{Value, json};
use wechatpay_core::testing::DEMO_MCHID;

use super::{
    go,
    state::{Applyment, ApplymentError, ApplymentKey, ApplymentState, CAPACITY, SubmitRefusal},
};
use crate::world::tests::TestWorld;

fn draft(number: &str, request: Value) -> Applyment {
    Applyment {
        key: ApplymentKey {
            mchid: DEMO_MCHID.to_owned(),
            out_request_no: number.to_owned(),
        },
        applyment_id: 0,
        state: ApplymentState::Checking,
        request: request.into(),
        account_name: "name".to_owned(),
        account_number: "6222".to_owned(),
        cert_number: None,
        sub_mchid: None,
        sub_appid: Some("wx1234567890abcdef".to_owned()),
        reasons: Vec::new(),
        changed_at: 0,
    }
}

#[test]
fn a_finished_application_is_a_sub_merchant_with_an_account() {
    let world = TestWorld::new();
    let request = json!({ "account_info": { "bank_account_type": "75", "account_bank": "bank" } });
    let key = world.applyments.submit(draft("a", request)).unwrap().key;
    let sub = go(&world, &key, ApplymentState::NeedSign, &[])
        .unwrap()
        .sub_mchid
        .unwrap();
    let is_known = || world.merchants.get(DEMO_MCHID).unwrap().sub(&sub).is_some();
    assert!(!is_known());
    let finished = go(&world, &key, ApplymentState::Finish, &[]).unwrap();
    assert_eq!(finished.sub_mchid.as_ref(), Some(&sub));
    assert!(is_known());
    let account = world.settlements.account(&sub).unwrap();
    assert_eq!(
        (
            &*account.account_type,
            &*account.account_bank,
            &*account.account_number
        ),
        ("ACCOUNT_TYPE_PRIVATE", "bank", "6222")
    );
    assert_eq!(world.told(), ["applyment NEED_SIGN", "applyment FINISH"]);

    let other = world.applyments.submit(draft("b", json!({}))).unwrap().key;
    let other = go(&world, &other, ApplymentState::Finish, &[]).unwrap();
    let number = |mchid: &str| mchid.parse::<u64>().unwrap();
    assert_eq!(number(&other.sub_mchid.unwrap()), number(&sub) + 1);
}

#[test]
fn an_application_is_repeated_or_corrected_and_else_refused() {
    let world = TestWorld::new();
    let submit = |request: Value| world.applyments.submit(draft("a", request));
    let first = submit(json!(1)).unwrap();
    assert_eq!(submit(json!(1)).unwrap().applyment_id, first.applyment_id);
    assert_eq!(submit(json!(2)).err(), Some(SubmitRefusal::Differs));
    let reasons = [("id_card", "blurred")];
    let rejected = go(&world, &first.key, ApplymentState::Rejected, &reasons).unwrap();
    assert_eq!(rejected.reasons, [("id_card".to_owned(), "blurred".to_owned())]);
    let corrected = submit(json!(2)).unwrap();
    assert_eq!(corrected.applyment_id, first.applyment_id);
    assert_eq!(corrected.state, ApplymentState::Checking);
    assert!(corrected.reasons.is_empty());
    let key = world.applyments.key_of_id(first.applyment_id);
    assert_eq!(key.as_ref(), Some(&first.key));
}

#[test]
fn a_step_back_changes_nothing_and_tells_nobody() {
    let world = TestWorld::new();
    let key = world.applyments.submit(draft("a", json!({}))).unwrap().key;
    go(&world, &key, ApplymentState::Finish, &[]).unwrap();
    world.told();
    let refused = go(&world, &key, ApplymentState::Checking, &[("x", "y")]).err();
    assert_eq!(
        refused,
        Some(ApplymentError::NoWay {
            from: ApplymentState::Finish,
            to: ApplymentState::Checking
        })
    );
    let kept = world.applyments.get(&key).unwrap();
    assert!(kept.state == ApplymentState::Finish && kept.reasons.is_empty());
    let unknown = draft("unknown", json!({})).key;
    let refused = go(&world, &unknown, ApplymentState::Finish, &[]).err();
    assert_eq!(refused, Some(ApplymentError::NoSuchApplyment));
    assert!(world.told().is_empty());
}

#[test]
fn a_full_table_refuses_new_applications_and_still_takes_repeated_ones() {
    let world = TestWorld::new();
    let submit = |number: usize| world.applyments.submit(draft(&number.to_string(), json!({})));
    for number in 0..CAPACITY {
        submit(number).unwrap();
    }
    assert_eq!(submit(CAPACITY).err(), Some(SubmitRefusal::TooMany));
    assert!(submit(0).is_ok());
}
