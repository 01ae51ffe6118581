//! Fund bills of sub-merchants, encrypted for the merchant that asks.

use serde_json::json;
use wechatpay_core::types::ApiV3Key;

use super::hints::BillHint;
use super::{ask, csv, flow};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{parameters::Parameters, parties},
    },
    world::funds::ledger::{Account, Entry},
};

const ALGORITHMS: &[&str] = &["AEAD_AES_256_GCM", "SM4_GCM"];

/// Handles `GET /v3/bill/sub-merchant-fundflowbill`: one sub-merchant, one account.
pub(crate) fn of_sub_merchant(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let account = parameters
        .one_of("account_type", &["BASIC", "OPERATION", "FEES", "DEPOSIT"])?
        .and_then(Account::from_name);
    algorithm(&parameters, "algorithm")?;
    let gzip = ask::wants_gzip(&parameters)?;
    let sub_mchid = parameters.need("sub_mchid").to_owned();
    parties::known_sub(call.merchant, &sub_mchid)?;
    let day = ask::day(call, &parameters)?;
    let text = account
        .and_then(|account| flow::text(call.gateway, &sub_mchid, account, day))
        .ok_or_else(|| ask::nothing(day))?;
    give_out(call, text, gzip)
}

/// Handles `GET /v3/ecommerce/bill/fundflowbill`: all sub-merchants, all accounts.
pub(crate) fn of_all(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    parties::platform(call.merchant)?;
    let parameters = call.parameters()?;
    parameters.one_of("account_type", &["ALL"])?;
    algorithm(&parameters, "algorithm")?;
    let gzip = ask::wants_gzip(&parameters)?;
    let day = ask::day(call, &parameters)?;
    let entries = call
        .gateway
        .world
        .funds
        .ledger
        .of_day(day, |movement| call.merchant.sub(&movement.owner).is_some());
    if entries.is_empty() {
        return Err(ask::nothing(day));
    }
    let mut header = vec!["二级商户号", "账户类型"];
    header.extend(flow::HEADER);
    let rows: Vec<Vec<String>> = entries.iter().map(row_of_all).collect();
    let text = csv::file(&header, &rows, flow::SUMMARY, &flow::summary(&entries));
    give_out(call, text, gzip)
}

/// Whose movement it is comes first.
fn row_of_all(entry: &Entry) -> Vec<String> {
    let mut row = vec![
        entry.movement.owner.clone(),
        entry.movement.account.as_str().to_owned(),
    ];
    row.extend(flow::row(entry));
    row
}

/// Refuses an encryption that the sandbox does not have.
pub(crate) fn algorithm(parameters: &Parameters, name: &'static str) -> Result<(), Refusal> {
    match parameters.one_of(name, ALGORITHMS)? {
        Some("SM4_GCM") => Err(Refusal::new(codes::NOT_EMULATED).hint(BillHint::OtherAlgorithm)),
        _ => Ok(()),
    }
}

/// Responds with one file: digest of the plain content, packed, then encrypted.
pub(crate) fn give_out(call: &Call<'_>, text: String, gzip: bool) -> Result<Answer, Refusal> {
    let (text, hash) = ask::finished(call, text);
    let packed = if gzip { ask::gzipped(&text)? } else { text };
    let key = call.ids.file_key();
    let nonce = call.ids.sealing_nonce();
    let sealed = ApiV3Key::parse(&key)
        .ok()
        .and_then(|key| call.gateway.platform.provider().aead(&key).ok())
        .and_then(|aead| aead.seal(nonce.as_bytes(), b"", packed.to_vec()).ok())
        .ok_or_else(Refusal::system_error)?;
    let encrypted_key = call.sealed(&key)?;
    // It is ciphertext; what is in it shows only afterwards.
    let url = ask::keep(call, sealed.into(), gzip);
    let answer = json!({
        "download_bill_count": 1,
        "download_bill_list": [{
            "bill_sequence": 1,
            "hash_type": "SHA1",
            "hash_value": hash,
            "download_url": url,
            "encrypt_key": encrypted_key,
            "nonce": nonce,
        }],
    });
    Ok(Answer::Json(answer.to_string().into()))
}
