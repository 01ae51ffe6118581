//! Values by merchant, each loaded once.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{recent::Recent, types::Mchid};

/// Values by merchant, each loaded on first use.
///
/// Concurrent lookups share one load. Cheap to clone.
///
/// * [`remove`](Self::remove) and [`insert`](Self::insert) take precedence over a load in progress. A load that began
///   before them is discarded and repeated.
/// * Values stay until they are removed: evicting a merchant would lose its keys.
/// * Failures are not kept, unless [`remember_failures`](Self::remember_failures) is set.
///
/// ```
/// use wechatpay_core::{Directory, types::Mchid};
///
/// let names = Directory::new(|mchid: &Mchid| match mchid.as_str() {
///     "1900000001" => Ok("a shop"),
///     _ => Err("no such merchant"),
/// });
/// assert_eq!(names.get(&"1900000001".parse()?), Ok("a shop"));
/// assert_eq!(names.get(&"1900000002".parse()?), Err("no such merchant"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Directory<V, E> {
    shared: Arc<Shared<V, E>>,
    remember: Duration,
}

type Load<V, E> = dyn Fn(&Mchid) -> Result<V, E> + Send + Sync;

struct Shared<V, E> {
    load: Box<Load<V, E>>,
    state: Mutex<State<V, E>>,
}

struct State<V, E> {
    slots: HashMap<Mchid, Slot<V, E>>,
    failed: Recent<Mchid, E>,
}

enum Slot<V, E> {
    Ready(V),
    Loading(Arc<Flight<V, E>>),
}

/// One load and the lookups that wait for it.
struct Flight<V, E> {
    outcome: Mutex<Option<Outcome<V, E>>>,
    done: Condvar,
    notify: Notify,
}

#[derive(Clone)]
enum Outcome<V, E> {
    Loaded(Result<V, E>),
    /// The merchant was removed or inserted during the load.
    Stale,
    /// The load panicked or never ran.
    Lost,
}

/// Next step of a lookup.
enum Step<V, E> {
    Take(Result<V, E>),
    Wait(Arc<Flight<V, E>>),
    Lead(Lead<V, E>),
}

impl<V, E> Directory<V, E> {
    /// Creates a directory that loads values with `load`, outside of any lock.
    pub fn new(load: impl Fn(&Mchid) -> Result<V, E> + Send + Sync + 'static) -> Self {
        Self {
            shared: Arc::new(Shared {
                load: Box::new(load),
                state: Mutex::new(State {
                    slots: HashMap::new(),
                    failed: Recent::new(),
                }),
            }),
            remember: Duration::ZERO,
        }
    }

    /// Remembers failures for `time`, so that lookups in quick succession load once.
    ///
    /// At most 1024 failures are remembered.
    #[must_use]
    pub fn remember_failures(mut self, time: Duration) -> Self {
        self.remember = time;
        self
    }

    /// Inserts a value, or replaces the value of its merchant.
    pub fn insert(&self, mchid: Mchid, value: V) {
        let mut state = self.shared.lock();
        state.failed.remove(&mchid);
        let replaced = state.slots.insert(mchid, Slot::Ready(value));
        drop(state);
        drop(replaced);
    }

    /// Removes a merchant and its remembered failure. The next lookup loads it again.
    pub fn remove(&self, mchid: &Mchid) {
        let mut state = self.shared.lock();
        state.failed.remove(mchid);
        let removed = state.slots.remove(mchid);
        drop(state);
        // Dropped outside of the lock, because values may hold anything.
        drop(removed);
    }

    /// Returns the number of values, including those being loaded.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.lock().slots.len()
    }

    /// Returns `true` if there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<V: Clone, E: Clone> Directory<V, E> {
    /// Returns the value of a merchant and loads it if needed.
    ///
    /// The load runs on this thread. Blocks while another thread loads the same merchant.
    ///
    /// # Errors
    /// Returns the error of the load.
    pub fn get(&self, mchid: &Mchid) -> Result<V, E> {
        loop {
            let outcome = match self.enter(mchid) {
                Step::Take(outcome) => return outcome,
                Step::Wait(flight) => flight.wait(),
                Step::Lead(lead) => lead.run(),
            };
            if let Outcome::Loaded(outcome) = outcome {
                return outcome;
            }
        }
    }

    /// Returns the value or the remembered failure of a merchant, without a load.
    pub(crate) fn peek(&self, mchid: &Mchid) -> Option<Result<V, E>> {
        let state = self.shared.lock();
        match state.slots.get(mchid) {
            Some(Slot::Ready(value)) => Some(Ok(value.clone())),
            Some(Slot::Loading(_)) => None,
            None => state.failed.get(mchid, self.remember).cloned().map(Err),
        }
    }
}

