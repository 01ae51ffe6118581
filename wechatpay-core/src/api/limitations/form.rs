//! Items of a due diligence, which travel as JSON inside a string.

use serde::{Serialize, Serializer};
use wechatpay_macros::{RequestPart, Response, SensitiveFields};

use crate::types::{Redacted, Sensitive};

/// Rule for the value of an item (校验规则).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct CheckRule {
    /// Minimum length of a text.
    pub min_length: Option<i64>,
    /// Maximum length of a text.
    pub max_length: Option<i64>,
    /// Allowed extensions of a file: `png`, `jpg`, `jpeg`.
    pub enum_file_exts: Option<Vec<String>>,
    /// Maximum size of a file, in megabytes.
    pub max_file_size: Option<i64>,
    /// Allowed values.
    pub enum_keys: Option<Vec<i64>>,
    /// Allowed values as the merchant sees them.
    pub enum_values: Option<Vec<String>>,
}

/// Condition under which an item is asked for (资料项关联规则).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart, Response)]
#[non_exhaustive]
pub struct Relation {
    /// Id of the other item.
    pub source_key: Option<i64>,
    /// Value of the other item.
    pub source_value: Option<String>,
}

/// Items to provide, or that were provided.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Form {
    /// Items.
    pub record_fields: Vec<FormItem>,
}

impl Form {
    /// Reads a form; `None` if the text is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// An item (资料项).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct FormItem {
    /// Id.
    pub item_id: Option<String>,
    /// English name.
    pub field_name: Option<String>,
    /// Chinese name.
    pub name: Option<String>,
    /// Kind: 1 is a text, others are 2, 11 and 15.
    #[serde(rename = "type")]
    pub item_type: Option<i64>,
    /// Value, if it has one.
    pub field_data: Option<Redacted>,
    /// Hint below the name.
    pub tips: Option<String>,
    /// Text of the empty field.
    pub placeholder: Option<String>,
    /// Hint on demand.
    pub tooltip: Option<String>,
    /// 1 if it is required.
    pub required: Option<i64>,
    /// 1 if it cannot be changed.
    pub disabled: Option<i64>,
    /// 1 if the merchant does not see it.
    pub hidden: Option<i64>,
    /// 1 if a date may be without an end (长期有效).
    pub use_permanently_date: Option<i64>,
    /// Rule for the value.
    pub check_rule: Option<CheckRule>,
    /// Conditions under which it is asked for.
    pub relations: Vec<Relation>,
    /// True if the value is sent encrypted.
    pub need_encrypt: Option<bool>,
}

impl FormItem {
    /// Creates the item to submit, with this value.
    ///
    /// The client encrypts the value if the item needs it.
    #[must_use]
    pub fn answer(&self, value: impl Into<String>) -> MaterialItem {
        let value = value.into();
        MaterialItem {
            item_id: self.item_id.clone(),
            field_name: self.field_name.clone(),
            name: self.name.clone(),
            item_type: self.item_type,
            field_data: Some(if self.need_encrypt == Some(true) {
                MaterialValue::Encrypted(value.into())
            } else {
                MaterialValue::Plain(value.into())
            }),
            tips: self.tips.clone(),
            placeholder: self.placeholder.clone(),
            tooltip: self.tooltip.clone(),
            required: self.required,
            check_rule: self.check_rule.clone(),
            relations: Some(self.relations.clone()).filter(|relations| !relations.is_empty()),
            need_encrypt: self.need_encrypt,
        }
    }
}

/// Reasons of a rejection (驳回原因).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Rejection {
    /// Items that were rejected.
    pub audit_detail_by_item: Vec<ItemAudit>,
}

impl Rejection {
    /// Reads the reasons; `None` if the text is something else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Review of an item.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ItemAudit {
    /// Result.
    pub audit_result: Option<i64>,
    /// Id of the item.
    pub item_id: Option<i64>,
    /// Reason for the merchant.
    pub reject_reason_to_merchant: Option<String>,
}

/// Value of an item to submit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(untagged)]
#[non_exhaustive]
pub enum MaterialValue {
    /// Sent as it is: a text, or the id of a file.
    Plain(Redacted),
    /// Sent encrypted.
    Encrypted(Sensitive),
}

/// An item to submit; [`FormItem::answer`] creates it.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an empty item.")]
#[non_exhaustive]
pub struct MaterialItem {
    /// Id.
    pub item_id: Option<String>,
    /// English name.
    pub field_name: Option<String>,
    /// Chinese name.
    pub name: Option<String>,
    /// Kind.
    #[serde(rename = "type")]
    pub item_type: Option<i64>,
    /// Value.
    pub field_data: Option<MaterialValue>,
    /// Hint below the name.
    pub tips: Option<String>,
    /// Text of the empty field.
    pub placeholder: Option<String>,
    /// Hint on demand.
    pub tooltip: Option<String>,
    /// 1 if it is required.
    pub required: Option<i64>,
    /// Rule for the value.
    pub check_rule: Option<CheckRule>,
    /// Conditions under which it is asked for.
    pub relations: Option<Vec<Relation>>,
    /// True if the value is sent encrypted.
    pub need_encrypt: Option<bool>,
}

/// Items to submit.
///
/// On the wire they are a JSON object **inside a string**.
///
/// ```
/// use wechatpay_core::api::limitations::{Material, MaterialItem, MaterialValue};
///
/// let item = MaterialItem::new().item_id("100004").field_data(MaterialValue::Plain("1".into()));
/// let material = Material::from(vec![item]);
/// assert_eq!(serde_json::to_value(&material)?, r#"{"record_fields":[{"item_id":"100004","field_data":"1"}]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, SensitiveFields)]
#[non_exhaustive]
pub enum Material {
    /// Items.
    Items(Vec<MaterialItem>),
    /// JSON that the caller wrote, for items of another shape.
    Text(Redacted),
}

impl From<Vec<MaterialItem>> for Material {
    fn from(items: Vec<MaterialItem>) -> Self {
        Self::Items(items)
    }
}

impl Serialize for Material {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            record_fields: &'a [MaterialItem],
        }

        match self {
            Self::Items(record_fields) => {
                let text =
                    serde_json::to_string(&Wire { record_fields }).map_err(serde::ser::Error::custom)?;
                serializer.serialize_str(&text)
            }
            Self::Text(text) => serializer.serialize_str(text.as_str()),
        }
    }
}
