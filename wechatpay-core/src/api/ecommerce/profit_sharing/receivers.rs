//! Who may receive shares.

use crate::{
    api::profit_sharing::ReceiverType,
    macros::{endpoint, open_enum, request, response},
    types::{Appid, PrivateText, Sensitive},
};

open_enum! {
    /// What a receiver is to the platform (与分账方的关系类型).
    pub enum RelationType {
        /// It supplies.
        Supplier = "SUPPLIER",
        /// It distributes.
        Distributor = "DISTRIBUTOR",
        /// It provides a service.
        ServiceProvider = "SERVICE_PROVIDER",
        /// It is the platform.
        Platform = "PLATFORM",
        /// Something else.
        Others = "OTHERS",
    }
}

request! {
    /// Adds a receiver (添加分账接收方): `POST /v3/ecommerce/profitsharing/receivers/add`.
    ///
    /// May be repeated unchanged: the account is its number, and is added once.
    pub struct AddReceiver {
        required {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// A merchant's id or a person's openid, up to 64 characters.
            account: PrivateText,
            /// What it is to the platform.
            relation_type: RelationType,
        }
        optional {
            /// The app; required when the account is an openid of it.
            appid: Appid,
            /// A merchant's full name, up to 256 characters; required for one.
            name: String,
            /// A person's name; travels encrypted.
            encrypted_name: Sensitive,
        }
        sensitive { encrypted_name, }
    }
    /// The account as a receiver.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/receivers/add" for AddReceiver -> AddedReceiver {
        idempotency: ByNumber,
        sensitive: true,
        may_repeat: [kind, account],
    }
}

request! {
    /// Removes a receiver (删除分账接收方): `POST /v3/ecommerce/profitsharing/receivers/delete`.
    ///
    /// May be repeated unchanged: the account is its number, and is removed once.
    pub struct DeleteReceiver {
        required {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// A merchant's id or a person's openid.
            account: PrivateText,
        }
        optional {
            /// The app; required when the account is an openid of it.
            appid: Appid,
        }
    }
    /// The account, as a receiver no more.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/receivers/delete" for DeleteReceiver -> AddedReceiver {
        idempotency: ByNumber,
        may_repeat: [kind, account],
    }
}

response! {
    /// The receiver that was added or removed.
    pub struct AddedReceiver {
        texts {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// The account.
            account: PrivateText,
        }
    }
}
