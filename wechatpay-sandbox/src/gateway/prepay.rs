//! Placing an order.

use serde_json::json;

use super::{Answer, Notes, Received, Refusal, codes, fields, rules, signature};
use crate::{
    shared::{Shared, count},
    state::{
        lint::LintKind,
        merchant::Merchant,
        order::{
            Family, MIN_EXPIRE_SECONDS, ORDER_SECONDS, Order, OrderKey, OrderState, Scene, Session, SubParty,
        },
        orders::PlaceRefusal,
    },
};

/// Answers `POST /v3/pay/transactions/{scene}` and its partner form.
pub(super) fn prepay(
    shared: &Shared,
    merchant: &Merchant,
    received: &Received,
    family: Family,
    scene: Scene,
    notes: &mut Notes,
) -> Result<Answer, Refusal> {
    let own = match family {
        Family::Direct => fields::PREPAY_DIRECT,
        Family::Partner => fields::PREPAY_PARTNER,
    };
    let body =
        fields::check(&received.body, &[own, fields::PREPAY], scene).map_err(fields::Problem::refusal)?;
    notes.out_trade_no = body.text("/out_trade_no").map(str::to_owned);
    notes.total = body.integer("/amount/total");
    for pointer in &body.empty {
        notes.lint(
            LintKind::NullOrEmptyField,
            format!("{pointer} is null or empty; leave the key out"),
        )?;
    }
    let caller = match family {
        Family::Direct => "mchid",
        Family::Partner => "sp_mchid",
    };
    if body.text(&format!("/{caller}")) != Some(merchant.mchid.as_str()) {
        return Err(signature::other_merchant(notes, caller));
    }
    rules::parties(merchant, &body, family)?;
    rules::payer(shared, &body, family, scene, notes)?;
    rules::identity(shared, &body, received)?;
    rules::settlement(&body)?;
    rules::notify_url(&body, notes)?;
    rules::payer_address(&body, scene, notes)?;

    let order = draft(shared, body, family, scene, notes.at)?;
    let session = shared
        .orders
        .place(order, notes.at)
        .map_err(|refusal| match refusal {
            PlaceRefusal::Paid => Refusal::new(codes::ORDER_PAID),
            PlaceRefusal::Closed => Refusal::new(codes::ORDER_CLOSED)
                .hint("the order is closed or expired; place a new one under another out_trade_no"),
            PlaceRefusal::Differs => Refusal::new(codes::OTHER_PARAMETERS).hint(
                "this out_trade_no was placed with other parameters; repeat them exactly, time_expire and the scene included, or take another number",
            ),
        })?;
    count(&shared.totals.prepays);
    Ok(Answer::Json(answer(shared, scene, &session)))
}

fn draft(
    shared: &Shared,
    body: fields::Checked,
    family: Family,
    scene: Scene,
    now: i64,
) -> Result<Order, Refusal> {
    // The tables require all of these, so none is missing.
    let required = |pointer: &str| {
        body.text(pointer)
            .map(str::to_owned)
            .ok_or_else(Refusal::system_error)
    };
    let optional = |pointer: &str| body.text(pointer).map(str::to_owned);
    let partner = family == Family::Partner;
    let (mchid, appid) = if partner {
        (required("/sp_mchid")?, required("/sp_appid")?)
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
        key: OrderKey {
            mchid,
            out_trade_no: required("/out_trade_no")?,
        },
        family,
        scene,
        appid,
        sub,
        description: required("/description")?,
        attach: optional("/attach"),
        notify_url: required("/notify_url")?,
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
        sessions: vec![Session {
            prepay_id: shared.ids.prepay_id(now),
            code: (scene == Scene::Native).then(|| shared.ids.code()),
            package: (scene == Scene::H5).then(|| shared.ids.h5_package()),
            created_at: now,
        }],
        payment: None,
        timeline: Vec::new(),
        request: body.value,
    })
}

fn answer(shared: &Shared, scene: Scene, session: &Session) -> bytes::Bytes {
    let Session {
        prepay_id,
        code,
        package,
        ..
    } = session;
    let base_url = &shared.base_url;
    let json = match scene {
        Scene::Jsapi | Scene::App => json!({ "prepay_id": prepay_id }),
        Scene::H5 => {
            let package = package.as_deref().unwrap_or_default();
            json!({ "h5_url": format!("{base_url}/cashier/h5?prepay_id={prepay_id}&package={package}") })
        }
        Scene::Native => {
            let code = code.as_deref().unwrap_or_default();
            json!({ "code_url": code_url(shared, code) })
        }
    };
    json.to_string().into()
}

/// What a QR code is to show.
fn code_url(shared: &Shared, code: &str) -> String {
    if shared.settings.http_code_url {
        format!("{}/cashier/native?pr={code}", shared.base_url)
    } else {
        format!("weixin://wxpay/bizpayurl?pr={code}")
    }
}
