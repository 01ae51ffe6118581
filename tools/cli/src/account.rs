//! The merchant's settings.

use std::{fmt, path::PathBuf};

use clap::Args;
use serde_json::{Map, Value};
use wechatpay_core::{BoxError, Config, Settings};
use wechatpay_tower::WechatPay;

/// Prefix of the variables.
const PREFIX: &str = "WECHATPAY_";
/// Prefix of variables that are not settings.
const SANDBOX: &str = "WECHATPAY_SANDBOX_";

/// Options that tell who calls.
#[derive(Debug, Args)]
pub(crate) struct Account {
    /// File with WECHATPAY_… lines, such as .env.sandbox
    ///
    /// Default: the environment
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

impl Account {
    /// The settings, not validated yet.
    pub(crate) fn config(&self) -> Result<Config, BoxError> {
        let Some(path) = &self.env_file else {
            return Ok(Config::from_env()?);
        };
        let problem = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
        let mut fields = Map::new();
        for variable in dotenvy::from_path_iter(path).map_err(|error| problem(&error))? {
            // The error of a line quotes it, and it may be a key.
            let (name, text) =
                variable.map_err(|_| format!("{}: a line is not NAME=value", path.display()))?;
            let Some(field) = name.strip_prefix(PREFIX) else {
                continue;
            };
            if text.is_empty() || name.starts_with(SANDBOX) {
                continue;
            }
            let value = match text.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => Value::String(text),
            };
            fields.insert(field.to_ascii_lowercase(), value);
        }
        let config = serde_json::from_value(Value::Object(fields)).map_err(|error| problem(&error))?;
        Ok(config)
    }

    /// The validated settings.
    pub(crate) fn settings(&self) -> Result<Settings, BoxError> {
        Ok(self.config()?.validate()?)
    }

    /// The merchant, ready to call.
    pub(crate) fn wechatpay(&self) -> Result<WechatPay, BoxError> {
        Ok(WechatPay::new(&self.settings()?)?)
    }
}
