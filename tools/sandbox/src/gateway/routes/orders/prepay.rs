//! Placing an order.

use serde_json::json;

use super::{super::closings::may_take_payments, hints::OrderHint, rules};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{self, Checked, parties},
};
use crate::{
    gateway::Gateway,
    world::{
        count,
        orders::{
            self,
            key::OrderKey,
            scene::{Family, Scene},
            state::{MIN_EXPIRE_SECONDS, ORDER_SECONDS, Order, OrderState, PlaceRefusal, Session, SubParty},
            table::Placed,
        },
    },
};

/// Handles `POST /v3/pay/transactions/{scene}` and its partner form.
pub(crate) fn prepay(call: &mut Call<'_>, family: Family, scene: Scene) -> Result<Answer, Refusal> {
    let body = call.body_of(scene)?;
    call.notes.total = body.integer("/amount/total");
    let caller = match family {
        Family::Direct => "mchid",
        Family::Partner => "sp_mchid",
    };
    call.is_caller(body.text(&format!("/{caller}")).unwrap_or_default(), caller)?;
    parties::of_order(call.merchant, &body, family)?;
    may_take_payments(call, call.merchant.mchid.as_str(), body.text("/sub_mchid"))?;
    parties::payer(call.gateway, &body, family, scene, call.notes)?;
    validate::notify_url(&body, call.notes)?;
    rules::payer_address(&body, scene, call.notes)?;

    let order = draft(call, body, family, scene)?;
    let placed = call
        .gateway
        .world
        .orders
        .place(vec![order], call.now())
        .map_err(refused)?;
    Ok(Answer::Json(answer(call.gateway, scene, placed)))
}

/// Why an order was not placed.
pub(crate) fn refused(refusal: PlaceRefusal) -> Refusal {
    match refusal {
        PlaceRefusal::Paid => Refusal::new(codes::ORDER_PAID),
        PlaceRefusal::Closed => Refusal::new(codes::ORDER_CLOSED).hint(OrderHint::Closed),
        PlaceRefusal::Differs => Refusal::new(codes::OTHER_PARAMETERS).hint(OrderHint::Differs),
        PlaceRefusal::NumberUsed(number) => {
            Refusal::new(codes::OUT_TRADE_NO_USED).hint(OrderHint::NumberUsed { out_trade_no: number })
        }
        PlaceRefusal::CodeUsed => Refusal::new(codes::PAYMENT_CODE_USED).hint(OrderHint::CodeUsed),
    }
}

/// The order that a body describes.
///
/// If it is paid by code it has no session and no URL, and a partner may leave its app out.
pub(super) fn draft(call: &Call<'_>, body: Checked, family: Family, scene: Scene) -> Result<Order, Refusal> {
    let now = call.now();
    let by_code = scene == Scene::CodePay;
    // The tables require all of these, so none is missing.
    let required = |pointer: &str| {
        body.text(pointer)
            .map(str::to_owned)
            .ok_or_else(Refusal::system_error)
    };
    let optional = |pointer: &str| body.text(pointer).map(str::to_owned);
    let (profit_sharing, subsidy_amount) = rules::settlement(&body.value, "")?;
    let partner = family == Family::Partner;
    let (mchid, appid) = if partner {
        let appid = match optional("/sp_appid") {
            None if by_code => String::new(),
            _ => required("/sp_appid")?,
        };
        (required("/sp_mchid")?, appid)
    } else {
        (required("/mchid")?, required("/appid")?)
    };
    let sub = if partner {
        Some(SubParty {
            mchid: required("/sub_mchid")?,
            appid: optional("/sub_appid"),
        })
    } else {
        None
    };
    Ok(Order {
        key: OrderKey::order(&mchid, &required("/out_trade_no")?),
        family,
        scene,
        appid,
        sub,
        description: required("/description")?,
        attach: optional("/attach"),
        notify_url: if by_code {
            String::new()
        } else {
            required("/notify_url")?
        },
        total: body.integer("/amount/total").ok_or_else(Refusal::system_error)?,
        device_id: optional("/scene_info/device_id"),
        openid: optional(if partner {
            "/payer/sp_openid"
        } else {
            "/payer/openid"
        }),
        sub_openid: optional("/payer/sub_openid"),
        created_at: now,
        expires_at: rules::expiry(
            &body,
            now.saturating_add(MIN_EXPIRE_SECONDS),
            now.saturating_add(ORDER_SECONDS),
        ),
        state: OrderState::NotPay,
        sessions: (!by_code).then(|| session(call, scene)).into_iter().collect(),
        payment: None,
        profit_sharing,
        sharing_finished: false,
        subsidy_amount,
        combination: None,
        items: Vec::new(),
        timeline: Vec::new(),
        request: body.value.into(),
    })
}

/// A fresh session of this scene.
pub(crate) fn session(call: &Call<'_>, scene: Scene) -> Session {
    let (now, ids) = (call.now(), call.ids);
    Session {
        prepay_id: ids.prepay_id(now),
        code: (scene == Scene::Native).then(|| ids.code()),
        package: (scene == Scene::H5).then(|| ids.h5_package()),
        created_at: now,
    }
}

/// The response for a placed order, and its effects.
pub(crate) fn answer(gateway: &Gateway, scene: Scene, placed: Placed) -> bytes::Bytes {
    count(&gateway.world.counts.prepays);
    if placed.is_new {
        orders::watch(&gateway.world, placed.key);
    }
    let Some(Session {
        prepay_id,
        code,
        package,
        ..
    }) = &placed.session
    else {
        // An order that is paid by code, whose response is the order.
        return bytes::Bytes::new();
    };
    let base_url = &gateway.base_url;
    let json = match scene {
        Scene::Jsapi | Scene::App => json!({ "prepay_id": prepay_id }),
        Scene::H5 => {
            let package = package.as_deref().unwrap_or_default();
            json!({ "h5_url": format!("{base_url}/cashier/h5?prepay_id={prepay_id}&package={package}") })
        }
        Scene::Native | Scene::CodePay | Scene::Deduction => {
            let code = code.as_deref().unwrap_or_default();
            json!({ "code_url": code_url(gateway, code) })
        }
    };
    json.to_string().into()
}

/// The text of the QR code.
fn code_url(gateway: &Gateway, code: &str) -> String {
    if gateway.settings.http_code_url {
        format!("{}/cashier/native?pr={code}", gateway.base_url)
    } else {
        format!("weixin://wxpay/bizpayurl?pr={code}")
    }
}
