//! Closing of sub-merchants (二级商户注销).

use wechatpay_core::{
    api::sub_merchant_closing::{
        AccountType, Apply, ApplyPayout, BankAccount, ClosingApplyNo, ClosingRequestNo, Confirm, Identity,
        IdentityType, Material, MaterialType, Payee, PayoutWish, Proof, ProofType, Query,
        QueryPayoutByApplymentId, QueryPayoutByOutRequestNo, UPLOAD, Validate,
    },
    types::{Mchid, Sensitive},
};

use super::Family;

#[test]
fn every_operation_has_the_members_of_its_page() {
    let mut family = Family::read(include_str!("../../data/pages/sub-merchant-closing.json"));
    let merchant = || "1900000109".parse::<Mchid>().unwrap();
    let number = || "P202410241010125346".parse::<ClosingRequestNo>().unwrap();
    let apply_number = || "2019061122222222122".parse::<ClosingApplyNo>().unwrap();
    let secret = || Sensitive::cipher("QUJD");
    let account = BankAccount::new(secret(), "工商银行", secret())
        .bank_branch_id("402713354941")
        .bank_branch_name("施秉县农村信用合作联社城关信用社")
        .bank_name("施秉县农村信用合作联社城关信用社");
    let identity = Identity::new(secret(), secret()).id_doc_type(IdentityType::IdCard);
    family.check(
        &ApplyPayout::new(
            merchant(),
            number(),
            Payee::new(AccountType::Personal, account).identity_info(identity),
        )
        .withdraw(PayoutWish::Apply)
        .proof_medias(vec![Proof::new(ProofType::Application, "H1ihR9JUtVj")])
        .additional_materials(vec!["H1ihR9JUtVj".to_owned()])
        .remark("注销"),
    );
    family.check(
        &Confirm::new(
            merchant(),
            "operator-1",
            "2024-12-13T13:29:35+08:00".parse().unwrap(),
            "V20241213",
        )
        .applyment_id("X202410241010125346")
        .out_request_no(number()),
    );
    family.check(&QueryPayoutByOutRequestNo::new(number()));
    family.check(&QueryPayoutByApplymentId::new("X202410241010125346"));
    family.check(&Validate::new(merchant()));
    let material = Material::new()
        .application_type(MaterialType::Platform)
        .application_media_id("H1ihR9JUtVj");
    family.check(&Apply::new(merchant(), apply_number(), vec![material]));
    family.check(&Query::new(apply_number()));
    // The upload is a multipart form and no `Endpoint`: its path alone remains.
    let rest: Vec<_> = family.0.iter().map(|operation| operation.path.as_str()).collect();
    assert_eq!(rest, [UPLOAD]);
}

#[test]
fn the_person_who_confirmed_is_not_printed() {
    let confirm = Confirm::new(
        "1900000109".parse().unwrap(),
        "CANARY",
        "2024-12-13T13:29:35+08:00".parse().unwrap(),
        "V20241213",
    );
    assert!(!format!("{confirm:?}").contains("CANARY"));
}
