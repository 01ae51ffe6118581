//! The sandbox for tests that are not async: the same handle with blocking methods.
//!
//! It runs in a thread of its own, so that a test needs no runtime:
//!
//! ```
//! use std::time::Duration;
//! use wechatpay_sandbox::Sandbox;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::builder().manual_clock().start_blocking()?;
//! let start = sandbox.clock().now();
//! let turn = sandbox.clock().advance(Duration::from_secs(90))?;
//! assert_eq!(turn.to, start + 90);
//! assert!(sandbox.orders().is_empty());
//! # Ok(())
//! # }
//! ```

use std::{future::IntoFuture, ops::Deref, sync::Arc, time::Duration};

use wechatpay_core::types::DateTime;

use crate::{
    handle::{
        self,
        builder::SandboxBuilder,
        clock::{self, ClockError, Turn},
        drop_report::OwnRuntime,
        error::StartError,
        inspect::NotAcknowledged,
    },
    notify::{Attempt, Notification},
};

/// A running sandbox for blocking code, from [`SandboxBuilder::start_blocking`].
///
/// Methods of [`crate::Sandbox`] that do not wait are available by `Deref`. The others are methods that block, or go
/// through [`wait`](Self::wait). Cheap to clone. The server stops when the last handle is dropped, which panics for the
/// same reasons as [`crate::Sandbox`].
///
/// Not for async code: what blocks there panics.
#[derive(Clone, Debug)]
pub struct Sandbox {
    // The first to be dropped: its end needs the runtime.
    inner: handle::Sandbox,
    runtime: Arc<OwnRuntime>,
}

/// Its clock, from [`crate::Sandbox::clock`].
#[derive(Clone, Debug)]
pub struct SandboxClock {
    inner: clock::SandboxClock,
    runtime: Arc<OwnRuntime>,
}

impl SandboxBuilder {
    /// Starts the sandbox in a thread of its own, for tests that are not async.
    ///
    /// # Errors
    /// As of [`start`](Self::start), and if no thread can be started.
    ///
    /// # Panics
    /// In async code.
    pub fn start_blocking(self) -> Result<Sandbox, StartError> {
        let runtime = OwnRuntime::new()?;
        let inner = runtime.handle().block_on(self.start())?;
        Ok(Sandbox {
            inner,
            runtime: Arc::new(runtime),
        })
    }
}

impl Sandbox {
    /// Waits for anything that is async: `sandbox.wait(sandbox.acceptance(url))`, `sandbox.wait(events.next())`.
    ///
    /// # Panics
    /// In async code.
    pub fn wait<F: IntoFuture>(&self, future: F) -> F::Output {
        self.runtime.handle().block_on(future.into_future())
    }

    /// Its clock, to be read and, if it is a manual one, turned.
    #[must_use]
    pub fn clock(&self) -> SandboxClock {
        SandboxClock {
            inner: self.inner.clock(),
            runtime: Arc::clone(&self.runtime),
        }
    }

    /// As [`crate::Sandbox::wait_acknowledged`].
    ///
    /// # Errors
    /// [`NotAcknowledged`] after `within`, or as soon as the last attempt has failed.
    ///
    /// # Panics
    /// In async code.
    pub fn wait_acknowledged(&self, number: &str, within: Duration) -> Result<Notification, NotAcknowledged> {
        self.wait(self.inner.wait_acknowledged(number, within))
    }

    /// As [`crate::Sandbox::send_again`].
    ///
    /// # Panics
    /// In async code.
    #[must_use]
    pub fn send_again(&self, id: &str) -> Option<Attempt> {
        self.wait(self.inner.send_again(id))
    }

    /// As [`crate::Sandbox::shutdown`].
    ///
    /// # Panics
    /// In async code.
    pub fn shutdown(&self) {
        self.wait(self.inner.shutdown());
    }
}

impl Deref for Sandbox {
    type Target = handle::Sandbox;

    fn deref(&self) -> &handle::Sandbox {
        &self.inner
    }
}

impl SandboxClock {
    /// As [`crate::SandboxClock::advance`].
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::Stopped`].
    ///
    /// # Panics
    /// In async code.
    pub fn advance(&self, by: Duration) -> Result<Turn, ClockError> {
        self.runtime.handle().block_on(self.inner.advance(by))
    }

    /// As [`crate::SandboxClock::advance_to`].
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::Past`], [`ClockError::Stopped`].
    ///
    /// # Panics
    /// In async code.
    pub fn advance_to(&self, to: DateTime) -> Result<Turn, ClockError> {
        self.runtime.handle().block_on(self.inner.advance_to(to))
    }

    /// As [`crate::SandboxClock::next_day_at`].
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::TimeOfDay`], [`ClockError::Stopped`].
    ///
    /// # Panics
    /// In async code.
    pub fn next_day_at(&self, time: &str) -> Result<Turn, ClockError> {
        self.runtime.handle().block_on(self.inner.next_day_at(time))
    }

    /// As [`crate::SandboxClock::run_until_idle`].
    ///
    /// # Errors
    /// [`ClockError::Stopped`].
    ///
    /// # Panics
    /// In async code.
    pub fn run_until_idle(&self) -> Result<Turn, ClockError> {
        self.runtime.handle().block_on(self.inner.run_until_idle())
    }
}

impl Deref for SandboxClock {
    type Target = clock::SandboxClock;

    fn deref(&self) -> &clock::SandboxClock {
        &self.inner
    }
}
