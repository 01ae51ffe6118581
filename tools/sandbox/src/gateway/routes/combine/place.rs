//! Placing a combined order.

use serde_json::{Value, json};

use super::{super::closings::may_take_payments, hints::CombineHint};
use crate::gateway::hints::Conflict;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        routes::{
            orders::{prepay, rules},
            personal_receivers::hints::ReceiverHint,
        },
        validate::{self, Checked, Location, parties},
    },
    world::{
        orders::{
            key::OrderKey,
            scene::{Family, Scene},
            state::{MIN_EXPIRE_SECONDS, ORDER_SECONDS, Order, OrderState, SubParty},
        },
        records::kinds::receiver_contract,
    },
};

/// A merchant that sells for itself combines so many items, and at least two.
const MAX_ITEMS_OF_MERCHANTS: usize = 10;
/// Maximum length of a combined description on the cashier's page.
const MAX_DESCRIPTION: usize = 127;

/// Handles `POST /v3/combine-transactions/{scene}`.
pub(super) fn place(call: &mut Call<'_>, scene: Scene) -> Result<Answer, Refusal> {
    let body = call.body_of(scene)?;
    call.notes.out_trade_no = body.text("/combine_out_trade_no").map(str::to_owned);
    call.is_caller(body.text("/combine_mchid").unwrap_or_default(), "combine_mchid")?;
    let appid = body.text("/combine_appid").unwrap_or_default();
    parties::app(call.merchant, "combine_appid", appid)?;
    payer(call, &body, scene)?;
    validate::notify_url(&body, call.notes)?;
    rules::payer_address(&body, scene, call.notes)?;
    let drafts = drafts(call, &body, scene)?;
    let placed = call
        .gateway
        .world
        .orders
        .place(drafts, call.now())
        .map_err(prepay::refused)?;
    Ok(Answer::Json(prepay::answer(call.gateway, scene, placed)))
}

/// The combined order of a body, and its items.
pub(in crate::gateway::routes) fn drafts(
    call: &mut Call<'_>,
    body: &Checked,
    scene: Scene,
) -> Result<Vec<Order>, Refusal> {
    let items = items(call, body, scene)?;
    let total = items.iter().map(|item| item.total).fold(0, i64::saturating_add);
    call.notes.total = Some(total);
    let mut drafts = vec![whole(call, body, scene, &items, total)];
    drafts.extend(items);
    Ok(drafts)
}

/// A JSAPI order names its payer.
fn payer(call: &mut Call<'_>, body: &Checked, scene: Scene) -> Result<(), Refusal> {
    if scene != Scene::Jsapi {
        return Ok(());
    }
    let openid = body.text("/combine_payer_info/openid");
    if openid.is_none() && body.text("/combine_payer_info/sub_openid").is_none() {
        return Err(Refusal::new(codes::OPENID_REQUIRED)
            .missing(Location::Body, "/combine_payer_info")
            .hint(CombineHint::NoOpenid));
    }
    match (openid, body.text("/combine_appid")) {
        (Some(openid), Some(appid)) => parties::openid_of(call.gateway, openid, appid, call.notes),
        _ => Ok(()),
    }
}

fn items(call: &Call<'_>, body: &Checked, scene: Scene) -> Result<Vec<Order>, Refusal> {
    let list = body
        .value
        .pointer("/sub_orders")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let items = list
        .iter()
        .enumerate()
        .map(|(index, value)| item(call, body, scene, value, &format!("/sub_orders/{index}")))
        .collect::<Result<Vec<Order>, Refusal>>()?;
    let is_of_merchants = items
        .iter()
        .any(|item| item.sub.is_none() && item.payee_auth_id().is_none());
    if is_of_merchants && !(2..=MAX_ITEMS_OF_MERCHANTS).contains(&items.len()) {
        return Err(Refusal::new(codes::PARAMETER_RANGE)
            .field(Location::Body, "/sub_orders", json!(null), Conflict::ItemCount)
            .hint(CombineHint::ItemCount));
    }
    let twice = items
        .iter()
        .enumerate()
        .find(|(index, item)| items.iter().take(*index).any(|other| other.key == item.key));
    match twice {
        Some((_, item)) => Err(Refusal::new(codes::INVALID_REQUEST).hint(CombineHint::ItemTwice {
            out_trade_no: item.key.out_trade_no.clone(),
        })),
        None => Ok(items),
    }
}

