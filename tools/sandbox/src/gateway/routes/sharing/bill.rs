//! The profit-sharing bill (分账账单). The pages name no columns, so these are ours.

use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        routes::bills::{csv, day as bill_day, give_out, nothing, wants_gzip},
        validate::parties,
    },
    world::{
        clock::Day,
        funds::yuan,
        sharing::state::{Share, ShareResult, ShareReturn},
    },
};

const HEADER: &[&str] = &[
    "分账时间",
    "分账发起方",
    "分账方",
    "微信订单号",
    "微信分账/回退单号",
    "微信分账明细单号",
    "商户分账/回退单号",
    "分账接收方类型",
    "分账接收方",
    "分账金额",
    "业务类型",
    "处理状态",
    "分账描述",
];
const SUMMARY: &[&str] = &["总笔数", "分账总金额", "回退总金额"];

/// A line and what it adds to the sums.
struct Line {
    at: i64,
    share: i64,
    back: i64,
    cells: Vec<String>,
}

/// Handles `GET /v3/profitsharing/bills`.
pub(crate) fn ask(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let gzip = wants_gzip(&parameters)?;
    let sub_mchid = parameters.get("sub_mchid");
    if let Some(sub_mchid) = sub_mchid {
        parties::known_sub(call.merchant, sub_mchid)?;
    }
    let day = bill_day(call, &parameters)?;
    let mut lines = lines(call, day, sub_mchid);
    if lines.is_empty() {
        return Err(nothing(day));
    }
    lines.sort_by_key(|line| line.at);
    let summary = [
        lines.len().to_string(),
        yuan(lines.iter().map(|line| line.share).sum()),
        yuan(lines.iter().map(|line| line.back).sum()),
    ];
    let rows: Vec<Vec<String>> = lines.into_iter().map(|line| line.cells).collect();
    give_out(call, csv::file(HEADER, &rows, SUMMARY, &summary), gzip)
}

/// Rows of that day's successful shares; failed ones are in no bill.
fn lines(call: &Call<'_>, day: Day, sub_mchid: Option<&str>) -> Vec<Line> {
    let is_own = |mchid: &str, sub: Option<&str>| {
        call.merchant.mchid == mchid && sub_mchid.is_none_or(|wanted| sub == Some(wanted))
    };
    let shares = call.gateway.world.shares.all();
    let gateway = shares
        .iter()
        .filter(|share| is_own(&share.key.mchid, share.sub_mchid.as_deref()))
        .flat_map(|share| of_share(share, day));
    let returns = call.gateway.world.shares.all_returns();
    let returned = returns
        .iter()
        .filter(|given| is_own(&given.key.mchid, given.sub_mchid.as_deref()))
        .filter_map(|given| of_return(given, day));
    gateway.chain(returned).collect()
}

fn of_share(share: &Share, day: Day) -> Vec<Line> {
    let payer = share.sub_mchid.as_ref().unwrap_or(&share.key.mchid);
    share
        .details
        .iter()
        .filter(|detail| detail.result == ShareResult::Success)
        .filter_map(|detail| Some((detail, detail.finished_at.filter(|at| day.has(*at))?)))
        .map(|(detail, at)| Line {
            at,
            share: detail.amount,
            back: 0,
            cells: vec![
                csv::time(at),
                share.key.mchid.clone(),
                payer.clone(),
                share.transaction_id.clone(),
                share.order_id.clone(),
                detail.detail_id.clone(),
                share.key.number.clone(),
                detail.receiver.kind.clone(),
                detail.receiver.account.clone(),
                yuan(detail.amount),
                "分账".to_owned(),
                detail.result.as_str().to_owned(),
                detail.description.clone(),
            ],
        })
        .collect()
}

fn of_return(given: &ShareReturn, day: Day) -> Option<Line> {
    let at = given.finished_at.filter(|at| day.has(*at))?;
    let payer = given.sub_mchid.as_ref().unwrap_or(&given.key.mchid);
    Some(Line {
        at,
        share: 0,
        back: given.amount,
        cells: vec![
            csv::time(at),
            given.key.mchid.clone(),
            payer.clone(),
            given.transaction_id.clone(),
            given.return_no.clone(),
            given.return_no.clone(),
            given.key.number.clone(),
            "MERCHANT_ID".to_owned(),
            given.return_mchid.clone(),
            yuan(given.amount),
            "分账回退".to_owned(),
            given.result.as_str().to_owned(),
            given.description.clone(),
        ],
    })
}
