//! Settings, read from serde or the environment and validated as a whole.

mod check;
mod demo;
mod fields;
mod names;
mod problem;
mod settings;
mod validate;
mod variables;

#[cfg(feature = "test-util")]
pub(crate) use demo::API_V3_KEY as DEMO_API_V3_KEY;
pub use fields::Config;
pub use problem::{ConfigError, ConfigProblem, ConfigProblems};
pub use settings::{DirectIds, PartnerIds, Settings};
