//! Methods of the client that start a download.

use wechatpay_core::api::bills::{BillFile, DownloadUrl, EncryptedBillFile, HashType};

use super::{Download, UnverifiedDownload, unverified::Target};
use crate::{Client, path::PathTemplate};

impl Client {
    /// Starts the download of a file that a verified response announced.
    ///
    /// It is a bill, or any other file that is announced in the same three fields. See [`download`](crate::download).
    pub fn download(&self, file: &BillFile) -> Download<'static> {
        self.download_file(&file.download_url, &file.hash_type, &file.hash_value)
    }

    /// Starts the download of a file by its announced address and digest.
    ///
    /// An example is an electronic receipt (电子回单).
    pub fn download_file(
        &self,
        url: &DownloadUrl,
        hash_type: &HashType,
        hash_value: &str,
    ) -> Download<'static> {
        Download::new(self.clone(), url, hash_type, hash_value, None)
    }

    /// Starts the download of one part of an encrypted bill.
    ///
    /// It is decrypted with the merchant's private key. See [`download`](crate::download).
    pub fn download_part(&self, bill: &EncryptedBillFile) -> Download<'static> {
        Download::new(
            self.clone(),
            &bill.download_url,
            &bill.hash_type,
            &bill.hash_value,
            Some((bill.encrypt_key.clone(), bill.nonce.clone())),
        )
    }

    /// Starts the download of a file without signature and digest.
    ///
    /// The path may have `{placeholders}`. See [`UnverifiedDownload`].
    pub fn download_unverified(&self, path: &'static str) -> UnverifiedDownload {
        UnverifiedDownload::new(self.clone(), Target::Path(PathTemplate::new(path)))
    }

    /// Starts such a download from an address that a response named.
    ///
    /// Complaints name their pictures this way (`media_url`).
    pub fn download_unverified_from(&self, url: &DownloadUrl) -> UnverifiedDownload {
        UnverifiedDownload::new(self.clone(), Target::Url(url.clone()))
    }
}
