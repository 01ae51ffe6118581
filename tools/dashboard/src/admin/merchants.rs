//! Merchants: list, add, change.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wechatpay_core::types::{Appid, Mchid, SerialNumber};

use super::{Conflict, Json, Path, Problem, Reply, Sandbox, extract::parsed};
use wechatpay_sandbox::{
    MerchantCertificate, MerchantChange, MerchantError, MerchantSpec,
    handle::{credentials, engine::Engine},
    world::merchants::{
        self,
        document::SubMerchant,
        state::{Merchant, MerchantKind},
    },
};

/// Settings that no change reaches, and the advice.
const FIXED: [(&str, &str); 4] = [
    ("mchid", "a merchant keeps its number; add another merchant"),
    (
        "kind",
        "a merchant keeps its kind, for orders under way depend on it; add another merchant",
    ),
    (
        "certificates",
        "POST /merchants/{mchid}/certs registers one, and …/certs/{serial_no}/revoke revokes one",
    ),
    (
        "revoked",
        "POST /merchants/{mchid}/certs/{serial_no}/revoke revokes one",
    ),
];

type Created<T> = (StatusCode, Json<T>);

/// A merchant without its secrets.
#[derive(Serialize, ToSchema)]
struct MerchantView {
    #[schema(value_type = String)]
    mchid: Mchid,
    kind: MerchantKind,
    /// Shown at the cashier.
    name: String,
    #[schema(value_type = Vec<String>)]
    appids: Vec<Appid>,
    sub_merchants: Vec<SubMerchant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_notify_url: Option<String>,
    /// Of the certificates that it may sign with.
    #[schema(value_type = Vec<String>)]
    serial_nos: Vec<SerialNumber>,
    #[schema(value_type = Vec<String>)]
    revoked_serial_nos: Vec<SerialNumber>,
    /// True if the sandbox has a valid private key, so that it can export settings.
    has_private_key: bool,
}

