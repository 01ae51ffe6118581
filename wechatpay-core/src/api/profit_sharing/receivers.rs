//! Who may receive shares: at most 20 000 receivers.

use super::ReceiverType;
use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{Appid, Mchid, PrivateText, Sensitive},
};

open_enum! {
    /// What a receiver is to the merchant (与分账方的关系类型).
    pub enum RelationType {
        /// The service provider.
        ServiceProvider = "SERVICE_PROVIDER",
        /// A shop.
        Store = "STORE",
        /// An employee.
        Staff = "STAFF",
        /// The owner of a shop.
        StoreOwner = "STORE_OWNER",
        /// A partner.
        Partner = "PARTNER",
        /// The headquarters.
        Headquarter = "HEADQUARTER",
        /// The brand.
        Brand = "BRAND",
        /// It distributes.
        Distributor = "DISTRIBUTOR",
        /// A user.
        User = "USER",
        /// It supplies.
        Supplier = "SUPPLIER",
        /// What `custom_relation` says.
        Custom = "CUSTOM",
    }
}

request! {
    /// Adds a receiver (添加分账接收方): `POST /v3/profitsharing/receivers/add`.
    ///
    /// May be repeated unchanged: the account is its number, and is added once.
    pub struct AddReceiver {
        required {
            /// The caller's app.
            appid: Appid,
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// A merchant's id or a person's openid, up to 64 characters.
            account: PrivateText,
            /// What it is to the merchant.
            relation_type: RelationType,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
            /// The sub-merchant's app; required when the account is an openid of it.
            sub_appid: Appid,
            /// A merchant's full name, required for one, or a person's; travels encrypted.
            name: Sensitive,
            /// What it is, up to 10 characters; required when `relation_type` is `CUSTOM`.
            custom_relation: String,
        }
        sensitive { name, }
    }
    /// The account as a receiver.
    new
}

endpoint! {
    impl POST "/v3/profitsharing/receivers/add" for AddReceiver -> AddedReceiver {
        idempotency: ByNumber,
        sensitive: true,
        repeats: [kind, account],
        may_repeat: [sub_mchid],
    }
}

response! {
    /// The receiver that was added.
    pub struct AddedReceiver {
        required {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// The account.
            account: PrivateText,
        }
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The name, encrypted for the merchant.
            name: Sensitive,
            /// What it is to the merchant.
            relation_type: RelationType,
            /// What it is, in words.
            custom_relation: String,
        }
    }
}

request! {
    /// Removes a receiver (删除分账接收方): `POST /v3/profitsharing/receivers/delete`.
    ///
    /// May be repeated unchanged: the account is its number, and is removed once.
    pub struct DeleteReceiver {
        required {
            /// The caller's app.
            appid: Appid,
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// A merchant's id or a person's openid.
            account: PrivateText,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
            /// The sub-merchant's app; required when the account is an openid of it.
            sub_appid: Appid,
        }
    }
    /// The account, as a receiver no more.
    new
}

endpoint! {
    impl POST "/v3/profitsharing/receivers/delete" for DeleteReceiver -> DeletedReceiver {
        idempotency: ByNumber,
        repeats: [kind, account],
        may_repeat: [sub_mchid],
    }
}

response! {
    /// The receiver that was removed.
    pub struct DeletedReceiver {
        required {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// The account.
            account: PrivateText,
        }
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
}
