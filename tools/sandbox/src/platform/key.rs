//! Keys that the platform signs with.

use std::sync::Arc;

use wechatpay_core::{crypto::PrivateKey, types::KeyId};

/// A private key of the platform and the id that responds name it by.
#[derive(Clone)]
pub struct SigningKey {
    /// The id or serial number that headers name.
    pub id: KeyId,
    /// The private key.
    pub key: Arc<dyn PrivateKey>,
}

debug_only!(SigningKey { id });
