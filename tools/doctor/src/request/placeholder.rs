//! Path templates that were signed before they were filled in.

use crate::{
    Mistake,
    slot::{Rank, Slot},
};

/// Names in documented templates.
const NAMES: [&str; 10] = [
    "out_trade_no",
    "transaction_id",
    "out_refund_no",
    "refund_id",
    "mchid",
    "sub_mchid",
    "out_order_no",
    "out_request_no",
    "applyment_id",
    "id",
];

/// Spellings of a placeholder; `*` is the name.
const FORMS: [&str; 9] = ["{*}", ":*", "%7B*%7D", "${*}", "<*>", "{{*}}", "%s", "{}", "{0}"];

pub(super) fn variants(slot: &mut Slot<'_>, mistake: Mistake, path: &str, query: Option<&str>) {
    let behind = query.map_or_else(String::new, |query| format!("?{query}"));
    let segments: Vec<&str> = path.split('/').collect();
    let places: Vec<usize> = (1..segments.len())
        .filter(|place| holds_value(&segments, *place))
        .collect();
    for (form_number, form) in FORMS.into_iter().enumerate() {
        let rank = if form_number == 0 {
            Rank::Common
        } else {
            Rank::Alone
        };
        let write = |name: &str| form.replace('*', name);
        let queries = query.map(|query| templates(query, &write)).unwrap_or_default();
        for place in &places {
            for (number, name) in names(&segments, *place).into_iter().enumerate() {
                let rank = if number < 3 { rank } else { Rank::Alone };
                let value = write(&name);
                let filled: Vec<&str> = segments
                    .iter()
                    .enumerate()
                    .map(|(other, segment)| if other == *place { &value } else { *segment })
                    .collect();
                let filled = filled.join("/");
                slot.add(rank, mistake, format!("{filled}{behind}"));
                for query in &queries {
                    slot.add(Rank::Alone, mistake, format!("{filled}?{query}"));
                }
                slot.add(Rank::Alone, mistake, filled);
            }
        }
        for query in queries {
            slot.add(rank.max(Rank::Rare), mistake, format!("{path}?{query}"));
        }
    }
}

/// Returns the query with every value as a placeholder, and with one of them.
fn templates(query: &str, write: &dyn Fn(&str) -> String) -> Vec<String> {
    let parameters: Vec<&str> = query.split('&').collect();
    let template = |only: Option<usize>| {
        let parameters =
            parameters
                .iter()
                .enumerate()
                .map(|(place, parameter)| match parameter.split_once('=') {
                    Some((name, _)) if only.is_none_or(|only| only == place) => {
                        format!("{name}={}", write(name))
                    }
                    _ => (*parameter).to_owned(),
                });
        parameters.collect::<Vec<_>>().join("&")
    };
    let count = parameters.len();
    let singly = (count > 1).then_some(0..count).into_iter().flatten().map(Some);
    std::iter::once(None).chain(singly).map(template).collect()
}

/// Returns `true` if a segment is a value.
///
/// A value has a digit or a capital letter, or follows a word that precedes values.
fn holds_value(segments: &[&str], place: usize) -> bool {
    let Some(segment) = segments.get(place) else {
        return false;
    };
    let before = place.checked_sub(1).and_then(|place| segments.get(place));
    let is_fixed = segment.is_empty() || *segment == "v3" || *segment == "close";
    let looks_so = segment
        .bytes()
        .any(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase());
    let stands_so = matches!(
        before,
        Some(&("id" | "out-trade-no" | "refunds" | "out-refund-no" | "out-request-no" | "out-order-no"))
    );
    !is_fixed && (looks_so || stands_so)
}

/// Returns likely names of a value, the likeliest first.
fn names(segments: &[&str], place: usize) -> Vec<String> {
    let before = place
        .checked_sub(1)
        .and_then(|place| segments.get(place))
        .copied()
        .unwrap_or_default();
    let mut names: Vec<String> = match before {
        "id" => vec!["transaction_id".to_owned()],
        "refunds" => vec!["out_refund_no".to_owned(), "refund_id".to_owned()],
        _ => vec![before.replace('-', "_")],
    };
    for name in NAMES {
        if !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
    names
}
