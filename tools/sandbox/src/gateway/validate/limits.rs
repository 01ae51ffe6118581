//! Kinds of fields that many pages share. Lengths count characters.

use super::Kind;

/// An address for notifications; most pages say 255.
pub(crate) const URL: Kind = Kind::Url { max: 255 };
pub(crate) const LONG_URL: Kind = Kind::Url { max: 256 };
pub(crate) const S16: Kind = text(16);
pub(crate) const S32: Kind = text(32);
pub(crate) const S64: Kind = text(64);
pub(crate) const S80: Kind = text(80);
pub(crate) const S127: Kind = text(127);
pub(crate) const S128: Kind = text(128);
pub(crate) const S256: Kind = text(256);
pub(crate) const S512: Kind = text(512);
/// Money that may be none.
pub(crate) const ANY: Kind = Kind::Integer {
    min: 0,
    max: i64::MAX,
};
/// Money.
pub(crate) const POSITIVE: Kind = Kind::Integer {
    min: 1,
    max: i64::MAX,
};

pub(crate) const fn text(max: usize) -> Kind {
    Kind::Text { min: 1, max }
}
