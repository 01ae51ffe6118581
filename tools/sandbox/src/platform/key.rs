//! Keys that the platform signs with.

use std::sync::Arc;

use wechatpay_core::{crypto::PrivateKey, types::KeyId};

/// A private key of the platform and the id that responds name it by.
#[derive(Clone)]
pub struct SigningKey {
    pub id: KeyId,
    pub key: Arc<dyn PrivateKey>,
}
