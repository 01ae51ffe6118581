//! Checks of method and headers, before merchant and body are known.

use super::NotificationError;
use crate::verify::SignatureHeaders;

/// Method, media type, encoding and signature headers that passed their checks.
#[derive(Debug)]
pub(super) struct CheckedHeaders {
    pub(super) signature: SignatureHeaders,
    /// Declared length of the body; 0 if none is declared.
    length: u64,
}

impl CheckedHeaders {
    /// Checks method and headers.
    ///
    /// The order is method, content type, content encoding, declared length, and form of the signature headers.
    pub(super) fn read<'a>(
        method: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        body_limit: usize,
    ) -> Result<Self, NotificationError> {
        // One pass over the headers; the order of rejections is decided afterwards.
        let mut entity = EntityHeaders::default();
        let signature =
            SignatureHeaders::from_pairs(pairs.into_iter().inspect(|(name, value)| entity.see(name, value)));
        if method != "POST" {
            return Err(NotificationError::Method);
        }
        entity.check()?;
        let length = entity.length;
        check_length(length, body_limit)?;
        Ok(Self {
            signature: signature?,
            length,
        })
    }

    /// Compares the declared length with another limit.
    pub(super) fn check_length(&self, body_limit: usize) -> Result<(), NotificationError> {
        check_length(self.length, body_limit)
    }
}

fn check_length(length: u64, body_limit: usize) -> Result<(), NotificationError> {
    if usize::try_from(length).map_or(true, |length| length > body_limit) {
        Err(NotificationError::TooLarge { limit: body_limit })
    } else {
        Ok(())
    }
}

/// Headers that describe the body.
#[derive(Default)]
struct EntityHeaders {
    json: bool,
    xml: bool,
    other_type: bool,
    encoded: bool,
    length: u64,
}

impl EntityHeaders {
    fn see(&mut self, name: &str, value: &[u8]) {
        if name.eq_ignore_ascii_case("content-type") {
            let essence = value.split(|byte| *byte == b';').next().unwrap_or_default();
            let is = |media_type: &str| essence.trim_ascii().eq_ignore_ascii_case(media_type.as_bytes());
            if is("application/json") {
                self.json = true;
            } else {
                self.other_type = true;
                self.xml |= is("text/xml") || is("application/xml");
            }
        } else if name.eq_ignore_ascii_case("content-encoding") {
            self.encoded |= !value.eq_ignore_ascii_case(b"identity");
        } else if name.eq_ignore_ascii_case("content-length") {
            // The HTTP server rejects a length that is not a number; the bytes are counted in any case.
            let declared = std::str::from_utf8(value)
                .ok()
                .and_then(|text| text.parse::<u64>().ok());
            self.length = self.length.max(declared.unwrap_or(0));
        }
    }

    /// Checks content type and content encoding, in this order.
    fn check(&self) -> Result<(), NotificationError> {
        if self.xml && !self.json {
            Err(NotificationError::ApiV2)
        } else if !self.json || self.other_type {
            Err(NotificationError::MediaType)
        } else if self.encoded {
            Err(NotificationError::Encoding)
        } else {
            Ok(())
        }
    }
}
