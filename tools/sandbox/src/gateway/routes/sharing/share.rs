//! Sharing the money of an order.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::hints::SharingHint;
use crate::gateway::hints::Conflict;
use crate::{
    gateway::routes::sharing::{
        named::{order, permitted},
        receivers,
    },
    world::sharing::view,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, Location},
    },
    world::{
        orders::state::Order,
        sharing::{
            self,
            state::{Detail, Receiver, Share, ShareFamily, ShareKey, ShareResult},
            table::{MAX_PER_ORDER, ShareRefusal},
        },
    },
};

/// Handles `POST …/orders`.
pub(crate) fn share(call: &mut Call<'_>, family: ShareFamily) -> Result<Answer, Refusal> {
    let finish = match family {
        ShareFamily::Ecommerce => "/finish",
        ShareFamily::Ordinary => "/unfreeze_unsplit",
    };
    let body = call.body()?;
    let sub_mchid = body.text("/sub_mchid");
    permitted(call, sub_mchid)?;
    receivers::apps(call, &body, sub_mchid)?;
    validate::notify_url(&body, call.notes)?;
    let transaction_id = body.text("/transaction_id").unwrap_or_default();
    let order = order(call, transaction_id, sub_mchid, family)?;
    let draft = draft(call, &body, family, &order)?;
    call.notes.total = Some(draft.amount());
    // The same call again is the same share, whatever is left by now.
    if let Some(share) = call.gateway.world.shares.repeated(&draft).map_err(refused)? {
        return Ok(answer(&share));
    }
    check_receivers(call, &body, &draft)?;
    check_ratio(call, &order, &draft)?;
    let finish = body
        .value
        .pointer(finish)
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let share = sharing::share(&call.gateway.world, &order, draft, finish).map_err(refused)?;
    Ok(answer(&share))
}

/// Why a share was not accepted.
pub(crate) fn refused(refusal: ShareRefusal) -> Refusal {
    match refusal {
        ShareRefusal::Differs => Refusal::new(codes::OTHER_PARAMETERS).hint(SharingHint::Differs),
        ShareRefusal::TooMuch { left } => {
            Refusal::new(codes::NOT_ENOUGH).hint(SharingHint::MoreThanLeft { left })
        }
        ShareRefusal::TooMany => {
            Refusal::new(codes::INVALID_REQUEST).hint(SharingHint::TooManyCalls { limit: MAX_PER_ORDER })
        }
        ShareRefusal::NoReceiver => Refusal::new(codes::INVALID_REQUEST).hint(SharingHint::NotOfShare),
    }
}

/// An empty share of an order, with its numbers.
pub(crate) fn blank(call: &Call<'_>, body: &Checked, family: ShareFamily, order: &Order) -> Share {
    Share {
        key: ShareKey {
            mchid: call.mchid(),
            number: body.text("/out_order_no").unwrap_or_default().to_owned(),
        },
        family,
        order_id: call.ids.share_order_id(call.now()),
        order: order.key.clone(),
        sub_mchid: order.sub.as_ref().map(|sub| sub.mchid.clone()),
        transaction_id: body.text("/transaction_id").unwrap_or_default().to_owned(),
        request: without_names(body.value.clone()).into(),
        details: Vec::new(),
        released: None,
        created_at: call.now(),
    }
}

fn draft(call: &Call<'_>, body: &Checked, family: ShareFamily, order: &Order) -> Result<Share, Refusal> {
    let account = match family {
        ShareFamily::Ecommerce => "receiver_account",
        ShareFamily::Ordinary => "account",
    };
    let list = body
        .value
        .pointer("/receivers")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut share = blank(call, body, family, order);
    for value in list {
        let text = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let amount = value
            .get("amount")
            .and_then(Value::as_i64)
            .ok_or_else(Refusal::system_error)?;
        share.details.push(Detail {
            receiver: Receiver {
                mchid: call.mchid(),
                sub_mchid: body
                    .text("/sub_mchid")
                    .filter(|_| family == ShareFamily::Ordinary)
                    .map(str::to_owned),
                kind: text("type"),
                account: text(account),
            },
            amount,
            description: text("description"),
            detail_id: call.ids.share_detail_id(call.now()),
            result: ShareResult::Pending,
            failure: None,
            finished_at: None,
            returned: 0,
        });
    }
    Ok(share)
}

/// The request without names, because two ciphertexts of one name are not the same bytes.
fn without_names(mut request: Value) -> Value {
    let receivers = request.pointer_mut("/receivers").and_then(Value::as_array_mut);
    for receiver in receivers.into_iter().flatten() {
        if let Some(receiver) = receiver.as_object_mut() {
            receiver.remove("receiver_name");
            receiver.remove("name");
        }
    }
    request
}

/// Each account once, each of them added before, and none of them the payer.
fn check_receivers(call: &Call<'_>, body: &Checked, draft: &Share) -> Result<(), Refusal> {
    let payer = draft.sub_mchid.as_deref().unwrap_or(&draft.key.mchid);
    let mut seen = HashSet::new();
    for (index, detail) in draft.details.iter().enumerate() {
        let place = format!("/receivers/{index}");
        let refuse = |conflict: Conflict, hint: SharingHint| {
            Err(Refusal::new(codes::INVALID_REQUEST)
                .field(Location::Body, &place, json!(null), conflict)
                .hint(hint))
        };
        let receiver = &detail.receiver;
        if !seen.insert((&receiver.kind, &receiver.account)) {
            return refuse(Conflict::AccountTwice, SharingHint::AccountTwice);
        }
        if receiver.account == payer {
            return refuse(Conflict::Payer, SharingHint::Payer);
        }
        if receiver.kind == "PERSONAL_OPENID" && body.text("/appid").is_none() {
            return Err(receivers::appid_missing());
        }
        if !call.gateway.world.shares.has_receiver(receiver) {
            return refuse(Conflict::UnknownReceiver, SharingHint::NotAdded);
        }
    }
    Ok(())
}

/// A merchant may share a part of an order only.
fn check_ratio(call: &Call<'_>, order: &Order, draft: &Share) -> Result<(), Refusal> {
    let ratio = call.gateway.world.rules.max_share_ratio;
    let limit = order.total.saturating_mul(i64::from(ratio)) / 10_000;
    let shared = call
        .gateway
        .world
        .shares
        .amount_of(&order.key)
        .saturating_add(draft.amount());
    if shared <= limit {
        return Ok(());
    }
    Err(Refusal::new(codes::RULE_LIMIT).hint(SharingHint::AboveRatio {
        ratio: i64::from(ratio),
        limit,
    }))
}

fn answer(share: &Share) -> Answer {
    let json = match share.family {
        ShareFamily::Ecommerce => view::ecommerce(share),
        ShareFamily::Ordinary => view::ordinary(share),
    };
    Answer::Json(json.to_string().into())
}
