//! Papers of a due diligence, checked against the items that were asked for.

use serde_json::{Value, json};

use super::hints::LimitationHint;
use crate::{
    gateway::{
        Refusal,
        call::Call,
        codes,
        hints::Conflict,
        validate::{Location, sensitive},
    },
    world::media::state::MediaKind,
};

/// An item that is asked for.
pub(super) struct Item<'a> {
    id: &'a str,
    value: &'a Value,
}

impl<'a> Item<'a> {
    /// The items of a template.
    pub(super) fn all(template: &'a Value) -> impl Iterator<Item = Self> {
        let items = template.as_array().into_iter().flatten();
        items.filter_map(|value| {
            let id = value.get("item_id")?.as_str()?;
            Some(Self { id, value })
        })
    }

    /// The item of this id.
    pub(super) fn find(template: &'a Value, id: &str) -> Result<Self, Refusal> {
        Self::all(template).find(|item| item.id == id).ok_or_else(|| {
            let item = id.to_owned();
            Refusal::new(codes::PARAMETER).hint(LimitationHint::NoItem { item })
        })
    }

    /// Returns true if it takes a file.
    pub(super) fn is_file(&self) -> bool {
        self.value.pointer("/check_rule/enum_file_exts").is_some()
    }

    fn is_required(&self) -> bool {
        self.value.get("required") == Some(&json!(1))
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.value.get("need_encrypt") == Some(&json!(true))
    }

    /// Checks a value, which is in plain text.
    fn check(&self, call: &Call<'_>, text: &str) -> Result<(), LimitationHint> {
        let item = self.id.to_owned();
        if self.is_file() {
            let is_uploaded = call
                .gateway
                .world
                .media
                .has(&call.mchid(), MediaKind::Picture, text);
            return if is_uploaded {
                Ok(())
            } else {
                Err(LimitationHint::NoFile { item })
            };
        }
        let bound = |name: &str, usual: i64| {
            let bound = self.value.pointer(&format!("/check_rule/{name}"));
            bound.and_then(Value::as_i64).unwrap_or(usual)
        };
        let (min, max) = (bound("min_length", 0), bound("max_length", i64::MAX));
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if (min..=max).contains(&length) {
            Ok(())
        } else {
            Err(LimitationHint::Length { item, min, max })
        }
    }
}

/// The papers of `submit_data` in plain text, if they fit the template.
pub(super) fn read(call: &Call<'_>, template: &Value, submit_data: &str) -> Result<Value, Refusal> {
    let parsed = serde_json::from_str::<Value>(submit_data).ok();
    let Some(Value::Array(mut papers)) = parsed.and_then(|form| form.get("record_fields").cloned()) else {
        return Err(refused("/submit_data", LimitationHint::NotAForm));
    };
    for (number, paper) in papers.iter_mut().enumerate() {
        let place = format!("/submit_data/record_fields/{number}");
        let id = paper.get("item_id").and_then(Value::as_str).unwrap_or_default();
        let item = Item::find(template, id)?;
        let place = format!("{place}/field_data");
        let Some(value) = paper.get_mut("field_data") else {
            continue;
        };
        if item.is_encrypted() {
            let text = sensitive::open_text(call.gateway, call.received, value.as_str(), &place)?;
            *value = json!(text);
        }
        let text = value.as_str().unwrap_or_default();
        item.check(call, text).map_err(|hint| refused(&place, hint))?;
    }
    let has = |item: &Item<'_>| {
        papers.iter().any(|paper| {
            let text = paper.get("field_data").and_then(Value::as_str);
            paper.get("item_id") == Some(&json!(item.id)) && text.is_some_and(|text| !text.is_empty())
        })
    };
    match Item::all(template).find(|item| item.is_required() && !has(item)) {
        Some(missing) => {
            let item = missing.id.to_owned();
            Err(refused("/submit_data", LimitationHint::Required { item }))
        }
        None => Ok(Value::Array(papers)),
    }
}

/// The value is left out: it may be somebody's number.
fn refused(place: &str, hint: LimitationHint) -> Refusal {
    Refusal::new(codes::PARAMETER)
        .field(Location::Body, place, Value::Null, Conflict::OtherItem)
        .hint(hint)
}
