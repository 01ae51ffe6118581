//! Records: whatever merchants open under numbers, and complaints of payers.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use wechatpay_core::testing::DEMO_MCHID;

use super::{Conflict, Json, LIMIT, Path, Problem, Query, Reply, Sandbox};
use wechatpay_sandbox::world::{
    complaints::{self, ComplainError},
    records::{
        self as settling,
        state::{RecordError, RecordKey, RecordKind, RecordSnapshot},
    },
};

#[derive(Deserialize, IntoParams)]
pub(super) struct RecordFilter {
    kind: RecordKind,
    /// Maximum number, the newest first; 100 by default.
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RecordList {
    records: Vec<RecordSnapshot>,
}

/// The newest records of a kind.
#[utoipa::path(get, path = "/records", params(RecordFilter), responses((status = 200, body = RecordList)))]
pub(super) async fn list(State(engine): Sandbox, Query(filter): Query<RecordFilter>) -> Reply<RecordList> {
    let mut records = engine.world.records.of(filter.kind);
    records.reverse();
    records.truncate(filter.limit.unwrap_or(LIMIT));
    Ok(Json(RecordList { records }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    /// The next state, as the platform spells it.
    to: String,
    /// Fields that come with it.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

/// Gives a record of the demo merchant its next state.
#[utoipa::path(
    post,
    path = "/records/{kind}/{number}/settle",
    responses((status = 200, body = RecordSnapshot), Conflict)
)]
pub(super) async fn settle(
    State(engine): Sandbox,
    Path((kind, number)): Path<(RecordKind, String)>,
    Json(settle): Json<Settle>,
) -> Reply<RecordSnapshot> {
    let key = RecordKey {
        kind,
        mchid: DEMO_MCHID.to_owned(),
        number,
    };
    let _working = engine.world.working();
    match settling::settle(&engine.world, &key, &settle.to, settle.facts.into()) {
        Ok(record) => Ok(Json(record)),
        Err(error @ RecordError::NoSuchRecord) => Err(Problem::not_found("record", &error.to_string())),
        Err(error) => Err(Problem::conflict(error)),
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Complain {
    /// Text of the payer.
    detail: String,
    /// Fields of the complaint that differ from the usual ones.
    #[serde(default)]
    #[schema(value_type = Object)]
    facts: Map<String, Value>,
}

/// Lets the payer of an order complain.
#[utoipa::path(
    post,
    path = "/orders/{out_trade_no}/complain",
    responses((status = 200, body = RecordSnapshot), Conflict)
)]
pub(super) async fn complain(
    State(engine): Sandbox,
    Path(number): Path<String>,
    Json(Complain { detail, facts }): Json<Complain>,
) -> Reply<RecordSnapshot> {
    let missing = || Problem::not_found("order", "there is no such order");
    let key = engine.world.orders.key_of_number(DEMO_MCHID, &number);
    let key = key.ok_or_else(missing)?;
    let _working = engine.world.working();
    match complaints::complain(&engine.world, &key, &detail, facts.into()) {
        Ok(complaint) => Ok(Json(complaint)),
        Err(ComplainError::NoSuchOrder) => Err(missing()),
        Err(error) => Err(Problem::conflict(error)),
    }
}
