//! Description of a fault: its place, its slot and its texts.

use super::{Fault, catalogue::UNLISTED};
use crate::language::Text;

/// Place of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultPlace {
    /// The response to a request.
    Response,
    /// The response to a request; or a notification, if the rule names an event.
    Message,
    /// A notification.
    Notification,
    /// A payment at the cashier.
    Payment,
    /// A bill.
    Bill,
    /// `GET /v3/certificates`, or the key that signs.
    Keys,
}

impl FaultPlace {
    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Message => "message",
            Self::Notification => "notification",
            Self::Payment => "payment",
            Self::Bill => "bill",
            Self::Keys => "keys",
        }
    }
}

/// Slots of faults; per occasion the first matching rule of each slot fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Outcome,
    Race,
    Transport,
    Signature,
    Names,
    Wording,
    Content,
    Payment,
    Arrival,
    Copies,
    Envelope,
    File,
    Keys,
}

/// Description of a fault, besides its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultInfo {
    /// An example; the argument is one that makes sense.
    pub example: Fault,
    /// The name without argument.
    pub name: &'static str,
    /// Meaning of the argument, if there is one.
    pub argument: Option<Text>,
    /// The part that it spoils.
    pub place: FaultPlace,
    /// Effect, in a sentence.
    pub text: Text,
    pub(crate) slot: Slot,
}

pub(super) const fn info(
    example: Fault,
    name: &'static str,
    place: FaultPlace,
    slot: Slot,
    english: &'static str,
    chinese: &'static str,
) -> FaultInfo {
    FaultInfo {
        example,
        name,
        argument: None,
        place,
        text: Text::new(english, chinese),
        slot,
    }
}

impl FaultInfo {
    pub(super) const fn argument(self, argument: Text) -> Self {
        Self {
            argument: Some(argument),
            ..self
        }
    }
}

impl Fault {
    /// The part that it spoils.
    #[must_use]
    pub fn place(self) -> FaultPlace {
        self.info().place
    }

    pub(super) fn slot(self) -> Slot {
        self.info().slot
    }

    /// Facts about the fault.
    #[must_use]
    pub fn info(self) -> &'static FaultInfo {
        let kind = std::mem::discriminant(&self);
        Self::CATALOGUE
            .iter()
            .find(|info| std::mem::discriminant(&info.example) == kind)
            .unwrap_or(&UNLISTED)
    }
}