impl MerchantView {
    fn of(merchant: &Merchant) -> Self {
        let serial_nos = |is_revoked: bool| {
            let keys = merchant.keys.iter().filter(|key| key.is_revoked == is_revoked);
            keys.map(|key| key.serial.clone()).collect()
        };
        Self {
            mchid: merchant.mchid.clone(),
            kind: merchant.kind,
            name: merchant.name.clone(),
            appids: merchant.appids.clone(),
            sub_merchants: merchant.sub_merchants.clone(),
            share_notify_url: merchant.share_notify_url.clone(),
            serial_nos: serial_nos(false),
            revoked_serial_nos: serial_nos(true),
            has_private_key: merchant.valid_keys().any(|key| key.private_pem.is_some()),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct MerchantList {
    merchants: Vec<MerchantView>,
}

/// The merchants, without their secrets.
#[utoipa::path(get, path = "/merchants", responses((status = 200, body = MerchantList)))]
pub(super) async fn list(State(engine): Sandbox) -> Reply<MerchantList> {
    let merchants = engine.world.merchants.iter();
    Ok(Json(MerchantList {
        merchants: merchants.map(|merchant| MerchantView::of(&merchant)).collect(),
    }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct MerchantDetail {
    #[serde(flatten)]
    merchant: MerchantView,
    /// Its settings as lines of a .env file, keys included; null without its private key.
    env: Option<Vec<String>>,
}

impl MerchantDetail {
    fn of(engine: &Engine, merchant: &Merchant) -> Self {
        Self {
            merchant: MerchantView::of(merchant),
            env: credentials::config(engine, merchant).map(|config| credentials::env_lines_of(&config)),
        }
    }
}

/// A merchant with its settings.
#[utoipa::path(get, path = "/merchants/{mchid}", responses((status = 200, body = MerchantDetail)))]
pub(super) async fn one(State(engine): Sandbox, Path(mchid): Path<String>) -> Reply<MerchantDetail> {
    let merchant = engine.world.merchants.get(&mchid).ok_or_else(nobody)?;
    Ok(Json(MerchantDetail::of(&engine, &merchant)))
}

/// Adds a merchant. Missing name, APIv3 key and certificate are generated.
#[utoipa::path(
    post,
    path = "/merchants",
    responses((status = 201, description = "Added", body = MerchantDetail), Conflict)
)]
pub(super) async fn add(
    State(engine): Sandbox,
    Json(mut spec): Json<MerchantSpec>,
) -> Result<Created<MerchantDetail>, Problem> {
    if spec.certificates.is_empty() {
        spec.certificates.push(MerchantCertificate::default());
    }
    // Making a key takes a while.
    let added = tokio::task::spawn_blocking(move || {
        let merchant = merchants::add(&engine.world, spec)?;
        Ok::<_, MerchantError>(MerchantDetail::of(&engine, &merchant))
    });
    let merchant = added.await.map_err(Problem::conflict)??;
    Ok((StatusCode::CREATED, Json(merchant)))
}

/// Changes settings; missing members stay unchanged.
///
/// mchid, kind and certificates cannot be changed here.
#[utoipa::path(
    patch,
    path = "/merchants/{mchid}",
    request_body = MerchantChange,
    responses((status = 200, description = "Changed", body = MerchantDetail))
)]
pub(super) async fn change(
    State(engine): Sandbox,
    Path(mchid): Path<String>,
    Json(body): Json<Value>,
) -> Reply<MerchantDetail> {
    for (field, advice) in FIXED {
        if body.get(field).is_some() {
            return Err(Problem::bad(format!("{field}: {advice}")));
        }
    }
    let change: MerchantChange = parsed(body)?;
    if change.is_empty() {
        return Err(Problem::bad(
            "nothing is to change: name, appids, sub_merchants, share_notify_url and api_v3_key can",
        ));
    }
    let merchant = merchants::change(&engine.world, &mchid, change)?;
    Ok(Json(MerchantDetail::of(&engine, &merchant)))
}

#[derive(Serialize, ToSchema)]
pub(super) struct RegisteredCertificate {
    #[serde(flatten)]
    merchant: MerchantView,
    /// Of the new certificate.
    #[schema(value_type = String)]
    serial_no: Option<SerialNumber>,
    /// Its settings with the new certificate, as lines of a .env file.
    env: Option<Vec<String>>,
}

/// Registers an API certificate. Missing serial and key are generated.
#[utoipa::path(
    post,
    path = "/merchants/{mchid}/certs",
    responses((status = 201, description = "Registered", body = RegisteredCertificate), Conflict)
)]
pub(super) async fn register(
    State(engine): Sandbox,
    Path(mchid): Path<String>,
    Json(certificate): Json<MerchantCertificate>,
) -> Result<Created<RegisteredCertificate>, Problem> {
    let change = MerchantChange::new().certificate(certificate);
    // Making a key takes a while.
    let registered = tokio::task::spawn_blocking(move || {
        let merchant = merchants::change(&engine.world, &mchid, change)?;
        let serial = merchant.keys.last().map(|key| &key.serial);
        let config = serial.and_then(|serial| credentials::config_with(&engine, &merchant, serial));
        Ok::<_, MerchantError>(RegisteredCertificate {
            env: config.map(|config| credentials::env_lines_of(&config)),
            serial_no: serial.cloned(),
            merchant: MerchantView::of(&merchant),
        })
    });
    let registered = registered.await.map_err(Problem::conflict)??;
    Ok((StatusCode::CREATED, Json(registered)))
}

/// Revokes an API certificate, for good: a request that names it gets 401 SIGN_ERROR.
#[utoipa::path(
    post,
    path = "/merchants/{mchid}/certs/{serial_no}/revoke",
    responses((status = 200, description = "Revoked", body = MerchantDetail), Conflict)
)]
pub(super) async fn revoke(
    State(engine): Sandbox,
    Path((mchid, serial_no)): Path<(String, String)>,
) -> Reply<MerchantDetail> {
    // What is no serial is nobody's.
    let serial = SerialNumber::parse(&serial_no).map_err(|_| MerchantError::NoCertificate)?;
    let merchant = merchants::change(&engine.world, &mchid, MerchantChange::new().revoke(serial))?;
    Ok(Json(MerchantDetail::of(&engine, &merchant)))
}

impl From<MerchantError> for Problem {
    fn from(error: MerchantError) -> Self {
        match error {
            MerchantError::Unknown => nobody(),
            MerchantError::NoCertificate => Self::not_found("certificate", &error.to_string()),
            MerchantError::Twice(_)
            | MerchantError::TooMany
            | MerchantError::CertificateTwice
            | MerchantError::TooManyCertificates
            | MerchantError::RevokedAlready => Self::conflict(error),
            MerchantError::OwnSub => Self::bad(format!("sub_merchants: {error}")),
            MerchantError::Key(error) => Self::bad(format!("certificates: {error}")),
            MerchantError::FreshKey => Self::bad(error),
        }
    }
}

fn nobody() -> Problem {
    Problem::not_found("merchant", "nobody has this mchid")
}
