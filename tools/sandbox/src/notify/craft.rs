//! Notifications that somebody makes by hand: new ones, and others that were changed.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::{Draft, judge, start};
use crate::{language::Text, notify::Notifier};

/// Longest resource: the platform's are far below, and an envelope must stay one.
const MAX_RESOURCE: usize = 256 * 1024;
/// Longest name of an event, a type and so on.
const MAX_NAME: usize = 128;

/// Content of the notification.
///
/// Missing values come from `from`, or are the platform's for the event.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Craft {
    /// The id of a notification to begin with.
    pub from: Option<String>,
    /// The merchant whose APIv3 key seals it; by default the first one.
    pub mchid: Option<String>,
    /// URL on this machine, or on a host that was allowed.
    #[cfg_attr(
        feature = "schema",
        schema(example = "http://127.0.0.1:3000/wechatpay/notify")
    )]
    pub notify_url: Option<String>,
    /// Kind of the event.
    #[cfg_attr(feature = "schema", schema(example = "TRANSACTION.SUCCESS"))]
    pub event_type: Option<String>,
    /// The plaintext, a JSON object.
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>, example = json!({ "out_trade_no": "demo-0001" })))]
    pub resource: Option<Value>,
    /// Type of the plaintext, `transaction` for instance.
    pub original_type: Option<String>,
    /// Associated data of the encryption.
    pub associated_data: Option<String>,
    /// Summary for people.
    pub summary: Option<String>,
}

/// Why it cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CraftError {
    /// The notification in `from` is unknown or forgotten.
    Gone,
    /// The merchant is unknown.
    Merchant,
    /// The address is missing.
    Address,
    /// The sandbox must not send to this address.
    NotAllowed,
    /// The event type is missing, or a name is too long.
    Event,
    /// The plaintext is missing, no JSON object, or too large.
    Resource,
}

impl CraftError {
    /// The text for people.
    pub const fn text(self) -> Text {
        match self {
            Self::Gone => Text::new(
                "from: there was no such notification, or it is forgotten",
                "from：没有这条通知，或沙箱已经忘记",
            ),
            Self::Merchant => Text::new("mchid: nobody here has it", "mchid：沙箱中没有该商户号"),
            Self::Address => Text::new("notify_url is needed", "请填写 notify_url"),
            Self::NotAllowed => Text::new(
                "notify_url: the sandbox sends to this machine only, and to hosts that it was allowed",
                "notify_url：沙箱只会向本机及允许的主机发送请求",
            ),
            Self::Event => Text::new(
                "event_type, original_type, associated_data and summary have at most 128 characters, and the event is needed",
                "event_type 必填；event_type、original_type、associated_data、summary 最长 128 个字符",
            ),
            Self::Resource => Text::new(
                "resource must be a JSON object of at most 256 KiB",
                "resource 必须是 JSON 对象，且不超过 256 KiB",
            ),
        }
    }
}

/// Encrypts, signs and sends a notification, with retries. Returns its id.
pub fn craft(notifier: &Notifier, craft: Craft) -> Result<String, CraftError> {
    let from = match &craft.from {
        Some(id) => Some(notifier.notifications.get(id).ok_or(CraftError::Gone)?),
        None => None,
    };
    let from = from.as_ref();
    let or = |given: Option<String>, of: Option<&str>| given.or_else(|| of.map(str::to_owned));
    let mchid = or(craft.mchid, from.map(|from| from.mchid.as_str()));
    let mchid = match mchid {
        Some(mchid) => notifier.world.merchants.get(&mchid).ok_or(CraftError::Merchant)?,
        None => notifier
            .world
            .merchants
            .iter()
            .next()
            .ok_or(CraftError::Merchant)?,
    }
    .mchid
    .to_string();
    let notify_url = or(craft.notify_url, from.map(|from| from.notify_url.as_str()));
    let notify_url = notify_url
        .filter(|url| !url.is_empty())
        .ok_or(CraftError::Address)?;
    judge(notifier, &notify_url).map_err(|_| CraftError::NotAllowed)?;
    let event_type = or(craft.event_type, from.map(|from| &*from.event_type));
    let event_type = event_type
        .filter(|event| !event.is_empty())
        .ok_or(CraftError::Event)?;
    let usual = if event_type.starts_with("REFUND.") {
        ("refund", "refund", "退款通知")
    } else if event_type.starts_with("TRANSACTION.") {
        ("transaction", "transaction", "支付成功")
    } else {
        ("encrypted-resource", "", "通知")
    };
    let name = |given, of: Option<&str>, usual: &str| or(given, of).unwrap_or_else(|| usual.to_owned());
    let original_type = name(
        craft.original_type,
        from.map(|from| &*from.original_type),
        usual.0,
    );
    let associated_data = name(
        craft.associated_data,
        from.map(|from| &*from.associated_data),
        usual.1,
    );
    let summary = name(craft.summary, from.map(|from| &*from.summary), usual.2);
    let names = [&event_type, &original_type, &associated_data, &summary];
    if names.iter().any(|name| name.chars().count() > MAX_NAME) {
        return Err(CraftError::Event);
    }
    let resource = match (craft.resource, from) {
        (Some(resource), _) => resource,
        (None, Some(from)) => serde_json::from_str(&from.resource).map_err(|_| CraftError::Resource)?,
        (None, None) => return Err(CraftError::Resource),
    };
    if !resource.is_object() || resource.to_string().len() > MAX_RESOURCE {
        return Err(CraftError::Resource);
    }
    let number = |key: &str| resource.get(key).and_then(Value::as_str).map(str::to_owned);
    let order =
        number("out_trade_no").and_then(|number| notifier.world.orders.key_of_number(&mchid, &number));
    let order = order.filter(|order| order.mchid == mchid);
    let subject = number("out_refund_no").or_else(|| number("out_trade_no"));
    let draft = Draft {
        mchid,
        order,
        subject: subject.unwrap_or_default(),
        event_type: Cow::Owned(event_type),
        notify_url,
        resource,
        original_type: Cow::Owned(original_type),
        associated_data: Cow::Owned(associated_data),
        summary: Cow::Owned(summary),
    };
    let _working = notifier.world.working();
    Ok(start(notifier, draft))
}
