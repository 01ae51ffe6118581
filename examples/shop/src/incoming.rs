//! Requests with a JSON body, from a framework, and their validation.

use std::net::IpAddr;

use serde_json::{Map, Value};
use wechatpay_core::types::{Fen, Openid};

use crate::{error::ShopError, order::Scene};

/// Maximum size of a JSON body, in bytes. An order has a few hundred.
pub const BODY_LIMIT: usize = 16 * 1024;

/// Longest description, in characters (prepay page).
const MAX_DESCRIPTION: usize = 127;
/// Longest attachment, in characters (prepay page).
const MAX_ATTACH: usize = 128;

/// Headers and JSON body that the shop needs of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Incoming<'a> {
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The header `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// Who is at the other end of the connection.
    pub peer: Option<IpAddr>,
    /// The body.
    pub body: &'a [u8],
}

impl Incoming<'_> {
    /// The body as a JSON object.
    fn fields(&self) -> Result<Fields, ShopError> {
        let essence = self.content_type.unwrap_or_default().split(';').next();
        if !essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json")) {
            return Err(ShopError::MediaType);
        }
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            Ok(_) => Err(ShopError::bad("body", "must be a JSON object")),
            Err(_) => Err(ShopError::bad("body", "is not JSON")),
        }
    }
}

/// An order as it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    pub(crate) scene: Scene,
    pub(crate) total: Fen,
    pub(crate) description: String,
    pub(crate) openid: Option<Openid>,
    pub(crate) attach: Option<String>,
    pub(crate) payer_client_ip: Option<IpAddr>,
}

impl NewOrder {
    pub(crate) fn read(incoming: &Incoming<'_>) -> Result<Self, ShopError> {
        let fields = incoming.fields()?;
        let scene = fields.required("scene", fields.text("scene")?)?;
        let scene = Scene::from_name(scene)
            .ok_or_else(|| ShopError::bad("scene", "must be jsapi, app, h5 or native"))?;
        let total = fields.fen("total")?;
        let description = fields.required("description", fields.text("description")?)?;
        if description.trim().is_empty() || description.chars().count() > MAX_DESCRIPTION {
            return Err(ShopError::bad("description", "must have 1 to 127 characters"));
        }
        let attach = fields.text("attach")?.filter(|attach| !attach.is_empty());
        if attach.is_some_and(|attach| attach.chars().count() > MAX_ATTACH) {
            return Err(ShopError::bad("attach", "must have at most 128 characters"));
        }
        for (name, text) in [("description", Some(description)), ("attach", attach)] {
            if text.is_some_and(|text| text.chars().any(char::is_control)) {
                return Err(ShopError::bad(name, "must not have control characters"));
            }
        }
        let openid = fields
            .text("openid")?
            .map(|openid| Openid::parse(openid).map_err(|error| ShopError::bad("openid", error.rule())))
            .transpose()?;
        let payer_client_ip = fields
            .text("payer_client_ip")?
            .map(str::parse::<IpAddr>)
            .transpose()
            .map_err(|_| ShopError::bad("payer_client_ip", "must be an IPv4 or IPv6 address"))?;
        Ok(Self {
            scene,
            total,
            description: description.to_owned(),
            openid,
            attach: attach.map(str::to_owned),
            payer_client_ip,
        })
    }
}

/// The amount of a refund as it is asked for.
pub(crate) fn refund_amount(incoming: &Incoming<'_>) -> Result<Fen, ShopError> {
    incoming.fields()?.fen("amount")
}

/// A JSON object that is read field by field, so that errors name the field.
struct Fields(Map<String, Value>);

impl Fields {
    /// A text; `null` is as good as none.
    fn text(&self, name: &'static str) -> Result<Option<&str>, ShopError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ShopError::bad(name, "must be a string")),
        }
    }

    /// An amount of at least 1 fen, as an integer: `1.0` is refused.
    fn fen(&self, name: &'static str) -> Result<Fen, ShopError> {
        let value = match self.0.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                value
                    .as_i64()
                    .ok_or_else(|| ShopError::bad(name, "must be an integer, in fen"))?,
            ),
        };
        let value = self.required(name, value)?;
        Fen::new(value)
            .ok()
            .filter(|fen| *fen > Fen::ZERO)
            .ok_or_else(|| ShopError::bad(name, "must be at least 1 fen"))
    }

    fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, ShopError> {
        value.ok_or_else(|| ShopError::bad(name, "is missing"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Result<NewOrder, ShopError> {
        NewOrder::read(&Incoming {
            content_type: Some("application/json; charset=utf-8"),
            body: body.as_bytes(),
            ..Incoming::default()
        })
    }

    fn with(change: &Value) -> Result<NewOrder, ShopError> {
        let mut order = json!({"scene": "h5", "total": 1, "description": "茶"});
        for (name, value) in change.as_object().unwrap() {
            order[name] = value.clone();
        }
        read(&order.to_string())
    }

    #[test]
    fn documented_input_is_read() {
        let order = with(&json!({"openid": "oX", "attach": "a", "payer_client_ip": "2001:db8::1"})).unwrap();
        assert_eq!(order.total.get(), 1);
        assert_eq!(order.payer_client_ip.unwrap().to_string(), "2001:db8::1");
        assert!(with(&json!({"description": "茶".repeat(127), "attach": "茶".repeat(128)})).is_ok());
        assert_eq!(with(&json!({"attach": "", "openid": null})).unwrap().attach, None);
    }

    #[test]
    fn other_input_is_refused_by_the_name_of_its_field() {
        for (change, field) in [
            (json!({"scene": "JSAPI"}), "scene"),
            (json!({"scene": null}), "scene"),
            (json!({"total": 0}), "total"),
            (json!({"total": -1}), "total"),
            (json!({"total": 1.0}), "total"),
            (json!({"total": "1"}), "total"),
            (json!({"total": null}), "total"),
            (json!({"total": 99_999_999_999_999_999_999_u128 as f64}), "total"),
            (json!({"description": ""}), "description"),
            (json!({"description": " "}), "description"),
            (json!({"description": "茶".repeat(128)}), "description"),
            (json!({"description": "a\nb"}), "description"),
            (json!({"description": 5}), "description"),
            (json!({"attach": "a".repeat(129)}), "attach"),
            (json!({"openid": ""}), "openid"),
            (json!({"openid": "o p"}), "openid"),
            (json!({"payer_client_ip": "localhost"}), "payer_client_ip"),
        ] {
            let error = with(&change).unwrap_err();
            assert!(
                matches!(&error, ShopError::Bad { field: named, .. } if *named == field),
                "{change}: {error:?}"
            );
        }
    }

    #[test]
    fn a_body_that_is_no_json_object_is_refused() {
        for body in ["", "{", "[]", "null", "{\"scene\":\"h5\",}", "\u{feff}{}"] {
            assert!(
                matches!(read(body), Err(ShopError::Bad { field: "body", .. })),
                "{body}"
            );
        }
        let form = NewOrder::read(&Incoming {
            content_type: Some("application/x-www-form-urlencoded"),
            body: b"{}",
            ..Incoming::default()
        });
        assert!(matches!(form, Err(ShopError::MediaType)));
    }
}
