//! Limitations of merchants (商户管控).

use std::collections::BTreeSet;

use wechatpay_core::{
    api::{
        Endpoint as _,
        limitations::{
            CheckRule, FILE_UPLOAD, Form, Material, MaterialItem, MaterialValue, Query, QueryDueDiligence,
            Rejection, Relation, SubmitDueDiligence, UploadedFile,
        },
    },
    types::{Mchid, Sensitive},
};

use super::{Family, read_all};
use crate::support::{
    json::paths,
    table::{Member, places},
};

/// Takes the members of a text that is JSON; the table writes them below it.
fn inside(members: &mut [Member], text: &str) -> Vec<Member> {
    let member = members.iter_mut().find(|member| member.name == text);
    std::mem::take(&mut member.unwrap().fields)
}

fn item() -> MaterialItem {
    let rule = CheckRule::new()
        .min_length(1)
        .max_length(50)
        .enum_file_exts(vec!["png".to_owned()])
        .max_file_size(2)
        .enum_keys(vec![1])
        .enum_values(vec!["是".to_owned()]);
    let relation = Relation::new().source_key(100_005).source_value("1");
    MaterialItem::new()
        .item_id("100004")
        .field_name("legal_person_card_id")
        .name("企业法人身份证号")
        .item_type(1)
        .field_data(MaterialValue::Encrypted(Sensitive::cipher("QUJD")))
        .tips("提示")
        .placeholder("请输入企业法人身份证号")
        .tooltip("需要填写完整身份证号")
        .required(1)
        .check_rule(rule)
        .relations(vec![relation])
        .need_encrypt(true)
}

#[test]
fn every_operation_has_the_members_of_its_page() {
    let merchant = || "1900000109".parse::<Mchid>().unwrap();
    let number = || "123000110_2_2190381";
    let mut family = Family::read(include_str!("../../data/pages/limitations.json"));
    // The upload is a form with a file: it has a path and the type of its response.
    let upload = family
        .0
        .iter()
        .position(|operation| operation.path == FILE_UPLOAD);
    let upload = family.0.swap_remove(upload.unwrap());
    read_all::<UploadedFile>(&upload.response, FILE_UPLOAD);

    let mut submitted = Vec::new();
    for operation in &mut family.0 {
        if !operation.path.contains("enhanced-due-diligence") {
            continue;
        }
        if let Some(body) = operation.request.iter_mut().find(|part| part.name == "json") {
            submitted = inside(&mut body.fields, "submit_data");
        }
        let members = &mut operation.response;
        for text in ["submission_template", "submission_data"] {
            read_all::<Form>(&inside(members, text), text);
        }
        if members.iter().any(|member| member.name == "reject_reason") {
            read_all::<Rejection>(&inside(members, "reject_reason"), "reject_reason");
        }
    }
    family.check(&Query::new(merchant()));
    family.check(&QueryDueDiligence::new(number(), merchant()));
    let submit = SubmitDueDiligence::new(number(), merchant(), vec![item()]);
    family.check(&submit);
    family.end();

    let body = serde_json::to_value(submit.body().unwrap()).unwrap();
    let text = body["submit_data"].as_str().unwrap();
    let sent: BTreeSet<String> = paths(&serde_json::from_str(text).unwrap()).into_iter().collect();
    // The table names the value of an item only in the template that it answers.
    let mut expected: BTreeSet<String> = places(&submitted).into_iter().map(|place| place.path).collect();
    expected.insert("record_fields.field_data".to_owned());
    assert_eq!(sent, expected);
}

#[test]
fn an_answer_is_encrypted_if_its_item_needs_it() {
    let form =
        Form::read(r#"{"record_fields":[{"item_id":"1","need_encrypt":true},{"item_id":"2"}]}"#).unwrap();
    let answers: Vec<_> = form
        .record_fields
        .iter()
        .map(|item| item.answer("text"))
        .collect();
    assert!(matches!(answers[0].field_data, Some(MaterialValue::Encrypted(_))));
    assert!(matches!(answers[1].field_data, Some(MaterialValue::Plain(_))));
    let plain = Material::from(vec![answers[1].clone()]);
    let expected = r#"{"record_fields":[{"item_id":"2","field_data":"text"}]}"#;
    assert_eq!(serde_json::to_value(&plain).unwrap(), expected);
    let secret = Material::from(answers);
    assert!(
        serde_json::to_value(&secret).is_err(),
        "plain text that must be encrypted"
    );
}
