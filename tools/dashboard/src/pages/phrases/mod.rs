//! Translations of sentences that exist in English only.
//!
//! Programs and logs have the same sentences.
//!
//! A hint of the gateway, what became of an attempt, what an acceptance run saw: each is a line of text when it comes here. It
//! is found in tables, with gaps for what differs from case to case. What is in no table stays as it is.

mod doctor;
mod gateway;
mod orders;
mod shops;

use std::borrow::Cow;

use wechatpay_doctor::{Fact, Mistake};

use crate::web::{Language, Word};

/// Tables to look in.
const TABLES: [&[Word]; 4] = [gateway::HINTS, orders::HINTS, shops::PHRASES, doctor::PHRASES];
/// Marks a gap. A Chinese text may name gaps by their place: `{1}`, `{0}`.
const GAP: &str = "{}";
/// Separators of list parts in both languages, outer ones first.
const SEPARATORS: &[(&str, &str)] = &[("; ", "；"), (", ", "，")];
/// A text of more parts or bytes is data.
const MAX_PARTS: usize = 10;
const MAX_LENGTH: usize = 2000;
/// Limit of look-ups for nested sentences; a text may consist of nothing else.
const MAX_LOOKS: usize = 300;

/// Several English phrases and their Chinese.
macro_rules! phrases {
    ($(#[$about:meta])* $name:ident: $($english:literal $chinese:literal;)+) => {
        $(#[$about])*
        pub(super) const $name: &[$crate::web::Word] = &[$($crate::web::word($english, $chinese)),+];
    };
}
use phrases;

/// An English text in a reader's language, as far as it is known.
pub(crate) fn say(language: Language, english: &str) -> Cow<'_, str> {
    if language == Language::English || english.len() > MAX_LENGTH {
        return Cow::Borrowed(english);
    }
    let mut search = Search { looks: MAX_LOOKS };
    search
        .chinese(english, SEPARATORS)
        .map_or(Cow::Borrowed(english), Cow::Owned)
}

/// Looks for the Chinese of one text. All methods return `None` if none is known.
struct Search {
    looks: usize,
}

impl Search {
    fn chinese(&mut self, text: &str, separators: &[(&str, &str)]) -> Option<String> {
        self.sentence(text).or_else(|| self.labelled(text)).or_else(|| {
            (0..separators.len()).find_map(|place| {
                let (separator, narrower) = separators.get(place..)?.split_first()?;
                self.list(text, *separator, narrower)
            })
        })
    }

    fn or_as_it_is(&mut self, text: &str) -> String {
        self.chinese(text, SEPARATORS).unwrap_or_else(|| text.to_owned())
    }

    /// A sentence of the tables, or one with something behind it in brackets.
    fn sentence(&mut self, text: &str) -> Option<String> {
        self.looks = self.looks.checked_sub(1)?;
        if let Some(known) = of_the_doctor(text) {
            return Some(known.to_owned());
        }
        let of_tables = TABLES
            .iter()
            .copied()
            .flatten()
            .find_map(|word| Some((word, matched(word.en, text)?)));
        if let Some((word, gaps)) = of_tables {
            let gaps: Vec<String> = gaps.into_iter().map(|gap| self.or_as_it_is(gap)).collect();
            return Some(filled(word.zh, &gaps));
        }
        let (before, detail) = text.strip_suffix(')')?.rsplit_once(" (")?;
        let before = self.sentence(before)?;
        Some(format!("{before}（{}）", self.or_as_it_is(detail)))
    }

    /// `PARAM_ERROR: …`, `/amount/total: …`, `old: …`.
    fn labelled(&mut self, text: &str) -> Option<String> {
        let (label, rest) = text.split_once(": ").filter(|(label, _)| !label.contains("; "))?;
        let (known_label, known_rest) = (self.sentence(label), self.chinese(rest, SEPARATORS));
        if known_label.is_none() && known_rest.is_none() {
            return None;
        }
        let label = known_label.as_deref().unwrap_or(label);
        let rest = known_rest.as_deref().unwrap_or(rest);
        Some(format!("{label}：{rest}"))
    }

    /// Translates a list of sentences.
    ///
    /// A sentence may contain the separator, so the longest known one is taken.
    fn list(
        &mut self,
        text: &str,
        (separator, chinese_separator): (&str, &str),
        narrower: &[(&str, &str)],
    ) -> Option<String> {
        let parts: Vec<&str> = text.split(separator).collect();
        if parts.len() < 2 || parts.len() > MAX_PARTS {
            return None;
        }
        let mut said = Vec::new();
        let mut is_known = false;
        let mut rest = parts.as_slice();
        while let Some((first, others)) = rest.split_first() {
            // All of it together is what was not known.
            let longest = rest.len().min(parts.len().saturating_sub(1));
            let known = (1..=longest).rev().find_map(|count| {
                let (these, behind) = rest.split_at_checked(count)?;
                Some((self.chinese(&these.join(separator), narrower)?, behind))
            });
            is_known |= known.is_some();
            let (text, behind) = known.unwrap_or_else(|| ((*first).to_owned(), others));
            said.push(text);
            rest = behind;
        }
        is_known.then(|| said.join(chinese_separator))
    }
}

/// The doctor's Chinese sentence for an English one, if nothing else is known.
fn of_the_doctor(english: &str) -> Option<&'static str> {
    let remedies = Mistake::all().map(|mistake| mistake.remedy());
    let facts = Fact::all().map(|fact| fact.text());
    remedies
        .chain(facts)
        .find(|text| text.en == english)
        .map(|text| text.zh)
}

/// Texts in the gaps of a pattern, if the text matches.
fn matched<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split(GAP);
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut filling = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let (gap, behind) = match pieces.peek() {
            Some(_) => rest.split_once(piece)?,
            None => (rest.strip_suffix(piece)?, ""),
        };
        // Words in front of a sentence that begins with a gap are a label or another sentence.
        if pattern.starts_with(GAP) && filling.is_empty() && (gap.contains(": ") || gap.contains("; ")) {
            return None;
        }
        filling.push(gap);
        rest = behind;
    }
    rest.is_empty().then_some(filling)
}

/// The text with its gaps filled.
fn filled(pattern: &str, filling: &[String]) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    let mut next = 0_usize;
    while let Some((before, (place, behind))) = rest
        .split_once('{')
        .and_then(|(before, gap)| Some((before, gap.split_once('}')?)))
    {
        text.push_str(before);
        let place = place.parse().unwrap_or(next);
        text.push_str(filling.get(place).map_or("", String::as_str));
        next = next.saturating_add(1);
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests;
