//! Types that axum, actix-web and rocket need each of their own, written once.
//!
//! Their traits can be implemented for local types only, so each framework crate expands these macros.

/// Defines `Ack` and `Nack`.
#[doc(hidden)]
#[macro_export]
macro_rules! __define_responses {
    () => {
        /// Acknowledgement: 204. The platform does not send the notification again.
        ///
        /// Return it only after the work is done or durably queued.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[must_use = "an acknowledgement must be returned to the platform"]
        pub struct Ack;

        impl From<$crate::notify::Ack> for Ack {
            fn from(_: $crate::notify::Ack) -> Self {
                Self
            }
        }

        /// Negative acknowledgement: never 2xx, with the platform's JSON. The platform sends the notification again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[must_use = "a negative acknowledgement must be returned to the platform"]
        pub struct Nack(pub(crate) $crate::notify::Nack);

        impl Nack {
            /// 500: the work failed.
            pub const fn failed() -> Self {
                Self($crate::notify::Nack::failed())
            }

            /// 503: a database or another part is unavailable.
            pub const fn unavailable() -> Self {
                Self($crate::notify::Nack::unavailable())
            }

            /// 409: another handler works on the same notification.
            pub const fn in_progress() -> Self {
                Self($crate::notify::Nack::in_progress())
            }

            /// 403: the payment does not match its order.
            pub const fn mismatch() -> Self {
                Self($crate::notify::Nack::mismatch())
            }
        }

        impl From<$crate::notify::Nack> for Nack {
            fn from(nack: $crate::notify::Nack) -> Self {
                Self(nack)
            }
        }

        impl From<$crate::notify::Mismatch> for Nack {
            fn from(mismatch: $crate::notify::Mismatch) -> Self {
                Self(mismatch.into())
            }
        }

        impl From<$crate::notify::CombinedMismatch> for Nack {
            fn from(mismatch: $crate::notify::CombinedMismatch) -> Self {
                Self(mismatch.into())
            }
        }
    };
}

/// Defines an extractor: a newtype of a notification with the methods that consume it.
#[doc(hidden)]
#[macro_export]
macro_rules! __define_notification {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name<T>(pub(crate) $crate::notify::Notification<T>);

        impl<T> $name<T> {
            /// Returns the resource alone.
            #[must_use]
            pub fn into_inner(self) -> T {
                self.0.into_inner()
            }
        }

        impl $name<$crate::notify::AnyResource> {
            /// Sorts the notification by its kind.
            #[must_use]
            pub fn by_kind(self) -> $crate::notify::AnyNotification {
                self.0.by_kind()
            }
        }

        impl $name<$crate::api::transactions::Transaction> {
            /// Compares the payment with the order.
            ///
            /// # Errors
            /// Every field that differs.
            pub fn confirm(
                self,
                expectation: &$crate::notify::Expectation,
            ) -> Result<$crate::notify::Confirmed, $crate::notify::Mismatch> {
                self.0.confirm(expectation)
            }
        }

        impl $name<$crate::api::combine::CombinedTransaction> {
            /// Compares the combined payment with its orders.
            ///
            /// # Errors
            /// Every field that differs.
            pub fn confirm(
                self,
                expectation: &$crate::notify::CombinedExpectation,
            ) -> Result<$crate::notify::ConfirmedCombined, $crate::notify::CombinedMismatch> {
                self.0.confirm(expectation)
            }
        }

        /// The notification for code that knows no framework.
        impl<T> From<$name<T>> for $crate::notify::Notification<T> {
            fn from(notification: $name<T>) -> Self {
                notification.0
            }
        }

        impl<T> ::std::ops::Deref for $name<T> {
            type Target = $crate::notify::Notification<T>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<T> ::std::fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

/// Re-exports what the crates of all frameworks show alike.
#[doc(hidden)]
#[macro_export]
macro_rules! __reexport_face {
    () => {
        #[doc(hidden)]
        pub use $crate::__private;
        #[cfg(feature = "code-pay")]
        #[doc(inline)]
        pub use $crate::code_pay;
        #[cfg(feature = "bills")]
        #[doc(inline)]
        pub use $crate::download;
        #[doc(inline)]
        pub use $crate::idempotency::idempotent;
        #[doc(inline)]
        pub use $crate::notify::{
            AnyNotification, AnyResource, Confirmed, Expectation, MerchantReceivers, Mismatch,
            NotificationReceiver, Resource,
        };
        #[cfg(feature = "openid")]
        #[doc(inline)]
        pub use $crate::openid;
        #[doc(inline)]
        pub use $crate::{
            CallError, Client, Clock, Config, ConfigError, ConfigProblems, MerchantError, Merchants,
            Settings, WechatPay, api, bills, client, idempotency, keys, media, notify, retry, sign, types,
            verify, watch,
        };
    };
}
