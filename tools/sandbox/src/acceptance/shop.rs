//! The shop behind the receiver: where orders come from, and how often goods went out.

use std::{future::Future, pin::Pin, sync::Arc};

use http::{Method, Uri};
use serde_json::Value;

use super::{AcceptanceError, wire::Wire};

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Makes an unpaid order and gives its number.
#[derive(Clone)]
pub(super) enum Orders {
    Call(Arc<dyn Fn() -> Boxed<Option<String>> + Send + Sync>),
    Post { url: String, body: Value },
}

/// Tells how often the goods of an order went out.
#[derive(Clone)]
pub(super) enum Effects {
    Call(Arc<dyn Fn(String) -> Boxed<Option<u64>> + Send + Sync>),
    /// With `{out_trade_no}` in it.
    Get(String),
}

impl Orders {
    pub(super) async fn place(&self, wire: &Wire<'_>) -> Result<String, AcceptanceError> {
        let number = match self {
            Self::Call(make) => make().await,
            Self::Post { url, body } => {
                let uri = wire.judged(url)?;
                let answer = wire.json(Method::POST, uri, Some(body)).await;
                answer.and_then(|json| Some(json.get("out_trade_no")?.as_str()?.to_owned()))
            }
        };
        number.ok_or(AcceptanceError::NoOrder)
    }
}

impl Effects {
    /// `None` when the shop does not say.
    pub(super) async fn of(&self, wire: &Wire<'_>, out_trade_no: &str) -> Option<u64> {
        match self {
            Self::Call(ask) => ask(out_trade_no.to_owned()).await,
            Self::Get(url) => {
                let uri: Uri = wire.judged(&url.replace("{out_trade_no}", out_trade_no)).ok()?;
                let json = wire.json(Method::GET, uri, None).await?;
                count(&json)
            }
        }
    }
}

/// `fulfilled` as a number, or `paid` as a boolean.
fn count(json: &Value) -> Option<u64> {
    let fulfilled = json.get("fulfilled").and_then(Value::as_u64);
    fulfilled.or_else(|| json.get("paid").and_then(Value::as_bool).map(u64::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shop_counts_or_says_whether() {
        assert_eq!(count(&json!({"fulfilled": 2, "paid": true})), Some(2));
        assert_eq!(count(&json!({"paid": true})), Some(1));
        assert_eq!(count(&json!({"status": "SUCCESS"})), None);
    }
}
