//! Values that are a single text on the wire.

use std::borrow::Cow;

/// A value that is a single text in a path, query or response.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in a path, in a query or in an echo check",
    label = "is not a single text on the wire",
    note = "use a text, a number, an id or an open enum, or implement `Scalar` for it"
)]
pub trait Scalar: PartialEq {
    /// Returns the text, not percent-encoded.
    fn text(&self) -> Cow<'_, str>;
}

impl Scalar for String {
    fn text(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Scalar for &'static str {
    fn text(&self) -> Cow<'_, str> {
        (*self).into()
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl Scalar for $type {
            fn text(&self) -> Cow<'_, str> {
                self.to_string().into()
            }
        }
    )*};
}

displayed!(bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