impl<V: Clone + Send + 'static, E: Clone + Send + 'static> Directory<V, E> {
    /// Returns the value of a merchant without blocking the thread.
    ///
    /// A load runs on a blocking thread of the runtime. Returns `None` if the load panicked.
    ///
    /// # Cancel safety
    /// Dropping the future does not stop a load that other lookups wait for.
    pub(crate) async fn find(&self, mchid: &Mchid) -> Option<Result<V, E>> {
        loop {
            let outcome = match self.enter(mchid) {
                Step::Take(outcome) => return Some(outcome),
                Step::Wait(flight) => flight.done().await,
                Step::Lead(lead) => match tokio::runtime::Handle::try_current() {
                    Ok(runtime) => {
                        let flight = Arc::clone(&lead.flight);
                        // Log lines of the load go to the subscriber of the request.
                        let dispatch = tracing::dispatcher::get_default(Clone::clone);
                        runtime.spawn_blocking(move || {
                            tracing::dispatcher::with_default(&dispatch, || lead.run());
                        });
                        flight.done().await
                    }
                    Err(_) => lead.run(),
                },
            };
            match outcome {
                Outcome::Loaded(outcome) => return Some(outcome),
                Outcome::Stale => {}
                Outcome::Lost => return None,
            }
        }
    }
}

impl<V: Clone, E: Clone> Directory<V, E> {
    fn enter(&self, mchid: &Mchid) -> Step<V, E> {
        let mut state = self.shared.lock();
        match state.slots.get(mchid) {
            Some(Slot::Ready(value)) => return Step::Take(Ok(value.clone())),
            Some(Slot::Loading(flight)) => return Step::Wait(Arc::clone(flight)),
            None => {}
        }
        if let Some(failure) = state.failed.get(mchid, self.remember) {
            return Step::Take(Err(failure.clone()));
        }
        let flight = Arc::new(Flight {
            outcome: Mutex::new(None),
            done: Condvar::new(),
            notify: Notify::new(),
        });
        state
            .slots
            .insert(mchid.clone(), Slot::Loading(Arc::clone(&flight)));
        Step::Lead(Lead {
            shared: Arc::clone(&self.shared),
            remember: self.remember,
            mchid: mchid.clone(),
            flight,
        })
    }
}

impl<V, E> Shared<V, E> {
    fn lock(&self) -> MutexGuard<'_, State<V, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Obligation to load a value.
///
/// Dropping it without [`run`](Self::run) wakes the lookups that wait.
struct Lead<V, E> {
    shared: Arc<Shared<V, E>>,
    remember: Duration,
    mchid: Mchid,
    flight: Arc<Flight<V, E>>,
}

impl<V: Clone, E: Clone> Lead<V, E> {
    fn run(self) -> Outcome<V, E> {
        let loaded = (self.shared.load)(&self.mchid);
        let mut state = self.shared.lock();
        let outcome = if is_current(&state, &self.mchid, &self.flight) {
            match &loaded {
                Ok(value) => {
                    state.slots.insert(self.mchid.clone(), Slot::Ready(value.clone()));
                }
                Err(failure) => {
                    state.slots.remove(&self.mchid);
                    if !self.remember.is_zero() {
                        state
                            .failed
                            .insert(self.mchid.clone(), failure.clone(), self.remember);
                    }
                }
            }
            Outcome::Loaded(loaded)
        } else {
            Outcome::Stale
        };
        drop(state);
        self.flight.finish(outcome.clone());
        outcome
    }
}

impl<V, E> Drop for Lead<V, E> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if is_current(&state, &self.mchid, &self.flight) {
            state.slots.remove(&self.mchid);
        }
        drop(state);
        self.flight.finish(Outcome::Lost);
    }
}

/// Returns `true` if this is still the current load of its merchant.
fn is_current<V, E>(state: &State<V, E>, mchid: &Mchid, flight: &Arc<Flight<V, E>>) -> bool {
    matches!(state.slots.get(mchid), Some(Slot::Loading(current)) if Arc::ptr_eq(current, flight))
}

impl<V, E> Flight<V, E> {
    fn lock(&self) -> MutexGuard<'_, Option<Outcome<V, E>>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores the outcome. Only the first one counts.
    fn finish(&self, outcome: Outcome<V, E>) {
        self.lock().get_or_insert(outcome);
        self.done.notify_all();
        self.notify.notify_waiters();
    }
}

impl<V: Clone, E: Clone> Flight<V, E> {
    fn wait(&self) -> Outcome<V, E> {
        let mut outcome = self.lock();
        loop {
            match &*outcome {
                Some(outcome) => return outcome.clone(),
                None => outcome = self.done.wait(outcome).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    async fn done(&self) -> Outcome<V, E> {
        loop {
            // Created before the check, so that it is notified of an outcome right after it.
            let notified = self.notify.notified();
            if let Some(outcome) = self.lock().clone() {
                return outcome;
            }
            notified.await;
        }
    }
}

impl<V, E> Clone for Directory<V, E> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            remember: self.remember,
        }
    }
}

impl<V, E> fmt::Debug for Directory<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
