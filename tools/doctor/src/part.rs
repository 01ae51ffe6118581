//! Parts of a signed message, and the three layouts.

use super::Text;

/// Kind of signed message, by its signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Direction {
    /// Request of a merchant: five lines.
    Request,
    /// Response or notification of the platform: three lines.
    Response,
    /// Payment-sheet parameters, `paySign` or `sign`: four lines.
    Invocation,
}

/// Part of a signed message, or around it, that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Part {
    /// The method.
    Method,
    /// Path and query.
    Url,
    /// The timestamp.
    Timestamp,
    /// The nonce.
    Nonce,
    /// The body.
    Body,
    /// The app that opens the payment sheet.
    Appid,
    /// `prepay_id=…` or the bare id.
    Package,
    /// The composition of the lines.
    Frame,
    /// The signature as text.
    Signature,
    /// The key, its padding and its hash.
    Key,
}

impl Part {
    /// Returns its name for people.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Method => Text::new("method", "方法"),
            Self::Url => Text::new("url", "URL"),
            Self::Timestamp => Text::new("timestamp", "时间戳"),
            Self::Nonce => Text::new("nonce", "随机串"),
            Self::Body => Text::new("body", "报文主体"),
            Self::Appid => Text::new("appid", "appid"),
            Self::Package => Text::new("package", "package"),
            Self::Frame => Text::new("layout", "格式"),
            Self::Signature => Text::new("signature", "签名值"),
            Self::Key => Text::new("key", "密钥"),
        }
    }
}

impl Direction {
    /// Returns the lines in order.
    #[must_use]
    pub fn layout(self) -> &'static [Part] {
        match self {
            Self::Request => &[Part::Method, Part::Url, Part::Timestamp, Part::Nonce, Part::Body],
            Self::Response => &[Part::Timestamp, Part::Nonce, Part::Body],
            Self::Invocation => &[Part::Appid, Part::Timestamp, Part::Nonce, Part::Package],
        }
    }

    /// Returns the line number of a part, from 1.
    ///
    /// Returns `None` if the part is not a line.
    #[must_use]
    pub fn line(self, part: Part) -> Option<usize> {
        let place = self.layout().iter().position(|line| *line == part)?;
        Some(place.saturating_add(1))
    }
}
