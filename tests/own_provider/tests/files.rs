//! Downloads and uploads with the application's own provider, with and without backends.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use serde_json::json;
use sha1::Digest as _;
use tower::service_fn;
use wechatpay_core::{
    api::bills::BillFile,
    crypto::{Sha1, Sha256, default_provider, install_default},
    testing::FakePlatform,
    verify::Verifier,
};
use wechatpay_own_provider_tests::OwnProvider;
use wechatpay_tower::{Client, MaybeBuffered, RequestBody, download::DownloadError, media::MediaFile};

const BASE: &str = "http://127.0.0.1:9";
const BILL: &[u8] = b"a bill of several lines\n";
const UPLOADED: &str =
    r#"{"media_id":"H1ihR9JUtVj-J7CJqBUY5ZOrG_Je75H-rKhTG7FUmg9sxNTbRN54dFiUHnhg-rBe0000"}"#;

/// A client over a gateway in this process, with one bill.
///
/// The gateway accepts every upload and keeps its form.
fn client(own: &Arc<OwnProvider>) -> (Client, Arc<Mutex<Bytes>>) {
    let platform = FakePlatform::with_provider(Arc::<OwnProvider>::clone(own));
    let (signer, keys) = (platform.request_signer(), platform.key_store());
    let form = Arc::new(Mutex::new(Bytes::new()));
    let kept = Arc::clone(&form);
    let gateway = service_fn(move |request: Request<MaybeBuffered<RequestBody>>| {
        let (platform, kept) = (platform.clone(), Arc::clone(&kept));
        async move {
            if request.method() == "GET" {
                return Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(BILL))));
            }
            *kept.lock().unwrap() = request.into_body().collect().await.unwrap().to_bytes();
            let mut response = Response::new(Full::new(Bytes::from_static(UPLOADED.as_bytes())));
            for (name, value) in platform.sign(UPLOADED.as_bytes()) {
                let name: HeaderName = name.parse().unwrap();
                response
                    .headers_mut()
                    .append(name, HeaderValue::from_bytes(&value).unwrap());
            }
            Ok(response)
        }
    });
    let client = Client::builder(signer)
        .base_url(BASE)
        .provider(Arc::<OwnProvider>::clone(own))
        .service(gateway, Verifier::new(keys))
        .unwrap();
    (client, form)
}

fn bill(digest: &[u8]) -> BillFile {
    let hash_value: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let url = format!("{BASE}/v3/billdownload/file?token=a");
    serde_json::from_value(json!({"hash_type": "SHA1", "hash_value": hash_value, "download_url": url}))
        .unwrap()
}

async fn download(client: &Client, bill: &BillFile) -> Result<Vec<u8>, DownloadError> {
    client
        .download(bill)
        .fold(Vec::new(), |plain, piece| {
            plain.extend_from_slice(piece);
            Ok(())
        })
        .await
}

#[tokio::test]
async fn bills_and_uploads_are_hashed_by_a_provider_that_was_given_and_by_one_that_was_installed() {
    if cfg!(feature = "alone") {
        assert!(default_provider().is_err(), "a backend is compiled in");
        assert!(Sha1::new().is_err() && Sha256::new().is_err());
    }
    let own = Arc::new(OwnProvider::default());
    let (client, form) = client(&own);

    // Given to the builder and to the file.
    let genuine = bill(&sha1::Sha1::digest(BILL));
    assert_eq!(download(&client, &genuine).await.unwrap(), BILL);
    assert_eq!(own.digests(), 1);
    let forged = bill(&[0; 20]);
    assert!(matches!(
        download(&client, &forged).await,
        Err(DownloadError::Digest)
    ));
    assert_eq!(own.digests(), 2);

    let picture = Bytes::from_static(b"a picture");
    let announced = sha2::Sha256::digest(&picture)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    let name = || "licence.jpg".parse().unwrap();
    let path = std::env::temp_dir().join(format!("wechatpay-own-provider-{}.jpg", std::process::id()));
    std::fs::write(&path, &picture).unwrap();
    let provider = || Arc::<OwnProvider>::clone(&own);
    for file in [
        MediaFile::from_bytes_with(name(), picture.clone(), own.as_ref()).unwrap(),
        MediaFile::open_with(&path, name(), provider()).await.unwrap(),
    ] {
        client.upload(&file).await.unwrap();
        let form = String::from_utf8(form.lock().unwrap().to_vec()).unwrap();
        assert!(form.contains(&announced) && form.contains("a picture"), "{form}");
    }
    assert_eq!(own.digests(), 4);

    // Installed for the process.
    assert!(install_default(provider()).is_ok());
    let file = MediaFile::from_bytes(name(), picture).unwrap();
    client.upload(&file).await.unwrap();
    let file = MediaFile::open(&path).await.unwrap();
    client.upload(&file).await.unwrap();
    assert_eq!(own.digests(), 6);
    std::fs::remove_file(&path).unwrap();
}