fn item(call: &Call<'_>, body: &Checked, scene: Scene, value: &Value, place: &str) -> Result<Order, Refusal> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let appid = body.text("/combine_appid").unwrap_or_default();
    let mchid = text("mchid").unwrap_or_default();
    let merchant = call.gateway.world.merchants.get(mchid).ok_or_else(|| {
        Refusal::new(codes::MCH_NOT_EXISTS)
            .field(
                Location::Body,
                &format!("{place}/mchid"),
                json!(mchid),
                Conflict::NoMerchant,
            )
            .hint(CombineHint::NoMerchant)
    })?;
    parties::app(&merchant, "combine_appid", appid)?;
    let sub = match text("sub_mchid") {
        Some(sub_mchid) => {
            parties::sub(&merchant, appid, sub_mchid, text("sub_appid"), place)?;
            may_take_payments(call, mchid, Some(sub_mchid))?;
            Some(SubParty {
                mchid: sub_mchid.to_owned(),
                appid: text("sub_appid").map(str::to_owned),
            })
        }
        None => None,
    };
    if let Some(auth_id) = text("individual_auth_id") {
        is_authorized(call, auth_id)?;
    }
    let (profit_sharing, subsidy_amount) = rules::settlement(value, place)?;
    let mut order = blank(call, body, scene);
    order.key = OrderKey::order(mchid, text("out_trade_no").unwrap_or_default());
    order.family = if sub.is_some() {
        Family::Partner
    } else {
        Family::Direct
    };
    order.sub = sub;
    order.description = text("description").unwrap_or_default().to_owned();
    order.attach = text("attach").map(str::to_owned);
    order.total = value
        .pointer("/amount/total_amount")
        .and_then(Value::as_i64)
        .ok_or_else(Refusal::system_error)?;
    order.profit_sharing = profit_sharing;
    order.subsidy_amount = subsidy_amount;
    order.combination = Some(whole_key(body));
    order.request = value.clone().into();
    Ok(order)
}

/// A person is paid only by a platform that the person authorised.
fn is_authorized(call: &Call<'_>, auth_id: &str) -> Result<(), Refusal> {
    let contract = receiver_contract::of(&call.gateway.world, &call.mchid(), auth_id);
    match contract {
        Some(contract) if contract.state == receiver_contract::AUTHORIZED => Ok(()),
        _ => Err(Refusal::new(codes::NO_AUTH).hint(ReceiverHint::NotAuthorized)),
    }
}

fn whole(call: &Call<'_>, body: &Checked, scene: Scene, items: &[Order], total: i64) -> Order {
    let mut order = blank(call, body, scene);
    let names: Vec<&str> = items.iter().map(|item| item.description.as_str()).collect();
    order.description = names.join(" + ").chars().take(MAX_DESCRIPTION).collect();
    order.total = total;
    if !scene.is_charged() {
        order.sessions = vec![prepay::session(call, scene)];
    }
    order.items = items.iter().map(|item| item.key.clone()).collect();
    order
}

/// Common members of the combined order and its items.
fn blank(call: &Call<'_>, body: &Checked, scene: Scene) -> Order {
    let now = call.now();
    let optional = |pointer: &str| body.text(pointer).map(str::to_owned);
    Order {
        key: whole_key(body),
        family: Family::Direct,
        scene,
        appid: optional("/combine_appid").unwrap_or_default(),
        sub: None,
        description: String::new(),
        attach: None,
        notify_url: optional("/notify_url").unwrap_or_default(),
        total: 0,
        device_id: optional("/scene_info/device_id"),
        openid: optional("/combine_payer_info/openid"),
        sub_openid: optional("/combine_payer_info/sub_openid"),
        created_at: now,
        expires_at: rules::expiry(
            body,
            now.saturating_add(MIN_EXPIRE_SECONDS),
            now.saturating_add(ORDER_SECONDS),
        ),
        state: OrderState::NotPay,
        sessions: Vec::new(),
        payment: None,
        profit_sharing: false,
        sharing_finished: false,
        subsidy_amount: None,
        combination: None,
        items: Vec::new(),
        timeline: Vec::new(),
        request: body.value.clone().into(),
    }
}

fn whole_key(body: &Checked) -> OrderKey {
    OrderKey::combination(
        body.text("/combine_mchid").unwrap_or_default(),
        body.text("/combine_out_trade_no").unwrap_or_default(),
    )
}
