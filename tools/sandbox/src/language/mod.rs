//! The two languages of texts for people.

mod texts;

use http::{HeaderMap, header::ACCEPT_LANGUAGE};

pub use texts::Localize;
pub(crate) use texts::{as_error, say, texts, verbatim};
pub use wechatpay_doctor::Text;

/// A language of texts for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The language of a tag such as `zh-CN` or `en`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::Chinese)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The tag, for `lang` attributes.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The other of the two languages.
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Chinese,
            Self::Chinese => Self::English,
        }
    }

    /// The text in this language.
    pub const fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// Says a word.
    pub const fn say(self, word: Text) -> &'static str {
        self.pick(word.en, word.zh)
    }

    /// The browser's first choice among the two, by weight, then by place.
    pub fn of_browser(headers: &HeaderMap) -> Option<Self> {
        let list = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        let mut best: Option<(f32, Self)> = None;
        for entry in list.split(',') {
            let (tag, parameters) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            if let Some(language) = Self::from_tag(tag.trim())
                && weight > best.map_or(0.0, |(weight, _)| weight)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_by_weight() {
        let of = |list: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, list.parse().unwrap());
            Language::of_browser(&headers)
        };
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Some(Language::Chinese));
        assert_eq!(of("de-DE, en;q=0.7, zh;q=0.3"), Some(Language::English));
        assert_eq!(of("en;q=0.2,zh-TW;q=0.9"), Some(Language::Chinese));
        assert_eq!(of("fr"), None);
        assert_eq!(Language::of_browser(&HeaderMap::new()), None);
    }
}
