//! Methods that every service of this crate has.

/// Defines `get_ref`, `get_mut` and `into_inner` for a service with a field `inner`.
///
/// Expand it inside `impl<S> Service<S>`.
macro_rules! inner_service_accessors {
    () => {
        /// Borrows the inner service.
        pub fn get_ref(&self) -> &S {
            &self.inner
        }

        /// Borrows the inner service mutably.
        pub fn get_mut(&mut self) -> &mut S {
            &mut self.inner
        }

        /// Returns the inner service.
        pub fn into_inner(self) -> S {
            self.inner
        }
    };
}

pub(crate) use inner_service_accessors;
