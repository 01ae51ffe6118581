//! Methods of the client that start a download.

use wechatpay_core::api::bills::{BillFile, DownloadUrl, EncryptedBillFile, HashType};

use super::{Download, UnverifiedDownload, unverified::Target};
use crate::{Client, path::PathTemplate};

impl Client {
    /// Starts to download the file of a bill, or any file that a verified response announces in the same three fields. See
    /// [`download`](crate::download).
    pub fn download(&self, file: &BillFile) -> Download<'static> {
        self.download_file(&file.download_url, &file.hash_type, &file.hash_value)
    }

    /// Starts to download a file by the address and the digest that a verified response announced: an electronic receipt
    /// (电子回单), for instance.
    pub fn download_file(
        &self,
        url: &DownloadUrl,
        hash_type: &HashType,
        hash_value: &str,
    ) -> Download<'static> {
        Download::new(self.clone(), url, hash_type, hash_value, None)
    }

    /// Starts to download one part of an encrypted bill, and to decrypt it with the merchant's private key. See
    /// [`download`](crate::download).
    pub fn download_part(&self, bill: &EncryptedBillFile) -> Download<'static> {
        Download::new(
            self.clone(),
            &bill.download_url,
            &bill.hash_type,
            &bill.hash_value,
            Some((bill.encrypt_key.clone(), bill.nonce.clone())),
        )
    }

    /// Starts to download a file that nobody vouches for: the response has no signature, and no digest was announced. The path may
    /// have `{placeholders}`. See [`UnverifiedDownload`].
    pub fn download_unverified(&self, path: &'static str) -> UnverifiedDownload {
        UnverifiedDownload::new(self.clone(), Target::Path(PathTemplate::new(path)))
    }

    /// The same from an address that a response named, as complaints name their pictures (`media_url`).
    pub fn download_unverified_from(&self, url: &DownloadUrl) -> UnverifiedDownload {
        UnverifiedDownload::new(self.clone(), Target::Url(url.clone()))
    }
}
